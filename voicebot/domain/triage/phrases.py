"""Finds named phrases in a tokenised text: a look-up a word, bounded looks ahead, no backtracking."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain
from types import MappingProxyType
from typing import NamedTuple

from voicebot.domain.triage.language import Language
from voicebot.domain.triage.tokens import Keys, Token, clean, tokenise

IDIOM = "(idiom)"
GAP = 3
"""Steps between two words of a phrase: at most two other meaningful words in between."""
REMEMBERED = 16384
"""Words of callers, in one index."""
REACH = 8
"""Tokens looked at for the next word of a phrase, light ones included."""


class Hit(NamedTuple):
    """A concept said by tokens `[start, end)`; `words` are those that match, in order."""

    concept: str
    start: int
    end: int
    words: tuple[int, ...] = ()
    unsure: bool = False
    """It only sounds like what a doctor wrote."""
    guessed: bool = False
    """It does not even sound the same: one sound is another."""


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


@dataclass(frozen=True, eq=False)
class Index:
    """Phrases by their first word."""

    first: Mapping[str, Begun]
    """By its stem, or "=" and the very word."""
    words: dict[str, Begun | None] = field(default_factory=dict)
    """By what callers said so far, lest the same words be looked up again and again."""

    def begun(self, keys: Keys) -> Begun | None:
        """What a word matched by `keys` may begin."""
        found = [self.first[key] for key in keys if key in self.first]
        if len(found) < 2:
            return found[0] if found else None
        longer: dict[str, tuple[Phrase, ...]] = {}
        for one in found:
            for second, phrases in one.longer.items():
                longer[second] = longer.get(second, ()) + phrases
        return Begun(tuple(chain.from_iterable(one.alone for one in found)), longer, frozenset(longer))

    def of(self, token: Token) -> Begun | None:
        """The same for a token as it was heard."""
        if token.text in self.words:
            return self.words[token.text]
        if len(self.words) >= REMEMBERED:
            self.words.clear()
        return self.words.setdefault(token.text, self.begun(token.keys))


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
    return Index(
        {
            first: Begun(
                tuple(alone.get(first, ())),
                {second: tuple(phrases) for second, phrases in longer.get(first, {}).items()},
                frozenset(longer.get(first, ())),
            )
            for first in chain(alone, longer)
        }
    )


@lru_cache(maxsize=16384)
def written(way: str, language: Language) -> tuple[Token, ...]:
    """The words of a written phrase, "=word" as the word."""
    return tokenise(clean(way).replace("=", " "), language)


@lru_cache(maxsize=16384)
def keys(way: str, language: Language) -> Keys:
    """What a written phrase is matched by: its stems without grammar, "=word" kept as it is.

    "plus de souffle" → plus, souffle. A phrase that would be left with one word ("me cogne", "au sol") or
    with nothing but negations keeps all of them.
    Raises ValueError if there is no word, or only a form of être or avoir.
    """
    tokens = written(way, language)
    exact = {t.start for t in tokens if way[max(t.start - 1, 0)] == "="}
    words = [t for t in tokens if not t.mark]
    heavy = [t for t in words if t.text not in language.grammar or t.start in exact]
    if len(heavy) <= 1 or all(t.text in language.doubting.negators for t in heavy):
        heavy = words
    if not heavy or (len(heavy) == 1 and heavy[0].stem in language.too_common and not exact):
        raise ValueError(way)
    return tuple(f"={t.text}" if t.start in exact else t.stem for t in heavy)


class Line(NamedTuple):
    """Tokens as `find` walks them. `keys`: what each is matched by; `clause`: no phrase leaves its own."""

    tokens: Sequence[Token]
    clause: Sequence[int]
    keys: Sequence[Keys]
    begun: Sequence[Begun | None]
    """What each may begin."""
    ahead: Sequence[str]
    """All keys in a row …"""
    whose: Sequence[int]
    """… the token each is of …"""
    begins: Sequence[int]
    """… and where each token's begin; further on, where the last one's end."""


def line(
    phrases: Index,
    tokens: Sequence[Token],
    clause: Sequence[int],
    meant: Mapping[int, Keys] = MappingProxyType({}),
) -> Line:
    """Tokens ready for `find`; those in `meant` are matched by other keys than their own."""
    keys = [token.keys for token in tokens]
    begun = [phrases.of(token) for token in tokens]
    for i, other in meant.items():
        keys[i], begun[i] = other, phrases.begun(other)
    begins = list(accumulate(map(len, keys), initial=0))
    begins += begins[-1:] * REACH
    ahead = list(chain.from_iterable(keys))
    return Line(tokens, clause, keys, begun, ahead, [i for i, of in enumerate(keys) for _ in of], begins)


class Found(NamedTuple):
    """What was found: most of it is words that are a concept alone, which need no more than their token."""

    alone: Mapping[str, Sequence[int]]
    """Tokens by concept, in order."""
    longer: Sequence[Hit]
    """Phrases of several words, in the order of their first."""

    def hits(self) -> Iterator[Hit]:
        """All of it."""
        for concept, places in self.alone.items():
            for i in places:
                yield Hit(concept, i, i + 1, (i,))
        yield from self.longer


def find(said: Line, starts: Iterable[int] | None = None) -> Found:
    """Everything that begins at one of `starts`, which are in order (None: anywhere)."""
    alone: defaultdict[str, list[int]] = defaultdict(list)
    longer: list[Hit] = []
    ahead, begins = said.ahead, said.begins
    for i in range(len(said.tokens)) if starts is None else starts:
        begun = said.begun[i]
        if begun is None:
            continue
        for concept in begun.alone:
            alone[concept].append(i)
        # Most phrases stop here: their second word is nowhere near.
        if begun.seconds and not begun.seconds.isdisjoint(ahead[begins[i + 1] : begins[i + 1 + REACH]]):
            _longer(begun, said, i, longer)
    return Found(alone, longer)


def _longer(begun: Begun, said: Line, at: int, found: list[Hit]) -> None:
    """Adds the phrases whose second word follows token `at`, and the rest of them."""
    tokens, clause, _, _, ahead, whose, begins = said
    after, furthest, here = begins[at + 1], tokens[at].place + GAP, clause[at]
    seconds = begun.seconds.intersection(ahead[after : begins[at + 1 + REACH]])
    # By place: the order of a set is another one in every process.
    for where in sorted([ahead.index(key, after) for key in seconds]):
        key, second = ahead[where], whose[where]
        if tokens[second].place > furthest:
            return
        for phrase in begun.longer[key]:
            concept, rest, strict = phrase
            if (second > at + 1 and (strict or key[0] == "=")) or (clause[second] != here and not strict):
                continue
            words = (at, second) if len(rest) == 1 else _follow(phrase, said, at, second)
            if words:
                found.append(Hit(concept, at, words[-1] + 1, words))


def _follow(phrase: Phrase, said: Line, first: int, second: int) -> tuple[int, ...]:
    """The tokens that are the phrase, whose first two words are known; empty if the others do not follow."""
    tokens, clause = said.tokens, said.clause
    found = [first, second]
    at = second
    for word in phrase.rest[1:]:
        for j in range(at + 1, min(at + 1 + REACH, len(tokens))):
            if (clause[j] != clause[at] and not phrase.strict) or tokens[j].place - tokens[at].place > GAP:
                return ()
            if word in said.keys[j]:
                at = j
                found.append(j)
                break
            if word[0] == "=" or phrase.strict:
                return ()
        else:
            return ()
    return tuple(found)
