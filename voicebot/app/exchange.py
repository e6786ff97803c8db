"""Where calls come in: places each on its line with its conversation, and shows it to the live page."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from logging import getLogger
from typing import Any, Literal, Protocol

from voicebot.app.clock import WallClock
from voicebot.app.live import Hub, LiveCall
from voicebot.app.recovery import Past, settle
from voicebot.app.registry import new_call
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Channel, TransferOutcome
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.transfer import name_of
from voicebot.domain.dialogue.wording import Phrases, clauses
from voicebot.domain.effects import Say, Transfer
from voicebot.domain.events import Booked, Cancelled, Event, Moved, TicketSaved, TransferEnded
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Unavailable
from voicebot.pipeline.call import BROKEN, Call, House
from voicebot.pipeline.rescue import Farewell
from voicebot.ports import Line, Voice

STOP_S = 5.0
"""For calls to say their last writes when the service stops."""

DRAIN_LOOK_S = 0.2

log = getLogger(__name__)


class Telephoned(Protocol):
    """What a call by telephone has beside its line."""

    id: str
    number: str | None
    first: Event
    """What the conversation is told first: that it started, or what came of the transfer it missed."""
    past: Past | None
    """The call so far, when it comes back to us after we were gone."""

    @property
    def with_human(self) -> bool:
        """Our part is over unless they are given back: the call takes none of our lines."""
        ...

    def begin(self, call: Call) -> LiveCall:
        """The call is about to run; its handle for the live page."""
        ...

    async def ring(self, transfer: Transfer) -> TransferOutcome:
        """Ring a telephone of the practice."""
        ...

    def happened(self, event: Event, state: State) -> None:
        """See Watcher."""
        ...


@dataclass(frozen=True)
class OnShow:
    """`conversation.Watcher` of one call, for the live page and its telephone."""

    hub: Hub
    call: str
    phone: Telephoned | None = None

    def happened(self, event: Event, state: State) -> None:
        """See Watcher."""
        if self.phone is not None:
            self.phone.happened(event, state)
        if state.objected:
            self.hub.close_captions(self.call)
        if state.verdict.evidence:
            self.hub.verdict(self.call, state.verdict)
        if isinstance(event, TransferEnded) and event.target:
            self.hub.elsewhere_ended(self.call, answered=event.outcome == "answered")
        elif isinstance(event, Booked | Moved | Cancelled):
            self.hub.agenda_changed()
        elif isinstance(event, TicketSaved):
            self.hub.tickets_changed()

    def said(self, words: tuple[str, ...]) -> None:
        """Captions come from the player, when the caller hears them."""


class Exchange:
    """The calls in progress. One call's end, however bad, is its own."""

    def __init__(
        self, house_of: Callable[[WallClock], House], ports: Ports, hub: Hub, at_once: int, machine: str = ""
    ) -> None:
        self._house_of, self._ports, self._hub, self._at_once = house_of, ports, hub, at_once
        self._machine = machine
        self._calls: dict[asyncio.Task[None], Telephoned | None] = {}
        self._ids: set[str] = set()
        self._draining = False

    @property
    def calls(self) -> int:
        """In progress; not those that a human has."""
        return sum(phone is None or not phone.with_human for phone in self._calls.values())

    @property
    def ids(self) -> frozenset[str]:
        """Of the calls whose record is ours to write now."""
        return frozenset(self._ids)

    def require_room(self) -> None:
        """Raises Unavailable when every line is taken, or the service is about to stop."""
        if self._draining:
            raise Unavailable("the service takes no more calls")
        if self.calls >= self._at_once:
            raise Unavailable(f"{self.calls} calls in progress: no line is free")

    def place(
        self,
        practice: Practice,
        rules: Rules,
        phrases: Phrases,
        line: Line,
        channel: Channel,
        phone: Telephoned | None = None,
    ) -> "asyncio.Task[None]":
        """Answer a call on its line; its task."""
        call_id, clock = phone.id if phone else new_call(self._machine), WallClock(practice.zone)
        past = phone.past if phone else None
        talks: list[Conversation] = []
        state = past.state if past else State(Setting(practice, rules), call_id)

        async def ring(transfer: Transfer) -> TransferOutcome:
            if phone is not None and (transfer.target or transfer is BROKEN):
                self._hub.elsewhere_rung(call_id, transfer, name_of(practice, transfer.target))
                return await phone.ring(transfer)
            if transfer.target or not self._hub.watched:
                return "unreachable"
            return await self._hub.ring(call_id, transfer, practice.ring_s)

        def caption(who: Literal["voice", "caller"], text: str, final: bool) -> None:
            self._hub.caption(call_id, who, text, final)
            line.notify({"type": "caption", "who": who, "text": text, "final": final})

        def conversation_of(voice: Voice) -> Conversation:
            position, watcher = past.length if past else 0, OnShow(self._hub, call_id, phone)
            talks.append(Conversation(state, self._ports, voice, phrases, clock, watcher, position))
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
        first = phone.first if phone else None
        call = Call(
            line,
            house,
            ring,
            caption,
            practice.hotwords,
            first=first,
            farewell=farewell,
            freed=freed,
            languages=tuple(language.code for language in practice.languages),
        )
        handle = phone.begin(call) if phone else call
        self._hub.open(call_id, practice.id, channel, clock.now(), handle, rules.version)
        return self._start(call_id, run(), phone)

    async def drain(self, deadline_s: float) -> None:
        """Take no more calls and wait for those in progress to end, but no longer than that."""
        self._draining = True
        until = asyncio.get_running_loop().time() + deadline_s
        while self.calls and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110  # `with_human` too
            await asyncio.sleep(DRAIN_LOOK_S)

    async def stop(self) -> None:
        """End every call; their last writes are waited for a little. Telephone calls go to humans."""
        self._draining = True
        for task in tuple(self._calls):
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
        self, call_id: str, run: Coroutine[Any, Any, None], phone: Telephoned | None
    ) -> "asyncio.Task[None]":
        task = asyncio.create_task(run, name=f"call {call_id}")
        self._calls[task] = phone
        self._ids.add(call_id)

        def over(_: asyncio.Task[None]) -> None:
            del self._calls[task]
            self._ids.discard(call_id)
            self._hub.close(call_id)

        task.add_done_callback(over)
        return task
