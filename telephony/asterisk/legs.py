"""A telephone call as one `Line`, however many legs we have in it.

The caller stays with Asterisk; we are a leg behind a WebSocket. When a human is rung, our leg leaves and the
line is `away`; if nobody takes the caller, or a human gives them back, Asterisk opens the next leg and tells
what came of it. The pipeline knows nothing of this: while it is away the line is silent, not lost.

A leg that closes without a decision of ours means that we are lost, and the dialplan rings the humans. So
does the dead-man's switch on the leg's channel, unless we hold it down.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from logging import getLogger
from typing import Literal

from telephony.asterisk.media import MediaLeg
from voicebot.domain.call import TransferOutcome
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Heard, Line, LineEvent

SILENCE = bytes(640)
FRAME_S = 0.02
FILL_S = 0.2
"""Without a packet this long, silence is heard: a line on hold, a phone that sends none, or nobody."""
AWAKE_S = 1.0
"""Between two silent packets while a human has the caller: enough not to be lost, and nearly free."""
ONE_WAY_S = 5.0
"""Without a packet this long while we are on the line, the caller is not heard: named in the record."""
EARLY_S = 5.0
"""Who hangs up within that has not waited for the greeting."""
SWITCH_S = 3
"""The dead-man's switch: seconds after which Asterisk cuts a leg that is not held (AGENT_HEARTBEAT)."""
BEAT_S = 1.0
SERVED_S = 1.0
"""The pipeline took and gave sound within that, or it is stuck and does not beat."""
PLAYED_S = 1.5
"""For our last words to leave Asterisk."""
ACCEPT_S = 30.0
"""Briefing and acceptance, twice over, after the ringing."""
NEWS_S = 0.5
"""For the news that the caller has hung up, which comes on another connection than the leg's end."""

Whereabouts = Callable[[], Awaitable[str]]
"""Where Asterisk has the caller: CALL_STATE; "" when they are gone. Raises Unavailable."""
Decide = Callable[[str, str, str], Awaitable[None]]
"""`Ami.set`: (channel, variable, value)."""

By = Literal["caller", "lost"]
OUTCOMES: frozenset[str] = frozenset(
    ("answered", "declined", "busy", "no_answer", "unreachable", "caller_left", "failed", "returned")
)

log = getLogger(__name__)


class PhoneLine:
    """The `Line` of one telephone call, from its first leg to its last."""

    def __init__(self, caller: str, decide: Decide, whereabouts: Whereabouts) -> None:
        """`caller`: the unique id of the caller's channel."""
        self._caller, self._decide, self._whereabouts = caller, decide, whereabouts
        self._leg: MediaLeg | None = None
        self._away: asyncio.Future[TransferOutcome] | None = None
        self._events: deque[LineEvent] = deque(maxlen=250)
        self._news, self._gone = asyncio.Event(), asyncio.Event()
        self._over = self._bridged = False
        self.joined = False
        """A human has the caller; the line lives on in case they give them back."""
        self._finishing: asyncio.Task[None] | None = None
        self._taken = self._given = self._packet = self._since = _now()
        self.notice: Callable[[str], None] = lambda _: None
        """Told what is worth naming in the call's record: "one_way", "early_hang_up"."""
        self.ended: Callable[[By], None] = lambda _: None
        """Told how the line ended, just before `received` does."""
        self.returned: Callable[[], None] = lambda: None
        """Told that a human has given the caller back."""

    @property
    def away(self) -> bool:
        """A human is rung or has the caller: nobody can be joined to this line."""
        return self._leg is None

    @property
    def over(self) -> bool:
        """Nothing more comes from this line."""
        return self._over

    # What Asterisk tells.

    async def serve(self, leg: MediaLeg, outcome: str) -> None:
        """Be this leg until it is gone. `outcome`: how the transfer before it ended."""
        self._leg, self._since = leg, _now()
        self._taken = self._given = self._packet = self._since
        if self.joined:
            self.joined = False
            self.returned()
        elif self._away is not None and not self._away.done():
            self._away.set_result(outcome_of(outcome))
        beating = asyncio.create_task(self._beat(leg))
        try:
            await leg.serve(self._put)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            if self._leg is leg:
                self._leg = None
                await self._unexpected()

    def accepted(self) -> None:
        """A human has the caller."""
        if self._away is not None and not self._away.done():
            self._away.set_result("answered")

    def caller_gone(self) -> None:
        """The caller's channel is no more."""
        self._gone.set()
        if self.joined:
            self._left("caller")
        if self._away is not None and not self._away.done():
            self._away.set_result("caller_left")

    # See Line.

    async def received(self) -> AsyncIterator[LineEvent]:
        """See Line. Can be left and taken up again by another reader."""
        wait = FILL_S
        while True:
            self._taken = _now()
            if self._events:
                wait = FILL_S
                yield self._events.popleft()
                continue
            if self._over:
                return
            self._news.clear()
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                wait = AWAKE_S if self.joined else FRAME_S
                yield Heard(SILENCE)

    async def send(self, pcm: bytes) -> None:
        """See Line. What is said while we are away is heard by nobody."""
        self._given = _now()
        if self._leg is not None:
            await self._leg.send(pcm)

    def notify(self, message: Mapping[str, object]) -> None:
        """A telephone shows nothing; but a human at the live page paces our leg as they please."""
        if message.get("type") == "state":
            self._bridged = message.get("state") == "human"

    async def flush(self) -> None:
        """See Line."""
        if self._leg is not None:
            await self._leg.flush()

    async def hang_up(self) -> None:
        """See Line. Without `finish` before it nothing is decided: humans are rung."""
        self._end()
        if self._finishing is not None:
            await asyncio.shield(self._finishing)
        leg, self._leg = self._leg, None
        if leg is not None:
            await leg.close()

    # What we decide.

    async def transfer(
        self, target: str, ring_s: int, *, urgent: bool = False, shown: str = ""
    ) -> TransferOutcome:
        """Leave the line to a human of the practice; how that ended. Our words should have been said.

        `shown`: what their telephone displays.
        """
        leg = self._leg
        if leg is None:
            return "caller_left" if self._over else "failed"
        await leg.played(PLAYED_S)
        self._away = asyncio.get_running_loop().create_future()
        self._leg = None
        decision = {"XFER_TO": target, "XFER_RING": str(ring_s), "XFER_URGENT": "1" if urgent else ""}
        decided = await self._decided(decision | {"XFER_NAME": shown, "NEXT": "transfer"})
        await leg.close()
        try:
            if decided:
                return await self._awaited(self._away, ring_s + ACCEPT_S)
            return "caller_left" if await self._hung_up() else "failed"
        finally:
            self._away = None

    def transferred(self, outcome: TransferOutcome) -> None:
        """The conversation knows how a transfer ended: stay aside, or it is over for us, or we are back."""
        if self._leg is None and outcome == "answered" and not self._gone.is_set():
            self.joined = True
        elif self._leg is None:
            self._left("caller" if self._gone.is_set() else "lost")

    def finish(self) -> None:
        """We have said goodbye: end the caller's call once they have heard it. Returns at once."""
        if self._leg is not None and self._finishing is None:
            self._finishing = asyncio.create_task(self._finish(self._leg))

    async def abandon(self) -> None:
        """We cannot serve this caller: leave without a decision, humans are rung at once."""
        leg, self._leg = self._leg, None
        if leg is not None:
            await leg.close()
        self._left("lost")

    # How it goes on.

    async def _finish(self, leg: MediaLeg) -> None:
        await leg.played(PLAYED_S)
        await self._decided({"NEXT": "hangup"})
        self._leg = None
        await leg.close()

    async def _decided(self, decision: Mapping[str, str]) -> bool:
        """The last variable makes it one: half a decision is none."""
        try:
            for variable, value in decision.items():
                await self._decide(self._caller, variable, value)
        except (Unavailable, Faulty) as error:
            log.error("a decision did not reach Asterisk: %s", type(error).__name__)
            return False
        return True

    async def _awaited(self, away: "asyncio.Future[TransferOutcome]", deadline_s: float) -> TransferOutcome:
        """The outcome; when the news of it was lost, what Asterisk says when asked."""
        for _ in range(2):
            await asyncio.wait({away}, timeout=deadline_s)
            if away.done():
                return away.result()
            try:
                state = await self._whereabouts()
            except Unavailable:
                continue
            if state in ("human", ""):
                return "answered" if state else "caller_left"
        return "failed"

    async def _unexpected(self) -> None:
        """The leg closed and it was not our doing: the caller hung up, or Asterisk took them from us."""
        if self._over or self._finishing is not None:
            return
        if not await self._hung_up():
            self._left("lost")
            return
        if _now() - self._since < EARLY_S + NEWS_S:
            self.notice("early_hang_up")
        self._left("caller")

    async def _hung_up(self) -> bool:
        try:
            async with asyncio.timeout(NEWS_S):
                await self._gone.wait()
        except TimeoutError:
            return False
        return True

    def _left(self, by: By) -> None:
        if not self._over:
            self.ended(by)
            self._end()

    def _end(self) -> None:
        self._over = True
        self._news.set()

    def _put(self, event: LineEvent) -> None:
        self._packet = _now()
        self._events.append(event)
        self._news.set()

    async def _beat(self, leg: MediaLeg) -> None:
        """Hold the switch down while this line is served, and notice a caller who is not heard."""
        named = False
        while True:
            await asyncio.sleep(BEAT_S)
            now = _now()
            if not named and now - self._packet >= ONE_WAY_S:
                named = True
                self.notice("one_way")
            given = now if self._bridged else self._given
            if now - min(self._taken, given) > SERVED_S:
                log.error("a call is not served: its leg is left to be cut")
                continue
            try:
                await self._decide(leg.channel, "TIMEOUT(absolute)", str(SWITCH_S))
            except Unavailable as error:
                log.warning("a leg was not held: %s", type(error).__name__)


class Reachable:
    """A call's handle for the live page: who is away cannot be joined."""

    def __init__(
        self,
        line: PhoneLine,
        join: Callable[[Line], Awaitable[None]],
        fetch: Callable[[], Awaitable[None]],
    ) -> None:
        """`fetch` has Asterisk bring the caller back to us."""
        self._line, self._join, self._fetch = line, join, fetch

    async def take_back(self) -> None:
        """See LiveCall."""
        if not self._line.joined:
            raise Unavailable("no human has the caller")
        await self._fetch()

    async def take_over(self, human: Line) -> None:
        """See LiveCall."""
        if self._line.away:
            raise Unavailable("the caller is being put through to somebody")
        await self._join(human)


def outcome_of(word: str) -> TransferOutcome:
    """OUTCOME as the dialplan tells it; what is no outcome is a failure."""
    return word if word in OUTCOMES else "failed"  # type: ignore[return-value]  # one of the literals


def _now() -> float:
    return asyncio.get_running_loop().time()
