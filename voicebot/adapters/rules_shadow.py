"""Patterns and words that can never add anything: another of the same rule or concept hears it all."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import permutations

from voicebot.adapters.rules_patterns import sounds
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Either, Heard, Item, Measured, Pattern, Rules

_LOOSER = {"<": ("<", "<="), "<=": ("<=",), ">": (">", ">="), ">=": (">=",)}
MOST = 5
"""Items of a group that are tried in every order; longer groups are left alone."""


Ways = Callable[[str], frozenset[tuple[str, ...]]]
"""What a concept is matched by."""


def ways_of(rules: Rules) -> Ways:
    """For the concepts of a book."""

    @cache
    def ways(concept: str) -> frozenset[tuple[str, ...]]:
        heard = (sounds(way, rules.language) for way in rules.concepts.get(concept, ()))
        return frozenset(way for way in heard if way is not None)

    return ways


def repeated(ways: Sequence[str], language: Language) -> Iterator[tuple[int, int]]:
    """Each way that is matched just as an earlier one: both indices."""
    first: dict[tuple[str, ...], int] = {}
    for n, way in enumerate(ways):
        heard = sounds(way, language)
        if heard is None:
            continue
        if heard in first:
            yield n, first[heard]
        first.setdefault(heard, n)


def covered(patterns: Sequence[Pattern], ways: Ways) -> Iterator[tuple[int, int]]:
    """Each pattern that another of the rule makes needless: its index and the other's."""
    for n, narrow in enumerate(patterns):
        for m, wide in enumerate(patterns):
            # Of two that hear the same, the first is kept.
            if n != m and covers(wide, narrow, ways) and (m < n or not covers(narrow, wide, ways)):
                yield n, m
                break


def covers(wide: Pattern, narrow: Pattern, ways: Ways) -> bool:
    """Whether `wide` hears all that `narrow` hears, as surely."""
    if (wide.ask and not narrow.ask) or not set(wide.unless) <= set(narrow.unless):
        return False
    everything = (*narrow.clause, *narrow.near, *narrow.call)
    return (
        all(any(_implied(one, other, ways) for other in everything) for one in wide.call)
        and (not wide.clause or _within(wide.clause, narrow.clause, ways))
        and (not wide.near or any(_within(wide.near, g, ways) for g in (narrow.clause, narrow.near)))
    )


def _within(wide: Sequence[Either], narrow: Sequence[Either], ways: Ways) -> bool:
    """Whether each of the wide group is implied by another one of the narrow group."""
    # A loss pardons the denial of all that is said with it.
    if len(wide) > len(narrow) or len(narrow) > MOST or (_loses(narrow) and not _loses(wide)):
        return False
    return any(
        all(_implied(one, other, ways) for one, other in zip(wide, order, strict=True))
        for order in permutations(narrow, len(wide))
    )


def _loses(group: Sequence[Either]) -> bool:
    return any(isinstance(item, Heard) and item.lost for either in group for item in either)


def _implied(wide: Either, narrow: Either, ways: Ways) -> bool:
    """Whether `wide` is heard whenever `narrow` is."""
    return bool(narrow) and all(any(_wider(w, n, ways) for w in wide) for n in narrow)


def _wider(wide: Item, narrow: Item, ways: Ways) -> bool:
    match wide, narrow:
        case Heard(), Heard():
            return wide.lost == narrow.lost and (
                wide.concept == narrow.concept or ways(narrow.concept) <= ways(wide.concept)
            )
        case Measured(), Measured():
            more = narrow.value >= wide.value if wide.comparison[0] == ">" else narrow.value <= wide.value
            looser = wide.comparison in _LOOSER[narrow.comparison] or wide.value != narrow.value
            same = wide.measure == narrow.measure and wide.comparison[0] == narrow.comparison[0]
            return same and more and looser
        case _:
            return False
