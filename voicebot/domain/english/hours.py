"""Times of day as English speakers say them, found in text whose figures are figures."""

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Minutes of the day, half-open; equal = an exact time."""
Found = tuple[int, int, Span]
"""Where it begins and ends in the text, and when it is."""
DAY_BEGINS, DAY_ENDS = 8 * 60, 21 * 60
"""What "after five" and "before ten" reach to."""
_AROUND = 30
_EARLIEST = 8
"""An hour below it with no "in the morning" is the afternoon's: nobody is seen at three at night."""
_HALF = r"(?: ?(?:(?P<am>a ?m|in the morning)|(?P<pm>p ?m|in the (?:afternoon|evening)|at night))\b)?"
_CLOCK = (
    r"(?:(?P<word>noon|midday|12 noon)\b"
    r"|(?:(?P<half>half) (?:past )?|(?P<quarter>(?:a )?quarter|\d\d?) (?:minutes? )?(?P<side>past|to"
    r"|after) )(?P<of>1[0-2]|[1-9])\b"
    r"|(?P<hour>2[0-3]|1\d|0?\d)(?:(?: |:|\.)(?P<minute>oh 5|[0-5]\d|oclock))?(?! ?(?:days?|weeks?"
    r"|months?|years?"
    r"|minutes?|hours?|st|nd|rd|th|of|people|times|\d|slash))\b)" + _HALF
)
_PARTS: tuple[tuple[str, Span], ...] = (
    (
        r"(?:very )?early (?:in the )?morning|first thing(?: in the morning)?|early (?:in the day|on)",
        (480, 570),
    ),
    (r"(?:mid|middle of the) ?morning", (570, 690)),
    (r"(?:late|later|end of the|late in the) morning", (630, 720)),
    (r"(?:at |around |over )?lunch(?: ?time| break| hour)?", (720, 840)),
    (r"early (?:in the )?afternoon", (720, 900)),
    (r"(?:late|later|end of the|late in the) afternoon", (960, 1080)),
    (r"(?:at )?the end of the day|after (?:work|school)|late in the day", (1020, 1260)),
    (r"mornings?", (480, 720)),
    (r"afternoons?", (720, 1080)),
    (r"evenings?|tonight", (1020, 1260)),
)
_SAID = re.compile(
    r"\b(?:(?P<bound>(?:any ?time )?(?:after|from)|not (?:before|until|earlier than)|before|by|until"
    r"|no later than)"
    r"|(?P<about>about|around|round about|roughly|near)|(?P<at>at|for)) " + _CLOCK
)
_FREE = re.compile(r"(?<!\d )(?<!:)\b" + _CLOCK)
_BETWEEN = re.compile(
    r"\b(?:between|from) (?P<from>2[0-3]|1\d|\d)(?: oclock| 00| ?[ap] ?m)? (?:and|to|till|until) "
    r"(?P<to>2[0-3]|1\d|\d)\b(?: oclock)?" + _HALF
)
_PART = tuple((re.compile(rf"\b(?:{pattern})\b"), span) for pattern, span in _PARTS)


def hours_in(line: str) -> Iterator[Found]:
    """Every time of day named, in order, none overlapping."""
    found: list[Found] = []

    def add(start: int, end: int, span: Span | None) -> None:
        if span and not any(start < e and s < end for s, e, _ in found):
            found.append((start, end, span))

    for m in _BETWEEN.finditer(line):
        first, last = (_hour(int(m[part]), m) * 60 for part in ("from", "to"))
        add(*m.span(), (first if first < last else int(m["from"]) * 60, last))
    for m in _SAID.finditer(line):
        add(*m.span(), _bounded(m))
    for pattern, span in _PART:
        for m in pattern.finditer(line):
            add(*m.span(), span)
    for m in _FREE.finditer(line):
        told = m["word"] or m["half"] or m["side"] or m["minute"] or m["am"] or m["pm"]
        alone = line.strip() in (m[0], f"{m[0]} please", f"the {m[0]}", f"the {m[0]} one")
        add(*m.span(), (_minutes(m), _minutes(m)) if told or alone else None)
    yield from sorted(found)


def _hour(said: int, m: re.Match[str]) -> int:
    if m["am"]:
        return said % 12
    if m["pm"] or said < _EARLIEST:
        return said + 12 if said < 12 else said
    return said


def _minutes(m: re.Match[str]) -> int:
    if m["word"]:
        return 12 * 60
    if m["of"]:
        past = 30 if m["half"] else 15 if "quarter" in m["quarter"] else int(m["quarter"])
        whole = _hour(int(m["of"]), m) * 60
        return whole - past if m["side"] == "to" else whole + past
    minute = m["minute"] or "0"
    return _hour(int(m["hour"]), m) * 60 + (5 if minute == "oh 5" else int(minute) if minute.isdigit() else 0)


def _bounded(m: re.Match[str]) -> Span | None:
    at, bound = _minutes(m), m["bound"] or ""
    if m["about"]:
        return max(0, at - _AROUND), at + _AROUND
    if bound.endswith(("after", "from")) or bound.startswith("not"):
        return at, DAY_ENDS
    return (DAY_BEGINS, at) if bound else (at, at)
