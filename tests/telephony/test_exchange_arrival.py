"""Who may call, whom they reach first, and how many."""

import asyncio
import socket
from datetime import time

import pytest

from tests.telephony.exchange import CALLER, NUMBER, demo, tone
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.domain.practice import Hours, Target
from voicebot.domain.trunk import Trunk

pytestmark = pytest.mark.asterisk
STRANGER = "127.0.0.3"


async def test_the_generated_configuration_is_taken_without_a_complaint(exchange):
    mobile = Target(
        "moreau", "le docteur Moreau", "+33639981234", (Hours(0, time(9), time(12)),), emergencies_only=True
    )
    trunk = Trunk(
        "operator", "127.0.0.2:5070", addresses=("127.0.0.2", "203.0.113.0/24"), dialling="national"
    )
    async with exchange(demo(targets=(Target("secretariat", "x"), mobile)), [trunk]) as house:
        assert house.log() == []
        endpoints = await house.sidecar.command("pjsip show endpoints")
        assert "secretariat" in endpoints
        assert "trunk-operator" in endpoints


async def test_humans_first_then_the_voice(exchange):
    async with (
        exchange(demo(first="humans", humans_first_s=5)) as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await desk.until("CALL_INCOMING")
        assert not patient.seen("CALL_ESTABLISHED")
        leg = await voice.leg(8)
        assert leg.outcome == "new"
        await leg.leave("hangup")
        await patient.until("CALL_CLOSED")

        await patient.dial(house.number)
        await desk.until("CALL_INCOMING", times=2)
        await desk.pick_up()
        await patient.hears(1300)
        assert voice.legs.empty()


async def test_above_the_capacity_the_humans_ring(exchange):
    async with (
        exchange(calls_at_once=1) as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300)) as desk,
        house.patient(tone(700)) as one,
        house.patient(tone(800)) as other,
    ):
        await one.dial(house.number)
        leg = await voice.leg()
        await other.dial(house.number)
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await desk.until("CALL_ESTABLISHED")
        await desk.press("1")
        await other.hears(1300)
        await one.hears(VOICE_HZ)
        await leg.leave("hangup")
        await one.until("CALL_CLOSED")
        # the voice has its line again, and once more when a human has taken its caller
        await one.dial(house.number)
        leg = await voice.leg()
        await other.hang_up()
        await desk.until("CALL_CLOSED")
        await leg.transfer("secretariat", urgent=True)
        await desk.until("CALL_INCOMING", times=2)
        await desk.pick_up()
        await one.hears(1300)
        await other.dial(house.number)
        await voice.leg()


async def test_strangers_are_refused_whatever_they_claim(exchange):
    async with exchange() as house, small_voice(house) as voice:
        for claimed in (CALLER, "trunk-operator", "secretariat", "anonymous"):
            async with house.patient(host=STRANGER, caller=claimed) as stranger:
                for times, dialled in enumerate((NUMBER, "secretariat", "+33639981234"), 1):
                    await stranger.dial(house.uri(dialled))
                    await stranger.until("CALL_CLOSED", times=times)
                    assert not stranger.seen("CALL_ESTABLISHED")
        assert voice.legs.empty()
        assert not await house.calls()


async def test_a_wrong_password_does_not_register(exchange):
    async with exchange() as house, house.secretary("secretariat", password="guess"):
        security = house.folder / "log" / "security.log"
        for _ in range(100):
            if "InvalidPassword" in security.read_text() or "ChallengeResponseFailed" in security.read_text():
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError("nobody tried, or nobody noticed")
        assert "secretariat/sip:" not in await house.sidecar.command("pjsip show contacts")


async def test_the_operator_cannot_call_through_us_and_our_telephones_cannot_call_out(exchange):
    mobile = Target("moreau", "le docteur Moreau", "+33639981234")
    async with (
        exchange(demo(targets=(Target("secretariat", "x"), mobile))) as house,
        house.secretary("secretariat") as desk,
        house.patient() as caller,
    ):
        for phone, dialled in (
            (caller, "secretariat"),
            (desk, "+33639981234"),
            (desk, "0639981234"),
            (desk, "moreau"),
            (desk, "agent"),
            (desk, "s"),
        ):
            before = len(phone.seen("CALL_CLOSED"))
            await phone.dial(house.uri(dialled))
            await phone.until("CALL_CLOSED", times=before + 1)
            assert not phone.seen("CALL_ESTABLISHED"), dialled
        assert not desk.seen("CALL_INCOMING")
        assert not await house.calls()


async def test_operators_write_numbers_their_own_way(exchange):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.patient(caller="0612345678") as patient,
    ):
        for times, dialled in enumerate(("0033199004712", "0199004712", "33199004712", "+33199004712"), 1):
            await patient.dial(house.uri(dialled))
            leg = await voice.leg()
            assert (leg.query["did"], leg.query["from"]) == (NUMBER, CALLER)
            await leg.leave("hangup")
            await patient.until("CALL_CLOSED", times=times)


async def test_management_ports_are_on_loopback_only(exchange):
    async with exchange(sip_host="0.0.0.0") as house:
        for port in (house.settings.ami_port, house.settings.ari_port):
            with socket.socket() as probe:
                probe.settimeout(1)
                assert probe.connect_ex(("127.0.0.2", port)) != 0
