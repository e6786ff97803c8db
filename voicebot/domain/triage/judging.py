"""Rules and a call's words → a verdict with its evidence. Pure, and the same for partial transcripts.

An emergency that is heard in whatever way is acted on or asked about, never passed over: qualifiers,
exceptions and an earlier opinion of the 15 only turn "act" into one closed question.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal, NamedTuple

from voicebot.domain.call import Evidence, Level, Verdict
from voicebot.domain.triage.matching import Match, awake, match
from voicebot.domain.triage.qualifiers import Doubt
from voicebot.domain.triage.rules import Pattern, Rule, Rules
from voicebot.domain.triage.signs import BETWEEN, Signs, read

_SILENCING = Doubt.DENIED | Doubt.LONG_AGO
"""Below an emergency, what is clearly denied, long past or excepted is not worth a question."""
_HINT_SILENCING = Doubt.ERRAND
"""A pattern too weak to act on (`Pattern.ask`) is a hint, no flag: said of a paper or excepted, in one and
the same utterance, it is not worth a question either. "Pour le bilan annuel, mon oncle a eu un infarctus"."""
RAMBLING, SCATTERED = 30, 3
"""In an utterance of so many tokens, signs more than so many steps apart (`Token.place`) are asked about: in
one long sentence they stand together by chance, more often than not. On 650 calm lines not looked at before
39 are then acted on, 52 otherwise; of 320 emergencies of the blind sets 282, and 284 otherwise."""
BREAK = BETWEEN.strip()
_RANK: dict[Level, int] = {"emergency": 2, "urgent": 1}


def judge(rules: Rules, utterances: Sequence[str], speaking: str = "") -> Verdict:
    """What the words so far call for. `utterances`: every one of the caller's in this call, oldest first.
    `speaking`: the language in which a question can be asked, by code; "" = the book's own.

    On a partial transcript the caller of this function acts only when two successive ones agree.
    """
    spoken = rules.spoken(speaking)
    own = _judged(spoken, utterances)
    others = [_certain(_judged(book, utterances)) for book in (rules, *rules.also) if book is not spoken]
    heard = [verdict for verdict in others if verdict.level]
    if not heard:
        return own
    if own.level == "emergency" and own.action == "act":
        advice = "15" if "15" in (verdict.advice for verdict in heard) else own.advice
        return replace(own, evidence=(*own.evidence, *(e for v in heard for e in v.evidence)), advice=advice)
    return replace(heard[0], evidence=(*(e for v in heard for e in v.evidence), *own.evidence))


def _certain(verdict: Verdict) -> Verdict:
    """What another language's book makes of words that may not be in it: only an emergency that is surely
    there ("il ne respire plus"). Its doubts are worth a question when its language is spoken."""
    evidence = tuple(e for e in verdict.evidence if e.level == "emergency" and e.status == "present")
    return replace(verdict, evidence=evidence) if evidence and verdict.action == "act" else Verdict()


def _judged(rules: Rules, utterances: Sequence[str]) -> Verdict:
    """What one book makes of them."""
    verdict = _verdict(rules, _found(rules, read(rules, utterances)))
    if verdict.level == "emergency" or len(utterances) == 1:
        return verdict
    # A pause in the middle of a phrase or a figure ("elle a six … semaines") hides it: worth a question.
    paused = [
        (rule, replace(evidence, status="uncertain"))
        for rule, evidence in _found(rules, read(rules, (" ".join(utterances),)))
        if evidence.level == "emergency"
    ]
    return _verdict(rules, paused, verdict.evidence) if paused else verdict


def _found(rules: Rules, signs: Signs) -> list[tuple[Rule, Evidence]]:
    """The rules that are fulfilled, in the book's order."""
    return [
        (rule, evidence)
        for rule, patterns in awake(rules, signs)
        if (evidence := _evidence(rule, patterns, signs)) is not None
    ]


def _verdict(rules: Rules, found: Sequence[tuple[Rule, Evidence]], more: Sequence[Evidence] = ()) -> Verdict:
    """Highest level first, then the certain before the doubtful; the book's order settles the rest. `more`:
    evidence that does not decide."""
    if not found:
        return Verdict()
    ranked = sorted(found, key=lambda pair: (-_RANK[pair[1].level], pair[1].status != "present"))
    rule, first = ranked[0]
    peers = [r.advice for r, e in ranked if (e.level, e.status) == (first.level, first.status)]
    return Verdict(
        level=first.level,
        action="act" if first.status == "present" else "ask",
        evidence=(*(evidence for _, evidence in ranked), *more),
        question="" if first.status == "present" else rule.question or rules.question,
        # A narrower number never hides a reason for the 15.
        advice="15" if "15" in peers else rule.advice,
    )


def heard_by(rules: Rules, rule: str, utterances: Sequence[str]) -> Evidence | None:
    """What `judge` has from one rule, without asking the others: to try a rule's examples."""
    signs = read(rules, utterances)
    asked = [found for found in awake(rules, signs) if found[0].id == rule]
    return next((e for one, patterns in asked if (e := _evidence(one, patterns, signs))), None)


class Weighed(NamedTuple):
    """A rule's surest pattern; "silent": heard, and below an emergency not worth a question."""

    status: Literal["present", "uncertain", "silent"]
    pattern: Pattern
    found: Match


def weigh(rule: Rule, patterns: Sequence[Pattern], signs: Signs) -> Weighed | None:
    """How surely one of the patterns is fulfilled; None: none is."""
    forgiven = Doubt.OVER if rule.vanished_counts else Doubt.NONE
    if rule.level == "urgent":
        forgiven |= Doubt.ERRAND  # what a human deals with today may well be a paper
    best: Weighed | None = None
    for pattern in patterns:
        found = match(pattern, signs, forgiven)
        if found is None:
            continue
        if _silent(rule, pattern, found):
            best = best or Weighed("silent", pattern, found)
        elif not (
            found.doubt or found.unless or pattern.ask or signs.regulated or _scattered(pattern, found, signs)
        ):
            return Weighed("present", pattern, found)
        elif best is None or best.status == "silent":
            best = Weighed("uncertain", pattern, found)
    return best


def _scattered(pattern: Pattern, found: Match, signs: Signs) -> bool:
    """Whether signs that must be said together may stand so by chance."""
    together = found.signs[: len(pattern.clause) + len(pattern.near)]
    spans = sorted((sign.start, sign.end) for sign in together if sign.words)
    if not spans or _length(signs, spans[0][0], spans[-1][1]) < RAMBLING:
        return False
    return any(
        signs.tokens[start].place - signs.tokens[end - 1].place > SCATTERED
        for (_, end), (start, _) in pairwise(spans)
    )


def _length(signs: Signs, start: int, end: int) -> int:
    """Tokens of the utterances that hold those between."""
    breaks = [-1, *(i for i, token in enumerate(signs.tokens) if token.text == BREAK), len(signs.tokens)]
    first = max(i for i in breaks if i < start)
    return min(i for i in breaks if i >= end) - first - 1


def _silent(rule: Rule, pattern: Pattern, found: Match) -> bool:
    """Whether what makes it doubtful leaves no reason to ask."""
    silencing = _SILENCING if rule.level == "urgent" else Doubt.NONE
    if pattern.ask:
        silencing |= _HINT_SILENCING | (Doubt.SUPPOSED if rule.level == "urgent" else Doubt.NONE)
    excepted = found.unless if rule.level == "urgent" else found.at_once and pattern.ask
    return bool(found.doubt & silencing) or excepted


def _evidence(rule: Rule, patterns: Sequence[Pattern], signs: Signs) -> Evidence | None:
    """What a rule has to say, if anything."""
    best = weigh(rule, patterns, signs)
    if best is None or best.status == "silent":
        return None
    return Evidence(rule.id, rule.level, best.status, _words(best.found, signs))


def _words(found: Match, signs: Signs) -> str:
    """The caller's own words from first to last sign; far apart ones joined by "…"."""
    spans: list[list[int]] = []
    for start, end in sorted((sign.start, sign.end) for sign in found.signs):
        if spans and signs.tokens[start].place - signs.tokens[spans[-1][1] - 1].place <= 3:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return " … ".join(signs.text[signs.tokens[a].start : signs.tokens[b - 1].end] for a, b in spans)
