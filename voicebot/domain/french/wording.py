"""How days, hours and doctors are written in French."""

from collections.abc import Sequence
from datetime import date, datetime, time

from voicebot.domain.language import Wording

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def day(value: date) -> str:
    """Such as « jeudi 3 décembre »."""
    return f"{DAYS[value.weekday()]} {of_month(value)}"


def hour(value: time) -> str:
    """Such as « à 9 h 30 »."""
    if (value.hour, value.minute) == (12, 0):
        return "à midi"
    return f"à {value.hour} h" + (f" {value.minute:02d}" if value.minute else "")


def of_month(value: date) -> str:
    """Such as « 3 décembre »."""
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]}"


def with_article(title: str, name: str) -> str:
    """Such as « le docteur Martin »; « madame Roux » has no article."""
    return f"le {title} {name}" if title == "docteur" else f"{title} {name}"


def one_of(starts: Sequence[datetime], doctors: Sequence[str] = ()) -> str:
    """Such as « Le premier, s'il vous plaît. Celui de 9 heures, 10 heures 15, jeudi 3 décembre. Non, plus
    tard, un autre jour »."""
    hours = ", ".join(dict.fromkeys(_figures(start) for start in starts))
    days = " ou ".join(dict.fromkeys(day(start.date()) for start in starts))
    who = f", avec {' ou '.join(doctors)}" if doctors else ""
    return f"Le premier, s'il vous plaît. Celui de {hours}, {days}{who}. Non, plus tard, un autre jour"


def _figures(start: datetime) -> str:
    if (start.hour, start.minute) == (12, 0):
        return "midi"
    return f"{start.hour} heures" + (f" {start.minute:02d}" if start.minute else "")


WORDING = Wording(
    day=day,
    of_month=of_month,
    hour=hour,
    doctor=with_article,
    either="ou",
    beside="avec",
    born="né ou née le",
    reachable="joignable au",
    one_of=one_of,
)
