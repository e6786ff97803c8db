"""`voicebot evaluate understanding`: labelled first words, understood, misunderstood or asked about."""

import argparse
import json
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from voicebot.adapters import practice_yaml, reader_tfidf
from voicebot.app.evaluation import understanding
from voicebot.domain.call import Reading
from voicebot.domain.practice import Practice
from voicebot.domain.understanding.reading import Context, read
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
    """The report on one set. Raises Faulty."""
    reader = reader_tfidf.load(settings.cache)
    setting = practice_named(practice, settings)
    context = Context(setting, datetime.fromisoformat(NOW).replace(tzinfo=setting.zone))

    def understood(text: str) -> Reading:
        return read(text, reader.scores(text), context)

    these = understanding.lines(path)
    began = time.process_time()
    results = understanding.heard(these, understood)
    spent = 1000 * (time.process_time() - began) / max(1, len(these))
    return {**understanding.counted(results), "cpu_ms": round(spent, 1)}


def practice_named(name: str, settings: Settings) -> Practice:
    """From its file. Raises Faulty."""
    practices = practice_yaml.load_all(settings.practices)
    if name not in practices:
        raise Faulty(f"cabinet inconnu : {name} (connus : {', '.join(sorted(practices))})")
    return practices[name]
