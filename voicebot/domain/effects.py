"""What the fold may ask of the world. Values only: `conversation` performs them through ports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from voicebot.domain.call import Appointment, Level, Person, Slot, Ticket, Window
from voicebot.domain.language import Language

Expects = Literal["open", "yes_no", "read_back", "choice", "wish", "name", "birth_date", "phone", "message"]
"""What the next turn should hold: sets how patiently it is awaited."""


@dataclass(frozen=True)
class Manner:
    """How a caller wants to be spoken to. `rate`: of the usual speed, at the same pitch; `gain_db`: louder,
    and never so that it clips."""

    rate: float = 1.0
    gain_db: float = 0.0
    language: str = "fr"
    """Code of the language of what is said."""


PLAIN = Manner()


@dataclass(frozen=True)
class Say:
    """Speak a phrase of `prompts/`. `whole`: never interrupted (the emergency sentence)."""

    phrase: str
    values: Mapping[str, Any] = field(default_factory=dict)
    expects: Expects | None = None
    whole: bool = False
    language: Language | None = None
    """None: French, as what the practice's humans hear."""


@dataclass(frozen=True)
class WakeAt:
    """Send `Woke(alarm)` at that time; a later one of the same name replaces it; `at` None cancels it."""

    alarm: str
    at: datetime | None


@dataclass(frozen=True)
class FindPatients:
    """Known patients by birth date."""

    birth_date: date


@dataclass(frozen=True)
class FindAppointments:
    """Future appointments of one patient."""

    patient: str


@dataclass(frozen=True)
class FindSlots:
    """Free times by wish. `doctor` None = any; `same_day` = only reserved same-day slots; `after` and
    `before` narrow for "plus tard" / "plus tôt"."""

    motif: str
    windows: tuple[Window, ...] = ()
    doctor: str | None = None
    same_day: bool = False
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Hold:
    """Keep a slot for this call while its details are gathered."""

    key: str
    slot: Slot


@dataclass(frozen=True)
class Release:
    """Give a held slot back."""

    hold: str


@dataclass(frozen=True)
class Book:
    """Turn a hold into a booking. `key` makes a second try harmless."""

    key: str
    hold: str
    slot: Slot
    patient: Person
    note: str = ""


@dataclass(frozen=True)
class Move:
    """Give an appointment the held slot; refused, it stays where it was."""

    key: str
    appointment: Appointment
    hold: str
    slot: Slot


@dataclass(frozen=True)
class Cancel:
    """Free an appointment's time."""

    key: str
    appointment: Appointment


@dataclass(frozen=True)
class SaveTicket:
    """Leave work for a human."""

    ticket: Ticket


@dataclass(frozen=True)
class Transfer:
    """Seek a human for this call, now: one target; the next one is the fold's decision."""

    reason: str
    """French, shown on the live page: facts only."""
    level: Level | None = None
    target: str = ""
    """Id of a `Practice.targets`; empty = whoever has the live page open."""
    briefing: tuple[str, ...] = ()
    """Clauses the human hears before they accept, at most 12 s: facts only, never from a model. Empty for an
    emergency, which is joined to whoever picks up, at once. Worded by `conversation` from `facts`."""
    facts: tuple[Say, ...] = ()
    """What the briefing is made of, in the order it is said."""


@dataclass(frozen=True)
class Forget:
    """The caller objects to being transcribed: once the call is over, its words are destroyed."""


@dataclass(frozen=True)
class HangUp:
    """End the call after what is being said."""


Effect = (
    Say
    | WakeAt
    | FindPatients
    | FindAppointments
    | FindSlots
    | Hold
    | Release
    | Book
    | Move
    | Cancel
    | SaveTicket
    | Transfer
    | Forget
    | HangUp
)
