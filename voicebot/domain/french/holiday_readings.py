"""What public and school holidays mean as days, seen from today; their forms are in `day_rules`."""

import re
from datetime import date, timedelta

from voicebot.domain.french import almanac
from voicebot.domain.french.almanac import WEEKDAYS
from voicebot.domain.french.day_readings import ORDINALS
from voicebot.domain.french.days import OPEN_ENDED, Found, Today, span, week

_BREAK = {"toussaint": "toussaint", "noel": "noel", "fin d annee": "noel", "hiver": "hiver",
"fevrier": "hiver",
          "ski": "hiver", "printemps": "printemps", "paques": "printemps", "avril": "printemps", "ete": "ete",
          "grandes": "ete", "d ete": "ete"}  # fmt: skip


def public(m: re.Match[str], t: Today) -> Found:
    """ "le lundi de Pâques", "le lendemain de l'Ascension", "le vendredi de l'Ascension"."""
    g = m.groupdict()
    name = {"nouvel an": "jour de l an", "1er de l an": "jour de l an"}.get(m["feast"], m["feast"])
    move = {"lendemain": 1, "surlendemain": 2, "veille": -1, "avant veille": -2}.get(g.get("rel") or "", 0)
    for year in (t.date.year, t.date.year + 1, t.date.year + 2):
        if not (day := almanac.public_holiday(name, year)):
            continue
        if g.get("wd"):
            day = next(
                d for d in span(day, day + timedelta(days=6)) if d.weekday() == WEEKDAYS.index(g["wd"])
            )
        if g.get("pont") and day >= t.date:
            return "range", span(day, day + timedelta(days=3))
        if (day := day + timedelta(days=move)) >= t.date:
            return "date", (day,)
    return None


def feasts(m: re.Match[str], t: Today) -> Found:
    """ "entre les fêtes", "entre Noël et le jour de l'an", "après les fêtes"."""
    year = t.date.year
    if m[0].startswith("apres"):
        first = date(year + 1, 1, 2)
        return "range", span(first, first + timedelta(days=OPEN_ENDED - 1))
    return "range", tuple(d for d in span(date(year, 12, 26), date(year, 12, 31)) if d >= t.date)


def the_feasts(m: re.Match[str], t: Today) -> Found:
    """ "pendant les fêtes": from Christmas Eve to New Year's Day."""
    return "range", span(date(t.date.year, 12, 24), date(t.date.year + 1, 1, 1))


def school(m: re.Match[str], t: Today) -> Found:
    """ "pendant les vacances de Noël", "la première semaine des vacances"."""
    g = m.groupdict()
    name = _BREAK.get(g.get("break") or "", "ete" if g.get("grandes") else None)
    if not (found := almanac.coming_break(name, t.date, t.zone)):
        return "void", ()
    first, last = found
    if g.get("ord"):
        rank = ORDINALS[g["ord"]]
        monday = week(first + timedelta(days=2))[0] if rank > 0 else week(last)[0]
        days = week(monday + timedelta(days=7 * (rank - 1 if rank > 0 else 0)))
    elif g.get("edge"):
        days = (
            span(first, first + timedelta(days=6))
            if g["edge"] == "debut"
            else span(last - timedelta(days=6), last)
        )
    else:
        days = span(first, last)
    return "range", tuple(d for d in days if d >= t.date)


def school_day(m: re.Match[str], t: Today) -> Found:
    """ "le premier mercredi des vacances de Noël", "le dernier jour des vacances"."""
    if not (found := almanac.coming_break(_BREAK.get(m["break"] or ""), t.date, t.zone)):
        return "void", ()
    wanted = WEEKDAYS.index(m["wd"]) if m["wd"] else None
    days = [d for d in span(*found) if wanted is None or d.weekday() == wanted]
    rank = ORDINALS[m["ord"]]
    day = days[rank - 1 if rank > 0 else -1] if rank <= len(days) else None
    return ("date", (day,)) if day and day >= t.date else ("void", ())


def back(m: re.Match[str], t: Today) -> Found:
    """ "le jour de la rentrée", "à la rentrée de janvier": the first working day after a break."""
    g = m.groupdict()
    name = {"janvier": "noel", "septembre": "ete", "novembre": "toussaint"}.get(g.get("month") or "")
    name = name or _BREAK.get(g.get("break") or "")
    if not (found := almanac.coming_break(name, t.date, t.zone)):
        return "void", ()
    day = found[1] + timedelta(days=1)
    while day.weekday() > 4 or day == almanac.public_holiday("jour de l an", day.year):
        day += timedelta(days=1)
    if g.get("wd"):
        day += timedelta(days=(WEEKDAYS.index(g["wd"]) - day.weekday()) % 7)
    return "date", (day + timedelta(days=1 if g.get("rel") else 0),)
