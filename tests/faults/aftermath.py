"""What is left in a database after a call was killed, and after the service has started again."""

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.fakes import NoReader
from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.books import Books
from voicebot.app.recovery import recover
from voicebot.app.simulation.playing import PHONES
from voicebot.conversation import Ports
from voicebot.domain.call import Ticket
from voicebot.domain.events import Event
from voicebot.domain.triage.rules import Rules
from voicebot.settings import Settings

CALLED = datetime(2026, 12, 1, 9)
RESTARTED = CALLED + timedelta(minutes=10)
CALL = "call-1"


@dataclass(frozen=True)
class Aftermath:
    """`before` is the journal as the crash left it; the rest is after recovery."""

    before: tuple[Event, ...]
    agenda: tuple[tuple[str, str], ...]
    """(day and hour, surname) of every appointment after the call began."""
    tickets: tuple[Ticket, ...]
    held: int
    unfinished: int
    told: str
    rang: tuple[str, ...]
    changed_by_second: bool


def books(rules: bool) -> Books:
    s = Settings()
    practices = practice_yaml.load_all(s.practices)
    return Books(
        {id: replace(practice, targets=PHONES) for id, practice in practices.items()},
        rules_yaml.load(s.rules) if rules else Rules(),
        prompts_yaml.load(s.prompts),
    )


async def restart(folder: Path, read: Books) -> Aftermath:
    """Start again on what the killed process left in `folder`, twice."""
    practice = read.practices["demo"]
    now = RESTARTED.replace(tzinfo=practice.zone)
    zone = lambda _: practice.zone  # noqa: E731
    database = Database(f"sqlite+aiosqlite:///{folder / 'journey.db'}", deadline_s=30)
    seal = sealer(folder / "key")
    calendar = SqlCalendar(database, zone, lambda: now)
    tickets, journal = SqlTickets(database, seal, zone), SqlJournal(database, seal, zone)
    ports = Ports(calendar, tickets, journal, NoReader())
    try:
        before = tuple([event async for event in journal.read("demo", CALL)])
        await recover(ports, read, now)
        once = contents(folder / "journey.db")
        await recover(ports, read, now + timedelta(minutes=1))
        twice = contents(folder / "journey.db")
        since = CALLED.replace(tzinfo=practice.zone)
        agenda = await calendar.agenda("demo", since, since + timedelta(365))
        lines = (folder / "told").read_text(encoding="utf8").splitlines()
        return Aftermath(
            before,
            tuple((f"{a.slot.start:%Y-%m-%d %H:%M}", a.patient.last_name) for a in agenda),
            tuple(filed.ticket for filed in await tickets.open("demo")),
            sum(row[8] == "held" for row in once["appointment"]),
            len(await journal.unfinished()),
            "\n".join(line.removeprefix("said ") for line in lines if line.startswith("said ")),
            tuple(line.removeprefix("rang ") for line in lines if line.startswith("rang ")),
            once != twice,
        )
    finally:
        await database.close()


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table; what is sealed is left out: sealing is never the same twice."""
    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {table: sorted(_rows(connection, table), key=json.dumps) for table in tables}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    rows = connection.execute(f"SELECT * FROM {table}")
    return [tuple(value for value in row if not isinstance(value, bytes)) for row in rows]
