"""The exchange's own sounds: recordings that ship, and what is made of them once. 8 kHz mono s16 WAV.

They must be there when everything else is not: nothing here needs a model or a network.
"""

import os
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]
"""-1..1 at RATE."""
SHIPPED = Path(__file__).parent / "sounds"
RATE = 8000
PERIOD_S = 15
"""The caller who waits hears the sentence that often."""
NOTES = (392.0, 493.9, 587.3, 493.9)
"""Hz; G major, slow and soft: something lives at the other end."""
NOTE_S, NOTE_LEVEL = 0.75, 0.05
BEEP_HZ, BEEP_S = 1000.0, 0.4


def prepare(folder: Path) -> None:
    """Put every sound into `folder`, unless it lies there already as it should. Raises OSError."""
    for name in ("brief", "lost", "accept"):
        _write(folder / f"{name}.wav", read(SHIPPED / f"{name}.wav"))
    _write(folder / "voicemail.wav", np.concatenate([read(SHIPPED / "voicemail.wav"), _pause(0.3), _beep()]))
    for name in ("hold", "rescue"):
        _write(folder / name / f"{name}.wav", _waiting(read(SHIPPED / f"{name}.wav")))


def read(path: Path) -> Samples:
    """A WAV of ours. Raises OSError, ValueError if it is not 8 kHz mono s16."""
    with wave.open(str(path)) as wav:
        if (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) != (RATE, 1, 2):
            raise ValueError(f"{path} is not 8 kHz mono s16")
        return np.frombuffer(wav.readframes(wav.getnframes()), "<i2") / 32768


def _waiting(sentence: Samples) -> Samples:
    """The sentence, then notes until the period is over."""
    left = PERIOD_S - len(sentence) / RATE - 1.0
    melody = [_note(NOTES[i % len(NOTES)]) for i in range(int(left / NOTE_S))]
    whole = np.concatenate([sentence, _pause(0.5), *melody])
    return np.pad(whole, (0, max(0, PERIOD_S * RATE - len(whole))))


def _note(hz: float) -> Samples:
    t = np.arange(int(NOTE_S * RATE)) / RATE
    return NOTE_LEVEL * np.sin(2 * np.pi * hz * t) * np.minimum(t / 0.02, 1) * np.exp(-3 * t)


def _beep() -> Samples:
    t = np.arange(int(BEEP_S * RATE)) / RATE
    return 0.3 * np.sin(2 * np.pi * BEEP_HZ * t) * np.minimum(1, np.minimum(t, t[::-1]) / 0.01)


def _pause(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE))


def _write(path: Path, samples: Samples) -> None:
    frames = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    if path.exists() and path.read_bytes()[-len(frames) :] == frames:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with wave.open(str(beside), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(frames)
    beside.replace(path)
