"""How days, hours and doctors are written in English, and how a written clause is read aloud.

espeak-ng reads dates, years and plain numbers itself; what it would read otherwise than people say it on the
telephone is put into words here.
"""

import re
from collections.abc import Callable
from datetime import date, time
from re import Match

from voicebot.domain.language import Wording

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
TITLES = {"docteur": "Doctor", "madame": "Ms", "monsieur": "Mr", "professeur": "Professor"}
"""What practices write before a doctor's name."""
FIGURES = "oh one two three four five six seven eight nine".split()
EMERGENCY = r"15|17|18|112|114|115|119|3114|3919|116 ?117"
"""French numbers that are said figure by figure, so that nobody dials something else."""


def day(value: date) -> str:
    """Such as "Thursday 3 December"."""
    return f"{DAYS[value.weekday()]} {of_month(value)}"


def of_month(value: date) -> str:
    """Such as "3 December"."""
    return f"{value.day} {MONTHS[value.month - 1]}"


def hour(value: time) -> str:
    """Such as "at 9:30 am"."""
    if (value.hour, value.minute) == (12, 0):
        return "at noon"
    minute = f":{value.minute:02d}" if value.minute else ""
    return f"at {(value.hour - 1) % 12 + 1}{minute} {'am' if value.hour < 12 else 'pm'}"


def doctor(title: str, name: str) -> str:
    """Such as "Doctor Martin"."""
    return f"{TITLES.get(title, title)} {name}"


WORDING = Wording(
    day=day, of_month=of_month, hour=hour, doctor=doctor, either="or", beside="with", born="born on",
    reachable="who can be reached on",
)  # fmt: skip


def _figures(m: Match[str]) -> str:
    return " ".join(FIGURES[int(figure)] for figure in re.sub(r"\D", "", m[0]))


def _clock(m: Match[str]) -> str:
    minute = m["minute"] or ""
    said = "" if minute in ("", "00") else f" oh {int(minute)}" if minute[0] == "0" else f" {minute}"
    return f"{m['hour']}{said} {m['half'][0]} m"


def _date(m: Match[str]) -> str:
    number = int(m["day"])
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"the {number}{ending} of {m['month']}"


_RULES: tuple[tuple[re.Pattern[str], Callable[[Match[str]], str]], ...] = (
    (re.compile(r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)\b"), _clock),
    (re.compile(rf"\b(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)})\b"), _date),
    (re.compile(r"(?<!\d)0\d(?: ?\d\d){4}(?!\d)"), _figures),
    (re.compile(rf"(?<![\d:])(?:{EMERGENCY})(?![\d:])(?! (?:minutes|years|days|months))"), _figures),
    (re.compile(r"^\d\d(?=[,.]?$)"), _figures),
)


def spoken(text: str) -> str:
    """`text` as the voice must be given it."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return text.strip()
