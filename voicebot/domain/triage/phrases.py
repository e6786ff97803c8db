"""Finds named phrases in a tokenised text: a look-up a word, bounded looks ahead, no backtracking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from voicebot.domain.triage.language import Language
from voicebot.domain.triage.tokens import Keys, Token, clean, tokenise

IDIOM = "(idiom)"
GAP = 3
"""Steps between two words of a phrase: at most two other meaningful words in between."""
REACH = 8
"""Tokens looked at for the next word of a phrase, light ones included."""


class Hit(NamedTuple):
    """A concept said by tokens `[start, end)`; `words` are those that match, in order."""

    concept: str
    start: int
    end: int
    words: tuple[int, ...] = ()


class Phrase(NamedTuple):
    """A way to say a concept, after its first word. "=word" is that very form, right behind the last."""

    concept: str
    rest: tuple[str, ...]
    strict: bool = False
    """An idiom: its words in a row, grammar included."""


class Begun(NamedTuple):
    """What a first word may be: concepts by itself, and phrases by their second word."""

    alone: tuple[str, ...]
    longer: Mapping[str, tuple[Phrase, ...]]
    seconds: frozenset[str]


Index = Mapping[str, Begun]
"""By the stem of a phrase's first word (or "=" and the very word)."""


def index(concepts: Mapping[str, Iterable[str]], idioms: Iterable[str] = (), *, language: Language) -> Index:
    """Prepare the ways to say each concept for `find`; idioms are found as `IDIOM`."""
    alone: dict[str, dict[str, None]] = {}
    longer: dict[str, dict[str, dict[Phrase, None]]] = {}
    written = [(concept, keys(way, language), False) for concept, ways in concepts.items() for way in ways]
    written += [(IDIOM, tuple(t.stem for t in tokenise(clean(way), language)), True) for way in idioms]
    for concept, (first, *rest), strict in written:
        if rest:
            phrase = Phrase(concept, tuple(rest), strict)
            longer.setdefault(first, {}).setdefault(rest[0], {})[phrase] = None
        else:
            alone.setdefault(first, {})[concept] = None
    return {
        first: Begun(
            tuple(alone.get(first, ())),
            {second: tuple(phrases) for second, phrases in longer.get(first, {}).items()},
            frozenset(longer.get(first, ())),
        )
        for first in chain(alone, longer)
    }


def keys(way: str, language: Language) -> Keys:
    """What a written phrase is matched by: its stems without grammar, "=word" kept as it is.

    "plus de souffle" → plus, souffle. A phrase that would be left with one word ("me cogne", "au sol") or
    with nothing but negations keeps all of them.
    Raises ValueError if there is no word, or only a form of être or avoir.
    """
    tokens = tokenise(clean(way).replace("=", " "), language)
    exact = {t.start for t in tokens if way[max(t.start - 1, 0)] == "="}
    words = [t for t in tokens if not t.mark]
    heavy = [t for t in words if t.text not in language.grammar or t.start in exact]
    if len(heavy) <= 1 or all(t.text in language.doubting.negators for t in heavy):
        heavy = words
    if not heavy or (len(heavy) == 1 and heavy[0].stem in language.too_common and not exact):
        raise ValueError(way)
    return tuple(f"={t.text}" if t.start in exact else t.stem for t in heavy)


def find(phrases: Index, tokens: Sequence[Token], clause: Sequence[int]) -> list[Hit]:
    """Every hit, in the order of its first word. `clause[i]` is token i's: no phrase leaves it."""
    found: list[Hit] = []
    ahead = [key for token in tokens for key in token.keys]
    for i, token in enumerate(tokens):
        for key in token.keys:
            begun = phrases.get(key)
            if begun is None:
                continue
            if begun.alone:
                words = (i,)
                found += [Hit(concept, i, i + 1, words) for concept in begun.alone]
            # Most phrases stop here: their second word is nowhere near.
            after = 2 * i + 2
            if not begun.seconds.isdisjoint(ahead[after : after + 2 * REACH]):
                found += _longer(begun, ahead, tokens, clause, i)
    return found


def _longer(
    begun: Begun, ahead: list[str], tokens: Sequence[Token], clause: Sequence[int], at: int
) -> Iterator[Hit]:
    """The phrases whose second word follows token `at`, and the rest of them."""
    after = 2 * at + 2
    seconds = begun.seconds.intersection(ahead[after : after + 2 * REACH])
    for where in sorted(ahead.index(key, after) for key in seconds):
        key, second = ahead[where], where // 2
        if tokens[second].place - tokens[at].place > GAP:
            return
        for phrase in begun.longer[key]:
            if second > at + 1 and (phrase.strict or key[0] == "="):
                continue
            if clause[second] != clause[at] and not phrase.strict:
                continue
            if words := _follow(phrase, tokens, clause, at, second):
                yield Hit(phrase.concept, at, words[-1] + 1, words)


def _follow(
    phrase: Phrase, tokens: Sequence[Token], clause: Sequence[int], first: int, second: int
) -> tuple[int, ...]:
    """The tokens that are the phrase, whose first two words are known; empty if the others do not follow."""
    found = [first, second]
    at = second
    for word in phrase.rest[1:]:
        for j in range(at + 1, min(at + 1 + REACH, len(tokens))):
            if (clause[j] != clause[at] and not phrase.strict) or tokens[j].place - tokens[at].place > GAP:
                return ()
            if word in tokens[j].keys:
                at = j
                found.append(j)
                break
            if word[0] == "=" or phrase.strict:
                return ()
        else:
            return ()
    return tuple(found)
