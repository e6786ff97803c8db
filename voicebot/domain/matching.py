"""Which patterns of a rule book a call's words fulfil, and how surely. One pass to find signs, one per pattern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from voicebot.domain.clauses import breaths, clauses, numbered
from voicebot.domain.measures import Figure, figures
from voicebot.domain.phrases import Hit, Index, find, index
from voicebot.domain.qualifiers import Context, Doubt, context, doubts
from voicebot.domain.rules import Heard, Item, Measured, Pattern, Rules
from voicebot.domain.tokens import Token, clean, tokenise

CLAUSE_STEPS = 9
"""Meaningful words from the first to the last sign of a `clause` pattern."""
NEAR_STEPS = 14
"""The same for `near`, across clauses."""
EXCEPT_STEPS = 5
"""How far around a pattern's signs its exceptions are listened for."""
BETWEEN = " … "
"""Between two utterances: a breath, not a sentence's end, for people pause inside what they say."""


class Sign(NamedTuple):
    """A concept or a figure said by tokens `[start, end)`, and what makes it doubtful."""

    start: int
    end: int
    doubt: Doubt


@dataclass(frozen=True)
class Signs:
    """All that was found in a call's words."""

    text: str
    tokens: Sequence[Token]
    clause: Sequence[int]
    heard: Mapping[str, tuple[Sign, ...]]
    """By concept, in order."""
    figures: tuple[tuple[Figure, Doubt], ...]
    regulated: bool
    """The caller says the 15 has already judged this."""


class Match(NamedTuple):
    """A fulfilled pattern: the tokens that did it, and every doubt about them."""

    signs: tuple[Sign, ...]
    doubt: Doubt
    unless: bool = False
    """One of the pattern's exceptions was heard with it."""


@lru_cache(maxsize=8)
def _index(rules: Rules) -> Index:
    return index(rules.concepts)


def read(rules: Rules, utterances: Sequence[str]) -> Signs:
    """The signs in a call's words. Linear in their length."""
    text = clean(BETWEEN.join(utterances))
    tokens = tokenise(text)
    clause, breath = numbered(clauses(tokens)), numbered(breaths(tokens))
    hits = tuple(find(_index(rules), tokens, clause))
    ctx = context(tokens, clause, breath, hits)
    heard: dict[str, list[Sign]] = {}
    for hit in hits:
        heard.setdefault(hit.concept, []).append(Sign(hit.start, hit.end, doubts(ctx, hit)))
    return Signs(
        text,
        tokens,
        clause,
        {concept: tuple(signs) for concept, signs in heard.items()},
        tuple((f, _figure_doubt(ctx, f)) for f in figures(tokens)),
        bool(ctx.said.get("regulated")),
    )


def _figure_doubt(ctx: Context, figure: Figure) -> Doubt:
    # An age is a fact whatever surrounds it; a measured value can be last week's.
    if figure.measure in ("âge", "grossesse"):
        return Doubt.NONE
    return doubts(ctx, Hit("", figure.start, figure.end))


def match(pattern: Pattern, signs: Signs, forgiven: Doubt) -> Match | None:
    """The surest way the pattern is fulfilled, None if it is not. `forgiven` doubts do not count."""
    best: Match | None = None
    for sure in (True, False):
        found = _match(pattern, signs, forgiven, sure=sure)
        if found and not found.unless:
            return found
        best = best or found
    return best


def _match(pattern: Pattern, signs: Signs, forgiven: Doubt, *, sure: bool) -> Match | None:
    used: list[Sign] = []
    for items, steps, inside in (
        (pattern.clause, CLAUSE_STEPS, True),
        (pattern.near, NEAR_STEPS, False),
    ):
        if items:
            # "je sens plus mes jambes": the negation of the verb is not a denial of its object.
            lost = any(isinstance(item, Heard) and item.lost for item in items)
            pardon = forgiven | Doubt.DENIED if lost else forgiven
            group = _together([_said(item, signs, pardon, sure=sure) for item in items], signs, steps, inside)
            if not group:
                return None
            used += group
    unless = bool(pattern.unless) and _excepted(pattern, signs, used)
    for item in pattern.call:
        said = _said(item, signs, forgiven, sure=sure)
        if not said:
            return None
        used.append(said[0])
    doubt = Doubt.NONE
    for sign in used:
        doubt |= sign.doubt
    return Match(tuple(used), doubt, unless)


def _said(item: Item, signs: Signs, forgiven: Doubt, *, sure: bool) -> list[Sign]:
    """Where an item is said; with `sure`, only where nothing makes it doubtful."""
    found = []
    for sign in _candidates(item, signs):
        doubt = sign.doubt & ~forgiven
        if isinstance(item, Heard) and item.lost:
            if Doubt.DENIED not in sign.doubt:
                continue
            doubt &= ~Doubt.DENIED
        if not (sure and doubt):
            found.append(sign._replace(doubt=doubt))
    return found


def _candidates(item: Item, signs: Signs) -> Sequence[Sign]:
    if isinstance(item, Heard):
        return signs.heard.get(item.concept, ())
    return [
        Sign(figure.start, figure.end, doubt)
        for figure, doubt in signs.figures
        if figure.measure == item.measure and item.holds(figure.value)
    ]


def _together(items: list[list[Sign]], signs: Signs, steps: int, inside: bool) -> list[Sign] | None:
    """One sign of each item, close together (`inside` one clause): the last seen of each, walking once."""
    if not all(items):
        return None
    walk = sorted((sign.start, n, sign) for n, said in enumerate(items) for sign in said)
    last: dict[int, Sign] = {}
    for _, n, sign in walk:
        last[n] = sign
        if len(last) < len(items):
            continue
        group = list(last.values())
        first, end = min(s.start for s in group), max(s.end for s in group) - 1
        if len({s.start for s in group}) < len(group):
            continue
        if inside and signs.clause[first] != signs.clause[end]:
            continue
        if signs.tokens[end].place - signs.tokens[first].place <= steps:
            return group
    return None


def _excepted(pattern: Pattern, signs: Signs, used: Sequence[Sign]) -> bool:
    first = signs.tokens[min(sign.start for sign in used)].place if used else 0
    last = signs.tokens[max(sign.end for sign in used) - 1].place if used else 0
    return any(
        first - EXCEPT_STEPS <= signs.tokens[sign.start].place <= last + EXCEPT_STEPS
        for item in pattern.unless
        for sign in _candidates(item, signs)
        if isinstance(item, Measured) or item.lost == (Doubt.DENIED in sign.doubt)
    )
