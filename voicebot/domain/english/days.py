"""Days as English speakers name them, found in text whose figures are figures."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from voicebot.domain.english.births import MONTH, MONTHS
from voicebot.domain.french.almanac import add_months, month_end
from voicebot.domain.french.days import coming, span, week

WEEKDAYS = {
    name: day
    for day, names in enumerate(("monday mon", "tuesday tues", "wednesday wed", "thursday thurs", "friday"
                                 " fri",
                                 "saturday sat", "sunday sun"))
    for name in names.split()
}  # fmt: skip
_WEEKDAY = r"(?P<weekday>" + "|".join(WEEKDAYS) + r")s?"
_NUMBER = r"(?P<number>\d\d?|a|an)"
_DATE = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
Days = tuple[date, ...]
Found = tuple[int, int, Days]
"""Where it begins and ends in the text, and the days it names; several are alternatives."""


def _number(m: re.Match[str]) -> int:
    return int(m["number"]) if m["number"].isdigit() else 1


def _next_weekday(m: re.Match[str], today: date) -> Days:
    """ "Next Tuesday" is this week's to some and next week's to others: both."""
    near = coming(WEEKDAYS[m["weekday"]], today)
    same_week = near.isocalendar()[1] == today.isocalendar()[1]
    return (near, near + timedelta(days=7)) if same_week else (near,)


def _weekday(m: re.Match[str], today: date) -> Days:
    return (coming(WEEKDAYS[m["weekday"]], today),)


def _week_on(m: re.Match[str], today: date) -> Days:
    return (coming(WEEKDAYS[m["weekday"]], today) + timedelta(days=7),)


def _fortnight_on(m: re.Match[str], today: date) -> Days:
    return (coming(WEEKDAYS[m["weekday"]], today) + timedelta(days=14),)


def _of_next_week(m: re.Match[str], today: date) -> Days:
    return (week(today + timedelta(days=7))[WEEKDAYS[m["weekday"]]],)


def _day_of_month(m: re.Match[str], today: date) -> Days:
    """That day of the month, this month's or the next one that has it, or of the month that was said."""
    named = MONTHS.get(m.groupdict().get("month") or "")
    for ahead in range(14):
        month = add_months(today.replace(day=1), ahead)
        if named in (None, month.month) and int(m["day"]) <= month_end(month).day:
            day = month.replace(day=int(m["day"]))
            if day >= today:
                return (day,)
    return ()


def _month(m: re.Match[str], today: date) -> Days:
    first = today.replace(day=1)
    while first.month != MONTHS[m["month"]]:
        first = add_months(first, 1)
    return span(max(first, today), month_end(first))


def _next_month(m: re.Match[str], today: date) -> Days:
    first = add_months(today.replace(day=1), 1)
    return span(first, month_end(first))


def _weeks(first: int, last: int, ahead: int = 0) -> Callable[[re.Match[str], date], Days]:
    """Weekdays `first` to `last` of the week `ahead` weeks on."""
    return lambda _, today: tuple(
        d for d in week(today + timedelta(days=7 * ahead))[first : last + 1] if d >= today
    )


def _in(unit: int) -> Callable[[re.Match[str], date], Days]:
    return lambda m, today: (today + timedelta(days=unit * _number(m)),)


def _at(days: int) -> Callable[[re.Match[str], date], Days]:
    return lambda _, today: (today + timedelta(days=days),)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), days)
    for pattern, days in (
        (r"the day after tomorrow", _at(2)),
        (r"(?:a|1) week tomorrow|tomorrow week", _at(8)),
        (r"tomorrow|tmrw", _at(1)),
        (r"(?:a|1) week (?:today|from (?:now|today))|today week|in (?:a|1) week s? ?time", _at(7)),
        (r"today|this (?=morning|afternoon|evening)|(?=tonight)", _at(0)),
        (r"in (?:a|1) fortnight(?: s time)?|a fortnight (?:today|from (?:now|today))", _at(14)),
        (rf"(?:a|1) week (?:on|from|this|next|coming) {_WEEKDAY}", _week_on),
        (rf"(?:a fortnight|2 weeks) (?:on|from|this) {_WEEKDAY}", _fortnight_on),
        (rf"{_WEEKDAY} week(?! of)", _week_on),
        (rf"{_WEEKDAY} (?:of )?next week", _of_next_week),
        (rf"next week (?:on )?{_WEEKDAY}", _of_next_week),
        (rf"in {_NUMBER} weeks?(?: time)?", _in(7)),
        (rf"{_NUMBER} weeks? from (?:now|today)", _in(7)),
        (rf"in {_NUMBER} days?(?: time)?", _in(1)),
        (rf"(?:{_WEEKDAY} )?(?:the )?{_DATE} (?:of )?(?:the )?(?P<month>{MONTH})", _day_of_month),
        (rf"(?:{_WEEKDAY} )?(?P<month>{MONTH}) (?:the )?{_DATE}(?! \d)", _day_of_month),
        (rf"(?:the )?week (?:of|commencing|beginning) (?:the )?{_DATE}(?: (?:of )?(?P<month>{MONTH}))?",
         lambda m, t: tuple(d for day in _day_of_month(m, t) for d in week(day) if d >= t)),
        (rf"(?:{_WEEKDAY} )?(?:the )?(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)(?! (?:one|floor|time"
         rf"|birthday))", _day_of_month),
        (r"the (?P<day>3[01]|1[3-9]|2\d)(?! (?:\d|past|to|o clock|am|pm))", _day_of_month),
        (r"the week after next|in (?:a couple of|2) weeks time", _weeks(0, 6, 2)),
        (r"(?:at )?the (?:start|beginning) of next week|early next week", _weeks(0, 1, 1)),
        (r"(?:at )?the end of next week|late next week", _weeks(3, 4, 1)),
        (r"(?:at )?the end of (?:the|this) week|later (?:on )?this week", _weeks(3, 4)),
        (r"next weekend", _weeks(5, 6, 1)),
        (r"(?:this |the |at the |on the )?weekend", _weeks(5, 6)),
        (r"next week", _weeks(0, 6, 1)),
        (r"this week", _weeks(0, 6)),
        (r"next month", _next_month),
        (rf"(?:in|during) (?P<month>{MONTH})", _month),
        (rf"next {_WEEKDAY}", _next_weekday),
        (rf"(?:on |this |this coming |coming )?{_WEEKDAY}", _weekday),
    )
)  # fmt: skip


def days_in(line: str, today: date) -> Iterator[Found]:
    """Every day named, in order, none overlapping: of two that overlap the earlier rule counts."""
    found: list[Found] = []
    for pattern, days in _RULES:
        for m in pattern.finditer(line):
            if any(m.start() < end and start < m.end() for start, end, _ in found):
                continue
            if named := days(m, today):
                found.append((*m.span(), named))
    yield from sorted(found)
