"""A database that is full, locked, gone or killed: nothing is claimed that is not on disk."""

import asyncio
import signal
import sqlite3
import stat
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.domain.call import Person, Slot, Ticket
from voicebot.domain.events import Said, Started
from voicebot.errors import FateUnknown, Unavailable

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
LATER = NOW + timedelta(minutes=3)
SLOT = Slot("moreau", "consultation", NOW.replace(hour=9), 15)
ANNE = Person("Anne", "Lefèvre", date(1950, 4, 2), "+33612345678")
DAY = (NOW.replace(hour=0), NOW.replace(hour=23))
KILLED = Path(__file__).parents[1] / "data" / "books_and_dies.py"


@pytest.fixture
async def path(tmp_path):
    await migrate(f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}")
    return tmp_path / "voicebot.db"


@pytest.fixture
async def database(path):
    database = Database(f"sqlite+aiosqlite:///{path}", deadline_s=3)
    yield database
    await database.close()


@pytest.fixture
def calendar(database):
    return SqlCalendar(database, lambda _: PARIS, lambda: NOW)


async def test_the_files_are_ours_alone(path, calendar):
    await calendar.hold("demo", "h", SLOT, NOW, LATER)
    rights = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("voicebot.db*")}
    assert rights == {0o600}


async def fill(database):
    """No page more than the file has now, and no room left in those."""

    async def limit(connection):
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        await connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS filler (text TEXT)")

    async def more(connection):
        await connection.exec_driver_sql("INSERT INTO filler VALUES (?)", ("x" * 3000,))

    await database.write(limit)
    while True:
        try:
            await database.write(more)
        except Unavailable:
            return


async def test_a_full_disk_while_booking_claims_nothing(path, database, calendar, tmp_path):
    hold = await calendar.hold("demo", "h", SLOT, NOW, LATER)
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE filler (text TEXT)"))
    await fill(database)
    journal = SqlJournal(database, sealer(tmp_path / "key"), lambda _: PARIS)
    with pytest.raises(Unavailable) as refused:
        await calendar.book("demo", "b", hold, SLOT, ANNE, "x" * 9000, NOW)
    assert not isinstance(refused.value, FateUnknown)
    with pytest.raises(Unavailable):
        await journal.append("demo", "call", 0, Said(NOW, "mot " * 9000))
    assert await calendar.done("demo", "b") is None
    assert await calendar.agenda("demo", *DAY) == []
    assert await calendar.patients_born("demo", ANNE.birth_date) == []
    assert [each async for each in journal.read("demo", "call")] == []

    await database.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    assert (await calendar.book("demo", "b", hold, SLOT, ANNE, "", NOW)).slot == SLOT


@pytest.mark.parametrize("fault", ["full", "locked"])
async def test_a_ticket_is_kept_and_shown_although_the_database_takes_nothing(
    path, database, tmp_path, fault
):
    box = sealer(tmp_path / "key")
    tickets = SqlTickets(database, box, lambda _: PARIS)
    ticket = Ticket("k", "callback", "Rappeler", "toux " * 2000, ANNE, LATER, level="urgent")
    await database.write(lambda c: c.exec_driver_sql("CREATE TABLE filler (text TEXT)"))
    other = sqlite3.connect(path, isolation_level=None)
    if fault == "full":
        await fill(database)
    else:
        other.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        await tickets.save("demo", "call", ticket, NOW)
    restarted = SqlTickets(database, box, lambda _: PARIS)
    (filed,) = await restarted.open("demo")
    assert (filed.ticket, filed.call, filed.created) == (ticket, "call", NOW)
    assert await restarted.open("bench") == []
    assert all(b"toux" not in file.read_bytes() for file in tmp_path.glob("voicebot.db-tickets/*"))

    if fault == "full":
        await database.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    else:
        other.execute("COMMIT")
    other.close()
    assert await restarted.open("demo") == [filed]
    assert list(tmp_path.glob("voicebot.db-tickets/*")) == []
    assert await restarted.close("demo", "k", "lea", NOW)


async def test_a_locked_file_is_unavailable_within_the_deadline_and_reads_go_on(path, calendar):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        await calendar.hold("demo", "h", SLOT, NOW, LATER)
    assert not isinstance(refused.value, FateUnknown)
    assert await calendar.busy("demo", *DAY) == []
    other.execute("COMMIT")
    other.close()
    assert await calendar.hold("demo", "h", SLOT, NOW, LATER)
    assert len(await calendar.busy("demo", *DAY)) == 1


async def test_work_that_outlasts_the_deadline_is_rolled_back(path, calendar):
    slow = Database(f"sqlite+aiosqlite:///{path}", deadline_s=0.05)
    go_on = asyncio.Event()

    async def work(connection):
        await connection.exec_driver_sql("DELETE FROM appointment")
        await go_on.wait()

    await calendar.hold("demo", "h", SLOT, NOW, LATER)
    with pytest.raises(Unavailable) as late:
        await slow.write(work)
    assert not isinstance(late.value, FateUnknown)
    go_on.set()
    slow.deadline_s = 3
    await slow.close()
    assert len(await calendar.busy("demo", *DAY)) == 1


async def test_a_write_given_up_in_the_queue_is_never_begun(path):
    database = Database(f"sqlite+aiosqlite:///{path}", deadline_s=0.05)
    go_on, begun = asyncio.Event(), []

    async def first(connection):
        await go_on.wait()

    async def second(connection):
        begun.append("second")

    for work in (first, second):
        with pytest.raises(Unavailable):
            await database.write(work)
    go_on.set()
    database.deadline_s = 3
    await database.close()
    assert begun == []


async def test_a_commit_that_outlasts_the_deadline_is_of_unknown_fate_and_settled_by_its_key(
    path, calendar, monkeypatch
):
    slow = Database(f"sqlite+aiosqlite:///{path}", deadline_s=0.2)
    go_on, commit = asyncio.Event(), slow._commit

    async def slowly(connection):
        await go_on.wait()
        await commit(connection)

    monkeypatch.setattr(slow, "_commit", slowly)
    with pytest.raises(FateUnknown):
        await SqlCalendar(slow, lambda _: PARIS).book("demo", "b", "", SLOT, ANNE, "", NOW)
    slow.deadline_s = 3
    asking = asyncio.create_task(SqlCalendar(slow, lambda _: PARIS).done("demo", "b"))
    await asyncio.sleep(0)
    go_on.set()
    assert (await asking).slot == SLOT
    await slow.close()
    assert (await calendar.done("demo", "b")).slot == SLOT


async def test_an_event_whose_fate_was_unknown_may_be_recorded_again(path, database, monkeypatch):
    async def committed_and_lost(connection):
        await connection.commit()
        raise FateUnknown

    journal = SqlJournal(database, sealer(path.with_name("key")), lambda _: PARIS)
    with monkeypatch.context() as lost:
        lost.setattr(database, "_commit", committed_and_lost)
        with pytest.raises(FateUnknown):
            await journal.append("demo", "call", 0, Started(NOW, "web"))
    await journal.append("demo", "call", 0, Started(NOW, "web"))
    await journal.append("demo", "call", 1, Said(NOW, "bonjour"))
    with pytest.raises(ValueError, match="already written"):
        await journal.append("demo", "call", 1, Said(NOW, "bonjour"))


@pytest.mark.parametrize(
    ("said", "fate"), [("database is locked", Unavailable), ("disk I/O error", FateUnknown)]
)
async def test_a_commit_that_fails_says_whether_it_may_have_happened(database, monkeypatch, said, fate):
    async def commit(connection):
        raise OperationalError("COMMIT", None, sqlite3.OperationalError(said))

    monkeypatch.setattr("sqlalchemy.ext.asyncio.AsyncConnection.commit", commit)
    with pytest.raises(Unavailable) as refused:
        await database.write(lambda c: c.exec_driver_sql("DELETE FROM appointment"))
    assert type(refused.value) is fate


async def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "voicebot.db").write_text("not a database " * 1000)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}")
    with pytest.raises(Unavailable):
        await SqlCalendar(database, lambda _: PARIS).busy("demo", *DAY)
    await database.close()


async def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    database = Database(f"postgresql+asyncpg://nobody@/none?host={tmp_path}")
    with pytest.raises(Unavailable):
        await SqlCalendar(database, lambda _: PARIS).busy("demo", *DAY)
    await database.close()


@pytest.mark.parametrize(
    ("dies", "journal", "busy", "booked"),
    [
        ("before hold", 2, 0, False),
        ("inside hold", 2, 0, False),
        ("after hold", 2, 1, False),
        ("inside book", 3, 1, False),
        ("after book", 3, 1, True),
    ],
)
async def test_killed_at_any_moment_the_file_holds_all_of_a_step_or_nothing(
    path, calendar, database, dies, journal, busy, booked
):
    call = await asyncio.create_subprocess_exec(sys.executable, KILLED, path, dies)
    assert await call.wait() == -signal.SIGKILL
    record = SqlJournal(database, sealer(path.with_name("key")), lambda _: PARIS)
    events = [event async for event in record.read("demo", "call")]
    assert events[:1] == [Started(NOW, "web")]
    assert len(events) == journal
    assert await record.unfinished() == [("demo", "call")]
    assert len(await calendar.busy("demo", *DAY)) == busy
    appointment = await calendar.done("demo", "b")
    assert (appointment is not None) == booked
    assert await calendar.agenda("demo", *DAY) == ([appointment] if booked else [])
    assert bool(await calendar.patients_born("demo", ANNE.birth_date)) == booked
    # Once the dead call's hold has expired, the time is another caller's or still the booked one's.
    if not booked:
        assert await calendar.hold("demo", "next", SLOT, LATER, LATER + timedelta(minutes=3))
