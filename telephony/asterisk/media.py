"""One leg's sound: the WebSocket that Asterisk's chan_websocket opens to us, one per leg.

Binary messages are the caller's and our voice, s16le mono 16 kHz (`slin16`); text messages are JSON, events
from Asterisk and commands from us. What is no event of Asterisk's is ignored.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from logging import getLogger
from typing import Any

from aiohttp import WSMsgType, web

from voicebot.errors import Unavailable
from voicebot.ports import Heard, Key, LineEvent

PROTOCOL = "media"
LARGEST = 32 * 1024
"""Bytes of one message of ours: over 64 kB Asterisk closes the socket."""
LARGEST_HEARD = 64 * 1024
SEND_S = 1.0
"""For Asterisk to take 20 ms; longer, and it has stopped."""
CLOSE_S = 1.0
KEYS = frozenset("0123456789*#")

log = getLogger(__name__)


class MediaLeg:
    """A leg of a call. The socket is open, nothing has been read from it yet."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self.channel = ""
        """The WebSocket channel's name in Asterisk, once it has started."""
        self._stopped = False
        self._marks: dict[str, asyncio.Event] = {}
        self._numbers = itertools.count(1)

    async def started(self, deadline_s: float) -> None:
        """Return when Asterisk says that sound flows. Raises Unavailable, closed, when it does not."""
        try:
            async with asyncio.timeout(deadline_s):
                while not self.channel:
                    message = await self._socket.receive()
                    if message.type is WSMsgType.TEXT:
                        self._told(message.data)
                    elif message.type is not WSMsgType.BINARY:
                        break
        except TimeoutError:
            pass
        if not self.channel:
            await self.close()
            raise Unavailable("a media leg that never started")

    async def serve(self, put: Callable[[LineEvent], None]) -> None:
        """Give every piece of sound and every key to `put`, until the leg is gone."""
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                whole = len(message.data) // 2 * 2
                if whole:
                    put(Heard(bytes(message.data[:whole])))
            elif message.type is WSMsgType.TEXT and (key := self._told(message.data)):
                put(Key(key))

    async def send(self, pcm: bytes) -> None:
        """Play s16le mono 16 kHz. What Asterisk has no room for is dropped: late sound is of no use."""
        for at in range(0, len(pcm), LARGEST):
            if not self._stopped:
                await self._sent(self._socket.send_bytes(pcm[at : at + LARGEST]))

    async def flush(self) -> None:
        """Drop what was sent and has not left Asterisk; it stops within one frame."""
        await self._command("FLUSH_MEDIA")

    async def played(self, deadline_s: float) -> bool:
        """Wait until all that was sent has left Asterisk. False: it did not say so in time."""
        name, reached = f"m{next(self._numbers)}", asyncio.Event()
        self._marks[name] = reached
        try:
            await self._command("MARK_MEDIA", correlation_id=name)
            async with asyncio.timeout(deadline_s):  # a mark behind a flush never comes back
                await reached.wait()
        except TimeoutError:
            return False
        finally:
            del self._marks[name]
        return True

    async def close(self) -> None:
        """Harmless twice. Asterisk then looks for a decision."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._socket.close()
        except TimeoutError:
            log.warning("a media leg did not close in time")

    def _told(self, text: str) -> str:
        """Note what Asterisk says; the key, if it says that one was pressed."""
        match _read(text):
            case {"event": "MEDIA_START", "channel_id": str(channel)} if channel and not self.channel:
                self.channel = channel
            case {"event": "MEDIA_XOFF"}:
                self._stopped = True
            case {"event": "MEDIA_XON"}:
                self._stopped = False
            case {"event": "MEDIA_MARK_PROCESSED", "correlation_id": str(name)} if name in self._marks:
                self._marks[name].set()
            case {"event": "DTMF_END", "digit": str(key)} if key in KEYS:
                return key
        return ""

    async def _command(self, command: str, **values: str) -> None:
        await self._sent(self._socket.send_str(json.dumps({"command": command, **values})))

    async def _sent(self, sending: Any) -> None:
        """A leg that is gone, or whose other end has stopped, ends by being read to its end."""
        try:
            async with asyncio.timeout(SEND_S):
                await sending
        except (ConnectionError, RuntimeError):
            pass  # closed or closing
        except TimeoutError:
            log.warning("Asterisk does not take sound any more")
            await self.close()


def _read(text: str) -> Any:
    """A text message; anything but JSON is nothing."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
