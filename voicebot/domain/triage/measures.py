"""Ages, temperatures and other figures as callers say them: "deux mois et demi", "trente-neuf cinq"."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from voicebot.domain.triage.language import Language, Measure
from voicebot.domain.triage.stems import stem
from voicebot.domain.triage.tokens import Token


class Figure(NamedTuple):
    """A value with its meaning, said by tokens `[start, end)`. Units: see `language.Measure`."""

    measure: Measure
    value: float
    start: int
    end: int


_FROM_SMALLER = {"hémoglobine": 10.0, "plaquettes": 1000.0, "glycémie": 100.0}
"""How many times larger the other unit in use is: g/l, per mm³, mg/dl."""
_SWEETEST = 20
"""g/l; more grammes are a weight."""
_BLISTERS = 10
"""As many "plaquettes" or fewer, said right before the word, are packets of tablets."""
_UNNAMED = 25
"""A higher pair that nobody calls a pressure is a day and a month, or an hour."""
_LONGEST = 4
"""More figures in a row than this are a telephone number."""


_DIGITS = 10
"""Of a French number: what follows it counts again."""
_PAUSES = frozenset(",.;")


class _Roots(NamedTuple):
    """The stems of what a figure may count."""

    tablets: Set[str]
    saturation: Set[str]
    analyses: Mapping[str, tuple[Measure, float, float]]


@lru_cache(maxsize=8)
def _roots(language: Language) -> _Roots:
    units = language.units
    return _Roots(
        {stem(word, language) for word in units.tablets},
        {stem(word, language) for word in units.saturation},
        {
            stem(word, language): (measure, lowest, highest)
            for words, measure, lowest, highest in units.analyses
            for word in words.split()
        },
    )


def figures(tokens: Sequence[Token], language: Language) -> Iterator[Figure]:
    """Every figure with a medical meaning, in order; a number may have several."""
    done = 0
    for i, token in enumerate(tokens):
        if token.number is None or i < done:
            continue
        if done := _dictated(tokens, i):
            continue
        done = i
        while done < len(tokens) and tokens[done].number is not None:
            done += 1
        if done - i < _LONGEST:
            for j in range(i, done):
                yield from _read(_Said(tokens, language), j, first=j == i)


def _dictated(tokens: Sequence[Token], i: int) -> int:
    """Where a telephone number that begins at `i` ends; 0: none does. From a 0 on, pauses between its figures
    are written as commas: the 39 of "06, 39, 98, 01, 01" is no fever."""
    if not tokens[i].text.startswith("0") or (i and tokens[i - 1].number is not None):
        return 0
    end, said, digits = i, 0, 0
    while (
        end < len(tokens)
        and digits < _DIGITS
        and (tokens[end].number is not None or tokens[end].text in _PAUSES)
    ):
        said += tokens[end].number is not None
        digits += sum(character.isdigit() for character in tokens[end].text)
        end += 1
    return end if said >= _LONGEST else 0


class _Said(NamedTuple):
    """The words around a figure; beyond the ends there is nothing."""

    tokens: Sequence[Token]
    language: Language

    def text(self, i: int) -> str:
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def stem(self, i: int) -> str:
        return self.tokens[i].stem if 0 <= i < len(self.tokens) else ""

    def number(self, i: int) -> float | None:
        return self.tokens[i].number if 0 <= i < len(self.tokens) else None

    def value(self, i: int) -> float:
        return self.tokens[i].number or 0.0

    def before(self, i: int, words: int) -> Set[str]:
        return {token.text for token in self.tokens[max(i - words, 0) : i]}


def _read(said: _Said, i: int, *, first: bool) -> Iterator[Figure]:
    yield from _age(said, i)
    yield from _since(said, i)
    yield from _counted(said, i)
    yield from _gained(said, i)
    if first:
        yield from _blood(said, i)
        yield from _temperature(said, i)
        yield from _sugar(said, i)
        yield from _pressure(said, i)
        yield from _pulse(said, i)


def _age(said: _Said, i: int) -> Iterator[Figure]:
    units = said.language.units
    unit = units.months.get(said.text(i + 1))
    if unit is None:
        return
    end = i + 2
    half = 0.0
    if said.text(end) in units.joins and said.text(end + 1) in units.half:
        half, end = 0.5, end + 2
    months = (said.value(i) + half) * unit
    near = said.before(i, 2)
    ago = near & units.ago_behind or said.text(end) in units.ago_before
    if ago and said.before(i, 5) & units.born:
        yield Figure("âge", months, i, end)
        return
    if ago or near & units.not_age:
        return
    if _pregnant(said, i, end, months):
        yield Figure("grossesse", months, i, end)
    elif _states_age(said, i, end):
        yield Figure("âge", months, i, end)


def _states_age(said: _Said, i: int, end: int) -> bool:
    """ "elle a six semaines", "un bébé d'un mois", "oui deux mois", "mon fils trois ans"."""
    units, people = said.language.units, said.language.people
    last = said.text(i - 1)
    if i == 0 or last in units.age_behind or (said.text(i - 2), last) in units.age_behind_phrases:
        return True
    if last in people or said.before(i, 2) & units.aged or said.text(end) in units.old:
        return True
    return last in units.of and bool(people & said.before(i - 1, 3))


def _pregnant(said: _Said, i: int, end: int, months: float) -> bool:
    units = said.language.units
    unit = units.months[said.text(i + 1)]
    if said.before(i, 4) & units.pregnant or said.text(end) in units.pregnant:
        return True
    weeks = 0.1 < unit < 1
    if said.text(i - 1) not in units.pregnant_at or unit > 1:
        # "trente-sept semaines, ça coule": an infant's age is given in months by then.
        return weeks and 4.5 <= months < 10 and not said.language.people & said.before(i, 4)
    # "tombée à vingt-huit semaines": so many weeks are counted of nothing else.
    return bool(said.before(i - 1, 2) & units.pregnant_be) or (weeks and 2.3 <= months < 10)


def _since(said: _Said, i: int) -> Iterator[Figure]:
    unit = said.language.units.hours.get(said.text(i + 1))
    if unit and said.before(i, 3) & said.language.units.since:
        yield Figure("depuis", said.value(i) * unit, i, i + 2)


def _counted(said: _Said, i: int) -> Iterator[Figure]:
    """ "dix dolipranes", "trois mètres", "saturation à quatre-vingt-cinq"."""
    value, roots = said.value(i), _roots(said.language)
    if said.stem(i + 1) in roots.tablets:
        yield Figure("comprimés", value, i, i + 2)
    if said.text(i + 1) in said.language.units.metres:
        yield Figure("hauteur", value, i, i + 2)
    if 40 <= value <= 100 and any(said.stem(j) in roots.saturation for j in range(max(i - 5, 0), i)):
        yield Figure("saturation", value, i, i + 1)


def _gained(said: _Said, i: int) -> Iterator[Figure]:
    """ "j'ai pris quatre kilos", "plus trois kilos", "deux kilos de plus"."""
    units = said.language.units
    if said.text(i + 1) not in units.kilos:
        return
    after = tuple(said.text(j) for j in range(i + 2, i + 2 + len(units.more)))
    if said.before(i, 4) & units.gained or after == units.more:
        half = 0.5 if said.text(i + 3) in units.half else 0.0
        yield Figure("kilos", said.value(i) + half, i, i + 2)


def _blood(said: _Said, i: int) -> Iterator[Figure]:
    """ "la kaliémie à six virgule huit", "potassium deux et demi", "neuf d'INR"."""
    units = said.language.units
    named = _analysed(said, i)
    if named is None or said.text(i - 1) in units.grams:  # "un gramme quarante": the forty is its decimals
        return
    value, end = _decimal(said, i)
    if said.text(end) in units.not_degrees - units.milligrams:
        return
    measure, lowest, highest = named
    larger = _FROM_SMALLER.get(measure, 0)
    if larger and value > highest:
        value /= larger
    if lowest <= value <= highest:
        yield Figure(measure, value, i, end)


def _analysed(said: _Said, i: int) -> tuple[Measure, float, float] | None:
    """What was measured: named closest before the figure, or right behind it ("neuf d'INR")."""
    units, analyses = said.language.units, _roots(said.language).analyses
    for j in range(i - 1, max(i - 9, -1), -1):
        if said.text(j) in units.glycated:
            return None
        if said.stem(j) in analyses and said.text(j + 1) not in units.glycated:
            return analyses[said.stem(j)]
    end = _decimal(said, i)[1]
    end += said.text(end) in units.grams
    behind = end + (said.text(end) in units.of)
    found = analyses.get(said.stem(behind)) if said.text(behind + 1) not in units.glycated else None
    return None if found and found[0] == "plaquettes" and said.value(i) <= _BLISTERS else found


def _decimal(said: _Said, i: int) -> tuple[float, int]:
    """A figure with what is said behind its point: "six virgule huit", "six huit", "six et demi"."""
    units = said.language.units
    value, end = said.value(i), i + 1
    if said.text(end) in units.joins and said.text(end + 1) in units.half:
        return value + 0.5, end + 2
    if said.text(end) in units.points and said.number(end + 1) is not None:
        end += 1
    tenth = said.number(end)
    if value == int(value) and tenth is not None and 0 <= tenth <= 9 and tenth == int(tenth):
        return value + tenth / 10, end + 1
    return value, i + 1


def _temperature(said: _Said, i: int) -> Iterator[Figure]:
    units = said.language.units
    value, end = said.value(i), i + 1
    if not 35 <= value < 43 or _analysed(said, i) is not None or _minutes(said, i):
        return
    if said.text(end) in units.degrees:
        end += 1
    tenth = said.number(end)
    if value == int(value) and tenth is not None and 0 <= tenth <= 9 and tenth == int(tenth):
        value, end = value + tenth / 10, end + 1
    if said.text(end) not in units.not_degrees and not said.before(i, 2) & units.not_degrees_behind:
        yield Figure("température", value, i, end)


def _minutes(said: _Said, i: int) -> bool:
    """ "huit heures quarante": not of fever, as in "depuis huit heures quarante de fièvre"."""
    units = said.language.units
    tenth = said.number(i + 1)
    if (
        said.text(i - 1) not in units.clock
        or said.number(i - 2) is None
        or (tenth is not None and tenth <= 9)
    ):
        return False
    lasting = said.before(i - 2, 4) & (units.since | units.ago_behind)
    return said.value(i) == int(said.value(i)) and said.text(i + 1) not in units.degrees and not lasting


def _sugar(said: _Said, i: int) -> Iterator[Figure]:
    units = said.language.units
    value, after = said.value(i), said.number(i + 1)
    if value == 0 and after is not None and 20 <= after <= 99 and said.number(i + 2) is None:
        yield Figure("glycémie", after / 100, i, i + 2)
    elif 0.2 <= value < 1 and said.text(i + 1) not in units.not_degrees - units.grams - units.clock:
        yield Figure("glycémie", value, i, i + 1)
    elif value <= _SWEETEST and said.text(i + 1) in units.grams and said.text(i + 2) not in units.of:
        yield Figure("glycémie", value + (said.number(i + 2) or 0) / 100, i, i + 2)


def _pressure(said: _Said, i: int) -> Iterator[Figure]:
    units = said.language.units
    value = said.value(i) / units.pressure_scale
    if 60 <= value <= 290 and (said.before(i, 4) | {said.text(i + 1), said.text(i + 2)}) & units.pressure:
        value /= 10  # "deux cent vingt de tension": in mmHg, as a machine says it
    if not 4 <= value <= 30 or said.text(i - 1) in units.over or _analysed(said, i) is not None:
        return
    j = i + 1
    if said.text(j) in units.over:
        j += 1
    low = said.number(j)
    named = (said.before(i, 8) | {said.text(i + 1), said.text(i + 2)}) & units.pressure
    pair = low is not None and 3 <= low / units.pressure_scale < value and value >= 7
    if not named and (value > _UNNAMED or said.text(i - 1) in units.dated):
        return
    if named or (pair and said.text(j) not in units.clock):
        yield Figure("tension", value, i, j + 1 if pair else i + 1)


def _pulse(said: _Said, i: int) -> Iterator[Figure]:
    units, value = said.language.units, said.value(i)
    counted = {said.text(i + 1), said.text(i + 2)} & units.beats
    beats = counted or said.before(i, 4) & units.pulse or said.text(i + 2) in units.pulse
    heart = value >= 30 and said.before(i, 6) & units.heart and said.text(i + 1) not in units.not_degrees
    if 20 <= value <= 300 and (beats or heart):
        yield Figure("pouls", value, i, i + 1)
