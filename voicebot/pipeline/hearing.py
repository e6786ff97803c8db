"""The caller's audio in, what they said out.

A plain FrameProcessor in direct mode, without pipecat's LLM context aggregators: they exist to keep an LLM's
message list and to turn strategies into turns. Here turns are taken wholly in `turns.py` and the conversation
is a fold with its own journal, so they would add hops and a second opinion on who has the floor, no more.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pipecat.frames.frames import Frame, InputAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voicebot.domain.effects import Expects
from voicebot.domain.events import (
    Event,
    Failed,
    HungUp,
    PartlySaid,
    Said,
    SpeechStarted,
    TurnRetracted,
    Unheard,
)
from voicebot.errors import EngineFailed
from voicebot.pipeline.engines import Ears
from voicebot.pipeline.frames import (
    DraftFrame,
    DropSpeechFrame,
    EventFrame,
    ExpectFrame,
    HoldSpeechFrame,
    ResumeSpeechFrame,
    VoiceFrame,
)
from voicebot.pipeline.latency import TurnStamps
from voicebot.pipeline.patience import words
from voicebot.pipeline.turns import (
    PRE_ROLL,
    RATE,
    WINDOW,
    Committed,
    Decision,
    Draft,
    Interrupted,
    LetOn,
    Opened,
    Turns,
    Wanted,
)
from voicebot.pipeline.turns import Window as Level
from voicebot.ports import Clock

LONGEST_BYTES = 28 * RATE * 2
"""What a Transcriber takes at most."""
OVER_AFTER_S = 0.12
"""From the beginning of a transcript (0.1-0.16 s into the pause) to smart-turn, which was trained on 0.2 s of
silence and takes 0.09 s."""


@dataclass(frozen=True)
class Watch:
    """Wall-clock seconds without a packet: the audio's clock stands still, so this one must run."""

    stall_s: float = 5.0
    """The open turn is settled with what there is."""
    lost_s: float = 20.0
    """The line is lost."""
    look_every_s: float = 0.5


class Hearing(FrameProcessor):
    """Turns and transcripts of one call. Emits events, holds and resumes our voice."""

    def __init__(
        self,
        ears: Ears,
        turns: Turns,
        clock: Clock,
        stamps: TurnStamps,
        tasks: asyncio.TaskGroup,
        picked_up: Callable[[], None],
        *,
        hotwords: str = "",
        languages: tuple[str, ...] = ("fr",),
        watch: Watch | None = None,
    ) -> None:
        """`picked_up` is called when the first audio arrives: before, nobody would hear us."""
        super().__init__(enable_direct_mode=True)
        self._ears, self._turns, self._clock, self._stamps = ears, turns, clock, stamps
        self._activity = ears.activity()
        self._picked_up: Callable[[], None] | None = picked_up
        self._tasks, self._hotwords, self._watch = tasks, hotwords, watch or Watch()
        self._expects: Expects | None = "open"
        self._likely, self._languages = "", languages
        self._rest = b""
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL)
        self._audio: list[bytes] = []
        self._last_turn: list[bytes] = []
        self._decoding: asyncio.Task[None] | None = None
        self._decoded = Wanted(0, partial=False)
        self._last_packet = _now()
        self._watching = tasks.create_task(self._watch_line())

    async def cleanup(self) -> None:
        """Stop watching; a decode that is under way is forgotten."""
        await super().cleanup()  # type: ignore[no-untyped-call]
        self._watching.cancel()
        if self._decoding:
            self._decoding.cancel()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Audio ends here; everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, InputAudioRawFrame):
            await self._listen(frame.audio)
            return
        if isinstance(frame, ExpectFrame):
            self._expects, self._likely = frame.expects, frame.likely
            self._languages = (frame.language, *(one for one in self._languages if one != frame.language))
            self._turns.expect(frame.expects)
        elif isinstance(frame, VoiceFrame):
            self._turns.voice(frame.talking)
        await self.push_frame(frame, direction)

    async def _listen(self, audio: bytes) -> None:
        self._last_packet = _now()
        if self._picked_up is not None:
            picked_up, self._picked_up = self._picked_up, None
            picked_up()
        self._rest += audio
        while len(self._rest) >= 2 * WINDOW:
            window, self._rest = self._rest[: 2 * WINDOW], self._rest[2 * WINDOW :]
            was_open = self._turns.open
            (self._audio if was_open else self._before).append(window)
            level = Level(_decibels(window), self._activity.confidence(window))
            await self._act(self._turns.hear(level))
        self._keep_up()

    async def _act(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Opened(rejoined):
                    await self._opened(rejoined)
                case Interrupted():
                    await self.push_frame(DropSpeechFrame())
                case LetOn():
                    await self.push_frame(ResumeSpeechFrame())
                case Committed(draft, silence):
                    await self._committed(draft, silence)

    async def _opened(self, rejoined: bool) -> None:
        self._audio = [*(self._last_turn if rejoined else ()), *self._before]
        self._before.clear()
        await self.push_frame(HoldSpeechFrame())
        if rejoined:
            self._stamps.forget()
            await self._tell(TurnRetracted(self._clock.now()))
        await self._tell(SpeechStarted(self._clock.now()))

    async def _committed(self, draft: Draft, silence: float) -> None:
        self._last_turn = self._audio
        now = self._clock.now()
        usable = draft.speech and draft.clear and bool(words(draft.text))
        if usable:
            self._stamps.ended(silence)
            await self.push_frame(DropSpeechFrame())
        await self.push_frame(ResumeSpeechFrame())
        if usable:
            await self._tell(Said(now, draft.text, draft.confidence))
        else:
            await self._tell(Unheard(now, "unclear" if draft.speech else "noise"))

    async def _tell(self, event: Event) -> None:
        await self.push_frame(EventFrame(event))

    def _keep_up(self) -> None:
        """One transcript under way for this call, the newest wanted. A stale one is left to itself: if no
        thread had taken it, it costs nothing; if one had, the newest need not wait for it."""
        if self._decoding is not None and not self._turns.is_current(self._decoded):
            self._decoding.cancel()
            self._decoding = None
        if self._decoding is None and (wanted := self._next_wanted()) is not None:
            self._decoded = wanted
            self._decoding = self._tasks.create_task(self._decode(wanted))

    def _next_wanted(self) -> Wanted | None:
        """While another caller waits, none of a caller who talks on, nor of a pause that may be none."""
        wanted = self._turns.wanted
        if wanted is None or self._ears.idle:
            return wanted
        return None if wanted.partial or self._turns.hesitating else wanted

    async def _decode(self, wanted: Wanted) -> None:
        audio = b"".join(self._audio)[-LONGEST_BYTES:]
        self._turns.asked()
        try:
            transcript, over = await asyncio.gather(
                self._ears.transcribe(audio, self._likely or self._hotwords, self._expects, self._languages),
                self._over(wanted),
            )
        except (EngineFailed, TimeoutError) as error:
            if not wanted.partial:  # the caller talks on: the whole turn will tell
                await self._failed(error)
            return
        finally:
            if self._decoding is asyncio.current_task():
                self._decoding = None
        if not self._turns.is_current(wanted):
            return
        clear = transcript.clear or self._turns.told(transcript.text)
        draft = Draft(transcript.text, transcript.speech, clear, transcript.confidence, over)
        if draft.speech and draft.text:
            await self._tell(PartlySaid(self._clock.now(), draft.text))
            if not wanted.partial:
                self._stamps.mark("decoded")
        await self._act(self._turns.drafted(wanted, draft))
        if draft.speech and draft.clear and not wanted.partial and self._turns.is_current(wanted):
            await self.push_frame(DraftFrame(draft.text))  # time is left: the answer can be made ready

    async def _over(self, wanted: Wanted) -> float:
        """Has the speaker finished? Asked a little later than the transcript, which most pauses do not last
        and which needs the processor; nobody asks it of somebody who still talks."""
        if wanted.partial:
            return 0.0
        await asyncio.sleep(OVER_AFTER_S)
        return await self._ears.turn_over(b"".join(self._audio)[-LONGEST_BYTES:])

    async def _failed(self, why: BaseException) -> None:
        self._turns.abandon()
        await self.push_frame(DropSpeechFrame())
        await self.push_frame(ResumeSpeechFrame())
        await self._tell(Failed(self._clock.now(), "hearing", type(why).__name__))

    async def _watch_line(self) -> None:
        """Beside the audio's clock, which a caller on hold or without network stops."""
        while True:
            await asyncio.sleep(self._watch.look_every_s)
            gone = _now() - self._last_packet
            if gone >= self._watch.lost_s:
                await self._tell(HungUp(self._clock.now(), "lost"))
                return
            if gone >= self._watch.stall_s:
                await self._act(self._turns.settle())
                self._keep_up()


def _decibels(window: bytes) -> float:
    """Level in dBFS of s16le samples."""
    x = np.frombuffer(window, np.int16).astype(np.float32)
    return float(10 * np.log10(np.dot(x, x) / (len(x) * 32768.0**2) + 1e-9))


def _now() -> float:
    return asyncio.get_running_loop().time()
