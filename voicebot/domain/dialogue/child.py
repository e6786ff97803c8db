"""Whether a child is calling: they are told what to do in simple words that suit anybody, and to stay."""

import re
from collections.abc import Sequence

from voicebot.domain.french import fold

_CHILD = re.compile(
    r"\b(?:maman|papa|mamie|papi|papy|mamy|nounou|tata|tonton)"
    r" (?:elle|il|y|est (?:par terre|tombee?|morte?))\b"
    r"|\bj ai (?:[4-9]|1[0-3]|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize) ans\b"
    r"|\b(?:je suis|suis) (?:une? enfant|une petite fille|un petit garcon|trop petite?)\b"
)
"""« Maman, elle… » as a child says it; an adult who does hears a sentence that is right for them too."""


_YOUNG = re.compile(
    r"\bj ai (?:[4-9]|1[0-3]|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize) ans\b(?! de)"
    r"|\b(?:je suis|suis) (?:une? enfant|une petite fille|un petit garcon|trop petite?)\b"
)
"""A child's own words only: "maman, elle…" is also how grown children speak."""


def alone(words: Sequence[str]) -> bool:
    """A child speaks for themselves, so no adult is on the line. `words`: the caller's utterances."""
    return any(_YOUNG.search(fold(said)) for said in words)


def speaks(words: Sequence[str]) -> bool:
    """`words`: the caller's utterances."""
    return any(_CHILD.search(fold(said)) for said in words)
