"""The real server over a practice with a message, a silent pager and a register: a process, for browsers."""

import asyncio
import math
import struct
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.app.on_show import NOW, MemoryDesk, service, work_to_do
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.register_sql import Destroyed, Register
from voicebot.adapters.sealing import sealer
from voicebot.adapters.sounds_sealed import Sounds, wav
from voicebot.app.server import serving
from voicebot.settings import Settings

SECONDS = 3
TROUBLE = (
    "L’alarme ne part pas par courriel\N{NO-BREAK SPACE}: un ticket à traiter vite attend dans cette liste."
)


def message():
    """A tone, as a telephone records it."""
    samples = (round(6000 * math.sin(math.tau * 440 * n / 8000)) for n in range(8000 * SECONDS))
    return wav(struct.pack(f"<{8000 * SECONDS}h", *samples), 8000)


async def main(port):
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/register.db"
        await migrate(url)
        register = Register(Database(url))
        for days, (what, count) in enumerate([("voicemail", 3), ("transcript", 41), ("objection", 1)]):
            await register.append(
                what, NOW + timedelta(days=days), Destroyed(count, NOW - timedelta(days=30))
            )
        sounds = Sounds(Path(folder) / "voicemail", sealer(Path(folder) / "key"))
        sounds.put("demo", "1700-12", message(), NOW)
        (row, *others) = work_to_do()
        left = replace(row.ticket, key="1700-12:voicemail", subject="Message vocal", alarm=True)
        desk = MemoryDesk([replace(row, ticket=left), *others])
        parts = service(desk=desk, sounds=sounds, register=register.entries, trouble=lambda: TROUBLE)
        async with serving(parts, Settings(port=port)) as url:
            print(url, flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
