"""Reads one item of a rule: `pas respirer`, `douleur ou poids`, `âge < 3 mois`, `« coup de tonnerre »`."""

import re
from collections.abc import Collection
from typing import get_args

from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.domain.triage.language import Measure
from voicebot.domain.triage.rules import Heard, Item, Measured
from voicebot.errors import Told

_MEASURED = re.compile(r"(\w+) *(<=|>=|<|>|≤|≥) *(\d{1,6}(?:[.,]\d{1,6})?) *(\w*)\s*")
_COMPARISONS = {"≤": "<=", "≥": ">="}
_TIMES = {
    "mois": {"": 1.0, "jours": 12 / 365, "semaines": 12 / 52, "mois": 1.0, "ans": 12.0, "an": 12.0},
    "heures": {"": 1.0, "minutes": 1 / 60, "heures": 1.0, "heure": 1.0, "jours": 24.0, "semaines": 168.0},
}
_UNITS = {"âge": "mois", "grossesse": "mois", "depuis": "heures"}


class Wrong(Exception):
    """A line that cannot be read, and what its author is told."""

    def __init__(self, sentence: Told) -> None:
        super().__init__(sentence.name)
        self.sentence = sentence


def words_of(text: str) -> str | None:
    """The words between « and », with or without "pas" before; None if the item is not so written."""
    text = text.strip().removeprefix("pas ").strip()
    return text[1:-1].strip() if text.startswith("«") and text.endswith("»") else None


def alternatives(text: str) -> list[str]:
    """What "ou" separates, words between « » left whole."""
    return [part.strip() for part in re.split(r"\s+ou\s+(?![^«]*»)", text.strip())]


def item(text: str, concepts: Collection[str]) -> Item:
    """One alternative as a value. Raises Wrong with what to mend."""
    measured = _MEASURED.fullmatch(text)
    if measured:
        return _measured(*measured.groups())
    words, lost = words_of(text), text.startswith("pas ")
    if words is not None:
        return Heard(f"« {words} »", lost)
    name = text.removeprefix("pas ").strip()
    if name not in concepts:
        known = [concept for concept in concepts if not concept.startswith(("«", "mots de "))]
        raise Wrong(told("concept_unknown", name=name, hint=hint(name, known, told("hint_concept"))))
    return Heard(name, lost)


def _measured(measure: str, comparison: str, value: str, unit: str) -> Measured:
    known = get_args(Measure)
    if measure not in known:
        raise Wrong(told("measure_unknown", name=measure, hint=hint(measure, known, choices(known))))
    number = float(value.replace(",", "."))
    units = _TIMES.get(_UNITS.get(measure, ""), {})
    if units and unit not in units:
        possible = choices(u for u in units if u)
        raise Wrong(told("unit_unknown", name=unit, measure=measure, hint=possible))
    sign = _COMPARISONS.get(comparison, comparison)
    return Measured(measure, sign, number * units.get(unit, 1.0))  # type: ignore[arg-type]  # checked above
