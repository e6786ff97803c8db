"""A caller made of recordings: a `Line` that plays PCM and keeps what it hears: tests, `voicebot call`."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

import numpy as np
import soundfile
import soxr

from voicebot.ports import Heard, LineEvent, Lost

RATE, FRAME_BYTES, FRAME_S = 16000, 640, 0.02
SILENCE = bytes(FRAME_BYTES)


def read_wav(path: Path) -> bytes:
    """Any WAV as s16le mono 16 kHz. Raises OSError or soundfile's LibsndfileError."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = soxr.resample(samples.mean(axis=1), rate, RATE)
    return bytes((np.clip(mono, -1, 1) * 32767).astype("<i2").tobytes())


class WavLine:
    """Sends 20 ms frames of what it is told to play, silence in between, until it hangs up."""

    def __init__(self) -> None:
        self._stalled = False
        self._queue: asyncio.Queue[LineEvent] = asyncio.Queue()
        self._gone = asyncio.Event()
        self.heard = bytearray()
        """What was played to this caller: s16le mono 16 kHz, 20 ms a frame."""
        self.sent = 0
        """Frames this caller has sent."""
        self.notes: list[Mapping[str, object]] = []
        self.flushed = 0

    async def received(self) -> AsyncIterator[LineEvent]:
        """See Line."""
        due = _now()
        while not self._gone.is_set():
            event = SILENCE_EVENT if self._queue.empty() else self._queue.get_nowait()
            if self._stalled:
                await self._gone.wait()
                return
            if isinstance(event, Heard):
                due += FRAME_S
                await asyncio.sleep(max(0.0, due - _now()))
                self.sent += 1
            yield event
            if isinstance(event, Lost):
                self._gone.set()

    @property
    def waiting(self) -> int:
        """Frames still to be said."""
        return self._queue.qsize()

    def play(self, pcm: bytes) -> None:
        """Say this after what is still to be said."""
        for at in range(0, len(pcm), FRAME_BYTES):
            self._queue.put_nowait(Heard(pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")))

    def do(self, events: Iterable[LineEvent]) -> None:
        """Press keys or type."""
        for event in events:
            self._queue.put_nowait(event)

    def stall(self) -> None:
        """Send no more packets, without hanging up."""
        self._stalled = True

    def leave(self) -> None:
        """Hang up."""
        self._gone.set()

    def lose(self) -> None:
        """Be cut off."""
        self.do([Lost()])

    async def send(self, pcm: bytes) -> None:
        """See Line."""
        self.heard += pcm

    def notify(self, message: Mapping[str, object]) -> None:
        """See Line."""
        self.notes.append(message)

    async def flush(self) -> None:
        """See Line."""
        self.flushed += 1

    async def hang_up(self) -> None:
        """See Line."""
        self._gone.set()


SILENCE_EVENT = Heard(SILENCE)


def _now() -> float:
    return asyncio.get_running_loop().time()
