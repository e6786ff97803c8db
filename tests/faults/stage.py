"""One text call on a real database that can be filled up or locked at a sentence of ours."""

import asyncio
import itertools
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.fakes import NoReader, Silent
from voicebot.adapters import practice_yaml, prompts_yaml
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.clock import VirtualClock
from voicebot.app.simulation.playing import until_over
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Ticket
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.effects import PLAIN, Expects, Manner
from voicebot.domain.events import Event, Started
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Unavailable
from voicebot.settings import Settings

Fault = Callable[["Stage"], Awaitable[None]]


@dataclass
class FaultyCaller(ScriptedCaller):
    """A scripted caller in whose call something breaks when they hear `cue`."""

    cue: str = ""
    fault: Callable[[], Awaitable[None]] | None = None

    async def say(
        self,
        clauses: Sequence[str],
        *,
        whole: bool,
        expects: Expects | None,
        manner: Manner = PLAIN,
        **_: str,
    ) -> None:
        await super().say(clauses, whole=whole, expects=expects, manner=manner)
        if self.fault and self.cue in self.heard[-1]:
            fault, self.fault = self.fault, None
            await fault()


@dataclass
class Left:
    """What the caller was told, whom we rang, and what is in the records."""

    told: str
    rang: list[str]
    agenda: list[str] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Stage:
    """A practice's database made from an empty migrated one."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.path = folder / "call.db"
        shutil.copy(template, self.path)
        self.practice = practice_yaml.load_all(Settings().practices)["demo"]
        self.phrases = prompts_yaml.load(Settings().prompts)
        self.database = Database(f"sqlite+aiosqlite:///{self.path}")
        self.clock = VirtualClock(datetime(2026, 12, 1, 9, tzinfo=self.practice.zone))
        zone = lambda _: self.practice.zone  # noqa: E731
        seal = sealer(folder / "key")
        self.calendar = SqlCalendar(self.database, zone, self.clock.now)
        self.tickets = SqlTickets(self.database, seal, zone)
        self.journal = SqlJournal(self.database, seal, zone)
        self.lock: sqlite3.Connection | None = None

    @property
    def ports(self) -> Ports:
        return Ports(self.calendar, self.tickets, self.journal, NoReader())

    async def call(self, lines: Sequence[str], cue: str = "", fault: Fault | None = None) -> Left:
        """The whole call; `fault` strikes when the caller hears `cue`."""
        strike = (lambda: fault(self)) if fault else None
        caller = FaultyCaller(self.clock, lines, cue=cue, fault=strike)
        watcher = Silent()
        state = State(Setting(self.practice, Rules()), "call-1")
        talk = Conversation(state, self.ports, caller, self.phrases, self.clock, watcher)
        caller.conversation = talk
        started = self.clock.now()
        talk.hear(Started(started, "web"))
        await until_over(talk, self.clock)
        rows = await self.calendar.agenda("demo", started, started.replace(year=2027))
        return Left(
            "\n".join(caller.heard),
            [t.level or "yes" for t in caller.transfers],
            [f"{a.slot.start:%Y-%m-%d %H:%M} {a.patient.last_name}" for a in rows],
            [filed.ticket for filed in await self.tickets.open("demo")],
            watcher.events,
        )

    async def close(self) -> None:
        self.unlock()
        await self.database.close()

    def unlock(self) -> None:
        if self.lock:
            self.lock.close()
            self.lock = None


async def locked(stage: Stage) -> None:
    """Another process writes, and does not end."""
    stage.lock = sqlite3.connect(stage.path, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(stage.lock.execute, "BEGIN IMMEDIATE")


async def full(stage: Stage) -> None:
    """No page more than the file has now, and no room left in the journal's own."""

    async def limit(connection):
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await stage.database.write(limit)
    numbers = itertools.count()
    for size in (3000, 300, 30, 1):
        while True:
            row = ("other", f"{next(numbers):030}", 0, "Said", bytes(size))
            try:
                await stage.database.write(
                    lambda c, row=row: c.exec_driver_sql("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", row)
                )
            except Unavailable:
                break
