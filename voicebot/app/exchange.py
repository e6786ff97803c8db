"""Where calls come in: places each on its line with its conversation, and shows it to the live page."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from logging import getLogger
from typing import Any, Literal

from voicebot.app.clock import WallClock
from voicebot.app.live import Hub
from voicebot.app.recovery import settle
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Channel, TransferOutcome
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.wording import Phrases, clauses
from voicebot.domain.effects import Say, Transfer
from voicebot.domain.events import Booked, Cancelled, Event, Moved, TicketSaved
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Unavailable
from voicebot.pipeline.call import Call, House
from voicebot.pipeline.rescue import Farewell
from voicebot.ports import Line, Voice

STOP_S = 5.0
"""For calls to say their last writes when the service stops."""

log = getLogger(__name__)


@dataclass(frozen=True)
class OnShow:
    """`conversation.Watcher` of one call, for the live page."""

    hub: Hub
    call: str

    def happened(self, event: Event, state: State) -> None:
        """See Watcher."""
        if state.verdict.evidence:
            self.hub.verdict(self.call, state.verdict)
        if isinstance(event, Booked | Moved | Cancelled):
            self.hub.agenda_changed()
        elif isinstance(event, TicketSaved):
            self.hub.tickets_changed()

    def said(self, words: tuple[str, ...]) -> None:
        """Captions come from the player, when the caller hears them."""


class Exchange:
    """The calls in progress. One call's end, however bad, is its own."""

    def __init__(self, house_of: Callable[[WallClock], House], ports: Ports, hub: Hub, at_once: int) -> None:
        self._house_of, self._ports, self._hub, self._at_once = house_of, ports, hub, at_once
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def calls(self) -> int:
        """In progress."""
        return len(self._calls)

    def require_room(self) -> None:
        """Raises Unavailable when every line is taken."""
        if self.calls >= self._at_once:
            raise Unavailable(f"{self.calls} calls in progress: no line is free")

    def place(self, practice: Practice, rules: Rules, phrases: Phrases, line: Line, channel: Channel) -> None:
        """Answer a call on its line."""
        call_id, clock = secrets.token_hex(8), WallClock(practice.zone)
        talks: list[Conversation] = []
        hotwords = ", ".join((*(d.spoken for d in practice.doctors), *practice.vocabulary))
        state = State(Setting(practice, rules), call_id)

        async def ring(transfer: Transfer) -> TransferOutcome:
            if not self._hub.watched:
                return "unreachable"
            return await self._hub.ring(call_id, transfer, practice.ring_s)

        def caption(who: Literal["voice", "caller"], text: str, final: bool) -> None:
            self._hub.caption(call_id, who, text, final)
            line.notify({"type": "caption", "who": who, "text": text, "final": final})

        def conversation_of(voice: Voice) -> Conversation:
            talks.append(Conversation(state, self._ports, voice, phrases, clock, OnShow(self._hub, call_id)))
            return talks[-1]

        def farewell() -> Farewell:
            emergency = any(talk.state.level == "emergency" for talk in talks)
            say = Say("emergency_nobody") if emergency else Say("broken_nobody", {"phone": practice.phone})
            return Farewell(clauses(phrases, say), stay=emergency)

        async def run() -> None:
            await call.run(conversation_of, channel)
            if not all(talk.finished for talk in talks):
                await self._settle(state.setting, call_id, clock.now())

        house, freed = self._house_of(clock), partial(self._hub.give_back, call_id)
        call = Call(line, house, ring, caption, hotwords, farewell=farewell, freed=freed)
        self._start(call_id, practice, channel, clock.now(), call, run())

    async def stop(self) -> None:
        """End every call; their last writes are waited for a little."""
        for task in self._calls:
            task.cancel()
        if self._calls:
            await asyncio.wait(self._calls, timeout=STOP_S)

    async def _settle(self, setting: Setting, call_id: str, now: datetime) -> None:
        """The conversation itself broke: what it owed goes to humans now, not at the next start."""
        try:
            await settle(self._ports, setting, call_id, now, broke=True)
        except Unavailable as error:
            log.error("a call that broke waits for the next start to be settled: %s", error)
        self._hub.tickets_changed()

    def _start(
        self,
        call_id: str,
        practice: Practice,
        channel: Channel,
        since: datetime,
        call: Call,
        run: Coroutine[Any, Any, None],
    ) -> None:
        self._hub.open(call_id, practice.id, channel, since, call)
        task = asyncio.create_task(run, name=f"call {call_id}")
        self._calls.add(task)

        def over(_: asyncio.Task[None]) -> None:
            self._calls.discard(task)
            self._hub.close(call_id)

        task.add_done_callback(over)
