"""What the live page reads from and writes to the practice's records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.consignes import Consignes
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
    reserved: bool = False
    held: bool = False


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
        """Open ones first, emergencies at their head, by deadline; then those closed lately."""
        ...

    async def close_ticket(self, practice: str, key: str, user: str, now: datetime) -> None:
        """It is done; harmless if it already was or does not exist."""
        ...

    async def reopen_ticket(self, practice: str, key: str) -> None:
        """It is to be done after all."""
        ...

    async def consigne(self, practice: str, now: datetime) -> Consigne | None:
        """The sentence of the day in force."""
        ...

    async def set_consigne(self, practice: str, consigne: Consigne | None) -> None:
        """Replace it; None removes it."""
        ...


CLOSED_FOR = timedelta(days=2)
"""How long a closed ticket stays in the list."""


@dataclass(frozen=True)
class SqlDesk:
    """`Desk` over the practice's database; the sentence of the day lies in a file of the state folder."""

    calendar: SqlCalendar
    filed: SqlTickets
    consignes: Consignes
    zone: Callable[[str], tzinfo]
    clock: Callable[[], datetime]

    async def agenda(self, practice: str, day: date) -> Sequence[AgendaEntry]:
        """See Desk. A taken time that no appointment explains is a hold."""
        start = datetime.combine(day, time(), self.zone(practice))
        end = datetime.combine(day + timedelta(1), time(), self.zone(practice))
        booked = [
            AgendaEntry(a.slot.doctor, a.slot.motif, a.slot.start, a.slot.end, a.patient, a.slot.reserved)
            for a in await self.calendar.agenda(practice, start, end)
        ]
        known = {(entry.doctor, entry.start) for entry in booked}
        held = [
            AgendaEntry(busy.doctor, "", busy.start, busy.end, held=True)
            for busy in await self.calendar.busy(practice, start, end)
            if (busy.doctor, busy.start) not in known
        ]
        return sorted((*booked, *held), key=lambda entry: entry.start)

    async def tickets(self, practice: str) -> Sequence[TicketRow]:
        """See Desk."""
        waiting = await self.filed.open(practice)
        closed = await self.filed.closed(practice, self.clock() - CLOSED_FOR)
        return [
            TicketRow(row.ticket, row.created, row.closed, row.closed_by or "") for row in (*waiting, *closed)
        ]

    async def close_ticket(self, practice: str, key: str, user: str, now: datetime) -> None:
        """See Desk."""
        await self.filed.close(practice, key, user, now)

    async def reopen_ticket(self, practice: str, key: str) -> None:
        """See Desk."""
        await self.filed.reopen(practice, key)

    async def consigne(self, practice: str, now: datetime) -> Consigne | None:
        """See Desk."""
        return self.consignes.of(practice, now)

    async def set_consigne(self, practice: str, consigne: Consigne | None) -> None:
        """See Desk."""
        await self.consignes.set(practice, consigne)
