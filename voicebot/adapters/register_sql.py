"""The register of what was destroyed: a proof for every purge, in a chain of hashes that shows any change.

An entry holds the hash of the one before, so nobody can alter, remove or slip one in without every later hash
changing. Whoever has noted the last hash somewhere else (a mail, a sheet of paper) can tell a chain that was
made anew as well. Nothing in it is about a person.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from voicebot.adapters.database import Database
from voicebot.adapters.tables import register

FIRST = "0" * 64
"""What stands for the entry before the first."""


@dataclass(frozen=True)
class Destroyed:
    """How many were destroyed, and when the oldest of them was made."""

    count: int = 0
    oldest: datetime | None = None


def destroyed(moments: Iterable[datetime]) -> Destroyed:
    """From when each of them was made."""
    made = sorted(moments)
    return Destroyed(len(made), made[0] if made else None)


Note = Callable[[AsyncConnection, Destroyed], Awaitable[None]]
"""Writes the proof in the very transaction that destroys."""


@dataclass(frozen=True)
class Entry:
    """One line of the register. `what`: class of data. Times are UTC."""

    position: int
    at: datetime
    what: str
    destroyed: int
    oldest: datetime | None
    previous: str
    hash: str


class Register:
    """Appends and reads; there is no way to change an entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, what: str, at: datetime) -> Note:
        """For a purge of the same database: nothing destroyed, nothing noted."""

        async def write(connection: AsyncConnection, done: Destroyed) -> None:
            if done.count:
                await _append(connection, what, at, done)

        return write

    async def append(self, what: str, at: datetime, done: Destroyed) -> None:
        """For what lies elsewhere, once it is gone. Raises Unavailable."""
        note = self.note(what, at)
        await self._database.write(lambda connection: note(connection, done))

    async def entries(self) -> Sequence[Entry]:
        """All of them, oldest first. Raises Unavailable."""

        async def work(connection: AsyncConnection) -> list[Entry]:
            rows = await connection.execute(select(register).order_by(register.c.position))
            return [Entry(*row) for row in rows]

        return await self._database.read(work)


def broken_at(entries: Sequence[Entry]) -> int | None:
    """Position of the first entry that is not as it was written; None when the chain holds."""
    previous = FIRST
    for position, entry in enumerate(entries):
        if (entry.position, entry.previous, entry.hash) != (position, previous, _hash(entry)):
            return position
        previous = entry.hash
    return None


async def _append(connection: AsyncConnection, what: str, at: datetime, done: Destroyed) -> None:
    if connection.dialect.name != "sqlite":
        # Two machines must not write the same position; SQLite has one writer anyway.
        await connection.execute(text("LOCK TABLE register IN EXCLUSIVE MODE"))
    query = select(register.c.position, register.c.hash).order_by(register.c.position.desc()).limit(1)
    last = (await connection.execute(query)).first()
    position, previous = (last.position + 1, last.hash) if last else (0, FIRST)
    oldest = done.oldest and done.oldest.astimezone(UTC)
    entry = Entry(position, at.astimezone(UTC), what, done.count, oldest, previous, "")
    row = {**entry.__dict__, "hash": _hash(entry)}
    await connection.execute(insert(register).values(row))


def _hash(entry: Entry) -> str:
    moments = (entry.at, entry.oldest)
    at, oldest = (moment and moment.astimezone(UTC).isoformat(timespec="microseconds") for moment in moments)
    whole = [entry.position, at, entry.what, entry.destroyed, oldest, entry.previous]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()
