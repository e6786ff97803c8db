"""Days as people name them on the phone, found in canonical text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from voicebot.domain import almanac
from voicebot.domain.almanac import MONTHS, WEEKDAYS, add_months, month_end

OPEN_ENDED = 14
"""How many days "à partir du 12" or "après les vacances" reaches."""
HORIZON = 31
"""How many days a recurring wish ("tous les mardis") reaches."""

Kind = Literal["weekday", "date", "range", "any", "void"]


@dataclass(frozen=True)
class Days:
    """A day expression at `[start, end)` of the text. "weekday": named without a date, so a range beside
    it narrows it; "any": no day in particular; "void": time talk that is no wish ("lundi dernier")."""

    start: int
    end: int
    kind: Kind
    days: tuple[date, ...] = ()
    scope: tuple[date, ...] = ()
    """Where a weekday beside it is looked for, when wider than `days` ("dans trois semaines, le mardi")."""
    weekday: int | None = None


@dataclass(frozen=True)
class Today:
    """Where we stand: the practice's date and school zone."""

    date: date
    zone: str = "C"


Found = tuple[Kind, tuple[date, ...]] | tuple[Kind, tuple[date, ...], tuple[date, ...]] | None
Reader = Callable[[re.Match[str], Today], Found]

_W = r"(?P<wd>" + "|".join(WEEKDAYS) + ")"
_M = r"(?P<month>" + "|".join(MONTHS) + r")\b"
_Y = r"(?: (?P<year>20\d\d))?(?! ?\d)"
_N = r"(?P<n>3[01]|[12]\d|0?[1-9]|1er)\b"
_ORD = r"(?P<ord>1er|premiere|2eme|2e|deuxieme|second|seconde|3eme|troisieme|3e|quatrieme|4eme|4e|dernier|derniere)"
_ORDINALS = {"1er": 1, "premiere": 1, "2eme": 2, "2e": 2, "deuxieme": 2, "second": 2, "seconde": 2, "3eme": 3,
             "troisieme": 3, "3e": 3, "quatrieme": 4, "4eme": 4, "4e": 4, "dernier": -1, "derniere": -1}  # fmt: skip
_OF_MONTH = rf"(?:d |de |du |du mois d |du mois de |en )?(?:{_M}|(?P<next>(?:mois )?prochain)|(?P<this>mois(?: ci| en cours)?|ce mois(?: ci)?))"
_NEXT = r"(?:prochaine?s?|suivante?s?|d apres|qui vient|qui suit|a venir)"
_BREAK = {"toussaint": "toussaint", "noel": "noel", "fin d annee": "noel", "hiver": "hiver", "fevrier": "hiver",
          "ski": "hiver", "printemps": "printemps", "paques": "printemps", "avril": "printemps", "ete": "ete",
          "grandes": "ete", "d ete": "ete"}  # fmt: skip
_B = r"(?P<break>toussaint|noel|fin d annee|hiver|fevrier|ski|printemps|paques|avril|ete)"
_COUNT = r"(?P<a>\d{1,2}|une?|(?:une )?(?P<about>quinzaine|dizaine|huitaine|vingtaine) de)"


def span(first: date, last: date) -> tuple[date, ...]:
    """Every day from `first` to `last`, at most 92."""
    return tuple(first + timedelta(days=i) for i in range(min((last - first).days + 1, 92)))


def week(day: date) -> tuple[date, ...]:
    """The seven days of that day's week, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return span(monday, monday + timedelta(days=6))


def coming(weekday: int, today: date) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _date(day: int, month: int | None, year: int | None, today: date) -> date | None:
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


def _number(m: re.Match[str], name: str = "n") -> int:
    text = m[name].removesuffix("er")
    return 1 if text in ("un", "une") else int(text)


def _month_of(m: re.Match[str], today: date) -> date | None:
    """First day of the month named in an `_OF_MONTH` match; None = none named."""
    g = m.groupdict()
    if g.get("month"):
        number = MONTHS[g["month"]]
        year = int(g["year"]) if g.get("year") else today.year + (number < today.month)
        return date(year, number, 1)
    return add_months(today.replace(day=1), 1 if g.get("next") else 0)


def _dated(m: re.Match[str], t: Today) -> Found:
    """ "le 22 octobre", "jeudi 22", "le 3", "le 15 du mois prochain"."""
    g = m.groupdict()
    day = _number(m)
    year = int(g["year"]) if g.get("year") else None
    if g.get("next") or g.get("this"):
        first = _month_of(m, t.date)
        found = first.replace(day=day) if first and day <= month_end(first).day else None
        return ("date", (found,)) if found and found >= t.date else None
    month = MONTHS[g["month"]] if g.get("month") else None
    if year and year < t.date.year:
        return "void", ()
    found = _date(day, month, year, t.date)
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


def _numeric(m: re.Match[str], t: Today) -> Found:
    """ "12/11", "12/11/2026"."""
    day, month = int(m["d"]), int(m["m"] or m["mm"])
    year = int(m["y"]) if m["y"] else None
    if year is not None and year < 100:
        year += 2000
    if not (1 <= month <= 12) or (year is not None and year not in (t.date.year, t.date.year + 1)):
        return "void", ()
    found = _date(day, month, year, t.date) if 1 <= day <= 31 else None
    return ("date", (found,)) if found else ("void", ())


def _several(m: re.Match[str], t: Today) -> Found:
    """ "le 12, le 13 ou le 14 octobre"."""
    month = MONTHS[m["month"]] if m["month"] else None
    numbers = [int(n) for n in re.findall(r"\d{1,2}", m["list"])]
    days = [_date(n, month, None, t.date) for n in numbers if 1 <= n <= 31]
    kept = tuple(d for d in days if d)
    return ("date", kept) if kept and len(kept) == len(numbers) else None


def _from_to(m: re.Match[str], t: Today) -> Found:
    """ "du 12 au 16 octobre", "entre le 12 et le 16"."""
    months = m["month1"], m["month2"]
    last = _date(int(m["n2"].removesuffix("er")), MONTHS[months[1]] if months[1] else None, None, t.date)
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


def _ordinal_weekday(m: re.Match[str], t: Today) -> Found:
    """ "le premier vendredi de décembre", "le dernier jeudi du mois"."""
    weekday, rank = WEEKDAYS.index(m["wd"]), _ORDINALS[m["ord"]]
    first = _month_of(m, t.date)
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = [d for d in span(month, month_end(month)) if d.weekday() == weekday]
        found = days[rank - 1 if rank > 0 else -1]
        if found >= t.date:
            return "date", (found,)
    return None


def _ordinal_week(m: re.Match[str], t: Today) -> Found:
    """ "la première semaine de novembre": from the week of its first working day."""
    first = _month_of(m, t.date)
    if not first:
        return None
    rank = _ORDINALS[m["ord"]]
    working = [d for d in span(first, month_end(first)) if d.weekday() < 5]
    anchor = working[0] + timedelta(days=7 * (rank - 1)) if rank > 0 else working[-1]
    return "range", tuple(d for d in week(anchor) if d.month == first.month and d >= t.date)


def _weekday(m: re.Match[str], t: Today) -> Found:
    """ "mardi", "mardi prochain", "mardi en huit"."""
    weekday = WEEKDAYS.index(m["wd"])
    day = coming(weekday, t.date)
    g = m.groupdict()
    if g.get("weeks"):
        return "date", (day + timedelta(days=7 if g["weeks"] == "8" else 14),)
    if g.get("next") and day.isocalendar()[1] == t.date.isocalendar()[1]:
        # Said on a Wednesday, "vendredi prochain" is the day after tomorrow for some, in nine days for others.
        return "date", (day, day + timedelta(days=7))
    if g.get("ce") and weekday == t.date.weekday():
        return "date", (t.date, day)
    return ("date" if g.get("next") else "weekday"), (day,)


def _every(m: re.Match[str], t: Today) -> Found:
    """ "les mardis", "un mardi", "tous les mardis"."""
    days = tuple(
        d
        for d in span(t.date + timedelta(days=1), t.date + timedelta(days=HORIZON))
        if d.weekday() == WEEKDAYS.index(m["wd"])
    )
    if m[0].startswith("un ") and re.search(r"\ben (?:re)?(?:prendre|avoir|fixer|donner|trouver|mettre) $", m.string[: m.start()]):
        return "weekday", days[:1]
    return "weekday", days


def _third(days: tuple[date, ...], which: str, month: bool) -> tuple[date, ...]:
    """Beginning, middle or end of a month (thirds) or of a week (Mon-Tue, Wed-Thu, Thu-Fri)."""
    if month:
        cut = {"debut": (0, 10), "mi": (10, 20), "milieu": (10, 20), "fin": (20, 31)}[which]
    else:
        cut = {"debut": (0, 2), "mi": (2, 4), "milieu": (2, 4), "fin": (3, 5)}[which]
    return days[cut[0] : cut[1]]


def _in_month(m: re.Match[str], t: Today) -> Found:
    """ "fin octobre", "courant novembre", "le mois prochain", "mi-janvier"."""
    first = _month_of(m, t.date)
    which = m.groupdict().get("third")
    for again in range(2):
        if not first:
            return None
        month = add_months(first, (12 if m["month"] else 1) * again)
        days = span(month, month_end(month))
        days = _third(days, which, month=True) if which else days
        left = tuple(d for d in days if d >= t.date)
        if left:
            return "range", left
    return None


def _fortnight(m: re.Match[str], t: Today) -> Found:
    """ "la deuxième quinzaine de novembre"."""
    first = _month_of(m, t.date)
    if not first:
        return None
    days = span(first, month_end(first))
    part = days[:15] if _ORDINALS[m["ord"]] == 1 else days[15:]
    return "range", tuple(d for d in part if d >= t.date)


def _in_week(m: re.Match[str], t: Today) -> Found:
    """ "la semaine prochaine", "en début de semaine", "la semaine du 12", "la semaine 43"."""
    g = m.groupdict()
    if g.get("n"):
        anchor = _date(
            _number(m), MONTHS[g["month"]] if g.get("month") else None, None, t.date - timedelta(days=6)
        )
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
    chosen = _third(days, which, month=False) if which else days
    left = tuple(d for d in chosen if d >= t.date)
    if not left and which and not (g.get("next") or g.get("n")):
        left = _third(week(anchor + timedelta(days=7)), which, month=False)
    return "range", left, tuple(d for d in days if d >= t.date)


def _weekend(m: re.Match[str], t: Today) -> Found:
    days = week(t.date)[5:]
    if m.groupdict().get("next") and t.date.weekday() < 5:
        return "date", days + tuple(d + timedelta(days=7) for d in days)
    if m.groupdict().get("next") or days[-1] < t.date:
        days = tuple(d + timedelta(days=7) for d in days)
    return "range", tuple(d for d in days if d >= t.date)


_ABOUT = {"quinzaine": 14, "dizaine": 10, "huitaine": 7, "vingtaine": 20}


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


def _in(m: re.Match[str], t: Today) -> Found:
    """ "dans trois semaines", "dans quinze jours", "dans deux ou trois jours"."""
    g = m.groupdict()
    count = _ABOUT[g["about"]] if g.get("about") else _number(m, "a")
    unit = m["unit"] or "jours"
    if unit.startswith("an") and count > 2:
        return "void", ()
    day = _ahead(count, g.get("unit1") or unit, t.date)
    if g.get("b"):
        return "range", span(day, _ahead(_number(m, "b"), unit, t.date))
    scope = week(day) if not unit.startswith("jour") else ()
    return "date", (day,), scope


def _within(m: re.Match[str], t: Today) -> Found:
    """ "d'ici huit jours", "sous quinzaine", "dans les 48 heures"."""
    g = m.groupdict()
    count = _ABOUT[g["about"]] if g.get("about") else _number(m, "a")
    unit = m["unit"] or "jours"
    if unit == "h" and count < 24:
        return None
    last = t.date + timedelta(days=count) if unit.startswith("jour") else _ahead(count, unit, t.date)
    return "range", span(t.date, last)


def _end_of(m: re.Match[str], t: Today) -> Found:
    """ "avant la fin du mois", "d'ici la fin de la semaine"."""
    g = m.groupdict()
    if g.get("month") or g.get("mois"):
        first = (
            _month_of(m, t.date)
            if g.get("month")
            else add_months(t.date.replace(day=1), 1 if g.get("next") else 0)
        )
        last = month_end(first) if first else t.date
    elif g.get("an"):
        last = date(t.date.year, 12, 31)
    else:
        last = week(t.date + timedelta(days=7 if g.get("next") else 0))[-1]
    return "range", span(t.date, last)


def _public(m: re.Match[str], t: Today) -> Found:
    """ "le lundi de Pâques", "le lendemain de l'Ascension", "le vendredi de l'Ascension"."""
    g = m.groupdict()
    name = {"nouvel an": "jour de l an", "1er de l an": "jour de l an"}.get(m["feast"], m["feast"])
    move = {"lendemain": 1, "surlendemain": 2, "veille": -1}.get(g.get("rel") or "", 0)
    for year in (t.date.year, t.date.year + 1, t.date.year + 2):
        if not (day := almanac.public_holiday(name, year)):
            continue
        if g.get("wd"):
            day = next(
                d for d in span(day, day + timedelta(days=6)) if d.weekday() == WEEKDAYS.index(g["wd"])
            )
        if g.get("pont"):
            return "range", span(day, day + timedelta(days=3))
        if (day := day + timedelta(days=move)) >= t.date:
            return "date", (day,)
    return None


def _feasts(m: re.Match[str], t: Today) -> Found:
    """ "entre les fêtes", "entre Noël et le jour de l'an", "après les fêtes"."""
    year = t.date.year
    if m[0].startswith("apres"):
        first = date(year + 1, 1, 2)
        return "range", span(first, first + timedelta(days=OPEN_ENDED - 1))
    return "range", tuple(d for d in span(date(year, 12, 26), date(year, 12, 31)) if d >= t.date)


def _school(m: re.Match[str], t: Today) -> Found:
    """ "pendant les vacances de Noël", "la première semaine des vacances"."""
    g = m.groupdict()
    name = _BREAK.get(g.get("break") or "", "ete" if g.get("grandes") else None)
    if not (found := almanac.coming_break(name, t.date, t.zone)):
        return "void", ()
    first, last = found
    if g.get("ord"):
        rank = _ORDINALS[g["ord"]]
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


def _back(m: re.Match[str], t: Today) -> Found:
    """ "le jour de la rentrée", "à la rentrée de janvier": the first working day after a break."""
    g = m.groupdict()
    name = {"janvier": "noel", "septembre": "ete", "novembre": "toussaint"}.get(g.get("month") or "")
    name = name or _BREAK.get(g.get("break") or "")
    if not (found := almanac.coming_break(name, t.date, t.zone)):
        return "void", ()
    day = found[1] + timedelta(days=1)
    while day.weekday() > 4 or day == almanac.public_holiday("jour de l an", day.year):
        day += timedelta(days=1)
    return "date", (day + timedelta(days=1 if g.get("rel") else 0),)


def _plain(offset: int) -> Reader:
    return lambda m, t: ("date", (t.date + timedelta(days=offset),))


def _reach(first: int, last: int) -> Reader:
    return lambda m, t: ("range", span(t.date + timedelta(days=first), t.date + timedelta(days=last)))


def _void(m: re.Match[str], t: Today) -> Found:
    return "void", ()


def _any(m: re.Match[str], t: Today) -> Found:
    return "any", ()


_FEAST = r"(?P<feast>lundi de paques|paques|ascension|lundi de (?:la )?pentecote|pentecote|toussaint|assomption|armistice|noel|jour de l an|nouvel an|1er de l an|fete nationale|fete du travail)"
_A = r"(?:le |la |les |l |ce |cette |un |une |au |du |des |aux |de |d ){0,3}"

_RULES: tuple[tuple[str, Reader], ...] = (
    # What is past, lasts or recurs is no wish.
    (rf"{_A}{_W}s? (?:dernier|passe|d avant|precedent)\b", _void),
    (rf"{_A}(?:semaine|mois|annee|weekend|ete|hiver|fois)s? (?:derniere?|passee?|d avant|precedente?)\b", _void),
    (r"(?:avant )?hier\b(?: (?:matin|soir|apres midi))?", _void),
    (r"(?:depuis|il y a|ca fait|cela fait|ca va faire|voila|pendant|durant|tou(?:te)?s les|sur|encore)(?: (?:environ|bien|deja|presque|plus de|au moins|bientot|les))? (?:\d+|une?|des|quelques)(?: (?:ou|a) \d+)? (?:bons? |bonnes? )?(?:jours?|semaines?|mois|ans?|annees?)\b", _void),
    (r"(?:a |de |d )?(?:\d+|un) (?:ans|an et demi|mois et demi)\b(?! ?(?:et|apres))", _void),
    (r"(?:bebe|enfant|fils|fille|petite?|garcon|nourrisson|age|agee|enceinte|grossesse)(?: qui a)? (?:de |d )(?:\d+|une?) (?:jours?|semaines?|mois)\b", _void),
    # Sets of days.
    (r"(?:a )?n importe (?:quel jour|quand|lequel)\b|peu importe (?:le jour|quand|la date)\b|quand vous (?:voulez|voudrez|pouvez)\b|tous les jours\b(?! de la semaine pendant)|chaque jour\b|(?:le jour|la date) (?:m est egal|n a pas d importance)\b|toute la semaine\b(?! prochaine)|n importe quelle date\b", _any),
    (rf"(?:tous les|les|n importe quel|n importe lequel des|chaque|un|uniquement les) {_W}s?\b(?! {_N})(?! ?(?:{_NEXT}|en \d|1er))", _every),
    # Weeks.
    (rf"(?:(?:la |dans la )?semaine )?(?:du|entre le|de|entre) (?:(?:{'|'.join(WEEKDAYS)}) )?(?P<n1>3[01]|[12]\d|0?[1-9]|1er)(?: (?P<month1>{'|'.join(MONTHS)}))? (?:au|et le|jusqu au|a|et) (?:(?:{'|'.join(WEEKDAYS)}) )?(?P<n2>3[01]|[12]\d|0?[1-9]|1er)\b(?: (?P<month2>{'|'.join(MONTHS)})\b)?(?! h\b)(?! \w* ?h\b)", _from_to),
    (rf"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?P<third>debut|milieu|mi|fin) (?:de |d )?(?:la |cette )?semaine (?P<next>{_NEXT})", _in_week),
    (rf"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?:(?P<third>debut|milieu|mi|fin) (?:de |d )?(?:la )?)?semaine (?:qui commence )?(?:du|le) (?:{'|'.join(WEEKDAYS)} )?{_N}(?: {_M})?", _in_week),
    (r"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?P<third>debut|milieu|fin) (?:de |d )?(?:la |cette )?semaine\b", _in_week),
    (rf"{_A}{_ORD} semaine (?:des )?(?:vacances )(?:d |de |de la |des? l )?{_B}?", _school),
    (rf"{_A}{_ORD} semaine {_OF_MONTH}", _ordinal_week),
    (r"(?P<after>la semaine (?:apres la (?:semaine )?prochaine|d apres la (?:semaine )?prochaine)|la semaine prochaine en 8|(?:dans )?la semaine en 8)\b", _in_week),
    (rf"(?:dans |sur |pour |pendant |au cours de |de )?{_A}semaine (?P<next>{_NEXT})", _in_week),
    (r"(?:dans |sur |pour |pendant |au cours de |courant |dans le courant de )?(?:cette semaine|la semaine en cours|la semaine(?! (?:en|du|d|pro|que|pas|der|pass)))\b(?: ci\b)?", _in_week),
    (r"(?:la )?semaine (?:numero )?(?P<iso>[1-5]?\d)\b(?! h)", _in_week),
    (rf"{_A}weekend (?P<next>{_NEXT})", _weekend),
    (r"(?:ce |le |du |au |pendant le )?weekend\b", _weekend),
    # Counted from today.
    (rf"(?:dans|d ici|sous) {_COUNT} (?P<unit1>jours?|semaines?|mois) (?:a |ou |, )*(?P<b>\d{{1,2}}|une?) (?P<unit>jours?|semaines?|mois)\b", _in),
    (r"(?:dans|d ici) (?:environ |a peu pres )?(?P<a>\d{1,2}|une?) (?:ou|a|, ?) ?(?P<b>\d{1,2}) (?P<unit>jours?|semaines?|mois)\b", _in),
    (rf"dans (?:environ |a peu pres |a peine )?{_COUNT} (?:petits? )?(?P<unit>jours?|semaines?|mois|ans?)\b", _in),
    (rf"(?:d ici(?: a)?|sous|dans les|au cours des|avant|dans un delai de|d ici environ) {_COUNT} (?:prochaine?s? )?(?P<unit>jours?|semaines?|mois|h)\b(?: (?:qui viennent|a venir|maximum|max))?", _within),
    (r"dans une (?P<about>quinzaine|huitaine|dizaine)\b(?! de)(?P<a>)(?P<unit>)", _in),
    (r"(?:dans la|sous|d ici(?: une)?) (?P<about>quinzaine|huitaine)(?P<unit>(?! de))(?P<a>)", _within),
    (r"dans les (?:prochains jours|jours (?:qui viennent|a venir|prochains|qui suivent))|ces jours ci|ces prochains jours", _reach(0, 7)),
    (r"dans quelques jours", _reach(2, 7)),
    (r"(?:dans|d ici) (?:les )?(?:prochaines|quelques) semaines", _reach(7, 30)),
    # Ends of weeks, months and years.
    (rf"(?:avant|d ici|jusqu a|d ici a)(?: la)? fin (?:(?:de )?(?:la |cette )?(?P<sem>semaine)(?: (?P<next>{_NEXT}))?|(?:du |de ce |de )?(?P<mois>mois)(?: (?P<nextm>{_NEXT}))?|(?P<an>(?:de )?(?:l |cette )?annee)|(?:de |d |du mois de |du mois d )?{_M})", _end_of),
    # Months.
    (rf"(?:en |vers (?:la )?|a (?:la )?|au |le |la |tout )?(?:tout )?(?P<third>debut|milieu|mi|fin)(?: (?:de|d|du))?(?: mois)?(?: (?:de|d))? {_M}{_Y}", _in_month),
    (r"(?:en |vers (?:la )?|a (?:la )?|au |le |la )?(?P<third>debut|milieu|mi|fin) (?:du |de |de ce )?(?P<month>(?!))?(?P<nextmonth>)(?:mois|le mois) (?P<next>prochain|suivant|d apres|qui vient)", _in_month),
    (r"(?:en |vers (?:la )?|a (?:la )?|au |le |la )?(?P<third>debut|milieu|mi|fin) (?:du |de |de ce |ce )?(?P<month>(?!))?(?P<this>mois)\b(?: ci)?", _in_month),
    (rf"{_A}{_ORD} quinzaine {_OF_MONTH}", _fortnight),
    (r"(?:dans |courant |au cours du |pendant |sur |pour |dans le courant du )?(?:le |du )?(?P<month>(?!))?mois (?P<next>prochain|suivant|d apres|qui vient)", _in_month),
    (r"(?:dans le|ce|courant|courant de ce|dans le courant du|au cours du|le|avant la fin du) (?P<month>(?!))?(?P<this>mois(?: ci| en cours)?)\b(?! (?:de|d|pro|der|pass))", _in_month),
    # Holidays.
    (rf"{_A}{_ORD} semaine (?:des |de )(?:grandes )?vacances", _school),
    (rf"(?:(?P<edge>debut|fin) des|{_A}(?:pendant|durant|dans|sur|pour)? ?(?:les|aux|des|nos|mes|leurs|ses)) (?P<grandes>grandes )?(?:vacances|conges)(?: scolaires)?(?: (?:de la |de l |d |de |des? )?{_B})?", _school),
    (rf"(?:pendant|durant) (?:les )?vacances(?: (?:de la |de l |d |de ){_B})?", _school),
    (rf"(?:a |pour |des |{_A})?(?P<rel>lendemain de )?(?:le |au )?(?:jour )?(?:de )?(?:la )?rentree(?: (?:scolaire|des classes))?(?: (?:de |d |des vacances de |des vacances d |de la )?(?:{_M}|la )?{_B}?)?", _back),
    (r"entre (?:les )?(?:2 )?fetes|entre noel et (?:le )?(?:jour de l an|nouvel an|1er de l an|1er)|apres les fetes(?: de fin d annee)?", _feasts),
    (rf"(?:a |pour |{_A})?(?:(?P<rel>lendemain|surlendemain|veille) (?:de |d |du )(?:l |la |le )?|(?P<pont>(?:weekend|pont) de l ?)|{_W} (?:de |d |apres )(?:l |la )?)?(?:l |la |le )?{_FEAST}\b", _public),
    # Dates.
    (rf"(?:le |au )(?P<d>3[01]|[12]\d|0?[1-9])(?P<y>)(?: du (?P<m>0?[1-9]|1[0-2])| (?P<mm>0[1-9]|1[0-2]))(?=$| ,| (?:a|vers|au|en|le) )", _numeric),
    (r"(?:le |au |du |pour le )?(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<mm>)(?:/(?P<y>\d{4}|\d{2}))?", _numeric),
    (rf"{_A}{_ORD} {_W}s? {_OF_MONTH}", _ordinal_weekday),
    (rf"{_A}{_W} (?:le )?{_N}(?! (?:h|min|ans|rue|fois)\b)(?: (?:de |du mois de )?{_M}{_Y}| du (?:(?P<next>mois prochain)|(?P<this>mois))\b)?", _dated),
    (rf"(?:le |du |au |pour le )?(?P<list>\d{{1,2}}(?:(?: ,)?(?: ou| et| ou bien| ,)(?: le| du)? \d{{1,2}})+)(?: (?:de )?{_M})", _several),
    (r"(?:le |au )(?P<list>\d{1,2}(?:(?: ou| et| ou bien) (?:le )?\d{1,2})+)(?P<month>(?!))?(?! ?(?:\d|h\b|rue|ans|heures|min|euros|mois|jours|semaines|fois))", _several),
    (rf"{_A}(?:pour le )?{_N} (?:(?:de |du mois de |du mois d )?{_M}{_Y}|(?:du )(?:(?P<next>mois prochain)|(?P<this>mois(?: ci)?|mois en cours)))", _dated),
    (r"(?:le|au|du|pour le|vers le|autour du) (?P<n>3[01]|[12]\d|0?[2-9]|1er(?= (?:a|vers) \d))\b(?! ?(?:\d|h\b|min|ans?\b|rue|avenue|boulevard|bis|fois|mg|pour 100|euros|m a|m ont|me |nous |vous |a dit|ont|a repondu|avant d|place|chemin|allee|impasse|mois|jours|semaines|e\b|eme))(?: (?P<month>(?!)))?", _dated),
    (rf"(?:en |courant |au mois de |au mois d |dans le mois de |dans le mois d |dans le courant du mois de |dans le courant du mois d |tout le mois de |tout le mois d |pour le mois de |pour |sur le mois de |le mois de |le mois d |du mois de |du mois d |dans le courant de |sur |de |d ){_M}{_Y}", _in_month),
    # Weekdays.
    (r"(?:d |de )?aujourd hui (?:en )(?P<w8>8|15)\b", lambda m, t: ("date", (t.date + timedelta(days=7 if m["w8"] == "8" else 14),))),
    (r"demain en (?P<w8>8|15)\b", lambda m, t: ("date", (t.date + timedelta(days=8 if m["w8"] == "8" else 15),))),
    (rf"{_A}{_W} en (?P<weeks>8|15)\b", _weekday),
    (rf"{_A}{_W} (?P<next>{_NEXT})", _weekday),
    (rf"{_A}(?P<ce>ce ){_W}\b", _weekday),
    (rf"{_A}{_W}s?\b", _weekday),
    (r"apres demain\b", _plain(2)),
    (r"(?:de |des |pour )?demain\b", _plain(1)),
    (r"aujourd hui\b|ce jour\b|dans la journee\b|(?:ce|cet)(?= (?:matin|midi|soir|apres midi|aprem))|tout a l h\b", _plain(0)),
)  # fmt: skip
# Small words before a day stay outside of it: its context needs them ("résultats DE lundi").
_LEADING = re.compile(r"(?:(?:le|la|les|l|au|du|des(?! demain)|aux|de|d|pour|a)\b ?){0,4}(?=\w)")
_COMPILED = tuple((re.compile(rf"(?:{pattern})(?!\w)"), reader) for pattern, reader in _RULES)


def day_at(text: str, at: int, today: Today) -> Days | None:
    """The day expression that begins at `at`, if one does."""
    for rule, reader in _COMPILED:
        m = rule.match(text, at)
        if not m or m.end() == at or not (found := reader(m, today)):
            continue
        named = m.groupdict().get("wd")
        start = at + len(_LEADING.match(m[0])[0])
        days = Days(start, m.end(), found[0], found[1], weekday=WEEKDAYS.index(named) if named else None)
        return replace(days, scope=found[2]) if len(found) == 3 else days
    return None
