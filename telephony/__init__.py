"""How audio reaches us: a pipecat transport over a Line, and the browsers' WebRTC."""

from loguru import logger

# pipecat's logs quote what callers say: they are off before pipecat is first imported, here or in `pipeline`.
logger.disable("pipecat")
