"""48 kHz ↔ 16 kHz, 20 ms at a time, with a fixed half millisecond of delay and no buffering.

A general resampler keeps part of every frame for the next; that costs a packet. Three to one needs only a
short low-pass, run over the frame and the tail of the one before.
"""

import numpy as np
from numpy.typing import NDArray

TAPS = 48
"""Length of the low-pass at 48 kHz: 1 ms, so half a millisecond of delay."""
CUTOFF_HZ = 7400.0


def _low_pass() -> NDArray[np.float32]:
    """Windowed sinc (Blackman), unit gain."""
    n = np.arange(TAPS) - (TAPS - 1) / 2
    taps = np.sinc(2 * CUTOFF_HZ / 48000 * n) * np.blackman(TAPS)
    return np.asarray(taps / taps.sum(), np.float32)


class To16k:
    """48 kHz frames in, 16 kHz out; a third of the samples."""

    def __init__(self) -> None:
        self._taps = _low_pass()
        self._tail = np.zeros(TAPS - 1, np.float32)

    def __call__(self, samples: NDArray[np.int16]) -> bytes:
        """Mono samples, a multiple of 3 → s16le mono 16 kHz."""
        x = np.concatenate((self._tail, samples.astype(np.float32)))
        self._tail = x[-(TAPS - 1) :]
        y = np.convolve(x, self._taps, "valid")[::3]
        return _s16(y).tobytes()


class To48k:
    """16 kHz frames in, 48 kHz out; three times the samples."""

    def __init__(self) -> None:
        taps = _low_pass() * 3
        self._phases = [taps[phase::3] for phase in range(3)]
        self._tail = np.zeros(TAPS // 3 - 1, np.float32)

    def __call__(self, pcm: bytes) -> NDArray[np.int16]:
        """s16le mono 16 kHz → samples at 48 kHz."""
        x = np.concatenate((self._tail, np.frombuffer(pcm, "<i2").astype(np.float32)))
        self._tail = x[-(TAPS // 3 - 1) :]
        return _s16(np.stack([np.convolve(x, phase, "valid") for phase in self._phases], axis=1).ravel())


def _s16(x: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.clip(np.rint(x), -32768, 32767).astype("<i2")
