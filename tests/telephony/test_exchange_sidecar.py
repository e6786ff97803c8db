"""Asterisk outlives the service, is adopted by the next one, and comes back when it dies itself."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telephony.asterisk import sidecar as module
from telephony.asterisk.sidecar import Sidecar
from tests.telephony.exchange import tone
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.domain.trunk import Trunk
from voicebot.errors import Faulty

pytestmark = pytest.mark.asterisk
STARTER = """\
import asyncio, sys
from pathlib import Path
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.installation import of
from telephony.asterisk.sidecar import Sidecar
program, folder, url, word = sys.argv[1:]
async def main():
    await Sidecar(of(Path(program)), Path(folder), AriAddress(url, "console", word), print).start()
    print("up", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def another(house, asterisk, told) -> Sidecar:
    return Sidecar(asterisk, house.folder, house.ari, told.append)


@asynccontextmanager
async def watched(sidecar: Sidecar):
    watching = asyncio.create_task(sidecar.watch())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def until(look, within_s=15.0):
    for _ in range(int(within_s / 0.1)):
        if await look():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("never")


async def test_the_next_service_adopts_it_with_its_calls(exchange, asterisk):
    told = []
    async with exchange() as house, small_voice(house) as voice, house.patient(tone(700)) as patient:
        await patient.dial(house.number)
        await voice.leg()
        pid = house.sidecar.pid
        successor = another(house, asterisk, told)
        await successor.start()
        assert successor.pid == pid
        assert told == ["Asterisk tourne déjà : il est repris, avec ses appels."]
        await patient.hears(VOICE_HZ)


async def test_it_survives_the_death_of_the_service_s_process_group(exchange, asterisk):
    async with exchange() as house:
        await house.sidecar.stop()
        service = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-c",
                STARTER,
                asterisk.program,
                house.folder,
                house.ari.url,
                house.ari.password,
            ),
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
        )
        assert await asyncio.wait_for(service.stdout.readline(), 20) == b"up\n"
        os.killpg(service.pid, signal.SIGKILL)
        await service.wait()
        successor = another(house, asterisk, [])
        assert successor.pid is not None
        assert await successor.answers()
        await successor.stop()
        assert successor.pid is None
        assert not await successor.answers()


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
async def test_dead_or_frozen_it_comes_back_and_takes_calls(exchange, monkeypatch, blow):
    for name, value in {"ASK_EVERY_S": 0.2, "ANSWER_S": 1.0, "DEAF_AFTER": 2}.items():
        monkeypatch.setattr(module, name, value)
    async with exchange() as house, watched(house.sidecar):
        before = house.sidecar.pid
        os.kill(before, blow)

        async def back() -> bool:
            return house.sidecar.pid not in (None, before) and await house.sidecar.answers()

        await until(back)
        async with small_voice(house) as voice, house.patient(tone(700)) as patient:
            await patient.dial(house.number)
            await voice.leg()
            await patient.hears(VOICE_HZ)


async def test_what_keeps_it_from_starting_is_said(exchange):
    async with exchange() as house:
        await house.sidecar.stop()
        (house.folder / "etc" / "modules.conf").write_text("[modules]\nautoload = no\nrequire = no_such.so\n")
        with pytest.raises(Faulty, match=r"no_such|Asterisk ne démarre pas"):
            await house.sidecar.start()


async def test_a_changed_configuration_is_taken_over_while_a_call_goes_on(exchange):
    async with exchange() as house, small_voice(house) as voice, house.patient(tone(700)) as patient:
        await patient.dial(house.number)
        await voice.leg()
        plan = house.folder / "etc" / "extensions.conf"
        plan.write_text(plan.read_text() + "\n[new]\nexten => s,1,Hangup()\n")
        await house.sidecar.reload()
        await until(lambda: _shows(house, "new"))
        await patient.hears(VOICE_HZ)


async def _shows(house, context: str) -> bool:
    return f"'{context}'" in await house.sidecar.command(f"dialplan show {context}")


async def test_an_operator_whose_name_could_not_be_looked_up_is_known_once_it_can(
    exchange, monkeypatch, tmp_path
):
    monkeypatch.setattr(module, "NAMES_EVERY_S", 0.2)
    elsewhere = Trunk("operator", "no-such-host.invalid:5070")
    async with exchange(trunks=[elsewhere]) as house:
        assert "trunk-operator" not in await house.sidecar.command("pjsip show identifies")
        async with watched(house.sidecar):
            await asyncio.sleep(0.5)
            # the name's server is back: what it leads to, as far as Asterisk is concerned, is in the file
            pjsip = house.folder / "etc" / "pjsip.conf"
            pjsip.write_text(pjsip.read_text().replace("no-such-host.invalid", "localhost"))

            async def known() -> bool:
                return "trunk-operator" in await house.sidecar.command("pjsip show identifies")

            await until(known)


async def test_its_logs_are_kept_for_three_days(exchange, monkeypatch):
    monkeypatch.setattr(module, "NAMES_EVERY_S", 0.2)
    monkeypatch.setattr(module, "ROTATE_EVERY_S", 0.0)
    async with exchange() as house, watched(house.sidecar):
        logs = house.folder / "log"
        (logs / "messages.log.7").touch()

        async def rotated() -> bool:
            return (logs / "messages.log.1").exists()

        await until(rotated)
        await asyncio.sleep(1)
        assert {path.name for path in logs.glob("messages.log*")} <= {
            "messages.log",
            "messages.log.0",
            "messages.log.1",
            "messages.log.2",  # between being rotated and being deleted
        }
