"""The sound a human hears before they accept a call: made from facts, kept out of the cache of clips."""

import asyncio
import io
import os
import wave
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np
import soxr

from voicebot.errors import EngineFailed

RATE = 8000
"""What a telephone carries; s16le mono."""
PAUSE_S = 0.25
LONGEST_S = 14.0
"""12 s of speech and its pauses; what asks for a key comes last and must not be cut."""
CLAUSE_S = 8.0
LATE_S = 1.0
"""How much longer than the caller's own announcement the briefing may take."""

Synthesize = Callable[[str], Awaitable[bytes]]
"""A clause to s16le mono at the voice's rate, kept nowhere. Raises EngineFailed."""


class Briefing:
    """One being made; begin it before the caller is told that somebody is rung."""

    def __init__(self, clauses: Sequence[str], synthesize: Synthesize, rate: int) -> None:
        self._rate = rate
        self._parts = [asyncio.create_task(_made(synthesize, clause)) for clause in clauses]

    async def write(self, path: Path) -> bool:
        """What is ready by now, or in a second, into a WAV file; False: nothing was, so there is no file."""
        done: set[asyncio.Task[bytes]] = set()
        if self._parts:
            done, _ = await asyncio.wait(self._parts, timeout=LATE_S)
        ready = [part.result() for part in self._parts if part in done and part.result()]
        self.drop()
        return await asyncio.to_thread(_write, path, ready, self._rate) if ready else False

    def drop(self) -> None:
        """Stop making it; harmless when it is done."""
        for part in self._parts:
            part.cancel()


async def _made(synthesize: Synthesize, clause: str) -> bytes:
    try:
        async with asyncio.timeout(CLAUSE_S):
            return await synthesize(clause)
    except (EngineFailed, TimeoutError):
        return b""


def _write(path: Path, parts: Sequence[bytes], rate: int) -> bool:
    """Whole or not at all: Asterisk may be reading an older one."""
    pause = np.zeros(round(PAUSE_S * rate), np.int16)
    pieces = [piece for part in parts for piece in (np.frombuffer(part, "<i2"), pause)]
    sound = soxr.resample(np.concatenate(pieces), rate, RATE)[: round(LONGEST_S * RATE)]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.astype("<i2").tobytes())
    part = path.with_suffix(".part")
    try:
        part.write_bytes(out.getvalue())
        os.replace(part, path)
    except OSError:  # a full disk, no folder: the human is rung without a briefing
        return False
    return True
