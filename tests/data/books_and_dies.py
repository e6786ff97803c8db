"""Books an appointment as a call does, and is killed (-9) at the moment named: `FILE MOMENT`."""

import asyncio
import os
import signal
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.domain.call import Person, Slot
from voicebot.domain.events import Held, Said, Started

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
LATER = NOW + timedelta(minutes=3)
SLOT = Slot("moreau", "consultation", NOW.replace(hour=9), 15)
ANNE = Person("Anne", "Lefèvre", date(1950, 4, 2), "+33612345678")
FILE, MOMENT = Path(sys.argv[1]), sys.argv[2]


def at(moment):
    if moment == MOMENT:
        os.kill(os.getpid(), signal.SIGKILL)


class Dying(Database):
    """Its commits are moments too."""

    step = ""

    async def _commit(self, connection):
        at(f"inside {self.step}")
        await super()._commit(connection)


async def main():
    database = Dying(f"sqlite+aiosqlite:///{FILE}")
    calendar = SqlCalendar(database, lambda _: PARIS, lambda: NOW)
    journal = SqlJournal(database, sealer(FILE.with_name("key")), lambda _: PARIS)
    await journal.append("demo", "call", 0, Started(NOW, "web"))
    await journal.append("demo", "call", 1, Said(NOW, "neuf heures"))
    at("before hold")
    database.step = "hold"
    hold = await calendar.hold("demo", "h", SLOT, NOW, LATER)
    at("after hold")
    database.step = "journal"
    await journal.append("demo", "call", 2, Held(NOW, hold, SLOT, LATER))
    database.step = "book"
    await calendar.book("demo", "b", hold, SLOT, ANNE, "", NOW)
    at("after book")
    raise SystemExit(f"no such moment: {MOMENT}")


asyncio.run(main())
