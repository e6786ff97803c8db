"""When an answer may begin, so that it does not stop again after its first words. Pure."""

from collections.abc import Sequence

from voicebot.pipeline.playback import RATE, Clause

GAP_S = 0.2
"""A rest between two clauses that is still a breath; the pause after the first is part of it."""
WAIT_S = 0.5
"""No beginning is put off longer than this: a late answer is worse than a halting one."""
FIRST_GUESS_S = 0.025
"""Seconds a character takes to synthesize: Kokoro int8 on one thread, 1.3 s for a 3.6 s sentence."""


class Pace:
    """How fast the process synthesizes, learnt from what it made; clips from the cache do not count."""

    CACHED_S = 0.05

    def __init__(self) -> None:
        self.per_character = FIRST_GUESS_S

    def learn(self, text: str, seconds: float) -> None:
        """`text` took so long."""
        if text and seconds > self.CACHED_S:
            self.per_character += 0.2 * (seconds / len(text) - self.per_character)


def may_begin(
    pending: Sequence[Clause], since: float | None, made_from: float | None, pace: Pace, now: float
) -> bool:
    """Whether the first of `pending` may be said now. `since`: when its audio was there; `made_from`: when
    the synthesis of the next one began, if it has."""
    if len(pending) < 2 or pending[0].whole or pending[0].pcm is None or pending[1].pcm is not None:
        return True
    if since is not None and now - since >= WAIT_S:
        return True
    ready = (now if made_from is None else made_from) + pace.per_character * len(pending[1].text)
    return ready <= now + len(pending[0].pcm) / (2 * RATE) + GAP_S
