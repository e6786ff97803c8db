"""Sends sound down a line at the pace of speech, as a microphone does."""

import asyncio
from collections.abc import Iterable
from itertools import chain, repeat

from voicebot.ports import Line

FRAME_BYTES, FRAME_S = 640, 0.02
SILENCE = bytes(FRAME_BYTES)


async def pump(line: Line, recordings: Iterable[bytes] = (), pause_s: float = 6.0) -> None:
    """Each recording (s16le mono 16 kHz) after a pause, then silence until cancelled."""
    gap = [SILENCE] * round(pause_s / FRAME_S)
    spoken = chain.from_iterable(chain(gap, _frames(pcm)) for pcm in recordings)
    due = asyncio.get_running_loop().time()
    for frame in chain(spoken, repeat(SILENCE)):
        await line.send(frame)
        due += FRAME_S
        await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))


def _frames(pcm: bytes) -> list[bytes]:
    return [pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(pcm), FRAME_BYTES)]
