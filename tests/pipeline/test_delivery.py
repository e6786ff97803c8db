"""Slower is longer at the same pitch; louder is louder and never clips."""

import numpy as np
import pytest

from voicebot.domain.effects import PLAIN, Manner
from voicebot.pipeline.delivery import CEILING, delivered, raised
from voicebot.pipeline.playback import RATE, Clause, Playback

SPEECHLIKE_S = 3.0


def voice(level: float = 0.1, peak: float = 0.9) -> np.ndarray:
    """A 120 Hz buzz in syllables, with bursts up to `peak`."""
    t = np.arange(int(SPEECHLIKE_S * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20))
    x = buzz / np.abs(buzz).max() * level * 3 * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))
    for at in range(4000, len(x), 9000):
        x[at : at + 160] = peak * np.sin(2 * np.pi * 700 * t[:160])
    return x.astype(np.float32)


def pcm_of(x: np.ndarray) -> bytes:
    return (x * 32767).astype("<i2").tobytes()


def samples(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def pitch(x: np.ndarray) -> float:
    """Hz, from the strongest period between 80 and 200 Hz."""
    x = x[: RATE * 2] - x[: RATE * 2].mean()
    spectrum = np.abs(np.fft.rfft(x, 4 * len(x))) ** 2
    correlation = np.fft.irfft(spectrum)
    lags = np.arange(RATE // 200, RATE // 80)
    return RATE / lags[np.argmax(correlation[lags])]


@pytest.mark.parametrize("rate", [0.85, 0.72])
def test_slower_takes_longer_at_the_same_pitch_and_level(rate):
    x = voice()
    y = samples(delivered(pcm_of(x), Manner(rate=rate)))
    assert len(y) / len(x) == pytest.approx(1 / rate, rel=0.03)
    assert pitch(y) == pytest.approx(pitch(x), rel=0.03)
    assert np.sqrt((y**2).mean()) == pytest.approx(np.sqrt((x**2).mean()), rel=0.1)


@pytest.mark.parametrize("gain_db", [6.0, 10.0])
def test_louder_is_louder_and_never_clips(gain_db):
    x = voice()
    y = samples(delivered(pcm_of(x), Manner(gain_db=gain_db)))
    assert len(y) == len(x)
    assert np.abs(y).max() <= CEILING
    quiet = slice(2000, 3800)  # between the bursts the whole gain is there
    gained = 20 * np.log10(np.sqrt((y[quiet] ** 2).mean() / (x[quiet].astype(float) ** 2).mean()))
    assert gained == pytest.approx(gain_db, abs=0.2)


def test_no_peak_passes_the_ceiling_whatever_the_sound():
    noise = np.random.default_rng(7)
    for n in (1, 15, 16, 17, 333, 16000):
        x = (noise.standard_normal(n) * noise.choice([0.01, 0.3, 1.0], n)).clip(-1, 1).astype(np.float32)
        assert np.abs(raised(x, 4.0)).max() <= CEILING + 1e-5


def test_limiting_leaves_no_clicks():
    """A pure tone that must be limited stays one: harmonics of a clipped one would be 10 dB under it."""
    t = np.arange(RATE) / RATE
    x = (0.8 * np.sin(2 * np.pi * 500 * t)).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(raised(x, 3.0)[2000:-2000] * np.hanning(RATE - 4000)))
    tone = spectrum.argmax()
    assert 20 * np.log10(spectrum[3 * tone] / spectrum[tone]) < -50


def test_plain_and_empty_are_left_alone():
    clip = pcm_of(voice())
    assert delivered(clip, PLAIN) == clip
    assert delivered(b"", Manner(0.72, 10)) == b""


def test_who_is_spoken_to_slowly_also_has_longer_pauses():
    def ticks(manner: Manner) -> int:
        playback = Playback()
        playback.say(Clause("Un,", pcm=bytes(640), manner=manner))
        playback.say(Clause("deux.", pcm=bytes(640), manner=manner))
        n = 0
        while not playback.dry:
            playback.tick()
            n += 1
        return n

    assert ticks(Manner(rate=0.72)) > ticks(PLAIN)
