"""Past calls on changed rules: where would a call first have been decided otherwise?

The recorded utterances go through the fold twice, on the rules the call went through and on the changed ones.
At the first difference it stops: what the caller would have answered then is not invented. Nothing is
written. Partial transcripts are left out, their words come again in the utterance, unless the caller hung up
before it was finished.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from logging import getLogger
from typing import Literal, Protocol

from voicebot.adapters.journal_sql import CallRecord
from voicebot.domain.call import Level
from voicebot.domain.dialogue.fold import again
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.events import Event, HungUp, PartlySaid, Said, Started, Unheard
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Unavailable, Unfoldable

Fate = Literal["same", "other_rule", "changed", "objected", "unreadable", "running"]
"""What became of one call: decided alike; alike, for another rule; otherwise; its words are or will be
destroyed at the caller's wish; its journal does not open or does not fold; it is not over."""

log = getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """What the rules have made of a call so far."""

    level: Level | None = None
    """Acted upon."""
    asked: str = ""
    """The closed question that is open, if one is."""
    advice: str = ""
    """The number an emergency was sent to."""
    rule: str = ""
    """It rests on this one; empty: on none."""
    say: str = ""
    """The rule's own sentence, once acted upon; empty: the number's."""
    reach: str = ""
    """Whom the rule has rung first; empty: the practice's order."""

    def alike(self, other: "Decision") -> bool:
        """Whether nobody would have noticed a difference."""
        return replace(self, rule="") == replace(other, rule="")


@dataclass(frozen=True)
class Divergence:
    """Where a call would first have been decided otherwise."""

    utterance: int
    """Which of the caller's, from 1."""
    words: str
    """The caller's: for the screen of who asked, never for a log."""
    before: Decision
    after: Decision

    @property
    def rule(self) -> str:
        """The one to look at: that decides now, or did and no longer does."""
        return self.after.rule or self.before.rule


@dataclass(frozen=True)
class Replayed:
    """One past call. `rules`: the version it went through, "" when it did not say."""

    call: CallRecord
    fate: Fate
    divergence: Divergence | None = None
    rules: str = ""
    as_then: bool = True
    """False: the version it went through is not there any more; it was compared with the one in force."""


class Records(Protocol):
    """What is read of the journal (`SqlJournal`). Raises Unavailable."""

    async def calls(self, practice: str, since: datetime, limit: int | None) -> Sequence[CallRecord]:
        """Begun since then, newest first; None: all of them."""
        ...

    def read(self, practice: str, call: str) -> AsyncIterator[Event]:
        """Of one call, in order."""
        ...


RulesOf = Callable[[str], Rules | None]
"""The rules of a version; None: they are not kept anywhere."""


async def replayed(
    records: Records, practice: Practice, since: datetime, in_force: Rules, changed: Rules, kept: RulesOf
) -> Sequence[Replayed]:
    """Every call of a practice begun since then, oldest first. Raises Unavailable when none can be listed."""
    calls = await records.calls(practice.id, since, None)
    return [await _replayed(records, practice, call, in_force, changed, kept) for call in reversed(calls)]


async def _replayed(
    records: Records, practice: Practice, call: CallRecord, in_force: Rules, changed: Rules, kept: RulesOf
) -> Replayed:
    if call.ended is None:
        return Replayed(call, "running")
    if call.objected:
        return Replayed(call, "objected")
    try:
        events = [event async for event in records.read(practice.id, call.id)]
    except Unavailable:
        return Replayed(call, "unreadable")
    version = next((event.rules for event in events if isinstance(event, Started)), "")
    then = in_force if version == in_force.version else kept(version) if version else None
    try:
        fate, found = compared(
            State(Setting(practice, then or in_force), call.id),
            State(Setting(practice, changed), call.id),
            events,
        )
    except Unfoldable as error:  # the other calls do
        log.error("a past call cannot be folded again: %s", error)
        return Replayed(call, "unreadable", rules=version)
    return Replayed(call, fate, found, version, then is not None)


def compared(before: State, after: State, events: Iterable[Event]) -> tuple[Fate, Divergence | None]:
    """Fold the same events from both states until they are decided otherwise."""
    fate: Fate = "same"
    for event in heard(events):
        before, after = again(before, event)[0], again(after, event)[0]
        one, other = decision(before), decision(after)
        if not one.alike(other):
            words = max(before.words, after.words, key=len)
            return "changed", Divergence(len(words), words[-1] if words else "", one, other)
        if one != other:
            fate = "other_rule"
    return fate, None


def heard(events: Iterable[Event]) -> Iterator[Event]:
    """The events without the partial transcripts of utterances that were finished."""
    partial: list[Event] = []
    for event in events:
        match event:
            case PartlySaid():
                partial.append(event)
            case Said() | Unheard():
                partial.clear()
                yield event
            case HungUp():
                yield from (*partial, event)
                partial.clear()
            case _:
                yield event


def decision(state: State) -> Decision:
    """What the rules have made of the call, as the caller noticed it."""
    asked = state.question if state.asked == "urgency" else None
    question = str(asked.values.get("question", asked.phrase)) if asked else ""
    heard = next((evidence.rule for evidence in state.verdict.evidence), "")
    if state.level is None:
        return Decision(None, question, rule=heard if asked else "")
    acted = next((rule for rule in state.setting.rules.every if rule.id == (state.rule or heard)), None)
    advice = state.advice if state.level == "emergency" else ""
    say, reach = (acted.say, acted.reach) if acted else ("", "")
    return Decision(state.level, question, advice, state.rule or heard, say, reach)
