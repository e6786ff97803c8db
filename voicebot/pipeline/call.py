"""One call, from the first frame to the last: builds its pipeline, ends reliably, and hands over to humans.

The voice part (pipecat) and the conversation run side by side and die apart: whichever breaks, the other
still does its duty towards the caller.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from logging import getLogger
from typing import Protocol

from pipecat.frames.frames import ErrorFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner

from voicebot.domain.call import Channel, TransferOutcome
from voicebot.domain.effects import Transfer
from voicebot.domain.events import Event, Failed, HungUp, Started, TransferEnded
from voicebot.errors import Unavailable
from voicebot.pipeline.engines import Ears
from voicebot.pipeline.hearing import Hearing, Watch
from voicebot.pipeline.latency import Latency, TurnStamps
from voicebot.pipeline.patience import Patience, Told, Unfinished, never
from voicebot.pipeline.playback import RATE
from voicebot.pipeline.receptionist import Caption, Receptionist, Ring
from voicebot.pipeline.rescue import Farewell, comfort
from voicebot.pipeline.speaking import Speaking, Speech
from voicebot.pipeline.turns import Turns
from voicebot.ports import Clock, Line, Voice

LAST_WRITES_S = 60.0
"""What a conversation may still need after the line is down, before it is given up."""
JOIN_S = 4.0
"""For our voice to leave the line to a human."""
BROKEN = Transfer("Panne technique : l'assistant ne peut plus répondre à cet appel.")

log = getLogger(__name__)


class Conversation(Protocol):
    """What a call needs of `voicebot.conversation.Conversation`."""

    def hear(self, event: Event) -> None:
        """Enqueue; never blocks."""
        ...

    def preview(self, text: str) -> tuple[str, ...]:
        """The clauses that would be said if `text` were the whole turn. Pure."""
        ...

    async def run(self) -> None:
        """Until the call has ended and what it left to write is written."""
        ...


@dataclass(frozen=True)
class House:
    """What every call of the process shares."""

    ears: Ears
    speech: Speech
    clock: Clock
    transport: Callable[[Line, Callable[[], None]], BaseTransport]
    """A pipecat transport over a line; calls back when the other side is gone."""
    bridge: Callable[[Line, Line], Awaitable[Line | None]]
    """Joins two lines until either is gone; closes neither; returns the one that was lost, if the other is
    still there."""
    latency: Latency = field(default_factory=Latency)
    patience: Patience = field(default_factory=Patience)
    watch: Watch = field(default_factory=Watch)
    unfinished: Unfinished = never
    told: Told = never


class Call:
    """One call on one line; `run` it once. The live page may `take_over` while it runs."""

    def __init__(
        self,
        line: Line,
        house: House,
        ring: Ring,
        caption: Caption,
        hotwords: str = "",
        *,
        first: Event | None = None,
        languages: tuple[str, ...] = ("fr",),
        farewell: Callable[[], Farewell] = Farewell,
        freed: Callable[[], None] = lambda: None,
    ) -> None:
        """`languages`: codes of what callers may speak. `first`: what the conversation is told when the line
        is up, if it is not a plain `Started`. `farewell`: what is said in a call that broke, when no human
        comes. `freed` is called when the line of the human who had the call broke, and the caller is ours
        again."""
        self._first, self._languages = first, languages
        self._line, self._house, self._ring, self._caption = line, house, ring, caption
        self._hotwords, self._farewell, self._freed = hotwords, farewell, freed
        self._receptionist = Receptionist(house.clock, self._rung, caption, self._show)
        self._human: Line | None = None
        self._closing: list[asyncio.Task[None]] = []
        self._bell: asyncio.Task[TransferOutcome] | None = None
        self._ringers = 0
        self._let_down = False
        self._taken, self._joined, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(
        self, conversation_of: Callable[[Voice], Conversation], channel: Channel, number: str | None = None
    ) -> None:
        """From `Started` to the last write. Raises nothing but cancellation: a crash ends this call only."""
        conversation = conversation_of(self._receptionist)
        self._receptionist.serve(conversation)
        talk = asyncio.create_task(conversation.run())
        now = self._house.clock.now
        try:
            await self._converse(talk, lambda: self._tell(self._first or Started(now(), channel, number)))
            while await self._hand_over():
                await self._converse(talk, lambda: self._tell(Failed(now(), "human", "lost")))
            self._tell(HungUp(self._house.clock.now(), "us"))
            await self._last_writes(talk)
        except asyncio.CancelledError:  # the service stops in the middle of a call
            self._let_down = True
            raise
        finally:
            self._over.set()
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
            await self._close_lines()

    def tell(self, event: Event) -> None:
        """Something happened on the line that cannot be heard on it."""
        self._tell(event)

    async def hush(self) -> None:
        """Drop what is queued and being said, unless it is `whole`."""
        await self._receptionist.hush()

    async def said_all(self, deadline_s: float) -> None:
        """Wait until the caller has heard all that was to be said, or the deadline has passed."""
        await self._receptionist.said_all(deadline_s)

    async def take_over(self, human: Line) -> None:
        """Our voice leaves the caller, who is joined to `human`; returns once they are.

        Raises Unavailable if the call is over or somebody has it.
        """
        if self._over.is_set() or self._receptionist.hung_up.is_set() or self._human is not None:
            raise Unavailable("the call is over, or taken")
        self._human = human
        if not self._ringers:
            self._tell(TransferEnded(self._house.clock.now(), "answered"))
        self._taken.set()
        try:
            async with asyncio.timeout(JOIN_S):
                await self._joined.wait()
        except TimeoutError:
            raise Unavailable("the lines could not be joined") from None

    async def take_back(self) -> None:
        """Raises Unavailable: who takes this call over is joined here, and gives it back by no other way."""
        raise Unavailable("nobody has the caller on a telephone")

    async def _rung(self, transfer: Transfer) -> TransferOutcome:
        """One ring at a time: whoever wants another meanwhile waits for the end of this one."""
        if self._bell is None:
            self._bell = asyncio.create_task(self._ring_out(transfer))
        bell = self._bell
        self._ringers += 1
        try:
            await asyncio.wait({bell})
            return bell.result()
        finally:
            self._ringers -= 1
            if not self._ringers:
                self._bell = None
                bell.cancel()

    async def _ring_out(self, transfer: Transfer) -> TransferOutcome:
        self._show("ringing")
        try:
            return await self._ring(transfer)
        finally:
            if self._human is None:
                self._show("listening")

    async def _converse(self, talk: "asyncio.Task[None]", opened: Callable[[], None]) -> None:
        """The voice part; whatever breaks in it ends here, and the caller goes to a human. `opened` is called
        once somebody can hear us."""
        try:
            await self._speak_and_listen(talk, opened)
        except Exception as error:  # noqa: BLE001  # the boundary: one call's crash ends that call only
            log.error("a call broke: %s", _names(error))
            self._tell(Failed(self._house.clock.now(), "line", _names(error)))
            await self._rescue()

    async def _speak_and_listen(self, talk: "asyncio.Task[None]", opened: Callable[[], None]) -> None:
        house, stamps = self._house, TurnStamps(self._house.latency)
        broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        transport = house.transport(self._line, self._caller_left)
        async with asyncio.TaskGroup() as tasks:
            turns = Turns(house.patience, house.unfinished, house.told)
            hearing = Hearing(
                house.ears,
                turns,
                house.clock,
                stamps,
                tasks,
                opened,
                hotwords=self._hotwords,
                languages=self._languages,
                watch=house.watch,
            )
            speaking = Speaking(house.speech, house.clock, stamps, tasks, self._heard)
            desk = self._receptionist.sit_down()
            worker = _worker(Pipeline([transport.input(), hearing, desk, speaking, transport.output()]))

            async def ready(*_: object) -> None:
                speaking.start()

            async def failed(_: object, frame: ErrorFrame) -> None:
                if not broken.done():
                    broken.set_exception(frame.exception or RuntimeError("pipeline"))

            worker.add_event_handler("on_pipeline_started", ready)
            worker.add_event_handler("on_pipeline_error", failed)
            runner = WorkerRunner(handle_sigint=False)
            await runner.add_workers(worker)
            running = tasks.create_task(runner.run())
            ends = [tasks.create_task(_until(e)) for e in (self._receptionist.hung_up, self._taken)]
            try:
                first: set[asyncio.Future[None]] = {talk, broken, running}
                await asyncio.wait(first.union(ends), return_when=asyncio.FIRST_COMPLETED)
                for end in (broken, talk):
                    if end.done():
                        end.result()
            finally:
                for end in ends:
                    end.cancel()
                await runner.cancel()
                broken.cancel()

    async def _hand_over(self) -> bool:
        """Join the caller to the human who took the call, until either is gone. True: the human's line broke
        and the caller is ours again."""
        human = self._human
        if human is None or self._receptionist.hung_up.is_set():
            return False
        self._joined.set()
        self._show("human")
        if await self._house.bridge(self._line, human) is not human:
            return False
        self._closing.append(asyncio.create_task(human.hang_up()))
        self._human = None
        self._taken.clear()
        self._joined.clear()
        self._freed()
        return True

    async def _rescue(self) -> None:
        """Without pipeline or conversation: humans are rung, and a caller whom none answers is told so."""
        ring = partial(self._rung, BROKEN)
        comforting = asyncio.create_task(
            comfort(self._line, self._house.speech, ring, self._farewell, self._heard)
        )
        leaving = asyncio.create_task(self._await_departure())
        taken = asyncio.create_task(self._taken.wait())
        try:
            await asyncio.wait({comforting, leaving, taken}, return_when=asyncio.FIRST_COMPLETED)
            self._let_down = comforting.done() and not taken.done()
        finally:
            for task in (comforting, leaving, taken):
                task.cancel()
            await asyncio.gather(comforting, leaving, taken, return_exceptions=True)

    async def _await_departure(self) -> None:
        async for _ in self._line.received():
            pass
        self._caller_left()

    async def _last_writes(self, talk: "asyncio.Task[None]") -> None:
        done, _ = await asyncio.wait({talk}, timeout=LAST_WRITES_S)
        if not done:
            log.error("a conversation did not end in %s s", LAST_WRITES_S)
        elif error := talk.exception():
            log.error("a conversation broke: %s", _names(error))

    async def _close_lines(self) -> None:
        self._show("lost" if self._let_down else "ended")
        for line in (self._line, self._human):
            if line is not None:
                await line.hang_up()
        await asyncio.gather(*self._closing)

    def _caller_left(self) -> None:
        self._tell(HungUp(self._house.clock.now(), "caller"))

    def _heard(self, clause: str) -> None:
        self._caption("voice", clause, True)

    def _show(self, state: str) -> None:
        """What a page shows of the call: "listening", "thinking", "speaking", "ringing", "human", "ended";
        "lost" when a fault of ours ended it."""
        self._line.notify({"type": "state", "state": state})

    def _tell(self, event: Event) -> None:
        self._receptionist.tell(event)


def _worker(pipeline: Pipeline) -> PipelineWorker:
    """Bare: no RTVI, no turn tracking of its own, no idle timer; those are the conversation's business."""
    params = PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE)
    return PipelineWorker(
        pipeline, params=params, enable_rtvi=False, enable_turn_tracking=False, idle_timeout_secs=None
    )


async def _until(event: asyncio.Event) -> None:
    await event.wait()


def _names(error: BaseException) -> str:
    """What broke, without the words an exception's text may quote."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(_names(inner) for inner in error.exceptions)
    return type(error).__name__


def _now() -> float:
    return asyncio.get_running_loop().time()
