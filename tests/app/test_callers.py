import numpy as np
import pytest
import soundfile

from voicebot.adapters.phone_audio import LINE_RATE, pcm, samples
from voicebot.app import callers
from voicebot.settings import Settings


def tone(seconds, level=0.3, hz=810):
    t = np.arange(round(seconds * LINE_RATE)) / LINE_RATE
    return (level * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * LINE_RATE), np.float32)


def db(sound):
    return 20 * np.log10(np.sqrt((np.asarray(sound, float) ** 2).mean()))


class TonesForVoices:
    """A Kokoro that hums: its length grows with the text and shrinks with the speed, as speech does."""

    def voice(self, name):
        return name

    def render(self, text, voice, speed=1.0):
        rate = 24000
        t = np.arange(round(len(text) * 0.05 / speed * rate)) / rate
        hum = np.sin(2 * np.pi * 900 * t).astype(np.float32)
        return np.concatenate((np.zeros(rate // 10, np.float32), hum, np.zeros(rate // 5, np.float32)))


@pytest.fixture
def studio(tmp_path, monkeypatch):
    monkeypatch.setattr(callers.Studio, "_loaded", lambda self: TonesForVoices())
    return callers.Studio(Settings(cache=tmp_path))


def test_the_callers_sentences_are_varied():
    known = callers.sentences()
    assert len(known) >= 12
    assert {said.voice for said in known} == set(callers.VOICES)
    assert len({said.id for said in known}) == len(known)
    assert 4 <= sum(said.paused for said in known) < len(known) - 4


def test_a_seed_says_the_same_in_the_same_order_and_another_seed_does_not():
    known = callers.sentences()
    assert callers.script(known, 40, 7) == callers.script(known, 40, 7)
    assert callers.script(known, 40, 7) != callers.script(known, 40, 8)


def test_every_sentence_is_said_before_any_comes_again():
    known = callers.sentences()
    said = [s.id for s, _ in callers.script(known, 2 * len(known), 1)]
    assert set(said[: len(known)]) == set(said[len(known) :]) == {s.id for s in known}


def test_speech_is_cut_where_it_begins_and_ends():
    cut = callers.trimmed(np.concatenate((silence(0.31), tone(0.5), silence(0.7))))
    assert len(cut) / LINE_RATE == pytest.approx(0.5, abs=0.01)


def test_a_pause_inside_a_sentence_lasts_400_ms(studio):
    whole = studio.recorded(callers.sentence("x", "siwis_dora", "Bonjour, je voudrais | un rendez-vous"))
    quiet = np.abs(whole) < 1e-4
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate(([0], quiet, [0])))))[::2]
    assert max(runs) / LINE_RATE == pytest.approx(0.4, abs=0.012)
    assert abs(whole[0]) + abs(whole[-80:]).max() > 0.01


@pytest.mark.parametrize("voice", callers.VOICES)
def test_a_moved_pitch_keeps_the_length_and_moves_the_tone(studio, voice):
    text = "Bonjour, je voudrais un rendez-vous"
    sound = studio.recorded(callers.sentence("x", voice, text))
    assert len(sound) / LINE_RATE == pytest.approx(len(text) * 0.05, rel=0.02)
    loudest = np.argmax(np.abs(np.fft.rfft(sound))) * LINE_RATE / len(sound)
    assert loudest == pytest.approx(900 * 2 ** (callers.VOICES[voice].cents / 1200), rel=0.01)


def test_a_recording_is_made_once(studio, monkeypatch):
    said = callers.sentence("x", "siwis_low", "Bonjour")
    first = studio.recorded(said)
    monkeypatch.setattr(studio, "_spoken", lambda said: pytest.fail("made twice"))
    assert np.array_equal(studio.recorded(said), first)


def test_a_damaged_recording_is_made_again(studio, tmp_path):
    said = callers.sentence("x", "siwis_low", "Bonjour")
    first = studio.recorded(said)
    for path in tmp_path.rglob("*.wav"):
        path.write_bytes(b"RIFF")
    assert np.array_equal(studio.recorded(said), first)
    assert len(soundfile.read(next(tmp_path.rglob("*.wav")))[0]) == len(first)


def test_the_line_carries_speech_at_its_level_and_noise_at_minus_65():
    quiet = samples(callers.silence_on_the_line(3))
    assert db(quiet) == pytest.approx(callers.NOISE_DB, abs=2)
    loud = samples(callers.on_the_line(callers.levelled(tone(1.0)), 3))
    assert db(loud) == pytest.approx(-20, abs=0.5)


def test_what_is_on_the_line_is_as_long_as_what_was_said():
    assert len(callers.on_the_line(tone(0.5), 0)) == 2 * 2 * len(tone(0.5))


def test_a_line_is_the_same_for_the_same_seed():
    assert callers.on_the_line(tone(0.2), 5) == callers.on_the_line(tone(0.2), 5)
    assert callers.on_the_line(tone(0.2), 5) != callers.on_the_line(tone(0.2), 6)


def test_what_reaches_the_other_side_went_through_a_law():
    """A-law has 256 values: a tone at 8 kHz cannot hold more."""
    heard = samples(callers.on_the_line(tone(1.0), 0))[::2]
    assert len(pcm(heard)) // 2 == len(tone(1.0))
    error = heard[100:-100] - tone(1.0)[100:-100]
    assert -60 < db(error) < -40
