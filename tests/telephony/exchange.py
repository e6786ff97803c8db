"""The test rig: a real Asterisk with a generated configuration on free loopback ports, and telephones.

    @pytest.mark.asterisk
    async def test_x(exchange):                             # the fixture of tests/telephony/conftest.py
        async with (
            exchange() as house,                            # exchange(practice=…, calls_at_once=1, …)
            house.secretary("secretariat", tone(1300)) as desk,
            house.patient(tone(700)) as patient,
        ):
                await patient.dial(house.number)            # a call from the operator (trunk 127.0.0.2)
                await desk.until("CALL_INCOMING", 3)        # baresip's events, with their time
                await desk.pick_up()
                await desk.press("1")
                await patient.hears(1300)                   # the secretary's microphone is that tone
                assert not patient.heard().part(-1).gaps(0.06)

`house.settings` holds the ports (media_port is free for your service to listen on), `house.secrets` the
passwords, `house.practice` the practice, `house.sidecar` the running Asterisk (`pid`,
`command("core show channels")`), `house.folder` its folder (`spool`, `log`), `house.log()` what it complained
about, `house.ari` its REST interface.
`small_voice.py` is a voice of 80 lines for tests that are not about ours. Everything ends by pid.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from telephony.asterisk import installation, sounds
from telephony.asterisk.ari import AriAddress
from telephony.asterisk.assembled import assemble
from telephony.asterisk.configuration import Secrets
from telephony.asterisk.sidecar import Sidecar
from tests.ports import free_ports, free_range
from tests.telephony.telephone import Telephone, telephone, tone, write_wav
from voicebot.adapters import practice_yaml
from voicebot.domain.practice import Number, Practice, Target
from voicebot.domain.trunk import Trunk
from voicebot.settings import Settings

NUMBER = "+33199004712"
CALLER = "+33612345678"
OPERATOR = "127.0.0.2"
"""Whose calls are the trunk's; our telephones are at 127.0.0.1, strangers at 127.0.0.3."""
TARGETS = (Target("secretariat", "le secrétariat"), Target("seconde", "la seconde secrétaire"))

__all__ = ["CALLER", "NUMBER", "House", "demo", "exchange", "tone"]


def demo(*, first: str = "voice", targets: Sequence[Target] = TARGETS, **changes: Any) -> Practice:
    """The practice that ships, with one number, reachable at any hour."""
    shipped = practice_yaml.load(Settings().practices / "demo.yaml")
    numbers = (Number(NUMBER, first),)  # type: ignore[arg-type]
    return replace(shipped, numbers=numbers, targets=tuple(targets), humans=(), **changes)


@dataclass
class House:
    """A running exchange."""

    settings: Settings
    practice: Practice
    secrets: Secrets
    sidecar: Sidecar
    ari: AriAddress
    telephones: int = 0

    @property
    def folder(self) -> Path:
        return self.settings.exchange

    @property
    def number(self) -> str:
        return self.uri(NUMBER)

    def uri(self, user: str) -> str:
        return f"sip:{user}@127.0.0.1:{self.settings.sip_port}"

    def log(self) -> list[str]:
        """Lines of the log that are warnings or errors."""
        lines = (self.folder / "log" / "messages.log").read_text(errors="replace").splitlines()
        return [line for line in lines if " WARNING[" in line or " ERROR[" in line]

    async def calls(self) -> list[str]:
        """Channels alive, one line each."""
        return [
            line for line in (await self.sidecar.command("core show channels concise")).splitlines() if line
        ]

    @asynccontextmanager
    async def patient(
        self,
        microphone: bytes = b"",
        *,
        host: str = OPERATOR,
        caller: str = CALLER,
        codecs: str = "PCMA/8000/1",
    ) -> AsyncIterator[Telephone]:
        """Somebody who phones through the operator; dial `house.number`."""
        account = f"<sip:{caller}@{host}:{{sip}}>;regint=0"
        async with telephone(
            self._folder(), account, host=host, microphone=microphone, codecs=codecs
        ) as phone:
            yield phone

    @asynccontextmanager
    async def secretary(
        self,
        target: str = "secretariat",
        microphone: bytes = b"",
        *,
        password: str | None = None,
        encrypted: bool = False,
        codecs: str = "PCMA/8000/1",
    ) -> AsyncIterator[Telephone]:
        """A telephone of the practice; `password` None = the right one, and registration is awaited."""
        secret = self.secrets.phones[target] if password is None else password
        user, address, more, media = target, f"127.0.0.1:{self.settings.sip_port}", "", ""
        if encrypted:
            user, address = f"{target}-tls", f"127.0.0.1:{self.settings.sips_port};transport=tls"
            more, media = f"module srtp.so\nsip_cafile {self.settings.tls_cert}\n", ";mediaenc=srtp-mand"
        account = f"<sip:{user}@{address}>;auth_user={user};auth_pass={secret};regint=60{media}"
        async with telephone(
            self._folder(), account, microphone=microphone, codecs=codecs, more=more
        ) as phone:
            if password is None:
                await self.registered(user)
            yield phone

    async def registered(self, target: str) -> None:
        for _ in range(100):
            if f"{target}/sip:" in await self.sidecar.command("pjsip show contacts"):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{target} does not register")

    def _folder(self) -> Path:
        self.telephones += 1
        return self.settings.state / f"telephone{self.telephones}"


def shorten(folder: Path) -> None:
    """Nobody in a test waits for whole sentences: half a second of each, and the signal of the voicemail."""
    for name, part in {
        "brief": slice(4000),
        "lost": slice(4000),
        "accept": slice(4000),
        "voicemail": slice(-6400, None),
    }.items():
        path = folder / f"{name}.wav"
        samples = sounds.read(path)[part]
        write_wav(path, (samples * 32767).astype("<i2").tobytes())


def last_words(state: Path) -> str:
    """The ends of what the exchange and its telephones wrote: for the message of a test that failed."""
    logs = [state / "asterisk" / "log" / "messages.log", *sorted(state.glob("telephone*/log"))]
    return "\n".join(f"--- {log}\n{log.read_text(errors='replace')[-2000:]}" for log in logs if log.exists())


Factory = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def asterisk() -> installation.Installation:
    """Found, or built in the cache the first time."""
    return asyncio.run(installation.find("", Settings().cache / "asterisk"))


@pytest.fixture
def exchange(asterisk: installation.Installation) -> Factory:
    """`async with exchange(practice=demo(), trunks=…, **settings) as house`: see the module."""

    @asynccontextmanager
    async def run(
        practice: Practice | None = None, trunks: Sequence[Trunk] | None = None, **changes: Any
    ) -> AsyncIterator[House]:
        practice = practice or demo()
        trunks = (Trunk("operator", f"{OPERATOR}:5070"),) if trunks is None else trunks
        state = Path(tempfile.mkdtemp(prefix="vb-"))  # short: Asterisk's socket must fit into 108 characters
        sip, ami, ari, media = free_ports(4)
        rtp = free_range(200)
        settings = Settings(
            state=state,
            sip_host="127.0.0.1",
            sip_port=sip,
            ami_port=ami,
            ari_port=ari,
            media_port=media,
            rtp_first=rtp,
            rtp_last=rtp + 199,
        )
        settings = replace(settings, **changes)
        made = assemble([practice], settings, trunks, asterisk)
        shorten(made.folder / "sounds")
        where = AriAddress(f"http://127.0.0.1:{ari}/ari", "console", made.secrets.ari)
        sidecar = Sidecar(asterisk, made.folder, where, lambda _: None)
        try:
            await sidecar.start()
            yield House(settings, practice, made.secrets, sidecar, where)
        except Exception as error:
            error.add_note(last_words(state))
            raise
        finally:
            await sidecar.stop()
            shutil.rmtree(state, ignore_errors=True)

    return run
