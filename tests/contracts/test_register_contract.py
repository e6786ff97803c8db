"""What is destroyed leaves a proof that nobody can alter unseen, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update

from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.register_sql import Destroyed, Register, broken_at
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tables import register as table
from voicebot.domain.events import HungUp, PartlySaid, Pressed, Said, Started, TicketSaved

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
ENDED = NOW + timedelta(minutes=2)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def register(database):
    # One chain a database: on the shared one the tests begin it anew.
    await database.write(lambda connection: connection.execute(delete(table)))
    return Register(database)


@pytest.fixture
def journal(database, tmp_path):
    return SqlJournal(database, sealer(tmp_path / "key"), lambda _: PARIS)


async def events(journal, practice, call):
    return [type(event).__name__ async for event in journal.read(practice, call)]


async def test_entries_form_a_chain_that_holds(register):
    for number in range(3):
        await register.append("voicemail", LATER, Destroyed(number, NOW))
    entries = await register.entries()
    assert [(e.position, e.what, e.destroyed, e.oldest, e.at) for e in entries] == [
        (0, "voicemail", 1, NOW, LATER),
        (1, "voicemail", 2, NOW, LATER),
    ]
    assert broken_at(entries) is None


@pytest.mark.parametrize(
    "change",
    [
        update(table).where(table.c.position == 1).values(destroyed=3),
        update(table).where(table.c.position == 1).values(what="briefing"),
        update(table).where(table.c.position == 1).values(oldest=None),
        update(table).where(table.c.position == 1).values(hash="f" * 64),
        delete(table).where(table.c.position == 1),
    ],
)
async def test_whatever_is_changed_afterwards_shows(register, database, change):
    for number in range(1, 4):
        await register.append("voicemail", LATER, Destroyed(number, NOW))
    await database.write(lambda connection: connection.execute(change))
    assert broken_at(await register.entries()) == 1


async def test_an_entry_cut_off_at_the_head_shows(register):
    for number in range(1, 3):
        await register.append("voicemail", LATER, Destroyed(number, NOW))
    assert broken_at((await register.entries())[1:]) == 0


async def call_with_words(journal, practice, call="c", ended=True):
    said = [PartlySaid(NOW, "je"), Said(NOW, "je refuse"), Pressed(NOW, "0"), TicketSaved(NOW, "k")]
    happened = [Started(NOW, "web"), *said, *([HungUp(ENDED, "caller")] if ended else [])]
    for position, event in enumerate(happened):
        await journal.append(practice, call, position, event)


async def test_the_words_of_who_objects_go_once_the_call_is_settled_and_the_proof_stays(
    journal, register, practice
):
    for call in ("c", "other"):
        await call_with_words(journal, practice, call)
    await call_with_words(journal, practice, "running", ended=False)
    for call in ("c", "running"):
        await journal.forget(practice, call, NOW)
    note = register.note("objection", LATER)
    assert await journal.purge_objected(ENDED - timedelta(seconds=1), LATER, note) == Destroyed()
    assert await journal.purge_objected(ENDED, LATER, note) == Destroyed(1, NOW)
    assert await journal.purge_objected(LATER, LATER, note) == Destroyed()
    assert await events(journal, practice, "c") == ["Started", "TicketSaved", "HungUp"]
    assert "Said" in await events(journal, practice, "other")
    assert "Said" in await events(journal, practice, "running")
    assert (practice, "c") not in await journal.last_ended(timedelta(days=9))
    assert (practice, "other") in await journal.last_ended(timedelta(days=9))
    (entry,) = await register.entries()
    assert (entry.what, entry.destroyed, entry.oldest) == ("objection", 1, NOW.astimezone(UTC))


async def test_a_proof_that_cannot_be_written_destroys_nothing(journal, practice):
    await call_with_words(journal, practice)
    await journal.forget(practice, "c", NOW)

    async def refuse(connection, done):
        raise RuntimeError("no register")

    with pytest.raises(RuntimeError):
        await journal.purge_objected(LATER, LATER, refuse)
    assert "Said" in await events(journal, practice, "c")
