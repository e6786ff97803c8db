"""Why `judge` says what it says: which words are which part of a rule, and what keeps it from being sure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from voicebot.domain.call import Verdict
from voicebot.domain.triage.judging import Weighed, judge, weigh
from voicebot.domain.triage.matching import awake
from voicebot.domain.triage.phrases import Hit
from voicebot.domain.triage.qualifiers import Doubt
from voicebot.domain.triage.rules import Rule, Rules
from voicebot.domain.triage.signs import Signs, read

Why = Literal[
    "denied", "over", "long_ago", "supposed", "misheard", "errand", "unless", "ask", "regulated"
]  # fmt: skip
"""What makes a rule ask, or keep silent, instead of act: a `Doubt`, its exception, its own wish, the 15."""


@dataclass(frozen=True)
class Part:
    """Words of the caller, and what they are to the rule: a concept's or measure's name as it is written."""

    words: str
    meaning: str


@dataclass(frozen=True)
class Reason:
    """One rule that recognised something. `silent`: it says nothing, for the reasons in `why`."""

    rule: Rule
    status: Literal["present", "uncertain", "silent"]
    parts: tuple[Part, ...]
    """In the order they were said."""
    why: tuple[Why, ...]
    """Empty when it is sure."""


@dataclass(frozen=True)
class Explanation:
    """A verdict, with every rule that had a part in it, the decisive ones first, the silent ones last."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


def explain(rules: Rules, utterances: Sequence[str]) -> Explanation:
    """The same as `judge`, and why."""
    verdict, signs = judge(rules, utterances), read(rules, utterances)
    order = {evidence.rule: n for n, evidence in enumerate(verdict.evidence)}
    reasons = [
        Reason(rule, best.status, tuple(_parts(best, signs)), tuple(_why(best, signs)))
        for rule, patterns in awake(rules, signs)
        if (best := weigh(rule, patterns, signs)) is not None
    ]
    return Explanation(verdict, tuple(sorted(reasons, key=lambda r: order.get(r.rule.id, len(order)))))


def _parts(best: Weighed, signs: Signs) -> Iterator[Part]:
    for sign in sorted(best.found.signs, key=lambda sign: sign.start):
        yield Part(_said(sign, signs), sign.concept)


def _said(sign: Hit, signs: Signs) -> str:
    return signs.text[signs.tokens[sign.start].start : signs.tokens[sign.end - 1].end]


def _why(best: Weighed, signs: Signs) -> Iterator[Why]:
    if best.status == "present":
        return
    for doubt in Doubt:
        if doubt in best.found.doubt:
            yield doubt.name.lower()  # type: ignore[union-attr, misc]  # a single flag, named as in Why
    if best.found.unless:
        yield "unless"
    if best.pattern.ask:
        yield "ask"
    if signs.regulated:
        yield "regulated"
