"""What a conversation needs of the world, as Protocols. Every call has a deadline: its caller's, stated here.

Audio is s16le mono 16 kHz unless a docstring says otherwise.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from voicebot.domain.call import Appointment, Busy, Level, Opinion, Person, Slot, Ticket, TransferOutcome
from voicebot.domain.effects import PLAIN, Expects, Manner, Transfer
from voicebot.domain.events import Event
from voicebot.domain.understanding.reading import Context


@dataclass(frozen=True)
class Transcript:
    """What was heard. `speech` False: noise, music or a cough, whatever the words say.
    `confidence` is exp(average log-probability), 0..1; `clear` False: ask the caller again."""

    text: str
    speech: bool
    clear: bool
    confidence: float


class Transcriber(Protocol):
    """Speech to text. Deadline 6 s; raises EngineFailed."""

    async def transcribe(
        self,
        audio: bytes,
        *,
        hotwords: str = "",
        expects: Expects | None = None,
        languages: Sequence[str] = ("fr",),
    ) -> Transcript:
        """`audio`: s16le mono 16 kHz, at most 28 s. `languages`: codes of what may be spoken, the likeliest
        first."""
        ...


class Synthesizer(Protocol):
    """Text to speech. Deadline 8 s to the first clause; raises EngineFailed."""

    @property
    def rate(self) -> int:
        """Hz of the audio it makes."""
        ...

    async def synthesize(self, text: str) -> bytes:
        """One clause, as it should be heard; s16le mono at `rate`, no silence at its head."""
        ...


class Reader(Protocol):
    """Scores an utterance by class; immediate (under 40 ms of CPU)."""

    def scores(self, text: str, language: str = "fr") -> Mapping[str, float]:
        """Probability by class name; empty if it has no opinion, as of a language it never learnt."""
        ...


class Ear(Protocol):
    """A second, statistical opinion on how urgent something sounds; immediate (under 30 ms of CPU)."""

    def alarmed(self, text: str) -> bool:
        """Whether a closed question is worth asking. It never decides more than that."""
        ...


class Reasoner(Protocol):
    """A language model that reads, and nothing else. Its absence changes no guarantee."""

    @property
    def deadline_s(self) -> float:
        """An opinion that comes later is none."""
        ...

    async def opinion(self, text: str, context: Context) -> Opinion | None:
        """What it reads in one utterance; None: nothing usable in time, whatever the reason (it counts them
        itself). Raises nothing."""
        ...


class Calendar(Protocol):
    """The practice's agenda. Deadline 3 s. Raises Unavailable; writes also FateUnknown."""

    async def busy(self, practice: str, start: datetime, end: datetime) -> Sequence[Busy]:
        """Held and confirmed spans that touch `[start, end)`."""
        ...

    async def patients_born(self, practice: str, birth_date: date) -> Sequence[Person]:
        """Known patients with that birth date."""
        ...

    async def appointments_of(self, practice: str, patient: str, after: datetime) -> Sequence[Appointment]:
        """Confirmed, soonest first."""
        ...

    async def hold(self, practice: str, key: str, slot: Slot, now: datetime, until: datetime) -> str:
        """The hold's id. Raises SlotTaken. Same key, same slot: same hold."""
        ...

    async def release(self, practice: str, hold: str) -> None:
        """Harmless when the hold is gone."""
        ...

    async def book(
        self, practice: str, key: str, hold: str, slot: Slot, patient: Person, note: str, now: datetime
    ) -> Appointment:
        """Confirm; an expired hold is taken again if the time is still free, else SlotTaken.

        Idempotent by key.
        """
        ...

    async def move(
        self, practice: str, key: str, appointment: Appointment, hold: str, slot: Slot, now: datetime
    ) -> Appointment:
        """One transaction: the old time is freed and the new one taken, or neither. Idempotent by key."""
        ...

    async def cancel(self, practice: str, key: str, appointment: Appointment, now: datetime) -> Appointment:
        """Idempotent by key."""
        ...

    async def done(self, practice: str, key: str) -> Appointment | None:
        """What the write with this key did, if it did: settles a FateUnknown."""
        ...


class Tickets(Protocol):
    """Work left for humans. Deadline 3 s. Raises Unavailable, FateUnknown."""

    async def save(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        """Idempotent by the ticket's key."""
        ...


@dataclass(frozen=True)
class Alarm:
    """What a pager is told of a ticket: where to look and by when, nothing of the patient."""

    id: str
    """The same each time this alarm is sent: a receiver who has it already need not ring again."""
    practice: str
    ticket: str
    """The ticket's key."""
    level: Level | None
    due: datetime
    link: str
    """The live page, where the rest is; empty when nobody has told us its address."""
    late: bool = False
    """It was accepted before, and nobody has dealt with the ticket by its deadline."""


class Pager(Protocol):
    """Reaches people who are not looking at the page. Deadline 10 s."""

    @property
    def name(self) -> str:
        """French, as the live page names it when it fails: "par courriel"."""
        ...

    async def page(self, alarm: Alarm) -> None:
        """Returns once the other side has accepted it. Raises Unavailable; twice is harmless."""
        ...


class Journal(Protocol):
    """The record of a call. `append` returns only when the event is on disk. Raises Unavailable."""

    async def append(self, practice: str, call: str, position: int, event: Event) -> None:
        """`position` counts from 0 without gaps; appending a position twice is an error."""
        ...

    def read(self, practice: str, call: str) -> AsyncIterator[Event]:
        """In order."""
        ...

    async def forget(self, practice: str, call: str, now: datetime) -> None:
        """The words of that call are to be destroyed once it is over and settled. Harmless twice."""
        ...

    async def unfinished(self) -> Sequence[tuple[str, str]]:
        """(practice, call) of every call without a `HungUp`."""
        ...

    async def last_ended(self, within: timedelta) -> Sequence[tuple[str, str]]:
        """(practice, call) of the calls that ended that shortly before the last end on record, or with it:
        what they left to write may have been cut by a crash."""
        ...


class Voice(Protocol):
    """What a conversation can do on its own line. Nothing here waits for sound, except `transfer`."""

    async def say(
        self,
        clauses: Sequence[str],
        *,
        whole: bool,
        expects: Expects | None,
        likely: str = "",
        manner: Manner = PLAIN,
    ) -> None:
        """Queue clauses behind what is being said; `whole` is never interrupted. `likely`: an answer as it
        may be put, for the recogniser; empty = the practice's words."""
        ...

    async def hush(self) -> None:
        """Drop what is queued and being said, unless it is `whole`."""
        ...

    async def transfer(self, transfer: Transfer) -> TransferOutcome:
        """Ring humans; ends by `Practice.ring_s` at the latest."""
        ...

    async def hang_up(self) -> None:
        """End the call once the queue has been said."""
        ...


class Clock(Protocol):
    """Time, so that tests can make a call of minutes pass in milliseconds."""

    def now(self) -> datetime:
        """Aware, in the practice's zone."""
        ...

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Callable[[], None]:
        """Run `callback` then; returns what cancels it."""
        ...


class Line(Protocol):
    """One party's two-way audio and keys: a phone leg, a browser, a WAV file in a test."""

    def received(self) -> AsyncIterator["LineEvent"]:
        """Ends when the other side is gone."""
        ...

    async def send(self, pcm: bytes) -> None:
        """Play s16le mono 16 kHz, normally 20 ms (640 bytes), paced by the sender."""
        ...

    def notify(self, message: Mapping[str, object]) -> None:
        """Captions and state for a page that shows them; a plain phone ignores it. Never blocks."""
        ...

    async def flush(self) -> None:
        """Drop audio that was sent and not yet played."""
        ...

    async def hang_up(self) -> None:
        """Close our side; harmless twice."""
        ...


@dataclass(frozen=True)
class Heard:
    """Audio from the party: s16le mono 16 kHz."""

    pcm: bytes


@dataclass(frozen=True)
class Key:
    """One keypad key."""

    key: str


@dataclass(frozen=True)
class Typed:
    """Text written by a party who cannot or will not speak."""

    text: str


@dataclass(frozen=True)
class Lost:
    """The last event of a line that broke; one whose party hung up just ends."""


LineEvent = Heard | Key | Typed | Lost
