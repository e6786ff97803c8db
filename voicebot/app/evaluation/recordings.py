"""What synthetic callers say, at 16 kHz and without any line: made once, kept in the cache."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import soundfile

from voicebot.adapters import models, tts_kokoro
from voicebot.adapters.models_catalogue import KOKORO
from voicebot.adapters.phone_audio import Samples, pcm, resampled, samples
from voicebot.app.callers import VOICES, Voice, levelled
from voicebot.app.evaluation.conditions import RATE, Speaker
from voicebot.settings import Settings

PAUSE_S = 0.7
"""Of somebody slow, between two groups of words."""
GROUP = 5
"""Words that somebody slow says in one breath."""
EDGE_S = 0.3
"""Silence before and after, as a turn has on a line."""


@dataclass(frozen=True)
class Manner:
    """Who speaks and how. `speed` 1 = Kokoro's own; `group` 0 = no pauses."""

    voices: tuple[Voice, ...]
    speed: float = 1.0
    group: int = 0


MANNERS: dict[Speaker, Manner] = {
    "plain": Manner(tuple(VOICES.values())),
    "accent": Manner((Voice("pf_dora"), Voice("pm_alex"), Voice("em_alex"), Voice("af_heart"))),
    "slow": Manner((Voice("ff_siwis", -250), Voice("ff_siwis+pm_alex", -150)), 0.75, GROUP),
}


class Booth:
    """Makes and keeps the recordings. Blocks; loads the model when the first is missing."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._folder = settings, settings.cache / "evaluation" / "spoken"
        self._kokoro: tts_kokoro.Kokoro | None = None
        self._loading = Lock()

    def recorded(self, text: str, speaker: Speaker) -> Samples:
        """16 kHz. Raises FaultyModel."""
        path = self._folder / f"{self._key(text, speaker)}.wav"
        try:
            return np.asarray(soundfile.read(path, dtype="float32")[0], np.float32)
        except (OSError, soundfile.LibsndfileError):
            sound = samples(pcm(self._spoken(text, MANNERS[speaker])))
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        soundfile.write(part, sound, RATE, subtype="PCM_16", format="WAV")
        os.replace(part, path)
        return sound

    def _key(self, text: str, speaker: Speaker) -> str:
        key = repr((text, MANNERS[speaker], PAUSE_S, EDGE_S, KOKORO[0].sha256))
        return hashlib.sha256(key.encode()).hexdigest()[:24]

    def _spoken(self, text: str, manner: Manner) -> Samples:
        voice = manner.voices[seed_of(text) % len(manner.voices)]
        words = text.split()
        size = manner.group or len(words)
        parts = [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
        pause, edge = np.zeros(round(PAUSE_S * RATE), np.float32), np.zeros(round(EDGE_S * RATE), np.float32)
        spoken = [piece for part in parts for piece in (pause, self._part(part, voice, manner.speed))][1:]
        return np.concatenate([edge, levelled(np.concatenate(spoken)), edge])

    def _part(self, text: str, voice: Voice, speed: float) -> Samples:
        """Higher is the same sound played faster: said slower by as much, its length stays."""
        kokoro = self._loaded()
        factor = 2 ** (voice.cents / 1200)
        sound = kokoro.render(text, kokoro.voice(voice.kokoro), speed / factor)
        return resampled(sound, round(tts_kokoro.RATE * factor), RATE)

    def _loaded(self) -> tts_kokoro.Kokoro:
        with self._loading:
            if self._kokoro is None:
                found = models.locate(self._settings)
                self._kokoro = tts_kokoro.Kokoro(found.kokoro, found.voices)
            return self._kokoro


def seed_of(text: str) -> int:
    """The same number for the same words, on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def kept(settings: Settings) -> Path:
    """Where recordings and transcripts are; can be deleted, is made again."""
    return settings.cache / "evaluation"
