"""The service is killed or frozen at random moments of calls: every caller reaches the secretary."""

import asyncio
import random
import signal
from contextlib import AsyncExitStack

import pytest

from tests.telephony.exchange import tone
from tests.telephony.test_phone_calls import DESK_HZ, PATIENT_HZ, records, running
from voicebot.domain import events as on

pytestmark = pytest.mark.asterisk
MOMENTS = ("arriving", "greeting", "listening", "keys", "announcing", "ringing")
KILLED_S, FROZEN_S = 4.0, 8.0
"""Within which the secretary's telephone rings, on a busy machine."""


class Rounds:
    """One exchange, one patient, one secretary, and a service that does not live long."""

    def __init__(self, house, patient, desk, wild):
        self.house, self.patient, self.desk, self.wild = house, patient, desk, wild
        self.stack, self.service, self.number = AsyncExitStack(), None, 0

    async def started(self):
        await self.stack.aclose()
        self.service = await self.stack.enter_async_context(running(self.house))

    async def reaches(self, moment):
        """The call, up to a moment somewhere in this part of it."""
        await self.patient.dial(self.house.number)
        await self.patient.until("CALL_ESTABLISHED", 5, self.number)
        if moment == "arriving":
            await asyncio.sleep(self.wild.uniform(0, 0.3))
        elif moment == "greeting":
            await asyncio.sleep(self.wild.uniform(0.3, 2.0))
        elif moment == "listening":
            await asyncio.sleep(self.wild.uniform(3.0, 6.0))
        else:
            await asyncio.sleep(self.wild.uniform(0.5, 3.0))
            await self.patient.press("3" if moment == "keys" else "0")
            await asyncio.sleep(self.wild.uniform(0, 1.2))
            if moment == "ringing":
                await self.desk.until("CALL_INCOMING", 15, self.number)

    async def accepts(self, moment, how):
        """A human who is not through presses again."""
        for _ in range(4):
            await asyncio.sleep(0.5)
            await self.desk.press("1")
            try:
                await self.patient.hears(DESK_HZ, 2.5)
                await self.desk.hears(PATIENT_HZ, 8)
                return
            except AssertionError:
                continue
        pytest.fail(f"round {self.number}, {moment}, {how.name}: {await self.house.calls()}")

    async def play(self, moment, how):
        self.number += 1
        await self.reaches(moment)
        self.service.signal(how)
        within = KILLED_S if how is signal.SIGKILL else FROZEN_S
        await self.desk.until("CALL_INCOMING", within, self.number)
        await self.desk.pick_up()
        await self.desk.until("CALL_ESTABLISHED", 5, self.number)
        await self.accepts(moment, how)
        if how is signal.SIGSTOP:
            self.service.signal(signal.SIGCONT)
        await self.desk.hang_up()
        await self.patient.until("CALL_CLOSED", 5, self.number)
        if how is signal.SIGKILL:
            await self.started()


async def played(exchange, rounds, seed):
    wild = random.Random(seed)
    async with (
        exchange() as house,
        house.secretary("secretariat", tone(DESK_HZ)) as desk,
        house.patient(tone(PATIENT_HZ)) as patient,
    ):
        game = Rounds(house, patient, desk, wild)
        await game.started()
        try:
            for moment, how in rounds:
                await asyncio.wait_for(game.play(moment, how), 90)
            await game.started()  # what the last one left is settled by the next
            assert not await house.calls()
            found = await records(house)
            assert len(found) <= len(rounds)
            assert all(any(isinstance(event, on.HungUp) for event in call) for call in found)
        finally:
            await game.stack.aclose()


async def test_whenever_the_service_dies_the_caller_reaches_the_secretary(exchange):
    kills = [(moment, signal.SIGKILL) for moment in MOMENTS]
    freezes = [(moment, signal.SIGSTOP) for moment in ("greeting", "listening", "announcing", "ringing")]
    await played(exchange, kills + freezes, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 15))
async def test_fifty_kills_and_twenty_freezes_lose_nobody(exchange, seed):
    wild = random.Random(seed)
    moments = [wild.choice(MOMENTS) for _ in range(14)]
    hows = [signal.SIGKILL] * 10 + [signal.SIGSTOP] * 4
    wild.shuffle(hows)
    await played(exchange, list(zip(moments, hows, strict=True)), seed)
