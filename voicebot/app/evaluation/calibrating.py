"""From which score the statistical ear may have a question asked, found on sentences it never learnt from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicebot.app.evaluation.cases import Case

URGENT = ("emergency", "urgent")


@dataclass(frozen=True)
class Calibrated:
    """A threshold and what it did on the sentences it was found on."""

    threshold: float
    urgent: int
    """Sentences a careful secretary would notice, …"""
    by_rules: int
    """… those the rules notice, and those the rules and the ear do."""
    with_ear: int
    calm: int
    calm_asked: int
    """Calm sentences on which the rules are silent and the ear would have a question asked."""


def calibrated(
    cases: Sequence[Case],
    silent: Callable[[str], bool],
    score: Callable[[str], float],
    budget: float,
) -> Calibrated:
    """The threshold that notices most while the ear alone asks about at most `budget` (0..1) of the calm
    sentences; of those that notice as many, the highest. `silent`: the rules say nothing of a sentence."""
    urgent = [case for case in cases if case.expected in URGENT]
    calm = [case for case in cases if case.expected == "calm"]
    lost = sorted((score(case.text) for case in urgent if silent(case.text)), reverse=True)
    false = sorted((score(case.text) for case in calm if silent(case.text)), reverse=True)
    spared = int(budget * len(calm))
    """How many calm sentences it may ask about."""
    bar = false[spared] if spared < len(false) else 0.0
    caught = [found for found in lost if found > bar]
    below = caught[-1] if caught else 1.0
    above = max([bar, *(found for found in false if found < below)])
    threshold = round((below + above) / 2, 3)
    return Calibrated(
        threshold,
        urgent=len(urgent),
        by_rules=len(urgent) - len(lost),
        with_ear=len(urgent) - len(lost) + sum(found >= threshold for found in lost),
        calm=len(calm),
        calm_asked=sum(found >= threshold for found in false),
    )
