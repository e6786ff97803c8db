"""`voicebot evaluate understanding`: labelled first words, understood, misunderstood or asked about."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from voicebot.adapters import practice_yaml, reader_tfidf
from voicebot.app.evaluation import understanding, values
from voicebot.domain.call import Reading
from voicebot.domain.effects import Expects
from voicebot.domain.practice import Practice
from voicebot.domain.understanding.reading import KINDS, Context, read
from voicebot.domain.understanding.several import several
from voicebot.errors import Faulty
from voicebot.settings import Settings

NOW = "2026-11-20T09:00"
"""A Friday morning, by the practice's clock: no answer depends on the day the evaluation is made."""


def report(arguments: argparse.Namespace, paths: Sequence[Path], settings: Settings) -> int:
    """Print what was measured, a set after the other. Raises Faulty."""
    made = {str(path): of(path, arguments.practice, settings) for path in paths}
    if arguments.json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
        return 0
    for name, one in made.items():
        print(f"{name}  ({one['cpu_ms']} ms of CPU a sentence)")
        print(understanding.written(one, sentences=not arguments.counts))
    return 0


def of(path: Path, practice: str, settings: Settings) -> dict[str, Any]:
    """The report on one set: of dates or entities if its name says so, else of first words. Raises Faulty."""
    reader = reader_tfidf.load(settings.cache)
    setting = practice_named(practice, settings)
    now = datetime.fromisoformat(NOW)

    def understood(text: str, at: datetime = now, expects: Expects | None = None) -> Reading:
        at = at.replace(tzinfo=setting.zone)
        return read(text, reader.scores(text), Context(setting, at, expects))

    began = time.process_time()
    if "dates" in path.stem:
        made = values.counted(values.dates(path, understood))
    elif "entities" in path.stem:
        made = values.counted(values.entities(path, understood, now))
    else:
        made = understanding.counted(
            understanding.heard(understanding.lines(path), lambda text: _first(text, understood(text)))
        )
    spent = 1000 * (time.process_time() - began) / max(1, made["of"])
    return {**made, "cpu_ms": round(spent, 1)}


def _first(text: str, whole: Reading) -> Reading:
    """Of several wishes the first is served first, as the dialogue does."""
    wishes = several(text)
    return replace(whole, category=KINDS[wishes[0].kind], kind=wishes[0].kind) if wishes else whole


def practice_named(name: str, settings: Settings) -> Practice:
    """From its file. Raises Faulty."""
    practices = practice_yaml.load_all(settings.practices)
    if name not in practices:
        raise Faulty(f"cabinet inconnu : {name} (connus : {', '.join(sorted(practices))})")
    return practices[name]
