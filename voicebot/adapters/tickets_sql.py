"""Work left for humans, sealed: `ports.Tickets`, the pages' list and closing, and the pager's outbox.

What the database does not take in time waits in a spool beside it and is listed all the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from voicebot.adapters.database import Database
from voicebot.adapters.register_sql import Destroyed, Note, destroyed
from voicebot.adapters.sealing import Sealer
from voicebot.adapters.tables import ticket as tickets
from voicebot.adapters.tickets_spool import TICKET, Spool, Waiting
from voicebot.domain.call import Level, Ticket
from voicebot.errors import Unavailable

PATIENCE_S = 2.2
"""For the database; what is left of the port's 3 s is for the spool."""


@dataclass(frozen=True)
class Filed:
    """A ticket in the list: which call left it, when, and who dealt with it."""

    ticket: Ticket
    call: str
    created: datetime
    closed: datetime | None
    closed_by: str | None


@dataclass(frozen=True)
class Unpaged:
    """A ticket whose alarm no pager has accepted yet. Read without opening its words."""

    practice: str
    key: str
    level: Level | None
    due: datetime
    late: bool = False
    """It was accepted once, and nobody has dealt with it by its deadline."""


class SqlTickets:
    """`ports.Tickets`. `zone` gives a practice's clock by its id; `spool` is where tickets wait while the
    database is full, locked or away (by default beside a SQLite file; None without one: no spool)."""

    def __init__(
        self, database: Database, sealer: Sealer, zone: Callable[[str], tzinfo], spool: Path | None = None
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._zone = zone
        folder = spool or (database.file and database.file.with_name(database.file.name + "-tickets"))
        self._spool = Spool(folder, sealer) if folder else None

    async def save(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        """Idempotent by the ticket's key: an open one takes the newer text, a closed one stays closed."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._insert(practice, call, ticket, now)
        except (Unavailable, TimeoutError):
            if self._spool is None:
                raise
            # Also when its fate is unknown: it has a key, so twice is once.
            await asyncio.shield(asyncio.to_thread(self._spool.put, practice, call, ticket, now))

    async def _insert(
        self, practice: str, call: str, ticket: Ticket, now: datetime, paged_at: datetime | None = None
    ) -> None:
        new = {
            "level": ticket.level,
            "due": ticket.due,
            "alarm": ticket.alarm,
            "paged_at": paged_at,
            "sealed": self._sealer.seal(TICKET.dump_json(ticket), practice, call, ticket.key),
        }

        async def work(connection: AsyncConnection) -> None:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = {"practice": practice, "key": ticket.key, "call": call, "created_at": now}
            insert = dialect.insert(tickets).values({**row, **new})
            # A graver ticket of the same key rings again; an alarm, once raised, stays.
            graver = tickets.c.level.is_distinct_from(insert.excluded.level)
            outbox = {
                "alarm": or_(tickets.c.alarm, insert.excluded.alarm),
                "paged_at": case(
                    (graver, insert.excluded.paged_at),
                    else_=func.coalesce(insert.excluded.paged_at, tickets.c.paged_at),
                ),
                "page_after": case((graver, None), else_=tickets.c.page_after),
            }
            await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=[tickets.c.practice, tickets.c.key],
                    set_={**new, **outbox},
                    where=(tickets.c.closed_at.is_(None)) & (tickets.c.call == call),
                )
            )

        await self._database.write(work)

    async def open(self, practice: str) -> Sequence[Filed]:
        """Emergencies first, then urgent ones; of those the ones that raise an alarm; then by deadline."""
        waiting = await self._unspool()
        filed = await self._filed(practice, tickets.c.closed_at.is_(None))
        zone = self._zone(practice)
        known = {each.ticket.key for each in filed}
        filed += [
            Filed(_on_clock(each.ticket, zone), each.call, each.saved_at.astimezone(zone), None, None)
            for each in waiting
            if each.practice == practice and each.ticket.key not in known
        ]
        urgency = {"emergency": 0, "urgent": 1, None: 2}
        return sorted(
            filed, key=lambda each: (urgency[each.ticket.level], not each.ticket.alarm, each.ticket.due)
        )

    async def _unspool(self) -> Sequence[Waiting]:
        """Put what waits into the database; what it still does not take."""
        if self._spool is None:
            return ()
        waiting = await asyncio.to_thread(self._spool.waiting)
        for number, each in enumerate(waiting):
            try:
                await self._insert(each.practice, each.call, each.ticket, each.saved_at, each.paged_at)
            except Unavailable:
                return waiting[number:]
            await asyncio.to_thread(self._spool.drop, each)
        return ()

    async def closed(self, practice: str, since: datetime) -> Sequence[Filed]:
        """Those closed since then, newest first."""
        filed = await self._filed(practice, tickets.c.closed_at >= since)
        return sorted(filed, key=lambda each: each.closed or each.created, reverse=True)

    async def close(self, practice: str, key: str, by: str, now: datetime) -> bool:
        """True when this very call closed it: of two secretaries, one."""
        return await self._mark(practice, key, tickets.c.closed_at.is_(None), now, by)

    async def reopen(self, practice: str, key: str) -> bool:
        """Undo a closing."""
        return await self._mark(practice, key, tickets.c.closed_at.is_not(None), None, None)

    async def unpaged(self, now: datetime) -> Sequence[Unpaged]:
        """Open tickets of every practice whose alarm is still to be accepted, those in the spool included; an
        accepted one comes back once, at its deadline.

        Raises Unavailable only when neither can be read.
        """
        spooled, filed = await asyncio.gather(
            self._unpaged_in_spool(), self._unpaged(now), return_exceptions=True
        )
        for answer in (spooled, filed):
            if isinstance(answer, BaseException) and not isinstance(answer, Unavailable):
                raise answer
        if isinstance(filed, BaseException) and (self._spool is None or isinstance(spooled, BaseException)):
            raise filed
        known = {
            (each.practice, each.key): each
            for answer in (spooled, filed)
            if not isinstance(answer, BaseException)
            for each in answer
        }
        return sorted(known.values(), key=lambda each: (each.level != "emergency", each.due))

    async def _unpaged_in_spool(self) -> Sequence[Unpaged]:
        waiting = await asyncio.to_thread(self._spool.waiting) if self._spool else ()
        return [
            self._to_page(each.practice, each.ticket.key, each.ticket.level, each.ticket.due)
            for each in waiting
            if each.ticket.alarm and each.paged_at is None
        ]

    async def _unpaged(self, now: datetime) -> Sequence[Unpaged]:
        columns = (tickets.c.practice, tickets.c.key, tickets.c.level, tickets.c.due, tickets.c.paged_at)

        async def work(connection: AsyncConnection) -> Sequence[Any]:
            return (await connection.execute(select(*columns).where(*_to_page(now)))).all()

        return [
            self._to_page(row.practice, row.key, row.level, row.due, row.paged_at is not None)
            for row in await self._database.read(work)
        ]

    def _to_page(
        self, practice: str, key: str, level: Level | None, due: datetime, late: bool = False
    ) -> Unpaged:
        return Unpaged(practice, key, level, due.astimezone(self._zone(practice)), late)

    async def claim_alarm(self, practice: str, key: str, now: datetime, until: datetime) -> bool:
        """Take the paging of a ticket in hand until then. False: another machine has it, or it is done.

        Raises Unavailable. One that is only in our own spool is ours.
        """
        this = (tickets.c.practice == practice, tickets.c.key == key)
        free = or_(tickets.c.page_after.is_(None), tickets.c.page_after <= now)

        async def work(connection: AsyncConnection) -> bool:
            change = update(tickets).where(*this, *_to_page(now), free).values(page_after=until)
            if (await connection.execute(change)).rowcount:
                return True
            return (await connection.execute(select(tickets.c.key).where(*this))).first() is None

        return await self._database.write(work)

    async def give_back_alarm(self, practice: str, key: str) -> None:
        """Whoever pages next need not wait for our claim to end. Raises Unavailable."""
        await self._change(practice, key, page_after=None)

    async def paged(self, practice: str, key: str, now: datetime) -> None:
        """The alarm was accepted: nobody is told again. Raises Unavailable."""
        if self._spool is not None:
            await asyncio.to_thread(self._spool.paged, practice, key, now)
        await self._change(practice, key, paged_at=now)

    async def _change(self, practice: str, key: str, **values: datetime | None) -> None:
        this = (tickets.c.practice == practice, tickets.c.key == key)
        await self._database.write(lambda c: c.execute(update(tickets).where(*this).values(**values)))

    async def purge(self, before: datetime, note: Note | None = None) -> Destroyed:
        """Forget tickets closed before then, of every practice."""

        async def work(connection: AsyncConnection) -> Destroyed:
            old = tickets.c.closed_at < before
            gone = await connection.execute(delete(tickets).where(old).returning(tickets.c.created_at))
            done = destroyed(gone.scalars())
            if note:
                await note(connection, done)
            return done

        return await self._database.write(work)

    async def _mark(
        self, practice: str, key: str, where: Any, closed_at: datetime | None, by: str | None
    ) -> bool:
        this = (tickets.c.practice == practice, tickets.c.key == key, where)

        async def work(connection: AsyncConnection) -> bool:
            changed = update(tickets).where(*this).values(closed_at=closed_at, closed_by=by)
            return bool((await connection.execute(changed)).rowcount)

        return await self._database.write(work)

    async def _filed(self, practice: str, where: Any) -> list[Filed]:
        async def work(connection: AsyncConnection) -> Sequence[Row[Any]]:
            query = select(tickets).where(tickets.c.practice == practice, where)
            return (await connection.execute(query)).all()

        zone = self._zone(practice)
        return [
            Filed(
                ticket=_on_clock(
                    TICKET.validate_json(self._sealer.open(row.sealed, practice, row.call, row.key)), zone
                ),
                call=row.call,
                created=row.created_at.astimezone(zone),
                closed=row.closed_at and row.closed_at.astimezone(zone),
                closed_by=row.closed_by,
            )
            for row in await self._database.read(work)
        ]


def _to_page(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Which alarms are to be told."""
    again = and_(tickets.c.due <= now, tickets.c.paged_at < tickets.c.due)
    return (tickets.c.alarm, tickets.c.closed_at.is_(None), or_(tickets.c.paged_at.is_(None), again))


def _on_clock(ticket: Ticket, zone: tzinfo) -> Ticket:
    return replace(ticket, due=ticket.due.astimezone(zone))
