"""Alarms as they go out: at once, again until accepted, again after a restart, never twice for nothing."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.database import Database, migrate
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.pager import Alarming, Paging
from voicebot.domain.call import Person, Ticket
from voicebot.errors import Unavailable

NOW = datetime(2026, 11, 30, 8, tzinfo=ZoneInfo("Europe/Paris"))
DUE = NOW + timedelta(minutes=15)
ALARM = Ticket(
    *("c:1", "emergency", "A raccroché", "« mal à la poitrine »", Person("Anne", "Lefèvre"), DUE),
    level="emergency",
    alarm=True,
)


class Buzzer:
    """ports.Pager that refuses a number of times before it accepts; `hangs` never answers."""

    def __init__(self, refuses=0, name="par webhook", raises=None, hangs=False):
        self.name, self.refuses, self.hangs = name, refuses, hangs
        self.raises = raises or Unavailable("503")
        self.accepted, self.tries = [], 0

    async def page(self, alarm):
        self.tries += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.tries <= self.refuses:
            raise self.raises
        self.accepted.append(alarm)


@pytest.fixture
async def tickets(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'practice.db'}"
    await migrate(url)
    database = Database(url)
    yield SqlTickets(database, sealer(tmp_path / "keys"), lambda _: NOW.tzinfo)
    await database.close()


@asynccontextmanager
async def paging(tickets, *buzzers, changed=lambda: None, clock=lambda: NOW):
    running = Paging(
        *(tickets, buzzers, lambda practice: f"https://ici/direct?cabinet={practice}", clock, changed),
        backoff_s=[0],
    )
    task = asyncio.create_task(running.run())
    try:
        yield running
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # many things are waited for
            await asyncio.sleep(0.01)


async def emptied(tickets):
    async with asyncio.timeout(10):
        while await tickets.unpaged(NOW):  # noqa: ASYNC110  # the database rings no bell
            await asyncio.sleep(0.01)


async def test_an_alarm_goes_out_as_soon_as_it_is_saved_and_once(tickets):
    buzzer = Buzzer()
    async with paging(tickets, buzzer) as running:
        watched = Alarming(tickets, running)
        await watched.save("demo", "c", replace(ALARM, key="c:0", alarm=False), NOW)
        await watched.save("demo", "c", ALARM, NOW)
        await until(lambda: buzzer.accepted)
        await emptied(tickets)
        running._woken.set()
        await asyncio.sleep(0.1)
    (alarm,) = buzzer.accepted
    assert (alarm.practice, alarm.ticket, alarm.level, alarm.due) == ("demo", "c:1", "emergency", DUE)
    assert alarm.link == "https://ici/direct?cabinet=demo"
    assert "poitrine" not in repr(alarm)
    assert "Lefèvre" not in repr(alarm)


async def test_a_pager_that_refuses_is_asked_again_and_the_page_says_so_meanwhile(tickets):
    buzzer, told = Buzzer(refuses=10**9), []
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, buzzer, changed=lambda: told.append(running.trouble())) as running:
        await until(lambda: buzzer.tries > 3)
        assert "par webhook" in running.trouble()
        assert "un ticket" in running.trouble()
        buzzer.refuses = 0
        await until(lambda: buzzer.accepted)
        await emptied(tickets)
        assert running.trouble() == ""
    assert [bool(text) for text in told] == [True, False]


async def test_a_pager_with_a_fault_of_its_own_stops_neither_the_service_nor_the_other_one(tickets):
    broken, sound = Buzzer(refuses=3, raises=ZeroDivisionError()), Buzzer(name="par courriel")
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, broken, sound):
        await until(lambda: broken.accepted)
        await emptied(tickets)
    assert len(sound.accepted) == 1


async def test_an_alarm_that_was_never_accepted_goes_out_after_a_restart_with_the_same_identity(tickets):
    deaf, hearing = Buzzer(refuses=10**9), Buzzer()
    watched = []
    original = deaf.page

    async def page(alarm):
        watched.append(alarm)
        await original(alarm)

    deaf.page = page
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, deaf):
        await until(lambda: deaf.tries > 1)
    await tickets.give_back_alarm("demo", "c:1")
    async with paging(tickets, hearing):
        await until(lambda: hearing.accepted)
    assert {alarm.id for alarm in watched} == {hearing.accepted[0].id}


async def test_a_pager_that_hangs_delays_no_other_alarm(tickets):
    class HangsOnFirst(Buzzer):
        async def page(self, alarm):
            self.hangs = alarm.ticket == "c:1"
            await super().page(alarm)

    buzzer = HangsOnFirst()
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, buzzer) as running:
        await until(lambda: buzzer.tries)
        await tickets.save("demo", "d", replace(ALARM, key="d:1", due=DUE + timedelta(hours=1)), NOW)
        running._woken.set()
        await until(lambda: buzzer.accepted)
    assert [alarm.ticket for alarm in buzzer.accepted] == ["d:1"]


async def test_a_ticket_somebody_dealt_with_is_no_longer_told(tickets):
    buzzer = Buzzer(refuses=10**9)
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, buzzer) as running:
        await until(lambda: buzzer.tries)
        await tickets.close("demo", "c:1", "lea", NOW)
        running._woken.set()
        await until(lambda: not running._waiting)
        tries = buzzer.tries
        await asyncio.sleep(0.1)
    assert buzzer.tries <= tries + 1


async def test_an_accepted_alarm_is_not_sent_again_while_the_database_refuses_to_note_it(tickets):
    class Grudging:
        """The outbox of a database that is full: it can be read and takes nothing."""

        unpaged, full = tickets.unpaged, True

        async def claim_alarm(self, *_):
            raise Unavailable("full")

        async def give_back_alarm(self, *_):
            raise Unavailable("full")

        async def paged(self, *alarm):
            if self.full:
                raise Unavailable("full")
            await tickets.paged(*alarm)

    buzzer, outbox = Buzzer(), Grudging()
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(outbox, buzzer) as running:
        await until(lambda: buzzer.accepted)
        running._woken.set()
        await asyncio.sleep(0.1)
        outbox.full = False
        await emptied(tickets)
    assert buzzer.tries == 1


async def test_an_alarm_that_no_disk_takes_goes_out_all_the_same_and_its_ticket_is_saved_in_the_end(tickets):
    class Full:
        """Neither the database nor the spool has room."""

        full, claim_alarm, give_back_alarm = True, tickets.claim_alarm, tickets.give_back_alarm
        unpaged, paged = tickets.unpaged, tickets.paged

        async def save(self, *ticket):
            if self.full:
                raise Unavailable("no space left on device")
            await tickets.save(*ticket)

    buzzer, store = Buzzer(), Full()
    async with paging(store, buzzer) as running:
        with pytest.raises(Unavailable):
            await Alarming(store, running).save("demo", "c", ALARM, NOW)
        await until(lambda: buzzer.accepted)
        for _ in range(3):
            running._woken.set()
            await asyncio.sleep(0.05)
        store.full = False
        running._woken.set()
        async with asyncio.timeout(10):
            while not await tickets.open("demo"):  # noqa: ASYNC110  # the database rings no bell
                await asyncio.sleep(0.01)
        await emptied(tickets)
    assert (await tickets.open("demo"))[0].ticket == ALARM
    assert len(buzzer.accepted) == 1


async def test_who_accepted_and_did_nothing_is_told_once_more_at_the_deadline(tickets):
    buzzer, now = Buzzer(), [NOW]
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets, buzzer, clock=lambda: now[0]) as running:
        await until(lambda: buzzer.accepted)
        await emptied(tickets)
        now[0] = DUE
        running._woken.set()
        await until(lambda: len(buzzer.accepted) == 2)
        await until(lambda: not running._sending)
        running._woken.set()
        await asyncio.sleep(0.1)
    first, second = buzzer.accepted
    assert (first.late, second.late) == (False, True)
    assert first.id != second.id


async def test_without_a_pager_the_alarm_stays_in_the_outbox(tickets):
    await tickets.save("demo", "c", ALARM, NOW)
    async with paging(tickets) as running:
        running._woken.set()
        await asyncio.sleep(0.05)
    assert len(await tickets.unpaged(NOW)) == 1
