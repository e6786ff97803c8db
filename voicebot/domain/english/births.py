"""Birth dates as English speakers say them: day before month, or the American way round in words."""

import re
from collections.abc import Iterator
from datetime import date

from voicebot.domain.english.numbers import digits

_FAR = date(2099, 12, 31)
OLDEST = 120
"""Years; beyond, a birth date was misheard."""
NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MONTHS = {name[:length]: number for number, name in enumerate(NAMES, 1) for length in (3, 4, len(name))}
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20) ?\d\d|(?:19|20) (?:oh|o|0) ?\d|\d\d)(?!\d)"
_SPOKEN = re.compile(rf"(?<!\d){_DAY} (?:of )?(?:the )?(?P<month>{MONTH}) (?:in |of )?{_YEAR}")
_AMERICAN = re.compile(rf"(?P<month>{MONTH}) (?:the )?{_DAY} (?:in |of )?{_YEAR}")
_FIGURES = re.compile(
    rf"(?<!\d)(?<!\d )(?P<day>3[01]|[12]\d|0?[1-9]) (?:oh |o |slash )?(?P<month>1[0-2]|0?[1-9])"
    rf" (?:slash )?{_YEAR}(?! \d)"
)
_GLUED = re.compile(r"(?<!\d)(?P<day>\d\d) ?(?P<month>\d\d) ?(?P<year>(?:19|20)\d\d)(?!\d)")
_BEGUN = re.compile(
    rf"\b(?:{_DAY} (?:of )?(?:the )?{MONTH}|{MONTH} (?:the )?\d\d?(?:st|nd|rd|th)?)$|\bborn(?: on)?(?: the)?$"
)


def birth_date(text: str, today: date) -> date | None:
    """The date of birth in `text`: day, month and year, never in the future; the last of several counts."""
    found = list(births_in(digits(text), today))
    return found[-1][2] if found else None


def births_in(line: str, today: date) -> Iterator[tuple[int, int, date]]:
    """Past dates with their year in text whose figures are figures: (start, end, date), by place."""
    found: list[tuple[int, int, date]] = []
    for pattern in (_SPOKEN, _AMERICAN, _FIGURES, _GLUED):
        for m in pattern.finditer(line):
            apart = not any(m.start() < end and start < m.end() for start, end, _ in found)
            if apart and (born := _built(m, today)):
                found.append((*m.span(), born))
    yield from sorted(found)


def begun(text: str) -> bool:
    """A day and its month were said, and the year was not."""
    return bool(_BEGUN.search(digits(text))) and birth_date(text, _FAR) is None


def _built(m: re.Match[str], today: date) -> date | None:
    month = MONTHS.get(m["month"]) or int(m["month"])
    figures = re.sub(r"\b(?:oh|o)\b", "0", m["year"]).replace(" ", "")
    years = [int(figures)] if len(figures) == 4 else [2000 + int(figures), 1900 + int(figures)]
    for year in years:
        try:
            born = date(year, month, int(m["day"]))
        except ValueError:
            continue
        if born <= today and today.year - born.year <= OLDEST:
            return born
    return None
