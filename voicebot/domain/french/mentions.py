"""A day said of another day: "le vendredi avant Noël", "avant vendredi midi", "j'opère le 20, donc avant"."""

import re
from dataclasses import replace
from datetime import date, timedelta

from voicebot.domain.french import context
from voicebot.domain.french.days import OPEN_ENDED, Days, span
from voicebot.domain.french.hours import DAY_BEGINS, DAY_ENDS, Hours, together

FAR = timedelta(days=92)
"""A day told further ahead than this is no day to be seen before or after."""
_BESIDE = re.compile(
    r" (?:juste )?(?:qui )?(?P<how>avant|d avant|precedant|precede|apres|d apres|suivant|suit) (?:le |la "
    r"|les |l )?"
)
_SOON = re.compile(
    r"\b(?:tournoi|match|stage|concert|marathon|course|permis|entretien|bapteme|reviens|revient|revenons"
    r"|resultats?)\b|"
    r"\b(?:pars|part|partons|partent|depart|voyage|vol|avion|train|operation|intervention|opere\w*|operer"
    r"|vacances|conges|mariage|accouche\w*|hospitalis\w+|demenage|rentre|rentree|retour|concours|examen"
    r"|competition|arret|irm|scanner|radio|echographie|sors|sort)\b"
)
_RETURN = re.compile(r"\b(?:rentre|rentrons|reviens|revient|revenons|de retour)\b")
_THEN = re.compile(r"\b(?:donc|alors|du coup|a partir|des|plutot)\b")
_BEFORE_IT = re.compile(
    r"\b(?:avant|d ici la)(?: (?:ca|cela|cette date|de partir|mon depart|le depart))?(?= ,|$)"
)
_AFTER_IT = re.compile(
    r"\b(?:apres|a partir de la|ensuite)(?: (?:ca|cela|cette date|mon retour|etre rentree?))?(?= ,|$)"
)
_COUNTED = re.compile(r"\b(?P<n>\d{1,2}|une?) (?P<unit>jours?|semaines?|mois) (?P<how>apres|avant)(?= ,|$)")
_DAYS_IN = {"j": 1, "s": 7, "m": 30}


def bounded(day: Days, kind: context.Bound | None, today: date) -> Days:
    """ "avant vendredi", "à partir du 12" as the days they leave."""
    if kind is None or not day.days:
        return day
    first, last = day.days[0], day.days[-1]
    if kind in ("after", "from"):
        begin = last + timedelta(days=1) if kind == "after" else first
        days = span(begin, begin + timedelta(days=OPEN_ENDED - 1))
    else:
        days = span(today, first - timedelta(days=1) if kind == "before" else last)
    return replace(day, kind="range", days=days, scope=(), weekday=None)


def between(opened: Days, day: Days, kind: context.Bound) -> Days:
    """ "pas avant mardi mais avant vendredi": from where it `opened` until the `day` that follows."""
    first, last = opened.days[0], day.days[0] if kind == "before" else day.days[-1]
    while last <= first:
        last += timedelta(days=7)
    return replace(opened, end=day.end, days=span(first, last - timedelta(days=1 if kind == "before" else 0)))


def limited(day: Days, kind: context.Bound, hours: Hours, today: date) -> Days:
    """ "avant vendredi midi", "à partir de lundi 14 heures": the bound falls inside of a day."""
    start, end = together((hours,))[0]
    if kind in ("before", "until"):
        part = (DAY_BEGINS, start if kind == "before" else end)
        edge, inside = day.days[0], "until"
    else:
        part = (start if kind == "from" else end, DAY_ENDS)
        edge, inside = day.days[-1], "from"
    if part[0] >= part[1]:
        return replace(bounded(day, kind, today), end=hours.end)
    found = replace(bounded(day, "until" if inside == "until" else "from", today), end=hours.end)
    return found if part == (DAY_BEGINS, DAY_ENDS) else replace(found, limit=(edge, part))


def beside(weekday: Days, other: Days, line: str) -> Days | None:
    """ "le vendredi avant Noël", "le lundi qui suit les vacances": one day, or None."""
    m = _BESIDE.fullmatch(line[weekday.end : other.start])
    definite = re.search(r"\b(?:le|du|ce) $", line[: weekday.start])
    if not (m and definite and other.days and weekday.weekday is not None and len(weekday.days) == 1):
        return None
    if m["how"] in ("avant", "d avant", "precedant", "precede"):
        days = span(other.days[0] - timedelta(days=7), other.days[0] - timedelta(days=1))
    else:
        days = span(other.days[-1] + timedelta(days=1), other.days[-1] + timedelta(days=7))
    named = tuple(d for d in days if d.weekday() == weekday.weekday)
    return Days(weekday.start, other.end, "date", named)


def is_coming(clause: str) -> bool:
    """Told of something that is still to come and that a visit can be before or after."""
    return bool(_SOON.search(clause))


def following(weekday: Days, mention: Days, gap: str) -> Days:
    """ "Je rentre le 25, donc lundi": the Monday after it."""
    if weekday.kind != "weekday" or len(weekday.days) != 1 or not mention.days or not _THEN.search(gap):
        return weekday
    late = mention.days[-1]
    ahead = span(late + timedelta(days=1), late + timedelta(days=7))
    named = tuple(d for d in ahead if d.weekday() == weekday.days[0].weekday())
    return replace(weekday, days=named) if weekday.days[0] < late else weekday


def about(mention: Days, line: str, today: date) -> Days | None:
    """What is wished of a day only told of: "j'opère le 20, il faudrait que ce soit avant"."""
    if not mention.days or mention.days[-1] > today + FAR:
        return None
    rest = line[mention.end :]
    if m := _COUNTED.search(rest):
        count = 1 if m["n"].startswith("un") else int(m["n"])
        by = timedelta(days=count * _DAYS_IN[m["unit"][0]] * (1 if m["how"] == "apres" else -1))
        return replace(mention, kind="date", days=(mention.days[-1] + by,), scope=(), weekday=None)
    if _BEFORE_IT.search(rest):
        return bounded(mention, "before", today)
    since = _AFTER_IT.search(rest) or _RETURN.search(context.clause_before(line, mention.start))
    return bounded(mention, "after", today) if since else None
