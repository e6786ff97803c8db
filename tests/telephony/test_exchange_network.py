"""The sound over a good network, a bad one, and for twenty callers at once; signalling's own delay."""

import asyncio
import re

import pytest

from tests.telephony.exchange import tone
from tests.telephony.rtp_phone import Network, rtp_phones
from tests.telephony.small_voice import VOICE_HZ, small_voice

pytestmark = pytest.mark.asterisk


async def test_twenty_callers_at_once_hear_the_voice_without_a_gap(exchange):
    async with (
        exchange(calls_at_once=20) as house,
        small_voice(house) as voice,
        rtp_phones(house) as phones,
    ):
        calls = []
        for _ in range(20):
            calls.append(await phones.dial(tone(700, 5)))
            await voice.leg()
        await asyncio.sleep(5)
        for call in calls:
            assert call.status == 200
            heard = call.heard().part(0.5, -0.5)
            assert len(heard.tone(VOICE_HZ)) > 0.95 * heard.seconds * 10
        assert house.log() == []


async def test_a_bad_network_leaves_the_voice_intelligible_and_the_caller_heard(exchange):
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial(tone(700, 30), network=Network(loss=0.05, jitter_s=0.06))
        leg = await voice.leg()
        await asyncio.sleep(5)
        heard = call.heard().part(0.5, -0.5)
        assert len(heard.tone(VOICE_HZ)) > 0.8 * heard.seconds * 10
        assert leg.frames > 200  # of 250: what was lost is not made up


async def test_the_bye_of_the_voice_reaches_the_caller(exchange):
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial()
        await (await voice.leg()).leave("hangup")
        await call.until_ended()
        assert not re.findall("PJSIP", "\n".join(await house.calls()))
