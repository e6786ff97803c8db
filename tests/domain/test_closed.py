"""A closed practice says that it is, and the 116 117 only where and when it answers."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from voicebot.adapters import practice_yaml
from voicebot.domain.dialogue.closed import announced, is_closed, on_call
from voicebot.domain.practice import Permanence, Practice
from voicebot.settings import Settings


@pytest.fixture(scope="module")
def practice():
    return practice_yaml.load_all(Settings().practices)["demo"]


def at(text):
    return datetime.fromisoformat(f"{text}+01:00")


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        ("2026-12-01 09:00", False),
        ("2026-12-01 13:00", False),  # lunch
        ("2026-12-01 08:29", True),
        ("2026-12-01 19:00", True),
        ("2026-12-05 10:00", False),  # Saturday
        ("2026-12-05 12:00", True),
        ("2026-12-06 10:00", True),  # Sunday
        ("2026-12-24 10:00", True),  # written
        ("2027-01-01 10:00", True),  # public holiday
    ],
)
def test_closed(practice, moment, closed):
    assert is_closed(practice, at(moment)) is closed


def test_without_any_hours_it_is_never_closed():
    assert not is_closed(Practice("p", "P", "01"), at("2026-12-06 03:00"))


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2026-12-01 19:59", "15"),
        ("2026-12-01 20:00", "116117"),
        ("2026-12-02 07:59", "116117"),
        ("2026-12-02 08:00", "15"),
        ("2026-12-05 11:59", "15"),
        ("2026-12-05 12:00", "116117"),
        ("2026-12-06 10:00", "116117"),
        ("2026-12-25 10:00", "116117"),
        ("2026-12-24 10:00", "15"),
    ],
)
def test_who_is_on_call(practice, moment, number):
    assert on_call(replace(practice, permanence=Permanence()), at(moment)) == number
    assert on_call(replace(practice, permanence=None), at(moment)) == "15"


def test_a_departement_may_begin_later_and_leave_the_weekend_out(practice):
    hours = Permanence(time(0), time(6), None, sundays=False)
    there = replace(practice, permanence=hours)
    calm = ("2026-12-05 15:00", "2026-12-06 10:00", "2026-12-01 23:00")
    assert {on_call(there, at(moment)) for moment in calm} == {"15"}
    assert on_call(there, at("2026-12-02 03:00")) == "116117"


def test_its_own_message_is_said_instead(practice):
    own = replace(practice, closed_message="Fermé jusqu'à lundi.")
    said = announced(own, at("2026-12-06 10:00"))
    assert [(say.phrase, dict(say.values)) for say in said] == [
        ("closed_own", {"text": "Fermé jusqu'à lundi."}),
        ("closed_116117", {}),
    ]
    assert announced(own, at("2026-12-01 09:00")) == ()


def test_the_demonstration_shows_how_it_is_written(practice):
    assert practice.permanence == Permanence()
