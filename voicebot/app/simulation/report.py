"""Calls → one JSON-able report, which the page is made from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any, Literal

from voicebot import __version__
from voicebot.app.evaluation.figures import Share
from voicebot.app.evaluation.report import commit
from voicebot.app.simulation.journeys import Journey
from voicebot.app.simulation.judging import ENTITIES, Judgement
from voicebot.app.simulation.playing import Outcome

Report = dict[str, Any]
RIGHT_ENDS, RIGHT_ENTITIES = 0.90, 0.95
BOOKING_S, BOOKING_TURNS = 75.0, 9
"""What is aimed at for callers who are heard over a telephone; those of text must all be right."""


@dataclass(frozen=True)
class Played:
    """One call, and what is thought of it."""

    journey: Journey
    left: Outcome
    judgement: Judgement


def report(calls: Sequence[Played], heard: Literal["text", "audio"], how: str = "") -> Report:
    """`how`: French, how they were heard."""
    return {
        "made": {
            "on": date.today().isoformat(),
            "version": __version__,
            "commit": commit(),
            "heard": heard,
            "how": how,
        },
        "figures": _figures(calls),
        "bookings": _bookings(calls),
        "lost": dict(Counter(c.judgement.lost.asked for c in calls if c.judgement.lost).most_common()),
        "misunderstood": _misunderstood(calls),
        "calls": [_call(call) for call in calls],
    }


def _figures(calls: Sequence[Played]) -> Report:
    kinds = [entity for call in calls for entity in call.judgement.entities]
    by_kind = {
        kind: Share(sum(n for k, n, _ in kinds if k == kind), sum(of for k, _, of in kinds if k == kind))
        for kind in ENTITIES
    }
    every = Share(sum(n for _, n, _ in kinds), sum(of for _, _, of in kinds))
    return {
        "right": _share(Share(sum(not c.judgement.faults for c in calls), len(calls))),
        "right_end": _share(Share(sum(c.judgement.right_end for c in calls), len(calls)), RIGHT_ENDS),
        "entities": _share(every, RIGHT_ENTITIES),
        **{kind: _share(share) for kind, share in by_kind.items()},
    }


def _share(share: Share, at_least: float | None = None) -> Report:
    low, high = share.interval
    return {
        "n": share.n,
        "of": share.of,
        "share": round(share.value, 4) if share.of else None,
        "low": round(low, 4),
        "high": round(high, 4),
        "at_least": at_least,
    }


def _bookings(calls: Sequence[Played]) -> Report:
    """Of calls that had to make an appointment, and did."""
    made = [
        call.left
        for call in calls
        if call.judgement.right_end and any(kind == "slot" for kind, _, _ in call.judgement.entities)
    ]
    return {
        "number": len(made),
        "median_s": round(median(left.seconds for left in made), 1) if made else None,
        "median_turns": median(left.turns for left in made) if made else None,
        "at_most_s": BOOKING_S,
        "at_most_turns": BOOKING_TURNS,
    }


def _misunderstood(calls: Sequence[Played]) -> dict[str, Report]:
    """By question: answers, and how many of them were not understood."""
    answers = [line for call in calls for line in call.left.lines if line.who == "caller"]
    put = Counter(line.asked or "open" for line in answers)
    missed = Counter(line.asked or "open" for line in answers if line.missed)
    return {asked: _share(Share(missed[asked], put[asked])) for asked, _ in put.most_common()}


def _call(call: Played) -> Report:
    judgement, left = call.judgement, call.left
    return {
        "name": call.journey.name,
        "file": call.journey.file,
        "right": not judgement.faults,
        "right_end": judgement.right_end,
        "faults": list(judgement.faults),
        "entities": {kind: [n, of] for kind, n, of in judgement.entities},
        "lost": asdict(judgement.lost) if judgement.lost else None,
        "seconds": round(left.seconds, 1),
        "turns": left.turns,
        "lines": [asdict(line) for line in left.lines],
    }
