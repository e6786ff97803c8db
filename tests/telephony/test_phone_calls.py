"""Calls over a real Asterisk to the real service: who is heard, who is rung, what breaks without a loss."""

import asyncio
import os
import re
import signal
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from telephony.asterisk.ami import Ami, AmiAddress
from telephony.asterisk.ari import on_air
from tests.telephony.exchange import NUMBER, tone
from tests.telephony.tone_service import VOICE_HZ
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.app import chain
from voicebot.app.private_service import environment_of
from voicebot.app.switchboard import ami_address
from voicebot.domain import events as on

pytestmark = pytest.mark.asterisk
ROOT = Path(__file__).parents[2]
PATIENT_HZ, DESK_HZ = 700, 1300


class Service:
    """A process of the service."""

    def __init__(self, process, log, settings):
        self.process, self.log, self.settings = process, log, settings

    async def says(self, pattern, seconds=60):
        async with asyncio.timeout(seconds):
            while not (found := re.search(pattern, self.log.read_text())):
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)
        return found

    def signal(self, name):
        os.kill(self.process.pid, name)

    async def gone(self, seconds=20):
        await asyncio.wait_for(self.process.wait(), seconds)


@asynccontextmanager
async def running(house, **environment):
    log = house.settings.state / f"service{time.monotonic()}.log"
    ours = {"VOICEBOT_PORT": "0", "VOICEBOT_TELEPHONE": "own"}
    settings = environment_of(house.settings) | ours | environment
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.telephony.tone_service"),
            env=settings,
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    service = Service(process, log, house.settings)
    try:
        await service.says("Prêt")
        yield service
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def records(house):
    """The journal of every call, oldest first."""
    database = Database(house.settings.database)
    journal = SqlJournal(database, sealer(house.settings.state / "words.key"), lambda _: house.practice.zone)
    try:
        calls = await journal.calls("demo", datetime(2020, 1, 1, tzinfo=UTC))
        return [[event async for event in journal.read("demo", call.id)] for call in calls]
    finally:
        await database.close()


async def recorded(house, true, seconds=15):
    async with asyncio.timeout(seconds):
        while True:
            found = await records(house)
            if match := [events for events in found if true(events)]:
                return match[0]
            await asyncio.sleep(0.2)


def outcomes(events):
    return [(event.outcome, event.target) for event in events if isinstance(event, on.TransferEnded)]


def ended(events):
    return any(isinstance(event, on.HungUp) for event in events)


def by(events):
    return next(event.by for event in events if isinstance(event, on.HungUp))


@asynccontextmanager
async def on_stage(exchange, desks=("secretariat",), **environment):
    async with (
        exchange() as house,
        running(house, **environment) as service,
        house.patient(tone(PATIENT_HZ)) as patient,
    ):
        if not desks:
            yield house, service, patient, None
            return
        async with house.secretary(desks[0], tone(DESK_HZ)) as desk:
            yield house, service, patient, desk


@asynccontextmanager
async def managing(house):
    address = AmiAddress("127.0.0.1", house.settings.ami_port, "voice", house.secrets.ami)
    ami = Ami(address, lambda _: None)
    running_ami = asyncio.create_task(ami.run())
    try:
        await ami.until_connected(5)
        yield ami
    finally:
        running_ami.cancel()
        await asyncio.gather(running_ami, return_exceptions=True)


async def greeted(house, patient):
    dialled = time.monotonic()
    await patient.dial(house.number)
    await patient.hears(VOICE_HZ)
    return time.monotonic() - dialled


async def test_a_patient_hears_the_greeting_at_once(exchange):
    async with on_stage(exchange, desks=()) as (house, _, patient, _):
        await patient.dial(house.number)
        established = await patient.until("CALL_ESTABLISHED")
        await patient.hears(VOICE_HZ, 3)
        assert patient.heard().tone(VOICE_HZ)[0] < 1.0
        assert established
        await patient.hang_up()
        events = await recorded(house, ended)
        assert (events[0].channel, events[0].number, events[0].dialled) == (
            "phone",
            "+33612345678",
            "+33199004712",
        )
        assert by(events) == "caller"


async def test_who_presses_zero_is_put_through_and_both_hear_each_other(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        await patient.press("0")
        await desk.until("CALL_INCOMING", 15)
        (_, ringing) = desk.seen("CALL_INCOMING")[0]
        assert ringing["peerdisplayname"].startswith("Cabinet medical des Tilleuls")
        await desk.pick_up()
        await desk.hears(VOICE_HZ, 8)  # the briefing
        await desk.press("1")
        await patient.hears(DESK_HZ)
        await desk.hears(PATIENT_HZ)
        events = await recorded(house, outcomes)
        assert outcomes(events) == [("answered", "secretariat")]
        assert not ended(events)
        await desk.hang_up()
        events = await recorded(house, ended)
        assert by(events) == "caller"
        assert not list((house.folder / "spool").glob("*.wav"))


@pytest.mark.parametrize("outcome", ["declined", "busy", "no_answer", "unreachable"])
async def test_who_does_not_take_the_call_brings_the_voice_back_with_the_truth(exchange, outcome):
    desks = () if outcome == "unreachable" else ("secretariat",)
    async with on_stage(exchange, desks) as (house, service, patient, desk):
        await greeted(house, patient)
        await patient.press("0")
        if desk:
            await desk.until("CALL_INCOMING", 15)
            if outcome == "busy":
                await desk.hang_up()
            if outcome == "declined":
                await desk.pick_up()
                await desk.hears(VOICE_HZ, 8)
                await desk.press("2")
        events = await recorded(house, lambda events: len(outcomes(events)) == 2, 40)
        assert outcomes(events) == [(outcome, "secretariat"), ("unreachable", "seconde")]
        await patient.hears(VOICE_HZ)
        assert not ended(events)


async def test_a_killed_service_leaves_the_caller_to_the_secretary(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        service.signal(signal.SIGKILL)
        killed = time.monotonic()
        rang = await desk.until("CALL_INCOMING", 3)
        assert rang - killed < 3
        await desk.pick_up()
        await asyncio.sleep(0.5)
        await desk.press("1")
        await patient.hears(DESK_HZ, 10)


async def test_a_frozen_service_leaves_the_caller_to_the_secretary(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        await asyncio.sleep(2)
        service.signal(signal.SIGSTOP)
        await desk.until("CALL_INCOMING", 6)
        service.signal(signal.SIGCONT)
        events = await recorded(house, ended)
        assert by(events) == "lost"


async def test_a_service_that_restarts_while_a_human_rings_goes_on_with_the_call(exchange):
    async with on_stage(exchange, RING_S="30") as (house, service, patient, desk):
        await greeted(house, patient)
        await patient.press("0")
        await desk.until("CALL_INCOMING", 15)
        service.signal(signal.SIGKILL)
        await service.gone()
        async with running(house) as again:
            assert "coupé" not in again.log.read_text()
            await desk.hang_up()
            events = await recorded(house, lambda events: len(outcomes(events)) == 2, 20)
            assert outcomes(events) == [("busy", "secretariat"), ("unreachable", "seconde")]
            assert sum(isinstance(event, on.Started) for event in events) == 1
            await patient.hears(VOICE_HZ)
            await patient.hang_up()
            await recorded(house, ended)


async def test_told_to_stop_it_lets_the_call_end_first(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        service.signal(signal.SIGTERM)
        await service.says("Plus aucun nouvel appel")
        async with house.patient(tone(500), caller="+33612345679") as late:
            await late.dial(house.number)
            await desk.until("CALL_INCOMING", 5)
        assert service.process.returncode is None
        await patient.hears(VOICE_HZ, 12)
        await patient.hang_up()
        await service.gone()
        assert service.process.returncode == 0


async def test_asterisk_tells_where_every_caller_is_presses_keys_and_hangs_up(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        (air,) = await on_air(house.ari)
        assert (air.state, air.practice) == ("agent", "demo")
        async with managing(house) as ami:
            await ami.press(air.call, "5")
            await patient.until("CALL_DTMF_START", 3)
            await ami.hang_up(air.call)
            await patient.until("CALL_CLOSED", 3)


async def test_a_human_gives_the_caller_back_to_the_voice(exchange):
    async with on_stage(exchange) as (house, service, patient, desk):
        await greeted(house, patient)
        await patient.press("0")
        await desk.until("CALL_INCOMING", 15)
        await desk.pick_up()
        await desk.hears(VOICE_HZ, 8)
        await desk.press("1")
        await patient.hears(DESK_HZ)
        (air,) = await on_air(house.ari)
        assert air.state == "human"
        async with managing(house) as ami:
            await ami.redirect(air.call, "agent", "returned")
        await desk.until("CALL_CLOSED", 5)
        await patient.hears(VOICE_HZ, 8)
        events = await recorded(house, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events) == [("answered", "secretariat"), ("returned", "secretariat")]
        await patient.hang_up()
        assert by(await recorded(house, ended)) == "caller"


async def test_a_loop_back_call_tells_whether_the_voice_answers_the_number(exchange):
    async with exchange() as house, running(house):
        links = [link async for link in chain.telephone(ami_address(house.settings), NUMBER)]
        assert [link.holds for link in links] == [True, True], links
        assert ended(await recorded(house, ended))


async def test_a_loop_back_call_to_an_exchange_without_a_voice_says_so(exchange):
    async with exchange() as house:
        links = [link async for link in chain.telephone(ami_address(house.settings), NUMBER)]
        assert [link.holds for link in links] == [True, False], links
        for _ in range(50):
            if not await house.calls():
                return
            await asyncio.sleep(0.1)
        pytest.fail("the trial's call goes on")


async def test_a_loop_back_call_without_an_exchange_says_so(exchange):
    (link,) = [link async for link in chain.telephone(AmiAddress("127.0.0.1", 1, "voice", ""), NUMBER)]
    assert not link.holds
    assert "autocommutateur" in link.sentence
