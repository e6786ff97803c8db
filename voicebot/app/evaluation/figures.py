"""Results → shares with their intervals. Pure."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from voicebot.app.evaluation.cases import Case
from voicebot.app.evaluation.product import Decision

Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Share:
    """`n` of `of`."""

    n: int
    of: int

    @property
    def value(self) -> float:
        """0..1; of nothing, not a number."""
        return self.n / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval: right also near 0 and 1 and for few sentences."""
        if not self.of:
            return 0.0, 1.0
        p, n = self.value, self.of
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Result:
    """One sentence in one condition. `heard`: what the recogniser made of it; if typed, the sentence."""

    case: Case
    decision: Decision
    heard: str


@dataclass(frozen=True)
class Figure:
    """One thing that is counted: among the sentences `of` is true of, those `n` is true of."""

    key: str
    title: str
    """French, as the report names it."""
    of: Callable[[Case], bool]
    n: Callable[[Result], bool]
    at_least: float | None = None
    at_most: float | None = None
    """What is promised for typed words; None = nothing is."""

    def share(self, results: Iterable[Result]) -> Share:
        """Over those results."""
        these = [result for result in results if self.of(result.case)]
        return Share(sum(map(self.n, these)), len(these))


def _is(*kinds: str) -> Callable[[Case], bool]:
    return lambda case: case.expected in kinds


def noticed(result: Result) -> bool:
    """Acted on or asked about, at whatever level."""
    return result.decision.action is not None


def acted(result: Result) -> bool:
    """At once, at whatever level."""
    return result.decision.action == "act"


def as_emergency(result: Result) -> bool:
    """At once, as an emergency."""
    return acted(result) and result.decision.level == "emergency"


def asked(result: Result) -> bool:
    """One closed question first."""
    return result.decision.action == "ask"


def too_low(result: Result) -> bool:
    """Taken for less than it is: an emergency for the same day or nothing, the same day for nothing."""
    level = result.decision.level
    return level != "emergency" if result.case.expected == "emergency" else level is None


def too_high(result: Result) -> bool:
    """Acted on as more than it is. A question is no over-triage."""
    level = result.decision.level if acted(result) else None
    return level == "emergency" if result.case.expected == "urgent" else level is not None


FIGURES = (
    Figure(
        "emergency_noticed",
        "Urgences vitales repérées (prises en charge ou question)",
        _is("emergency"),
        noticed,
        at_least=0.98,
    ),
    Figure(
        "emergency_acted",
        "Urgences vitales prises en charge aussitôt, comme telles",
        _is("emergency"),
        as_emergency,
        at_least=0.85,
    ),
    Figure("urgent_noticed", "Urgences du jour repérées", _is("urgent"), noticed, at_least=0.95),
    Figure("calm_acted", "Appels calmes traités comme urgents", _is("calm"), acted, at_most=0.03),
    Figure("calm_asked", "Appels calmes avec question", _is("calm"), asked, at_most=0.10),
    Figure("decoy_acted", "Leurres (nié, passé, rapporté) pris en charge", _is("decoy"), acted, at_most=0.10),
    Figure("decoy_asked", "Leurres avec question", _is("decoy"), asked),
    Figure("under_triage", "Sous-triage : niveau trop bas, ou rien", _is("emergency", "urgent"), too_low),
    Figure(
        "over_triage",
        "Sur-triage : pris en charge à un niveau trop haut",
        _is("urgent", "calm", "decoy"),
        too_high,
    ),
    Figure("questions", "Questions posées, tous appels", lambda _: True, asked),
    Figure(
        "said_again",
        "Paroles non comprises, à répéter, tous appels",
        lambda _: True,
        lambda result: result.decision.repeat,
    ),
)
SPOKEN_AIMS = {"phone8": 0.95, "noise15": 0.90}
"""At least that share of emergencies noticed, by condition."""


def shares(results: Sequence[Result]) -> dict[str, Share]:
    """Every figure, by key."""
    return {figure.key: figure.share(results) for figure in FIGURES}


def grouped(results: Iterable[Result], by: Callable[[Case], str]) -> Mapping[str, list[Result]]:
    """By what `by` says of the case, in alphabetical order."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(by(result.case), []).append(result)
    return dict(sorted(found.items()))


def missed(results: Iterable[Result]) -> list[Result]:
    """Urgent sentences that went unnoticed, emergencies first."""
    lost = [r for r in results if r.case.expected in ("emergency", "urgent") and not noticed(r)]
    return sorted(lost, key=lambda r: (r.case.expected, r.case.flag))


def alarmed(results: Iterable[Result]) -> list[Result]:
    """Sentences that nothing was the matter with, acted on."""
    return [r for r in results if r.case.expected in ("calm", "decoy") and acted(r)]
