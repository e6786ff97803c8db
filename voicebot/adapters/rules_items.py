"""Reads one item of a rule: `pas respirer`, `douleur ou poids`, `âge < 3 mois`, `« coup de tonnerre »`."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import get_args

from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.domain.triage.language import Measure
from voicebot.domain.triage.rules import Heard, Item, Measured
from voicebot.errors import Told

_MEASURED = re.compile(r"(\w+) *(<=|>=|<|>|≤|≥) *(\d{1,6}(?:[.,]\d{1,6})?) *(\w*)\s*")
_COMPARISONS = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class Syntax:
    """The few words that mean something in an item, in one language."""

    lost: tuple[str, ...]
    """Before an item: what no longer works."""
    either: re.Pattern[str]
    """Between alternatives; words between « » are left whole."""
    measures: Mapping[str, Measure]
    months: Mapping[str, float]
    """Units of an age or a pregnancy, in months; without one, months."""
    hours: Mapping[str, float]
    """Units of what lasts, in hours."""


_FRENCH = Syntax(
    lost=("pas ",),
    either=re.compile(r"\s+ou\s+(?![^«]*»)"),
    measures={name: name for name in get_args(Measure)},
    months={"": 1.0, "jours": 12 / 365, "semaines": 12 / 52, "mois": 1.0, "ans": 12.0, "an": 12.0},
    hours={"": 1.0, "minutes": 1 / 60, "heures": 1.0, "heure": 1.0, "jours": 24.0, "semaines": 168.0},
)
_ENGLISH = Syntax(
    lost=("not ", "no "),
    either=re.compile(r"\s+or\s+(?![^«]*»)"),
    measures={
        "age": "âge", "temperature": "température", "glucose": "glycémie", "pressure": "tension",
        "pulse": "pouls", "pregnancy": "grossesse", "since": "depuis", "tablets": "comprimés",
        "height": "hauteur", "saturation": "saturation", "potassium": "potassium", "sodium": "sodium",
        "inr": "inr", "haemoglobin": "hémoglobine", "platelets": "plaquettes", "kilos": "kilos",
    },
    months={"": 1.0, "days": 12 / 365, "weeks": 12 / 52, "months": 1.0, "years": 12.0, "year": 12.0},
    hours={"": 1.0, "minutes": 1 / 60, "hours": 1.0, "hour": 1.0, "days": 24.0, "weeks": 168.0},
)  # fmt: skip
SYNTAX = {"fr": _FRENCH, "en": _ENGLISH}
"""By `Language.code`. Values are compared in the units of `Measure`, whatever the language."""


class Wrong(Exception):
    """A line that cannot be read, and what its author is told."""

    def __init__(self, sentence: Told) -> None:
        super().__init__(sentence.name)
        self.sentence = sentence


def words_of(text: str, syntax: Syntax = _FRENCH) -> str | None:
    """The words between « and », with or without "pas" before; None if the item is not so written."""
    text = _bare(text, syntax)[0]
    return text[1:-1].strip() if text.startswith("«") and text.endswith("»") else None


def alternatives(text: str, syntax: Syntax = _FRENCH) -> list[str]:
    """What "ou" separates, words between « » left whole."""
    return [part.strip() for part in syntax.either.split(text.strip())]


def item(text: str, concepts: Collection[str], syntax: Syntax = _FRENCH) -> Item:
    """One alternative as a value. Raises Wrong with what to mend."""
    measured = _MEASURED.fullmatch(text)
    if measured:
        return _measured(syntax, *measured.groups())
    name, lost = _bare(text, syntax)
    words = words_of(name, syntax)
    if words is not None:
        return Heard(f"« {words} »", lost)
    if name not in concepts:
        known = [concept for concept in concepts if not concept.startswith(("«", "mots de "))]
        raise Wrong(told("concept_unknown", name=name, hint=hint(name, known, told("hint_concept"))))
    return Heard(name, lost)


def _bare(text: str, syntax: Syntax) -> tuple[str, bool]:
    """The item without "pas", and whether it had one."""
    text = text.strip()
    lost = next((word for word in syntax.lost if text.startswith(word)), "")
    return text.removeprefix(lost).strip(), bool(lost)


def _measured(syntax: Syntax, name: str, comparison: str, value: str, unit: str) -> Measured:
    measure = syntax.measures.get(name)
    if measure is None:
        known = hint(name, syntax.measures, choices(syntax.measures))
        raise Wrong(told("measure_unknown", name=name, hint=known))
    units = {"âge": syntax.months, "grossesse": syntax.months, "depuis": syntax.hours}.get(measure, {})
    if units and unit not in units:
        possible = choices(u for u in units if u)
        raise Wrong(told("unit_unknown", name=unit, measure=name, hint=possible))
    sign = _COMPARISONS.get(comparison, comparison)
    number = float(value.replace(",", ".")) * units.get(unit, 1.0)
    return Measured(measure, sign, number)  # type: ignore[arg-type]  # the pattern allows no other sign
