"""`kill -9` at every write and every sentence of a call: after a restart, what was said is true and what was
owed is on a human's list."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.aftermath import Aftermath, books, restart
from voicebot.app.books import Books
from voicebot.domain.events import Booked, Cancelled, Moved, Said

ROOT = Path(__file__).parents[2]
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A killed process loses nothing that it wrote; only a power cut would, and no test cuts the power."""

EVERY_MOMENT = "EVERY_MOMENT" in os.environ
"""Set by `make soak`: no sampling."""


BOOKING = "everything in one breath"
CANCELLATION = "an appointment is cancelled"
MOVE = "an appointment is moved"
MESSAGE = "a message for the doctor"
EMERGENCY = "!nobody answers an emergency, the 15 is said again and an alarm is left"
QUESTION = "!hanging up on the closed question is not the end of it"
TELEPHONE = "!an emergency that nobody takes on the telephone leaves one alarm and hears the 15 again"
CALLBACK = "the number that the network shows is offered and accepted"
EVERY = {
    BOOKING: 1, CANCELLATION: 6, MOVE: 6, MESSAGE: 6, EMERGENCY: 3, QUESTION: 3, TELEPHONE: 3, CALLBACK: 2
}  # fmt: skip
"""Every so many moments of these journeys are tried; those with "!" need the real rules."""


@pytest.fixture(scope="module")
def killed():
    """The folders of all killed calls."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="killed-") as folder:
        sampled = [
            word for name, every in EVERY.items() for word in ("1" if EVERY_MOMENT else str(every), name)
        ]
        subprocess.run([sys.executable, "-m", "tests.faults.dying", folder, *sampled], check=True, cwd=ROOT)
        yield Path(folder) / "calls"


@pytest.fixture(scope="module")
def read():
    """Books without and with the real rules."""
    return {real: books(real) for real in (False, True)}


def consistent(left: Aftermath) -> list[str]:
    """What is wrong with it, whatever the call was about."""
    wrong = []
    if left.held:
        wrong.append("a hold is left")
    if left.unfinished:
        wrong.append("a call is left open")
    if left.changed_by_second:
        wrong.append("a second restart changed something")
    if "emergency" in left.rang and not any(t.kind == "emergency" for t in left.tickets):
        wrong.append("an emergency is on nobody's list")
    return wrong


def said(left: Aftermath, words: str) -> bool:
    return any(isinstance(e, Said) and words in e.text for e in left.before)


def callback(left: Aftermath) -> bool:
    return any(t.person.phone or t.person.last_name for t in left.tickets)


async def all_true(killed: Path, read: dict[bool, Books], journey: str, judge) -> None:
    wrong, tried = {}, 0
    for folder in sorted((killed / journey).iterdir()):
        if folder.name == "whole":
            continue
        tried += 1
        left = await restart(folder, read[journey.startswith("!")])
        if found := [*consistent(left), *judge(left)]:
            wrong[folder.name] = found
    assert tried >= 3
    assert not wrong


BOOKED = (("2026-12-03 10:00", "Dubois"),)


def a_booking(left):
    if left.agenda not in ((), BOOKED):
        yield f"unexpected agenda {left.agenda}"
    if "C'est noté" in left.told and left.agenda != BOOKED:
        yield "told « c'est noté », and it is not in the agenda"
    if left.agenda and "C'est noté" not in left.told and not callback(left):
        yield "booked, and nobody knows that the caller does not know"
    if said(left, "Marie Dubois") and "C'est noté" not in left.told and not callback(left):
        yield "cut after giving a name, and nobody rings back"


async def test_a_booking_killed_at_every_moment(killed, read):
    await all_true(killed, read, BOOKING, a_booking)


def a_cancellation(left):
    if "est annulé" in left.told and left.agenda:
        yield "told that it is cancelled, and it is not"
    if not left.agenda and "est annulé" not in left.told and not callback(left):
        yield "cancelled, and nobody knows that the caller does not know"
    if any(isinstance(e, Cancelled) for e in left.before) and left.agenda:
        yield "the journal says cancelled"


async def test_a_cancellation_killed_at_a_sample_of_moments(killed, read):
    await all_true(killed, read, CANCELLATION, a_cancellation)


def a_move(left):
    if len(left.agenda) != 1:
        yield f"one appointment, not {left.agenda}"
    moved = left.agenda != (("2026-12-03 09:00", "Dubois"),)
    if "est déplacé" in left.told and not moved:
        yield "told that it is moved, and it is not"
    if moved and "est déplacé" not in left.told and not callback(left):
        yield "moved, and nobody knows that the caller does not know"
    if any(isinstance(e, Moved | Booked) for e in left.before) and not moved:
        yield "the journal says moved"


async def test_a_move_killed_at_a_sample_of_moments(killed, read):
    await all_true(killed, read, MOVE, a_move)


def a_message(left):
    if "C'est noté" in left.told and not any(t.kind == "message" for t in left.tickets):
        yield "told « c'est noté », and there is no message"


async def test_a_message_killed_at_a_sample_of_moments(killed, read):
    await all_true(killed, read, MESSAGE, a_message)


def an_emergency(left):
    if said(left, "respirer") and not any(t.level == "emergency" for t in left.tickets):
        yield "an emergency on record is on nobody's list"
    if left.agenda:
        yield "booked after an emergency"


async def test_an_emergency_killed_at_a_sample_of_moments(killed, read):
    await all_true(killed, read, EMERGENCY, an_emergency)


async def test_an_emergency_killed_while_one_telephone_after_the_other_rings(killed, read):
    await all_true(killed, read, TELEPHONE, an_emergency)


def a_callback(left):
    if "on vous rappellera" in left.told and not callback(left):
        yield "told that somebody will ring back, and nobody knows"
    if said(left, "passez-moi quelqu'un") and not callback(left):
        yield "asked for a human, met none, and nobody rings back"


async def test_a_caller_who_reaches_nobody_killed_at_a_sample_of_moments(killed, read):
    await all_true(killed, read, CALLBACK, a_callback)


def an_unanswered_question(left):
    if any(isinstance(e, Said) for e in left.before) and not any(t.level for t in left.tickets):
        yield "a question of life and death was left open, and nobody knows"


async def test_a_caller_cut_off_at_the_closed_question_is_treated_as_if_they_had_said_yes(killed, read):
    await all_true(killed, read, QUESTION, an_unanswered_question)
