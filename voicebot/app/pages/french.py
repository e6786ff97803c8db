"""Dates, hours and telephone numbers as French eyes read them; used by the templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


def day(value: date) -> str:
    """`mardi 1er décembre`."""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{DAYS[value.weekday()]} {number} {MONTHS[value.month - 1]}"


def hour(value: datetime, zone: ZoneInfo) -> str:
    """`9 h 05`, with unbreakable spaces."""
    local = value.astimezone(zone)
    return f"{local.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{local.minute:02}"


def moment(value: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`aujourd’hui à 14 h 30`, `demain à 9 h 00`, else the day: how near a deadline is."""
    local, today = value.astimezone(zone), now.astimezone(zone).date()
    near = {today: "aujourd’hui", today + timedelta(1): "demain", today - timedelta(1): "hier"}
    return f"{near.get(local.date()) or day(local)} à {hour(value, zone)}"


def phone(value: str) -> str:
    """`+33612345678` → `06 12 34 56 78`, unbreakable; anything else as it is."""
    digits = f"0{value[3:]}" if value.startswith("+33") else value.replace(" ", "")
    if len(digits) != 10 or not digits.isdigit():
        return value
    return "\N{NO-BREAK SPACE}".join(digits[i : i + 2] for i in range(0, 10, 2))


def dial(value: str) -> str:
    """What follows `tel:`."""
    return "".join(c for c in value if c.isdigit() or c == "+")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "hour": hour,
    "moment": moment,
    "phone": phone,
    "dial": dial,
}
