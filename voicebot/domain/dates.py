""" "Mardi en huit à 15 h" and a clock give windows: a wish for a time is a set of them.

Three steps: `canonical` writes the speech in one shape, `days` and `hours` find the expressions, and
here they are judged by their context and put together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from voicebot.domain import context
from voicebot.domain.births import birth_date, births_in
from voicebot.domain.call import Window
from voicebot.domain.canonical import canonical
from voicebot.domain.days import HORIZON, OPEN_ENDED, Days, Today, day_at, span
from voicebot.domain.hours import Hours, Span, as_time, hours_at, together

__all__ = ["asap", "birth_date", "windows"]

MOST = 31
"""Windows of one wish."""
MOST_EXPRESSIONS = 60
"""Time expressions read in one utterance; what babbles on beyond is left."""
_WORD = re.compile(r"[^\s,]+")
_PHONE = re.compile(r"\b0\d(?: ?\d){6,}\b|\b0(?: \d{1,2}){5,}\b")
_OR = re.compile(r"\b(?:ou|et|soit|ni|puis)\b")
_ELSE = re.compile(r"\b(?:sinon|a defaut|autrement|a la rigueur|eventuellement)\b")
_MOVED_DATE = re.compile(r"\b((?:du|de) (?:le )?\d{1,2}(?: [a-z]{3,9})?) (?=(?:au|a) \d)")
_PAIRS = (
    (re.compile(r"\bentre (?:le )?$"), re.compile(r" et (?:le )?")),
    (re.compile(r"\b(?:de|du|d) $"), re.compile(r" (?:au|a|jusqu au|jusqu a) (?:le )?")),
)
_TOWARDS = re.compile(r"\b(?:a|au|aux|pour|vers)(?: le| la)? $")
_ATTACHED = re.compile(r"[ ,]*(?:(?:le|l|du) ?)?")
_ATTACHED_TIME = re.compile(r"[ ,]*(?:(?:a|le|la|l|du|de|vers|dans) ?)*")

Found = Days | Hours


@dataclass
class _Phrase:
    """Days and times said of one another. `times`: alternatives, each a tuple of what refines it."""

    days: list[Days] = field(default_factory=list)
    times: list[tuple[Hours, ...]] = field(default_factory=list)
    closed: bool = False
    """A time came after the days: another day begins another phrase."""


def _expressions(line: str, today: Today) -> list[Found]:
    """Time expressions of canonical text, in order, none overlapping."""
    found: list[Found] = []
    done = 0
    for word in _WORD.finditer(line):
        if word.start() < done:
            continue
        here: Found | None = day_at(line, word.start(), today)
        # "une h" and "midi" belong to the clock, "après 17 h" too.
        clock = hours_at(line, word.start())
        if clock and (not isinstance(here, Days) or (here.kind != "void" and clock.end > here.end)):
            here = clock
        if here:
            found.append(here)
            done = here.end
        if len(found) == MOST_EXPRESSIONS:
            break
    return found


def _blanked(line: str, today: date) -> str:
    """Without telephone numbers and birth dates, whose figures look like days."""
    for _, start, end in births_in(line, today):
        line = line[:start] + "." * (end - start) + line[end:]
    return _PHONE.sub(lambda m: "." * len(m[0]), line)


def _bounded(day: Days, kind: context.Bound | None, today: date) -> Days:
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


def _is_void(found: Found) -> bool:
    return not found.spans if isinstance(found, Hours) else found.kind == "void"


def _paired(found: list[Found], line: str) -> list[Found]:
    """ "entre lundi et mercredi", "du lundi au vendredi" as one range."""
    out: list[Found] = []
    for item in found:
        last = out[-1] if out else None
        if isinstance(item, Days) and isinstance(last, Days) and len(item.days) == len(last.days) == 1:
            opening, link = line[max(0, last.start - 12) : last.start], line[last.end : item.start]
            if any(o.search(opening) and to.fullmatch(link) for o, to in _PAIRS):
                end = item.days[0] if item.days[0] >= last.days[0] else item.days[0] + timedelta(days=7)
                out[-1] = Days(last.start, item.end, "range", span(last.days[0], end))
                continue
        out.append(item)
    return out


def _judged(line: str, today: Today) -> tuple[list[Found], list[Found]]:
    """(wished, refused) expressions; the past and what is only mentioned are left out."""
    moving = bool(context.MOVING.search(line))
    found = _expressions(line, today)
    if not moving:
        found = _paired(found, line)
    wished: list[Found] = []
    refused: list[Found] = []
    existing: list[Found] = []
    edge = 0
    for i, item in enumerate(found):
        before = found[i - 1] if i else None
        gap = line[edge : item.start]
        clause = context.clause_before(line, item.start)
        after = line[item.end : found[i + 1].start if i + 1 < len(found) else len(line)]
        edge = item.end
        vague = isinstance(item, Hours) and (not item.clock or "midi" in line[item.start : item.end])
        told = vague and not isinstance(before, Days) and context.is_told(clause)
        if _is_void(item) or context.is_past(clause) or told:
            continue
        towards = moving and bool(_TOWARDS.search(gap))
        leaving = moving and not wished and i + 1 < len(found) and context.leaves(clause)
        attached = _ATTACHED_TIME if isinstance(item, Hours) else _ATTACHED
        known = context.is_existing(clause) and not towards
        if leaving or known or (existing and existing[-1] is before and attached.fullmatch(gap)):
            existing.append(item)
        elif not (isinstance(item, Days) and context.bound(gap)) and _refused(
            gap, clause, after, found, i, bool(refused) and refused[-1] is before
        ):
            refused.append(item)
        else:
            if context.corrects(gap):
                same = [w for w in wished if isinstance(w, Days) == isinstance(item, Days)]
                wished = [w for w in wished if w is not (same[-1] if same else None)]
            found[i] = _placed(item, gap, today.date)
            wished.append(found[i])
    return (wished if wished or refused or moving else existing), refused


def _placed(item: Found, gap: str, today: date) -> Found:
    """A day moved by "le lendemain du" or opened by "avant", "à partir de"."""
    if isinstance(item, Hours):
        return item
    if by := context.shift(gap):
        item = replace(item, days=tuple(d + timedelta(days=by) for d in item.days), kind="date", weekday=None)
    return _bounded(item, context.bound(gap), today)


def _refused(gap: str, clause: str, after: str, found: list[Found], i: int, chained: bool) -> bool:
    """Whether the caller turns this expression down."""
    if context.refused_before(gap, clause) or (chained and context.refused_with(gap)):
        return True
    if i and context.rather_than(gap, clause):
        return True
    follows = found[i + 1] if i + 1 < len(found) else None
    of_the_hour = (
        isinstance(found[i], Days) and isinstance(follows, Hours) and re.search(r"\bpas(?: \w+)? ?$", after)
    )
    return context.refused_after(after, clause) and not of_the_hour


def _phrases(wished: list[Found], line: str) -> list[_Phrase]:
    """Expressions grouped as they were said of one another."""
    phrases = [_Phrase()]
    edge = 0
    for item in wished:
        gap = line[edge : item.start]
        edge = item.end
        now = phrases[-1]
        otherwise, either = bool(_ELSE.search(gap)), bool(_OR.search(gap))
        if isinstance(item, Days):
            narrows = item.kind == "range" and not either and any(d.kind == "weekday" for d in now.days)
            if now.days and not narrows and (otherwise or now.closed):
                phrases.append(now := _Phrase())
            now.days.append(item)
            continue
        if otherwise and (now.times or now.days):
            phrases.append(now := _Phrase())
        clash = now.times and not together((*now.times[-1], item))
        both_clock = now.times and item.clock and now.times[-1][-1].clock
        if not now.times or either or clash or both_clock:
            now.times.append((item,))
        else:
            now.times[-1] = (*now.times[-1], item)
        now.closed = bool(now.days)
    return phrases


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


_ALL_DAY: Span = (480, 1260)


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
            times += list(together((item,)))
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


def _with_refused_times(
    refused: list[Found], wished: list[Found], line: str
) -> tuple[list[Found], list[Found]]:
    """A time right after a refused day is refused with it: "sauf mercredi après-midi"."""
    ends = {r.end for r in refused if isinstance(r, Days)}
    moved = [
        w
        for w in wished
        if isinstance(w, Hours)
        and any(line[e : w.start] in (" ", " l ", " le ") for e in ends if e <= w.start)
    ]
    return sorted([*refused, *moved], key=lambda f: f.start), [w for w in wished if w not in moved]


def _windows(days: Iterable[date | None], spans: tuple[Span, ...] | None, off: _Refusals) -> list[Window]:
    out = []
    for day in days:
        mine = spans
        cuts = list(off.times) + [
            s
            for w, d, ss in off.partly
            if day and (day.weekday() == w or (w is None and day == d))
            for s in ss
        ]
        for cut in cuts:
            mine = _without(mine or (_ALL_DAY,), cut)
        if mine is None:
            out.append(Window(day))
        else:
            out += [Window(day, as_time(a), as_time(b)) for a, b in mine]
    return out


def _ahead(found: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    """Sorted, each once, nothing past, at most `MOST`; a whole day yields to a part of itself."""
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
    narrow = {w.day for w in kept if w.start is not None or w.end is not None}
    kept = {
        w for w in kept if w.day is None or w.day not in narrow or w.start is not None or w.end is not None
    }
    order = sorted(kept, key=lambda w: (w.day or date.max, w.start or as_time(0), w.end or as_time(0)))
    return tuple(order[:MOST])


def windows(text: str, now: datetime, school_zone: str = "C") -> tuple[Window, ...]:
    """The times `text` wishes for, seen from `now` (the practice's local time). Empty = none said.

    One window per day, at most 31, sorted, never past, not clipped to opening hours; day None = any
    day; `start == end` is an exact time; both readings of an ambiguous wish are listed."""
    today = Today(now.date(), school_zone)
    line = _blanked(canonical(text), today.date)
    if context.MOVING.search(line):
        line = _MOVED_DATE.sub(r"\1 , ", line)
    wished, refused = _judged(line, today)
    refused, wished = _with_refused_times(refused, wished, line)
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
                out += _windows((None,), spans, off)
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
        )
    return _ahead(out, now)


_ASAP = re.compile(
    r"\b(?:(?:le|au) plus (?:tot|vite|rapidement|rapide|proche|presse)\b(?! (?:le|a|vers|dans|fin|debut|en|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|demain|apres|\d))|plus (?:tot|vite|rapidement) possible|des que (?:possible|vous (?:pouvez|avez|pourrez|aurez))"
    r"|aussi (?:tot|vite|rapidement) que|(?:tres |assez |plutot |bien )?rapidement|(?:assez|tres|vraiment|bien) vite"
    r"|(?:le|la|un|votre|vos) (?:tout )?(?:1er|premiere?|prochaine?) (?:rdv|creneau|place|dispo\w*|horaire|possibilite|consultation|date (?:disponible|possible|libre))"
    r"|sans (?:tarder|attendre)|dans les (?:meilleurs|plus brefs) delais|rdv (?:en )?(?:rapide|vite)|le plus rapproche|vite fait"
    r"|tout de suite|immediatement|le 1er (?:que vous avez|disponible|qui (?:se libere|vient)))\b"
)
_NOT_ASAP = re.compile(
    r"\b(?:pas|(?<!le )(?<!au )plus|rien|aucune)(?: \w+){0,2} (?:pressee?|urgent|urgence|rapidement|tout de suite|vite|immediatement)\b|\bplus tot que (?:prevu|ca|l h)\b"
)


def asap(text: str) -> bool:
    """The soonest is wanted ("dès que possible", "le premier créneau")."""
    line = canonical(text)
    return bool(_ASAP.search(_NOT_ASAP.sub(" ", line)))
