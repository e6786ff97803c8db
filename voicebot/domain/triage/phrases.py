"""Finds named phrases in a tokenised text: a look-up a word, bounded looks ahead, no backtracking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from voicebot.domain.triage.tokens import GRAMMAR, Token, clean, tokenise

NEGATORS = frozenset("pas plus jamais aucun aucune ni sans rien".split())
IDIOM = "(idiom)"
_TOO_COMMON = frozenset(("avoir", "etre", "aller", "faire"))
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


Index = Mapping[str, tuple[Phrase, ...]]
"""Phrases by the stem of their first word (or "=" and the very word)."""


def index(concepts: Mapping[str, Iterable[str]], idioms: Iterable[str] = ()) -> Index:
    """Prepare the ways to say each concept for `find`; idioms are found as `IDIOM`."""
    written = [(concept, keys(way), False) for concept, ways in concepts.items() for way in ways]
    written += [(IDIOM, tuple(t.stem for t in tokenise(clean(way))), True) for way in idioms]
    table: dict[str, list[Phrase]] = {}
    for concept, (first, *rest), strict in written:
        phrase = Phrase(concept, tuple(rest), strict)
        if phrase not in table.setdefault(first, []):
            table[first].append(phrase)
    return {first: tuple(phrases) for first, phrases in table.items()}


def keys(way: str) -> tuple[str, ...]:
    """What a written phrase is matched by: its stems without grammar, "=word" kept as it is.

    "plus de souffle" → plus, souffle. A phrase that would be left with one word ("me cogne", "au sol") or
    with nothing but negations keeps all of them.
    Raises ValueError if there is no word, or only a form of être or avoir.
    """
    exact = {t.start for t in tokenise(clean(way).replace("=", " ")) if way[max(t.start - 1, 0)] == "="}
    words = [t for t in tokenise(clean(way).replace("=", " ")) if not t.mark]
    heavy = [t for t in words if t.text not in GRAMMAR or t.start in exact]
    if len(heavy) <= 1 or all(t.text in NEGATORS for t in heavy):
        heavy = words
    if not heavy or (len(heavy) == 1 and heavy[0].stem in _TOO_COMMON and not exact):
        raise ValueError(way)
    return tuple(f"={t.text}" if t.start in exact else t.stem for t in heavy)


def find(phrases: Index, tokens: Sequence[Token], clause: Sequence[int]) -> Iterator[Hit]:
    """Every hit, in the order of its first word. `clause[i]` is token i's: no phrase crosses into another."""
    said = [(token.stem, f"={token.text}") for token in tokens]
    for i, both in enumerate(said):
        ahead: set[str] | None = None
        for key in both:
            for phrase in phrases.get(key, ()):
                if not phrase.rest:
                    yield Hit(phrase.concept, i, i + 1, (i,))
                    continue
                if ahead is None:
                    ahead = {key for pair in said[i + 1 : i + 1 + REACH] for key in pair}
                # Most phrases stop here: their second word is nowhere near.
                if phrase.rest[0] in ahead and (words := _follow(phrase, said, tokens, clause, i)):
                    yield Hit(phrase.concept, i, words[-1] + 1, words)


def _follow(
    phrase: Phrase, said: Sequence[tuple[str, str]], tokens: Sequence[Token], clause: Sequence[int], at: int
) -> tuple[int, ...]:
    """The tokens that are the phrase, from `at` on; empty if its words do not follow."""
    found = [at]
    for word in phrase.rest:
        for j in range(at + 1, min(at + 1 + REACH, len(tokens))):
            if (clause[j] != clause[at] and not phrase.strict) or tokens[j].place - tokens[at].place > GAP:
                return ()
            if word in said[j]:
                at = j
                found.append(j)
                break
            if word[0] == "=" or phrase.strict:
                return ()
        else:
            return ()
    return tuple(found)
