"""Clauses in, 20 ms frames out: the player of one call. It paces itself, 20 ms ahead, so that it can be held
at once; what lies in a transport's queue cannot be taken back."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import soxr
from pipecat.frames.frames import Frame, InterruptionFrame, OutputAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voicebot.domain.effects import PLAIN
from voicebot.domain.events import Event, Failed, FellSilent, HungUp
from voicebot.domain.languages import unmarked
from voicebot.errors import EngineFailed
from voicebot.pipeline.delivery import delivered
from voicebot.pipeline.flow import Pace, may_begin
from voicebot.pipeline.frames import (
    DropSpeechFrame,
    EventFrame,
    HangUpFrame,
    HoldSpeechFrame,
    ResumeSpeechFrame,
    RingFrame,
    SaidAllFrame,
    SayFrame,
    VoiceFrame,
    WarmFrame,
)
from voicebot.pipeline.latency import TurnStamps
from voicebot.pipeline.playback import RATE, SILENCE, Clause, Playback, trimmed
from voicebot.ports import Clock, Synthesizer

TICK_S = 0.02
CATCH_UP_S = 0.2
"""A player that was kept from running longer than this does not send the lost time in a burst."""
CLAUSE_S = 4.5
"""Deadline of one clause's audio: with the end of the turn before it, nobody waits in silence for 6 s."""
AHEAD = 8
"""Clauses of an answer made ready while one is said. Nearly all are in the cache; the few that are not (a
patient's name) take a second each, so they are begun as soon as the answer is known."""
DRAFTED = 3
"""Clauses of a likely answer made ready before the caller has finished."""
WARM = 4
"""Clauses kept that may be said soon."""

Clip = Literal["apology", "emergency", "voiceless"]
Started = Callable[[str], None]
"""Called with a clause's written text when the caller begins to hear it."""


@dataclass(frozen=True)
class Speech:
    """What speaking needs: a voice, how a written clause is read out, and clips for when the voice fails."""

    synthesizer: Synthesizer
    spoken: Callable[[str], str] = str
    """Written French to what is read out: "9 h 30" to "neuf heures trente"."""
    clips: Mapping[Clip, bytes] = field(default_factory=dict)
    """s16le mono 16 kHz, rendered beforehand: "voiceless" stands in for a clause that fails, "emergency" for
    a `whole` one; "apology" is for a call that broke."""
    pace: Pace = field(default_factory=Pace)


class Speaking(FrameProcessor):
    """Plays what the conversation says; continuous silence otherwise."""

    def __init__(
        self,
        speech: Speech,
        clock: Clock,
        stamps: TurnStamps,
        tasks: asyncio.TaskGroup,
        started: Started,
    ) -> None:
        super().__init__(enable_direct_mode=True)
        self._speech, self._clock, self._stamps, self._tasks, self._started = (
            speech,
            clock,
            stamps,
            tasks,
            started,
        )
        self._playback = Playback()
        self._ready: dict[str, asyncio.Task[bytes]] = {}
        self._making: asyncio.Task[None] | None = None
        self._playing: asyncio.Task[None] | None = None
        self._talking = self._spoke = self._hanging_up = False
        self._heard: Clause | None = None
        self._stand_in: Clause | None = None
        self._begun: dict[str, float] = {}
        self._waiting_since: float | None = None
        self._to_tell: list[asyncio.Event] = []

    def start(self) -> None:
        """Begin to send frames; the pipeline must be up."""
        self._playing = self._tasks.create_task(self._play())

    async def cleanup(self) -> None:
        """Stop playing and synthesizing."""
        await super().cleanup()  # type: ignore[no-untyped-call]
        for task in (self._playing, self._making, *self._ready.values()):
            if task:
                task.cancel()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Our own frames end here; everything else passes."""
        await super().process_frame(frame, direction)
        match frame:
            case SayFrame():
                self._say(frame)
            case WarmFrame():
                self._warm(frame.clauses)
            case HoldSpeechFrame():
                self._playback.hold()
            case ResumeSpeechFrame():
                self._playback.resume()
            case DropSpeechFrame():
                await self._drop(frame.by_caller)
            case RingFrame():
                self._playback.ring(frame.on)
            case HangUpFrame():
                self._hanging_up = True
            case SaidAllFrame():
                self._to_tell.append(frame.said)
            case _:
                await self.push_frame(frame, direction)

    def _say(self, frame: SayFrame) -> None:
        for text in frame.clauses:
            self._playback.say(Clause(text, frame.whole, manner=frame.manner))
        if frame.clauses:
            self._stamps.mark("said")
            self._make()

    async def _drop(self, by_caller: bool) -> None:
        lost = self._playback.drop()
        if lost:
            self._make_afresh()
            await self.push_frame(InterruptionFrame())  # the transport drops what it has not played
        if not by_caller:
            self._spoke = False  # whoever asked for silence does not need to be told

    def _warm(self, clauses: tuple[str, ...]) -> None:
        """The likely next words; what an earlier guess is still being made for is given up."""
        wanted = {*clauses[:DRAFTED], *(clause.text for clause in self._playback.pending)}
        for text in [text for text, task in self._ready.items() if text not in wanted and not task.done()]:
            self._ready.pop(text).cancel()
        for text in clauses[:DRAFTED]:
            self._prepare(text)

    def _prepare(self, text: str) -> asyncio.Task[bytes]:
        task = self._ready.pop(text, None)
        if task is None or task.cancelling() or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks.create_task(self._synthesize(text))
        self._ready[text] = task
        while len(self._ready) > AHEAD + WARM:
            self._ready.pop(next(iter(self._ready))).cancel()
        return task

    async def _synthesize(self, text: str) -> bytes:
        """s16le mono 16 kHz; empty when the voice failed."""
        self._begun[text] = began = _now()
        try:
            async with asyncio.timeout(CLAUSE_S):
                pcm = await self._speech.synthesizer.synthesize(self._speech.spoken(text))
        except (EngineFailed, TimeoutError):
            return b""
        finally:
            self._begun.pop(text, None)
        self._speech.pace.learn(text, _now() - began)
        rate = self._speech.synthesizer.rate
        return fitted(pcm, rate) if rate == RATE else await asyncio.to_thread(fitted, pcm, rate)

    def _make(self) -> None:
        if self._making is None:
            self._making = self._tasks.create_task(self._make_clauses())

    def _make_afresh(self) -> None:
        """What was dropped is made no more: the next answer shall not wait for a voice that hangs in it."""
        if self._making is not None:
            self._making.cancel()
            self._making = None
            self._make()

    async def _make_clauses(self) -> None:
        """Audio for the clauses in the queue, in order, a little ahead of the player."""
        try:
            while clause := next((c for c in self._playback.pending if c.pcm is None), None):
                position = list(self._playback.pending).index(clause)
                if position > AHEAD:
                    return
                pcm = await self._prepare(clause.text)
                self._ready.pop(clause.text, None)
                if pcm and clause.manner != PLAIN:
                    pcm = await asyncio.to_thread(delivered, pcm, clause.manner)
                clause.pcm = pcm
                if not pcm and clause in self._playback.pending:
                    await self._failed(clause)
                self._stamps.mark("audio")
        finally:
            if self._making is asyncio.current_task():
                self._making = None

    async def _failed(self, clause: Clause) -> None:
        """A clip for the clause and for all that was to follow: half an answer may be taken for the whole.
        Then the conversation decides; until the clip is heard, what fails besides needs no other."""
        self._spoke = True  # whatever comes of it, there will be silence, which somebody must notice
        if not clause.whole and self._stand_in in self._playback.pending:
            return
        clips = self._speech.clips
        clause.pcm = clips.get("emergency" if clause.whole else "voiceless") or clips.get("apology", b"")
        self._stand_in = clause
        self._playback.drop_after(clause)
        await self._tell(Failed(self._clock.now(), "speaking", "EngineFailed"))

    async def _play(self) -> None:
        due = _now()
        while True:
            frame, clause = self._playback.tick() if self._may_begin() else (SILENCE, None)
            await self._note(clause)
            await self.push_frame(OutputAudioRawFrame(frame, RATE, 1))
            if clause is not None:
                self._stamps.mark("packet")
            await self._after()
            due = max(due + TICK_S, _now() - CATCH_UP_S)
            await asyncio.sleep(max(0.0, due - TICK_S - _now()))  # one frame ahead

    def _may_begin(self) -> bool:
        pending, now = self._playback.pending, _now()
        if self._playback.talking or not pending or pending[0].pcm is None:
            self._waiting_since = None
            return True
        self._waiting_since = now if self._waiting_since is None else self._waiting_since
        made_from = self._begun.get(pending[1].text) if len(pending) > 1 else None
        return may_begin(pending, self._waiting_since, made_from, self._speech.pace, now)

    async def _note(self, clause: Clause | None) -> None:
        """Tell who needs to know that a clause begins, or that our voice is heard or no more."""
        if clause is not None and clause is not self._heard:
            self._heard = clause
            self._started(unmarked(clause.text)[1])
            self._make()
        if clause is not None:
            self._spoke = True
        talking = clause is not None or self._playback.talking
        if talking != self._talking:
            self._talking = talking
            await self.push_frame(VoiceFrame(talking), FrameDirection.UPSTREAM)

    async def _after(self) -> None:
        while self._playback.dry and self._to_tell:
            self._to_tell.pop().set()
        if not self._playback.dry or self._playback.held:
            return
        if self._spoke:
            self._spoke = False
            await self._tell(FellSilent(self._clock.now()))
        elif self._hanging_up:
            self._hanging_up = False
            await self._tell(HungUp(self._clock.now(), "us"))

    async def _tell(self, event: Event) -> None:
        await self.push_frame(EventFrame(event), FrameDirection.UPSTREAM)


def fitted(pcm: bytes, rate: int) -> bytes:
    """Speech at 16 kHz without silence at its end."""
    if rate != RATE:
        x = soxr.resample(np.frombuffer(pcm, "<i2"), rate, RATE, quality="HQ")
        pcm = x.astype("<i2").tobytes()
    return trimmed(pcm)


def _now() -> float:
    return asyncio.get_running_loop().time()
