"""Two parties, joined: a patient and the person who took the call."""

import asyncio

from voicebot.ports import Heard, Key, Line, Lost, Typed


async def bridge(a: Line, b: Line) -> Line | None:
    """Audio both ways until either is gone; closes neither. What one types is shown to the other.

    Returns the line that was lost while the other is still there; None when somebody hung up.
    """
    async with asyncio.TaskGroup() as both:
        ways = {both.create_task(_carry(a, b)): a, both.create_task(_carry(b, a)): b}
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
    gone = [ways[way] for way in done if way.result()]
    return gone[0] if len(gone) == len(done) == 1 else None


async def _carry(source: Line, sink: Line) -> bool:
    """Until the source is gone; whether it was lost."""
    lost = False
    async for event in source.received():
        match event:
            case Heard(pcm):
                await sink.send(pcm)
            case Typed(text) | Key(text):
                sink.notify({"type": "caption", "who": "caller", "text": text, "final": True})
            case Lost():
                lost = True
    return lost
