"""Whether the configured language model answers, tried with invented words before a caller needs it."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from voicebot.adapters.llm_openai import OpenAiReasoner
from voicebot.domain.practice import Practice
from voicebot.domain.understanding.reading import Context
from voicebot.errors import Unavailable


async def told(reasoner: OpenAiReasoner, practices: Mapping[str, Practice]) -> str:
    """How fast it answers, in French. Raises Unavailable."""
    practice = next(iter(practices.values()))
    took = await reasoner.probe(Context(practice, datetime.now(practice.zone)))
    answer = f"Modèle de langue : répond en {_seconds(took)}"
    if took > reasoner.deadline_s:
        return f"{answer}, trop lent : on ne l'attend que {_seconds(reasoner.deadline_s)}."
    return f"{answer}."


async def kept(
    reasoner: OpenAiReasoner, practices: Mapping[str, Practice], tell: Callable[[str], None]
) -> None:
    """Its server loads the model now, its connections go back when the service ends."""
    try:
        try:
            tell(await told(reasoner, practices))
        except Unavailable as error:
            tell(f"Modèle de langue : {error}. Les appels sont servis sans lui.")
        await asyncio.Event().wait()
    finally:
        await asyncio.shield(reasoner.close())


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s".replace(".", ",")
