"""Between the frames of a call and its conversation: events one way, `ports.Voice` the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from pipecat.frames.frames import Frame, InputDTMFFrame, InputTextRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voicebot.domain.call import TransferOutcome
from voicebot.domain.effects import PLAIN, Expects, Manner, Transfer
from voicebot.domain.events import Event, HungUp, PartlySaid, Pressed, Said, SpeechStarted
from voicebot.domain.languages import marked
from voicebot.pipeline.frames import (
    DraftFrame,
    DropSpeechFrame,
    EventFrame,
    ExpectFrame,
    HangUpFrame,
    RingFrame,
    SaidAllFrame,
    SayFrame,
    VoiceFrame,
    WarmFrame,
)
from voicebot.ports import Clock

Caption = Callable[[Literal["voice", "caller"], str, bool], None]
"""(who, words, final): what a page shows."""
Ring = Callable[[Transfer], Awaitable[TransferOutcome]]
"""Ring humans for this call; ends by the practice's `ring_s`."""


class Listener(Protocol):
    """What the receptionist needs of a conversation."""

    def hear(self, event: Event) -> None:
        """Enqueue; never blocks."""
        ...

    def preview(self, text: str) -> tuple[str, ...]:
        """The clauses that would be said if `text` were the whole turn. Pure."""
        ...


class Desk(FrameProcessor):
    """The receptionist's place in one pipeline. `taken` is given every frame; False: it passes."""

    def __init__(self, taken: Callable[[Frame], Awaitable[bool]]) -> None:
        super().__init__(enable_direct_mode=True)
        self._taken = taken

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """See the class."""
        await super().process_frame(frame, direction)
        if not await self._taken(frame):
            await self.push_frame(frame, direction)


class Receptionist:
    """Hands what happens to the conversation, and what it says to the player. Is its `ports.Voice`.

    Stays when a pipeline ends: a caller may come back from a human whose line broke.
    """

    def __init__(self, clock: Clock, ring: Ring, caption: Caption, show: Callable[[str], None]) -> None:
        """`show` is told the state: "listening", "thinking" or "speaking"."""
        self._clock, self._ring, self._caption, self._show = clock, ring, caption, show
        self._listener: Listener | None = None
        self._desk: Desk | None = None
        self.hung_up = asyncio.Event()
        """The line is down, or is to be taken down."""

    def serve(self, listener: Listener) -> None:
        """The conversation of this call; it needs our voice first."""
        self._listener = listener

    def sit_down(self) -> Desk:
        """Our place in a new pipeline; from now on we speak there."""
        self._desk = Desk(self._taken)
        return self._desk

    async def _taken(self, frame: Frame) -> bool:
        """Events and drafts end here; everything else passes."""
        match frame:
            case EventFrame():
                self.tell(frame.event)
            case DraftFrame():
                await self._warm(frame.text)
            case InputDTMFFrame():
                await self._drop()
                self.tell(Pressed(self._clock.now(), frame.button.value))
            case InputTextRawFrame():
                await self._drop()
                self.tell(SpeechStarted(self._clock.now()))
                self.tell(Said(self._clock.now(), frame.text))
            case _:
                if isinstance(frame, VoiceFrame):
                    self._show("speaking" if frame.talking else "listening")
                return False
        return True

    def tell(self, event: Event) -> None:
        """Into the conversation; what follows a hang-up is of no interest."""
        if self.hung_up.is_set() or self._listener is None:
            return
        match event:
            case PartlySaid(text=text):
                self._caption("caller", text, False)
            case Said(text=text):
                self._caption("caller", text, True)
                self._show("thinking")
            case HungUp():
                self.hung_up.set()
        self._listener.hear(event)

    async def say(
        self,
        clauses: Sequence[str],
        *,
        whole: bool,
        expects: Expects | None,
        likely: str = "",
        manner: Manner = PLAIN,
    ) -> None:
        """See Voice."""
        if expects is not None:
            await self._push(ExpectFrame(expects, manner.language, likely), FrameDirection.UPSTREAM)
        told = tuple(marked(clause, manner.language) for clause in clauses)
        await self._push(SayFrame(told, whole, replace(manner, language=PLAIN.language)))

    async def hush(self) -> None:
        """See Voice."""
        await self._push(DropSpeechFrame(by_caller=False))

    async def transfer(self, transfer: Transfer) -> TransferOutcome:
        """See Voice. The caller hears it ring whenever nothing is said."""
        await self._push(RingFrame(True))
        try:
            return await self._ring(transfer)
        finally:
            await self._push(RingFrame(False))

    async def said_all(self, deadline_s: float) -> None:
        """Wait until all we were given to say has been said, the line is down, or the deadline has passed."""
        said = asyncio.Event()
        await self._push(SaidAllFrame(said))
        ends = [asyncio.create_task(event.wait()) for event in (said, self.hung_up)]
        try:
            await asyncio.wait(ends, timeout=deadline_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    async def hang_up(self) -> None:
        """See Voice."""
        await self._push(HangUpFrame())

    async def _push(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if self._desk is not None:
            await self._desk.push_frame(frame, direction)

    async def _drop(self) -> None:
        await self._push(DropSpeechFrame())

    async def _warm(self, text: str) -> None:
        if self._listener is not None and (clauses := self._listener.preview(text)):
            await self._push(WarmFrame(clauses))
