"""English is spoken by an English voice, and heard as English where a practice speaks it too."""

from threading import Event

import numpy as np
import pytest
import soxr

from voicebot.adapters import models, stt_whisper, tts_kokoro
from voicebot.app.wiring import read_out
from voicebot.domain.languages import marked, unmarked
from voicebot.settings import Settings


@pytest.fixture(scope="module")
def engines():
    found = models.locate(Settings())
    return tts_kokoro.Kokoro(found.kokoro, found.voices), stt_whisper.Whisper(str(found.whisper), 1)


def heard(engines, text, voice, language, languages):
    kokoro, whisper = engines
    said = kokoro.render(text, kokoro.voice(voice), language=language)
    band = soxr.resample(soxr.resample(said, tts_kokoro.RATE, 8000), 8000, stt_whisper.RATE)
    return whisper.hear(band.astype(np.float32), "", Event(), languages=languages).text.lower()


def test_a_clause_keeps_its_language_on_the_way_to_the_voice():
    assert unmarked(marked("Goodbye.", "en")) == ("en", "Goodbye.")
    assert marked("Au revoir.", "fr") == "Au revoir."
    assert read_out(marked("hang up and dial 15", "en")) == "<en>hang up and dial one five,"
    assert read_out("composez le 15") == "composez le quinze,"


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("My wife is not breathing.", "not breathing"),
        ("I need to cancel my appointment on Friday.", "cancel my appointment on friday"),
    ],
)
def test_english_is_heard_at_a_french_practice_that_speaks_it(engines, said, understood):
    assert understood in heard(engines, said, "af_heart", "en", ("fr", "en"))
    assert understood not in heard(engines, said, "af_heart", "en", ("fr",))


def test_french_is_still_heard_there(engines):
    told = heard(engines, "Bonjour, je voudrais un rendez-vous jeudi.", "ff_siwis", "fr", ("fr", "en"))
    assert "rendez-vous" in told
