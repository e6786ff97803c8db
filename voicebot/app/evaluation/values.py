"""How well wishes for a time, and names, birth dates and telephones, are read: labelled sentences → verdicts.

What is scored, and what is not (a Saturday of "la semaine prochaine", the far end of an open wish), is said
in `tests/data/blind_understanding/README.md`.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from voicebot.app.evaluation.understanding import rows, shares
from voicebot.domain.call import Reading, Window
from voicebot.domain.effects import Expects
from voicebot.domain.french import fold
from voicebot.errors import Fault, FaultyFile

Verdict = Literal["right", "partial", "asked", "wrong"]
"""partial: what was meant and more, or without its hour; asked: nothing was read, so the caller is asked."""
VERDICTS: tuple[Verdict, ...] = ("right", "partial", "asked", "wrong")
Read = Callable[[str, datetime, Expects], Reading]
"""An utterance as an answer to a question: text, local time, what was asked."""
PARTS: dict[str, tuple[time, time]] = {
    "morning": (time(5), time(13)),
    "afternoon": (time(12), time(20)),
    "evening": (time(16), time(23)),
    "noon": (time(11), time(15)),
    "early_morning": (time(5), time(11)),
    "late_morning": (time(9), time(13)),
    "early_afternoon": (time(12), time(16)),
    "late_afternoon": (time(15), time(20)),
}
"""Within what a part of the day must be read; where it begins and ends is the practice's affair."""
ABOUT = timedelta(minutes=60)
"""A span around "vers onze heures" may be that wide."""
SUNDAY, SATURDAY = 6, 5
WEEK, OPEN = 5, 9
"""From so many days, Saturdays, and the days after the last, are not scored."""


@dataclass(frozen=True)
class Result:
    """One sentence. `asked`: the class it is counted in; `got`: as a person reads it."""

    asked: str
    text: str
    wanted: str
    got: str
    verdict: Verdict
    exact: bool = False
    """Letter for letter, accents and hyphens included."""


def dates(path: Path, read: Read) -> list[Result]:
    """Of a TSV file: text, now, expected (JSON windows), part. Raises FaultyFile."""
    results = []
    for number, cells in rows(path):
        if cells[0] == "text":
            continue
        text, said_at, expected, part = (*cells, "", "", "")[:4]
        try:
            now = datetime.fromisoformat(said_at)
            wanted = tuple(_window(w) for w in json.loads(expected))
        except (ValueError, KeyError, TypeError) as error:
            raise FaultyFile((Fault(str(path), number, 1, f"illisible : {error}"),)) from error
        reading = read(text, now, "wish")
        verdict = when(wanted, part, reading, now.date())
        results.append(Result("date", text, f"{expected} {part}".strip(), _shown(reading), verdict))
    return results


def entities(path: Path, read: Read, now: datetime) -> list[Result]:
    """Of a TSV file: asked ("name", "birth_date", "phone"), text, expected. Raises FaultyFile."""
    results = []
    for number, cells in rows(path):
        if cells[0] == "asked":
            continue
        if len(cells) < 3 or cells[0] not in ("name", "birth_date", "phone"):
            raise FaultyFile(
                (Fault(str(path), number, 1, "trois colonnes attendues : demandé, texte, valeur"),)
            )
        asked, text, wanted = cells[:3]
        got = _value(asked, read(text, now, asked))  # type: ignore[arg-type]  # one of three just checked
        exact = got.casefold() == wanted.casefold()
        results.append(Result(asked, text, wanted, got, _heard(asked, got, wanted), exact))
    return results


def when(wanted: Sequence[Window], part: str, reading: Reading, today: date) -> Verdict:
    """Whether the wish for a time was read."""
    if part == "asap" and not wanted:
        return "right" if reading.entities.asap else "wrong" if reading.windows else "asked"
    if not reading.windows:
        return "asked"
    meant, got = {w.day for w in wanted}, {w.day for w in reading.windows}
    meant, got = _scored(meant, meant, today), _scored(got, meant, today)
    if not meant <= got:
        return "wrong"
    of_meant = [w for w in reading.windows if w.day in meant]
    hours = all(
        any(_same_hours(w, g, part) for g in of_meant if g.day == w.day) for w in wanted if w.day in meant
    )
    if not hours:
        bare = all(w.start is None and w.end is None for w in of_meant)
        return "partial" if bare else "wrong"
    alone = all(any(_same_hours(w, g, part) for w in wanted if w.day == g.day) for g in of_meant)
    return "right" if got == meant and alone else "partial"


def _heard(asked: str, got: str, wanted: str) -> Verdict:
    """Whether a value was; half a name is none, the other half is asked for."""
    if fold(got) == fold(wanted):
        return "right"
    return "asked" if not got or (asked == "name" and " " not in got) else "wrong"


def counted(results: Sequence[Result]) -> dict[str, Any]:
    """The JSON-able report: shares with their intervals, by what was asked, and what was not right."""
    classes = sorted({r.asked for r in results})
    of = {name: [r for r in results if r.asked == name] for name in classes}
    return {
        "of": len(results),
        **shares([r.verdict for r in results], VERDICTS),
        "exact": sum(r.exact for r in results),
        "classes": {
            name: {"of": len(these), **shares([r.verdict for r in these], VERDICTS)}
            for name, these in of.items()
        },
        "missed": [
            {"asked": r.asked, "verdict": r.verdict, "text": r.text, "wanted": r.wanted, "got": r.got}
            for r in results
            if r.verdict != "right"
        ],
    }


def _scored(days: Iterable[date | None], meant: set[date | None], today: date) -> set[date | None]:
    """The days that count: not Sundays, nor today and Saturdays in a week, nor beyond an open wish's end."""
    several = len(meant) >= WEEK
    last = max((d for d in meant if d), default=None)
    return {
        d
        for d in days
        if d is None
        or not (
            d.weekday() == SUNDAY
            or (several and d.weekday() == SATURDAY)
            or (len(meant) > 2 and d == today)
            or (len(meant) >= OPEN and last is not None and d > last)
        )
    }


def _same_hours(meant: Window, got: Window, part: str) -> bool:
    if part:
        first, last = PARTS[part]
        start, end = got.start or first, got.end or last
        return (got.start or got.end) is not None and first <= start <= end <= last
    if meant.start is None and meant.end is None:
        return got.start is None and got.end is None
    if (meant.start, meant.end) == (got.start, got.end):
        return True
    if meant.start is not None and meant.start == meant.end:
        return got.start is not None and got.end is not None and _around(meant.start, got.start, got.end)
    early = got.start is None or got.start <= time(8)
    late = got.end is None or got.end >= time(20)
    return (got.start == meant.start or (meant.start is None and early)) and (
        got.end == meant.end or (meant.end is None and late)
    )


def _around(hour: time, start: time, end: time) -> bool:
    day = date.min
    wide = datetime.combine(day, end) - datetime.combine(day, start)
    return start <= hour <= end and wide <= ABOUT


def _window(written: dict[str, str | None]) -> Window:
    day, start, end = written["day"], written["from"], written["to"]
    return Window(
        date.fromisoformat(day) if day else None,
        time.fromisoformat(start) if start else None,
        time.fromisoformat(end) if end else None,
    )


def _value(asked: str, reading: Reading) -> str:
    found = reading.entities
    if asked == "name":
        return " ".join(half for half in (found.first_name, found.last_name) if half)
    if asked == "phone":
        return found.phone or ""
    return found.birth_date.isoformat() if found.birth_date else ""


def _shown(reading: Reading) -> str:
    windows = [f"{w.day or '*'} {w.start or ''}-{w.end or ''}" for w in reading.windows[:14]]
    return ", ".join((*windows, *(("asap",) if reading.entities.asap else ())))
