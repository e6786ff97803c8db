"""What a telephone recorded, read back: level, tones, gaps. Samples are -1..1 at 8 kHz unless told."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

WINDOW_S = 0.1


@dataclass(frozen=True)
class Recording:
    samples: npt.NDArray[np.float64]
    rate: int = 8000

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def part(self, start_s: float, end_s: float | None = None) -> "Recording":
        """Negative times count from the end."""
        end = None if end_s is None else int(end_s * self.rate)
        return Recording(self.samples[int(start_s * self.rate) : end], self.rate)

    def level(self) -> float:
        """dBFS of the root mean square; -120 for nothing."""
        rms = float(np.sqrt(np.mean(self.samples**2))) if len(self.samples) else 0.0
        return 20 * float(np.log10(max(rms, 1e-6)))

    def tone(self, hz: float) -> list[float]:
        """Start times of the windows of 100 ms in which this tone holds more than half of the energy."""
        step = int(WINDOW_S * self.rate)
        t = np.arange(step) / self.rate
        probe = np.exp(-2j * np.pi * hz * t)
        found = []
        for at in range(0, len(self.samples) - step + 1, step):
            window = self.samples[at : at + step]
            energy = float(np.sum(window**2))
            if energy > 1e-3 and 2 * abs(np.dot(window, probe)) ** 2 / step > 0.5 * energy:
                found.append(at / self.rate)
        return found

    def gaps(self, longer_than_s: float, quieter_than_db: float = -60.0) -> list[tuple[float, float]]:
        """(start, seconds) of every silence longer than that: on a tone, sound that went missing."""
        step = self.rate // 100
        floor = 10 ** (quieter_than_db / 20)
        count = len(self.samples) // step
        frames = np.abs(self.samples[: count * step]).reshape(count, step).max(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (frames < floor).astype(int), [0]])))
        spans = zip(edges[::2], edges[1::2], strict=True)
        return [(a / 100, (b - a) / 100) for a, b in spans if (b - a) / 100 > longer_than_s]


def read_growing(path: Path) -> Recording:
    """A WAV that may still be written: its header's length is not believed."""
    raw = path.read_bytes()
    at = raw.find(b"data")
    if at < 0 or len(raw) < 44:
        return Recording(np.zeros(0))
    rate = struct.unpack_from("<I", raw, 24)[0]
    channels = struct.unpack_from("<H", raw, 22)[0]
    body = raw[at + 8 :]
    samples = np.frombuffer(body[: len(body) // 2 * 2], "<i2")[::channels] / 32768
    return Recording(samples, rate)
