"""A pipecat transport over any `Line`: audio, keys and typed text in, 20 ms frames out.

Not built on pipecat's BaseInputTransport and BaseOutputTransport: they would queue, re-chunk, resample and
time audio that our player has already timed, and the queue is what a barge-in has to wait for.
"""

import asyncio
from collections.abc import Callable

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InputDTMFFrame,
    InputTextRawFrame,
    InterruptionFrame,
    OutputAudioRawFrame,
    StartFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voicebot.ports import Heard, Key, Line, LineEvent, Typed

RATE = 16000
KEYS = frozenset(entry.value for entry in KeypadEntry)


class LineInput(FrameProcessor):
    """What the party says, presses and types, as frames."""

    def __init__(self, line: Line, gone: Callable[[], None]) -> None:
        super().__init__(enable_direct_mode=True)
        self._line, self._gone = line, gone
        self._reading: asyncio.Task[None] | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Everything passes; the start frame starts the reading."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._reading = self.create_task(self._read())

    async def cleanup(self) -> None:
        """Leave the line; it stays open for whoever reads it next."""
        await super().cleanup()  # type: ignore[no-untyped-call]
        if self._reading:
            await self.cancel_task(self._reading)

    async def _read(self) -> None:
        try:
            async for event in self._line.received():
                if (frame := _frame(event)) is not None:
                    await self.push_frame(frame)
        finally:
            task = asyncio.current_task()
            if not (task and task.cancelling()):
                self._gone()


class LineOutput(FrameProcessor):
    """Audio to the party. An interruption drops what the line has not played yet."""

    def __init__(self, line: Line) -> None:
        super().__init__(enable_direct_mode=True)
        self._line = line

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Audio and interruptions end here; everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, OutputAudioRawFrame):
            await self._line.send(frame.audio)
        elif isinstance(frame, InterruptionFrame):
            await self._line.flush()
        else:
            await self.push_frame(frame, direction)


class LineTransport(BaseTransport):
    """Both ends of one line. `gone` is called once, when the other side has left."""

    def __init__(self, line: Line, gone: Callable[[], None]) -> None:
        super().__init__()
        self._input, self._output = LineInput(line, gone), LineOutput(line)

    def input(self) -> FrameProcessor:
        """The first processor of the pipeline."""
        return self._input

    def output(self) -> FrameProcessor:
        """The last processor of the pipeline."""
        return self._output


def _frame(event: LineEvent) -> Frame | None:
    match event:
        case Heard(pcm):
            return InputAudioRawFrame(audio=pcm, sample_rate=RATE, num_channels=1)
        case Key(key) if key in KEYS:
            return InputDTMFFrame(button=KeypadEntry(key))
        case Typed(text) if text.strip():
            return InputTextRawFrame(text=text.strip())
    return None
