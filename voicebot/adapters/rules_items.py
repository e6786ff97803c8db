"""Reads one item of a rule: `pas respirer`, `douleur ou poids`, `âge < 3 mois`, `« coup de tonnerre »`."""

import re
from collections.abc import Container
from typing import get_args

from voicebot.adapters.yaml_source import suggest
from voicebot.domain.triage.language import Measure
from voicebot.domain.triage.rules import Heard, Item, Measured

_MEASURED = re.compile(r"(\w+) *(<=|>=|<|>|≤|≥) *(\d+(?:[.,]\d+)?) *(\w*)\s*")
_COMPARISONS = {"≤": "<=", "≥": ">="}
_TIMES = {
    "mois": {"": 1.0, "jours": 12 / 365, "semaines": 12 / 52, "mois": 1.0, "ans": 12.0, "an": 12.0},
    "heures": {"": 1.0, "minutes": 1 / 60, "heures": 1.0, "heure": 1.0, "jours": 24.0, "semaines": 168.0},
}
_UNITS = {"âge": "mois", "grossesse": "mois", "depuis": "heures"}


class Wrong(Exception):
    """A line that cannot be read; its text is the sentence for the author."""


def words_of(text: str) -> str | None:
    """The words between « and », with or without "pas" before; None if the item is not so written."""
    text = text.strip().removeprefix("pas ").strip()
    return text[1:-1].strip() if text.startswith("«") and text.endswith("»") else None


def alternatives(text: str) -> list[str]:
    """What "ou" separates, words between « » left whole."""
    return [part.strip() for part in re.split(r"\s+ou\s+(?![^«]*»)", text.strip())]


def item(text: str, concepts: Container[str], names: list[str]) -> Item:
    """One alternative as a value. Raises Wrong with what to mend."""
    measured = _MEASURED.fullmatch(text)
    if measured:
        return _measured(*measured.groups())
    words, lost = words_of(text), text.startswith("pas ")
    if words is not None:
        return Heard(f"« {words} »", lost)
    name = text.removeprefix("pas ").strip()
    if name not in concepts:
        hint = suggest(name, names) or " ; définissez-le sous « concepts » ou écrivez ses mots entre « et »"
        raise Wrong(f"concept « {name} » inconnu{hint}")
    return Heard(name, lost)


def _measured(measure: str, comparison: str, value: str, unit: str) -> Measured:
    if measure not in get_args(Measure):
        known = get_args(Measure)
        raise Wrong(
            f"mesure « {measure} » inconnue"
            + (suggest(measure, known) or f" ; possibles : {', '.join(known)}")
        )
    number = float(value.replace(",", "."))
    units = _TIMES.get(_UNITS.get(measure, ""), {})
    if units and unit not in units:
        raise Wrong(
            f"unité « {unit} » inconnue pour « {measure} » ; possibles : {', '.join(u for u in units if u)}"
        )
    sign = _COMPARISONS.get(comparison, comparison)
    return Measured(measure, sign, number * units.get(unit, 1.0))  # type: ignore[arg-type]  # checked above
