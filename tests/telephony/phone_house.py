"""Our side of the telephone, whole but for Whisper and Kokoro: real endpoint, exchange, fold and database."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from telephony.asterisk.ami import Ami
from telephony.asterisk.ari import on_air
from telephony.bridge import bridge
from telephony.transport import LineTransport
from tests.faults.stage import Stage
from tests.pipeline.fakes_audio import FakeEars, pitches, tone, until
from tests.telephony.fake_asterisk import FakeAsterisk
from voicebot.adapters.database import migrate
from voicebot.app.briefing import Briefing
from voicebot.app.exchange import Exchange
from voicebot.app.live import Hub
from voicebot.app.phone import Telephone, listening
from voicebot.app.phone_call import Desk
from voicebot.domain import events as on
from voicebot.domain.dialogue.state import Setting
from voicebot.domain.practice import Number, Practice, Target
from voicebot.domain.triage.rules import Rules
from voicebot.pipeline.call import House
from voicebot.pipeline.hearing import Watch
from voicebot.pipeline.speaking import Speech

VOICE_HZ = 1000
TARGETS = (Target("accueil", "le secrétariat"), Target("moreau", "le docteur Moreau"))


class QuickVoice:
    """Kokoro that says everything in a fifth of a second of tone."""

    rate = 16000

    async def synthesize(self, text: str) -> bytes:
        return tone(VOICE_HZ, 0.2)


class PhoneHouse:
    """One practice on one Asterisk."""

    def __init__(
        self,
        template: Path,
        folder: Path,
        asterisk: FakeAsterisk,
        at_once: int = 8,
        watch: Watch = Watch(),  # noqa: B008  # frozen
        rules: Rules = Rules(),  # noqa: B008  # frozen
    ) -> None:
        self.stage, self.asterisk, self.rules = Stage(template, folder), asterisk, rules
        self.practice: Practice = replace(
            self.stage.practice, numbers=(Number("+33199004712"),), targets=TARGETS, humans=(), ring_s=5
        )
        self.ears, self.voice, self.hub = FakeEars(), QuickVoice(), Hub()
        self.stage.calendar._now = lambda: datetime.now(UTC)
        self.spool = folder / "spool"
        self.spool.mkdir(exist_ok=True)
        clips = {"apology": tone(5000, 0.2), "emergency": tone(6000, 0.2)}

        def house(clock: Any) -> House:
            speech = Speech(self.voice, str, clips)
            return House(self.ears, speech, clock, LineTransport, bridge, watch=watch)

        self.exchange = Exchange(house, self.stage.ports, self.hub, at_once)
        self.admitted = True

    async def __aenter__(self) -> "PhoneHouse":
        self._stack = AsyncExitStack()
        self.ami = Ami(self.asterisk.ami, lambda message: self.telephone.happened(message))
        desk = Desk(self.ami, self._whereabouts, self._brief, self.spool, lambda: datetime.now(UTC))
        self.telephone = Telephone(
            desk,
            self.stage.ports,
            lambda practice: Setting(self.practice, self.rules) if practice == "demo" else None,
            self.exchange,
            self._place,
            self._admits,
            lambda: on_air(self.asterisk.ari),
        )
        running = asyncio.create_task(self.ami.run())
        self._stack.callback(running.cancel)
        self._stack.push_async_callback(self.exchange.stop)
        self.port = await self._stack.enter_async_context(listening(self.telephone, 0))
        await self.ami.until_connected(5)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        await self.stage.close()

    def _place(self, call: Any) -> "asyncio.Task[None]":
        return self.exchange.place(
            call.setting.practice, self.rules, self.stage.phrases, call.line, "phone", call
        )

    def _brief(self, clauses: Any) -> Briefing:
        return Briefing(clauses, self.voice.synthesize, self.voice.rate)

    async def _admits(self, number: str) -> bool:
        return self.admitted

    async def _whereabouts(self, caller: str) -> str:
        return next((air.state for air in await on_air(self.asterisk.ari) if air.call == caller), "")

    def told(self) -> str:
        """What the callers of now were told, as the live page shows it."""
        return "\n".join(c.text for view in self.hub.calls() for c in view.captions if c.who == "voice")

    async def journal(self, caller: str) -> list[on.Event]:
        read = self.stage.journal.read("demo", caller.replace(".", "-"))
        return [event async for event in read]

    async def recorded(self, caller: str, true: Callable[[list[on.Event]], object]) -> list[on.Event]:
        """The journal, once it says so."""
        async with asyncio.timeout(20):
            while not true(events := await self.journal(caller)):  # noqa: ASYNC110  # it is in the database
                await asyncio.sleep(0.1)
        return events


def ended(events: list[on.Event]) -> bool:
    return any(isinstance(event, on.HungUp) for event in events)


def outcomes(events: list[on.Event]) -> list[tuple[str, str]]:
    return [(event.outcome, event.target) for event in events if isinstance(event, on.TransferEnded)]


def noticed(events: list[on.Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, on.Failed) and event.what == "audio"]


def by(events: list[on.Event]) -> str:
    return next(event.by for event in events if isinstance(event, on.HungUp))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def house(template, tmp_path):
    @asynccontextmanager
    async def opened(**how):
        async with FakeAsterisk() as asterisk, PhoneHouse(template, tmp_path, asterisk, **how) as house:
            yield house

    return opened


def voice(caller):
    return any(abs(hz - VOICE_HZ) < 60 for hz in pitches(bytes(caller.heard)[-6400:]))


async def greeted(house, caller):
    await until(lambda: voice(caller), 5)
    await until(lambda: "assistant" in house.told(), 5)


async def asks_for_a_human(house, caller):
    await greeted(house, caller)
    await caller.press("0")
