"""`voicebot run` with the telephone: it starts its exchange, answers on it, neither dies with the other."""

import asyncio
import os
import shutil
import signal
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from telephony.asterisk import secret_words
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.sidecar import Sidecar
from tests.ports import free_ports, free_range
from tests.telephony.exchange import House, demo, tone
from tests.telephony.test_phone_calls import DESK_HZ, PATIENT_HZ, ended, recorded, running
from tests.telephony.tone_service import VOICE_HZ
from voicebot.settings import Settings

pytestmark = pytest.mark.asterisk
OPERATOR = """\
lignes:
  operator:
    opérateur: 127.0.0.2
    adresses: [127.0.0.2]
"""
AUTO = {"VOICEBOT_TELEPHONE": "auto"}


@dataclass
class Premises:
    """A machine on which nothing runs yet."""

    settings: Settings
    asterisk: object

    @cached_property
    def house(self) -> House:
        """As the rig sees what the service has started."""
        secrets = secret_words.load(self.settings.exchange, ["secretariat", "seconde"], (), Path("/"))
        ari = AriAddress(f"http://127.0.0.1:{self.settings.ari_port}/ari", "console", secrets.ari)
        sidecar = Sidecar(self.asterisk, self.settings.exchange.resolve(), ari, lambda _: None)
        return House(self.settings, demo(), secrets, sidecar, ari)


@pytest.fixture
def premises(asterisk):
    state = Path(tempfile.mkdtemp(prefix="vb-"))
    (state / "lines.yaml").write_text(OPERATOR)
    sip, ami, ari, media = free_ports(4)
    rtp = free_range(100)
    ports = {"sip_port": sip, "ami_port": ami, "ari_port": ari, "media_port": media}
    settings = Settings(
        state=state,
        sip_host="127.0.0.1",
        rtp_first=rtp,
        rtp_last=rtp + 99,
        lines=state / "lines.yaml",
        asterisk=str(asterisk.program),
    )
    here = Premises(replace(settings, **ports), asterisk)
    yield here
    pid = here.house.sidecar.pid
    if pid:
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(state, ignore_errors=True)


@asynccontextmanager
async def on_line(premises):
    async with (
        running(premises, **AUTO) as service,
        premises.house.secretary("secretariat", tone(DESK_HZ)) as desk,
        premises.house.patient(tone(PATIENT_HZ)) as patient,
    ):
        yield service, patient, desk


async def test_it_starts_its_exchange_answers_on_it_and_stops_it(premises):
    async with on_line(premises) as (service, patient, _):
        await patient.dial(premises.house.number)
        await patient.hears(VOICE_HZ)
        await patient.hang_up()
        await recorded(premises.house, ended)
        await asyncio.sleep(0.5)
        service.signal(signal.SIGINT)
        await service.gone()
        assert premises.house.sidecar.pid is None


async def test_who_is_with_a_human_stays_there_while_the_service_stops_and_starts(premises):
    async with on_line(premises) as (service, patient, desk):
        await patient.dial(premises.house.number)
        await patient.hears(VOICE_HZ)
        await patient.press("0")
        await desk.until("CALL_INCOMING", 15)
        await desk.pick_up()
        await asyncio.sleep(0.5)
        await desk.press("1")
        await patient.hears(DESK_HZ)
        service.signal(signal.SIGTERM)
        await service.gone()
        assert "Asterisk continue sans nous" in service.log.read_text()
        pid = premises.house.sidecar.pid
        async with running(premises, **AUTO) as again:
            assert premises.house.sidecar.pid == pid
            assert "coupé" not in again.log.read_text()
            await patient.hears(DESK_HZ)
            await desk.hang_up()
            await recorded(premises.house, ended)


async def test_a_killed_service_leaves_the_exchange_to_the_next_one(premises):
    async with on_line(premises) as (service, patient, desk):
        await patient.dial(premises.house.number)
        await patient.hears(VOICE_HZ)
        service.signal(signal.SIGKILL)
        await desk.until("CALL_INCOMING", 5)
        await patient.hang_up()
        await desk.until("CALL_CLOSED", 5)
        async with running(premises, **AUTO):
            await patient.dial(premises.house.number)
            await patient.hears(VOICE_HZ)


async def test_without_an_exchange_there_are_web_calls_only_and_one_line_says_so(premises):
    nowhere = replace(premises.settings, asterisk="/nowhere/asterisk")
    async with running(Premises(nowhere, premises.asterisk), **AUTO) as service:
        (line,) = [line for line in service.log.read_text().splitlines() if "web seulement" in line]
        assert "Asterisk" in line
