"""The calls in progress, as the people of the practice see them: in memory, no I/O.

The pipeline tells it what is said; live pages subscribe to the changes; a person claims a call. Everything
runs on one event loop, so `claim` is atomic: two people can never take the same call. Other machines' calls
are only shown here (`registry` brings them): they are taken over where they are.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol

from voicebot.domain.call import Channel, Level, TransferOutcome, Verdict
from voicebot.domain.effects import Transfer
from voicebot.errors import Unavailable
from voicebot.ports import Line

Phase = Literal["automatic", "ringing", "claimed", "human"]
Who = Literal["voice", "caller"]
JOIN_S = 8.0
"""From a claim until both parties must hear each other; then the call is free to be taken again."""
RECONNECT_S = 10.0
"""A page whose stream broke comes back within that."""
QUEUE_LENGTH = 200
"""Changes a live page may be behind before it is told to load everything afresh."""


class LiveCall(Protocol):
    """What the hub needs of a call that is going on."""

    async def take_over(self, line: Line) -> None:
        """The voice leaves the caller, who is joined to `line`; returns once they are joined.

        Raises Unavailable if the caller is gone or the lines could not be joined (the voice then stays).
        """
        ...

    async def take_back(self) -> None:
        """The voice has the caller again, whom a human has on their telephone. Raises Unavailable."""
        ...


@dataclass(frozen=True)
class Caption:
    """One finished utterance."""

    who: Who
    text: str


@dataclass(frozen=True)
class CallView:
    """A call as a live page shows it, at one instant."""

    id: str
    practice: str
    channel: Channel
    since: datetime
    phase: Phase = "automatic"
    taken_by: str = ""
    transfer: Transfer | None = None
    """Why it rings, while it rings and after somebody answered."""
    verdict: Verdict = Verdict()
    captions: tuple[Caption, ...] = ()
    partial: Caption | None = None
    """What is being said just now."""
    by_telephone: bool = False
    """Whoever has the call, or is rung for it, has it on their telephone."""
    captioned: bool = True
    """False: the caller does not want to be transcribed, nothing more is shown."""
    rules: str = ""
    """`Rules.version` that the call goes through."""


@dataclass(frozen=True)
class ElsewhereCall:
    """A call that another machine answers: nobody's words, only what tells whether to go there."""

    machine: str
    """Its name, for people."""
    url: str
    """Where its live page is; empty = not told."""
    id: str
    practice: str
    channel: Channel
    since: datetime
    phase: Phase
    taken_by: str = ""
    level: Level | None = None


@dataclass(frozen=True)
class Elsewhere:
    """What the other machines tell. `watched`: somebody has the live page open on one of them."""

    calls: tuple[ElsewhereCall, ...] = ()
    watched: bool = False


@dataclass(frozen=True)
class Change:
    """What happened, and the `calls` as they were just then: the one concerned, or all of them.

    "resync": show `calls` and nothing else, load agenda and tickets afresh; "elsewhere": see `Hub.elsewhere`.
    """

    kind: Literal["opened", "closed", "head", "line", "partial", "agenda", "tickets", "resync", "elsewhere"]
    calls: tuple[CallView, ...] = ()


class Subscription:
    """One live page's stream of changes. Ends when the hub stops."""

    def __init__(self, length: int, calls: Callable[[], tuple[CallView, ...]]) -> None:
        self._queue: asyncio.Queue[Change | None] = asyncio.Queue(length)
        self._calls = calls
        self.put(Change("resync", calls()))

    def put(self, change: Change | None) -> None:
        """Never waits: a page that is too far behind loses its backlog and is told to resync."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(Change("resync", self._calls()))
        elif change is not None:
            self._queue.put_nowait(change)
        if change is None:
            self._queue.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Change]:
        while (change := await self._queue.get()) is not None:
            yield change


@dataclass
class _Entry:
    """The mutable side of a call: its present view, its handle, and who waits for an answer."""

    view: CallView
    handle: LiveCall
    answered: asyncio.Future[TransferOutcome] | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while nobody is between claiming and being joined."""


class Hub:
    """Calls in progress and the pages that watch them."""

    def __init__(self, queue_length: int = QUEUE_LENGTH) -> None:
        self._calls: dict[str, _Entry] = {}
        self._pages: set[Subscription] = set()
        self._people = 0
        self._elsewhere = Elsewhere()
        self._left = -RECONNECT_S
        self._queue_length = queue_length
        self._stopped = False

    # What the pipeline tells.

    def open(
        self, call: str, practice: str, channel: Channel, since: datetime, handle: LiveCall, rules: str = ""
    ) -> None:
        """A call begins. `since` is aware; `rules`: their version."""
        entry = _Entry(CallView(call, practice, channel, since, rules=rules), handle)
        entry.settled.set()
        self._calls[call] = entry
        self._tell("opened", entry)

    def close(self, call: str) -> None:
        """The call is over; harmless twice. Whoever rings for it is told that the caller left."""
        entry = self._calls.pop(call, None)
        if entry is None:
            return
        if entry.answered and not entry.answered.done():
            entry.answered.set_result("caller_left")
        entry.settled.set()
        self._tell("closed", entry)

    def caption(self, call: str, who: Who, text: str, final: bool) -> None:
        """Words of the caller or the voice; `final` False replaces the previous unfinished ones."""
        entry = self._calls.get(call)
        if entry is None or not entry.view.captioned:
            return
        if final:
            said = (*entry.view.captions, Caption(who, text))
            entry.view = replace(entry.view, captions=said, partial=None)
            self._tell("line", entry)
        else:
            entry.view = replace(entry.view, partial=Caption(who, text) if text else None)
        self._tell("partial", entry)

    def close_captions(self, call: str) -> None:
        """The caller does not want to be transcribed: words leave every page. Harmless twice."""
        entry = self._calls.get(call)
        if entry is not None and entry.view.captioned:
            entry.view = replace(entry.view, captions=(), partial=None, captioned=False)
            self._broadcast(Change("resync", self.calls()))

    def verdict(self, call: str, verdict: Verdict) -> None:
        """What triage makes of the call so far."""
        entry = self._calls.get(call)
        if entry and entry.view.verdict != verdict:
            self._update(call, verdict=verdict)

    def agenda_changed(self) -> None:
        """An appointment was made, moved or cancelled."""
        self._broadcast(Change("agenda"))

    def tickets_changed(self) -> None:
        """A ticket was saved, closed or reopened."""
        self._broadcast(Change("tickets"))

    async def ring(self, call: str, transfer: Transfer, ring_s: float) -> TransferOutcome:
        """Ring every live page until somebody is joined to the caller, the caller leaves, or `ring_s` passed.

        A person who claimed in time is waited for, at most `JOIN_S` longer.
        """
        entry = self._calls.get(call)
        if entry is None:
            return "caller_left"
        if entry.view.phase == "human":
            return "answered"
        entry.answered = asyncio.get_running_loop().create_future()
        self._update(call, transfer=transfer, phase="claimed" if entry.view.taken_by else "ringing")
        try:
            return await self._answer(entry, entry.answered, ring_s)
        finally:
            entry.answered = None
            if entry.view.phase == "ringing":
                self._update(call, phase="automatic")

    def elsewhere_rung(self, call: str, transfer: Transfer, name: str) -> None:
        """Somebody's telephone is rung for the call: nobody at a page can take it meanwhile."""
        entry = self._calls.get(call)
        if entry is not None and not entry.view.taken_by:
            self._update(call, transfer=transfer, taken_by=name, phase="claimed", by_telephone=True)

    def elsewhere_ended(self, call: str, *, answered: bool) -> None:
        """That telephone has the caller now, or the voice has them again."""
        entry = self._calls.get(call)
        if entry is not None and entry.settled.is_set() and entry.view.phase in ("claimed", "human"):
            gone = {"taken_by": "", "phase": "automatic", "by_telephone": False}
            self._update(call, **({"phase": "human"} if answered else gone))

    @staticmethod
    async def _answer(
        entry: _Entry, answered: asyncio.Future[TransferOutcome], ring_s: float
    ) -> TransferOutcome:
        await asyncio.wait({answered}, timeout=ring_s)
        if not answered.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(entry.settled.wait(), JOIN_S)
        return answered.result() if answered.done() else "no_answer"

    @property
    def watched(self) -> bool:
        """Somebody has the live page open, here or on another machine, or had it lately: it may reconnect."""
        return self.watched_here or self._elsewhere.watched

    @property
    def watched_here(self) -> bool:
        """The same, of this machine's own page."""
        return bool(self._people) or time.monotonic() - self._left < RECONNECT_S

    # What a person does.

    def claim(self, call: str, user: str) -> bool:
        """Reserve the call for `user`. False: it is over, or somebody else has it."""
        entry = self._calls.get(call)
        if entry is None or entry.view.taken_by:
            return False
        entry.settled.clear()
        self._update(call, taken_by=user, phase="claimed")
        return True

    def give_back(self, call: str) -> None:
        """The person who had the call has it no more: it rings again or is the voice's."""
        entry = self._calls.get(call)
        if entry is None:
            return
        entry.settled.set()
        ringing = entry.answered is not None and not entry.answered.done()
        self._update(call, taken_by="", phase="ringing" if ringing else "automatic")

    async def take_back(self, call: str) -> bool:
        """Whoever has the caller on their telephone gives them back to the voice. False: impossible."""
        entry = self._calls.get(call)
        if entry is None:
            return False
        try:
            await entry.handle.take_back()
        except Unavailable:
            return False
        return True

    async def take_over(self, call: str, line: Line) -> bool:
        """Join the claimed call's caller to `line`. False: impossible; the call is free to be taken again."""
        entry = self._calls.get(call)
        if entry is None:
            return False
        joined = False
        try:
            async with asyncio.timeout(JOIN_S):
                await entry.handle.take_over(line)
            joined = call in self._calls
        except (TimeoutError, Unavailable):
            return False
        finally:
            if joined:
                entry.settled.set()
                self._update(call, phase="human")
                if entry.answered and not entry.answered.done():
                    entry.answered.set_result("answered")
            else:
                self.give_back(call)
        return joined

    # What a page sees.

    def calls(self) -> tuple[CallView, ...]:
        """Calls in progress, oldest first."""
        return tuple(entry.view for entry in self._calls.values())

    def call(self, call: str) -> CallView | None:
        """One call in progress, or None."""
        entry = self._calls.get(call)
        return entry.view if entry else None

    @property
    def elsewhere(self) -> Elsewhere:
        """The other machines' calls, as last told."""
        return self._elsewhere

    def show_elsewhere(self, elsewhere: Elsewhere) -> None:
        """The other machines tell something new."""
        if elsewhere != self._elsewhere:
            self._elsewhere = elsewhere
            self._broadcast(Change("elsewhere"))

    @contextmanager
    def subscribe(self, *, person: bool = True) -> Iterator[Subscription]:
        """Changes from now on; the first one is always "resync". `person`: somebody looks, calls may ring."""
        page = Subscription(self._queue_length, self.calls)
        if self._stopped:
            page.put(None)
        self._pages.add(page)
        self._people += person
        try:
            yield page
        finally:
            self._pages.discard(page)
            self._people -= person
            if person:
                self._left = time.monotonic()

    def stop(self) -> None:
        """End every page's stream: the service is going down."""
        self._stopped = True
        for page in self._pages:
            page.put(None)

    def _update(self, call: str, **changes: object) -> None:
        if entry := self._calls.get(call):
            entry.view = replace(entry.view, **changes)  # type: ignore[arg-type]
            self._tell("head", entry)

    def _tell(self, kind: Literal["opened", "closed", "head", "line", "partial"], entry: _Entry) -> None:
        self._broadcast(Change(kind, (entry.view,)))

    def _broadcast(self, change: Change) -> None:
        for page in self._pages:
            page.put(change)
