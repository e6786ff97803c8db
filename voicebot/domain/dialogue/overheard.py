"""Somebody who hurts the caller may be listening: only yes or no is asked, and no number is said aloud until
the caller says that they can talk. Humans are rung meanwhile, as for any emergency."""

from dataclasses import replace

from voicebot.domain.dialogue.state import Outcome, State, ask, first, tell
from voicebot.domain.french import fold
from voicebot.domain.language import Language
from voicebot.domain.languages import FRENCH

ADVICE = frozenset({"17", "119", "3919"})
"""Numbers that, said aloud, tell an aggressor whom the caller is talking to."""
REASON = "Danger : l'appelant est peut-être écouté, questions par oui ou non"
"""Why a human is sought, as the live page shows it."""
GONE = (
    "Danger possible, appel interrompu : ne pas rappeler sans précaution, l'appelant était peut-être écouté"
)
"""What the ticket says of one who left before they could talk."""


def asked(state: State, *, again: bool = False) -> Outcome:
    """Whether the caller can talk; the answer decides if a number is said."""
    return ask(replace(state, overheard=True), "free", "overheard_again" if again else "overheard")


def can_talk(text: str, language: Language = FRENCH) -> bool | None:
    """What the answer means; None: not clear, and then no number is said."""
    line = fold(text)
    if language.talk.cannot_talk.search(line):
        return False
    if language.talk.can_talk.search(line):
        return True
    said = language.values.answer(text)
    return None if said is None else said == "yes"


def not_free(state: State) -> Outcome:
    """They said no: a word that gives nothing away, and the question stays open."""
    return first(tell("overheard_wait"), (replace(state, asked="free"), ()))
