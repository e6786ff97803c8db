"""Everybody's question: once, early, whether it is urgent.

It ends the greeting, "Est-ce urgent ? Sinon, je vous écoute.": two seconds, and no turn, since
people answer with what they want. Who began to speak before it was heard out is asked it alone, before their
wish is served. People open a call with "oui, bonjour": that is no answer.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from voicebot.domain.call import Evidence, Reading, Verdict
from voicebot.domain.dialogue.state import Outcome, State, ask
from voicebot.domain.dialogue.urgency import SOUNDS_URGENT, act, doubt
from voicebot.domain.events import Said
from voicebot.domain.french import fold
from voicebot.domain.language import Routine, Talk
from voicebot.domain.languages import FRENCH

FIRST = "ask_first"
"""The phrase that ends the greeting."""
SWITCHED = "ask_first_switched"
"""The same in another language, for who turned out to speak it."""


@dataclass(frozen=True)
class Reply:
    """What an utterance says to the question; `rest` is what else it says, as it was written."""

    urgent: Literal["yes", "no", "perhaps"] | None
    rest: str


def reply(text: str, talk: Talk = FRENCH.talk) -> Reply:
    """None: the question was passed over for what the caller wants. "perhaps": a complaint after a "oui"."""
    line, how = fold(text), talk.routine
    if no := how.no.match(line):
        return Reply("no", _beside(_after(text, no[0]), how))
    if how.not_urgent.search(line):
        return Reply("no", _beside(text, how))
    words = line.split()
    if how.yes.search(line) and all(word in how.yes_words for word in words):
        return Reply("yes", "")
    return Reply("perhaps" if how.complaint.match(line) else None, text)


def heard_out(state: State) -> State:
    """Our voice has ended, and nobody spoke over it: if it was the greeting, everybody's question was put."""
    asked = state.question is not None and state.question.phrase in (FIRST, SWITCHED)
    put = state.routine == "owed" and asked and not state.listening
    return replace(state, routine="put") if put else state


def to_greeting(state: State, said: Said) -> Outcome | Said:
    """The first answer: a question that goes on, or what is to be understood of it, without its "non"."""
    heard = reply(said.text, state.talk)
    state = replace(state, routine="settled")
    if heard.urgent == "yes":
        return what(state, said)
    if heard.urgent == "perhaps":
        return doubt(state, said) or said
    if heard.urgent == "no" and not heard.rest:
        return ask(state, "open", "ask_open_calm")
    return replace(said, text=heard.rest) if heard.urgent == "no" else said


def what(state: State, said: Said) -> Outcome:
    """They only said yes: what it is, for the rules to hear. Silence counts as yes."""
    evidence = Evidence(SOUNDS_URGENT, "urgent", "uncertain", said.text)
    return ask(replace(state, verdict=Verdict("urgent", "ask", (evidence,))), "what")


def told(state: State, said: Said) -> Outcome | Said:
    """What it is, no rule firing: one closed question, unless they take their yes back."""
    heard = reply(said.text, state.talk)
    if heard.urgent == "no":
        state = replace(state, verdict=Verdict(), asked="open")
        return replace(said, text=heard.rest) if heard.rest else ask(state, "open", "ask_open_calm")
    return doubt(state, said) or said


def alone(state: State, said: Said, reading: Reading) -> Outcome | None:
    """The question by itself, before the first wish of who spoke over the greeting; None: not now."""
    wish = reading.category not in (None, "urgent") and reading.kind not in ("human", "information")
    if state.routine != "owed" or state.level or not wish or reply(said.text, state.talk).urgent == "no":
        return None
    return ask(replace(state, routine="settled", parked=said), "routine")


def to_question(state: State, said: Said) -> Outcome | Said:
    """The answer to the question put by itself; the wish it came before is not lost, nor what is added."""
    heard, parked = reply(said.text, state.talk), state.parked
    assert parked is not None
    if heard.urgent == "yes":
        evidence = Evidence(SOUNDS_URGENT, "urgent", "present", parked.text)
        return act(state, Verdict("urgent", "act", (evidence,)), said.at)
    wish = f"{parked.text}, {heard.rest}" if heard.rest else parked.text
    return replace(parked, at=said.at, text=wish)


def _after(text: str, folded: str) -> str:
    """The text without as many words as were folded at its beginning."""
    gone = len(folded.split())
    rest = text
    while gone and rest:
        word = re.match(r"\W*\w+", rest)
        if word is None:
            return ""
        gone -= len(fold(word[0]).split())
        rest = rest[word.end() :]
    return rest.strip(" ,.;:!?…'’-")


def _beside(text: str, how: Routine) -> str:
    """The clauses that say something else than that it is not urgent."""
    if not how.not_urgent.search(fold(text)):
        return text
    clauses = how.apart.split(text)
    kept = [c.strip() for c in clauses if c.strip() and not how.not_urgent.search(fold(c))]
    kept = [c for c in kept if not how.filler.fullmatch(fold(c))]
    return ", ".join(kept) if kept or len(fold(text).split()) <= 8 else text
