"""Ages, temperatures and other figures as callers say them: "deux mois et demi", "trente-neuf cinq"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.rules import Measure
from voicebot.domain.triage.stems import stem
from voicebot.domain.triage.tokens import Token


class Figure(NamedTuple):
    """A value with its meaning, said by tokens `[start, end)`. Units: see `rules.Measure`."""

    measure: Measure
    value: float
    start: int
    end: int


_MONTHS = {"an": 12.0, "ans": 12.0, "annees": 12.0, "mois": 1.0, "semaine": 12 / 52, "semaines": 12 / 52,
           "jour": 12 / 365, "jours": 12 / 365}  # fmt: skip
_HOURS = {"minute": 1 / 60, "minutes": 1 / 60, "heure": 1.0, "heures": 1.0, "h": 1.0, "jour": 24.0,
          "jours": 24.0, "semaine": 168.0, "semaines": 168.0, "mois": 720.0, "an": 8760.0,
          "ans": 8760.0}  # fmt: skip
_NOT_DEGREES = frozenset(
    "ans an mois semaine semaines jour jours kilo kilos kg euros euro heure heures h minutes minute pour rue "
    "boulevard avenue cm metres metre comprimes gouttes grammes milligrammes mg ml fois rdv "
    "personnes patients pulsations battements".split()
)
_PULSE = frozenset("pulsation pulsations battement battements bpm".split())
_TABLETS = frozenset(
    stem(word, FRENCH)
    for word in "comprime cachet gelule pilule doliprane efferalgan dafalgan paracetamol xanax lexomil "
    "somnifere medicament imovane stilnox plaquette boite ibuprofene aspirine".split()
)
_SATURATION = frozenset(stem(word, FRENCH) for word in "saturation sature desature oxygene sat".split())
_ANALYSES: tuple[tuple[str, Measure, float, float], ...] = (
    ("kaliemie potassium kalium", "potassium", 1, 10),
    ("natremie sodium natrium", "sodium", 95, 190),
    ("inr", "inr", 0.5, 30),
    ("hemoglobine hb", "hémoglobine", 2, 25),
    ("plaquettes", "plaquettes", 0, 3000),
    ("glycemie dextro glucose sucre capteur lecteur", "glycémie", 0.15, 9.9),
)
"""What a laboratory says, and between which values it can be meant (units: see `rules.Measure`)."""
_BLOOD = {
    stem(word, FRENCH): (measure, lowest, highest)
    for words, measure, lowest, highest in _ANALYSES
    for word in words.split()
}
_FROM_SMALLER = {"hémoglobine": 10.0, "plaquettes": 1000.0, "glycémie": 100.0}
"""How many times larger the other unit in use is: g/l, per mm³, mg/dl."""
_GLYCATED = frozenset("glyquee glyque hba1c".split())
"""A sugar's average over months: neither today's sugar nor a haemoglobin."""
_GAINED = frozenset("pris prendre prend prise plus grossi".split())
_LONGEST = 4
"""More figures in a row than this are a telephone number."""


def figures(tokens: Sequence[Token]) -> Iterator[Figure]:
    """Every figure with a medical meaning, in order; a number may have several."""
    i = 0
    while i < len(tokens):
        if tokens[i].number is None:
            i += 1
            continue
        end = i
        while end < len(tokens) and tokens[end].number is not None:
            end += 1
        if end - i < _LONGEST:
            for j in range(i, end):
                yield from _read(tokens, j, first=j == i)
        i = end


def _read(tokens: Sequence[Token], i: int, *, first: bool) -> Iterator[Figure]:
    yield from _age(tokens, i)
    yield from _since(tokens, i)
    yield from _counted(tokens, i)
    yield from _gained(tokens, i)
    if first:
        yield from _blood(tokens, i)
        yield from _temperature(tokens, i)
        yield from _sugar(tokens, i)
        yield from _pressure(tokens, i)
        yield from _pulse(tokens, i)


def _text(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) else ""


def _stem(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].stem if 0 <= i < len(tokens) else ""


def _number(tokens: Sequence[Token], i: int) -> float | None:
    return tokens[i].number if 0 <= i < len(tokens) else None


def _value(tokens: Sequence[Token], i: int) -> float:
    return tokens[i].number or 0.0


def _age(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    unit = _MONTHS.get(_text(tokens, i + 1))
    if unit is None:
        return
    end = i + 2
    half = 0.0
    if _text(tokens, end) == "et" and _text(tokens, end + 1) in ("demi", "demie"):
        half, end = 0.5, end + 2
    months = (_value(tokens, i) + half) * unit
    before = [_text(tokens, j) for j in range(i - 1, max(i - 5, -1), -1)]
    near = before[:2]
    if "y" in near and {"ne", "nee", "nes"} & set(before + [_text(tokens, i - 5)]):
        yield Figure("âge", months, i, end)
        return
    if "y" in near or {"depuis", "pendant", "dans", "tous", "toutes", "apres"} & set(near) or "fait" in near:
        return
    if _pregnant(before, unit, _text(tokens, end)):
        yield Figure("grossesse", months, i, end)
    elif _states_age(before):
        yield Figure("âge", months, i, end)


def _states_age(before: Sequence[str]) -> bool:
    """ "elle a six semaines", "un bébé d'un mois", "oui deux mois", "mon fils trois ans"."""
    near = before[:2]
    if not before or near[0] in ("a", "oui", "…", ",") or list(near) == ["que", "a"]:
        return True
    if near[0] in FRENCH.people or {"age", "agee", "ages"} & set(near):
        return True
    return near[0] in ("de", "d") and bool(FRENCH.people & set(before[1:4]))


def _pregnant(before: Sequence[str], unit: float, after: str) -> bool:
    if {"enceinte", "grossesse"} & set(before) or after in ("enceinte",):
        return True
    suis = bool({"suis", "est"} & set(before[1:3])) and before[:1] == ["a"]
    return unit < 2 and suis


def _since(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    unit = _HOURS.get(_text(tokens, i + 1))
    if unit and {"depuis", "fait"} & {_text(tokens, j) for j in range(max(i - 3, 0), i)}:
        yield Figure("depuis", _value(tokens, i) * unit, i, i + 2)


def _counted(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    """ "dix dolipranes", "trois mètres", "saturation à quatre-vingt-cinq"."""
    value, after = _value(tokens, i), _text(tokens, i + 1)
    if _stem(tokens, i + 1) in _TABLETS:
        yield Figure("comprimés", value, i, i + 2)
    if after in ("metre", "metres"):
        yield Figure("hauteur", value, i, i + 2)
    if 40 <= value <= 100 and any(_stem(tokens, j) in _SATURATION for j in range(max(i - 5, 0), i)):
        yield Figure("saturation", value, i, i + 1)


def _gained(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    """ "j'ai pris quatre kilos", "plus trois kilos", "deux kilos de plus"."""
    if _text(tokens, i + 1) not in ("kilos", "kilo", "kg"):
        return
    before = {_text(tokens, j) for j in range(max(i - 4, 0), i)}
    if before & _GAINED or [_text(tokens, i + 2), _text(tokens, i + 3)] == ["de", "plus"]:
        half = 0.5 if _text(tokens, i + 3) in ("demi", "demie") else 0.0
        yield Figure("kilos", _value(tokens, i) + half, i, i + 2)


def _blood(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    """ "la kaliémie à six virgule huit", "potassium deux et demi", "neuf d'INR"."""
    named = _analysed(tokens, i)
    if named is None:
        return
    value, end = _decimal(tokens, i)
    if _text(tokens, end) in _NOT_DEGREES - {"grammes", "milligrammes", "mg", "pour"}:
        return
    measure, lowest, highest = named
    larger = _FROM_SMALLER.get(measure, 0)
    if larger and value > highest:
        value /= larger
    if lowest <= value <= highest:
        yield Figure(measure, value, i, end)


def _analysed(tokens: Sequence[Token], i: int) -> tuple[Measure, float, float] | None:
    """What was measured: named closest before the figure, or right behind it ("neuf d'INR")."""
    for j in range(i - 1, max(i - 9, -1), -1):
        if tokens[j].text in _GLYCATED:
            return None
        if tokens[j].stem in _BLOOD and _text(tokens, j + 1) not in _GLYCATED:
            return _BLOOD[tokens[j].stem]
    end = _decimal(tokens, i)[1]
    behind = end + (_text(tokens, end) in ("de", "d"))
    return _BLOOD.get(_stem(tokens, behind)) if _text(tokens, behind + 1) not in _GLYCATED else None


def _decimal(tokens: Sequence[Token], i: int) -> tuple[float, int]:
    """A figure with what is said behind its point: "six virgule huit", "six huit", "six et demi"."""
    value, end = _value(tokens, i), i + 1
    if _text(tokens, end) == "et" and _text(tokens, end + 1) in ("demi", "demie"):
        return value + 0.5, end + 2
    if _text(tokens, end) in ("virgule", ",") and _number(tokens, end + 1) is not None:
        end += 1
    tenth = _number(tokens, end)
    if value == int(value) and tenth is not None and 0 <= tenth <= 9 and tenth == int(tenth):
        return value + tenth / 10, end + 1
    return value, i + 1


def _temperature(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    value, end = _value(tokens, i), i + 1
    if not 35 <= value < 43 or _analysed(tokens, i) is not None:
        return
    if _text(tokens, end) in ("°", "degres", "degre", "de", "virgule"):
        end += 1
    tenth = _number(tokens, end)
    if value == int(value) and tenth is not None and 0 <= tenth <= 9 and tenth == int(tenth):
        value, end = value + tenth / 10, end + 1
    if _text(tokens, end) in _NOT_DEGREES:
        return
    before = {_text(tokens, j) for j in range(max(i - 2, 0), i)}
    if before & {
        "gramme",
        "grammes",
        "rue",
        "avenue",
        "boulevard",
        "numero",
        "taille",
        "pointure",
        "departement",
        "page",
    }:
        return
    yield Figure("température", value, i, end)


def _sugar(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    value, after = _value(tokens, i), _number(tokens, i + 1)
    if value == 0 and after is not None and 20 <= after <= 99 and _number(tokens, i + 2) is None:
        yield Figure("glycémie", after / 100, i, i + 2)
    elif 0.2 <= value < 1 and _text(tokens, i + 1) not in _NOT_DEGREES - {"grammes", "heure", "heures"}:
        yield Figure("glycémie", value, i, i + 1)
    elif _text(tokens, i + 1) in ("grammes", "gramme", "g") and _text(tokens, i + 2) not in ("de", "d"):
        cents = _number(tokens, i + 2)
        yield Figure("glycémie", value + (cents or 0) / 100, i, i + 2)


def _pressure(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    value = _value(tokens, i)
    if not 4 <= value <= 30 or _text(tokens, i - 1) in ("/", "sur") or _analysed(tokens, i) is not None:
        return
    j = i + 1
    if _text(tokens, j) in ("/", "sur"):
        j += 1
    low = _number(tokens, j)
    said = "tension" in {_text(tokens, k) for k in (*range(max(i - 5, 0), i), i + 1, i + 2)}
    pair = low is not None and 2 <= low < value and value >= 7
    unit = _text(tokens, j)
    if said or (pair and unit not in ("heures", "h")):
        yield Figure("tension", value, i, j + 1 if pair else i + 1)


def _pulse(tokens: Sequence[Token], i: int) -> Iterator[Figure]:
    value = _value(tokens, i)
    before = {_text(tokens, j) for j in range(max(i - 4, 0), i)}
    said = _text(tokens, i + 1) in _PULSE or before & {"pouls", "pulsations", "battements"}
    heart = value >= 30 and "coeur" in before and _text(tokens, i + 1) not in _NOT_DEGREES
    if (20 <= value <= 300 and said) or heart:
        yield Figure("pouls", value, i, i + 1)
