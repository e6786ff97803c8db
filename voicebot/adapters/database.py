"""One database, two engines: writes one at a time and durable, reads beside them. Every use has a deadline.

SQLite: WAL, `synchronous=FULL` (a commit that returned survives a power cut), BEGIN IMMEDIATE for writes only
(a read that took the write lock would make callers wait for pages). PostgreSQL: asyncpg.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from voicebot.errors import FateUnknown, Unavailable

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

DEADLINE_S = 2.8
"""Within the ports' 3 s: whether a write was given up is for the store to say, before its caller gives up."""
BUSY_TIMEOUT_MS = 1500
"""SQLite gives up on a lock before our deadline does: "locked" is a surer answer than "late"."""
SURELY_NOT_COMMITTED = ("full", "locked", "busy")
"""What SQLite says of a COMMIT that it refused and rolled back (sqlite.org/rescode.html)."""


@dataclass
class _Write:
    """How far a write has come; read and set on the event loop only, so a glance is a decision."""

    begun: bool = False
    committing: bool = False
    abandoned: bool = False


class Database:
    """Runs work in transactions. `url` is SQLAlchemy's: `sqlite+aiosqlite:///file` or `postgresql+asyncpg://…`."""

    def __init__(self, url: str, *, deadline_s: float = DEADLINE_S) -> None:
        self.deadline_s = deadline_s
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.file = Path(make_url(url).database or "") if self.sqlite else None
        if self.sqlite:
            self._writer = _sqlite(url, pool=1, begin="BEGIN IMMEDIATE")
            self._reader = _sqlite(url, pool=4, begin="BEGIN")
        else:
            self._writer = self._reader = _postgresql(url, deadline_s)
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, work: Work[T]) -> T:
        """The result of `work` in a read transaction. Raises Unavailable."""

        async def reading() -> T:
            async with self._reader.connect() as connection:
                return await work(connection)

        task = self._start(_told_as_unavailable(reading))
        try:
            await asyncio.wait({task}, timeout=self.deadline_s)
        finally:
            # Not awaited: a store that hangs may hang in its cleaning up too.
            task.cancel()
        if not task.done():
            raise Unavailable("the database did not answer in time")
        return task.result()

    async def write(self, work: Work[T]) -> T:
        """The result of `work`, committed. Raises Unavailable (nothing written), FateUnknown, IntegrityError.

        A caller that is cancelled leaves; the write goes on to its end.
        """
        stage = _Write()

        async def writing() -> T:
            async with self._writer.connect() as connection:
                stage.begun = True
                result = await work(connection)
                if stage.abandoned:
                    raise Unavailable("the database was too slow; rolled back")
                stage.committing = True
                await self._commit(connection)
                return result

        task = self._start(_told_as_unavailable(writing))
        await asyncio.wait({task}, timeout=self.deadline_s)
        if task.done():
            return task.result()
        if stage.committing:
            raise FateUnknown("the database did not confirm the commit in time")
        stage.abandoned = True
        if not stage.begun:
            # Still in the queue: it must not keep those behind it waiting for a rollback.
            task.cancel()
        raise Unavailable("the database did not answer in time; nothing is written")

    async def close(self) -> None:
        """Wait for writes under way, within the deadline, then let the connections go."""
        if self._running:
            await asyncio.wait(self._running, timeout=self.deadline_s)
        for engine in {self._writer, self._reader}:
            await engine.dispose()

    async def _commit(self, connection: AsyncConnection) -> None:
        try:
            await connection.commit()
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as error:
            if self.sqlite and any(word in str(error) for word in SURELY_NOT_COMMITTED):
                raise
            raise FateUnknown(f"commit: {type(error).__name__}") from error

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        # Looked at, so that asyncio does not report the failure of a task whose caller has left.
        if not task.cancelled():
            task.exception()


async def _told_as_unavailable(work: Callable[[], Awaitable[T]]) -> T:
    """Driver's errors as ours, without their text: it may quote a patient. IntegrityError passes."""
    try:
        return await work()
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise Unavailable(f"database: {type(error.orig).__name__}") from error
    except (PoolTimeout, DisconnectionError, OSError) as error:
        raise Unavailable(f"database: {type(error).__name__}") from error


def is_overlap(error: IntegrityError) -> bool:
    """Was it the guard against two appointments at once that refused?"""
    return "appointment_overlap" in str(error.orig)


def _sqlite(url: str, *, pool: int, begin: str) -> AsyncEngine:
    database = make_url(url).database
    if not database or database == ":memory:":
        raise ValueError("SQLite needs a file: two engines share it")
    Path(database).parent.mkdir(parents=True, exist_ok=True)
    # Patients are in it: made readable to us alone; SQLite gives its -wal and -shm the same rights.
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_async_engine(url, pool_size=pool, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # BEGIN is ours to write: the driver would begin late, and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str, deadline_s: float) -> AsyncEngine:
    limit = {"statement_timeout": str(int(deadline_s * 1000)), "idle_in_transaction_session_timeout": "10000"}
    return create_async_engine(
        url,
        pool_size=8,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"timeout": deadline_s, "command_timeout": deadline_s, "server_settings": limit},
    )


async def migrate(url: str) -> None:
    """Bring the tables to the newest version; harmless when they are. Raises Unavailable."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async def run() -> None:
        engine = _sqlite(url, pool=1, begin="BEGIN IMMEDIATE") if sqlite else _postgresql(url, 60)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
        finally:
            await engine.dispose()

    sqlite = make_url(url).get_backend_name() == "sqlite"
    await _told_as_unavailable(run)
