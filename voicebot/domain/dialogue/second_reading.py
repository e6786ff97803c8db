"""Whether a language model is asked about an utterance, and whether its answer is worth waiting for."""

from collections.abc import Sequence
from typing import Literal

from voicebot.domain.dialogue.state import Question, State
from voicebot.domain.dialogue.urgency import SOUNDS_URGENT
from voicebot.domain.effects import Effect, Say
from voicebot.domain.events import Said
from voicebot.domain.french import fold

Need = Literal["none", "warning", "reading"]
IDENTITY: frozenset[Question] = frozenset({"name", "spelling", "birth_date", "phone", "shown_phone"})
"""Questions whose answer says who somebody is."""
GIVES_UP = "transfer_not_understood"
EMPTY = frozenset(
    "oui ouais non nan si ok okay d accord c est ca bon bien parfait exact exactement merci voila tout a "
    "fait bien sur madame monsieur euh yes no yeah right thanks".split()
)
"""Who says nothing else says yes, no or thanks."""


def need(before: State, said: Said, after: State, effects: Sequence[Effect]) -> Need:
    """`after` and `effects` are what `said` made of `before` without any model.

    "reading": we did not understand it, the turn waits. "warning": we did; only something urgent in it would
    still count, and nobody waits. "none": its words are not sent at all, because rules have spoken, a human
    is there or coming, nobody is to read them, or they only say yes, no, or who the caller is.
    """
    if after.objected or after.ended or after.level or after.with_human or before.waiting == "human":
        return "none"
    if before.asked == "urgency":
        return "none"
    if after.misses > before.misses or any(isinstance(e, Say) and e.phrase == GIVES_UP for e in effects):
        return "reading"
    if after.waiting == "human":
        return "none"
    if after.asked == "urgency" and not any(e.rule == SOUNDS_URGENT for e in after.verdict.evidence):
        return "none"
    if before.asked in IDENTITY or EMPTY.issuperset(fold(said.text).split()):
        return "none"
    return "warning"
