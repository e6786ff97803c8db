"""What a telephone does to a voice: 300-3400 Hz, 8 kHz, G.711 A-law. For synthetic callers and phone legs.

Samples are float32 in -1..1 unless called pcm, which is s16le bytes.
"""

import numpy as np
import numpy.typing as npt
import soxr

LINE_RATE = 8000
BAND_HZ = (300, 3400)
"""ITU-T G.712: what the telephone network lets through."""
EDGE_HZ = 100
"""Width of the filter's slopes."""

Samples = npt.NDArray[np.float32]


def samples(pcm: bytes) -> Samples:
    """From s16le."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768)


def pcm(sound: Samples) -> bytes:
    """To s16le; what is too loud is clipped."""
    return (np.clip(sound, -1, 32767 / 32768) * 32768).astype("<i2").tobytes()


def resampled(sound: Samples, rate: int, to: int) -> Samples:
    """At another rate, Hz."""
    return sound if rate == to else np.asarray(soxr.resample(sound, rate, to), np.float32)


def band_limited(sound: Samples, rate: int) -> Samples:
    """Only what the telephone band lets through; the whole sound at once, without delay."""
    low, high = BAND_HZ
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / rate)
    gain = np.clip((hertz - low + EDGE_HZ) / EDGE_HZ, 0, 1) * np.clip(
        (high + EDGE_HZ - hertz) / EDGE_HZ, 0, 1
    )
    return np.fft.irfft(spectrum * gain, len(sound)).astype(np.float32)


def alaw_encoded(pcm16: bytes) -> bytes:
    """G.711 A-law, one byte a sample, of s16le."""
    linear = np.frombuffer(pcm16, "<i2").astype(np.int32)
    positive = linear >= 0
    magnitude = np.where(positive, linear, ~linear) >> 3  # 12 bits
    exponent = np.maximum(np.frexp(magnitude)[1] - 5, 0)  # segment: 0 below 32, then one a doubling
    mantissa = np.where(exponent > 0, magnitude >> np.maximum(exponent, 1), magnitude >> 1) & 0x0F
    code = (exponent << 4 | mantissa) | np.where(positive, 0x80, 0)
    return bytes((code ^ 0x55).astype(np.uint8))


def alaw_decoded(alaw: bytes) -> bytes:
    """The s16le of G.711 A-law: the middle of each step."""
    code = np.frombuffer(alaw, np.uint8).astype(np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 0x07, code & 0x0F
    base = (mantissa << 4) + 8
    magnitude = np.where(exponent > 0, (base + 0x100) << np.maximum(exponent - 1, 0), base)
    return np.where(code & 0x80, magnitude, -magnitude).astype("<i2").tobytes()


def over_telephone(sound: Samples, rate: int, to: int) -> Samples:
    """`sound` after a telephone line: band, 8 kHz, A-law; at `to` Hz."""
    at_line = band_limited(resampled(sound, rate, LINE_RATE), LINE_RATE)
    return resampled(samples(alaw_decoded(alaw_encoded(pcm(at_line)))), LINE_RATE, to)


def with_noise(sound: Samples, noise: Samples, snr_db: float) -> Samples:
    """`sound` with `noise` (repeated or cut to fit) that many decibels below its active level."""
    loud = np.abs(sound) > 0.02 * np.abs(sound).max(initial=0.0)
    level = float(np.sqrt((sound[loud] ** 2).mean())) if loud.any() else 0.0
    fitted = np.resize(noise, sound.shape)
    floor = float(np.sqrt((fitted**2).mean())) or 1.0
    return (sound + fitted * (level * 10 ** (-snr_db / 20) / floor)).astype(np.float32)
