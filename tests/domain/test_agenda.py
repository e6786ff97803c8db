"""What a caller is offered, as the practice's rules and the other callers leave it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.domain.agenda import free_slots, is_open, searched
from voicebot.domain.call import Busy, Window
from voicebot.domain.effects import FindSlots
from voicebot.domain.practice import Doctor, Hours, Motif, Practice, Reserved

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(
    Hours(day, start, end) for day in range(5) for start, end in ((time(9), time(12)), (time(14), time(18)))
)
PRACTICE = Practice(
    id="p",
    name="Cabinet",
    phone="01 99 00 00 00",
    doctors=(
        Doctor("moreau", "Moreau", opening=WEEK),
        Doctor("lefevre", "Lefèvre", opening=(Hours(5, time(9), time(12)),)),
    ),
    motifs=(
        Motif("consultation", "consultation", 15),
        Motif("long", "bilan", 45, doctors=("moreau",)),
        Motif("samedi", "vaccination", 15, doctors=("lefevre",)),
    ),
    reserved=tuple(Reserved("moreau", Hours(day, time(11), time(12))) for day in range(5)),
)
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=PARIS)
"""A Monday."""
TUESDAY, THURSDAY, SATURDAY, SUNDAY = (date(2026, 12, d) for d in (1, 3, 5, 6))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def offered(*windows: Window, motif="consultation", busy=(), now=NOW, limit=3, practice=PRACTICE, **wish):
    slots, wished = free_slots(practice, FindSlots(motif, windows, **wish), busy, now, limit)
    return [f"{slot.start:%d/%m %H:%M}" for slot in slots], wished


def test_without_a_wish_the_soonest_half_days_are_offered():
    assert offered() == (["30/11 09:00", "30/11 14:00", "01/12 09:00"], True)


def test_thursday_after_five():
    assert offered(Window(THURSDAY, time(17))) == (["03/12 17:00", "03/12 17:15", "03/12 17:30"], True)


def test_a_morning_is_offered_apart():
    assert offered(Window(THURSDAY, None, time(12))) == (["03/12 09:00", "03/12 09:30", "03/12 10:00"], True)


def test_thursday_evening_or_else_saturday():
    wish = (Window(THURSDAY, time(18), time(20)), Window(SATURDAY))
    assert offered(*wish) == (["05/12 09:00", "05/12 10:00", "05/12 11:00"], True)


def test_what_is_wished_otherwise_is_offered_only_when_the_first_cannot_be_had():
    saturday_first = (Window(SATURDAY), Window(TUESDAY, rank=1), Window(THURSDAY, rank=2))
    assert offered(*saturday_first) == (["05/12 09:00", "05/12 10:00", "05/12 11:00"], True)
    sunday_first = (Window(SUNDAY), Window(THURSDAY, rank=1), Window(TUESDAY, rank=2))
    assert offered(*sunday_first) == (["03/12 09:00", "03/12 10:00", "03/12 14:00"], True)


def test_an_exact_time_that_is_free():
    assert offered(Window(TUESDAY, time(15), time(15))) == (["01/12 15:00"], True)


def test_an_exact_time_that_is_taken_gives_the_nearest_that_day():
    taken = Busy("moreau", at(TUESDAY, 15), at(TUESDAY, 15, 30))
    assert offered(Window(TUESDAY, time(15), time(15)), busy=[taken]) == (
        ["01/12 14:30", "01/12 14:45", "01/12 15:30"],
        False,
    )


def test_a_closed_day_gives_the_days_around_it():
    assert offered(Window(SUNDAY)) == (["05/12 09:00", "07/12 09:00", "07/12 14:00"], False)


def test_later_than_what_was_offered_never_offers_it_again():
    assert offered(Window(THURSDAY), after=at(THURSDAY, 17, 30)) == (["03/12 17:45"], True)
    times, wished = offered(Window(THURSDAY), after=at(THURSDAY, 17, 45))
    assert not wished
    assert times == ["04/12 09:00", "04/12 14:00", "05/12 09:00"]


def test_earlier_than_what_was_offered():
    assert offered(before=at(NOW.date(), 9, 30)) == (["30/11 09:00", "30/11 09:15"], True)


def test_nothing_sooner_than_the_notice_nor_later_than_the_horizon():
    soon = replace(PRACTICE, notice_minutes=90, horizon_days=1)
    assert offered(now=at(NOW.date(), 16, 1), practice=soon, limit=99)[0][0] == "30/11 17:45"
    assert offered(practice=soon, limit=99)[0][-1] == "01/12 17:45"


def test_reserved_times_are_for_the_same_day_only_and_only_today():
    two_days = replace(PRACTICE, horizon_days=1)
    assert "30/11 11:00" not in offered(limit=99, practice=two_days)[0]
    today, wished = offered(same_day=True, now=at(NOW.date(), 11, 10), limit=99)
    assert (today, wished) == (["30/11 11:15", "30/11 11:30", "30/11 11:45"], True)
    assert offered(same_day=True, now=at(NOW.date(), 12)) == ([], False)
    slots, _ = free_slots(PRACTICE, FindSlots("consultation", same_day=True), (), NOW)
    assert all(slot.reserved for slot in slots)


def test_a_motif_has_its_length_and_its_doctors():
    assert offered(Window(TUESDAY, None, time(13)), motif="long", limit=99)[0] == [
        "01/12 09:00", "01/12 09:15", "01/12 09:30", "01/12 09:45", "01/12 10:00", "01/12 10:15",
    ]  # fmt: skip
    assert offered(Window(SATURDAY), motif="long")[1] is False


def test_the_doctor_asked_for():
    assert offered(doctor="lefevre", limit=1)[0] == ["05/12 09:00"]


def test_a_doctor_who_does_not_do_that_leaves_the_colleagues():
    assert offered(motif="samedi", doctor="moreau", limit=1) == (["05/12 09:00"], False)


def test_a_doctor_who_is_away_and_a_practice_that_is_closed():
    away = replace(PRACTICE.doctors[0], absences=((NOW.date(), TUESDAY),))
    practice = replace(PRACTICE, doctors=(away,), closed=((date(2026, 12, 2), THURSDAY),))
    assert offered(practice=practice, limit=1)[0] == ["04/12 09:00"]


def test_public_holidays_by_departement():
    christmas, saint_stephen = date(2026, 12, 25), date(2026, 12, 26)
    assert not is_open(PRACTICE, christmas)
    assert is_open(replace(PRACTICE, public_holidays_closed=False), christmas)
    assert is_open(PRACTICE, saint_stephen)
    assert not is_open(replace(PRACTICE, department="67"), saint_stephen)


def test_summer_time_neither_doubles_nor_stretches_a_slot():
    night = replace(
        PRACTICE,
        doctors=(Doctor("moreau", "Moreau", opening=(Hours(6, time(1), time(4)),)),),
        public_holidays_closed=False,
    )
    forward, _ = free_slots(night, FindSlots("consultation"), (), datetime(2027, 3, 27, 12, tzinfo=PARIS), 99)
    sunday = [slot.start.timestamp() for slot in forward if slot.start.date() == date(2027, 3, 28)]
    assert len(sunday) == 8
    assert {b - a for a, b in zip(sunday, sunday[1:], strict=False)} == {900.0}


def test_an_unknown_motif_is_the_programmers_mistake():
    with pytest.raises(KeyError):
        offered(motif="nope")


quarter = st.integers(0, 4 * 24 * 30).map(lambda n: NOW + timedelta(minutes=15 * n))
windows = st.builds(
    Window,
    st.none() | st.dates(date(2026, 11, 28), date(2027, 1, 5)),
    st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(quarter, st.integers(5, 600)), max_size=8),
    st.lists(windows, max_size=3),
    st.booleans(),
    st.integers(0, 5),
)
def test_whatever_the_wish_only_free_distinct_times_are_offered(taken, wish, same_day, limit):
    busy = [Busy("moreau", start, start + timedelta(minutes=minutes)) for start, minutes in taken]
    practice = replace(PRACTICE, horizon_days=20)
    slots, _ = free_slots(
        practice, FindSlots("consultation", tuple(wish), same_day=same_day), busy, NOW, limit
    )
    starts = [slot.start for slot in slots]
    assert starts == sorted(set(starts))
    assert len(slots) <= limit
    low, high = searched(practice, NOW)
    for slot in slots:
        assert low <= slot.start < high
        assert slot.reserved == same_day
        assert not any(slot.doctor == b.doctor and slot.start < b.end and b.start < slot.end for b in busy)
