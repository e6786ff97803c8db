"""One call by telephone, beside its conversation: its humans are rung, its line's ends are told."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from telephony.asterisk.ami import Ami
from telephony.asterisk.configuration import plain
from telephony.asterisk.legs import PhoneLine, Reachable
from voicebot.app.briefing import Briefing
from voicebot.app.live import LiveCall
from voicebot.app.recovery import Past
from voicebot.domain.call import TransferOutcome
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.effects import Transfer
from voicebot.domain.events import Event, Failed, HungUp, TransferEnded
from voicebot.errors import Faulty, Unavailable
from voicebot.pipeline.call import BROKEN, Call

SAID_S = 15.0
"""For the caller to hear the end of what was to be said before a human is rung."""
REASON_LENGTH = 40
"""Characters that a telephone shows of why it rings."""

Brief = Callable[[Sequence[str]], Briefing]


@dataclass(frozen=True)
class Desk:
    """What every call by telephone shares."""

    ami: Ami
    whereabouts: Callable[[str], Awaitable[str]]
    """CALL_STATE of a caller; "" when they are gone. Raises Unavailable."""
    brief: Brief
    spool: Path
    now: Callable[[], datetime]

    def briefing_of(self, caller: str) -> Path:
        """Where the dialplan looks for it."""
        return self.spool / f"brief-{caller}.wav"


class PhoneCall:
    """See exchange.Telephoned. `caller` is the unique id of the caller's channel."""

    def __init__(
        self,
        desk: Desk,
        setting: Setting,
        caller: str,
        id: str,
        number: str | None,
        first: Event,
        past: Past | None,
    ) -> None:
        self.id, self.number, self.first, self.past, self.caller = id, number, first, past, caller
        self._desk, self.setting = desk, setting
        self.line = PhoneLine(caller, desk.ami.set, self._whereabouts)
        self._call: Call | None = None
        self._flagged = False
        self._last = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def with_human(self) -> bool:
        """See Telephoned."""
        return self.line.joined

    def begin(self, call: Call) -> LiveCall:
        """See Telephoned."""
        self._call = call
        now = self._desk.now
        self.line.notice = lambda what: call.tell(Failed(now(), "audio", what))
        self.line.ended = lambda by: call.tell(HungUp(now(), by))
        self.line.returned = lambda: call.tell(TransferEnded(now(), "returned", self._last))
        fetch = partial(self._desk.ami.redirect, self.caller, "agent", "returned")
        return Reachable(self.line, call.take_over, fetch)

    async def ring(self, transfer: Transfer) -> TransferOutcome:
        """See Telephoned. What is broken leaves without a decision: the dialplan knows whom to ring."""
        if transfer is BROKEN or self._call is None:
            await self.line.abandon()
            return "failed"
        self._last = transfer.target
        briefing = self._desk.brief(transfer.briefing)
        try:
            await self._call.said_all(SAID_S)
            await briefing.write(self._desk.briefing_of(self.caller))
        finally:
            briefing.drop()
        await self._set("CALL_REASON", plain(transfer.reason, REASON_LENGTH))
        urgent = transfer.level == "emergency"
        outcome = await self.line.transfer(transfer.target, self.setting.practice.ring_s, urgent=urgent)
        await self._call.hush()  # what was being said to nobody is not to be heard from its middle on
        return outcome

    def happened(self, event: Event, state: State) -> None:
        """See Telephoned."""
        if state.level and not self._flagged:
            self._flagged = True  # if we are lost now, doctors' mobiles are rung too
            self._start(self._set("CALL_URGENT", "1"))
        match event:
            case HungUp(by="us"):
                self.line.finish()
            case TransferEnded(outcome=outcome, target=target) if target:
                self.line.transferred(outcome)

    async def met(self) -> None:
        """Asterisk has joined the caller to somebody: to whom?"""
        if self.line.away and not self.line.over:
            try:
                state = await self._whereabouts()
            except Unavailable:
                return
            if state == "human":
                self.line.accepted()

    def joined(self) -> None:
        """News that may mean that a human has the caller."""
        self._start(self.met())

    async def _set(self, variable: str, value: str) -> None:
        with suppress(Unavailable, Faulty):  # what only helps must not stop what matters
            await self._desk.ami.set(self.caller, variable, value)

    async def _whereabouts(self) -> str:
        return await self._desk.whereabouts(self.caller)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
