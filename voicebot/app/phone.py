"""Calls by telephone: Asterisk opens its legs to us here; each begins a call of the exchange or rejoins one.

`GET /media` (a WebSocket, on loopback) with `call did from leg outcome practice` in its query. Any answer but
101 means that we cannot take the call, and the dialplan rings the humans. What Asterisk tells beside the legs
comes by AMI; once a minute it is asked whom it still holds, in case something was missed.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import Any

from aiohttp import web

from telephony.asterisk.ami import Message
from telephony.asterisk.ari import OnAir
from telephony.asterisk.legs import outcome_of
from telephony.asterisk.media import LARGEST_HEARD, PROTOCOL, MediaLeg
from voicebot.app.exchange import Exchange
from voicebot.app.phone_call import Desk, PhoneCall
from voicebot.app.recovery import Past, resume, settle
from voicebot.app.registry import ours
from voicebot.conversation import Ports
from voicebot.domain.call import TransferOutcome
from voicebot.domain.dialogue.state import Setting
from voicebot.domain.events import Event, Started, TransferEnded
from voicebot.errors import Faulty, Unavailable

RESUME_S = 1.0
"""For the journal of a call that comes back: Asterisk waits two seconds for our answer."""
START_S = 1.5
"""From the handshake to Asterisk's word that sound flows."""
RESYNC_S = 60.0
CALL = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""A channel's unique id; also part of file names."""

log = getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """What the query says of a leg."""

    call: str
    """The caller's unique id in Asterisk."""
    practice: str
    number: str | None
    """The caller's, E.164."""
    dialled: str
    leg: int
    outcome: TransferOutcome

    @property
    def id(self) -> str:
        """The call's, in our records."""
        return id_of(self.call)


def arriving(query: Mapping[str, str]) -> Arrival:
    """Raises Faulty for what no dialplan of ours sends."""
    call, practice, leg = query.get("call", ""), query.get("practice", ""), query.get("leg", "")
    if not CALL.fullmatch(call) or not re.fullmatch(r"[1-9][0-9]{0,3}", leg):
        raise Faulty("call and leg: not Asterisk's")
    number = query.get("from", "")
    known = re.fullmatch(r"\+[0-9]{6,15}", number)
    dialled = query.get("did", "")[:20]
    return Arrival(
        call, practice, number if known else None, dialled, int(leg), outcome_of(query.get("outcome", ""))
    )


def id_of(caller: str) -> str:
    """Our id for the call of that channel."""
    return caller.replace(".", "-")


Place = Callable[[PhoneCall], "asyncio.Task[None]"]
"""Start the call; its task ends when the call does."""


class Telephone:
    """The legs that come in, and the calls they belong to."""

    def __init__(
        self,
        desk: Desk,
        ports: Ports,
        setting_of: Callable[[str], Setting | None],
        exchange: Exchange,
        place: Place,
        admits: Callable[[str], Awaitable[bool]],
        on_air: Callable[[], Awaitable[Collection[OnAir]]],
        machine: str = "",
    ) -> None:
        """`setting_of` a practice's id; `admits` says whether that number may call again so soon; `on_air`
        raises Unavailable; `machine`: see `recovery.recover`."""
        self._desk, self._ports, self._setting_of = desk, ports, setting_of
        self._exchange, self._place, self._admits, self._on_air = exchange, place, admits, on_air
        self._machine = machine
        self._calls: dict[str, PhoneCall] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # What Asterisk tells.

    async def media(self, request: web.Request) -> web.StreamResponse:
        """One leg, from its handshake to its end."""
        if "Origin" in request.headers:  # a page in a browser on this machine: Asterisk sends none
            return web.Response(status=403)
        try:
            arrival = arriving(request.query)
            call = self._going_on(arrival) or await self._incoming(arrival)
        except Faulty as error:
            return web.Response(status=400, text=str(error))
        except Unavailable as error:
            log.warning("a call is left to the humans: %s", error)
            return web.Response(status=503)
        socket = web.WebSocketResponse(protocols=(PROTOCOL,), max_msg_size=LARGEST_HEARD, compress=False)
        await socket.prepare(request)
        leg = MediaLeg(socket)
        try:
            await leg.started(START_S)
            if self._calls.get(arrival.call) is not call:
                self._begin(call)
        except Unavailable as error:
            log.warning("a leg that did not become a call: %s", error)
            await leg.close()
            return socket
        await call.line.serve(leg, arrival.outcome)
        return socket

    def happened(self, message: Message) -> None:
        """News by AMI."""
        call = message.get("call") or message.get("uniqueid", "")
        known = self._calls.get(call)
        match message.get("event"), message.get("userevent"):
            case "UserEvent", "CallEnded" if CALL.fullmatch(call):
                self._start(asyncio.to_thread(_removed, self._desk.briefing_of(call)))
                if known is not None:
                    if _met(message):
                        known.line.accepted()
                    known.line.caller_gone()
                else:
                    self._start(self._ended(call, message))
            case "BridgeEnter", _ if known is not None:
                known.joined()

    async def run(self) -> None:
        """Ask Asterisk now and then whom it still holds, until cancelled."""
        while True:
            await asyncio.sleep(RESYNC_S)
            try:
                await self._resync()
            except Unavailable as error:
                log.warning("not known whom the exchange still holds: %s", error)

    async def settled(self) -> None:
        """What was begun beside the calls is done; every part of it has its deadline."""
        await asyncio.gather(*self._tasks)

    # How it becomes a call.

    def _going_on(self, arrival: Arrival) -> PhoneCall | None:
        """The call this leg comes back to, if it is still ours."""
        call = self._calls.get(arrival.call)
        if call is None or call.line.over:
            return None
        if not call.line.away:
            raise Unavailable("the call has a leg already")
        return call

    async def _incoming(self, arrival: Arrival) -> PhoneCall:
        """A call that begins, or comes back to us after we were gone."""
        setting = self._setting_of(arrival.practice)
        if setting is None:
            raise Faulty("no such practice")
        self._exchange.require_room()
        if not self._desk.ami.connected:
            raise Unavailable("no connection to decide anything over")
        if arrival.leg > 1:
            return await self._back(arrival, setting)
        if not await self._admits(arrival.number or ""):
            raise Unavailable("that caller has called too often")
        return self._made(arrival, setting, arrival.id, None)

    async def _back(self, arrival: Arrival, setting: Setting) -> PhoneCall:
        try:
            async with asyncio.timeout(RESUME_S):
                past = await resume(self._ports, setting, arrival.id, self._desk.now())
        except TimeoutError:
            raise Unavailable("the call's journal was not read in time") from None
        # Without a past to go on from it is a new record: the old one is closed.
        return self._made(arrival, setting, arrival.id if past else f"{arrival.id}-{arrival.leg}", past)

    def _made(self, arrival: Arrival, setting: Setting, id: str, past: Past | None) -> PhoneCall:
        first: Event = Started(self._desk.now(), "phone", arrival.number, arrival.dialled)
        if past is not None:
            handover = past.state.handover
            # Humans were rung because we were gone, not because we asked: the voice is back, no more.
            outcome = arrival.outcome if handover.phase == "ringing" else "returned"
            first = TransferEnded(self._desk.now(), outcome, handover.ringing)
        return PhoneCall(self._desk, setting, arrival.call, id, arrival.number, first, past)

    def _begin(self, call: PhoneCall) -> None:
        """Raises Unavailable when meanwhile the last line, or this very call, was taken."""
        self._exchange.require_room()
        if (other := self._calls.get(call.caller)) and not other.line.over:
            raise Unavailable("the call has a leg already")
        self._calls[call.caller] = call

        def over(_: "asyncio.Task[None]") -> None:
            if self._calls.get(call.caller) is call:
                del self._calls[call.caller]

        self._place(call).add_done_callback(over)

    # What was missed.

    async def _ended(self, caller: str, message: Message) -> None:
        """A caller is gone whom we had lost: what their call owed is settled."""
        setting = self._setting_of(message.get("practice", ""))
        if setting is not None:
            await self._settle(setting, id_of(caller), _met(message))

    async def _resync(self) -> None:
        # In this order: what begins meanwhile is neither missing nor unfinished.
        unfinished, before = await self._ports.journal.unfinished(), tuple(self._calls.items())
        held = {air.call: air for air in await self._on_air()}
        for caller, call in before:
            if caller not in held:
                call.line.caller_gone()
            elif held[caller].state == "human":
                call.line.accepted()
        alive = self._exchange.ids | {id_of(caller) for caller in held}
        for practice, id in unfinished:
            setting = self._setting_of(practice)
            if setting is not None and id not in alive and ours(self._machine, id):
                await self._settle(setting, id, met=False)

    async def _settle(self, setting: Setting, id: str, met: bool) -> None:
        try:
            await settle(self._ports, setting, id, self._desk.now(), met=met)
        except Unavailable as error:
            log.error("a call that was cut waits for the next start: %s", error)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _met(message: Message) -> bool:
    """Whether a caller who is gone has spoken to a human."""
    return message.get("state") == "human" or message.get("outcome") == "answered"


def _removed(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


@asynccontextmanager
async def listening(telephone: Telephone, port: int) -> AsyncIterator[int]:
    """Serve `/media` on loopback while inside; gives the port. Raises Faulty if it cannot be had."""
    app = web.Application()
    app.router.add_get("/media", telephone.media)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError as wrong:
            raise Faulty(
                f"VOICEBOT_MEDIA_PORT={port} : impossible d'écouter sur ce port ({wrong.strerror})."
            ) from wrong
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
        await telephone.settled()
