"""Two parties, joined: a patient and the person who took the call."""

import asyncio

from voicebot.ports import Heard, Key, Line, Typed


async def bridge(a: Line, b: Line) -> None:
    """Audio both ways until either is gone; closes neither. What one types is shown to the other."""
    async with asyncio.TaskGroup() as both:
        ways = [both.create_task(_carry(a, b)), both.create_task(_carry(b, a))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()


async def _carry(source: Line, sink: Line) -> None:
    async for event in source.received():
        match event:
            case Heard(pcm):
                await sink.send(pcm)
            case Typed(text) | Key(text):
                sink.notify({"type": "caption", "who": "caller", "text": text, "final": True})
