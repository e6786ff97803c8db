"""Which time expressions of an utterance are wished for, which refused; the past and the merely mentioned
are left out."""

import re
from dataclasses import replace
from datetime import date, timedelta

from voicebot.domain.french import context, mentions
from voicebot.domain.french.almanac import MONTHS
from voicebot.domain.french.births import births_in
from voicebot.domain.french.day_rules import day_at
from voicebot.domain.french.days import Days, Today, span, week
from voicebot.domain.french.hours import Hours, hours_at

MOST_EXPRESSIONS = 60
"""Time expressions read in one utterance; what babbles on beyond is left."""
NIGHT = 6 * 60
"""Before six in the morning nobody wants to be seen: it is when the pain woke them."""
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
_MONTH_NAMED = re.compile(rf"\b(?:mois|{'|'.join(MONTHS)})\b")
_CHAIN = re.compile(r"(?: ,)?(?: (?:et|ou|ni))?(?: (?:le|la|les))* ?")
_OFFERED = re.compile(r"\b(?:peux|pourrais|voudrais|dispo\w*|libre|plutot|prefere|possible)\b")
_OR_ELSE = re.compile(r"\b(?:ou|sinon)\b")
_RENEWED = re.compile(r"\b(?:ordonnance|traitement|medicaments?)\b")
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
            if isinstance(here, Days) and _is_month(here, line):
                today = replace(today, since=max(today.date, here.days[0].replace(day=1)))
        if len(found) == MOST_EXPRESSIONS:
            break
    return found


def _is_month(day: Days, line: str) -> bool:
    """A month was named: the numbers that follow are its days."""
    named = day.kind == "range" and bool(day.days) and _MONTH_NAMED.search(line[day.start : day.end])
    return bool(named) and len({d.month for d in day.days}) == 1


def _blanked(line: str, today: date) -> str:
    """Without telephone numbers and birth dates, whose figures look like days."""
    for born, start, end in births_in(line, today):
        if (today.year, today.month) <= (born.year + 100, born.month) and born.year + 100 <= today.year + 1:
            continue  # "27/10/26" is this year's
        line = line[:start] + "." * (end - start) + line[end:]
    return _PHONE.sub(lambda m: "." * len(m[0]), line)


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
        if isinstance(item, Days) and isinstance(last, Days) and (one := mentions.beside(last, item, line)):
            out[-1] = one
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
    told_of: list[Days] = []
    opened: Days | None = None
    edge, tale, skipped, consumed = 0, -1, -1, -1
    for i, item in enumerate(found):
        before = found[i - 1] if i else None
        gap = line[edge : item.start]
        clause = context.clause_before(line, item.start)
        after = line[item.end : found[i + 1].start if i + 1 < len(found) else len(line)]
        edge = item.end
        if consumed == i:
            continue
        vague = isinstance(item, Hours) and (not item.clock or "midi" in line[item.start : item.end])
        told = vague and not isinstance(before, Days) and context.is_told(clause)
        # "tous les soirs vers 20 heures": the clock belongs to the tale of the evening.
        told = told or (isinstance(item, Hours) and tale == i - 1 and not gap.strip(" ,") and i > 0)
        if i and skipped == i - 1 and isinstance(item, Hours) and not gap.strip():
            told = True
        if isinstance(item, Hours) and item.sure and not isinstance(before, Days):
            told = told or all(0 < a <= b < NIGHT for a, b in item.spans)
        if isinstance(item, Days) and told_of:
            item = found[i] = mentions.following(item, told_of[-1], gap)
        if _is_void(item) or context.is_past(clause) or told:
            tale, skipped = i if told else tale, i
            if isinstance(item, Days) and mentions.is_coming(clause):
                told_of.append(item)
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
            if _taken_back(item, wished, before, gap, clause):
                if i + 1 < len(found) and isinstance(found[i + 1], Days):
                    wished.pop()
                continue
            refused.append(item)
            while not context.refused_before(gap, clause) and _coupled(wished, found, i, line):
                refused.insert(-1, wished.pop())
                i -= 1
        elif _excused(wished, item, gap, found, i):
            refused.append(item)
            wished.remove(next(w for w in wished[::-1] if isinstance(w, Days)))
        else:
            restated = bool(wished) and wished[-1] is before and not gap.strip(" le,")
            if context.corrects(gap) or (restated and context.corrected_after(after)):
                same = [w for w in wished if isinstance(w, Days) == isinstance(item, Days)]
                wished = [w for w in wished if w is not (same[-1] if same else None)]
            follows = found[i + 1] if i + 1 < len(found) else None
            if isinstance(item, Days) and isinstance(follows, Hours) and _limits(item, follows, gap, after):
                kind = context.bound(gap)
                assert kind is not None
                found[i] = mentions.limited(item, kind, follows, today.date)
                consumed = i + 1
            else:
                found[i] = _placed(item, gap, today.date)
            wished.append(found[i])
            if isinstance(item, Days) and (kind := context.bound(gap)):
                closing = kind in ("before", "until") and opened and isinstance(before, Days)
                if closing and opened and not _OR_ELSE.search(gap):
                    wished[-2:] = [mentions.between(opened, item, kind)]
                placed = wished[-1]
                opened = (
                    placed if kind in ("from", "after") and isinstance(placed, Days) and item.days else None
                )
    if not wished and not refused and not _RENEWED.search(line):
        wished += [w for day in told_of[-1:] if (w := mentions.about(day, line, today.date))]
    return (wished if wished or refused or moving else existing), refused


def _limits(day: Days, hours: Hours, gap: str, between: str) -> bool:
    """ "avant vendredi midi": the time belongs to the bound, and is not wished of every day."""
    one_sided = any(-1 in said for said in hours.spans)
    return bool(day.days) and context.bound(gap) is not None and not between.strip() and not one_sided


def _taken_back(item: Found, wished: list[Found], before: Found | None, gap: str, clause: str) -> bool:
    """ "Jeudi à neuf heures, non, …": the hour is taken back, and not refused of every day."""
    of_a_day = isinstance(item, Hours) and not item.part and isinstance(before, Days)
    return of_a_day and bool(wished) and wished[-1] is before and not context.refused_before(gap, clause)


def _coupled(wished: list[Found], found: list[Found], i: int, line: str) -> bool:
    """ "lundi et mardi je travaille": what is said of the second day is said of the first."""
    last = wished[-1] if wished else None
    if not (i and isinstance(last, Days) and last is found[i - 1] and isinstance(found[i], Days)):
        return False
    alone = _CHAIN.fullmatch(line[last.end : found[i].start])
    return bool(alone) and not _OFFERED.search(context.clause_before(line, last.start))


def _excused(wished: list[Found], item: Found, gap: str, found: list[Found], i: int) -> bool:
    """ "mardi, ah non, mardi je garde mes petits-enfants": the same day again, to say why not."""
    last = next((w for w in wished[::-1] if isinstance(w, Days)), None)
    if not isinstance(item, Days) or last is None or last.days != item.days or not context.corrects(gap):
        return False
    return not (i + 1 < len(found) and isinstance(found[i + 1], Hours))


def _placed(item: Found, gap: str, today: date) -> Found:
    """A day moved by "le lendemain du" or opened by "avant", "à partir de"."""
    if isinstance(item, Hours):
        return item
    if not item.days:
        return item
    if (weeks := context.week_beside(gap)) is not None:
        edge = item.days[-1] if weeks > 0 else item.days[0]
        if item.kind == "range" and weeks < 0 and not context.counted(gap):
            edge += timedelta(days=-edge.weekday() % 7 if edge.weekday() > 4 else 0)
        anchor = edge + timedelta(days=7 * weeks)
        if context.counted(gap):
            return replace(item, days=(anchor,), scope=week(anchor), kind="date", weekday=None)
        return replace(item, days=tuple(d for d in week(anchor) if d >= today), kind="range", weekday=None)
    if by := context.shift(gap):
        edge = item.days[0] if by < 0 else item.days[-1]
        moved = [edge] if item.kind == "range" else item.days
        return replace(item, days=tuple(d + timedelta(days=by) for d in moved), kind="date", weekday=None)
    return mentions.bounded(item, context.bound(gap), today)


def _refused(gap: str, clause: str, after: str, found: list[Found], i: int, chained: bool) -> bool:
    """Whether the caller turns this expression down."""
    if context.refused_before(gap, clause) or (chained and context.refused_with(gap)):
        return True
    if i + 1 < len(found) and context.not_the_next(after):
        return False
    if chained and context.as_well(after):
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
