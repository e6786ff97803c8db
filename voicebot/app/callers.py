"""Synthetic callers: varied French voices that sound as a telephone makes them, the same for the same seed.

Kokoro's French voice, lower, higher or half-way to another one (Whisper gets 4-19 % of their words
wrong, as with people); edges cut to 5 ms, 300-3400 Hz, line noise, 8 kHz A-law. Each sentence is made once.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import soundfile

from voicebot.adapters import models, tts_kokoro
from voicebot.adapters.models_catalogue import KOKORO
from voicebot.adapters.phone_audio import (
    LINE_RATE,
    Samples,
    alaw_decoded,
    alaw_encoded,
    band_limited,
    pcm,
    resampled,
    samples,
)
from voicebot.settings import Settings

SENTENCES = Path(__file__).parent.parent / "data" / "callers.tsv"
PAUSE_S = 0.4
"""Where a sentence has " | ": people look for a word that long, and have not finished."""
LEVEL = 0.1
"""-20 dBFS of active speech."""
NOISE_DB = -65.0
"""dBFS of a quiet line."""
NOISE_S = 10
EDGE_S, EDGE_DB = 0.005, -40.0
"""Speech begins and ends with the first and last 5 ms above this, relative to its active level."""
LINE_OUT_RATE = 16000
"""What a `Line` takes."""


@dataclass(frozen=True)
class Voice:
    """A Kokoro voice (`a+b`: half of each), its pitch moved by `cents`."""

    kokoro: str
    cents: int = 0


VOICES = {
    "siwis_low": Voice("ff_siwis", -250),
    "siwis_high": Voice("ff_siwis", 200),
    "siwis_alex": Voice("ff_siwis+pm_alex"),
    "siwis_dora": Voice("ff_siwis+pf_dora"),
}


@dataclass(frozen=True)
class Sentence:
    """What one caller says, in parts with a pause between."""

    id: str
    voice: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """As one would write it."""
        return " ".join(self.parts)

    @property
    def paused(self) -> bool:
        """There is a pause inside."""
        return len(self.parts) > 1


def sentence(id: str, voice: str, text: str) -> Sentence:
    """From its text, with " | " for a pause."""
    return Sentence(id, voice, tuple(part.strip() for part in text.split("|")))


def sentences() -> tuple[Sentence, ...]:
    """The set that callers.tsv holds."""
    rows = SENTENCES.read_text(encoding="utf8").splitlines()[1:]
    return tuple(sentence(*row.split("\t")) for row in rows)


def script(of: Sequence[Sentence], turns: int, seed: int) -> list[tuple[Sentence, float]]:
    """What a caller says in `turns` turns, each with seconds (0..0.5) to hesitate before; every sentence once
    before any comes again."""
    random = Random(seed)
    order: list[Sentence] = []
    while len(order) < turns:
        order += random.sample(of, len(of))
    return [(chosen, random.uniform(0, 0.5)) for chosen in order[:turns]]


class Studio:
    """Makes and keeps the callers' recordings. Blocks; loads the model when the first is missing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.cache / "callers"
        self._found: models.Models | None = None
        self._kokoro: tts_kokoro.Kokoro | None = None

    def recorded(self, said: Sentence) -> Samples:
        """Speech at 8 kHz without noise, from its very first sample to its very last. Raises FaultyModel."""
        key = repr((said.voice, VOICES[said.voice], said.parts, PAUSE_S, KOKORO[0].sha256))
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.wav"
        try:
            return np.asarray(soundfile.read(path, dtype="float32")[0], np.float32)
        except (OSError, soundfile.LibsndfileError):
            sound = samples(pcm(self._spoken(said)))
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        soundfile.write(part, sound, LINE_RATE, subtype="PCM_16", format="WAV")
        os.replace(part, path)
        return sound

    def _spoken(self, said: Sentence) -> Samples:
        voice = VOICES[said.voice]
        pause = np.zeros(round(PAUSE_S * LINE_RATE), np.float32)
        pieces = [piece for part in said.parts for piece in (pause, self._part(part, voice))][1:]
        return levelled(np.concatenate(pieces))

    def _part(self, text: str, voice: Voice) -> Samples:
        """Higher is the same sound played faster: said slower by as much, its length stays."""
        kokoro = self._loaded()
        factor = 2 ** (voice.cents / 1200)
        sound = kokoro.render(text, kokoro.voice(voice.kokoro), 1 / factor)
        at_line = resampled(sound, round(tts_kokoro.RATE * factor), LINE_RATE)
        return trimmed(band_limited(at_line, LINE_RATE))

    def _loaded(self) -> tts_kokoro.Kokoro:
        if self._kokoro is None:
            found = models.locate(self._settings)
            self._kokoro = tts_kokoro.Kokoro(found.kokoro, found.voices)
        return self._kokoro


def trimmed(sound: Samples) -> Samples:
    """Only what lies between the first and the last 5 ms that can be heard; 8 kHz."""
    size = round(EDGE_S * LINE_RATE)
    windows = sound[: len(sound) // size * size].reshape(-1, size)
    rms = np.sqrt((windows**2).mean(axis=1))
    loud = np.flatnonzero(rms > _active(rms) * 10 ** (EDGE_DB / 20))
    return sound[loud[0] * size : (loud[-1] + 1) * size] if len(loud) else sound[:0]


def levelled(sound: Samples) -> Samples:
    """At the usual level of a telephone."""
    loud = sound[np.abs(sound) > 0.02 * np.abs(sound).max(initial=0.0)]
    rms = float(np.sqrt((loud**2).mean())) if loud.size else 0.0
    return np.clip(sound * np.float32(LEVEL / rms), -0.99, 0.99) if rms else sound


def _active(rms: Samples) -> float:
    loud = rms[rms > 0.05 * rms.max(initial=0.0)]
    return float(loud.mean()) if loud.size else 0.0


def noise(seconds: float, seed: int) -> Samples:
    """A quiet line; 8 kHz."""
    hiss = np.random.default_rng(seed).standard_normal(round(seconds * LINE_RATE)).astype(np.float32)
    hiss = band_limited(hiss, LINE_RATE)
    return np.asarray(hiss * 10 ** (NOISE_DB / 20) / hiss.std(), np.float32)


def on_the_line(sound: Samples, seed: int) -> bytes:
    """`sound` (8 kHz) over line noise, through A-law → s16le mono 16 kHz of twice the samples."""
    noisy = sound + noise(len(sound) / LINE_RATE, seed)[: len(sound)]
    after = samples(alaw_decoded(alaw_encoded(pcm(noisy))))
    return pcm(resampled(after, LINE_RATE, LINE_OUT_RATE))


def silence_on_the_line(seed: int) -> bytes:
    """What is heard of a caller who says nothing: s16le mono 16 kHz, to be repeated."""
    return on_the_line(np.zeros(NOISE_S * LINE_RATE, np.float32), seed)


def recordings(studio: Studio, call: Sequence[Sentence], seed: int) -> Iterator[bytes]:
    """The sentences as they reach the other side: s16le mono 16 kHz."""
    for number, said in enumerate(call):
        yield on_the_line(studio.recorded(said), seed * 1000 + number)
