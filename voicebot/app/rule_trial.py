"""A sentence put to the rules by a doctor: what they would do, and why, in French."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from voicebot.adapters.recorded import pcm_of
from voicebot.domain.call import Level
from voicebot.domain.triage.explaining import Explanation, Reason, Why, explain
from voicebot.domain.triage.rules import Rules
from voicebot.ports import Transcript

HEAR_S = 12.0
"""For a sentence of 15 s to be decoded and transcribed on a busy machine."""
LEVELS: Mapping[Level, str] = {"emergency": "urgence vitale", "urgent": "à voir le jour même"}
STATUS = {"present": "agit", "uncertain": "pose une question", "silent": "se tait"}
WHY: Mapping[Why, str] = {
    "denied": "c’est nié",
    "over": "c’est dit passé ou terminé",
    "long_ago": "c’est ancien",
    "supposed": "c’est supposé, craint ou raconté",
    "misheard": "cela y ressemble seulement à l’oreille",
    "errand": "l’appel est pour un papier, une ordonnance ou un conseil, et rien ne dit « maintenant »",
    "unless": "une exception de la règle est dite avec",
    "ask": "la règle demande toujours avant d’agir sur ces mots-là",
    "regulated": "l’appelant dit que le 15 s’en est déjà occupé",
}
OWN_WORDS = "mots de "
"""Begins the concept that a rule's own `words` make up."""


@dataclass(frozen=True)
class Tried:
    """What would become of these sentences, said one after the other at the start of a call."""

    explanation: Explanation
    alarmed: bool
    """The second ear would have the closed question asked, where no rule speaks."""

    @property
    def decision(self) -> str:
        """In one French sentence."""
        verdict = self.explanation.verdict
        if verdict.level and verdict.action == "act":
            return f"{LEVELS[verdict.level].capitalize()} : le service agit tout de suite."
        if verdict.level:
            return f"À confirmer ({LEVELS[verdict.level]}) : « {verdict.question} »"
        if self.alarmed:
            return "Aucune règle, mais la seconde oreille s’inquiète : on demande si c’est urgent."
        return "Rien d’urgent n’est reconnu."


@dataclass(frozen=True)
class RuleTrial:
    """What a trial needs of the service."""

    rules_of: Callable[[str], Rules]
    alarmed: Callable[[str], bool]
    transcribe: Callable[[bytes], Awaitable[Transcript]] | None = None
    """s16le mono 16 kHz; None: nothing can be dictated here."""

    def tried(self, practice: str, sentences: Sequence[str]) -> Tried:
        """By the rules that this practice's next call goes through."""
        return Tried(explain(self.rules_of(practice), sentences), any(map(self.alarmed, sentences)))

    async def dictated(self, recording: bytes) -> str:
        """What a call would have understood of a browser's recording, kept nowhere; "" for no speech.

        Raises Faulty (no sound in it), EngineFailed, TimeoutError.
        """
        assert self.transcribe is not None
        async with asyncio.timeout(HEAR_S):
            heard = await self.transcribe(await asyncio.to_thread(pcm_of, recording))
        return heard.text if heard.speech else ""


def why(reason: Reason) -> Iterator[str]:
    """What keeps a rule from being sure."""
    return (WHY[each] for each in reason.why)


def meaning(concept: str) -> str:
    """A concept as a doctor reads it."""
    return "les mots de la règle" if concept.startswith(OWN_WORDS) else concept
