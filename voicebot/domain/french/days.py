"""What a day expression is: the days it names, and how firmly."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

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
    limit: tuple[date, tuple[int, int]] | None = None
    """One of its days of which only that part is meant, in minutes: the Friday of "avant vendredi midi"."""


Day = date


@dataclass(frozen=True)
class Today:
    """Where we stand: the practice's date and school zone."""

    date: date
    zone: str = "C"
    since: Day | None = None
    """Where a number without its month is looked for from, when a month was named: "en novembre, le 9"."""

    offered: tuple[Day, ...] = ()
    """Days just offered: a bare "jeudi" is the Thursday among them."""

    @property
    def near(self) -> Day:
        """From where the next such day is looked for."""
        return self.since or self.date


Found = tuple[Kind, tuple[date, ...]] | tuple[Kind, tuple[date, ...], tuple[date, ...]] | None
Reader = Callable[[re.Match[str], Today], Found]


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
