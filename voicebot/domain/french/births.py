"""Birth dates as they are spoken or dictated in figures."""

import re
from collections.abc import Iterator
from datetime import date

from voicebot.domain.french.almanac import MONTHS
from voicebot.domain.french.canonical import canonical

OLDEST = 120
"""Years; beyond, a birth date was misheard."""

_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|1er)"
_YEAR = r"(?P<year>(?:19|20)\d\d|(?:19|20) \d\d|[12] \d \d \d|\d\d|0 ?\d)(?! ?(?:h\b|ans\b|\d))"
_MONTH = r"(?P<month>" + "|".join(MONTHS) + r"|1[0-2]|0?[1-9]|0 [1-9])"
_JOIN = r"(?: ,)*(?: (?:de l annee|de l an|en|annee|du|de|l an))?(?: ,)*"
_SPOKEN = re.compile(
    rf"(?<![\d/]){_DAY}(?: ,)*(?: (?:du|du mois de|du mois d|de"
    rf"|le|slash|barre|tiret))?(?: ,)* {_MONTH}\b{_JOIN}(?: (?:slash|barre|tiret))? {_YEAR}"
)
_WRITTEN = re.compile(r"(?<!\d)(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4}|\d{2})(?!\d)")
_GLUED = re.compile(r"(?<!\d)(?P<day>\d{2}) ?(?P<month>\d{2}) ?(?P<year>(?:19|20)\d\d|\d{2})(?! ?\d)")
_MONTH_FIRST = re.compile(
    rf"(?:en )?(?P<month>{'|'.join(MONTHS)}) (?P<year>(?:19|20)\d\d|\d\d)(?: ,)* le {_DAY}(?! ?\d)"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\d/])(?P<year>(?:19|20)\d\d)(?: ,)* le {_DAY}(?: ,)*(?: (?:du|de))?"
    rf" (?P<month>{'|'.join(MONTHS)}|\d\d?)\b"
)
_CENTURY = re.compile(r"(?i)\b(mille (?:neuf|huit) cent\b)")
"""Never joined to the month before it: "zéro trois mille neuf cent" is no 3900."""
_DICTATED = (_WRITTEN, _SPOKEN, _GLUED, _MONTH_FIRST, _YEAR_FIRST)
_TAKEN_BACK = r"(?:non|pardon|enfin|je me (?:suis )?trompee?|excusez moi|rectification)"
_CORRECTION = re.compile(rf"\b{_TAKEN_BACK}\b")
_AGAIN = rf"(?: ,)*(?: {_TAKEN_BACK}(?: ,)*)+(?: (?:c est|le|en|du))*"
_RETAKEN = re.compile(
    rf"\b(?:(?:3[01]|[12]\d|0?[1-9]|1er){_AGAIN} (?=\d)"
    rf"|(?:{'|'.join(MONTHS)}){_AGAIN} (?=(?:{'|'.join(MONTHS)})\b))"
)
"""A day or a month taken back at once: "le 9, non, le 10 juin", "juin, euh non, juillet"."""
_ONLY_YEAR = re.compile(r"^[ ,]*(?:c est |en |je voulais dire )*(?P<year>(?:19|20)\d\d|\d\d)[ ,]*$")


def _year(said: str, day: int, month: int, today: date) -> int | None:
    """Four figures, or two that mean the most recent such year already past."""
    figures = said.replace(" ", "")
    if len(figures) == 4:
        return int(figures)
    for century in (2000, 1900):
        try:
            if date(century + int(figures), month, day) <= today:
                return century + int(figures)
        except ValueError:
            continue
    return None


def _built(day: str, month: str, year: str, today: date, oldest: int = OLDEST) -> date | None:
    number = MONTHS.get(month) or (int(month.replace(" ", "")) if month.replace(" ", "").isdigit() else 0)
    of_month = int(day.removesuffix("er"))
    if not 1 <= number <= 12 or not 1 <= of_month <= 31:
        return None
    full = _year(year, of_month, number, today)
    try:
        found = date(full, number, of_month) if full else None
    except ValueError:
        return None
    return found if found and found <= today and found.year >= today.year - oldest else None


def births_in(line: str, today: date, oldest: int = OLDEST) -> Iterator[tuple[date, int, int]]:
    """Past dates with day, month and year in canonical text: (date, start, end), by place."""
    taken: list[tuple[int, int]] = []
    found = []
    for pattern in _DICTATED:
        for m in pattern.finditer(line):
            if any(m.start() < end and start < m.end() for start, end in taken):
                continue
            if born := _built(m["day"], m["month"], m["year"], today, oldest):
                taken.append(m.span())
                found.append((born, *m.span()))
    yield from sorted(found, key=lambda f: f[1])


_NUMBER = re.compile(r"\b0\d(?:[\s.,;-]*\d\d){4}\b")
"""A telephone number as recognisers write it: "06, 12, 34, 56, 78" is not the 6th of December 1934."""


def birth_date(text: str, today: date) -> date | None:
    """The date of birth said in `text`: it needs day, month and year, is never in the future, and a
    two-figure year is the latest one past. The last of several counts, after "non, pardon" too."""
    line = canonical(_CENTURY.sub(r", \1", _NUMBER.sub(" ", text)))
    found = list(births_in(line, today)) or list(births_in(_RETAKEN.sub("", line), today))
    if not found:
        return None
    born, _, end = found[-1]
    if better := _CORRECTION.search(line, end):
        rest = _CORRECTION.sub(" ", line[better.end() :])
        if m := _ONLY_YEAR.match(rest):
            return _built(str(born.day), str(born.month), m["year"], today) or born
    return born
