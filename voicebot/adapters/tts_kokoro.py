"""Speaking with Kokoro on a few CPU threads.

kokoro-onnx gives the vocabulary and the splitting of long texts; the model is run from here, so that its
memory stays bounded, a synthesis nobody waits for any more is stopped, and the "(en)" that espeak puts before
words it takes for English is not spoken.
"""

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import soxr
from kokoro_onnx.chunker import split_phonemes
from kokoro_onnx.tokenizer import Tokenizer
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from phonemizer.backend import EspeakBackend

from voicebot.adapters.engine_pool import EnginePool
from voicebot.domain.languages import unmarked
from voicebot.errors import EngineFailed, FaultyModel

RATE = 24000
"""Hz, of the model."""
LINE_RATE = 16000
"""Hz, of what comes out: made once here rather than in every call that plays it."""
DEADLINE_S, DEADLINE_CHARACTERS, DEADLINE_S_A_CHARACTER = 8.0, 80, 0.1
"""For a clause; a longer text, which nobody should be waiting for, gets more a character (speech: 0.06 s)."""
VOICE = "ff_siwis"
"""The one French voice of Kokoro."""
SPEAKERS: Mapping[str, str] = {"en": "af_heart"}
"""Who speaks the other languages, by code: of the voices that are assembled, the English one."""
PHONEMES: Mapping[str, str] = {"fr": "fr-fr", "en": "en-gb"}
"""What espeak-ng calls the languages."""
WINDOW = RATE // 200
"""5 ms: the grain at which silence is looked for."""
SILENCE_DB = -40.0
"""Below the active level."""
HEAD_S, TAIL_S, BETWEEN_S = 0.005, 0.12, 0.25
"""Silence left before the first sound and after the last one; pause between the pieces of a long text."""
LEVEL, PEAK = 0.1, 0.89
"""-20 dBFS active level, about what telephones carry, with peaks of at most -1 dBFS."""

ONNX_FAULTS = (
    onnx_errors.Fail,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.RuntimeException,
)
"""What onnxruntime raises on a bad model; its errors have no common root."""
ESPEAK = threading.Lock()
"""espeak-ng is one global state for the whole process."""

Samples = npt.NDArray[np.float32]


class Kokoro:
    """One model in memory. `render` may be called from several threads."""

    def __init__(self, model: Path, voices: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer()  # also tells espeak where its data are
        self._espeaks = {"fr": self._espeak("fr")}
        self._voices = voices

    def voice(self, name: str) -> Samples:
        """Style by number of tokens, shape (510, 1, 256). `a+b` is the voice half-way between two."""
        styles = [np.fromfile(self._voices / f"{part}.bin", np.float32) for part in name.split("+")]
        return np.asarray(np.mean(styles, axis=0), np.float32).reshape(510, 1, 256)

    @staticmethod
    def _espeak(language: str) -> EspeakBackend:
        return EspeakBackend(
            PHONEMES[language], preserve_punctuation=True, with_stress=True, language_switch="remove-flags"
        )

    def render(
        self, text: str, voice: Samples, speed: float = 1.0, stop: Any = None, language: str = "fr"
    ) -> Samples:
        """Speech at 24 kHz, trimmed and levelled; empty if `text` holds nothing to say.

        `stop` is the onnxruntime.RunOptions whose `terminate` ends this call early, by an exception."""
        pieces = [
            trimmed(self._speak(tokens, voice, speed, stop))
            for part in split_phonemes(self._phonemes(text, language))
            if (tokens := self._tokenizer.tokenize(part))
        ]
        pause = np.zeros(int(BETWEEN_S * RATE), np.float32)
        joined = [sound for piece in pieces for sound in (pause, piece)][1:]
        return levelled(np.concatenate(joined)) if joined else np.zeros(0, np.float32)

    def _phonemes(self, text: str, language: str) -> str:
        with ESPEAK:
            if language not in self._espeaks:
                self._espeaks[language] = self._espeak(language)
            (phonemes,) = self._espeaks[language].phonemize([" ".join(text.split())]) or [""]
        return str(self._tokenizer.known(phonemes)).strip()

    def _speak(self, tokens: list[int], voice: Samples, speed: float, stop: Any) -> Samples:
        options = stop or onnxruntime.RunOptions()
        # Without it the arena keeps the largest sentence's memory for ever: 580 MB instead of 240.
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": voice[len(tokens) - 1],
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self._session.run(None, inputs, options)[0], np.float32).ravel()


def _active(samples: Samples) -> npt.NDArray[np.float32]:
    """RMS of each 5 ms window."""
    whole = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)), np.float32)


def _level(rms: npt.NDArray[np.float32]) -> float:
    """Mean RMS of the windows that are not silence."""
    loud = rms[rms > 0.05 * rms.max(initial=0.0)]
    return float(np.sqrt((loud**2).mean())) if loud.size else 0.0


def trimmed(samples: Samples) -> Samples:
    """Without the silence that Kokoro puts before (30-40 ms) and after (up to 0.5 s)."""
    rms = _active(samples)
    sounding = np.flatnonzero(rms > _level(rms) * 10 ** (SILENCE_DB / 20))
    if not sounding.size:
        return samples[:0]
    start = max(0, int(sounding[0]) * WINDOW - int(HEAD_S * RATE))
    end = min(len(samples), int(sounding[-1] + 1) * WINDOW + int(TAIL_S * RATE))
    kept = samples[start:end].copy()
    fade = min(WINDOW, len(kept))
    kept[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
    kept[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept


def levelled(samples: Samples) -> Samples:
    """At the usual level, or as near as its highest peak allows."""
    level, peak = _level(_active(samples)), float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(min(LEVEL / level, PEAK / peak)) if level and peak else samples


def pcm(samples: Samples) -> bytes:
    """As s16le."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


class KokoroSynthesizer:
    """The Synthesizer port over one Kokoro that all calls share."""

    def __init__(
        self,
        kokoro: Kokoro,
        workers: int,
        *,
        voice: str = VOICE,
        speed: float = 1.0,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._kokoro, self._speed = kokoro, speed
        self._voices = {"fr": kokoro.voice(voice)}
        self._deadline_s = deadline_s
        self._pool = EnginePool("kokoro", workers, deadline_s)

    @property
    def rate(self) -> int:
        """16000 Hz."""
        return LINE_RATE

    async def synthesize(self, text: str) -> bytes:
        """See the port. The text is what must be read (`domain.spoken`), marked with its language
        (`languages.marked`). Cancelled, it stops computing."""
        stop = onnxruntime.RunOptions()
        extra = max(0, len(text) - DEADLINE_CHARACTERS) * DEADLINE_S_A_CHARACTER
        try:
            work = partial(self._for_the_line, text, stop)
            samples = await self._pool.run(work, self._deadline_s + extra)
        finally:
            stop.terminate = True
        if not samples.size:
            raise EngineFailed("kokoro: nothing in the text can be said")
        return pcm(samples)

    def _for_the_line(self, text: str, stop: Any) -> Samples:
        code, said = unmarked(text)
        if code not in self._voices:
            self._voices[code] = self._kokoro.voice(SPEAKERS[code])
        samples = self._kokoro.render(said, self._voices[code], self._speed, stop, code)
        return np.asarray(soxr.resample(samples, RATE, LINE_RATE), np.float32) if samples.size else samples

    def close(self) -> None:
        """Take no more text."""
        self._pool.close()


def load(
    model: Path, voices: Path, workers: int, *, voice: str = VOICE, speed: float = 1.0
) -> KokoroSynthesizer:
    """Load and warm the model. Blocks. Raises FaultyModel."""
    try:
        kokoro = Kokoro(model, voices)
        kokoro.render("Oui.", kokoro.voice(voice), speed)
    except (OSError, RuntimeError, ValueError, *ONNX_FAULTS) as error:
        raise FaultyModel(f"Kokoro cannot be loaded from {model}: {error}") from error
    return KokoroSynthesizer(kokoro, workers, voice=voice, speed=speed)
