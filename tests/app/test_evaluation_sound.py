"""What a line does to a voice, and that nothing heard once is heard again."""

import asyncio
import json

import numpy as np
import pytest

from voicebot.app.evaluation import listening
from voicebot.app.evaluation.cases import Case
from voicebot.app.evaluation.conditions import BY_KEY, RATE
from voicebot.app.evaluation.listening import Listening
from voicebot.errors import EngineFailed
from voicebot.ports import Transcript
from voicebot.settings import Settings

VOICE = (0.1 * np.sin(2 * np.pi * 700 * np.arange(2 * RATE) / RATE)).astype(np.float32)
LINES = [Case("urgent", "x", "y", f"phrase {n}") for n in range(4)]


@pytest.mark.parametrize("key", [key for key, condition in BY_KEY.items() if condition.speaker])
def test_a_line_gives_the_same_sound_for_the_same_words_and_keeps_its_length(key):
    line = BY_KEY[key].line
    received = line(VOICE, 7)
    assert len(received) == len(VOICE)
    assert np.isfinite(received).all()
    assert (received == line(VOICE, 7)).all()


def test_noise_is_as_loud_as_it_says():
    louder, softer = (
        np.std(BY_KEY[k].line(VOICE, 1) - BY_KEY["phone8"].line(VOICE, 1)) for k in ("noise5", "noise15")
    )
    assert 20 * np.log10(louder / softer) == pytest.approx(10, abs=1)


def test_one_packet_in_twenty_is_silence():
    lost = BY_KEY["loss"].line(np.tile(VOICE, 20), 3).reshape(-1, RATE // 50)
    assert (np.abs(lost).max(axis=1) == 0).mean() == pytest.approx(0.05, abs=0.015)


class Recogniser:
    """Hears the loudness; breaks down when told to."""

    def __init__(self, fails_after=99):
        self.heard, self.fails_after = 0, fails_after

    async def transcribe(self, audio, *, hotwords="", expects=None):
        await asyncio.sleep(0)
        if self.heard >= self.fails_after:
            raise EngineFailed("interrompu")
        self.heard += 1
        return Transcript(f"{hotwords} {expects} {len(audio)}", True, True, 0.9)


@pytest.fixture
def listen(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "voicebot.app.evaluation.recordings.Booth.recorded",
        lambda self, text, speaker: VOICE * np.float32(1 + int(text[-1]) / 10),
    )

    def listen(recogniser, hotwords="Moreau", jobs=1):
        found = Listening(Settings(cache=tmp_path), hotwords, jobs)
        found._whisper = recogniser
        return found.read([BY_KEY["clean"], BY_KEY["phone8"]], LINES)

    return listen


def test_an_interrupted_evaluation_goes_on_where_it_was(listen):
    first, second, third = Recogniser(fails_after=5), Recogniser(), Recogniser()
    with pytest.raises(EngineFailed):
        listen(first)
    heard = listen(second)
    assert (first.heard, second.heard) == (5, 3)
    assert listen(third) == heard
    assert third.heard == 0
    assert heard["phone8", LINES[0]].text.startswith("Moreau open")


def test_other_settings_are_heard_anew(listen):
    listen(Recogniser())
    other = Recogniser()
    listen(other, hotwords="Petit", jobs=2)
    assert other.heard == 8


def test_a_broken_transcript_in_the_cache_is_made_again(listen, tmp_path):
    listen(Recogniser())
    [path, *_] = sorted((tmp_path / "evaluation" / "read").iterdir())
    path.write_text('{"text": "cou', "utf8")
    again = Recogniser()
    listen(again)
    assert again.heard == 1
    assert json.loads(path.read_text("utf8"))["speech"] is True
    assert listening.kept(Settings(cache=tmp_path)) == tmp_path / "evaluation"
