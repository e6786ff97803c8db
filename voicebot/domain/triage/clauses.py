"""Where one statement ends and the next begins, in speech that has no punctuation.

Two grains. A *clause* holds what is said about one thing: a concept and its place in the body are looked
for inside it. A *breath*, shorter, is what a negation can reach: it also ends at commas and "et".
"""

from collections.abc import Sequence
from typing import NamedTuple

from voicebot.domain.triage.language import Language
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
    for i, token in enumerate(tokens):
        if i and (before in _STRONG or _opens(tokens, i, token, language)):
            c, b = c + 1, b + 1
        elif i and (before in _WEAK or (token.text in language.breath_words and not token.number)):
            b += 1
        clause.append(c)
        breath.append(b)
        before = token.text
    return Grains(clause, breath)


def _opens(tokens: Sequence[Token], i: int, token: Token, language: Language) -> bool:
    where = language.openings.get(token.text)
    return where is not None and not token.joined and fits(where, tokens, i)
