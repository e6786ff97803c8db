"""One leg's WebSocket: sound and keys both ways, and nonsense from the other end."""

import asyncio
import json
import os
import random
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from telephony.asterisk.media import LARGEST_HEARD, MediaLeg
from tests.pipeline.fakes_audio import until
from voicebot.errors import Unavailable
from voicebot.ports import Heard, Key

START = json.dumps({"event": "MEDIA_START", "channel_id": "WebSocket/1", "format": "slin16"})


class Leg:
    """Both ends of one."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.leg: MediaLeg
        self.begun, self.over = asyncio.Event(), asyncio.Event()
        self.failed = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=("media",), max_msg_size=LARGEST_HEARD, compress=False)
        await socket.prepare(request)
        self.leg = MediaLeg(socket)
        try:
            await self.leg.started(0.5)
            self.begun.set()
            await self.leg.serve(self.heard.append)
        except Unavailable:
            self.failed = True
        finally:
            self.over.set()
        return socket


@asynccontextmanager
async def opened(first=START):
    ends = Leg()
    app = web.Application()
    app.router.add_get("/media", ends.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/media"
    async with aiohttp.ClientSession() as http, http.ws_connect(url, protocols=["media"]) as asterisk:
        if first:
            await asterisk.send_str(first)
            await asyncio.wait_for(ends.begun.wait(), 5)
        yield ends, asterisk
    await asyncio.wait_for(ends.over.wait(), 5)
    await runner.cleanup()


async def commands(asterisk):
    async with asyncio.timeout(5):
        async for message in asterisk:
            if message.type is WSMsgType.TEXT:
                yield json.loads(message.data)


async def test_sound_and_keys_are_heard_in_order():
    async with opened() as (ends, asterisk):
        assert ends.leg.channel == "WebSocket/1"
        await asterisk.send_bytes(b"\1\0" * 320)
        await asterisk.send_str('{"event": "DTMF_END", "digit": "#"}')
        await asterisk.send_bytes(b"\2\0" * 320)
        await until(lambda: len(ends.heard) == 3)
        assert ends.heard == [Heard(b"\1\0" * 320), Key("#"), Heard(b"\2\0" * 320)]


async def test_what_is_said_goes_out_in_messages_that_asterisk_takes():
    async with opened() as (ends, asterisk):
        pcm = os.urandom(100_000)
        await ends.leg.send(pcm)
        got = b""
        while len(got) < len(pcm):
            message = await asterisk.receive()
            assert len(message.data) <= 32 * 1024
            got += message.data
        assert got == pcm


async def test_asterisk_says_when_it_is_full_and_late_sound_is_not_kept():
    async with opened() as (ends, asterisk):
        await asterisk.send_str('{"event": "MEDIA_XOFF"}')
        await asterisk.send_str('{"event": "DTMF_END", "digit": "1"}')
        await until(lambda: ends.heard)
        await ends.leg.send(b"\1\0")
        await asterisk.send_str('{"event": "MEDIA_XON"}')
        await asterisk.send_str('{"event": "DTMF_END", "digit": "1"}')
        await until(lambda: len(ends.heard) == 2)
        await ends.leg.send(b"\2\0")
        assert (await asterisk.receive()).data == b"\2\0"


async def test_a_flush_and_a_mark_are_commands_and_a_mark_may_be_lost():
    async with opened() as (ends, asterisk):
        await ends.leg.flush()
        waiting = asyncio.create_task(ends.leg.played(5))
        told = commands(asterisk)
        assert await anext(told) == {"command": "FLUSH_MEDIA"}
        mark = await anext(told)
        assert mark["command"] == "MARK_MEDIA"
        answer = {"event": "MEDIA_MARK_PROCESSED", "correlation_id": mark["correlation_id"]}
        await asterisk.send_str(json.dumps(answer))
        assert await waiting
        assert not await ends.leg.played(0.05)


@pytest.mark.parametrize("first", ["", '{"event": "HELLO"}', "MEDIA_START", '{"event": "MEDIA_START"}'])
async def test_a_leg_that_does_not_start_is_given_up(first):
    async with opened("") as (ends, asterisk):
        if first:
            await asterisk.send_str(first)
        await asyncio.wait_for(ends.over.wait(), 5)
        assert ends.failed


def nonsense(seed):
    """A hundred messages that Asterisk would never send."""
    wild = random.Random(seed)
    values = [None, 1, "x", [], {}, "\ud800", "é" * 500, {"event": []}, "[" * 3000, True, 1e300]
    keys = ["event", "digit", "correlation_id", "channel_id", "command", ""]
    for _ in range(100):
        kind = wild.randrange(4)
        if kind == 0:
            yield bytes(wild.randbytes(wild.choice([0, 1, 3, 639, 641, 5000])))
        elif kind == 1:
            yield json.dumps({wild.choice(keys): wild.choice(values) for _ in range(wild.randrange(4))})
        elif kind == 2:
            text = START if wild.random() < 0.5 else '{"event": "DTMF_END", "digit": "55"}'
            at = wild.randrange(len(text))
            yield text[:at] + chr(wild.randrange(32, 0x2FF)) + text[at + 1 :]
        else:
            yield wild.choice(
                ["", "null", "[]", "[" * 60_000, "MEDIA_XOFF", '{"event": "MEDIA_MARK_PROCESSED"}']
            )


@pytest.mark.parametrize("seed", range(5))
async def test_nonsense_is_ignored_and_the_call_goes_on(seed):
    async with opened() as (ends, asterisk):
        for message in nonsense(seed):
            if isinstance(message, bytes):
                await asterisk.send_bytes(message)
            else:
                await asterisk.send_str(message.encode("utf8", "replace").decode())
        await asterisk.send_str('{"event": "DTMF_END", "digit": "*"}')
        await until(lambda: ends.heard and ends.heard[-1] == Key("*"))
        assert ends.leg.channel == "WebSocket/1"
        assert all(isinstance(event, Key) or len(event.pcm) % 2 == 0 for event in ends.heard)


async def test_a_message_beyond_all_measure_ends_the_leg_and_nothing_else():
    async with opened() as (ends, asterisk):
        await asterisk.send_bytes(bytes(LARGEST_HEARD + 2))
        await asyncio.wait_for(ends.over.wait(), 5)
        await ends.leg.send(b"\1\0")
        await ends.leg.flush()
        await ends.leg.close()
        await ends.leg.close()
