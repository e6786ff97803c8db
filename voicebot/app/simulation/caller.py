"""A caller who speaks from a script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from voicebot.app.simulation.clock import VirtualClock
from voicebot.app.simulation.persona import Persona
from voicebot.conversation import Conversation
from voicebot.domain import events as on
from voicebot.domain.call import TransferOutcome
from voicebot.domain.effects import PLAIN, Expects, Manner, Transfer

SPEECH_RATE = 15.0
"""Characters a second, about what Kokoro speaks in French."""
REPLY_S = 1.5
"""From the last word of a question to an answer that was heard out: people think for 0.7 s, and so long do
they have to be silent before they are answered."""


@dataclass
class ScriptedCaller:
    """ports.Voice for one scripted caller: hears what we say, answers with the next line when we fall silent.

    Lines are words, or `<silence>`, `<bruit>`, `<touche 0>`, `<raccroche>`, `<rendu>` (the human who had the
    caller gives them back). After the last line the persona goes on, or without one it hangs up.
    """

    clock: VirtualClock
    lines: Sequence[str]
    desk: TransferOutcome = "unreachable"
    confidence: float = 1.0
    outcomes: Mapping[str, Sequence[TransferOutcome]] = field(default_factory=dict)
    """By target, how each ring of it ends, the last one for good; whoever is not here ends as `desk`."""
    persona: Persona | None = None
    heard: list[str] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unclocked_s: float = 0.0
    """How long they spoke without any time passing."""
    conversation: Conversation | None = None

    def __post_init__(self) -> None:
        self._script = iter(self.lines)
        self._speech_ends = self.clock.now()
        self._pending: Callable[[], None] = lambda: None

    async def say(
        self,
        clauses: Sequence[str],
        *,
        whole: bool,
        expects: Expects | None,
        likely: str = "",
        manner: Manner = PLAIN,
    ) -> None:
        """See Voice."""
        words = " ".join(clauses)
        self.heard.append(words)
        start = max(self._speech_ends, self.clock.now())
        self._speech_ends = start + timedelta(seconds=len(words) / SPEECH_RATE / manner.rate)
        self._when_silent()

    async def hush(self) -> None:
        """See Voice."""
        self._speech_ends = self.clock.now()

    async def transfer(self, transfer: Transfer) -> TransferOutcome:
        """See Voice."""
        self.transfers.append(transfer)
        rings = sum(1 for each in self.transfers if each.target == transfer.target)
        ends = self.outcomes.get(transfer.target, (self.desk,))
        return ends[min(rings, len(ends)) - 1]

    async def hang_up(self) -> None:
        """See Voice."""
        self.clock.call_at(self._speech_ends, lambda: self._hear(on.HungUp(self.clock.now(), "us")))

    def _when_silent(self) -> None:
        self._pending()
        self._pending = self.clock.call_at(self._speech_ends, self._answer)

    def _answer(self) -> None:
        self._hear(on.FellSilent(self.clock.now()))
        line = next(self._script, None) or self._improvised()
        if line != "<silence>":
            at = self.clock.now() + timedelta(seconds=REPLY_S)
            self._pending = self.clock.call_at(at, lambda: self._speak(line))

    def _improvised(self) -> str:
        assert self.conversation is not None
        return self.persona.answer(self.conversation.state) if self.persona else "<raccroche>"

    async def utter(self) -> None:
        """Say aloud what was begun; a caller whose words are read says nothing."""

    def _speak(self, line: str) -> None:
        now = self.clock.now()
        self.said.append(line)
        match line:
            case "<raccroche>":
                self._hear(on.HungUp(now, "caller"))
            case "<bruit>":
                self._hear(on.SpeechStarted(now))
                self._hear(on.Unheard(now, "unclear"))
            case "<rendu>":
                self._hear(on.TransferEnded(now, "returned", self.transfers[-1].target))
            case _ if line.startswith("<touche "):
                self._hear(on.Pressed(now, line[8:-1]))
            case _:
                self._utter(line)

    def _utter(self, line: str) -> None:
        now = self.clock.now()
        self.unclocked_s += len(line) / SPEECH_RATE
        self._hear(on.SpeechStarted(now))
        self._hear(on.Said(now, line, self.confidence))

    def _hear(self, event: on.Event) -> None:
        assert self.conversation is not None
        self.conversation.hear(event)
