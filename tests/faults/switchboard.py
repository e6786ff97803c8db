"""The whole exchange on a real database, with engines to break, in virtual time."""

import asyncio
import itertools
from collections.abc import Callable, Container
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from telephony.bridge import bridge
from telephony.transport import LineTransport
from telephony.wav_line import WavLine
from tests.faults.stage import Stage
from tests.pipeline.fakes_audio import FakeEars, VirtualLoop, pitches, speech, tone
from voicebot.adapters.database import Database
from voicebot.app.exchange import Exchange
from voicebot.app.live import Hub
from voicebot.domain.call import Ticket
from voicebot.domain.dialogue.wording import closed, sentences, values
from voicebot.domain.triage.rules import Rules
from voicebot.errors import EngineFailed
from voicebot.pipeline.call import House
from voicebot.pipeline.engines import DECODE_S
from voicebot.pipeline.speaking import Speech
from voicebot.ports import Transcript, Typed

VOICE_HZ, APOLOGY_HZ, EMERGENCY_HZ = 1000, 5000, 6000


class BreakableEars(FakeEars):
    """Whisper that hears the same word in everything, raises, or hangs until its deadline."""

    async def transcribe(self, *args: Any) -> Transcript:
        async with asyncio.timeout(DECODE_S):
            if self.hangs:
                await asyncio.Event().wait()
            if self.broken:
                raise self.broken("no")
            return Transcript("bonjour", speech=True, clear=True, confidence=0.9)


class BreakableVoice:
    """Kokoro that speaks one tone; what is in `unready` it cannot, or does not in time."""

    rate = 16000

    def __init__(self) -> None:
        self.unready, self.hangs = "nothing of the kind", False
        self.ready: Container[str] | None = None
        """All that it can still say, closed; None: everything."""

    async def synthesize(self, text: str) -> bytes:
        if self.unready in text or (self.ready is not None and closed(text) not in self.ready):
            if self.hangs:
                await asyncio.Event().wait()
            raise EngineFailed("no")
        return tone(VOICE_HZ, 0.3 + len(text) / 20)


class PatientLoop(VirtualLoop):
    """Virtual time stands still while the database works: its threads live in real time."""

    database: Database | None = None

    def time(self) -> float:
        return self._virtual

    def _run_once(self) -> None:
        if self.database is not None and self.database._running:
            asyncio.SelectorEventLoop._run_once(self)
        else:
            super()._run_once()


class Switchboard:
    """One practice, one line, one call; somebody may watch the live page."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.stage = Stage(template, folder)
        self.ears, self.voice, self.hub = BreakableEars(), BreakableVoice(), Hub()
        clips = {"apology": tone(APOLOGY_HZ, 0.5), "emergency": tone(EMERGENCY_HZ, 0.5)}

        def house(clock: Any) -> House:
            return House(self.ears, Speech(self.voice, str, clips), clock, LineTransport, bridge)

        self.stage.calendar._now = lambda: datetime.now(UTC)
        self.exchange = Exchange(house, self.stage.ports, self.hub, 8)
        self.line = WavLine()
        self.rings = 0

    async def __aenter__(self) -> "Switchboard":
        loop = asyncio.get_running_loop()
        assert isinstance(loop, PatientLoop)
        loop.database = self.stage.database
        self._page = self.hub.subscribe()
        page = self._page.__enter__()
        self._watching = asyncio.create_task(self._count_rings(page))
        self.exchange.place(self.stage.practice, Rules(), self.stage.phrases, self.line, "web")
        await self.silent()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.leave()
        await self.over()
        self._watching.cancel()
        await asyncio.wait({self._watching})
        self._page.__exit__(None, None, None)
        await self.stage.close()

    async def _count_rings(self, page: Any) -> None:
        async for change in page:
            if change.kind == "head" and change.calls[0].phase == "ringing":
                self.rings += 1

    async def types(self, *lines: str) -> None:
        for line in lines:
            self.line.do([Typed(line)])
            await asyncio.sleep(1)
            await self.silent()

    async def speaks(self) -> None:
        self.line.play(speech("bonjour", 1.0))

    async def silent(self) -> None:
        """Until we have said what we had to say."""
        quiet = 0
        async with asyncio.timeout(120):
            while quiet < 8:
                heard = len(self.line.heard)
                await asyncio.sleep(0.2)
                quiet = quiet + 1 if not any(pitches(bytes(self.line.heard[heard:]))) else 0

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(200):
            while not true():  # noqa: ASYNC110  # what is waited for is in the audio or on the page
                await asyncio.sleep(0.1)

    async def over(self) -> None:
        await self.until(lambda: not self.exchange.calls)

    def told(self) -> str:
        """What the caller's page shows of what we said."""
        return "\n".join(
            str(n["text"]) for n in self.line.notes if n.get("type") == "caption" and n["who"] == "voice"
        )

    def heard(self, hz: int) -> bool:
        return sum(abs(found - hz) < 60 for found in pitches(bytes(self.line.heard))) >= 5

    def longest_silence(self) -> float:
        """Seconds."""
        window = 512
        runs = itertools.groupby(pitches(bytes(self.line.heard), window), bool)
        return max((len(list(run)) for loud, run in runs if not loud), default=0) * window / 16000

    def rendered_beforehand(self) -> frozenset[str]:
        """What is in the cache, as it is given to the voice."""
        practice = self.stage.practice
        known = (*sentences(self.stage.phrases, practice), *values(practice, date.today()))
        return frozenset(map(closed, known))

    async def tickets(self) -> list[Ticket]:
        return [filed.ticket for filed in await self.stage.tickets.open("demo")]

    async def record(self) -> tuple[list[str], str | None]:
        """The kinds of events of the call, and who ended it."""
        (call,) = await self.stage.journal.calls("demo", datetime(2020, 1, 1, tzinfo=UTC))
        events = [type(event).__name__ async for event in self.stage.journal.read("demo", call.id)]
        return events, call.ended_by

    def days(self) -> tuple[datetime, datetime]:
        """All that can be booked."""
        now = datetime.now(self.stage.practice.zone)
        return now, now + timedelta(days=200)
