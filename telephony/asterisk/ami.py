"""Decisions to Asterisk and news from it: one connection to its manager interface (AMI), kept up.

Our own rather than panoramisk: that one (1.4, 2021) writes values as they are, so that a line break in a
caller's name would become a header of ours, and it has neither deadlines nor typed failures.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from logging import INFO, WARNING, getLogger

from voicebot.errors import FateUnknown, Faulty, Unavailable

ACTION_S = 2.0
"""Deadline of one action, and of logging in."""
RETRY_S = (0.1, 5.0)
"""The first wait before connecting again, and the longest; each is twice the one before."""
LONGEST_LINE = 16 * 1024
MOST_LINES = 200
"""Of one message: Asterisk's own have a few dozen. More is not Asterisk."""

Message = Mapping[str, str]
"""Header to value; headers in lower case."""

log = getLogger(__name__)


@dataclass(frozen=True)
class AmiAddress:
    """Where Asterisk's manager interface listens, and who we are there."""

    host: str
    port: int
    user: str
    secret: str


class Refused(Unavailable):
    """Asterisk answered no: most often the channel is gone."""


class Ami:
    """The connection; `run` keeps it up until it is cancelled."""

    def __init__(self, address: AmiAddress, happened: Callable[[Message], None]) -> None:
        """`happened` is called with every event; it must not block."""
        self._address, self._happened = address, happened
        self._numbers = itertools.count(1)
        self._pending: dict[str, asyncio.Future[Message]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._up = asyncio.Event()
        self._lost = False

    @property
    def connected(self) -> bool:
        """Logged in."""
        return self._up.is_set()

    async def until_connected(self, deadline_s: float) -> None:
        """Raises Unavailable when it takes longer."""
        try:
            await asyncio.wait_for(self._up.wait(), deadline_s)
        except TimeoutError:
            raise Unavailable("no connection to Asterisk") from None

    async def run(self) -> None:
        """Connect, log in, read; again whenever the connection is lost."""
        wait = RETRY_S[0]
        while True:
            self._lost = False
            try:
                await self._converse()
            except (Unavailable, OSError, TimeoutError, ValueError, EOFError) as error:
                log.log(WARNING if self._lost else INFO, "no connection to the exchange: %s", error)
                wait = RETRY_S[0] if self._lost else min(2 * wait, RETRY_S[1])
            await asyncio.sleep(wait)

    async def act(self, action: str, **fields: str) -> Message:
        """The answer to one action. Raises Faulty (a line break), Unavailable, Refused, FateUnknown."""
        number = str(next(self._numbers))
        text = _composed({"Action": action, "ActionID": number, **fields})
        if self._writer is None:
            raise Unavailable("no connection to Asterisk")
        answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        answered.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._pending[number] = answered
        try:
            async with asyncio.timeout(ACTION_S):
                self._writer.write(text)
                await self._writer.drain()
                answer = await answered
        except (TimeoutError, OSError) as error:
            raise FateUnknown(f"{action}: {type(error).__name__}") from None
        finally:
            self._pending.pop(number, None)
        if answer.get("response") not in ("Success", "Goodbye"):
            raise Refused(f"{action}: {answer.get('message', '')}")
        return answer

    async def set(self, channel: str, variable: str, value: str) -> None:
        """A variable (or function) of a channel, by its name or unique id. Raises as `act`."""
        await self.act("Setvar", Channel=channel, Variable=variable, Value=value)

    async def redirect(self, channel: str, context: str, extension: str) -> None:
        """Send a channel elsewhere in the dialplan. Raises as `act`."""
        await self.act("Redirect", Channel=channel, Context=context, Exten=extension, Priority="1")

    async def press(self, channel: str, key: str) -> None:
        """Play one key's tone to the party on `channel`. Raises as `act`."""
        await self.act("PlayDTMF", Channel=channel, Digit=key, Duration="160")

    async def hang_up(self, channel: str) -> None:
        """End a channel. Raises as `act`."""
        await self.act("Hangup", Channel=channel)

    async def _converse(self) -> None:
        """One connection, from its first byte to its last; always ends by raising."""
        where = self._address
        async with asyncio.timeout(ACTION_S):
            reader, writer = await asyncio.open_connection(where.host, where.port, limit=LONGEST_LINE)
        reading = asyncio.create_task(self._read(reader))
        try:
            self._writer = writer
            await self.act("Login", Username=where.user, Secret=where.secret, Events="call,user")
            self._up.set()
            self._lost = True
            await reading
        finally:
            self._writer = None
            self._up.clear()
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), ACTION_S)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        message: dict[str, str] = {}
        try:
            while line := await reader.readline():  # ValueError: longer than LONGEST_LINE
                text = line.decode(errors="replace").rstrip("\r\n")
                header, colon, value = text.partition(":")
                if not text:
                    self._take(message)
                    message = {}
                elif colon:  # what has none is the greeting, or nothing we know
                    message[header.strip().lower()] = value.strip()
                if len(message) > MOST_LINES:
                    raise Unavailable("a message without an end")
            raise EOFError("Asterisk closed the connection")
        finally:
            self._up.clear()
            for answered in self._pending.values():
                if not answered.done():
                    answered.set_exception(ConnectionResetError("the connection was lost"))

    def _take(self, message: Message) -> None:
        answered = self._pending.get(message.get("actionid", ""))
        if "response" in message and answered is not None and not answered.done():
            answered.set_result(message)
        elif "event" in message and self._up.is_set():
            self._happened(message)


def _composed(headers: Mapping[str, str]) -> bytes:
    """The action on the wire. Raises Faulty: a line break would add a header, and with it an action."""
    for header, value in headers.items():
        if any(mark in header + value for mark in ("\r", "\n", "\0")):
            raise Faulty(f"a line break in the value of {header} for Asterisk")
    return ("".join(f"{h}: {v}\r\n" for h, v in headers.items()) + "\r\n").encode()
