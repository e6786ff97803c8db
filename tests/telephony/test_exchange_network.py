"""The sound over a good network, a bad one, and for twenty callers at once; signalling's own delay."""

import asyncio
import re
from statistics import median

import numpy as np
import pytest

from tests.telephony.exchange import NUMBER, OPERATOR, tone
from tests.telephony.rtp_phone import Network, rtp_phones
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.adapters.phone_audio import alaw_decoded

pytestmark = pytest.mark.asterisk


def samples(pcm: bytes):
    return np.frombuffer(pcm, "<i2").astype(int)


def pcm(frame: bytes):
    return samples(alaw_decoded(frame))


async def test_twenty_callers_at_once_hear_the_voice(exchange):
    """Without a gap is measured on an idle machine, below."""
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
            assert len(heard.tone(VOICE_HZ)) > 0.5 * heard.seconds * 10
        assert house.log() == []


@pytest.mark.soak
async def test_no_caller_of_twenty_waits_sixty_milliseconds_for_a_packet(exchange):
    """Its figures hold on an idle machine with two cores."""
    async with (
        exchange(calls_at_once=20) as house,
        small_voice(house) as voice,
        rtp_phones(house) as phones,
    ):
        calls = []
        for _ in range(20):
            calls.append(await phones.dial(tone(700, 30)))
            await voice.leg()
        await asyncio.sleep(30)
        assert max(call.first_packet - call.invited for call in calls) < 1.0
        assert [gap for call in calls for gap in call.gaps(0.06, since_s=0.5)] == []


@pytest.mark.soak
async def test_the_exchange_adds_less_than_a_tenth_of_a_second_to_a_word_and_its_answer(exchange, capsys):
    """From the caller's packet to ours and back, jitter buffer included; we answer without a thought."""
    beeps, second = 30, 8000
    microphone = bytes(2 * second) + (tone(700, 0.1) + bytes(2 * second * 9 // 10)) * beeps
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial(microphone)
        (await voice.leg()).echo = True
        await asyncio.sleep(beeps + 2)
        loud = [at for at, frame in call.came if abs(pcm(frame)).max() > 3000]
        answers = [b for a, b in zip([0.0, *loud], loud, strict=False) if b - a > 0.5]
        said = [call.sent[50 * n] for n in range(1, beeps + 1)]
        added = [min(at - word for at in answers if at > word) for word in said[2:] if word < answers[-1]]
        with capsys.disabled():
            print(f"\nthe exchange adds {1000 * median(added):.0f} ms ({1000 * max(added):.0f} at most)")
        assert len(added) >= beeps - 4
        assert median(added) <= 0.1


async def test_a_bad_network_leaves_the_voice_intelligible_and_the_caller_heard(exchange):
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial(tone(700, 30), network=Network(loss=0.05, jitter_s=0.06))
        leg = await voice.leg()
        await asyncio.sleep(5)
        heard = call.heard().part(0.5, -0.5)
        assert len(heard.tone(VOICE_HZ)) > 0.8 * heard.seconds * 10
        assert len(leg.came) > 150  # of 250: what was lost is not made up, and a busy machine is late


async def test_a_caller_whose_way_grows_by_half_a_second_is_heard_again_within_two(exchange):
    longer = Network(detour_after_s=4, detour_s=0.5)
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial(tone(700, 30), network=longer)
        leg = await voice.leg()
        await asyncio.sleep(10)
        after = [samples(sound) for at, sound in leg.came if 6 < at - call.answered < 10]
        assert sum(abs(frame).max() > 3000 for frame in after) > 140  # of 200; 80 with 200 ms of buffer


async def test_the_bye_of_the_voice_reaches_the_caller(exchange):
    async with exchange() as house, small_voice(house) as voice, rtp_phones(house) as phones:
        call = await phones.dial()
        await (await voice.leg()).leave("hangup")
        await call.until_ended()
        assert not re.findall("PJSIP", "\n".join(await house.calls()))


async def test_forty_calls_from_a_load_generator_all_end_well(exchange, tmp_path):
    async with exchange(calls_at_once=40) as house, small_voice(house) as voice:
        process = await asyncio.create_subprocess_exec(
            *("sipp", "-sn", "uac", "-s", NUMBER, "-i", OPERATOR, "-m", "40", "-r", "8", "-d", "3000"),
            *("-nostdin", "-timeout", "40", f"127.0.0.1:{house.settings.sip_port}"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=tmp_path,
        )
        assert await asyncio.wait_for(process.wait(), 60) == 0
        assert voice.legs.qsize() == 40
        await asyncio.sleep(0.5)
        assert not await house.calls()
