"""What the live page reads, from a real database."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.consignes import Consignes
from voicebot.app.desk_data import SqlDesk
from voicebot.domain.call import Person, Slot, Ticket
from voicebot.domain.practice import Consigne, Practice
from voicebot.errors import Unavailable

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
ANNE = Person("Anne", "Lefèvre", date(1950, 4, 2), "+33612345678")
HOUR = timedelta(hours=1)


@pytest.fixture
async def desk(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'practice.db'}"
    await migrate(url)
    database = Database(url)
    zone, clock = (lambda _: PARIS), (lambda: NOW)
    yield SqlDesk(
        SqlCalendar(database, zone, clock),
        SqlTickets(database, sealer(tmp_path / "keys"), zone),
        Consignes(tmp_path / "consignes.json"),
        zone,
        clock,
    )
    await database.close()


def at(hour, minute=0):
    return Slot("moreau", "consultation", NOW.replace(hour=hour, minute=minute), 15)


async def test_the_day_shows_bookings_with_their_patient_and_holds_without(desk):
    calendar = desk.calendar
    hold = await calendar.hold("demo", "a", at(10), NOW, NOW + HOUR)
    await calendar.book("demo", "a/book", hold, at(10), ANNE, "", NOW)
    await calendar.hold("demo", "b", at(9), NOW, NOW + HOUR)
    await calendar.hold("autre", "c", at(11), NOW, NOW + HOUR)
    entries = await desk.agenda("demo", NOW.date())
    assert [(entry.start.hour, entry.held, entry.patient.last_name) for entry in entries] == [
        (9, True, ""),
        (10, False, "Lefèvre"),
    ]
    assert await desk.agenda("demo", NOW.date() + timedelta(1)) == []


async def test_a_ticket_is_open_then_closed_by_somebody_then_open_again(desk):
    ticket = Ticket("k", "callback", "Rappeler", "« Rappelez-moi. »", ANNE, NOW + HOUR)
    await desk.filed.save("demo", "call", ticket, NOW)
    await desk.close_ticket("demo", "k", "secretariat", NOW)
    [row] = await desk.tickets("demo")
    assert (row.ticket, row.closed_by, row.closed_at) == (ticket, "secretariat", NOW)
    await desk.reopen_ticket("demo", "k")
    [row] = await desk.tickets("demo")
    assert row.closed_at is None


async def test_a_consigne_outlives_a_restart_and_not_its_hour(desk, tmp_path):
    late = Consigne("Le docteur a une heure de retard.", NOW + HOUR)
    await desk.set_consigne("demo", late)
    again = Consignes(tmp_path / "consignes.json")
    practice = Practice("demo", "Cabinet", "01 99 00 47 12")
    assert again.added_to(practice, NOW).consignes == (late,)
    assert again.added_to(practice, NOW + HOUR).consignes == ()
    await desk.set_consigne("demo", None)
    assert await desk.consigne("demo", NOW) is None


async def test_a_consigne_that_cannot_be_written_is_not_said(tmp_path):
    consignes = Consignes(tmp_path / "nowhere" / "consignes.json")
    with pytest.raises(Unavailable):
        await consignes.set("demo", Consigne("Fermé ce soir.", NOW + HOUR))
    assert consignes.of("demo", NOW) is None
