"""No voice listens: the exchange alone brings every caller to a human, or to a recording."""

import asyncio
import json
import time
from datetime import datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest

from tests.telephony.exchange import CALLER, NUMBER, demo, tone
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.domain.practice import Hours, Target

pytestmark = pytest.mark.asterisk


async def ended(house) -> None:
    """The dialplan has said its last word about every call."""
    for _ in range(100):
        if not await house.calls():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await house.calls())


async def test_a_secretary_rings_at_once_accepts_and_the_two_hear_each_other(exchange):
    async with (
        exchange() as house,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        answered = await patient.until("CALL_ESTABLISHED")
        rang = await desk.until("CALL_INCOMING")
        assert rang - answered < 3.0
        await desk.pick_up()
        await desk.until("CALL_ESTABLISHED")
        await desk.press("1")
        await patient.hears(1300)
        await desk.hears(700)
        assert not patient.heard().part(-0.5).gaps(0.06)
        assert not desk.heard().part(-0.5).gaps(0.06)
        await desk.hang_up()
        await patient.until("CALL_CLOSED")
        assert not list((house.folder / "spool").glob("*.json"))


async def test_nobody_is_there_and_what_the_caller_says_is_kept(exchange):
    async with exchange() as house, house.patient(tone(700)) as patient:
        await patient.dial(house.number)
        await patient.hears(1000, 30)
        await patient.hang_up()
        await ended(house)
        (note,) = (house.folder / "spool").glob("*.json")
        known = json.loads(note.read_text())
        assert known["did"] == NUMBER
        assert known["from"] == CALLER
        assert known["practice"] == "demo"
        assert known["outcome"] == "lost"


async def test_a_caller_who_gives_up_while_somebody_hesitates_was_missed(exchange):
    async with (
        exchange() as house,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await desk.until("CALL_ESTABLISHED")
        await patient.hang_up()
        await desk.until("CALL_CLOSED", 25)
        await ended(house)
        (note,) = (house.folder / "spool").glob("missed-*.json")
        assert json.loads(note.read_text())["state"] == "rescue"


async def test_a_voice_that_dies_or_freezes_hands_its_caller_to_a_human(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        for times, blow in enumerate(("dies", "freezes"), 1):
            await patient.dial(house.number)
            leg = await voice.leg()
            await patient.hears(VOICE_HZ)
            struck = time.monotonic()
            if blow == "dies":
                await leg.leave()
            else:
                leg.frozen = True
            rang = await desk.until("CALL_INCOMING", 6, times=times)
            assert rang - struck < (1.0 if blow == "dies" else 4.5)
            await patient.hang_up()
            await desk.until("CALL_CLOSED", times=times)


ON_CALL = Target("garde", "le médecin de garde", emergencies_only=True)


async def test_who_is_kept_for_emergencies_rings_only_when_one_was_flagged(exchange):
    async with (
        exchange(demo(targets=(ON_CALL,))) as house,
        small_voice(house) as voice,
        house.secretary("garde", tone(1300)) as doctor,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).leave()
        again = await voice.leg()
        assert again.outcome == "no_answer"
        assert not doctor.seen("CALL_INCOMING")
        await again.leave("hangup")
        await patient.until("CALL_CLOSED")

        await patient.dial(house.number)
        leg = await voice.leg()
        await leg.ami.set(leg.call, "CALL_URGENT", "1")
        await leg.leave()
        await doctor.until("CALL_INCOMING")


async def test_who_is_not_there_at_this_hour_is_not_rung(exchange):
    today = datetime.now(ZoneInfo("Europe/Paris")).weekday()
    away = Target("secretariat", "x", hours=(Hours((today + 3) % 7, clock(0), clock(23, 59)),))
    here = Target(
        "seconde", "y", hours=tuple(Hours((today + i) % 7, clock(0), clock(23, 59)) for i in (6, 0, 1))
    )
    async with (
        exchange(demo(targets=(away, here))) as house,
        house.secretary("secretariat") as one,
        house.secretary("seconde") as two,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await two.until("CALL_INCOMING")
        await asyncio.sleep(0.3)
        assert not one.seen("CALL_INCOMING")


async def test_when_nobody_takes_the_caller_a_voice_that_is_back_goes_on(exchange):
    async with (
        exchange(demo(ring_s=5)) as house,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        async with small_voice(house) as voice:
            await patient.dial(house.number)
            first = await voice.leg()
        await desk.until("CALL_INCOMING")
        async with small_voice(house) as voice:
            leg = await voice.leg(15)
            assert (leg.call, leg.query["leg"], leg.outcome) == (first.call, "2", "no_answer")
            await patient.hears(VOICE_HZ)
            await leg.leave()  # and dies again
            await desk.until("CALL_INCOMING", times=2)


async def test_a_voice_that_never_comes_back_leaves_the_caller_to_the_recording(exchange):
    async with (
        exchange(demo(ring_s=5)) as house,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await patient.hears(1000, 40)
        assert len(desk.seen("CALL_INCOMING")) == 1
