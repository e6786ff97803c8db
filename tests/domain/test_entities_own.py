"""Names, birth dates, numbers and corrections as callers say them; the sayings are in
tests/data/entities_own.tsv. `python -m tests.domain.test_entities_own` tells how many are read right, those
still open among them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters import practice_yaml
from voicebot.domain.call import Entities, Person
from voicebot.domain.dialogue.state import EXPECTS
from voicebot.domain.french import SAME, fold, same_person
from voicebot.domain.understanding.reading import Context, read
from voicebot.settings import Settings

PRACTICE = practice_yaml.load_all(Settings().practices)["demo"]
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
FILE = Path(__file__).parent.parent / "data/entities_own.tsv"
FIELDS = {"first": "first_name", "last": "last_name", "birth": "birth_date", "other": "other_name"}
VALUES = ("first_name", "last_name", "birth_date", "phone")


def sayings(*halves: str) -> Iterator[tuple[str, str, str, str]]:
    for line in FILE.read_text(encoding="utf8").splitlines():
        if line and not line.startswith("#"):
            which, *saying = line.split("\t")
            if which in halves:
                yield tuple(saying)  # type: ignore[misc]


def entities(asked: Any, known: str, text: str) -> Entities:
    about = Person()
    if known:
        first, last, born, phone = known.split()
        about = Person(first, last, datetime.fromisoformat(born).date(), phone)
    return read(text, {}, Context(PRACTICE, NOW, EXPECTS[asked], "booking", about=about)).entities


def wrong(asked: str, known: str, text: str, expected: str) -> str:
    """What was read otherwise, in words; empty = all right."""
    if asked in ("same", "other"):
        one, other = (name.split(" ", 1) for name in (text, expected))
        same = same_person(*one, *other) >= SAME
        return "" if same == (asked == "same") else f"same person: {same}"
    got = entities(asked, known, text)
    faults, told = [], set()
    for part in expected.split() if expected != "-" else ():
        if part.endswith("?"):
            told.add(part.rstrip("?"))
            continue
        if part == "relation":
            faults += [] if got.relation else ["no relation"]
            continue
        key = part.split("=")[0].split("~")[0]
        name, value = FIELDS.get(key, key), part[len(key) + 1 :].replace("_", " ")
        told.add(name)
        said = str(getattr(got, name))
        right = fold(value) in fold(said) if part[len(key)] == "~" else said == value
        if not right:
            faults.append(f"{name} {said!r}")
    faults += [
        f"{name} {getattr(got, name)!r} too many"
        for name in VALUES
        if name not in told and getattr(got, name) is not None
    ]
    return ", ".join(faults)


@pytest.mark.parametrize(("asked", "known", "text", "expected"), list(sayings("learn", "held")))
def test_what_is_said_of_a_person_is_read(asked, known, text, expected):
    assert not wrong(asked, known, text, expected)


if __name__ == "__main__":
    for half in ("learn", "held", "open"):
        results = [(each, wrong(*each)) for each in sayings(half)]
        bad = [r for r in results if r[1]]
        print(f"{half}: {len(results) - len(bad)} of {len(results)} right")
        for each, why in bad:
            print("   ", " | ".join(each), "→", why)
