"""Finds named phrases in a tokenised text: one dictionary look-up a word, bounded looks ahead, no backtracking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from voicebot.domain.tokens import LIGHT, Token, clean, tokenise

GAP = 3
"""Steps between two words of a phrase: at most two other meaningful words in between."""
REACH = 8
"""Tokens looked at for the next word of a phrase, light ones included."""


class Hit(NamedTuple):
    """A concept said by tokens `[start, end)`."""

    concept: str
    start: int
    end: int


class Phrase(NamedTuple):
    """A way to say a concept, after its first word. A word with "=" is that very form, right behind the last."""

    concept: str
    rest: tuple[str, ...]


Index = Mapping[str, tuple[Phrase, ...]]
"""Phrases by the stem of their first word (or "=" and the very word)."""


def index(concepts: Mapping[str, Iterable[str]]) -> Index:
    """Prepare the ways to say each concept for `find`."""
    table: dict[str, list[Phrase]] = {}
    for concept, ways in concepts.items():
        for way in ways:
            first, *rest = keys(way)
            phrase = Phrase(concept, tuple(rest))
            if phrase not in table.setdefault(first, []):
                table[first].append(phrase)
    return {first: tuple(phrases) for first, phrases in table.items()}


def keys(way: str) -> tuple[str, ...]:
    """What a written phrase is matched by: its stems without light words, "=word" kept as it is.

    Raises ValueError if no word is left.
    """
    exact = {t.start for t in tokenise(clean(way).replace("=", " ")) if way[max(t.start - 1, 0)] == "="}
    words = [t for t in tokenise(clean(way).replace("=", " ")) if not t.mark]
    heavy = [t for t in words if t.text not in LIGHT or t.start in exact] or words
    if not heavy:
        raise ValueError(way)
    return tuple(f"={t.text}" if t.start in exact else t.stem for t in heavy)


def find(phrases: Index, tokens: Sequence[Token], clause: Sequence[int]) -> Iterator[Hit]:
    """Every hit, in the order of its first word. `clause[i]` is the clause of token i: no phrase crosses one."""
    for i, token in enumerate(tokens):
        for key in (token.stem, f"={token.text}"):
            for phrase in phrases.get(key, ()):
                end = _ends(phrase.rest, tokens, clause, i)
                if end:
                    yield Hit(phrase.concept, i, end)


def _ends(rest: tuple[str, ...], tokens: Sequence[Token], clause: Sequence[int], at: int) -> int:
    """The token after the phrase's last word, or 0 if its words do not follow."""
    for word in rest:
        for j in range(at + 1, min(at + 1 + REACH, len(tokens))):
            if clause[j] != clause[at] or tokens[j].place - tokens[at].place > GAP:
                return 0
            if word == f"={tokens[j].text}" if word[0] == "=" else word == tokens[j].stem:
                at = j
                break
            if word[0] == "=":
                return 0
        else:
            return 0
    return at + 1
