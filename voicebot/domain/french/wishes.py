"""Which time expressions of an utterance are wished for, which refused; the past and the merely mentioned
are left out."""

import re
from dataclasses import replace
from datetime import date, timedelta

from voicebot.domain.french import context
from voicebot.domain.french.births import births_in
from voicebot.domain.french.day_rules import day_at
from voicebot.domain.french.days import OPEN_ENDED, Days, Today, span, week
from voicebot.domain.french.hours import Hours, hours_at

MOST_EXPRESSIONS = 60
"""Time expressions read in one utterance; what babbles on beyond is left."""
_WORD = re.compile(r"[^\s,]+")
_PHONE = re.compile(r"\b0\d(?: ?\d){6,}\b|\b0(?: \d{1,2}){5,}\b")
_MOVED_DATE = re.compile(r"\b((?:du|de) (?:le )?\d{1,2}(?: [a-z]{3,9})?) (?=(?:au|a) \d)")
_PAIRS = (
    (re.compile(r"\bentre (?:le )?$"), re.compile(r" et (?:le )?")),
    (re.compile(r"\b(?:de|du|d) $"), re.compile(r" (?:au|a|jusqu au|jusqu a) (?:le )?")),
)
_TOWARDS = re.compile(r"\b(?:a|au|aux|pour|vers)(?: le| la)? $")
_ATTACHED = re.compile(r"[ ,]*(?:(?:le|l|du) ?)?")
_ATTACHED_TIME = re.compile(r"[ ,]*(?:(?:a|le|la|l|du|de|vers|dans) ?)*")
Found = Days | Hours


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
    for born, start, end in births_in(line, today):
        if (today.year, today.month) <= (born.year + 100, born.month) and born.year + 100 <= today.year + 1:
            continue  # "27/10/26" is this year's
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
    edge, tale = 0, -1
    for i, item in enumerate(found):
        before = found[i - 1] if i else None
        gap = line[edge : item.start]
        clause = context.clause_before(line, item.start)
        after = line[item.end : found[i + 1].start if i + 1 < len(found) else len(line)]
        edge = item.end
        vague = isinstance(item, Hours) and (not item.clock or "midi" in line[item.start : item.end])
        told = vague and not isinstance(before, Days) and context.is_told(clause)
        # "tous les soirs vers 20 heures": the clock belongs to the tale of the evening.
        told = told or (isinstance(item, Hours) and tale == i - 1 and not gap.strip(" ,") and i > 0)
        if _is_void(item) or context.is_past(clause) or told:
            tale = i if told else tale
            continue
        towards = moving and bool(_TOWARDS.search(gap))
        leaving = moving and not wished and i + 1 < len(found) and context.leaves(clause)
        attached = _ATTACHED_TIME if isinstance(item, Hours) else _ATTACHED
        known = context.is_existing(clause) and not towards
        if leaving or known or (existing and existing[-1] is before and attached.fullmatch(gap)):
            existing.append(item)
        elif (
            gap.endswith("de ")
            and re.match("cet? ", line[item.start :])
            and today.date in getattr(item, "days", ())
        ):
            continue  # "la visite de ce matin"
        elif not (isinstance(item, Days) and context.bound(gap)) and _refused(
            gap, clause, after, found, i, bool(refused) and refused[-1] is before
        ):
            refused.append(item)
        else:
            restated = bool(wished) and wished[-1] is before and not gap.strip(" le,")
            if context.corrects(gap) or (restated and context.corrected_after(after)):
                same = [w for w in wished if isinstance(w, Days) == isinstance(item, Days)]
                wished = [w for w in wished if w is not (same[-1] if same else None)]
            found[i] = _placed(item, gap, today.date)
            wished.append(found[i])
    return (wished if wished or refused or moving else existing), refused


def _placed(item: Found, gap: str, today: date) -> Found:
    """A day moved by "le lendemain du" or opened by "avant", "à partir de"."""
    if isinstance(item, Hours):
        return item
    if not item.days:
        return item
    if (weeks := context.week_beside(gap)) is not None:
        anchor = item.days[0] + timedelta(days=7 * weeks)
        if context.counted(gap):
            return replace(item, days=(anchor,), scope=week(anchor), kind="date", weekday=None)
        return replace(item, days=tuple(d for d in week(anchor) if d >= today), kind="range", weekday=None)
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


def wishes(line: str, today: Today) -> tuple[str, list[Found], list[Found]]:
    """(the line as read, wished, refused) of canonical text."""
    read = _blanked(line, today.date)
    if context.MOVING.search(read):
        read = _MOVED_DATE.sub(r"\1 , ", read)
    wished, refused = _judged(read, today)
    refused, wished = _with_refused_times(refused, wished, read)
    return (read, [], []) if not wished and context.only_absent(read) else (read, wished, refused)
