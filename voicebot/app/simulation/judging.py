"""What a call left against what its journey says must be left. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from voicebot.app.simulation.journeys import Journey
from voicebot.app.simulation.playing import Outcome

ENTITIES = ("slot", "doctor", "name", "birth_date", "phone")
Entities = tuple[tuple[str, str], ...]
"""(kind, value) of one appointment or person."""


@dataclass(frozen=True)
class Lost:
    """Where a call that ended wrongly went wrong: at a question, after these words."""

    asked: str
    after: str


@dataclass(frozen=True)
class Judgement:
    """Of one call. `faults` is empty when everything is as it must be; English sentences otherwise."""

    faults: tuple[str, ...]
    right_end: bool
    """Agenda and tickets are exactly those expected."""
    entities: tuple[tuple[str, int, int], ...]
    """(kind, how many are right, how many there must be)."""
    lost: Lost | None


def judged(journey: Journey, left: Outcome) -> Judgement:
    """See Judgement."""
    then = journey.then
    ends = (
        _differs("agenda", list(then.get("agenda", [])), left.agenda),
        _differs("tickets", sorted(then.get("tickets", [])), sorted(left.tickets)),
    )
    told = "\n".join(left.heard)
    others = (
        _differs("who", sorted(then.get("who", [])), sorted(left.who)) if "who" in then else "",
        _differs("rang", [then["rang"]], left.rang[:1]) if "rang" in then else "",
        _differs("rung", list(then["rung"]), left.rung) if "rung" in then else "",
        _differs("numbers", list(then["numbers"]), left.numbers) if "numbers" in then else "",
        _differs("alarms", sorted(then["alarms"]), sorted(left.alarms)) if "alarms" in then else "",
        *(
            f"no briefing had: {words}"
            for words in then.get("briefings", [])
            if not any(words in briefing for briefing in left.briefings)
        ),
        *(f"never said: {words}" for words in then.get("said", []) if words not in told),
        *(f"must not be said: {words}" for words in then.get("never", []) if words in told),
    )
    faults = tuple(fault for fault in (*ends, *others) if fault)
    return Judgement(faults, not any(ends), _entities(journey, left), lost(left) if faults else None)


def _differs(what: str, expected: Sequence[Any], found: Sequence[Any]) -> str:
    return "" if list(expected) == list(found) else f"{what}: {list(found)}, must be {list(expected)}"


def lost(left: Outcome) -> Lost:
    """The first answer that was not understood; if all were, the last question and what was said to it."""
    answers = [line for line in left.lines if line.who == "caller"]
    missed = [line for line in answers if line.missed]
    line = (missed or answers[-1:] or [None])[0]  # type: ignore[list-item]
    return Lost(line.asked or "open", line.words) if line else Lost("open", "")


def _entities(journey: Journey, left: Outcome) -> tuple[tuple[str, int, int], ...]:
    """Slots and doctors of the appointments that the call must make, and who is named with them.

    Each is compared with what was left that is most like it, so that a wrong hour leaves the name right.
    """
    then = journey.then
    before = {_without_motif(line) for line in journey.agenda}
    whose = "who" in then
    pairs = [
        *_paired(
            [_of_appointment(line, whose) for line in then.get("agenda", []) if line not in before],
            [_of_appointment(line, whose) for line in left.agenda if line not in before],
        ),
        *_paired([_of_person(line) for line in then.get("who", [])], [_of_person(p) for p in left.who]),
    ]
    must = Counter(kind for expected, _ in pairs for kind, _ in expected)
    right = Counter(kind for expected, found in pairs for kind, value in expected if (kind, value) in found)
    return tuple((kind, right[kind], must[kind]) for kind in ENTITIES if must[kind])


def _paired(expected: list[Entities], found: list[Entities]) -> list[tuple[Entities, Entities]]:
    rest, pairs = list(found), []
    for each in expected:
        best = max(rest, key=lambda other: len(set(each) & set(other)), default=())
        if best:
            rest.remove(best)
        pairs.append((each, best))
    return pairs


def _of_appointment(line: str, whose: bool) -> Entities:
    day, hour, doctor, *names = line.split()
    named = () if whose else (("name", " ".join(names)),)
    return (("slot", f"{day} {hour}"), ("doctor", doctor), *named)


def _of_person(line: str) -> Entities:
    *names, born, phone = line.split()
    return (("name", " ".join(names)), ("birth_date", born), ("phone", phone))


def _without_motif(line: str) -> str:
    day, hour, doctor, _, *names = line.split()
    return " ".join((day, hour, doctor, *names))
