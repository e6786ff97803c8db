"""The scripts of the asterisk container, on a real Asterisk with the configuration we generate."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from telephony.asterisk.assembled import assemble
from tests.ports import free_ports, free_range
from tests.telephony.exchange import demo
from voicebot.settings import Settings

pytestmark = pytest.mark.asterisk
SCRIPTS = Path(__file__).parents[2] / "docker"


async def healthy(environment):
    asked = await asyncio.create_subprocess_exec(
        SCRIPTS / "asterisk-healthy.sh", env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    return await asked.wait() == 0


async def test_the_container_waits_for_the_voice_then_starts_is_healthy_and_stops_at_once(asterisk):
    state = Path(tempfile.mkdtemp(prefix="vb-"))
    sip, ami, ari, media = free_ports(4)
    rtp = free_range(200)
    ports = {"sip_port": sip, "ami_port": ami, "ari_port": ari, "media_port": media}
    settings = Settings(
        state=state, machine="lyon-1", sip_host="127.0.0.1", rtp_first=rtp, rtp_last=rtp + 199, **ports
    )
    environment = os.environ | {"VOICEBOT_STATE": str(state), "ASTERISK": str(asterisk.program)}
    process = subprocess.Popen(  # noqa: ASYNC220  # it takes no time
        [SCRIPTS / "asterisk-start.sh"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert not await healthy(environment)
        assemble([demo()], settings, (), asterisk)
        async with asyncio.timeout(30):
            while not await healthy(environment):
                assert process.poll() is None
        asked = [asterisk.program, "-C", state / "asterisk/etc/asterisk.conf", "-rx", "core show settings"]
        told = await asyncio.to_thread(subprocess.run, asked, capture_output=True, text=True, timeout=10)
        assert "lyon-1_" in told.stdout, "it begins the ids of the calls"
        process.terminate()
        assert await asyncio.to_thread(process.wait, 20) == 0
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(state, ignore_errors=True)
