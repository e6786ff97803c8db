"""A message left while nobody ran rings a pager, and again after the service was killed, until taken."""

import asyncio
import json
import os
import re
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from standardwebhooks.webhooks import Webhook

from voicebot.adapters.sounds_sealed import wav

ROOT = Path(__file__).parents[2]
SECRET = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM="
START_S, RING_S = 120, 40


@asynccontextmanager
async def pager(rings, verdict):
    async def take(request):
        rings.append(Webhook(SECRET).verify(await request.read(), dict(request.headers)))
        return web.Response(status=verdict[0])

    app = web.Application()
    app.router.add_post("/", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def service(state, url):
    """A service without engines; gives its process, its pages' address and what it has said."""
    port, log = unused_port(), state.parent / "log"
    mine = {
        "VOICEBOT_STATE": str(state),
        "VOICEBOT_CACHE": str(state.parent / "cache"),
        "VOICEBOT_PORT": str(port),
        "VOICEBOT_TELEPHONE": "no",
        "VOICEBOT_PUBLIC_URL": "https://voix.example",
        "VOICEBOT_PAGER_WEBHOOK_URL": url,
        "VOICEBOT_PAGER_WEBHOOK_SECRET": SECRET,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    with log.open("w") as out:
        command = (sys.executable, "-m", "tests.faults.service_without_engines")
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=kept | mine, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + START_S
        while "Prêt." not in log.read_text():  # a file of a few lines
            assert process.returncode is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            await asyncio.sleep(0.1)
        yield process, f"http://localhost:{port}", log.read_text
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def leave(state, call, **told):
    spool = state / "asterisk" / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    (spool / f"message-{call}.wav").write_bytes(wav(b"\1\2" * 8000, 8000))
    sidecar = {"call": call, "from": "+33612345678", "practice": "demo", "at": int(time.time()), **told}
    (spool / f"message-{call}.json").write_text(json.dumps(sidecar))


async def until(condition):
    async with asyncio.timeout(RING_S):
        while not condition():  # noqa: ASYNC110  # another process rings no bell
            await asyncio.sleep(0.05)


async def desk(address, password):
    """The tickets as the secretary reads them, and the sound of the first message."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post(f"{address}/connexion", data={"user": "secretariat", "password": password})
        tickets = await (await browser.get(f"{address}/direct/tickets/demo")).text()
        heard = re.search(r'data-sound="([^"]+)"', tickets)
        sound = await (await browser.get(address + heard[1])).read() if heard else b""
    return tickets, sound


async def test_a_message_left_while_nobody_ran_rings_until_somebody_takes_it(tmp_path):
    state, rings, verdict = tmp_path / "state", [], [503]
    leave(state, "1795301234.17", urgent="1")
    async with pager(rings, verdict) as url:
        async with service(state, url) as (process, address, said):
            await until(lambda: len(rings) > 1)
            password = re.search(r"mot de passe « (\S+) »", said())[1]
            tickets, sound = await desk(address, password)
            assert "L’alarme ne part pas par webhook" in tickets
            process.kill()
            await process.wait()
        before, verdict[0] = len(rings), 204
        async with service(state, url) as (_, address, said):
            await until(lambda: len(rings) > before)
            tickets, _ = await desk(address, password)
        assert "L’alarme ne part pas" not in tickets
    assert sound == wav(b"\1\2" * 8000, 8000)
    assert "signe d’urgence" in tickets
    assert len({ring["data"]["ticket"] for ring in rings}) == 1
    assert rings[0]["data"]["level"] == "emergency"
    assert rings[0]["data"]["link"] == "https://voix.example/direct?cabinet=demo"
    assert "33612345678" not in json.dumps(rings) + said()
    assert list((state / "asterisk" / "spool").iterdir()) == []
