"""Days with a name in France: months, public holidays, school holidays by zone."""

import calendar
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6,
    "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11,
    "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_SCHOOL = {
    "toussaint": "Vacances de la Toussaint",
    "noel": "Vacances de Noël",
    "hiver": "Vacances d'hiver",
    "printemps": "Vacances de printemps",
    "ete": "Vacances d'été",
}
_PUBLIC = {
    "jour de l an": "Jour de l'an", "lundi de paques": "Lundi de Pâques", "ascension": "Ascension",
    "lundi de pentecote": "Lundi de Pentecôte", "assomption": "Assomption", "toussaint": "Toussaint",
    "armistice": "Armistice", "noel": "Noël", "fete nationale": "Fête nationale",
    "fete du travail": "Fête du Travail",
    "victoire": "Fête de la Victoire",
}  # fmt: skip

_BEFORE_MONDAY = {"paques": 1, "pentecote": 1, "vendredi saint": 3, "mardi gras": 48}
"""Days before Easter Monday, or Whit Monday."""
Span = tuple[date, date]
"""First and last day, both included."""


def month_end(day: date) -> date:
    """Last day of that month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Same day number `months` later, or the month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


@lru_cache(maxsize=16)
def _public(year: int) -> dict[str, date]:
    """Public holidays of one year by French name (package `holidays`)."""
    return {name: day for day, name in country_holidays("FR", years=year, language="fr").items()}


def public_holiday(name: str, year: int) -> date | None:
    """A public holiday of a year, by folded name; also Easter, Whit Sunday, Good Friday, Mardi gras."""
    days = _public(year)
    if name in _BEFORE_MONDAY:
        monday = days.get(f"Lundi de {'Pentecôte' if name == 'pentecote' else 'Pâques'}")
        return monday - timedelta(days=_BEFORE_MONDAY[name]) if monday else None
    return days.get(_PUBLIC.get(name, ""))


def is_public(day: date) -> bool:
    """A public holiday everywhere in France."""
    return day in _public(day.year).values()


@lru_cache(maxsize=1)
def _published() -> SchoolHolidayDates:
    return SchoolHolidayDates()


@lru_cache(maxsize=64)
def _school_days(year: int, zone: str) -> tuple[tuple[date, str], ...]:
    """Every published school holiday day of a year: (day, official name)."""
    try:
        found = _published().holidays_for_year_and_zone(year, zone if zone in "ABC" else "C")
    except UnsupportedYearException:
        return ()
    return tuple(sorted((day, str(row["nom_vacances"])) for day, row in found.items()))


def _usual(name: str, year: int) -> Span | None:
    """Where the ministry has not published yet: only the breaks all zones share and that hardly move."""
    if name == "toussaint":
        start = _saturday(date(year, 10, 17))
        return start, start + timedelta(days=15)
    if name == "noel":
        start = _saturday(date(year, 12, 17))
        return start, start + timedelta(days=15)
    if name == "ete":
        return _saturday(date(year, 7, 2)), date(year, 8, 31)
    return None


def _saturday(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)


@lru_cache(maxsize=256)
def school_holiday(name: str, year: int, zone: str) -> Span | None:
    """The school break that begins in `year`, by short name ("toussaint", "noel", "hiver", "printemps",
    "ete"); None when unknown. Source: data.education.gouv.fr through `vacances_scolaires_france`."""
    official = _SCHOOL[name]
    days = [d for d, n in _school_days(year, zone) if n == official and (name != "noel" or d.month == 12)]
    if not days:
        return _usual(name, year)
    if name == "noel":
        january = [d for d, n in _school_days(year + 1, zone) if n == official and d.month == 1]
        usual = _usual(name, year)
        return days[0], january[-1] if january else usual[1] if usual else days[-1]
    if name == "ete":
        return days[0], max(days[-1], date(year, 8, 31))
    return days[0], days[-1]


def coming_break(name: str | None, today: date, zone: str) -> Span | None:
    """The break of that name (None = whichever) that is on or comes next."""
    names = [name] if name else list(_SCHOOL)
    spans = [
        s
        for n in names
        for year in (today.year - 1, today.year, today.year + 1)
        if (s := school_holiday(n, year, zone))
    ]
    ahead = sorted(s for s in spans if s[1] >= today)
    return ahead[0] if ahead else None
