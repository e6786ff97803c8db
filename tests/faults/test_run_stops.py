"""The real service, with its engines: starts, is stopped in the middle of everything, starts again."""

import asyncio
import os
import re
import signal
import sqlite3
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from telephony.web_caller import connect
from tests.pump import pump
from voicebot.ports import Heard

pytestmark = pytest.mark.engines
ROOT = Path(__file__).parents[2]
STOP_S = 15
"""Streams and calls are ended at once; what may take its time is a synthesis under way on a busy machine."""


class Service:
    """`voicebot run` as a process, and what it has told."""

    def __init__(self, process):
        self.process, self.told = process, ""

    async def tells(self, pattern, seconds=150):
        async with asyncio.timeout(seconds):
            while not (found := re.search(pattern, self.told)):
                line = await self.process.stdout.readline()
                assert line, self.told
                self.told += line.decode()
        return found

    async def stops(self):
        """Its exit code and how many seconds it took, after Ctrl-C."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(self.process.communicate(), 60)
        self.told += rest.decode()
        return self.process.returncode, time.monotonic() - began


@asynccontextmanager
async def running(state):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voicebot", "run"),
        env=inherited | {"VOICEBOT_STATE": str(state), "VOICEBOT_PORT": "0"},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield Service(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def signed_in(url, password):
    async with aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post("/connexion", data={"user": "secretariat", "password": password})
        yield browser


def left_in(session):
    """Processes of that session that still live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


async def test_ctrl_c_with_a_page_and_a_call_open_stops_cleanly_and_the_next_start_knows_the_call(tmp_path):
    async with running(tmp_path / "state") as service:
        password = (await service.tells(r"mot de passe « (.*?) »"))[1]
        url = (await service.tells(r"(http://\S+?)/direct"))[1]
        async with signed_in(url, password) as browser:
            assert (await (await browser.get("/healthz")).json())["status"] == "ok"
            for page in ("/", "/appel/demo", "/direct"):
                assert (await browser.get(page)).status == 200
            stream = await browser.get("/direct/flux")
            assert stream.status == 200
            line = await connect(f"{url}/api/call/demo")
            talking = asyncio.create_task(pump(line))
            async with asyncio.timeout(20):
                async for event in line.received():
                    if isinstance(event, Heard) and any(event.pcm):
                        break
            code, seconds = await service.stops()
        talking.cancel()
        await line.hang_up()
        assert code == 0, service.told
        assert "Traceback" not in service.told
        assert seconds < STOP_S
        assert left_in(service.process.pid) == []
    async with running(tmp_path / "state") as again:
        await again.tells("Prêt")
        with sqlite3.connect(tmp_path / "state" / "voicebot.db") as database:
            (ended,) = database.execute("SELECT ended_by FROM call").fetchall()
        assert ended[0], "the call that was going on is closed: at the stop, or by the next start"
        assert "mot de passe" not in again.told
        assert (await again.stops())[0] == 0
