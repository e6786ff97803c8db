"""No voice listens: the exchange alone brings every caller to a human, or to a recording."""

import json

import pytest

from tests.telephony.exchange import CALLER, NUMBER, tone

pytestmark = pytest.mark.asterisk


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
        await patient.until("CALL_CLOSED")
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
        (note,) = (house.folder / "spool").glob("missed-*.json")
        assert json.loads(note.read_text())["state"] == "rescue"
