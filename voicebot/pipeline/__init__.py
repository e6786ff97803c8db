"""Lives as long as one call: hearing, turns, receptionist, speaking."""

from loguru import logger

# pipecat's logs quote what callers say: off before pipecat is first imported, here or in `telephony`.
logger.disable("pipecat")
