"""Speech that breaks off again and again ("je… le… le…"): time first, then one question, for it may be a
stroke. Somebody who only looks for their words goes on when they are given time."""

from dataclasses import replace

from voicebot.domain.call import Evidence, Verdict
from voicebot.domain.dialogue.state import Outcome, State, tell
from voicebot.domain.dialogue.urgency import put
from voicebot.domain.events import Said
from voicebot.domain.french import fold
from voicebot.domain.language import Talk
from voicebot.domain.languages import FRENCH

RULE = "parole_hachée"
"""Stands for a rule: no word was said that a rule could hear."""
FEWEST, MOST = 3, 12
"""Fragments: fewer are a hesitation, more than that would hold a word that means something."""
_QUESTIONS = frozenset({"open", "more", "message", "wish", "which", "what"})
"""Where words are expected: a date or a name is broken off by people who think."""


def is_broken(text: str, talk: Talk = FRENCH.talk) -> bool:
    """Only the small words that sentences begin with, and one of them said again."""
    words = fold(text).split()
    kept = [word for word in words if word not in talk.hesitations]
    again = any(a == b for a, b in zip(kept, kept[1:], strict=False)) or len(kept) - len(set(kept)) > 1
    return FEWEST <= len(words) <= MOST and again and all(word in talk.fragments for word in words)


def heard(state: State, said: Said) -> Outcome | None:
    """Patience the first time, the question the second; None: it is speech like any other."""
    if (
        state.asked not in _QUESTIONS
        or not is_broken(said.text, state.talk)
        or state.level
        or RULE in state.denied
    ):
        return None
    if state.halting:
        return question(state, said)
    return replace(state, halting=True), (tell("take_your_time"),)


def question(state: State, said: Said) -> Outcome:
    """Whether it is new; unclear counts as yes, like every urgency question."""
    evidence = Evidence(RULE, "emergency", "uncertain", said.text)
    verdict = Verdict("emergency", "ask", (evidence,))
    return put(replace(state, halting=False), verdict, said, "urgency_speech")
