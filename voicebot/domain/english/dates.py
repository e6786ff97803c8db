"""When an English-speaking caller wants to come: the days and times of an utterance as windows.

Hand-made rather than dateparser, which was tried: it reads one date and not a wish ("half past two" is none,
"12/03/72" is in 2072), and its first answer takes 0.3 s of a caller's time.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from voicebot.domain.call import Window
from voicebot.domain.english import days as of_days
from voicebot.domain.english.births import NAMES, births_in
from voicebot.domain.english.days import days_in
from voicebot.domain.english.hours import Span, hours_in
from voicebot.domain.english.numbers import digits
from voicebot.domain.french.days import OPEN_ENDED, span

MOST = 31
"""Windows of one wish."""
_BOUND = re.compile(r"\b(?P<after>after|not (?:before|until))(?: the)? ?$|\b(?P<since>from"
                    r"|starting)(?: on)? ?$"
                    r"|\b(?P<before>before)(?: the)? ?$|\b(?P<until>by|until"
                    r"|no later than)(?: the)? ?$")  # fmt: skip
_TO = re.compile(r" ?(?:and|to|till|until|through) (?:the )?")
_NOT = re.compile(
    r"\b(?:not|except|but not|apart from|other than|rather than|instead of|(?:can|couldn|won) t (?:do"
    r"|make|come|manage)"
    r"(?: it)?|away|busy|any day but|unavailable)(?: (?:on|the|this|next|for))* ?$"
)
_NOT_AFTER = re.compile(r"^ (?:is no good|doesn t|does not|won t|isn t|is not|i can t|is bad)")
_LONG = re.compile(r"\b(?:\d(?: ?\d){6,}|(?:oh|o|0)(?: (?:double|triple|oh|o|\d+)){4,})\b")
_MOVING = re.compile(r"\b(?:mov\w+|chang\w+|switch\w*|reschedul\w+|swap\w*|push\w*|bring)\b")
"""Of "move it from Thursday to Friday" only Friday is wished."""
_PAST = re.compile(
    r"\b(?:since|for the last|last|yesterday|from last|every)(?: \w+)? ?$|\bborn(?: on)?(?: the)? ?$"
)


def windows(
    text: str, now: datetime, school_zone: str = "C", offered: tuple[datetime, ...] = ()
) -> tuple[Window, ...]:
    """The times `text` wishes for, seen from `now` (the practice's local time). Empty = none said.

    One window per day, at most 31, sorted, never past; day None = any day;
    `start == end` is an exact time. Neither `school_zone` nor `offered` is read yet."""
    today = now.date()
    line = _blanked(_canonical(text), today)
    found = list(days_in(line, today))
    taken = [(start, end) for start, end, _ in found]
    times = [
        (start, end, span_)
        for start, end, span_ in hours_in(line)
        if not any(start < e and s < end for s, e in taken) and not _PAST.search(line[:start])
    ]
    wished, refused = _judged(line, found, today)
    if refused and not wished and not times:
        wished = set(span(today, today + timedelta(days=OPEN_ENDED - 1)))
    if not wished and not times:
        return ()
    spans = tuple(_narrowed([s for _, _, s in times]))
    return _ahead({w for day in (*sorted(wished - refused),) or (None,) for w in _windows(day, spans)}, now)


def _blanked(line: str, today: date) -> str:
    """Without telephone numbers and birth dates, whose figures look like days."""
    for start, end, _ in births_in(line, today):
        line = line[:start] + "." * (end - start) + line[end:]
    return _LONG.sub(lambda m: "." * len(m[0]), line)


def _canonical(text: str) -> str:
    clock = re.sub(r"(?<=\d)[:.h](?=[0-5]\d\b)", " ", text.lower())
    line = re.sub(r"(?<=\d)/(?=\d)", " slash ", clock)
    line = digits(line)
    return re.sub(
        r"\b(\d\d?) slash (\d\d?)\b",
        lambda m: f"{m[1]}th {NAMES[int(m[2]) - 1]}" if 0 < int(m[2]) < 13 else m[0],
        line,
    )


def _judged(line: str, found: list[of_days.Found], today: date) -> tuple[set[date], set[date]]:
    """(wished, refused) days. Of a move ("from Thursday to Friday") only where it goes."""
    wished: set[date] = set()
    refused: set[date] = set()
    last: of_days.Found | None = None
    added: set[date] = set()
    for start, end, days in found:
        before, gap = line[:start], line[last[1] : start] if last else ""
        bound = _BOUND.search(before)
        if _PAST.search(before):
            continue
        chained = last is not None and set(last[2]) <= refused and gap == " or "
        if chained or _NOT.search(before) or _NOT_AFTER.match(line[end:]):
            refused |= set(days)
        elif last and _TO.fullmatch(gap) and _paired(line, last, gap):
            wished -= added
            until = days[0] if days[0] > last[2][0] else days[0] + timedelta(days=7)
            wished |= {days[0]} if _MOVING.search(line) else set(span(last[2][0], until))
        else:
            added = set(_bounded(bound, days, today) if bound else days)
            wished |= added
        last = (start, end, days)
    return wished, refused


def _paired(line: str, first: of_days.Found, gap: str) -> bool:
    """ "Monday to Friday", "between Monday and Friday" are one range."""
    return gap.strip() != "and" or bool(re.search(r"\b(?:between|from) (?:the )?$", line[: first[0]]))


def _bounded(bound: re.Match[str], days: of_days.Days, today: date) -> tuple[date, ...]:
    begin, end = days[0], days[-1]
    if bound["after"]:
        begin, end = end + timedelta(days=1), end + timedelta(days=OPEN_ENDED)
    elif bound["since"]:
        end = begin + timedelta(days=OPEN_ENDED - 1)
    else:
        begin, end = today, begin - timedelta(days=1) if bound["before"] else end
    return span(begin, end)


def _narrowed(spans: list[Span]) -> Iterator[Span]:
    """ "In the morning, around ten" is around ten; "morning or at five" is both."""
    for one in spans:
        inside = [s for s in spans if s != one and one[0] <= s[0] and s[1] <= one[1]]
        if not inside:
            yield one


def _windows(day: date | None, spans: tuple[Span, ...]) -> list[Window]:
    return [Window(day, _time(a), _time(b)) for a, b in spans] or [Window(day)]


def _time(minutes: int) -> time:
    return time(*divmod(min(minutes, 1439), 60))


def _ahead(found: set[Window], now: datetime) -> tuple[Window, ...]:
    """Sorted, nothing past."""
    kept = [w for w in found if w.day is None or w.day > now.date() or w.end is None or w.end > now.time()]
    order = sorted(kept, key=lambda w: (w.day or date.max, w.start or time(), w.end or time()))
    return tuple(order[:MOST])
