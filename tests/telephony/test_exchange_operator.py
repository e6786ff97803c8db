"""Through an operator that demands authentication: calls in, and a doctor's mobile."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.ports import free_ports
from tests.telephony.exchange import CALLER, NUMBER, demo, tone
from tests.telephony.operator import ACCOUNT, HOST, operator
from tests.telephony.small_voice import VOICE_HZ, small_voice
from tests.telephony.telephone import telephone
from voicebot.domain.practice import Target
from voicebot.domain.trunk import Trunk

pytestmark = pytest.mark.asterisk
PASSWORD = "p;ss-w0rd"
MOBILE = Target("moreau", "le docteur Moreau", "+33639981234")


@asynccontextmanager
async def line(exchange, tmp_path: Path, password: str = PASSWORD):
    """(house, mobile, the operator's port): the exchange registers with `password`."""
    port = free_ports(1, HOST)[0]
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "line_operator").write_text(password)
    trunk = Trunk("operator", f"{HOST}:{port}", ACCOUNT, addresses=(HOST,), numbers=(NUMBER,))
    account = "<sip:0033639981234@127.0.0.5:{sip}>;regint=0"
    async with (
        telephone(tmp_path / "mobile", account, host="127.0.0.5", microphone=tone(1700)) as mobile,
        operator(tmp_path / "operator", port, PASSWORD, f"127.0.0.5:{mobile.sip}"),
        exchange(demo(targets=(MOBILE,)), [trunk], line_secrets=str(tmp_path / "secrets")) as house,
    ):
        yield house, mobile, port


async def until_registered(house, word: str = "Registered") -> None:
    for _ in range(100):
        if word in await house.sidecar.command("pjsip show registrations"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(await house.sidecar.command("pjsip show registrations"))


async def test_calls_come_in_by_the_registration_and_mobiles_ring_over_it(exchange, tmp_path):
    async with line(exchange, tmp_path) as (house, mobile, port):
        await until_registered(house)
        async with small_voice(house) as voice, house.patient(tone(700)) as patient:
            await patient.dial(f"sip:{NUMBER}@{HOST}:{port}")
            leg = await voice.leg()
            assert (leg.query["did"], leg.query["from"]) == (NUMBER, CALLER)
            await patient.hears(VOICE_HZ)

            await leg.transfer("moreau")
            await mobile.until("CALL_INCOMING")
            (_, ringing) = mobile.seen("CALL_INCOMING")[0]
            assert ACCOUNT in ringing["peeruri"]
            await mobile.pick_up()
            await mobile.until("CALL_ESTABLISHED")
            await mobile.press("1")
            await patient.hears(1700)
            await mobile.hears(700)
            await mobile.hang_up()
            await patient.until("CALL_CLOSED")


async def test_a_mobile_s_voicemail_swallows_nobody(exchange, tmp_path):
    async with line(exchange, tmp_path) as (house, mobile, port):
        await until_registered(house)
        async with house.patient(tone(700)) as patient:  # no voice listens: rescue
            await patient.dial(f"sip:{NUMBER}@{HOST}:{port}")
            await mobile.until("CALL_INCOMING")
            await mobile.pick_up()  # as a voicemail does: it picks up, talks, presses nothing
            await mobile.until("CALL_CLOSED", 25)
            await patient.hears(1000, 30)  # the signal of our own voicemail
            assert not patient.heard().tone(1700)


async def test_without_the_password_the_line_is_down_and_the_voice_is_told(exchange, tmp_path):
    async with line(exchange, tmp_path, password="guess") as (house, mobile, _):
        await until_registered(house, "Rejected")
        async with small_voice(house) as voice, house.patient(tone(700), host=HOST) as patient:
            await patient.dial(house.number)
            await (await voice.leg()).transfer("moreau")
            assert (await voice.leg()).outcome == "unreachable"
            assert not mobile.seen("CALL_INCOMING")
