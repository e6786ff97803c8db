"""Render beforehand what will surely be said: fixed phrases, days, hours, doctors' names."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from voicebot.errors import EngineFailed

log = logging.getLogger(__name__)

CALM_CHECK_S = 0.5
"""How often a pre-rendering that pauses for calls looks whether they are over."""


RECOVER_S = 3.0
"""After a failure: a synthesis that missed its deadline holds its thread, and the next would fail at once."""


class Warmable(Protocol):
    """What `adapters.tts_cache.CachedSynthesizer` offers for later."""

    def kept(self, text: str) -> bool:
        """Whether the clip is on disk and whole; called in a thread."""
        ...

    async def warm(self, text: str) -> None:
        """Have it ready for later. Raises EngineFailed."""
        ...


async def prerender(
    texts: Iterable[str],
    synthesizer: Warmable,
    *,
    idle: Callable[[], bool],
    progress: Callable[[int, int], None],
    recover_s: float = RECOVER_S,
) -> tuple[str, ...]:
    """Make every clip that is missing, one after the other; returns the texts that could not be made.

    Starts a text only while `idle()`. `progress(ready, of)` is told after each. It may be cancelled anywhere:
    what is done is kept, and the next run goes on from there. A failure is logged once and skipped,
    after `recover_s`."""
    wanted = tuple(dict.fromkeys(texts))
    missing = await asyncio.to_thread(lambda: [text for text in wanted if not synthesizer.kept(text)])
    ready = len(wanted) - len(missing)
    progress(ready, len(wanted))
    failed: list[str] = []
    for text in missing:
        while not idle():  # noqa: ASYNC110  # a question is all we are given
            await asyncio.sleep(CALM_CHECK_S)
        try:
            await synthesizer.warm(text)
        except EngineFailed as error:
            if not failed:
                log.warning("a phrase could not be rendered beforehand: %s", error)
            failed.append(text)
            await asyncio.sleep(recover_s)
            continue
        ready += 1
        progress(ready, len(wanted))
    return tuple(failed)
