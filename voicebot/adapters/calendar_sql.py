"""The practice's own agenda in SQL: `ports.Calendar`, and what the pages list.

Nothing here looks before it leaps: the database's guard refuses an overlap (a SELECT before the INSERT let
20 bookings into one slot), and whatever was done is written beside its key in the same transaction.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Row, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from voicebot.adapters.database import Database, Work, is_overlap
from voicebot.adapters.patients_sql import person_of, remember
from voicebot.adapters.tables import action, appointment, patient
from voicebot.domain.call import Appointment, Busy, Person, Slot
from voicebot.errors import SlotTaken, Unavailable

T = TypeVar("T")


class SqlCalendar:
    """`ports.Calendar`. `zone` gives a practice's clock by its id; `now` only tells expired holds."""

    def __init__(
        self,
        database: Database,
        zone: Callable[[str], tzinfo],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._zone = zone
        self._now = now

    async def busy(self, practice: str, start: datetime, end: datetime) -> Sequence[Busy]:
        """Held and confirmed spans that touch `[start, end)`; an expired hold is free."""
        taken = or_(
            appointment.c.state == "confirmed",
            and_(appointment.c.state == "held", appointment.c.hold_until > self._now()),
        )
        rows = await self._rows(
            select(appointment.c.doctor, appointment.c.starts, appointment.c.ends)
            .where(appointment.c.practice == practice, taken, *_touches(start, end))
            .order_by(appointment.c.starts)
        )
        zone = self._zone(practice)
        return [Busy(row.doctor, row.starts.astimezone(zone), row.ends.astimezone(zone)) for row in rows]

    async def patients_born(self, practice: str, birth_date: date) -> Sequence[Person]:
        """Known patients with that birth date."""
        rows = await self._rows(
            select(patient)
            .where(patient.c.practice == practice, patient.c.birth_date == birth_date)
            .order_by(patient.c.name_key)
        )
        return [person_of(row) for row in rows]

    async def appointments_of(self, practice: str, patient: str, after: datetime) -> Sequence[Appointment]:
        """Confirmed, starting after that time, soonest first."""
        return await self._confirmed(practice, appointment.c.patient == patient, appointment.c.starts > after)

    async def agenda(self, practice: str, start: datetime, end: datetime) -> Sequence[Appointment]:
        """Confirmed appointments that touch `[start, end)`, soonest first: for the pages."""
        return await self._confirmed(practice, *_touches(start, end))

    async def hold(self, practice: str, key: str, slot: Slot, now: datetime, until: datetime) -> str:
        """The hold's id. Raises SlotTaken. Same key, same slot: same hold, kept until the later time."""

        async def work(connection: AsyncConnection) -> str:
            await self._clear(connection, practice, slot, now)
            mine = and_(appointment.c.practice == practice, appointment.c.hold_key == key)
            row = (await connection.execute(select(appointment).where(mine))).one_or_none()
            if row is None:
                hold = uuid4().hex
                values = {**_times(slot), "state": "held", "hold_key": key, "hold_until": until}
                await connection.execute(
                    insert(appointment).values(id=hold, practice=practice, updated_at=now, note="", **values)
                )
                return hold
            if row.state == "held":
                changed = {**_times(slot), "hold_until": max(until, row.hold_until), "updated_at": now}
                await connection.execute(update(appointment).where(mine).values(**changed))
            elif not _same(row, slot):
                raise SlotTaken
            return str(row.id)

        return await self._write(work)

    async def release(self, practice: str, hold: str) -> None:
        """Harmless when the hold is gone, or has become a booking."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                delete(appointment).where(
                    appointment.c.practice == practice,
                    appointment.c.id == hold,
                    appointment.c.state == "held",
                )
            )

        await self._write(work)

    async def book(
        self, practice: str, key: str, hold: str, slot: Slot, patient: Person, note: str, now: datetime
    ) -> Appointment:
        """Confirm; an expired hold is taken again if the time is still free, else SlotTaken."""

        async def work(connection: AsyncConnection) -> Appointment:
            await self._queue(connection, f"{practice}/{key}")
            done = await self._done(connection, practice, key)
            if done:
                return done
            values = {
                **_times(slot),
                "state": "confirmed",
                "hold_until": None,
                "patient": await remember(connection, practice, patient),
                "note": note,
                "updated_at": now,
            }
            changed = await connection.execute(
                update(appointment)
                .where(
                    appointment.c.practice == practice,
                    appointment.c.id == hold,
                    appointment.c.state == "held",
                )
                .values(**values)
            )
            booked = hold
            if not changed.rowcount:
                booked = uuid4().hex
                await self._clear(connection, practice, slot, now)
                await connection.execute(insert(appointment).values(id=booked, practice=practice, **values))
            return await self._did(connection, practice, key, "book", booked, now)

        return await self._write(work)

    async def move(
        self, practice: str, key: str, appointment: Appointment, hold: str, slot: Slot, now: datetime
    ) -> Appointment:
        """One transaction: the old time is freed and the new one taken, or neither. Raises SlotTaken."""
        return await self._write(
            lambda connection: self._change(
                connection, practice, key, "move", appointment, now, hold=hold, slot=slot
            )
        )

    async def cancel(self, practice: str, key: str, appointment: Appointment, now: datetime) -> Appointment:
        """Free its time; the row stays, for `done`. Raises Unavailable if it was changed meanwhile."""
        return await self._write(
            lambda connection: self._change(connection, practice, key, "cancel", appointment, now)
        )

    async def done(self, practice: str, key: str) -> Appointment | None:
        """What the write with this key did, if it did: settles a FateUnknown.

        Waits for a write of that key that is still under way, or a late commit would belie "not done".
        """

        async def work(connection: AsyncConnection) -> Appointment | None:
            await self._queue(connection, f"{practice}/{key}")
            return await self._done(connection, practice, key)

        return await self._write(work)

    async def _change(
        self,
        connection: AsyncConnection,
        practice: str,
        key: str,
        kind: str,
        booked: Appointment,
        now: datetime,
        *,
        hold: str = "",
        slot: Slot | None = None,
    ) -> Appointment:
        await self._queue(connection, f"{practice}/{key}")
        done = await self._done(connection, practice, key)
        if done:
            return done
        ours = and_(
            appointment.c.practice == practice, appointment.c.state == "held", appointment.c.id == hold
        )
        await connection.execute(delete(appointment).where(ours))
        if slot:
            await self._clear(connection, practice, slot, now)
        changed = await connection.execute(
            update(appointment)
            .where(
                appointment.c.practice == practice,
                appointment.c.id == booked.id,
                # As the caller heard it: what the secretary moved meanwhile is not what they meant.
                appointment.c.starts == booked.slot.start,
                appointment.c.state.in_(("confirmed",) if slot else ("confirmed", "cancelled")),
            )
            .values(updated_at=now, **(_times(slot) if slot else {"state": "cancelled"}))
        )
        if not changed.rowcount:
            raise Unavailable("the appointment was changed meanwhile")
        return await self._did(connection, practice, key, kind, booked.id, now)

    async def _clear(self, connection: AsyncConnection, practice: str, slot: Slot, now: datetime) -> None:
        """Expired holds in the way of a slot go."""
        await self._queue(connection, f"{practice}/{slot.doctor}")
        start = slot.start.astimezone(UTC)
        await connection.execute(
            delete(appointment).where(
                appointment.c.practice == practice,
                appointment.c.doctor == slot.doctor,
                appointment.c.state == "held",
                appointment.c.hold_until <= now,
                *_touches(start, start + timedelta(minutes=slot.minutes)),
            )
        )

    async def _queue(self, connection: AsyncConnection, name: str) -> None:
        """Writers of the same thing follow one another; on SQLite, BEGIN IMMEDIATE already sees to it."""
        if not self._database.sqlite:
            lock = func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
            await connection.execute(select(lock))

    async def _did(
        self, connection: AsyncConnection, practice: str, key: str, kind: str, booked: str, now: datetime
    ) -> Appointment:
        await connection.execute(
            insert(action).values(practice=practice, key=key, kind=kind, appointment=booked, at=now)
        )
        done = await self._done(connection, practice, key)
        assert done is not None, "written just above"
        return done

    async def _done(self, connection: AsyncConnection, practice: str, key: str) -> Appointment | None:
        rows = await connection.execute(
            _with_patient()
            .join(action, and_(action.c.practice == practice, action.c.appointment == appointment.c.id))
            .where(appointment.c.practice == practice, action.c.key == key)
        )
        row = rows.one_or_none()
        return None if row is None else self._appointment(practice, row)

    async def _confirmed(self, practice: str, *where: ColumnElement[bool]) -> list[Appointment]:
        rows = await self._rows(
            _with_patient()
            .where(appointment.c.practice == practice, appointment.c.state == "confirmed", *where)
            .order_by(appointment.c.starts)
        )
        return [self._appointment(practice, row) for row in rows]

    def _appointment(self, practice: str, row: Row[Any]) -> Appointment:
        start = row.starts.astimezone(self._zone(practice))
        slot = Slot(row.doctor, row.motif, start, row.minutes, row.reserved)
        return Appointment(row.id, slot, person_of(row, id_of=row.patient))

    async def _rows(self, query: Any) -> Sequence[Row[Any]]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            return (await connection.execute(query)).all()

        return await self._database.read(work)

    async def _write(self, work: Work[T]) -> T:
        try:
            return await self._database.write(work)
        except IntegrityError as error:
            if is_overlap(error):
                raise SlotTaken from error
            raise Unavailable("refused by the database's rules") from error


def _touches(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return appointment.c.starts < end, appointment.c.ends > start


def _times(slot: Slot) -> dict[str, Any]:
    start = slot.start.astimezone(UTC)
    return {
        "doctor": slot.doctor,
        "motif": slot.motif,
        "starts": start,
        "ends": start + timedelta(minutes=slot.minutes),
        "minutes": slot.minutes,
        "reserved": slot.reserved,
    }


def _same(row: Row[Any], slot: Slot) -> bool:
    return (row.doctor, row.starts, row.minutes) == (slot.doctor, slot.start.astimezone(UTC), slot.minutes)


def _with_patient() -> Select[Any]:
    """Appointments with their patient; `patient` is the patient's id, `id` the appointment's."""
    of_patient = [column for column in patient.c if column.name not in ("id", "practice")]
    return select(appointment, *of_patient).join(patient, patient.c.id == appointment.c.patient)
