"""A language model's second reading of a call's utterances, beside our own.

A turn waits for it only when we did not understand, at most its deadline, and not when the caller goes on
speaking. What comes beside a turn that was served can still warn of something urgent. A retracted turn is not
thought about any more.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from logging import getLogger

from voicebot.domain.call import Opinion
from voicebot.domain.dialogue.fold import context
from voicebot.domain.dialogue.second_reading import need
from voicebot.domain.dialogue.state import State
from voicebot.domain.effects import Effect
from voicebot.domain.events import (
    Event,
    HungUp,
    PartlySaid,
    Pressed,
    Said,
    SpeechStarted,
    TurnRetracted,
    Unheard,
    Warned,
)
from voicebot.domain.understanding.reading import Context
from voicebot.ports import Clock, Reasoner

log = getLogger(__name__)

BY_CALLER = SpeechStarted | PartlySaid | Said | TurnRetracted | Unheard | Pressed | HungUp
"""Nobody thinks on while the caller does something else."""
SLACK_S = 0.1
"""Whoever keeps the deadline counts it first."""
Thought = asyncio.Task[Opinion | None]


class Thinking:
    """Of one call. `hear` takes a warning; `work` is told +1 and -1 of what is under way."""

    def __init__(
        self, reasoner: Reasoner, clock: Clock, hear: Callable[[Event], None], work: Callable[[int], None]
    ) -> None:
        self._reasoner, self._clock, self._hear, self._work = reasoner, clock, hear, work
        self._thoughts: set[Thought] = set()
        self._unheeded = 0
        self._disturbed = asyncio.Event()
        self.interrupted = False
        """The caller went on while the last turn waited: our answer to it would speak over them."""

    def arrived(self, event: Event) -> None:
        """Something waits to be folded."""
        if isinstance(event, BY_CALLER):
            self._unheeded += 1
            self._disturbed.set()

    def taken_up(self, event: Event) -> None:
        """It is being folded now."""
        if isinstance(event, BY_CALLER):
            self._unheeded -= 1
            if not self._unheeded:
                self._disturbed.clear()
        if isinstance(event, TurnRetracted | HungUp):
            self.drop()

    async def opinion(
        self, before: State, said: Said, after: State, effects: Sequence[Effect]
    ) -> Opinion | None:
        """The model's, where the dialogue did not understand; None at once where it did."""
        self.interrupted = False
        wanted = need(before, said, after, effects)
        if wanted == "none":
            return None
        thought = asyncio.create_task(self._asked(said.text, context(before, said.at)))
        self._thoughts.add(thought)
        self._work(1)
        thought.add_done_callback(self._over)
        if wanted == "reading" and await self._awaited(thought):
            return _result(thought)
        thought.add_done_callback(partial(self._warn, len(after.words)))
        return None

    async def _asked(self, text: str, where: Context) -> Opinion | None:
        """Within the deadline, also of a model that does not keep it."""
        try:
            async with asyncio.timeout(self._reasoner.deadline_s + SLACK_S):
                return await self._reasoner.opinion(text, where)
        except TimeoutError:
            return None

    async def _awaited(self, thought: Thought) -> bool:
        """Whether it came before the deadline, and before the caller went on."""
        disturbance = asyncio.create_task(self._disturbed.wait())
        try:
            await asyncio.wait(
                {thought, disturbance},
                timeout=self._reasoner.deadline_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            disturbance.cancel()
        self.interrupted = self._disturbed.is_set()
        return thought.done()

    def drop(self) -> None:
        """Nobody wants to know any more."""
        for thought in self._thoughts:
            thought.cancel()

    async def stop(self) -> None:
        """Drop everything and wait until it is gone."""
        self.drop()
        await asyncio.gather(*self._thoughts, return_exceptions=True)

    def _warn(self, utterance: int, thought: Thought) -> None:
        opinion = _result(thought)
        if opinion is not None and opinion.level is not None:
            self._hear(Warned(self._clock.now(), utterance, opinion.level))

    def _over(self, thought: Thought) -> None:
        self._thoughts.discard(thought)
        # After `_warn`, which is called next: what it heard is under way before this no longer is.
        asyncio.get_running_loop().call_soon(self._work, -1)


def _result(thought: Thought) -> Opinion | None:
    """A model whose adapter breaks has no opinion; the call goes on without."""
    if thought.cancelled():
        return None
    if (error := thought.exception()) is not None:
        log.error("the reasoner broke: %s", type(error).__name__)
        return None
    return thought.result()
