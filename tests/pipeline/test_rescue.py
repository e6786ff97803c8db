"""A caller whose call broke: what they hear while humans are sought, and when none comes."""

import asyncio

from telephony.wav_line import WavLine
from tests.pipeline.fakes_audio import FakeSynthesizer, heard_by, speech, virtual_time
from voicebot.pipeline.rescue import Farewell, comfort
from voicebot.pipeline.speaking import Speech


def broken_call(farewell, ring_s):
    """What the caller's line hears, how often it rang, and the task that comforts them."""
    line, rings = WavLine(), []
    speech_of_house = Speech(FakeSynthesizer(), clips={"apology": speech("désolé", 0.3)})

    async def ring():
        rings.append(1)
        await asyncio.sleep(ring_s)
        return "no_answer"

    comforting = comfort(line, speech_of_house, ring, lambda: farewell, lambda _: None)
    return line, rings, asyncio.create_task(comforting)


@virtual_time
async def test_nobody_answers_and_the_caller_is_told_to_the_end():
    line, rings, comforting = broken_call(Farewell(("rappelez le cabinet",)), ring_s=0)
    await comforting
    assert heard_by(line) == ["désolé", "rappelez le cabinet"]
    assert len(rings) == 1


@virtual_time
async def test_nobody_hangs_up_on_an_emergency():
    line, rings, comforting = broken_call(Farewell(("composez le quinze",), stay=True), ring_s=2)
    await asyncio.sleep(20)
    assert not comforting.done()
    assert len(rings) >= 3
    assert heard_by(line).count("composez le quinze") >= 3
    comforting.cancel()
    await asyncio.wait({comforting})
