"""What the product does with the first words of a call: not a copy of its decisions, the call's own fold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from voicebot.adapters import practice_yaml, reader_tfidf, rules_yaml
from voicebot.conversation import Read
from voicebot.domain.call import Level
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.events import FellSilent, PartlySaid, Said, Started, Unheard
from voicebot.errors import Faulty
from voicebot.ports import Ear, Transcript
from voicebot.settings import Settings

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday morning: no answer depends on the day the evaluation is made."""


@dataclass(frozen=True)
class Decision:
    """What became of a caller's first words. `level` and `action` None: the call goes on as any other."""

    level: Level | None = None
    action: Literal["act", "ask"] | None = None
    by: tuple[str, ...] = ()
    """Ids of the rules, or of the statistical ear."""
    repeat: bool = False
    """They were not understood, and the caller is asked to say them again."""


@dataclass(frozen=True)
class Product:
    """The rules of one practice and the statistical models that listen beside them."""

    setting: Setting
    read: Read

    def typed(self, text: str) -> Decision:
        """Of words without a fault."""
        return self.heard(Transcript(text, speech=True, clear=True, confidence=1.0))

    def heard(self, words: Transcript) -> Decision:
        """Of a transcript, as the hearing hands it on (`pipeline.hearing`)."""
        state = self._after(State(self.setting, "évaluation"), Started(NOW, "phone"), FellSilent(NOW))
        if words.speech and words.text:
            state = self._after(state, PartlySaid(NOW, words.text))
        usable = words.speech and words.clear and bool(words.text.strip())
        if usable:
            state = self._after(state, Said(NOW, words.text, words.confidence))
        elif state.level is None:
            state = self._after(state, Unheard(NOW, "unclear" if words.speech else "noise"))
        if state.level:
            return Decision(state.level, "act", state.flags)
        if state.asked == "urgency" and state.verdict.evidence:
            return Decision(state.verdict.level, "ask", state.flags)
        return Decision(repeat=not usable)

    def _after(self, state: State, *events: Started | FellSilent | PartlySaid | Said | Unheard) -> State:
        for event in events:
            state, _ = step(state, self.read(event))
        return state


def product(settings: Settings, practice: str, ear: Ear | None) -> Product:
    """As the service has it, with that second ear. Raises Faulty for an unknown practice."""
    practices = practice_yaml.load_all(settings.practices)
    if practice not in practices:
        raise Faulty(f"cabinet inconnu : {practice} (connus : {', '.join(sorted(practices))})")
    read = Read(reader_tfidf.load(settings.cache), ear)
    return Product(Setting(practices[practice], rules_yaml.load(settings.rules)), read)
