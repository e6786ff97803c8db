"""Work left for humans, sealed: `ports.Tickets`, and the pages' list and closing.

What the database does not take in time waits in a spool beside it and is listed all the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from voicebot.adapters.database import Database
from voicebot.adapters.sealing import Sealer
from voicebot.adapters.tables import ticket as tickets
from voicebot.adapters.tickets_spool import TICKET, Spool, Waiting
from voicebot.domain.call import Ticket
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

    async def _insert(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        new = {
            "level": ticket.level,
            "due": ticket.due,
            "sealed": self._sealer.seal(TICKET.dump_json(ticket), practice, call, ticket.key),
        }

        async def work(connection: AsyncConnection) -> None:
            dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
            row = {"practice": practice, "key": ticket.key, "call": call, "created_at": now}
            await connection.execute(
                dialect.insert(tickets)
                .values({**row, **new})
                .on_conflict_do_update(
                    index_elements=[tickets.c.practice, tickets.c.key],
                    set_=new,
                    where=(tickets.c.closed_at.is_(None)) & (tickets.c.call == call),
                )
            )

        await self._database.write(work)

    async def open(self, practice: str) -> Sequence[Filed]:
        """Emergencies first, then urgent ones, then by deadline."""
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
        return sorted(filed, key=lambda each: (urgency[each.ticket.level], each.ticket.due))

    async def _unspool(self) -> Sequence[Waiting]:
        """Put what waits into the database; what it still does not take."""
        if self._spool is None:
            return ()
        waiting = await asyncio.to_thread(self._spool.waiting)
        for number, each in enumerate(waiting):
            try:
                await self._insert(each.practice, each.call, each.ticket, each.saved_at)
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

    async def purge(self, before: datetime) -> int:
        """Forget tickets closed before then, of every practice; how many there were."""

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(delete(tickets).where(tickets.c.closed_at < before))).rowcount

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


def _on_clock(ticket: Ticket, zone: tzinfo) -> Ticket:
    return replace(ticket, due=ticket.due.astimezone(zone))
