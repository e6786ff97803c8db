"""What every Journal and every Tickets promises, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.journal_sql import CallRecord, SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.domain.call import Person, Ticket
from voicebot.domain.events import HungUp, Said, Started
from voicebot.errors import Unavailable

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
STARTED, SAID = Started(NOW, "web"), Said(NOW, "bonjour")
HUNG_UP = HungUp(NOW + timedelta(minutes=1), "caller")
TICKET = Ticket("call:1", "callback", "Rappeler", "Elle tousse.", Person("Anne", "Lefèvre"), NOW)


@pytest.fixture
def journal(database, tmp_path):
    return SqlJournal(database, sealer(tmp_path / "key"), lambda _: PARIS)


@pytest.fixture
def tickets(database, tmp_path):
    return SqlTickets(database, sealer(tmp_path / "key"), lambda _: PARIS)


async def events(journal, practice, call="call"):
    return [event async for event in journal.read(practice, call)]


async def test_a_call_is_read_back_in_order_and_only_in_its_practice(journal, practice):
    for position, event in enumerate([STARTED, SAID, HUNG_UP]):
        await journal.append(practice, "call", position, event)
    assert await events(journal, practice) == [STARTED, SAID, HUNG_UP]
    assert await events(journal, practice + "2") == []
    assert await events(journal, practice, "other") == []


async def test_a_position_is_written_once(journal, practice):
    await journal.append(practice, "call", 0, STARTED)
    await journal.append(practice, "call", 1, SAID)
    with pytest.raises(ValueError, match="already written"):
        await journal.append(practice, "call", 1, HUNG_UP)
    assert await events(journal, practice) == [STARTED, SAID]
    assert (practice, "call") in await journal.unfinished()


async def test_a_call_is_unfinished_until_somebody_hangs_up(journal, practice):
    await journal.append(practice, "call", 0, STARTED)
    assert (practice, "call") in await journal.unfinished()
    await journal.append(practice, "call", 1, HUNG_UP)
    assert (practice, "call") not in await journal.unfinished()
    assert await journal.calls(practice, NOW - timedelta(hours=1)) == [
        CallRecord(practice, "call", "web", NOW, HUNG_UP.at, "caller")
    ]
    assert await journal.calls(practice, NOW + timedelta(hours=1)) == []


async def test_words_sealed_with_another_key_do_not_open(journal, database, practice, tmp_path):
    await journal.append(practice, "call", 0, STARTED)
    stranger = SqlJournal(database, sealer(tmp_path / "other"), lambda _: PARIS)
    with pytest.raises(Unavailable):
        await events(stranger, practice)


async def test_a_ticket_saved_twice_is_one_and_takes_the_newer_words(tickets, practice):
    await tickets.save(practice, "call", TICKET, NOW)
    newer = replace(TICKET, text="Elle tousse depuis lundi.")
    await tickets.save(practice, "call", newer, NOW + timedelta(minutes=1))
    (filed,) = await tickets.open(practice)
    assert (filed.ticket, filed.call, filed.created, filed.closed) == (newer, "call", NOW, None)
    assert await tickets.open(practice + "2") == []


async def test_an_emergency_stands_first_then_the_nearest_deadline(tickets, practice):
    later = replace(TICKET, key="later", due=NOW + timedelta(hours=2))
    grave = replace(TICKET, key="grave", due=NOW + timedelta(hours=9), level="emergency", flags=("x",))
    for ticket in (later, TICKET, grave):
        await tickets.save(practice, "call", ticket, NOW)
    assert [filed.ticket for filed in await tickets.open(practice)] == [grave, TICKET, later]


async def test_of_two_secretaries_one_closes_the_ticket(tickets, practice):
    await tickets.save(practice, "call", TICKET, NOW)
    assert await tickets.close(practice + "2", TICKET.key, "eve", NOW) is False
    assert await tickets.close(practice, TICKET.key, "lea", NOW) is True
    assert await tickets.close(practice, TICKET.key, "max", NOW) is False
    assert await tickets.open(practice) == []
    (filed,) = await tickets.closed(practice, NOW)
    assert (filed.closed_by, filed.closed) == ("lea", NOW)
    await tickets.save(practice, "call", TICKET, NOW)
    assert await tickets.open(practice) == []
    assert await tickets.reopen(practice, TICKET.key) is True
    assert len(await tickets.open(practice)) == 1


async def test_closed_tickets_are_forgotten_after_their_time(tickets, practice):
    await tickets.save(practice, "call", TICKET, NOW)
    await tickets.purge(datetime(2027, 1, 1, tzinfo=UTC))
    assert len(await tickets.open(practice)) == 1
    await tickets.close(practice, TICKET.key, "lea", NOW)
    await tickets.purge(datetime(2027, 1, 1, tzinfo=UTC))
    assert await tickets.closed(practice, NOW) == []
