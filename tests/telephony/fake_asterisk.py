"""Asterisk as our side sees it: AMI and ARI servers, the media client, and a dialplan of a few lines.

Callers hear and speak s16le mono 16 kHz, 20 ms a frame, in real time.
"""

import asyncio
import itertools
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
from aiohttp import WSMsgType, web

from telephony.asterisk.ami import AmiAddress
from telephony.asterisk.ari import AriAddress

FRAME_S = 0.02
SWITCH_S = 3.0


@dataclass
class Channel:
    """A caller: what was set on it, and what became of it."""

    id: str
    variables: dict[str, str] = field(default_factory=dict)
    state: str = "agent"
    outcome: str = "new"
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class FakeAsterisk:
    """`humans` answers transfers: outcomes, in order, with the seconds they take."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.beats: list[tuple[float, str]] = []
        self.actions: list[dict[str, str]] = []
        self.redirected: dict[str, asyncio.Event] = {}
        """Set when somebody's caller is fetched back."""
        self.deaf = self.forgetful = False
        """Answers no action; tells no event."""
        self.garbage = b""
        """Sent on each new AMI connection before anything else."""
        self._writers: set[asyncio.StreamWriter] = set()
        self._numbers = itertools.count(1)
        self.secret = "geheim"

    async def __aenter__(self) -> "FakeAsterisk":
        self._server = await asyncio.start_server(self._manage, "127.0.0.1", 0)
        self._ami_port = self._server.sockets[0].getsockname()[1]
        app = web.Application()
        app.router.add_get("/ari/channels", self._channels)
        self._ari = web.AppRunner(app, access_log=None)
        await self._ari.setup()
        await web.TCPSite(self._ari, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        await self._ari.cleanup()

    @property
    def ami(self) -> AmiAddress:
        return AmiAddress("127.0.0.1", self._ami_port, "voice", self.secret)

    @property
    def ari(self) -> AriAddress:
        return AriAddress(f"http://127.0.0.1:{self._ari.addresses[0][1]}/ari", "console", "pw")

    def cut(self) -> None:
        """Lose every manager connection."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    def say(self, raw: bytes) -> None:
        """Anything, on every manager connection."""
        for writer in self._writers:
            writer.write(raw)

    def event(self, name: str, **headers: str) -> None:
        if not self.forgetful:
            lines = {"Event": name, "Privilege": "call,all", **headers}
            self.say(("".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n").encode())

    def ended(self, channel: Channel, practice: str = "demo") -> None:
        """What the hangup handler does."""
        del self.channels[channel.id]
        self.event(
            "UserEvent",
            UserEvent="CallEnded",
            call=channel.id,
            practice=practice,
            state=channel.state,
            outcome=channel.outcome,
        )
        channel.ended.set()

    async def _manage(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        writer.write(self.garbage + b"Asterisk Call Manager/11.0.0\r\n")
        action: dict[str, str] = {}
        try:
            while line := await reader.readline():
                header, _, value = line.decode().rstrip("\r\n").partition(": ")
                if header:
                    action[header] = value
                    continue
                self.actions.append(action)
                if not self.deaf:
                    answer = self._done(action)
                    writer.write(f"{answer}ActionID: {action['ActionID']}\r\n\r\n".encode())
                action = {}
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _done(self, action: dict[str, str]) -> str:
        no = "Response: Error\r\nMessage: no\r\n"
        yes = "Response: Success\r\nMessage: ok\r\n"
        if action["Action"] == "Login":
            return yes if action["Secret"] == self.secret else no
        if action["Action"] == "Setvar":
            if action["Variable"] == "TIMEOUT(absolute)":
                self.beats.append((asyncio.get_running_loop().time(), action["Channel"]))
                return yes
            if action["Channel"] not in self.channels:
                return no
            self.channels[action["Channel"]].variables[action["Variable"]] = action.get("Value", "")
        if action["Action"] == "Redirect":
            self.redirected[action["Channel"]].set()
        return yes

    async def _channels(self, _: web.Request) -> web.Response:
        found = [
            {"id": c.id, "channelvars": {"CALL_ID": c.id, "CALL_STATE": c.state}}
            for c in self.channels.values()
        ]
        return web.json_response([*found, {"id": "leg", "channelvars": {"CALL_ID": "x"}}, "garbage"])

    def caller(self, port: int, **query: str) -> "Caller":
        channel = Channel(f"17953012{next(self._numbers):02}.1")
        self.channels[channel.id] = channel
        return Caller(self, channel, port, query)


class Caller:
    """Somebody on the telephone; `run` is the dialplan that holds them."""

    def __init__(self, asterisk: FakeAsterisk, channel: Channel, port: int, query: dict[str, str]) -> None:
        self.asterisk, self.channel, self.port = asterisk, channel, port
        self.query = {"did": "+33199004712", "from": "+33612345678", "practice": "demo"} | query
        self.heard = bytearray()
        self.legs = 0
        self.flushed = 0
        self.refused = 0
        """HTTP status of the last handshake that was none."""
        self.transfers: list[dict[str, str]] = []
        self.humans: deque[tuple[str, float]] = deque()
        """(outcome, seconds) of each transfer to come; empty = unreachable at once."""
        self.mute = False
        """No packet of theirs arrives."""
        self._saying: deque[bytes] = deque()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._hangs_up = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Caller":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        self._hangs_up.set()
        if self._socket is not None:
            await self._socket.close()
        assert self._task is not None
        await asyncio.wait_for(self._task, 10)

    def say(self, pcm: bytes) -> None:
        self._saying.extend(pcm[at : at + 640].ljust(640, b"\0") for at in range(0, len(pcm), 640))

    async def press(self, key: str) -> None:
        await self.tell({"event": "DTMF_END", "digit": key})

    async def tell(self, event: object) -> None:
        assert self._socket is not None
        await self._socket.send_str(event if isinstance(event, str) else json.dumps(event))

    async def send(self, raw: bytes) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(raw)

    async def _run(self) -> None:
        channel = self.channel
        while not self._hangs_up.is_set():
            channel.variables["NEXT"] = ""
            channel.state = "agent"
            await self._leg()
            decided = channel.variables["NEXT"]
            if self._hangs_up.is_set() or decided == "hangup":
                break
            if decided != "transfer":
                channel.state, channel.outcome = "rescue", "lost"
                await self._hangs_up.wait()
                break
            self.transfers.append(dict(channel.variables))
            await self._transfer()
            if channel.outcome == "answered":
                break
        self.asterisk.ended(channel)

    async def _transfer(self) -> None:
        channel, self._back = self.channel, asyncio.Event()
        self.asterisk.redirected[channel.id] = self._back
        outcome, seconds = self.humans.popleft() if self.humans else ("unreachable", 0.0)
        channel.state = "ringing"
        await self._wait(self._hangs_up, seconds)
        if self._hangs_up.is_set():
            channel.outcome = "caller_left"
            return
        channel.outcome = outcome
        if outcome == "answered":
            channel.state = "human"
            self.asterisk.event("BridgeEnter", Uniqueid=channel.id)
            gone = asyncio.create_task(self._hangs_up.wait())
            back = asyncio.create_task(self._back.wait())
            await asyncio.wait({gone, back}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel(), back.cancel()
            if self._back.is_set():
                channel.outcome = "returned"

    @staticmethod
    async def _wait(event: asyncio.Event, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)

    async def _leg(self) -> None:
        self.legs += 1
        query = self.query | {
            "call": self.channel.id,
            "leg": str(self.legs),
            "outcome": self.channel.outcome,
        }
        async with aiohttp.ClientSession() as http:
            try:
                url = f"http://127.0.0.1:{self.port}/media"
                self._socket = await http.ws_connect(
                    url, params=query, protocols=["media"], max_msg_size=65535
                )
            except aiohttp.WSServerHandshakeError as error:
                self.refused = error.status
                return
            except aiohttp.ClientConnectorError:
                self.refused = -1
                return
            name = f"WebSocket/leg{self.legs}"
            await self.tell({"event": "MEDIA_START", "channel_id": name, "format": "slin16"})
            self.asterisk.event("BridgeEnter", Uniqueid=self.channel.id)
            speaking = asyncio.create_task(self._speak(self._socket))
            try:
                await self._listen(self._socket)
            finally:
                speaking.cancel()
                await asyncio.gather(speaking, return_exceptions=True)
                self._socket = None

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                assert len(message.data) <= 32 * 1024
                self.heard += message.data
            elif message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                if told["command"] == "FLUSH_MEDIA":
                    self.flushed += 1
                elif told["command"] == "MARK_MEDIA":
                    mark = told["correlation_id"]
                    await self.tell({"event": "MEDIA_MARK_PROCESSED", "correlation_id": mark})

    async def _speak(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        due = asyncio.get_running_loop().time()
        while True:
            if not self.mute:
                await socket.send_bytes(self._saying.popleft() if self._saying else bytes(640))
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
