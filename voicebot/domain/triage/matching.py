"""Which patterns of a rule book a call's signs fulfil, and how surely: one walk over the signs of each."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from voicebot.domain.triage.phrases import Hit
from voicebot.domain.triage.qualifiers import Doubt
from voicebot.domain.triage.rules import Either, Heard, Item, Pattern, Rule, Rules
from voicebot.domain.triage.signs import Placed, Signs

CLAUSE_STEPS = 9
"""Meaningful words from the first to the last sign of a `clause` pattern."""
NEAR_STEPS = 10
"""The same for `near`, across clauses."""
EXCEPT_STEPS = 5
"""How far around a pattern's signs its exceptions are listened for."""


class Match(NamedTuple):
    """A fulfilled pattern: the tokens that did it, and every doubt about them."""

    signs: tuple[Hit, ...]
    doubt: Doubt
    unless: bool = False
    """One of the pattern's exceptions was heard with it."""
    at_once: bool = False
    """And in the same utterance."""


_Keyed = Mapping[str, tuple[tuple[int, int], ...]]
_TABLES: WeakKeyDictionary[Rules, _Keyed] = WeakKeyDictionary()
"""Kept as long as the rules are in force: each practice may have its own."""


def _keyed(rules: Rules) -> _Keyed:
    """(rule, pattern) by each concept or measure that its first item may be: what wakes it."""
    known = _TABLES.get(rules)
    if known is not None:
        return known
    table: dict[str, list[tuple[int, int]]] = {}
    for r, rule in enumerate(rules.rules):
        for p, pattern in enumerate(rule.patterns):
            for item in (*pattern.clause, *pattern.near, *pattern.call)[0]:
                table.setdefault(_key(item), []).append((r, p))
    known = _TABLES[rules] = {key: tuple(places) for key, places in table.items()}
    return known


def awake(rules: Rules, signs: Signs) -> list[tuple[Rule, list[Pattern]]]:
    """The rules, in the book's order, with those of their patterns whose first item was said."""
    table = _keyed(rules)
    found = {place for key in signs.said for place in table.get(key, ())}
    by_rule: dict[int, list[Pattern]] = {}
    for r, p in sorted(found):
        by_rule.setdefault(r, []).append(rules.rules[r].patterns[p])
    return [(rules.rules[r], patterns) for r, patterns in by_rule.items()]


def match(pattern: Pattern, signs: Signs, forgiven: Doubt) -> Match | None:
    """The surest way the pattern is fulfilled, None if it is not. `forgiven` doubts do not count."""
    wanted = (*pattern.clause, *pattern.near, *pattern.call)
    if not all(any(signs.mentions(_key(i)) for i in either) for either in wanted):
        return None
    doubtful = _match(pattern, signs, forgiven, sure=False)
    if doubtful is None or not (doubtful.doubt or doubtful.unless):
        return doubtful
    surest = _match(pattern, signs, forgiven, sure=True)
    if surest is None and _fancied(pattern, doubtful):
        return _match(pattern, signs, forgiven, sure=False, guesses=False)
    return surest or doubtful


def _fancied(pattern: Pattern, found: Match) -> bool:
    """Whether a guess at a word is all there is, or is itself in doubt: no reason to ask."""
    if not any(sign.guessed for sign in found.signs):
        return False
    alone = all(sign.guessed and len(sign.words) == 1 for sign in found.signs)
    return alone or found.doubt != Doubt.MISHEARD or found.unless or pattern.ask


def _match(
    pattern: Pattern, signs: Signs, forgiven: Doubt, *, sure: bool, guesses: bool = True
) -> Match | None:
    """The first way the pattern is fulfilled; with `sure`, only by signs that nothing makes doubtful; without
    `guesses`, by none that is only guessed at."""
    used: list[Hit] = []
    doubt = Doubt.NONE
    for group, steps, inside in ((pattern.clause, CLAUSE_STEPS, True), (pattern.near, NEAR_STEPS, False)):
        if not group:
            continue
        found, wanted = _group(group, signs, _Wanted(forgiven, sure, guesses=guesses), steps, inside)
        if not found:
            return None
        used += found
        for sign in found:
            doubt |= wanted.doubt(sign, signs)
    excepted = _exceptions(pattern, signs, used) if pattern.unless else []
    at_once = any(not signs.apart(sign, *used) for sign in excepted)
    for either in pattern.call:
        pardon = forgiven | Doubt.DENIED if any(_lost(item) for item in either) else forgiven
        said = _alone(either, signs, _Wanted(pardon, sure, guesses=guesses))
        if said is None:
            return None
        used.append(said)
        doubt |= signs.doubt(said) & ~pardon
    return Match(tuple(used), doubt, bool(excepted), at_once)


class _Wanted(NamedTuple):
    """Which signs will do: with `sure`, only those that nothing but what is `forgiven` makes doubtful."""

    forgiven: Doubt
    sure: bool
    lost: bool = False
    """Something no longer works here: what a longer denied phrase makes doubtful is that very thing."""
    guesses: bool = True
    """Words that sound nearly like the sign's will do."""

    def doubt(self, sign: Hit, signs: Signs) -> Doubt:
        """What makes the sign doubtful and is not forgiven."""
        return (signs.own_doubt(sign) if self.lost else signs.doubt(sign)) & ~self.forgiven

    def takes(self, item: Item, sign: Hit, signs: Signs) -> bool:
        """Whether the sign is what the item asks for."""
        if (sign.guessed and not self.guesses) or (_lost(item) and not signs.denied(sign)):
            return False
        return not (self.sure and self.doubt(sign, signs))


def _group(
    group: Sequence[Either], signs: Signs, plain: _Wanted, steps: int, inside: bool
) -> tuple[list[Hit] | None, _Wanted]:
    """One sign of each alternative, close together, and what was wanted of them.

    "je sens plus mes jambes": the negation of the verb is not a denial of its object; so denials are pardoned
    where something is lost, and only there ("fièvre ou pas boire" still hears "pas de fièvre").
    """
    kept = [tuple(item for item in either if not _lost(item)) for either in group]
    if all(kept) and (found := _together(kept, signs, plain, steps, inside)):
        return found, plain
    missed = plain._replace(forgiven=plain.forgiven | Doubt.DENIED, lost=True)
    for n, either in enumerate(group):
        lost = tuple(item for item in either if _lost(item))
        if lost:
            wanted = (*group[:n], lost, *group[n + 1 :])
            if found := _together(wanted, signs, missed, steps, inside):
                return found, missed
    return None, plain


def _alone(either: Either, signs: Signs, wanted: _Wanted) -> Hit | None:
    """The first sign of the first alternative that will do."""
    for item in either:
        for sign in _candidates(item, signs).signs:
            if wanted.takes(item, sign, signs):
                return sign
    return None


def _lost(item: Item) -> bool:
    return isinstance(item, Heard) and item.lost


def _key(item: Item) -> str:
    return item.concept if isinstance(item, Heard) else item.measure


def _candidates(item: Item, signs: Signs) -> Placed:
    if isinstance(item, Heard):
        return signs.placed(item.concept)
    return signs.place([sign for value, sign in signs.figures.get(item.measure, ()) if item.holds(value)])


def _together(
    group: Sequence[Either], signs: Signs, wanted: _Wanted, steps: int, inside: bool
) -> list[Hit] | None:
    """One sign of each, close together (`inside` one clause): looked for around the rarest one's signs."""
    if len(group) == 1:
        alone = _alone(group[0], signs, wanted)
        return alone and [alone]
    said = [
        [(item, placed) for item in either if (placed := _candidates(item, signs)).signs] for either in group
    ]
    rarest = min(said, key=lambda either: sum(len(placed.places) for _, placed in either))
    for place in sorted({place for _, placed in rarest for place in placed.places}):
        first, last = place - steps, place + steps
        if all(any(placed.any_between(first, last) for _, placed in either) for either in said):
            near = [
                [
                    sign
                    for item, placed in either
                    for sign in placed.between(first, last)
                    if wanted.takes(item, sign, signs)
                ]
                for either in said
            ]
            if found := _walk(near, signs, steps, inside):
                return found
    return None


def _walk(items: Sequence[Sequence[Hit]], signs: Signs, steps: int, inside: bool) -> list[Hit] | None:
    """The last seen of each, walking once."""
    if not all(items):
        return None
    last: dict[int, Hit] = {}
    at_once: dict[int, Hit] = {}
    now = -1
    for start, n, sign in sorted((sign.start, n, sign) for n, said in enumerate(items) for sign in said):
        if start != now:
            last.update(at_once)
            at_once, now = {}, start
        # A word that could be several of the items is each in turn.
        at_once[n] = sign
        group = list({**last, n: sign}.values())
        if len(group) == len(items) and _close(group, signs, steps, inside):
            return group
    return None


def _close(group: Sequence[Hit], signs: Signs, steps: int, inside: bool) -> bool:
    """Whether the signs are different words, few enough steps apart, and `inside` one clause if they must."""
    starts = {sign.start for sign in group}
    first, end = min(starts), max(sign.end for sign in group) - 1
    if len(starts) < len(group) or (inside and signs.clause[first] != signs.clause[end]):
        return False
    return signs.tokens[end].place - signs.tokens[first].place <= steps


def _exceptions(pattern: Pattern, signs: Signs, used: Sequence[Hit]) -> list[Hit]:
    """The pattern's exceptions that are said near its signs."""
    first = signs.tokens[min(sign.start for sign in used)].place if used else 0
    last = signs.tokens[max(sign.end for sign in used) - 1].place if used else 0
    return [
        sign
        for item in pattern.unless
        for sign in _candidates(item, signs).between(first - EXCEPT_STEPS, last + EXCEPT_STEPS)
        if not sign.unsure and (not _lost(item) or signs.denied(sign))
    ]
