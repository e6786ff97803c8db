"""What the author of a file is told, by name and language: `voicebot/data/faults.tsv`."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from voicebot.errors import Fault, Told

LANGUAGES: tuple[str, ...] = ("fr", "en")
_FILE = Path(__file__).parent.parent / "data" / "faults.tsv"


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Sentence by name, then by language."""
    with _FILE.open(encoding="utf8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return MappingProxyType({row["name"]: {lang: row[lang] for lang in LANGUAGES} for row in rows})


def told(name: str, /, **values: Any) -> Told:
    """A sentence of the catalogue with its gaps filled."""
    return Told(name, values)


def written(sentence: Told, language: str = "fr") -> str:
    """The sentence in that language. Raises KeyError: not in the catalogue, or a gap left open."""
    values = {
        name: written(value, language) if isinstance(value, Told) else value
        for name, value in sentence.values.items()
    }
    return catalogue()[sentence.name][language].format(**values)


def fault_at(file: str, line: int, column: int, sentence: Told | str) -> Fault:
    """The fault, in French until it is translated."""
    if isinstance(sentence, str):
        return Fault(file, line, column, sentence)
    return Fault(file, line, column, written(sentence), sentence)


def translated(fault: Fault, language: str) -> Fault:
    """The fault in that language; one that has no other stays French."""
    return fault if fault.told is None else replace(fault, message=written(fault.told, language))
