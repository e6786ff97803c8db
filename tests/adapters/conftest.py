import pytest

from voicebot.adapters import models, stt_whisper, tts_kokoro
from voicebot.settings import Settings


@pytest.fixture(scope="session")
def located():
    """The real models, fetched if they are not in the cache yet."""
    settings = Settings()
    models.fetch(settings.cache, lambda what, done: None)
    return models.locate(settings)


@pytest.fixture(scope="session")
def whisper(located):
    transcriber = stt_whisper.load(located.whisper, workers=2, deadline_s=60)  # a busy machine is no fault
    yield transcriber
    transcriber.close()


@pytest.fixture(scope="session")
def kokoro(located):
    return tts_kokoro.Kokoro(located.kokoro, located.voices)
