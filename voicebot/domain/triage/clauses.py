"""Where one statement ends and the next begins, in speech that has no punctuation.

Two grains. A *clause* holds what is said about one thing: a concept and its place in the body are looked
for inside it. A *breath*, shorter, is what a negation can reach: it also ends at commas and "et".
"""

from collections.abc import Sequence
from typing import NamedTuple

from voicebot.domain.triage.language import Language, Where
from voicebot.domain.triage.tokens import Token, fits

_STRONG = frozenset(".!?;")
_WEAK = frozenset(",:…")


class Grains(NamedTuple):
    """For each token, the number of its clause and of its breath, from 0."""

    clause: Sequence[int]
    breath: Sequence[int]


def grains(tokens: Sequence[Token], language: Language) -> Grains:
    """Cut the tokens; one walk."""
    clause, breath = [], []
    c = b = 0
    before = ""
    openings, breath_words = language.openings, language.breath_words
    for i, token in enumerate(tokens):
        text = token.text
        if before in _STRONG or (text in openings and i and _opens(tokens, i, openings[text])):
            c, b = c + 1, b + 1
        elif before in _WEAK or (text in breath_words and i and not token.number):
            b += 1
        clause.append(c)
        breath.append(b)
        before = text
    return Grains(clause, breath)


def _opens(tokens: Sequence[Token], i: int, where: Where) -> bool:
    return not tokens[i].joined and fits(where, tokens, i)
