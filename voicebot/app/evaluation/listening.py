"""Spoken sentences → transcripts by the service's own recogniser, each sound read once and kept."""

import asyncio
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from voicebot.adapters import models, stt_whisper
from voicebot.adapters.phone_audio import pcm
from voicebot.app.evaluation.cases import Case
from voicebot.app.evaluation.conditions import Condition
from voicebot.app.evaluation.recordings import Booth, kept, seed_of
from voicebot.domain.effects import Expects
from voicebot.ports import Transcriber, Transcript
from voicebot.settings import Settings

DEADLINE_S = 300.0
"""For one transcript: nobody waits for it."""
TELL_S = 15.0
"""Between two lines of progress."""


class Listening:
    """Reads what callers say, as a call does at its first question, or at one that `expects` something else.
    One at a time, or `jobs` at once."""

    def __init__(self, settings: Settings, hotwords: str, jobs: int, expects: Expects = "open") -> None:
        self._expects: Expects = expects
        self._settings, self._hotwords, self._jobs = settings, hotwords, jobs
        self._folder = kept(settings) / "read"
        self._booth = Booth(settings)
        how = Path(stt_whisper.__file__).read_bytes()
        asked = () if expects == "open" else (expects,)
        self._recipe = repr((settings.whisper, how, hotwords, *asked)).encode()
        self._whisper: Transcriber | None = None

    def read(
        self, conditions: Sequence[Condition], cases: Sequence[Case]
    ) -> dict[tuple[str, Case], Transcript]:
        """By (condition, case). What was done before an interruption is not done again."""
        return asyncio.run(self._read([(condition, case) for condition in conditions for case in cases]))

    async def _read(self, work: Sequence[tuple[Condition, Case]]) -> dict[tuple[str, Case], Transcript]:
        done: dict[tuple[str, Case], Transcript] = {}
        waiting, told = iter(work), time.monotonic()

        async def worker() -> None:
            nonlocal told
            for condition, case in waiting:
                done[condition.key, case] = await self._one(condition, case)
                if time.monotonic() - told > TELL_S or len(done) == len(work):
                    told = time.monotonic()
                    print(
                        f"écouté : {len(done)} / {len(work)} ({condition.title})", file=sys.stderr, flush=True
                    )

        await asyncio.gather(*(worker() for _ in range(max(1, self._jobs))))
        return done

    async def _one(self, condition: Condition, case: Case) -> Transcript:
        audio = await asyncio.to_thread(self._received, condition, case)
        key = hashlib.sha256(audio + self._recipe).hexdigest()[:24]
        path = self._folder / f"{key}.json"
        try:
            return Transcript(**json.loads(path.read_text(encoding="utf8")))
        except (OSError, ValueError, TypeError):
            heard = await self._recogniser().transcribe(audio, hotwords=self._hotwords, expects=self._expects)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf8", dir=self._folder, suffix=".part", delete=False
        ) as part:
            json.dump(asdict(heard), part, ensure_ascii=False)
        os.replace(part.name, path)
        return heard

    def _received(self, condition: Condition, case: Case) -> bytes:
        """s16le mono 16 kHz."""
        sound = self._booth.recorded(case.text, condition.speaker or "plain")
        return pcm(condition.line(sound, seed_of(case.text)))

    def _recogniser(self) -> Transcriber:
        """With a thread to spare, as a service that is not full: what was unclear is heard a second time."""
        if self._whisper is None:
            found = models.locate(self._settings)
            self._whisper = stt_whisper.load(
                found.whisper, self._jobs + 1, self._settings.cache / "models", DEADLINE_S
            )
        return self._whisper
