"""What each form of naming a day means, seen from today: one reader a form. The forms are in `day_rules`."""

import re
from datetime import date, timedelta

from voicebot.domain.french.almanac import MONTHS, WEEKDAYS, add_months, month_end
from voicebot.domain.french.days import HORIZON, OPEN_ENDED, Found, Reader, Today, coming, span, week

ORDINALS = {
    "1er": 1, "premiere": 1, "2eme": 2, "2e": 2, "deuxieme": 2, "second": 2, "seconde": 2, "3eme": 3,
    "troisieme": 3, "3e": 3, "quatrieme": 4, "4eme": 4, "4e": 4, "dernier": -1, "derniere": -1,
}  # fmt: skip
_ABOUT = {"quinzaine": 14, "dizaine": 10, "huitaine": 7, "vingtaine": 20}


def next_dated(day: int, month: int | None, year: int | None, today: date) -> date | None:
    """The day meant: the next one that exists; None when impossible."""
    if month is None:
        for ahead in range(13):
            first = add_months(today.replace(day=1), ahead)
            if day <= month_end(first).day and first.replace(day=day) >= today:
                return first.replace(day=day)
        return None
    for candidate in [year] if year else range(today.year, today.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def number(m: re.Match[str], name: str = "n") -> int:
    """The number of a group, "un" and "1er" included."""
    text = m[name].removesuffix("er")
    return 1 if text in ("un", "une") else int(text)


def month_of(m: re.Match[str], today: date) -> date | None:
    """First day of the month named in an `_OF_MONTH` match; None = none named."""
    g = m.groupdict()
    if named := g.get("month") or g.get("month2"):
        number = MONTHS[named]
        year = int(g["year"]) if g.get("year") else today.year + (number < today.month)
        return date(year, number, 1)
    return add_months(today.replace(day=1), 1 if g.get("next") else 0)


def dated(m: re.Match[str], t: Today) -> Found:
    """ "le 22 octobre", "jeudi 22", "le 3", "le 15 du mois prochain"."""
    g = m.groupdict()
    day = number(m)
    year = int(g["year"]) if g.get("year") else None
    if g.get("next") or g.get("this"):
        first = month_of(m, t.date)
        found = first.replace(day=day) if first and day <= month_end(first).day else None
        return ("date", (found,)) if found and found >= t.date else None
    month = MONTHS[g["month"]] if g.get("month") else None
    if year and year < t.date.year:
        return "void", ()
    found = next_dated(day, month, year, t.date if month else t.near)
    if found is None:
        return "void", ()
    if g.get("wd") and found.weekday() != WEEKDAYS.index(g["wd"]):
        return _mismatch(WEEKDAYS.index(g["wd"]), day, month, found, t.date)
    return "date", (found,)


def _mismatch(weekday: int, day: int, month: int | None, found: date, today: date) -> Found:
    """ "jeudi 21" when the 21st is no Thursday: a later month's 21st soon, else both readings."""
    if month is None:
        for ahead in (1, 2):
            first = add_months(today.replace(day=1), ahead)
            if day <= month_end(first).day and first.replace(day=day).weekday() == weekday:
                return "date", (first.replace(day=day),)
    near = min(
        d for d in span(found - timedelta(days=3), found + timedelta(days=3)) if d.weekday() == weekday
    )
    return "date", tuple(sorted(d for d in {found, near} if d >= today))


def numeric(m: re.Match[str], t: Today) -> Found:
    """ "12/11", "12/11/2026"."""
    day, month = int(m["d"]), int(m["m"] or m["mm"])
    year = int(m["y"]) if m["y"] else None
    if year is not None and year < 100:
        year += 2000
    if not (1 <= month <= 12) or (year is not None and year not in (t.date.year, t.date.year + 1)):
        return "void", ()
    found = next_dated(day, month, year, t.date) if 1 <= day <= 31 else None
    return ("date", (found,)) if found else ("void", ())


def several(m: re.Match[str], t: Today) -> Found:
    """ "le 12, le 13 ou le 14 octobre"."""
    month = MONTHS[m["month"]] if m["month"] else None
    numbers = [int(n) for n in re.findall(r"\d{1,2}", m["list"])]  # "1er" is 1
    days = [next_dated(n, month, None, t.date if month else t.near) for n in numbers if 1 <= n <= 31]
    kept = tuple(d for d in days if d)
    return ("date", kept) if kept and len(kept) == len(numbers) else None


def from_to(m: re.Match[str], t: Today) -> Found:
    """ "du 12 au 16 octobre", "entre le 12 et le 16"."""
    months = m["month1"], m["month2"]
    last = next_dated(int(m["n2"].removesuffix("er")), MONTHS[months[1]] if months[1] else None, None, t.date)
    if not last:
        return "void", ()
    day = int(m["n1"].removesuffix("er"))
    try:
        first = last.replace(day=day, month=MONTHS[months[0]] if months[0] else last.month)
    except ValueError:
        return "void", ()
    if first > last:
        first = add_months(first, -1 if not months[0] else -12)
    return "range", span(max(first, t.date), last)


def weekday(m: re.Match[str], t: Today) -> Found:
    """ "mardi", "mardi prochain", "mardi en huit"."""
    weekday = WEEKDAYS.index(m["wd"])
    day = coming(weekday, t.date)
    g = m.groupdict()
    bare = not (g.get("weeks") or g.get("next") or g.get("ce"))
    if bare and (named := tuple(d for d in t.offered if d.weekday() == weekday)):
        return "weekday", named
    if g.get("weeks"):
        return "date", (day + timedelta(days=7 if g["weeks"] == "8" else 14),)
    if g.get("next") and day.isocalendar()[1] == t.date.isocalendar()[1]:
        # Said on a Wednesday, "vendredi prochain" is in two days for some, in nine for others.
        return "date", (day, day + timedelta(days=7))
    if g.get("ce") and weekday == t.date.weekday():
        return "date", (t.date, day)
    return ("date" if g.get("next") else "weekday"), (day,)


def nth(m: re.Match[str], t: Today) -> Found:
    """ "dans deux lundis"."""
    return "date", (coming(WEEKDAYS.index(m["wd"]), t.date) + timedelta(days=7 * (number(m) - 1)),)


def working(m: re.Match[str], t: Today) -> Found:
    """ "en semaine": any working day."""
    ahead = span(t.date, t.date + timedelta(days=HORIZON - 1))
    return "range", tuple(d for d in ahead if d.weekday() < 5)


def every(m: re.Match[str], t: Today) -> Found:
    """ "les mardis", "un mardi", "tous les mardis"."""
    days = tuple(
        d
        for d in span(t.date + timedelta(days=1), t.date + timedelta(days=HORIZON))
        if d.weekday() == WEEKDAYS.index(m["wd"])
    )
    if m[0].startswith("un ") and re.search(
        r"\ben (?:re)?(?:prendre|avoir|fixer|donner|trouver|mettre) $", m.string[: m.start()]
    ):
        return "weekday", days[:1]
    return "weekday", days


def third(days: tuple[date, ...], which: str, month: bool) -> tuple[date, ...]:
    """Beginning, middle or end of a month (thirds) or of a week (Mon-Tue, Wed-Thu, Thu-Fri)."""
    if month:
        cut = {"debut": (0, 10), "mi": (10, 20), "milieu": (10, 20), "fin": (20, 31)}[which]
    else:
        cut = {"debut": (0, 2), "mi": (2, 4), "milieu": (2, 4), "fin": (3, 5)}[which]
    return days[cut[0] : cut[1]]


def in_week(m: re.Match[str], t: Today) -> Found:
    """ "la semaine prochaine", "en début de semaine", "la semaine du 12", "la semaine 43"."""
    g = m.groupdict()
    if g.get("n"):
        month = MONTHS[g["month"]] if g.get("month") else None
        anchor = next_dated(number(m), month, None, t.since or t.date - timedelta(days=6))
    elif g.get("iso"):
        weeks = [t.date + timedelta(days=7 * i) for i in range(54)]
        anchor = next((d for d in weeks if d.isocalendar()[1] == int(g["iso"])), None)
    elif g.get("after"):
        anchor = t.date + timedelta(days=14)
    else:
        anchor = t.date + timedelta(days=7 if g.get("next") else 0)
    if not anchor:
        return None
    days = week(anchor)
    which = g.get("third")
    chosen = third(days, which, month=False) if which else days
    left = tuple(d for d in chosen if d >= t.date)
    if not left and which and not (g.get("next") or g.get("n")):
        left = third(week(anchor + timedelta(days=7)), which, month=False)
    return "range", left, tuple(d for d in days if d >= t.date)


def weekend(m: re.Match[str], t: Today) -> Found:
    """ "ce week-end", "le week-end du 17", "le week-end prochain" (both, said on a working day)."""
    g = m.groupdict()
    if g.get("n"):
        month = MONTHS[g["month"]] if g.get("month") else None
        named = next_dated(number(m), month, None, t.date if month else t.near)
        return ("range", week(named)[5:]) if named else None
    days = week(t.date)[5:]
    if m.groupdict().get("next") and t.date.weekday() < 5:
        return "date", days + tuple(d + timedelta(days=7) for d in days)
    if m.groupdict().get("next") or days[-1] < t.date:
        days = tuple(d + timedelta(days=7) for d in days)
    return "range", tuple(d for d in days if d >= t.date)


def _ahead(count: int, unit: str, today: date) -> date:
    """`count` units after today; "huit jours" and "quinze jours" are one and two weeks."""
    if unit.startswith("an"):
        return add_months(today, 12 * count)
    if unit == "mois":
        return add_months(today, count)
    if unit.startswith("semaine"):
        return today + timedelta(days=7 * count)
    if unit == "h":
        return today + timedelta(days=-(-count // 24))
    return today + timedelta(days={8: 7, 15: 14}.get(count, count))


def in_time(m: re.Match[str], t: Today) -> Found:
    """ "dans trois semaines", "dans quinze jours", "dans deux ou trois jours"."""
    g = m.groupdict()
    count = _ABOUT[g["about"]] if g.get("about") else number(m, "a") if g["a"] else 1
    unit = m["unit"] or "jours"
    if unit.startswith("an") and count > 2:
        return "void", ()
    day = _ahead(count, g.get("unit1") or unit, t.date)
    if g.get("b"):
        return "range", span(day, _ahead(number(m, "b"), unit, t.date))
    if g.get("half") and unit in ("mois", "an", "ans", "semaine", "semaines"):
        day += timedelta(days={"m": 15, "a": 182, "s": 3}[unit[0]])
    counted = unit.startswith("jour") and not g.get("about") and count not in (8, 15)
    return "date", (day,), () if counted else week(day)


def within(m: re.Match[str], t: Today) -> Found:
    """ "d'ici huit jours", "sous quinzaine", "dans les 48 heures"."""
    g = m.groupdict()
    count = _ABOUT[g["about"]] if g.get("about") else number(m, "a")
    unit = m["unit"] or "jours"
    if unit == "h" and count < 24:
        return None
    last = t.date + timedelta(days=count) if unit.startswith("jour") else _ahead(count, unit, t.date)
    return "range", span(t.date, last)


def not_before(m: re.Match[str], t: Today) -> Found:
    """ "pas avant trois semaines"."""
    count = _ABOUT[m["about"]] if m["about"] else number(m, "a")
    first = _ahead(count, m["unit"], t.date)
    return "range", span(first, first + timedelta(days=OPEN_ENDED - 1))


def in_hours(m: re.Match[str], t: Today) -> Found:
    """ "dans deux heures": today; "dans 48 heures": in two days."""
    count = number(m, "a") if not m["about"] else 0
    return "date", (t.date if count < 20 else _ahead(count, "h", t.date),)


def end_of(m: re.Match[str], t: Today) -> Found:
    """ "avant la fin du mois", "d'ici la fin de la semaine"."""
    g = m.groupdict()
    if g.get("month") or g.get("mois"):
        first = (
            month_of(m, t.date)
            if g.get("month")
            else add_months(t.date.replace(day=1), 1 if g.get("nextm") else 0)
        )
        last = month_end(first) if first else t.date
    elif g.get("an"):
        last = date(t.date.year, 12, 31)
    else:
        last = week(t.date + timedelta(days=7 if g.get("next") else 0))[-1]
    return "range", span(t.date, last)


def during(m: re.Match[str], t: Today) -> Found:
    """ "dans la journée": today, unless another day is said."""
    elsewhere = re.search(rf"\b(?:{'|'.join(WEEKDAYS)}|demain|semaine|le \d|mois)\b", m.string)
    return None if elsewhere else ("date", (t.date,))


def days_after(m: re.Match[str], t: Today) -> Found:
    """ "d'aujourd'hui en huit", "demain en quinze"."""
    first = 1 if "demain" in m[0] else 0
    return "date", (t.date + timedelta(days=first + (7 if m["w8"] == "8" else 14)),)


def plain(offset: int) -> Reader:
    """A reader of the day `offset` days ahead."""
    return lambda m, t: ("date", (t.date + timedelta(days=offset),))


def reach(first: int, last: int) -> Reader:
    """A reader of the days from `first` to `last` days ahead."""
    return lambda m, t: ("range", span(t.date + timedelta(days=first), t.date + timedelta(days=last)))


def void(m: re.Match[str], t: Today) -> Found:
    """Time talk that is no wish: "lundi dernier", "depuis trois jours"."""
    return "void", ()


def any_day(m: re.Match[str], t: Today) -> Found:
    """ "n'importe quel jour"."""
    return "any", ()
