import asyncio
import re
import threading
import unicodedata

import numpy as np
import pytest

from voicebot.adapters import phone_audio, tts_kokoro
from voicebot.adapters.tts_kokoro import (
    HEAD_S,
    LINE_RATE,
    PEAK,
    RATE,
    TAIL_S,
    KokoroSynthesizer,
    levelled,
    trimmed,
)
from voicebot.errors import EngineFailed, FaultyModel


def voice_like(seconds, level=0.3):
    return (level * np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def silence(seconds):
    return np.zeros(int(seconds * RATE), np.float32)


class Scripted:
    def __init__(self, render):
        self.render, self.stop = lambda text, voice, speed, stop, code: self.note(stop, render), None

    def note(self, stop, render):
        self.stop = stop
        return render(stop)

    def voice(self, name):
        return np.zeros((510, 1, 256), np.float32)


def test_silence_around_the_words_is_cut_to_a_short_tail():
    kept = trimmed(np.concatenate([silence(0.04), voice_like(1), silence(0.5)]))
    assert len(kept) / RATE == pytest.approx(1 + HEAD_S + TAIL_S, abs=0.011)


def test_a_pause_between_words_stays():
    sound = np.concatenate([voice_like(0.5), silence(0.3), voice_like(0.5)])
    assert len(trimmed(np.concatenate([sound, silence(0.5)]))) >= len(sound)


def test_nothing_but_silence_leaves_nothing():
    assert not trimmed(silence(1)).size


@pytest.mark.parametrize("level", [0.01, 0.1, 0.9])
def test_every_clause_is_equally_loud(level):
    assert np.sqrt((levelled(voice_like(1, level)) ** 2).mean()) == pytest.approx(tts_kokoro.LEVEL, rel=0.05)


def test_a_sharp_sound_is_not_clipped():
    sound = voice_like(1, 0.02)
    sound[5000] = 0.9
    assert np.abs(levelled(sound)).max() == pytest.approx(PEAK)


async def test_sound_comes_out_as_s16le():
    spoken = await KokoroSynthesizer(Scripted(lambda stop: voice_like(0.1)), 1).synthesize("Oui.")
    assert len(spoken) == pytest.approx(2 * 0.1 * LINE_RATE, abs=4)


async def test_a_text_without_a_sound_is_a_failure_not_a_silence():
    with pytest.raises(EngineFailed):
        await KokoroSynthesizer(Scripted(lambda stop: silence(0)), 1).synthesize("…")


async def test_a_raising_model_is_an_engine_that_failed():
    def broken(stop):
        raise RuntimeError("onnx")

    with pytest.raises(EngineFailed):
        await KokoroSynthesizer(Scripted(broken), 1).synthesize("Oui.")


async def test_a_hanging_model_is_told_by_its_deadline_and_then_at_once():
    gate = threading.Event()
    speaking = KokoroSynthesizer(Scripted(lambda stop: gate.wait()), 1, deadline_s=0.02)
    try:
        for _ in range(5):
            with pytest.raises(EngineFailed):
                await speaking.synthesize("Oui.")
    finally:
        gate.set()


async def test_an_abandoned_synthesis_is_told_to_stop():
    begun, gate = threading.Event(), threading.Event()

    def speak(stop):
        begun.set()
        gate.wait()
        return voice_like(1)

    model = Scripted(speak)
    task = asyncio.create_task(KokoroSynthesizer(model, 1).synthesize("Oui."))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert model.stop.terminate
    gate.set()


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(FaultyModel, match=re.escape(str(tmp_path))):
        tts_kokoro.load(tmp_path / "model.onnx", tmp_path, 1)


# ------------------------------------------------------------------ with the real model


def heard(told):
    plain = unicodedata.normalize("NFD", told.text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


@pytest.mark.engines
async def test_what_it_says_is_understood_over_the_telephone(kokoro, whisper):
    said = await KokoroSynthesizer(kokoro, 1, deadline_s=60).synthesize("Raccrochez et composez le quinze.")
    sound = phone_audio.over_telephone(phone_audio.samples(said), LINE_RATE, 16000)
    padded = np.concatenate([np.zeros(4800), sound, np.zeros(8000)]).astype(np.float32)
    told = await whisper.transcribe(phone_audio.pcm(padded))
    assert "composez le" in heard(told)
    assert re.search("15|quinze", heard(told))
    loud = np.abs(phone_audio.samples(said)) > 0.01
    assert np.argmax(loud) < 0.03 * LINE_RATE, "a silence at its head"


@pytest.mark.engines
def test_words_taken_from_english_bring_no_language_marks(kokoro):
    assert "(" not in kokoro._phonemes("Le parking est ouvert le week-end, envoyez un email.", "fr")


@pytest.mark.engines
def test_a_text_longer_than_the_model_can_read_is_said_whole(kokoro):
    phonemes = kokoro._phonemes(
        "Le cabinet est ouvert du lundi au vendredi, de huit heures à dix-neuf heures. " * 8,
        "fr",
    )
    assert len(phonemes) > 510
    assert all(len(part) <= 510 for part in tts_kokoro.split_phonemes(phonemes))


@pytest.mark.engines
def test_two_voices_make_a_third(kokoro):
    mean = (kokoro.voice("ff_siwis") + kokoro.voice("pm_alex")) / 2
    assert np.allclose(kokoro.voice("ff_siwis+pm_alex"), mean)
