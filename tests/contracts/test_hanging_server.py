"""A PostgreSQL that stops answering: the call hears of it in time, and goes on when it is back."""

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database
from voicebot.domain.call import Slot
from voicebot.errors import Unavailable

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
SLOT = Slot("moreau", "consultation", NOW.replace(hour=9), 15)


def processes(url):
    """Our own cluster's: the one that lets callers in, and all it started."""
    folder = Path(make_url(url).query["host"])
    postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


@pytest.mark.database
async def test_a_frozen_server_is_unavailable_until_it_thaws(postgresql_url, practice):
    database = Database(postgresql_url, deadline_s=0.5)
    calendar = SqlCalendar(database, lambda _: PARIS, lambda: NOW)
    assert await calendar.busy(practice, NOW, NOW + timedelta(days=1)) == []
    frozen = processes(postgresql_url)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(Unavailable):
            await calendar.hold(practice, "h", SLOT, NOW, NOW + timedelta(minutes=3))
        with pytest.raises(Unavailable):
            await calendar.busy(practice, NOW, NOW + timedelta(days=1))
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    database.deadline_s = 3
    assert await calendar.hold(practice, "h", SLOT, NOW, NOW + timedelta(minutes=3))
    await database.close()
