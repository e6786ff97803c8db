"""What a conversation promises about the world: order, retraction, and the truth about writes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.fakes import NoReader, Silent
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.clock import VirtualClock
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Appointment, Busy, Person, Slot, Ticket
from voicebot.domain.dialogue.state import Form, Setting, State
from voicebot.domain.events import HungUp, Said, SpeechStarted, TurnRetracted
from voicebot.domain.practice import Doctor, Motif, Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import FateUnknown, SlotTaken, Unavailable

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SLOT = Slot("moreau", "consultation", NOW + timedelta(days=2), 15)
MARIE = Person("Marie", "Dubois", datetime(1972, 3, 12).date(), "+33612345678", "p1")
PRACTICE = Practice(
    "demo", "Cabinet", "01 99 00 00 00", "UTC", doctors=(Doctor("moreau", "Moreau"),),
    motifs=(Motif("consultation", "consultation", 15),),
)  # fmt: skip
SAID = {
    "booked": "C'est noté.",
    "booking": "J'enregistre.",
    "trouble": "Panne.",
    "fate_unknown": "Incertain.",
}


class Phrases(dict[str, str]):
    """Only what the tests look at has words."""

    def __missing__(self, phrase: str) -> str:
        return ""


PHRASES = Phrases(SAID)


@dataclass
class World:
    """Calendar, tickets and journal in memory; `log` is what was done, `fail` what goes wrong."""

    log: list[str] = field(default_factory=list)
    fail: dict[str, Exception] = field(default_factory=dict)
    committed: bool = False

    def _do(self, what: str) -> None:
        self.log.append(what)
        if what in self.fail:
            raise self.fail[what]

    async def busy(self, *_: object) -> Sequence[Busy]:
        self._do("busy")
        return ()

    async def hold(self, *_: object) -> str:
        self._do("hold")
        return "hold-2"

    async def release(self, practice: str, hold: str) -> None:
        self._do("release")

    async def book(self, *_: object) -> Appointment:
        self._do("book")
        self.committed = True
        return Appointment("a1", SLOT, MARIE)

    async def done(self, practice: str, key: str) -> Appointment | None:
        self._do("done")
        return Appointment("a1", SLOT, MARIE) if self.committed else None

    async def save(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        self._do("ticket")

    async def append(self, practice: str, call: str, position: int, event: object) -> None:
        self._do(f"journal {type(event).__name__}")


def at_the_read_back() -> State:
    form = Form(slot=SLOT, person=MARIE, looked_up=True)
    return State(
        Setting(PRACTICE, Rules()), "call-1", topic="booking", form=form, hold="hold-1", asked="confirm"
    )


class Scene:
    """One conversation whose events the test gives by hand."""

    def __init__(self, world: World, state: State) -> None:
        self.clock, self.world = VirtualClock(NOW), world
        self.voice = ScriptedCaller(self.clock, [])
        self.voice.say = self._say  # type: ignore[method-assign]
        self.said: list[str] = []
        ports = Ports(world, world, world, NoReader())  # type: ignore[arg-type]
        self.talk = Conversation(state, ports, self.voice, PHRASES, self.clock, Silent())

    async def _say(self, clauses: Sequence[str], **_: object) -> None:
        self.said += clauses

    async def __aenter__(self) -> "Scene":
        self.running = asyncio.create_task(self.talk.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.talk.hear(HungUp(self.clock.now(), "caller"))
        await asyncio.wait_for(self.running, 5)

    async def hears(self, *events: object) -> None:
        for event in events:
            self.talk.hear(event)  # type: ignore[arg-type]
        await asyncio.wait_for(self.talk.quiet(), 5)

    async def says(self, text: str) -> None:
        await self.hears(SpeechStarted(self.clock.now()), Said(self.clock.now(), text))

    async def wait(self, seconds: float) -> None:
        until = self.clock.now() + timedelta(seconds=seconds)
        self.clock.call_at(until, lambda: None)
        while self.clock.now() < until and self.clock.advance():
            await asyncio.wait_for(self.talk.quiet(), 5)


async def test_a_booking_waits_until_the_turn_can_no_longer_be_taken_back():
    async with Scene(World(), at_the_read_back()) as scene:
        await scene.says("oui")
        assert "book" not in scene.world.log
        assert scene.said == ["J'enregistre."]
        await scene.wait(1.1)
        assert "book" in scene.world.log
        assert "C'est noté." in scene.said


async def test_a_turn_taken_back_books_nothing():
    async with Scene(World(), at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.hears(TurnRetracted(scene.clock.now()))
        await scene.wait(3)
        assert "book" not in scene.world.log
        assert scene.talk.state.asked == "confirm"


async def test_the_journal_is_ahead_of_the_booking():
    async with Scene(World(), at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(1.1)
    assert scene.world.log.index("journal Said") < scene.world.log.index("book")


async def test_without_a_journal_nothing_is_booked_and_nothing_is_claimed():
    world = World(fail={"journal Said": Unavailable("full")})
    async with Scene(world, at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(1.1)
        assert "book" not in world.log
        assert "C'est noté." not in scene.said
        assert "Panne." in scene.said
        assert "ticket" in world.log


async def test_a_lost_answer_is_asked_about_by_its_key():
    class Lost(World):
        async def book(self, *_: object) -> Appointment:
            await super().book()
            raise FateUnknown("connection lost after commit")

    async with Scene(Lost(), at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(1.1)
        assert "done" in scene.world.log
        assert "C'est noté." in scene.said


async def test_a_fate_nobody_knows_is_claimed_neither_way():
    world = World(fail={"book": FateUnknown("?"), "done": Unavailable("down")})
    async with Scene(world, at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(1.1)
        assert "Incertain." in scene.said
        assert "C'est noté." not in scene.said
        assert "ticket" in world.log
        assert scene.voice.transfers


async def test_a_full_database_is_a_ticket_and_a_human_never_a_confirmation():
    world = World(fail={"book": Unavailable("database or disk is full")})
    async with Scene(world, at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(3)
        assert "C'est noté." not in scene.said
        assert "ticket" in world.log
        assert scene.voice.transfers


async def test_a_slot_taken_at_the_last_moment_is_said_and_searched_again():
    world = World(fail={"book": SlotTaken("moreau")})
    async with Scene(world, at_the_read_back()) as scene:
        await scene.says("oui")
        await scene.wait(1.1)
        assert "C'est noté." not in scene.said
        assert "busy" in world.log


async def test_hanging_up_gives_the_hold_back():
    world = World()
    async with Scene(world, at_the_read_back()):
        pass
    assert "release" in world.log


async def test_a_preview_does_nothing():
    async with Scene(World(), at_the_read_back()) as scene:
        before = scene.talk.state
        assert scene.talk.preview("oui") == ("J'enregistre.",)
        await scene.wait(2)
        assert scene.talk.state == before
        assert "book" not in scene.world.log
