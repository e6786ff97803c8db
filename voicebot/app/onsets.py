"""When an answer begins, measured on the sound itself. Pure.

The conventions decide the figures, so they are fixed: an utterance ends with its last sample of speech on the
microphone's clock; an answer begins with the first 10 ms window over the threshold, max(noise floor + 15 dB,
-45 dBFS), with three of five over it from there on; sound that stays below for 0.6 s has ended. Audio counts
from the arrival of its packet, before any jitter buffer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW_S = 0.01
HANG_S = 0.6
"""A pause between two sentences of one answer is shorter."""
GAP_S = 0.3
"""A longer silence inside an answer is one a caller notices."""
OVER_FLOOR_DB, QUIETEST_DB, FLOOR_DB = 15.0, -45.0, -75.0


@dataclass(frozen=True)
class Levels:
    """Start instants of 10 ms windows, seconds, and their levels, dBFS."""

    at: NDArray[np.float64]
    db: NDArray[np.float64]


@dataclass(frozen=True)
class Sound:
    """An unbroken stretch of sound, seconds."""

    on: float
    off: float


@dataclass(frozen=True)
class Turn:
    """What followed one utterance. Durations in seconds."""

    name: str
    paused: bool
    """The utterance had a pause inside."""
    latency: float | None
    """From its end to the first onset after it; None: no answer before the next utterance."""
    barge_ins: int
    """Onsets inside the utterance."""
    talking_at_start: bool
    talking_at_end: bool
    gaps: tuple[float, ...]
    """Silences of more than `GAP_S` inside the answer."""

    @property
    def clean(self) -> bool:
        """Answered, with nothing said into the utterance: the turns whose latency means something."""
        return self.latency is not None and not (
            self.barge_ins or self.talking_at_start or self.talking_at_end
        )


@dataclass(frozen=True)
class Spoken:
    """One utterance of a caller, on the same clock as the levels."""

    name: str
    start: float
    end: float
    paused: bool = False


def levels(blocks: Iterable[tuple[float, NDArray[np.float32]]], rate: int) -> Levels:
    """10 ms windows of (instant, samples in -1..1) blocks."""
    size = round(rate * WINDOW_S)
    at: list[NDArray[np.float64]] = []
    db: list[NDArray[np.float64]] = []
    for instant, samples in blocks:
        windows = np.asarray(samples[: len(samples) // size * size].reshape(-1, size), np.float64)
        at.append(np.asarray(instant + np.arange(len(windows)) * WINDOW_S, np.float64))
        rms = np.sqrt((windows**2).mean(axis=1))
        db.append(np.asarray(20 * np.log10(rms + 1e-6), np.float64))
    return Levels(np.concatenate(at), np.concatenate(db)) if at else Levels(np.zeros(0), np.zeros(0))


def threshold(db: NDArray[np.float64]) -> float:
    """DBFS from which a window is sound."""
    floor = max(float(np.percentile(db, 20)), FLOOR_DB) if len(db) else FLOOR_DB
    return max(floor + OVER_FLOOR_DB, QUIETEST_DB)


def sounds(heard: Levels, hang_s: float = HANG_S) -> list[Sound]:
    """The stretches of sound, in order; two are apart by more than `hang_s`."""
    hot = heard.db >= threshold(heard.db)
    found: list[Sound] = []
    i = 0
    while i < len(hot):
        if not (hot[i] and hot[i : i + 5].sum() >= 3):
            i += 1
            continue
        first = last = j = i
        while j < len(hot) and heard.at[j] - heard.at[last] <= hang_s:
            if hot[j] and hot[max(0, j - 2) : j + 3].sum() >= 2:
                last = j
            j += 1
        found.append(Sound(float(heard.at[first]), float(heard.at[last]) + WINDOW_S))
        i = j
    return found


def turns(spoken: Sequence[Spoken], heard: Levels) -> list[Turn]:
    """What followed each utterance. Sound that began before the first one is a greeting."""
    if not spoken:
        return []
    every, fine = sounds(heard), sounds(heard, GAP_S)
    own = [s for s in every if s.on >= spoken[0].start]
    ends = [u.start for u in spoken[1:]] + [float("inf")]
    return [_turn(u, until, every, own, fine) for u, until in zip(spoken, ends, strict=True)]


def _turn(u: Spoken, until: float, every: list[Sound], own: list[Sound], fine: list[Sound]) -> Turn:
    answers = [s for s in own if u.end <= s.on < until]
    pieces = [s for s in fine if u.end <= s.on < until]
    return Turn(
        name=u.name,
        paused=u.paused,
        latency=answers[0].on - u.end if answers else None,
        barge_ins=sum(u.start <= s.on < u.end for s in own),
        talking_at_start=any(s.on < u.start < s.off for s in every),
        talking_at_end=any(s.on < u.end < s.off for s in every),
        gaps=tuple(b.on - a.off for a, b in zip(pieces, pieces[1:], strict=False)),
    )


def percentile_ms(seconds: Iterable[float], percent: float) -> float | None:
    """Milliseconds, rounded to one; None of nothing."""
    values = list(seconds)
    return float(np.round(np.percentile(values, percent) * 1000)) if values else None
