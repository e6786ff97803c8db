"""The smallest voice: a WebSocket server for Asterisk's media that plays a tone and decides by AMI.

For tests of the exchange itself; ours is telephony/asterisk/{media,legs,ami}.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from telephony.asterisk.ami import Ami, AmiAddress, Message
from tests.telephony.exchange import House
from tests.telephony.telephone import tone
from voicebot.errors import Unavailable

VOICE_HZ = 450.0
FRAME = 640
SOUND = tone(VOICE_HZ / 2, seconds=2)  # made for 8 kHz, sent at 16: an octave higher


@dataclass
class Leg:
    """One leg of a call, as the dialplan opened it. `query`: call, did, from, leg, outcome, practice."""

    query: Mapping[str, str]
    ami: Ami
    socket: web.WebSocketResponse
    keys: list[str] = field(default_factory=list)
    came: list[tuple[float, bytes]] = field(default_factory=list)
    """Of the caller: `time.monotonic()`, s16le mono 16 kHz."""
    frozen: bool = False
    echo: bool = False
    """Say back what is heard, packet by packet, instead of the tone."""

    @property
    def call(self) -> str:
        return self.query["call"]

    @property
    def outcome(self) -> str:
        return self.query["outcome"]

    async def transfer(
        self, target: str, *, ring_s: int = 10, urgent: bool = False, reason: str = ""
    ) -> None:
        await self.ami.set(self.call, "CALL_REASON", reason)
        await self.ami.set(self.call, "XFER_TO", target)
        await self.ami.set(self.call, "XFER_RING", str(ring_s))
        await self.ami.set(self.call, "XFER_URGENT", "1" if urgent else "0")
        await self.leave("transfer")

    async def leave(self, decision: str = "") -> None:
        """Without a decision: as if we had died."""
        if decision:
            await self.ami.set(self.call, "NEXT", decision)
        await self.socket.close()

    async def pressed(self, keys: str, within_s: float = 3.0) -> None:
        for _ in range(int(within_s / 0.05)):
            if "".join(self.keys) == keys:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.keys} pressed, not {keys}")

    async def serve(self) -> None:
        """Until Asterisk or we close the socket."""
        tasks: list[asyncio.Task[None]] = []
        try:
            async for message in self.socket:
                if message.type == WSMsgType.BINARY:
                    self.came.append((time.monotonic(), message.data))
                    if self.echo:
                        await self.socket.send_bytes(message.data)
                    continue
                event = json.loads(message.data)
                if event["event"] == "MEDIA_START":
                    tasks.append(asyncio.create_task(self._play()))
                    tasks.append(asyncio.create_task(self._beat(event["channel_id"])))
                elif event["event"] == "DTMF_END":
                    self.keys.append(event["digit"])
        finally:
            for task in tasks:
                task.cancel()

    async def _play(self) -> None:
        at, due = 0, time.monotonic()
        while not self.socket.closed:
            if not (self.frozen or self.echo):
                await self.socket.send_bytes(SOUND[at : at + FRAME])
            at, due = (at + FRAME) % len(SOUND), due + 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _beat(self, channel: str) -> None:
        while not self.socket.closed:
            if not self.frozen:
                with suppress(Unavailable):  # the leg has just ended
                    await self.ami.set(channel, "TIMEOUT(absolute)", "3")
            await asyncio.sleep(1)


@dataclass
class SmallVoice:
    ami: Ami
    legs: asyncio.Queue[Leg] = field(default_factory=asyncio.Queue)
    events: list[Message] = field(default_factory=list)

    async def leg(self, within_s: float = 5.0) -> Leg:
        """The next leg that Asterisk opens."""
        return await asyncio.wait_for(self.legs.get(), within_s)

    async def ended(self, within_s: float = 5.0) -> Message:
        """The dialplan's last word about the first call that ended."""
        for _ in range(int(within_s / 0.05)):
            for event in self.events:
                if event.get("userevent") == "CallEnded":
                    return event
            await asyncio.sleep(0.05)
        raise AssertionError("no CallEnded")

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("media",), max_msg_size=0)
        await socket.prepare(request)
        leg = Leg(dict(request.query), self.ami, socket)
        self.legs.put_nowait(leg)
        await leg.serve()
        return socket


@asynccontextmanager
async def small_voice(house: House) -> AsyncIterator[SmallVoice]:
    events: list[Message] = []
    ami = Ami(AmiAddress("127.0.0.1", house.settings.ami_port, "voice", house.secrets.ami), events.append)
    voice = SmallVoice(ami, events=events)
    running = asyncio.create_task(ami.run())
    app = web.Application()
    app.router.add_get("/media", voice.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", house.settings.media_port).start()
        await ami.until_connected(5)
        yield voice
    finally:
        await runner.cleanup()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
