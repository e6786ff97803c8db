"""A caller's words over a telephone: said by a synthetic voice in a street, through 8 kHz A-law, to Whisper.

Everything but the clock is a call's own: the recogniser, its vocabulary, what it was told to expect, and what
the hearing makes of a transcript (`pipeline.hearing`). Turns are given: a caller here never pauses so long
that they are answered too early. Clips and transcripts are kept, so that only what is new is computed again.
"""

import asyncio
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from voicebot.adapters import models, stt_whisper
from voicebot.adapters.phone_audio import LINE_RATE, pcm, resampled
from voicebot.app.callers import VOICES, Studio, sentence
from voicebot.app.evaluation.conditions import RATE, noisy
from voicebot.app.evaluation.recordings import seed_of
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.journeys import DEFAULT_VOICE, Journey
from voicebot.domain import events as on
from voicebot.domain.effects import PLAIN, Expects, Manner
from voicebot.domain.french import told
from voicebot.domain.french.spoken import spoken
from voicebot.errors import Faulty
from voicebot.pipeline.patience import words
from voicebot.ports import Transcript
from voicebot.settings import Settings

STREET_DB = 20.0
"""The voice above the noise around the caller, which is pink as a street's is."""
EDGE_S = 0.3
"""Of the street alone, before and after, as a turn has on a line."""
DEADLINE_S = 300.0
"""For one transcript: nobody waits for it."""
HOW = "dits par trois voix de synthèse dans une rue (bruit 20 dB sous la voix), par téléphone (8 kHz, loi A)"


@dataclass(frozen=True)
class Heard:
    """What became of one utterance."""

    transcript: Transcript
    seconds: float
    """How long it takes to say."""


class Telephone:
    """Says and hears, one utterance at a time. Loads the models when the first is new. Raises FaultyModel."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._studio = settings, Studio(settings)
        self._folder = settings.cache / "simulation"
        self._recipe = repr((settings.whisper, Path(stt_whisper.__file__).read_bytes())).encode()
        self._whisper: stt_whisper.WhisperTranscriber | None = None

    async def heard(self, text: str, voice: str, hotwords: str, expects: Expects | None, take: int) -> Heard:
        """`text` as the service hears it, said by one of callers.VOICES; each `take` has its own noise."""
        audio = await asyncio.to_thread(self._received, text, voice, take)
        seconds = len(audio) / 2 / RATE - 2 * EDGE_S
        asked = repr((hotwords, expects)).encode()
        path = self._folder / f"{hashlib.sha256(audio + asked + self._recipe).hexdigest()[:24]}.json"
        try:
            return Heard(Transcript(**json.loads(path.read_text(encoding="utf8"))), seconds)
        except (OSError, ValueError, TypeError):
            recogniser = await asyncio.to_thread(self._recogniser)
            transcript = await recogniser.transcribe(audio, hotwords=hotwords, expects=expects)
        self._keep(path, transcript)
        return Heard(transcript, seconds)

    def _received(self, text: str, voice: str, take: int) -> bytes:
        clip = self._studio.recorded(sentence("simulated", voice, spoken(text)))
        edge = np.zeros(round(EDGE_S * RATE), np.float32)
        sound = np.concatenate([edge, resampled(clip, LINE_RATE, RATE), edge])
        return pcm(noisy(STREET_DB)(sound, seed_of(f"{voice} {take} {text}")))

    def _recogniser(self) -> stt_whisper.WhisperTranscriber:
        """With a thread to spare, as a service that is not full: what was unclear is heard a second time."""
        if self._whisper is None:
            found, kept = models.locate(self._settings), self._settings.cache / "models"
            self._whisper = stt_whisper.load(found.whisper, 2, kept, DEADLINE_S, DEADLINE_S)
        return self._whisper

    def _keep(self, path: Path, transcript: Transcript) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf8", dir=self._folder, suffix=".part", delete=False
        ) as part:
            json.dump(asdict(transcript), part, ensure_ascii=False)
        os.replace(part.name, path)


@dataclass
class TelephoneCaller(ScriptedCaller):
    """A caller whose words are said aloud and heard; `hotwords` are the practice's."""

    telephone: Telephone | None = None
    voice: str = DEFAULT_VOICE
    hotwords: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._expects: Expects | None = "open"
        self._likely, self._uttering = "", ""

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
        if expects is not None:
            self._expects, self._likely = expects, likely
        await super().say(clauses, whole=whole, expects=expects, manner=manner)

    def _utter(self, line: str) -> None:
        self._hear(on.SpeechStarted(self.clock.now()))
        self._uttering = line

    async def utter(self) -> None:
        """Say and hear what was begun. It is heard once they have said it."""
        line, self._uttering = self._uttering, ""
        if not line:
            return
        assert self.telephone is not None
        take = self.said.count(line)
        expected = self._likely or self.hotwords
        heard = await self.telephone.heard(line, self.voice, expected, self._expects, take)
        end = self.clock.now() + timedelta(seconds=heard.seconds)
        self.clock.call_at(end, lambda: self._received(heard.transcript))

    def _received(self, transcript: Transcript) -> None:
        now, text = self.clock.now(), transcript.text
        if transcript.speech and text:
            self._hear(on.PartlySaid(now, text))
        clear = transcript.clear or bool(self._expects and told(text, self._expects))
        if transcript.speech and clear and words(text):
            self._hear(on.Said(now, text, transcript.confidence))
        else:
            self._hear(on.Unheard(now, "unclear" if transcript.speech else "noise"))


def voice_of(journey: Journey) -> str:
    """Raises Faulty when there is no such voice."""
    if journey.voice not in VOICES:
        raise Faulty(f"{journey.name}: unknown voice {journey.voice}; known: {', '.join(VOICES)}")
    return journey.voice
