"""What is named by its place in a month or a year: "fin octobre", "le dernier jeudi du mois", "la deuxième
quinzaine de novembre". The forms are in `day_rules`."""

import re
from datetime import date

from voicebot.domain.french import almanac
from voicebot.domain.french.almanac import WEEKDAYS, add_months, month_end
from voicebot.domain.french.day_readings import ORDINALS, month_of, third
from voicebot.domain.french.days import Found, Today, span, week


def in_month(m: re.Match[str], t: Today) -> Found:
    """ "fin octobre", "courant novembre", "le mois prochain", "mi-janvier"."""
    first = month_of(m, t.date)
    which = m.groupdict().get("third")
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = span(month, month_end(month))
        days = third(days, which, month=True) if which else days
        left = tuple(d for d in days if d >= t.date)
        if left:
            return "range", left
    return None


def fortnight(m: re.Match[str], t: Today) -> Found:
    """ "la deuxième quinzaine de novembre"."""
    first = month_of(m, t.date)
    if not first:
        return None
    days = span(first, month_end(first))
    part = days[:15] if ORDINALS[m["ord"]] == 1 else days[15:]
    return "range", tuple(d for d in part if d >= t.date)


def ordinal_week(m: re.Match[str], t: Today) -> Found:
    """ "la première semaine de novembre": the first that has most of its working days in it."""
    first = month_of(m, t.date)
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = span(month, month_end(month))
        mondays = sorted({week(d)[0] for d in days})
        full = [
            monday for monday in mondays if len([d for d in days if _works(d) and d in week(monday)]) >= 3
        ]
        rank = ORDINALS[m["ord"]]
        if rank > len(full):
            return "void", ()
        chosen = week(full[rank - 1 if rank > 0 else -1])
        left = tuple(d for d in chosen if d.month == month.month and d >= t.date)
        if left:
            return "range", left
    return None


def _works(day: date) -> bool:
    """A working day of most people."""
    return day.weekday() < 5 and not almanac.is_public(day)


def edge_day(m: re.Match[str], t: Today) -> Found:
    """ "le dernier jour du mois", "le premier jour ouvrable de novembre"."""
    first = month_of(m, t.date)
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = [d for d in span(month, month_end(month)) if _works(d) or not m["works"]]
        found = days[ORDINALS[m["ord"]] - 1 if ORDINALS[m["ord"]] > 0 else -1]
        if found >= t.date:
            return "date", (found,)
    return None


def ordinal_weekday(m: re.Match[str], t: Today) -> Found:
    """ "le premier vendredi de décembre", "le dernier jeudi du mois"."""
    weekday, rank = WEEKDAYS.index(m["wd"]), ORDINALS[m["ord"]]
    first = month_of(m, t.date)
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = [d for d in span(month, month_end(month)) if d.weekday() == weekday]
        found = days[rank - 1 if rank > 0 else -1]
        if found >= t.date:
            return "date", (found,)
    return None


def last_of_year(m: re.Match[str], t: Today) -> Found:
    """ "le dernier lundi de l'année"."""
    days = span(date(t.date.year, 12, 25), date(t.date.year, 12, 31))
    return "date", tuple(d for d in days if d.weekday() == WEEKDAYS.index(m["wd"]) and d >= t.date)
