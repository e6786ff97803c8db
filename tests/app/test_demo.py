"""The demonstration's agenda: alive from the first start, and never seeded twice."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.practice_yaml import load
from voicebot.app.demo import seed

PRACTICES = Path(__file__).parents[2] / "practices"
DEMO = load(PRACTICES / "demo.yaml")


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2026, 11, 21), date(2026, 12, 23)])
async def test_the_demonstration_is_seeded_once_whatever_the_day(tmp_path, today):
    now = datetime(today.year, today.month, today.day, 10, tzinfo=DEMO.zone)
    url = f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}"
    await migrate(url)
    database = Database(url)
    calendar = SqlCalendar(database, lambda _: DEMO.zone, lambda: now)
    made = await seed(DEMO, calendar, PRACTICES / "patients", now)
    agenda = await calendar.agenda("demo", now, now + timedelta(days=60))
    assert made == len(agenda) == 8
    assert {a.slot.doctor for a in agenda} == {"moreau", "lefevre", "benali"}
    assert await seed(DEMO, calendar, PRACTICES / "patients", now + timedelta(days=1)) == 0
    assert await seed(load(PRACTICES / "bench.yaml"), calendar, PRACTICES / "patients", now) == 0
    (odile,) = await calendar.patients_born("demo", date(1941, 3, 12))
    assert len(await calendar.appointments_of("demo", odile.id, now)) == 2
    await database.close()
