"""What every Calendar promises, on SQLite and on PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.domain.call import Busy, Person, Slot
from voicebot.errors import SlotTaken, Unavailable

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 30, 8, tzinfo=PARIS)
LATER = NOW + timedelta(minutes=3)
NINE = Slot("moreau", "consultation", NOW.replace(hour=9), 15)
TEN = replace(NINE, start=NOW.replace(hour=10))
DAY = (NOW.replace(hour=0), NOW.replace(hour=23))
ANNE = Person("Anne", "Lefèvre", date(1950, 4, 2), "+33612345678")


class Now:
    """The clock of the calendar under test."""

    at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Now()


@pytest.fixture
def calendar(database, clock):
    return SqlCalendar(database, lambda _: PARIS, clock)


async def booked(calendar, practice, slot=NINE, person=ANNE):
    hold = await calendar.hold(practice, uuid4().hex, slot, NOW, LATER)
    return await calendar.book(practice, uuid4().hex, hold, slot, person, "toux", NOW)


async def taken(calendar, practice):
    return [(busy.doctor, busy.start.hour) for busy in await calendar.busy(practice, *DAY)]


async def test_a_held_time_is_busy_and_nobody_else_can_have_it(calendar, practice):
    await calendar.hold(practice, "a", NINE, NOW, LATER)
    assert await calendar.busy(practice, *DAY) == [Busy("moreau", NINE.start, NINE.end)]
    for other in (NINE, replace(NINE, start=NINE.start + timedelta(minutes=14)), replace(NINE, minutes=120)):
        with pytest.raises(SlotTaken):
            await calendar.hold(practice, "b", other, NOW, LATER)
    await calendar.hold(practice, "c", replace(NINE, start=NINE.end), NOW, LATER)
    await calendar.hold(practice, "d", replace(NINE, doctor="lefevre"), NOW, LATER)
    await calendar.hold(practice + "2", "a", NINE, NOW, LATER)


async def test_the_same_hold_twice_is_one(calendar, practice):
    first = await calendar.hold(practice, "a", NINE, NOW, LATER)
    assert await calendar.hold(practice, "a", NINE, NOW, LATER) == first
    assert await taken(calendar, practice) == [("moreau", 9)]


async def test_a_hold_that_changes_its_mind_leaves_the_first_time(calendar, practice):
    await calendar.hold(practice, "a", NINE, NOW, LATER)
    await calendar.hold(practice, "a", TEN, NOW, LATER)
    assert await taken(calendar, practice) == [("moreau", 10)]


async def test_a_released_time_is_free_and_releasing_twice_is_harmless(calendar, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    await calendar.release(practice, hold)
    await calendar.release(practice, hold)
    assert await taken(calendar, practice) == []
    await calendar.hold(practice, "b", NINE, NOW, LATER)


async def test_an_expired_hold_is_free_for_others(calendar, practice, clock):
    await calendar.hold(practice, "a", NINE, NOW, LATER)
    clock.at = LATER
    assert await taken(calendar, practice) == []
    await calendar.hold(practice, "b", NINE, LATER, LATER + timedelta(minutes=3))


async def test_an_expired_hold_is_booked_all_the_same_when_nobody_took_the_time(calendar, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    appointment = await calendar.book(practice, "b", hold, NINE, ANNE, "", LATER + timedelta(hours=1))
    assert appointment.slot == NINE


async def test_an_expired_hold_whose_time_was_taken_is_refused(calendar, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    await calendar.hold(practice, "other", NINE, LATER, LATER + timedelta(minutes=3))
    with pytest.raises(SlotTaken):
        await calendar.book(practice, "b", hold, NINE, ANNE, "", LATER)
    assert await calendar.done(practice, "b") is None


async def test_a_hold_that_is_gone_is_taken_again_when_the_time_is_free(calendar, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    await calendar.release(practice, hold)
    appointment = await calendar.book(practice, "b", hold, NINE, ANNE, "", NOW)
    assert appointment.slot == NINE


async def test_a_booking_is_known_by_its_key_and_done_once(calendar, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    first = await calendar.book(practice, "b", hold, NINE, ANNE, "toux", NOW)
    again = await calendar.book(practice, "b", hold, NINE, ANNE, "toux", NOW)
    assert first == again == await calendar.done(practice, "b")
    assert first.patient.id
    assert replace(first.patient, id=None) == ANNE
    assert first.slot == NINE
    assert str(first.slot.start.tzinfo) == "Europe/Paris"
    assert await calendar.agenda(practice, *DAY) == [first]
    assert await calendar.done(practice + "2", "b") is None


async def test_a_booking_makes_the_patient_known_once_whatever_the_spelling(calendar, practice):
    first = await booked(calendar, practice)
    second = await booked(
        calendar, practice, TEN, replace(ANNE, last_name="LEFEVRE", first_name="anne", phone="+33100000000")
    )
    assert second.patient.id == first.patient.id
    known = await calendar.patients_born(practice, date(1950, 4, 2))
    assert known == [replace(ANNE, phone="+33100000000", id=first.patient.id)]
    assert await calendar.patients_born(practice + "2", date(1950, 4, 2)) == []
    assert await calendar.patients_born(practice, date(1950, 4, 3)) == []


async def test_one_patients_future_appointments(calendar, practice):
    ten, nine = await booked(calendar, practice, TEN), await booked(calendar, practice)
    await booked(calendar, practice, replace(NINE, doctor="lefevre"), replace(ANNE, first_name="Paul"))
    assert await calendar.appointments_of(practice, nine.patient.id, NOW) == [nine, ten]
    assert await calendar.appointments_of(practice, nine.patient.id, NINE.start) == [ten]
    assert await calendar.appointments_of(practice + "2", nine.patient.id, NOW) == []


async def test_a_move_frees_the_old_time_and_takes_the_held_one(calendar, practice):
    appointment = await booked(calendar, practice)
    hold = await calendar.hold(practice, "a", TEN, NOW, LATER)
    moved = await calendar.move(practice, "m", appointment, hold, TEN, NOW)
    assert moved == replace(appointment, slot=TEN)
    assert await calendar.move(practice, "m", appointment, hold, TEN, NOW) == moved
    assert await calendar.done(practice, "m") == moved
    assert await taken(calendar, practice) == [("moreau", 10)]


async def test_a_move_onto_a_busy_time_is_refused_and_the_original_is_intact(calendar, practice):
    appointment = await booked(calendar, practice)
    other = await booked(calendar, practice, TEN, replace(ANNE, first_name="Paul"))
    with pytest.raises(SlotTaken):
        await calendar.move(practice, "m", appointment, "no such hold", TEN, NOW)
    assert await calendar.agenda(practice, *DAY) == [appointment, other]
    assert await calendar.done(practice, "m") is None


async def test_a_move_by_ten_minutes_is_not_refused_by_itself(calendar, practice):
    appointment = await booked(calendar, practice)
    slot = replace(NINE, start=NINE.start + timedelta(minutes=10))
    assert (await calendar.move(practice, "m", appointment, "", slot, NOW)).slot == slot


async def test_a_cancelled_time_is_free_and_cancelling_twice_is_once(calendar, practice):
    appointment = await booked(calendar, practice)
    for key in ("c", "c", "another call"):
        assert await calendar.cancel(practice, key, appointment, NOW) == appointment
    assert await calendar.done(practice, "c") == appointment
    assert await calendar.agenda(practice, *DAY) == []
    await booked(calendar, practice)


async def test_what_the_secretary_changed_meanwhile_is_not_touched(calendar, practice):
    stale = await booked(calendar, practice)
    moved = await calendar.move(practice, "secretary", stale, "", TEN, NOW)
    with pytest.raises(Unavailable):
        await calendar.cancel(practice, "c", stale, NOW)
    with pytest.raises(Unavailable):
        await calendar.move(practice, "m", stale, "", replace(NINE, doctor="lefevre"), NOW)
    assert await calendar.agenda(practice, *DAY) == [moved]


async def test_one_practice_cannot_touch_anothers_appointment(calendar, practice):
    appointment = await booked(calendar, practice)
    with pytest.raises(Unavailable):
        await calendar.cancel(practice + "2", "c", appointment, NOW)
    assert await calendar.agenda(practice, *DAY) == [appointment]


async def test_many_callers_at_once_never_share_a_time(calendar, practice):
    """200 callers, 20 times: each time goes to exactly one."""

    async def call(number):
        slot = replace(NINE, start=NINE.start + timedelta(minutes=15 * (number % 20)))
        person = replace(ANNE, first_name="Anne" + "abcdefghij"[number % 10])
        try:
            hold = await calendar.hold(practice, f"h{number}", slot, NOW, LATER)
            return await calendar.book(practice, f"b{number}", hold, slot, person, "", NOW)
        except SlotTaken:
            return None

    won = [a for a in await asyncio.gather(*map(call, range(200))) if a]
    agenda = await calendar.agenda(practice, *DAY)
    assert len(won) == len(agenda) == 20
    assert all(a.slot.end <= b.slot.start for a, b in zip(agenda, agenda[1:], strict=False))
    assert len(await calendar.patients_born(practice, ANNE.birth_date)) <= 10


async def test_a_caller_who_hangs_up_during_the_write_does_not_undo_it(calendar, database, practice):
    hold = await calendar.hold(practice, "a", NINE, NOW, LATER)
    booking = asyncio.create_task(calendar.book(practice, "b", hold, NINE, ANNE, "", NOW))
    await asyncio.sleep(0)
    booking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await booking
    await database.close()
    assert await calendar.done(practice, "b")


async def test_a_naive_time_is_never_stored(calendar, practice):
    with pytest.raises(StatementError, match="naive"):
        await calendar.hold(practice, "a", NINE, NOW, LATER.replace(tzinfo=None))
