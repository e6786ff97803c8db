"""What is said of a time that was offered: "la semaine d'après", "le même jour mais plus tard", "le lendemain
à la même heure". Its day is then today, for whoever says it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from voicebot.domain.french.almanac import WEEKDAYS

_WD = "|".join(WEEKDAYS)
_NOT_OF = r"(?! (?:de |du |d |le |la |l |les )?(?:\d|1er|noel|paques|toussaint|vacances|rentree|fetes|h\b))"
_LATER = r"(?:plus tard|apres|plus loin)"
_OF_ITS_DAY: tuple[tuple[str, str], ...] = (
    (r"\b(?:le |la |dans la |ce |au )?meme (?:jour|journee|date)\b|\bce jour la\b", "aujourd hui"),
    (r"\b(?:plus tard|plus tot) (?:dans la|la|cette|en) (?:meme )?journee\b", "aujourd hui"),
    (rf"\b(?:le |au )?(?:lendemain|jour (?:d apres|suivant|apres))\b{_NOT_OF}", "demain"),
    (rf"\b(\d+|une?) (jours?|semaines?|mois) {_LATER}\b{_NOT_OF}", r"dans \1 \2"),
    (
        rf"\b(?:la |une )?semaine (?:d apres|suivante|apres|qui suit|plus tard){_NOT_OF}",
        "la semaine prochaine",
    ),
    (rf"\b(?:le )?mois (?:d apres|suivant|apres|qui suit){_NOT_OF}", "le mois prochain"),
    (rf"\b({_WD}) (?:d apres|suivant|qui suit){_NOT_OF}", r"\1"),
    (r"\bplus (?:tard|loin) dans la semaine\b", "d ici la fin de la semaine"),
    (rf"\b(?:un|l) autre ({_WD})\b", r"\1"),
)
_WEEK_BEFORE = re.compile(r"\b(?:la |une )?semaine (?:d avant|precedente|avant|plus tot)" + _NOT_OF)
_SAME_HOUR = re.compile(r"\b(?:a |pour )?(?:la |l )?meme (?:h|horaire)\b")
_RULES = tuple((re.compile(pattern), instead) for pattern, instead in _OF_ITS_DAY)


def beside(line: str, offered: Sequence[datetime], now: datetime) -> tuple[str, datetime] | None:
    """(the same wish as said on the day offered, that day's midnight); None when `line`, in canonical form,
    says nothing of the offer. `offered`: local times, in order; empty = nothing was."""
    if not offered:
        return None
    read = _SAME_HOUR.sub(f"a {offered[0].hour} h {offered[0].minute:02d}", line)
    if _WEEK_BEFORE.search(read):
        monday = offered[0].date() - timedelta(days=offered[0].weekday() + 7)
        return _WEEK_BEFORE.sub("cette semaine", read), _midnight(max(monday, now.date()), now)
    moved = read
    for pattern, instead in _RULES:
        moved = pattern.sub(instead, moved)
    if moved != read:
        return moved, _midnight(offered[-1].date(), now)
    return (read, now) if read != line else None


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo) if day > now.date() else now


def of_the_same_day(line: str) -> bool:
    """ "Le même jour mais plus tard": the day stays, the hour is refused."""
    return any(pattern.search(line) for pattern, instead in _RULES if instead == "aujourd hui")
