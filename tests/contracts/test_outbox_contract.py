"""What the outbox of alarms promises, on both databases: told at least once, by one machine at a time."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.database import Database
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.domain.call import Person, Ticket

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
SOON = NOW + timedelta(seconds=15)
DUE = NOW + timedelta(minutes=15)
ALARM = Ticket("c:1", "callback", "Rappeler", "Elle tousse.", Person("Anne", "Lefèvre"), DUE, alarm=True)


@pytest.fixture
def tickets(database, tmp_path):
    return SqlTickets(database, sealer(tmp_path / "key"), lambda _: PARIS)


async def unpaged(tickets, practice, now=NOW):
    return [each.key for each in await tickets.unpaged(now) if each.practice == practice]


async def test_an_alarm_waits_until_it_was_accepted(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.save(practice, "c", replace(ALARM, key="c:2", alarm=False), NOW)
    assert await unpaged(tickets, practice) == ["c:1"]
    await tickets.paged(practice, "c:1", NOW)
    assert await unpaged(tickets, practice) == []
    await tickets.save(practice, "c", replace(ALARM, text="Elle tousse depuis lundi."), NOW)
    assert await unpaged(tickets, practice) == []


async def test_an_accepted_alarm_comes_back_once_when_its_deadline_passes(tickets, practice):
    late = ALARM.due + timedelta(minutes=1)
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.paged(practice, "c:1", NOW)
    assert await unpaged(tickets, practice, late) == ["c:1"]
    assert await tickets.claim_alarm(practice, "c:1", late, late)
    await tickets.paged(practice, "c:1", late)
    assert await unpaged(tickets, practice, late + timedelta(days=1)) == []


async def test_a_ticket_dealt_with_in_time_does_not_come_back(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.paged(practice, "c:1", NOW)
    await tickets.close(practice, "c:1", "lea", NOW)
    assert await unpaged(tickets, practice, NOW + timedelta(days=1)) == []


async def test_an_emergency_is_told_first(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    grave = replace(ALARM, key="c:9", level="emergency", due=NOW + timedelta(hours=5))
    await tickets.save(practice, "c", grave, NOW)
    assert await unpaged(tickets, practice) == ["c:9", "c:1"]


async def test_a_ticket_that_becomes_graver_is_told_again(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.claim_alarm(practice, "c:1", NOW, SOON)
    await tickets.paged(practice, "c:1", NOW)
    await tickets.save(practice, "c", replace(ALARM, level="emergency"), NOW)
    assert await unpaged(tickets, practice) == ["c:1"]
    assert await tickets.claim_alarm(practice, "c:1", NOW, SOON)


async def test_an_alarm_once_raised_stays_and_one_may_be_raised_later(tickets, practice):
    await tickets.save(practice, "c", replace(ALARM, alarm=False), NOW)
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.save(practice, "c", replace(ALARM, alarm=False), NOW)
    assert await unpaged(tickets, practice) == ["c:1"]


async def test_a_ticket_somebody_dealt_with_rings_nowhere(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    await tickets.close(practice, "c:1", "lea", NOW)
    assert await unpaged(tickets, practice) == []
    assert not await tickets.claim_alarm(practice, "c:1", NOW, SOON)


async def test_of_two_machines_one_has_it_in_hand_until_it_dies_or_gives_it_back(tickets, practice):
    await tickets.save(practice, "c", ALARM, NOW)
    assert await tickets.claim_alarm(practice, "c:1", NOW, SOON)
    assert not await tickets.claim_alarm(practice, "c:1", NOW, SOON)
    assert await tickets.claim_alarm(practice, "c:1", SOON, SOON + timedelta(seconds=15))
    await tickets.give_back_alarm(practice, "c:1")
    assert await tickets.claim_alarm(practice, "c:1", SOON, SOON)


async def test_an_alarm_in_the_spool_is_told_once_although_the_database_takes_nothing(
    migrated_file, tmp_path
):
    path = tmp_path / "voicebot.db"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    tickets = SqlTickets(database, sealer(tmp_path / "key"), lambda _: PARIS, spool=tmp_path / "spool")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await tickets.save("spooled", "c", ALARM, NOW)
    assert await unpaged(tickets, "spooled") == ["c:1"]
    other.execute("COMMIT")
    other.close()
    assert await tickets.claim_alarm("spooled", "c:1", NOW, SOON)
    await tickets.paged("spooled", "c:1", NOW)
    assert await unpaged(tickets, "spooled") == []
    (filed,) = await tickets.open("spooled")
    assert filed.ticket == ALARM
    assert list((tmp_path / "spool").iterdir()) == []
    assert await unpaged(tickets, "spooled") == []
    await database.close()
