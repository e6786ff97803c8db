"""The voice asks for a human; the exchange rings them and says truly what became of it."""

import asyncio

import pytest

from tests.telephony.exchange import CALLER, NUMBER, demo, tone
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.domain.practice import Target

pytestmark = pytest.mark.asterisk


async def test_a_caller_is_answered_and_told_who_and_where(exchange):
    async with exchange() as house, small_voice(house) as voice, house.patient(tone(700)) as patient:
        await patient.dial(house.number)
        leg = await voice.leg()
        assert leg.query == {
            "call": leg.call,
            "did": NUMBER,
            "from": CALLER,
            "leg": "1",
            "outcome": "new",
            "practice": "demo",
        }
        await patient.hears(VOICE_HZ)
        await patient.press("7#")
        await leg.pressed("7#")
        await leg.leave("hangup")
        await patient.until("CALL_CLOSED")
        assert (await voice.ended())["outcome"] == "new"
        assert not await house.calls()


async def test_a_human_accepts_and_the_two_are_joined(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        leg = await voice.leg()
        await leg.transfer("secretariat", reason="renouvellement; ${EXEC}")
        await desk.until("CALL_INCOMING")
        (_, ringing) = desk.seen("CALL_INCOMING")[0]
        assert ringing["peerdisplayname"] == "Cabinet medical des Tilleuls: renouvellement EXEC"
        assert CALLER in ringing["peeruri"]
        await desk.pick_up()
        pressed = await desk.until("CALL_ESTABLISHED")
        await desk.press("1")
        await patient.hears(1300)
        await desk.hears(700)
        assert pressed
        await desk.hang_up()
        await patient.until("CALL_CLOSED")
        ended = await voice.ended()
        assert (ended["outcome"], ended["target"]) == ("answered", "secretariat")


async def test_an_emergency_is_joined_to_whoever_picks_up(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat", urgent=True)
        await desk.until("CALL_INCOMING")
        await asyncio.sleep(5)
        assert len(patient.heard().part(-5).tone(440)) > 10  # it rings
        await desk.pick_up()
        await patient.hears(1300, 2)
        await desk.hears(700, 2)


async def test_an_emergency_rings_every_telephone_of_the_practice_at_once(exchange):
    async with (
        exchange(demo(targets=(Target("secretariat", "a"), Target("seconde", "b")))) as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as nobody_there,
        house.secretary("seconde", tone(1900)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat", urgent=True)
        await nobody_there.until("CALL_INCOMING")
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await patient.hears(1900, 2)
        await desk.hears(700, 2)
        await nobody_there.until("CALL_CLOSED")


async def test_an_emergency_is_joined_though_one_telephone_declines_and_one_is_absent(exchange):
    places = (Target("secretariat", "a"), Target("seconde", "b"), Target("absente", "c"))
    async with (
        exchange(demo(targets=places)) as house,
        small_voice(house) as voice,
        house.secretary("secretariat") as busy,
        house.secretary("seconde", tone(1900)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat", urgent=True)
        await busy.until("CALL_INCOMING")
        await busy.hang_up()
        await asyncio.sleep(1)
        await desk.pick_up()
        await patient.hears(1900, 2)


async def test_declined_busy_silent_absent_and_unknown_each_come_back_with_their_word(exchange):
    async with (
        exchange(demo(targets=(Target("secretariat", "a"), Target("seconde", "b")))) as house,
        small_voice(house) as voice,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        leg = await voice.leg()

        async def after(target: str, ring_s: int = 5) -> None:
            await leg.transfer(target, ring_s=ring_s)

        await after("seconde")
        leg = await voice.leg()
        assert (leg.outcome, leg.query["leg"]) == ("unreachable", "2")

        await after("secretariat")
        leg = await voice.leg(8)
        assert leg.outcome == "no_answer"

        await after("secretariat")
        await desk.until("CALL_INCOMING", times=2)
        await desk.pick_up()
        await desk.until("CALL_ESTABLISHED")
        await desk.press("2")
        leg = await voice.leg(8)
        assert leg.outcome == "declined"

        await after("secretariat")
        await desk.until("CALL_INCOMING", times=3)
        await desk.hang_up()
        leg = await voice.leg(8)
        assert leg.outcome == "busy"

        for target in ("nobody", "PJSIP/secretariat", "secretariat&Local/15@numbers", ""):
            await after(target)
            leg = await voice.leg(8)
            assert leg.outcome == "failed", target
        assert len(desk.seen("CALL_INCOMING")) == 3
        await patient.hears(VOICE_HZ)
        assert not patient.heard().gaps(1.5)


async def test_a_caller_who_leaves_during_the_briefing_is_named(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat") as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat")
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await desk.until("CALL_ESTABLISHED")
        await patient.hang_up()
        assert (await voice.ended(20))["outcome"] == "caller_left"
        await desk.until("CALL_CLOSED", 20)
        assert not await house.calls()


async def test_a_human_gives_the_caller_back(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        first = await voice.leg()
        await first.transfer("secretariat", urgent=True)
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await patient.hears(1300)
        await voice.ami.redirect(await channel_of(house, first.call), "agent", "returned")
        leg = await voice.leg()
        assert (leg.outcome, leg.query["leg"], leg.call) == ("returned", "2", first.call)
        await patient.hears(VOICE_HZ)
        await desk.until("CALL_CLOSED")


async def channel_of(house, call: str) -> str:
    (line,) = [line for line in await house.calls() if line.endswith(f"!{call}")]
    return line.split("!")[0]
