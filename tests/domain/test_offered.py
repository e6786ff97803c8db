"""What is said of times that were offered: their day is today for whoever says it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from voicebot.domain.call import Reading, Slot, Window
from voicebot.domain.dialogue.offers import Refusal, any_day, choose
from voicebot.domain.french.dates import windows

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 7, 9, 30, tzinfo=PARIS)
"""A Wednesday; offered are the Thursday and the Friday of the week after."""
OFFERED = tuple(
    datetime(2026, 10, day, hour, 30, tzinfo=PARIS) for day, hour in ((15, 9), (15, 14), (16, 10))
)
SLOTS = tuple(Slot("moreau", "consultation", at, 15) for at in OFFERED)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("non, la semaine d'après", "2026-10-19", "2026-10-25"),
        ("plutôt la semaine suivante", "2026-10-19", "2026-10-25"),
        ("une semaine plus tard si possible", "2026-10-23", "2026-10-23"),
        ("vous n'avez rien le lendemain", "2026-10-17", "2026-10-17"),
        ("le jour d'après", "2026-10-17", "2026-10-17"),
        ("trois jours plus tard", "2026-10-19", "2026-10-19"),
        ("quinze jours plus tard", "2026-10-30", "2026-10-30"),
        ("plutôt le lundi d'après", "2026-10-19", "2026-10-19"),
        ("le mardi de la semaine d'après", "2026-10-20", "2026-10-20"),
        ("le mois suivant", "2026-11-01", "2026-11-30"),
        ("la semaine d'avant", "2026-10-07", "2026-10-11"),
        ("un autre vendredi", "2026-10-23", "2026-10-23"),
        ("le même jour l'après-midi", "2026-10-16", "2026-10-16"),
    ],
)
def test_days_beside_the_offer(said, first, last):
    days = [w.day for w in windows(said, NOW, offered=OFFERED)]
    assert (days[0], days[-1]) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("said", "day", "at"),
    [
        ("le lendemain à la même heure", "2026-10-17", time(9, 30)),
        ("la semaine d'après, le jeudi, à la même heure", "2026-10-22", time(9, 30)),
        ("lundi à la même heure", "2026-10-12", time(9, 30)),
    ],
)
def test_the_same_hour_is_the_offered_one(said, day, at):
    assert windows(said, NOW, offered=OFFERED) == (Window(date.fromisoformat(day), at, at),)


@pytest.mark.parametrize(
    "said", ["mardi en huit", "après la Toussaint", "le 20", "pas le matin", "vendredi prochain"]
)
def test_what_hangs_on_no_offer_is_read_as_ever(said):
    assert windows(said, NOW, offered=OFFERED) == windows(said, NOW)


def picked(said: str):
    return choose(SLOTS, said, Reading(windows=windows(said, NOW, offered=OFFERED)))


@pytest.mark.parametrize(
    "said",
    ["le même jour mais plus tard", "plus tard dans la journée", "plus tard dans la matinée", "plus tard"],
)
def test_later_than_the_last_one_offered(said):
    assert picked(said) == Refusal(after=OFFERED[-1])


@pytest.mark.parametrize(
    "said", ["le même jour mais plus tôt", "plus tôt dans la journée", "plus tôt", "un peu avant"]
)
def test_earlier_than_the_first_one_offered(said):
    assert picked(said) == Refusal(before=OFFERED[0])


def test_another_day_gives_up_the_days_and_keeps_the_time_of_day():
    assert picked("un autre jour").another_day
    wish = (Window(date(2026, 10, 15), time(14), time(18)), Window(date(2026, 10, 16), time(14), time(18)))
    assert any_day(wish) == (Window(None, time(14), time(18)),)


def test_what_was_offered_can_still_be_chosen_by_its_day():
    assert picked("celui de vendredi") == SLOTS[2]
