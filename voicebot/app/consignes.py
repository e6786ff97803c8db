"""Sentences of the day set from the live page: one per practice, in a small file, gone by themselves."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from voicebot.domain.practice import Consigne, Practice
from voicebot.errors import Unavailable


class Consignes:
    """Read once; a change is on disk before it is in force."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._writing = asyncio.Lock()

    def of(self, practice: str, now: datetime) -> Consigne | None:
        """The one in force."""
        consigne = self._known.get(practice)
        return consigne if consigne and now < consigne.until else None

    def added_to(self, practice: Practice, now: datetime) -> Practice:
        """The practice as a call that begins now should know it."""
        consigne = self.of(practice.id, now)
        return replace(practice, consignes=(*practice.consignes, consigne)) if consigne else practice

    async def set(self, practice: str, consigne: Consigne | None) -> None:
        """Replace it; None removes it. Raises Unavailable."""
        async with self._writing:
            known = {key: value for key, value in self._known.items() if key != practice}
            if consigne:
                known[practice] = consigne
            try:
                await asyncio.to_thread(_write, self._path, known)
            except OSError as failure:
                raise Unavailable(f"the consigne could not be written: {failure.strerror}") from failure
            self._known = known


def _read(path: Path) -> dict[str, Consigne]:
    try:
        stored = json.loads(path.read_text(encoding="utf8"))
        return {
            practice: Consigne(value["text"], datetime.fromisoformat(value["until"]))
            for practice, value in stored.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A sentence of the day is not worth a service that does not start.
        return {}


def _write(path: Path, known: Mapping[str, Consigne]) -> None:
    value = {key: {"text": each.text, "until": each.until.isoformat()} for key, each in known.items()}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf8")
    draft.replace(path)
