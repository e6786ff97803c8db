"""Where the time of a turn goes: stamps on one call's turns, medians over the process. No words are kept."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from statistics import median
from typing import Literal

Stage = Literal["decoded", "committed", "said", "audio", "packet"]
ORDER: tuple[Stage, ...] = ("decoded", "committed", "said", "audio", "packet")
"""A turn's instants after the end of speech: the transcript was there; the turn was over; the fold had its
answer; the first clause's audio was there; its first packet left."""
KEEP = 500
"""Turns remembered per stage."""


class Latency:
    """Durations by stage, in ms, of the last turns of every call."""

    def __init__(self) -> None:
        self._ms: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEEP))

    def add(self, stage: str, seconds: float) -> None:
        """One duration."""
        self._ms[stage].append(seconds * 1000)

    def medians(self) -> Mapping[str, float]:
        """Milliseconds by stage, rounded; `end_to_packet` is the whole, as seen from inside."""
        return {stage: round(median(values), 1) for stage, values in self._ms.items()}

    def slow(self) -> Mapping[str, float]:
        """Milliseconds by stage that one turn in twenty exceeds: where the late answers come from."""
        return {
            stage: round(sorted(values)[(len(values) - 1) * 95 // 100], 1)
            for stage, values in self._ms.items()
        }

    def turns(self) -> int:
        """Answered turns that were measured."""
        return len(self._ms.get("end_to_packet", ()))


class TurnStamps:
    """The stamps of the turn that is going on in one call."""

    def __init__(self, latency: Latency) -> None:
        self._latency = latency
        self._at: dict[str, float] = {}

    def ended(self, silence_s: float) -> None:
        """The turn is committed; its last sound was `silence_s` ago."""
        now = _now()
        decoded = self._at.get("decoded")
        self._at = {"end": now - silence_s, "committed": now}
        if decoded is not None and decoded >= self._at["end"]:
            self._at["decoded"] = decoded

    def mark(self, stage: Stage) -> None:
        """The first time a stage is reached in this turn counts; the last one closes the turn."""
        if stage == "decoded":
            self._at["decoded"] = _now()
        elif "end" in self._at and stage not in self._at:
            self._at[stage] = _now()
            if stage == "packet":
                self._close()

    def forget(self) -> None:
        """The turn was taken back, or gave no words."""
        self._at = {}

    def _close(self) -> None:
        at, self._at = self._at, {}
        previous = at["end"]
        for stage in ORDER:
            if stage in at:
                self._latency.add(stage, at[stage] - previous)
                previous = at[stage]
        self._latency.add("end_to_packet", at["packet"] - at["end"])


def _now() -> float:
    return asyncio.get_running_loop().time()
