"""Calls that are over, as their journals tell them: what was said, and what the rules of today make of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from logging import getLogger

from voicebot.adapters.journal_sql import CallRecord
from voicebot.app.books import Books
from voicebot.app.replay import Decision, Records, decision, heard
from voicebot.domain.call import Person
from voicebot.domain.dialogue.fold import again
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.events import Event, Said, Started, TurnRetracted
from voicebot.errors import Unfoldable

LISTED_FOR = timedelta(days=30)
LISTED = 200

log = getLogger(__name__)


@dataclass(frozen=True)
class Heard:
    """One utterance of the caller, from 1. `decision` None: the journal does not fold any more."""

    number: int
    at: datetime
    words: str
    decision: Decision | None = None
    """What the rules of today had made of the call by then."""


@dataclass(frozen=True)
class PastCall:
    """One call that is over. `rules`: the version it went through, "" in a journal older than versions."""

    record: CallRecord
    rules: str
    heard: tuple[Heard, ...]
    person: Person = Person()
    """As the caller described the patient."""


@dataclass(frozen=True)
class PastCalls:
    """Reads the journals of a practice for its page. Raises Unavailable."""

    records: Records
    books: Callable[[], Books]
    clock: Callable[[], datetime]

    async def list(self, practice: str) -> Sequence[CallRecord]:
        """Those that are over, newest first."""
        calls = await self.records.calls(practice, self.clock() - LISTED_FOR, LISTED)
        return [call for call in calls if call.ended is not None]

    async def call(self, practice: str, id: str) -> PastCall | None:
        """One of them; None: it is not there, not over, or the caller does not want their words read."""
        found = next((call for call in await self.list(practice) if call.id == id), None)
        if found is None or found.objected:
            return None
        books = self.books()
        start = State(Setting(books.practices[practice], books.rules_of(practice)), id)
        return told(found, start, [event async for event in self.records.read(practice, id)])


def told(record: CallRecord, state: State, events: Sequence[Event]) -> PastCall:
    """Its utterances, each with what the rules of `state` make of the call by then."""
    said: list[Heard] = []
    folds = True
    for event in heard(events):
        if folds:
            try:
                state = again(state, event)[0]
            except Unfoldable as error:  # its words are shown all the same
                log.error("a past call cannot be folded again: %s", error)
                folds = False
        match event:
            case Said(at=at, text=text):
                said.append(Heard(len(said) + 1, at, text, decision(state) if folds else None))
            case TurnRetracted() if said and (not folds or len(state.words) < len(said)):
                said.pop()
    rules = next((event.rules for event in events if isinstance(event, Started)), "")
    return PastCall(record, rules, tuple(said), state.form.person)
