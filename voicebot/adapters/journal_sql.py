"""The record of every call: its events, sealed, in order. `ports.Journal`, and what the pages list."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, TypeVar, cast, get_args

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from voicebot.adapters.database import Database
from voicebot.adapters.register_sql import Destroyed, Note, destroyed
from voicebot.adapters.sealing import Sealer
from voicebot.adapters.tables import call as calls
from voicebot.adapters.tables import journal
from voicebot.domain.events import Event, HungUp, PartlySaid, Pressed, Said, Started
from voicebot.errors import FateUnknown

T = TypeVar("T")
WORDS = tuple(kind.__name__ for kind in (Said, PartlySaid, Pressed))
"""Events that hold what the caller said, or typed instead."""
KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True)
class CallRecord:
    """One call, as a list shows it. `ended` None: in progress, or cut by a crash."""

    practice: str
    id: str
    channel: str
    started: datetime
    ended: datetime | None
    ended_by: str | None
    objected: bool = False
    """The caller does not want to be transcribed: their words are destroyed, or will be."""


class SqlJournal:
    """`ports.Journal`. `zone` gives a practice's clock by its id."""

    def __init__(self, database: Database, sealer: Sealer, zone: Callable[[str], tzinfo]) -> None:
        self._database = database
        self._sealer = sealer
        self._zone = zone
        self._doubtful: set[tuple[str, str, int]] = set()

    async def append(self, practice: str, call: str, position: int, event: Event) -> None:
        """On disk when it returns. A try whose fate was unknown may be repeated; any other position already
        written raises ValueError."""
        row = {
            "practice": practice,
            "call": call,
            "position": position,
            "kind": type(event).__name__,
            "sealed": self._sealer.seal(to_json(event), practice, call, position),
        }

        async def work(connection: AsyncConnection) -> None:
            if position == 0:
                channel = event.channel if isinstance(event, Started) else "text"
                await connection.execute(
                    insert(calls).values(practice=practice, id=call, channel=channel, started_at=event.at)
                )
            await connection.execute(insert(journal).values(row))
            if isinstance(event, HungUp):
                this = (calls.c.practice == practice, calls.c.id == call)
                await connection.execute(
                    update(calls).where(*this).values(ended_at=event.at, ended_by=event.by)
                )

        place = (practice, call, position)
        try:
            await self._database.write(work)
        except (FateUnknown, asyncio.CancelledError):
            # It may be on disk: then the caller's second try must find that it is, not fail.
            self._doubtful.add(place)
            raise
        except IntegrityError as error:
            if place in self._doubtful:
                return
            raise ValueError(f"position {position} of call {call} is already written") from error

    async def read(self, practice: str, call: str) -> AsyncIterator[Event]:
        """In order. Raises Unavailable, also for an entry that does not open."""

        async def work(connection: AsyncConnection) -> Sequence[Any]:
            query = select(journal).where(journal.c.practice == practice, journal.c.call == call)
            return (await connection.execute(query.order_by(journal.c.position))).all()

        for row in await self._database.read(work):
            opened = self._sealer.open(row.sealed, practice, call, row.position)
            yield localised(from_json(row.kind, opened), self._zone(practice))

    async def unfinished(self) -> Sequence[tuple[str, str]]:
        """(practice, call) of every call without a `HungUp`, oldest first."""

        async def work(connection: AsyncConnection) -> list[tuple[str, str]]:
            query = select(calls.c.practice, calls.c.id).where(calls.c.ended_at.is_(None))
            rows = await connection.execute(query.order_by(calls.c.started_at))
            return [(row.practice, row.id) for row in rows]

        return await self._database.read(work)

    async def last_ended(self, within: timedelta) -> Sequence[tuple[str, str]]:
        """(practice, call) of the calls that ended that shortly before the last end on record; without
        those whose words are gone, which cannot be folded again."""

        async def work(connection: AsyncConnection) -> list[tuple[str, str]]:
            last = (await connection.execute(select(func.max(calls.c.ended_at)))).scalar()
            if last is None:
                return []
            query = select(calls.c.practice, calls.c.id).where(
                calls.c.ended_at >= last - within, calls.c.forgotten_at.is_(None)
            )
            rows = await connection.execute(query.order_by(calls.c.ended_at))
            return [(row.practice, row.id) for row in rows]

        return await self._database.read(work)

    async def calls(self, practice: str, since: datetime, limit: int | None = 200) -> Sequence[CallRecord]:
        """Calls begun since then, newest first; None: all of them."""

        async def work(connection: AsyncConnection) -> list[CallRecord]:
            query = select(calls).where(calls.c.practice == practice, calls.c.started_at >= since)
            rows = await connection.execute(query.order_by(calls.c.started_at.desc()).limit(limit))
            zone = self._zone(practice)
            return [
                CallRecord(
                    practice,
                    row.id,
                    row.channel,
                    row.started_at.astimezone(zone),
                    row.ended_at and row.ended_at.astimezone(zone),
                    row.ended_by,
                    row.objected_at is not None,
                )
                for row in rows
            ]

        return await self._database.read(work)

    async def forget(self, practice: str, call: str, now: datetime) -> None:
        """See Journal: `purge_objected` does it."""
        this = (calls.c.practice == practice, calls.c.id == call, calls.c.objected_at.is_(None))
        await self._database.write(lambda c: c.execute(update(calls).where(*this).values(objected_at=now)))

    async def purge(self, before: datetime, note: Note | None = None) -> Destroyed:
        """Forget every word of the calls begun before then. All practices."""

        async def work(connection: AsyncConnection) -> Destroyed:
            old = calls.c.started_at < before
            which = select(calls.c.practice, calls.c.id).where(old)
            await connection.execute(
                delete(journal).where(tuple_(journal.c.practice, journal.c.call).in_(which))
            )
            gone = await connection.execute(delete(calls).where(old).returning(calls.c.started_at))
            done = destroyed(gone.scalars())
            if note:
                await note(connection, done)
            return done

        return await self._database.write(work)

    async def purge_objected(self, settled: datetime, now: datetime, note: Note | None = None) -> Destroyed:
        """Forget what was said in the calls of those who object to it and that had ended by `settled`.

        What was done in them stays on record. All practices.
        """
        due = (
            calls.c.objected_at.is_not(None),
            calls.c.forgotten_at.is_(None),
            calls.c.ended_at <= settled,
        )

        async def look(connection: AsyncConnection) -> bool:
            return (await connection.execute(select(calls.c.id).where(*due).limit(1))).first() is not None

        async def work(connection: AsyncConnection) -> Destroyed:
            # Marked first: of two machines at it, one finds the rows.
            mark = update(calls).where(*due).values(forgotten_at=now)
            marked = await connection.execute(
                mark.returning(calls.c.practice, calls.c.id, calls.c.started_at)
            )
            rows = marked.all()
            which = [(row.practice, row.id) for row in rows]
            await connection.execute(
                delete(journal).where(
                    tuple_(journal.c.practice, journal.c.call).in_(which), journal.c.kind.in_(WORDS)
                )
            )
            done = destroyed(row.started_at for row in rows)
            if note:
                await note(connection, done)
            return done

        # It is asked for often and seldom there: looking takes no writer's turn.
        return await self._database.write(work) if await self._database.read(look) else Destroyed()


@lru_cache
def _adapter(kind: str) -> TypeAdapter[Event]:
    return TypeAdapter(KINDS[kind])


def to_json(event: Event) -> bytes:
    """The event's fields; its class is kept beside it."""
    return _adapter(type(event).__name__).dump_json(event)


def from_json(kind: str, data: bytes) -> Event:
    """The event again, equal to the one given to `to_json`; times carry a fixed offset."""
    return _adapter(kind).validate_json(data)


def localised(value: T, zone: tzinfo) -> T:
    """An event with every time in it on the practice's own clock, as it was when it happened."""
    return cast(T, _localised(value, zone))


def _localised(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, tuple):
        return tuple(_localised(item, zone) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _localised(getattr(value, f.name), zone) for f in fields(value)})
    return value
