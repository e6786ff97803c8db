"""What can happen in a call. Every event carries its own time (`at`, timezone-aware); the fold has no clock.

The journal stores these, in order; folding them again gives the call again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from voicebot.domain.call import Appointment, Channel, Level, Opinion, Person, Slot, TransferOutcome


@dataclass(frozen=True)
class Started:
    """The line is up. `number` is the caller's, E.164, when the network shows it."""

    at: datetime
    channel: Channel
    number: str | None = None
    dialled: str = ""
    """Which of the practice's numbers, E.164; empty for a web call."""
    rules: str = ""
    """`Rules.version` that the whole call goes through; empty in journals older than versions."""


@dataclass(frozen=True)
class SpeechStarted:
    """The caller makes a sound that may be speech."""

    at: datetime


@dataclass(frozen=True)
class PartlySaid:
    """A transcript of the turn so far: for the urgency gate only. `alarming`: as in `Said`."""

    at: datetime
    text: str
    alarming: bool | None = None


@dataclass(frozen=True)
class Said:
    """A whole utterance. `confidence` 0..1 (typed text: 1). `scores`: a Reader's probability by class.
    `alarming`: it sounds urgent to the statistical ear, which at most raises one question; None: there is no
    such ear, and the Reader's class "urgent" stands in for it. `opinion`: a Reasoner's, waited for because we
    should not have understood without it. `mended`: with the recogniser's known slips about days and hours
    put right, for when one is awaited; empty: there is none."""

    at: datetime
    text: str
    confidence: float = 1.0
    scores: Mapping[str, float] = field(default_factory=dict)
    alarming: bool | None = None
    opinion: Opinion | None = None
    mended: str = ""


@dataclass(frozen=True)
class Warned:
    """A Reasoner takes an utterance for urgent that was served meanwhile. `utterance`: which of the caller's,
    from 1."""

    at: datetime
    utterance: int
    level: Level


@dataclass(frozen=True)
class TurnRetracted:
    """The caller had not finished: the last `Said` is withdrawn, its words come again in the next one."""

    at: datetime


@dataclass(frozen=True)
class Unheard:
    """A sound that gave no usable words. `noise`: not speech at all; `unclear`: speech we could not read."""

    at: datetime
    why: Literal["noise", "unclear"]


@dataclass(frozen=True)
class Pressed:
    """A key of the telephone: 0-9, * or #."""

    at: datetime
    key: str


@dataclass(frozen=True)
class FellSilent:
    """Our own voice has said everything it was given."""

    at: datetime


@dataclass(frozen=True)
class Woke:
    """An alarm asked for by `WakeAt` has come."""

    at: datetime
    alarm: str


@dataclass(frozen=True)
class PatientsFound:
    """Known patients born on the date asked for. Never spoken: the caller says, we check."""

    at: datetime
    patients: tuple[Person, ...]


@dataclass(frozen=True)
class AppointmentsFound:
    """Future appointments of one known patient."""

    at: datetime
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True)
class SlotsFound:
    """Free times for the last search, soonest first within the wish. `wished` False: nothing fitted the
    wish, these are the nearest others."""

    at: datetime
    slots: tuple[Slot, ...]
    wished: bool = True


@dataclass(frozen=True)
class Held:
    """The slot is ours until `until`."""

    at: datetime
    hold: str
    slot: Slot
    until: datetime


@dataclass(frozen=True)
class SlotGone:
    """Somebody else took it first."""

    at: datetime
    slot: Slot


@dataclass(frozen=True)
class Booked:
    """Committed in the agenda. Only this event lets us say "c'est noté"."""

    at: datetime
    appointment: Appointment


@dataclass(frozen=True)
class Moved:
    """Committed: the appointment now has this slot."""

    at: datetime
    appointment: Appointment


@dataclass(frozen=True)
class Cancelled:
    """Committed: the appointment is gone."""

    at: datetime
    appointment: Appointment


@dataclass(frozen=True)
class TicketSaved:
    """Committed: a human will see it."""

    at: datetime
    key: str


@dataclass(frozen=True)
class TransferEnded:
    """The attempt to reach a human ended so. "answered": the caller is talking to one."""

    at: datetime
    outcome: TransferOutcome
    target: str = ""
    """Who was rung; empty = the live page."""


@dataclass(frozen=True)
class Failed:
    """An effect (its class name, or "hearing" / "speaking") did not happen, surely. "human": the line of the
    person who had taken the call broke."""

    at: datetime
    what: str
    reason: str


@dataclass(frozen=True)
class Unknown:
    """A write whose fate could not be learnt even by asking again with its key."""

    at: datetime
    what: str
    key: str


@dataclass(frozen=True)
class HungUp:
    """The line is down."""

    at: datetime
    by: Literal["caller", "us", "lost"]


Event = (
    Started
    | SpeechStarted
    | PartlySaid
    | Said
    | Warned
    | TurnRetracted
    | Unheard
    | Pressed
    | FellSilent
    | Woke
    | PatientsFound
    | AppointmentsFound
    | SlotsFound
    | Held
    | SlotGone
    | Booked
    | Moved
    | Cancelled
    | TicketSaved
    | TransferEnded
    | Failed
    | Unknown
    | HungUp
)
