"""What the live page reads from and writes to the practice's records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from voicebot.domain.call import Person, Ticket
from voicebot.domain.practice import Consigne


@dataclass(frozen=True)
class AgendaEntry:
    """One line of a doctor's day: `[start, end)`, aware. `held`: being booked in a call just now."""

    doctor: str
    motif: str
    start: datetime
    end: datetime
    patient: Person = Person()
    note: str = ""
    held: bool = False
    reserved: bool = False


@dataclass(frozen=True)
class TicketRow:
    """A ticket and what became of it. `closed_at` None: still to be done."""

    ticket: Ticket
    saved_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""


class Desk(Protocol):
    """The records behind the live page. Deadline 3 s. Raises Unavailable."""

    async def agenda(self, practice: str, day: date) -> Sequence[AgendaEntry]:
        """Held and confirmed times of that local day, soonest first."""
        ...

    async def tickets(self, practice: str) -> Sequence[TicketRow]:
        """Open ones first by deadline, then those closed last."""
        ...

    async def close_ticket(self, practice: str, key: str, user: str, now: datetime) -> None:
        """It is done; harmless if it already was or does not exist."""
        ...

    async def reopen_ticket(self, practice: str, key: str, user: str, now: datetime) -> None:
        """It is to be done after all."""
        ...

    async def consigne(self, practice: str, now: datetime) -> Consigne | None:
        """The sentence of the day in force."""
        ...

    async def set_consigne(self, practice: str, consigne: Consigne | None) -> None:
        """Replace it; None removes it."""
        ...
