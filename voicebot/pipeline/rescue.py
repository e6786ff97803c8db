"""A call whose pipeline or conversation broke: an apology, humans are rung, and if none comes, the truth."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from voicebot.domain.call import TransferOutcome
from voicebot.errors import EngineFailed
from voicebot.pipeline.playback import Clause, Playback
from voicebot.pipeline.speaking import CLAUSE_S, TICK_S, Speech, fitted
from voicebot.ports import Line

ON_ITS_WAY_S = 0.3
"""For the last sound to be heard before the line is closed."""
AGAIN_S = 3.0
"""Before humans are rung anew for a caller on whom we do not hang up."""


@dataclass(frozen=True)
class Farewell:
    """What a caller is told for whom nobody was found. `words`: clauses that were rendered beforehand."""

    words: tuple[str, ...] = ()
    stay: bool = False
    """An emergency: said again and again, never hung up by us."""


async def comfort(
    line: Line,
    speech: Speech,
    ring: Callable[[], Awaitable[TransferOutcome]],
    farewell: Callable[[], Farewell],
    heard: Callable[[str], None],
) -> None:
    """Returns when humans were rung in vain and the caller was told so; `heard` is told the clauses.

    Cancel it when the caller leaves or is joined to somebody.
    """
    playback = Playback()
    playback.say(Clause("", whole=True, pcm=speech.clips.get("apology", b"")))
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(_play(line, playback))
        try:
            while True:
                playback.ring(True)
                await ring()
                last = farewell()
                said = [Clause(words, whole=True, pcm=await _clip(speech, words)) for words in last.words]
                playback.ring(False)
                for clause in said:
                    playback.say(clause)
                    heard(clause.text)
                while not playback.dry:  # noqa: ASYNC110  # what is said is paced by its frames
                    await asyncio.sleep(TICK_S)
                await asyncio.sleep(AGAIN_S if last.stay else ON_ITS_WAY_S)
                if not last.stay:
                    return
        finally:
            playing.cancel()


async def _clip(speech: Speech, clause: str) -> bytes:
    """From the cache, where it was put beforehand; should even that fail, the apology."""
    voice = speech.synthesizer
    try:
        async with asyncio.timeout(CLAUSE_S):
            return fitted(await voice.synthesize(speech.spoken(clause)), voice.rate)
    except (EngineFailed, TimeoutError):
        return speech.clips.get("apology", b"")


async def _play(line: Line, playback: Playback) -> None:
    due = _now()
    while True:
        await line.send(playback.tick()[0])
        due += TICK_S
        await asyncio.sleep(max(0.0, due - _now()))


def _now() -> float:
    return asyncio.get_running_loop().time()
