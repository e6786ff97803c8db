"""Whether a child is calling: they are told what to do in simple words that suit anybody, and to stay."""

from collections.abc import Sequence

from voicebot.domain.french import fold
from voicebot.domain.language import Talk
from voicebot.domain.languages import FRENCH


def alone(words: Sequence[str], talk: Talk = FRENCH.talk) -> bool:
    """A child speaks for themselves, so no adult is on the line. `words`: the caller's utterances."""
    return any(talk.young.search(fold(said)) for said in words)


def speaks(words: Sequence[str], talk: Talk = FRENCH.talk) -> bool:
    """`words`: the caller's utterances."""
    return any(talk.child.search(fold(said)) for said in words)
