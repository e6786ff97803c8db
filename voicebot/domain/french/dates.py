""" "Mardi en huit à 15 h" and a clock give windows: a wish for a time is a set of them.

Four steps: `canonical` writes the speech in one shape, `day_rules` and `hours` find the expressions,
`wishes` judges them by their context, and here they are put together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from voicebot.domain.call import Window
from voicebot.domain.french.births import birth_date
from voicebot.domain.french.canonical import canonical
from voicebot.domain.french.days import HORIZON, Days, Today, span
from voicebot.domain.french.hours import ALL_DAY, Hours, Span, as_time, overlap, together
from voicebot.domain.french.offered import beside
from voicebot.domain.french.wishes import Found, wishes

__all__ = ["asap", "birth_date", "windows"]

MOST = 31
"""Windows of one wish."""
_OR = re.compile(r"\b(?:ou|et|soit|ni|puis)\b")
_ALTERNATIVE = re.compile(r"\b(?:ou|soit|sinon)\b")
_ELSE = re.compile(
    r"\b(?:sinon|a defaut|autrement|a la rigueur|eventuellement|a la limite|au pire|en (?:2eme|2e|deuxieme"
    r"|second)"
    r" choix|dans le pire des cas|si (?:(?:ce )?n est|c est|y a|il n y a|il y a|vous n avez|vous avez|jamais)"
    r"(?: (?:vraiment|plus))? (?:pas|rien)(?: possible| de place)?)\b"
)
"""What comes after is wished only if what came before cannot be had."""


@dataclass
class _Phrase:
    """Days and times said of one another. `times`: alternatives, each a tuple of what refines it."""

    days: list[Days] = field(default_factory=list)
    times: list[tuple[Hours, ...]] = field(default_factory=list)
    closed: bool = False
    """A time came after the days: another day begins another phrase."""
    rank: int = 0
    """0 = wished first, 1 = "sinon", …"""


def _phrases(wished: list[Found], line: str) -> list[_Phrase]:
    """Expressions grouped as they were said of one another."""
    phrases = [_Phrase()]
    edge = 0
    for item in wished:
        gap = line[edge : item.start]
        edge = item.end
        now = phrases[-1]
        otherwise, either = bool(_ELSE.search(gap)) and bool(now.days or now.times), bool(_OR.search(gap))
        rank = now.rank + otherwise
        if isinstance(item, Days):
            narrows = item.kind == "range" and not either and any(d.kind == "weekday" for d in now.days)
            alone = either and bool(now.days) and line.startswith("aujourd", now.days[-1].start)
            if otherwise or (now.days and not narrows and (now.closed or alone)):
                phrases.append(now := _Phrase(rank=rank))
            now.days.append(item)
            continue
        if otherwise:
            # "mardi matin, sinon l'après-midi" is of the same day, unless another one follows.
            phrases.append(now := _Phrase(rank=rank))
        clash = now.times and not together((*now.times[-1], item))
        if now.times and _bracket(now.times[-1][-1], item) and not _ALTERNATIVE.search(gap):
            now.times[-1] = (*now.times[-1], item)
            now.closed = bool(now.days)
            continue
        both_clock = now.times and item.clock and now.times[-1][-1].clock
        if not now.times or either or clash or both_clock:
            now.times.append((item,))
        else:
            now.times[-1] = (*now.times[-1], item)
        now.closed = bool(now.days)
    for last, here in zip(phrases, phrases[1:], strict=False):
        if here.rank > last.rank and not here.days:
            here.days = list(last.days)
    return phrases


def _bracket(one: Hours, other: Hours) -> bool:
    """ "Après 15 h mais avant 17 h": one begins, the other ends, and both are meant."""
    ends = [(hours.spans[0][0] == -1, hours.spans[0][1] == -1) for hours in (one, other)]
    return sorted(ends) == [(False, True), (True, False)] and bool(together((one, other)))


def _day_set(days: list[Days], line: str) -> tuple[date, ...]:
    """The days of one phrase: a range narrows the weekdays beside it, a date settles its weekday."""
    ranges = [d for d in days if d.kind == "range" or d.scope]
    weekdays = [d for d in days if d.kind == "weekday"]
    if ranges and weekdays and _beside(days, line):
        wanted = {d.weekday for d in weekdays}
        scope = {day for r in ranges for day in (r.scope or r.days)}
        narrowed = tuple(day for day in scope if day.weekday() in wanted)
        others = tuple(day for d in days if d.kind == "date" and not d.scope for day in d.days)
        return narrowed + others
    dates = [d for d in days if d.kind == "date" and not d.scope]
    if dates and ranges and {day for d in dates for day in d.days} <= {x for r in ranges for x in r.days}:
        joined = any(_OR.search(line[a.end : b.start]) for a, b in zip(days, days[1:], strict=False))
        days = days if joined else dates  # "la semaine prochaine, le 15"
    kept = [d for d in days if not (d.kind == "weekday" and _settled(d, days, line))]
    # Two ranges without "ou" narrow each other: "en novembre, la première semaine".
    if len(ranges) == 2 == len(kept) and not _OR.search(line[ranges[0].end : ranges[1].start]):
        common = set(ranges[0].days) & set(ranges[1].days)
        if common:
            return tuple(common)
    return tuple(day for d in kept for day in d.days)


def _beside(days: list[Days], line: str) -> bool:
    """A weekday and a range with no "ou" between them."""
    pairs = zip(days, days[1:], strict=False)
    return any(
        {a.kind, b.kind} != {"weekday"}
        and "weekday" in (a.kind, b.kind)
        and not _OR.search(line[a.end : b.start])
        for a, b in pairs
    )


def _settled(weekday: Days, days: list[Days], line: str) -> bool:
    """ "jeudi, le 22": the date beside it says which Thursday."""
    return any(
        d.kind == "date"
        and any(day.weekday() == weekday.weekday for day in d.days)
        and not _OR.search(line[min(d.end, weekday.end) : max(d.start, weekday.start)])
        for d in days
    )


def _without(spans: tuple[Span, ...], off: Span) -> tuple[Span, ...]:
    """Spans with one taken out."""
    out: list[Span] = []
    for start, end in spans:
        if end <= off[0] or start >= off[1]:
            out.append((start, end))
            continue
        out += [(start, off[0])] if start < off[0] else []
        out += [(off[1], end)] if end > off[1] else []
    return tuple(out)


_OPEN_DAY: Span = (480, 1260)


@dataclass(frozen=True)
class _Refusals:
    """What was turned down: weekdays and dates for the whole day, times of any day, times of some days."""

    weekdays: frozenset[int]
    dates: frozenset[date]
    times: tuple[Span, ...]
    partly: tuple[tuple[int | None, date | None, tuple[Span, ...]], ...]


def _refusals(refused: list[Found], line: str) -> _Refusals:
    weekdays, dates, times, partly = set(), set(), [], []
    skip: set[int] = set()
    for i, item in enumerate(refused):
        following = refused[i + 1] if i + 1 < len(refused) else None
        if i in skip:
            continue
        if isinstance(item, Hours):
            around = 120 if "midi" in line[item.start : item.end] else 60
            times += [(a, b if a < b else a + around) for a, b in together((item,))]
        elif isinstance(following, Hours) and not line[item.end : following.start].strip():
            skip.add(i + 1)
            partly.append(
                (
                    item.weekday if item.kind == "weekday" else None,
                    item.days[0] if item.days else None,
                    together((following,)),
                )
            )
        elif "weekend" in line[item.start : item.end]:
            weekdays |= {5, 6}
        elif item.kind == "weekday" and item.weekday is not None:
            weekdays.add(item.weekday)
            dates.add(item.days[0])
        else:
            dates |= set(item.days)
    return _Refusals(frozenset(weekdays), frozenset(dates), tuple(times), tuple(partly))


def _windows(
    days: Iterable[date | None],
    spans: tuple[Span, ...] | None,
    off: _Refusals,
    rank: int = 0,
    limits: Mapping[date, Span] = MappingProxyType({}),
) -> list[Window]:
    out = []
    for day in days:
        mine = spans
        if day and day in limits:
            mine = overlap(spans or (_OPEN_DAY,), limits[day])
        cuts = list(off.times) + [
            s
            for w, d, ss in off.partly
            if day and (day.weekday() == w or (w is None and day == d))
            for s in ss
        ]
        for cut in cuts:
            left = _without(mine or (_OPEN_DAY,), cut)
            mine = tuple(s for s in left if s[1] - s[0] >= 60) if mine is None else left
        if mine is None or ALL_DAY in mine:
            out.append(Window(day, rank=rank))
        else:
            out += [Window(day, as_time(a), as_time(b), rank) for a, b in mine]
    return out


def _ahead(found: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    """Preferred first, then sorted, each once, nothing past, at most `MOST`; a whole day yields to a part
    of itself."""
    today, clock = now.date(), now.time()
    kept = {
        w
        for w in found
        if w.day is None
        or w.day > today
        or (
            w.day == today
            and (
                w.end is None
                or w.end > clock
                or (w.start == w.end and w.start is not None and w.start >= clock)
            )
        )
    }
    narrow = {(w.rank, w.day) for w in kept if w.start is not None or w.end is not None}
    kept = {w for w in kept if w.day is None or (w.rank, w.day) not in narrow or w.start or w.end}
    order = sorted(
        kept, key=lambda w: (w.rank, w.day or date.max, w.start or as_time(0), w.end or as_time(0))
    )
    ranks = sorted({w.rank for w in order})
    return tuple(replace(w, rank=ranks.index(w.rank)) for w in order[:MOST])


def windows(
    text: str, now: datetime, school_zone: str = "C", offered: Sequence[datetime] = ()
) -> tuple[Window, ...]:
    """The times `text` wishes for, seen from `now` (the practice's local time). Empty = none said.
    `offered`: the local times just offered, which "la semaine d'après" is said of.

    One window per day, at most 31, the preferred first ("sinon" begins a rank) and then sorted, never
    past, not clipped to opening hours; day None = any day; `start == end` is an exact time; both readings
    of an ambiguous wish are listed."""
    read = canonical(text)
    if said := beside(read, offered, now):
        read, now = said
    among = () if said else tuple(dict.fromkeys(at.date() for at in offered))
    today = Today(now.date(), school_zone, offered=among)
    line, wished, refused = wishes(read, today)
    if not wished and not refused:
        return ()
    off = _refusals(refused, line)
    out: list[Window] = []
    for phrase in _phrases(wished, line):
        spans = tuple(s for said in phrase.times for s in together(said)) if phrase.times else None
        named = [d for d in phrase.days if d.kind != "any"]
        anyday = not named and (bool(phrase.days) or bool(phrase.times) or not wished)
        if anyday and not (off.weekdays or off.dates or off.partly):
            if phrase.days or spans or off.times:
                out += _windows((None,), spans, off, phrase.rank)
            continue
        horizon = span(today.date, today.date + timedelta(days=HORIZON - 1))
        days = horizon if anyday else _day_set(named, line)
        exact = not anyday and all(d.kind in ("weekday", "date") for d in named)
        out += _windows(
            (
                d
                for d in sorted(set(days))
                if d not in off.dates and (exact or d.weekday() not in off.weekdays)
            ),
            spans,
            off,
            phrase.rank,
            dict(d.limit for d in named if d.limit),
        )
    return _ahead(out, now)


_ASAP = re.compile(
    r"\b(?:(?:le|au) plus (?:tot|vite|rapidement|rapide|proche"
    r"|presse)\b(?! (?:le|a|vers|dans|fin|debut|en|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|demain|apres|\d))|plus (?:tot|vite|rapidement) possible"
    r"|des que (?:possible|vous (?:pouvez|avez|pourrez|aurez)|(?:le|la|un|une) \w+ (?:peut|a|aura|pourra)\b"
    r"|quelqu un|il y a|y a|qu il y a)"
    r"|aussi (?:tot|vite|rapidement) que|(?:tres |assez |plutot "
    r"|bien )?rapidement|(?:assez|tres|vraiment|bien) vite"
    r"|(?:le|la|un|votre|vos) (?:tout )?(?:1er|premiere?|prochaine?) (?:rdv"
    r"|creneau|place|dispo\w*|horaire|possibilite|consultation|date (?:disponible|possible"
    r"|libre))"
    r"|sans (?:tarder|attendre)|dans les (?:meilleurs|plus brefs) delais"
    r"|rdv (?:en )?(?:rapide|vite)|(?:le|de) plus (?:rapproche|proche)|le 1er (?:truc|qui|rdv|machin|trou)"
    r"|ce que vous avez (?:de plus (?:tot|vite)|en 1er)|vite fait"
    r"|tout de suite|immediatement|le 1er (?:que vous avez|disponible|qui (?:se libere|vient)))\b"
)
_NOT_ASAP = re.compile(
    r"\b(?:pas|(?<!le )(?<!au )plus|rien|aucune)(?: \w+){0,2} (?:pressee?"
    r"|urgent|urgence|rapidement|tout de suite|vite|immediatement)\b|\bplus tot que (?:prevu"
    r"|ca|l h)\b"
)


def asap(text: str) -> bool:
    """The soonest is wanted ("dès que possible", "le premier créneau")."""
    line = canonical(text)
    return bool(_ASAP.search(_NOT_ASAP.sub(" ", line)))
