"""What is too old goes, what is not stays, and the register says how much of what."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.register_sql import Destroyed, Register, broken_at
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.purge import CLASSES, Files, Purge, destroy, files_of
from voicebot.domain.call import Person, Ticket
from voicebot.domain.events import HungUp, Said, Started
from voicebot.settings import Settings

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
MONTHS_AGO = NOW - timedelta(days=90)


@pytest.fixture
async def database(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'practice.db'}"
    await migrate(url)
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def job(database, tmp_path):
    seal = sealer(tmp_path / "key")
    return Purge(
        SqlJournal(database, seal, lambda _: UTC),
        SqlTickets(database, seal, lambda _: UTC),
        Register(database),
        files_of(Settings(state=tmp_path, cache=tmp_path / "cache"), lambda: frozenset([greeting(tmp_path)])),
        days=30,
    )


def greeting(folder):
    return folder / "cache" / "speech" / "ab" / "greeting.clip"


def left(path, days):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sound")
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))
    return path


async def call(journal, name, at, objects=False):
    for position, event in enumerate([Started(at, "phone"), Said(at, "je tousse"), HungUp(at, "caller")]):
        await journal.append("demo", name, position, event)
    if objects:
        await journal.forget("demo", name, at)


async def test_every_class_goes_after_its_days_and_leaves_its_proof(job, tmp_path):
    spool = tmp_path / "asterisk" / "spool"
    old = [
        left(spool / "brief-1.2.wav", 2),
        left(spool / "record-1.2.wav", 8),
        left(tmp_path / "cache" / "speech" / "ab" / "a caller's name.clip", 2),
        left(tmp_path / "voicemail" / "demo" / "1-2.sealed", 31),
    ]
    fresh = [
        left(spool / "brief-1.3.wav", 0.5),
        left(spool / "record-1.3.wav", 6),
        left(greeting(tmp_path), 400),
        left(spool / "message-1.3.wav", 29),
        left(tmp_path / "voicemail" / "demo" / "1-3.sealed", 29),
    ]
    await call(job.journal, "old", MONTHS_AGO)
    await call(job.journal, "new", NOW - timedelta(days=2))
    done = Ticket("k", "callback", "Rappeler", "toux", Person(), MONTHS_AGO)
    await job.tickets.save("demo", "old", done, MONTHS_AGO)
    await job.tickets.close("demo", "k", "lea", MONTHS_AGO)

    await job.round(NOW)

    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in fresh)
    assert [each.id for each in await job.journal.calls("demo", MONTHS_AGO)] == ["new"]
    entries = await job.register.entries()
    assert {(e.what, e.destroyed, e.oldest) for e in entries} == {
        ("transcript", 1, MONTHS_AGO),
        ("ticket", 1, MONTHS_AGO),
        ("briefing", 1, NOW - timedelta(days=2)),
        ("recording", 1, NOW - timedelta(days=8)),
        ("clip", 1, NOW - timedelta(days=2)),
        ("voicemail", 1, NOW - timedelta(days=31)),
    }
    assert broken_at(entries) is None
    assert {e.what for e in entries} <= set(CLASSES)

    await job.round(NOW)
    assert len(await job.register.entries()) == len(entries)


async def test_who_objects_is_forgotten_minutes_after_the_call(job):
    await call(job.journal, "objected", NOW, objects=True)
    await job.objections(NOW + timedelta(minutes=1))
    assert await job.register.entries() == []
    await job.objections(NOW + timedelta(minutes=3))
    kinds = [type(event) async for event in job.journal.read("demo", "objected")]
    assert kinds == [Started, HungUp]
    (entry,) = await job.register.entries()
    assert (entry.what, entry.destroyed) == ("objection", 1)


async def test_a_database_that_is_away_stops_nothing(job, database, tmp_path):
    old = left(tmp_path / "asterisk" / "spool" / "brief-1.2.wav", 2)
    await database.write(lambda c: c.exec_driver_sql("DROP TABLE register"))
    await call(job.journal, "old", MONTHS_AGO)
    await job.round(NOW)
    assert not old.exists()
    assert len(await job.journal.calls("demo", MONTHS_AGO)) == 1


def test_what_cannot_be_unlinked_is_not_counted(tmp_path):
    left(tmp_path / "a.wav", 9)
    (tmp_path / "b.wav").mkdir()
    os.utime(tmp_path / "b.wav", (0, 0))
    assert destroy(Files("voicemail", tmp_path, "*.wav", 1), NOW) == Destroyed(1, NOW - timedelta(days=9))
    assert destroy(Files("voicemail", tmp_path / "nowhere", "*", 1), NOW) == Destroyed()
