"""What a conversation promises while humans are rung for its caller, one after the other."""

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from tests.test_conversation import NOW, PRACTICE, Scene, World
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.domain.call import TransferOutcome
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.effects import Transfer
from voicebot.domain.events import HungUp, Said, SpeechStarted, Started, TurnRetracted
from voicebot.domain.practice import Target
from voicebot.domain.triage.rules import Rules

TARGETS = (Target("desk", "le secrétariat"), Target("pool", "la maison de santé"))


class Telephones(ScriptedCaller):
    """Rings until the test says how it ended."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ringing: dict[str, asyncio.Future[TransferOutcome]] = {}

    async def transfer(self, transfer: Transfer) -> TransferOutcome:
        self.transfers.append(transfer)
        self.ringing[transfer.target] = asyncio.get_running_loop().create_future()
        return await self.ringing[transfer.target]

    async def say(self, clauses: Sequence[str], **_: object) -> None:
        self.heard += clauses


@asynccontextmanager
async def calling(world: World):
    scene = Scene(world, State(Setting(replace(PRACTICE, targets=TARGETS), Rules()), "call-1"))
    telephones = Telephones(scene.clock, [])
    scene.voice = scene.talk._voice = telephones
    async with scene:
        scene.talk.hear(Started(NOW, "phone", "+33612345678"))
        scene.talk.hear(Said(scene.clock.now(), "je voudrais parler à une secrétaire"))
        await settled(scene)
        try:
            yield scene, telephones
        finally:
            for ringing in telephones.ringing.values():
                if not ringing.done():
                    ringing.set_result("caller_left")


async def settled(scene: Scene) -> None:
    """Everything done that needs no more than the grace after a turn."""
    for _ in range(3):
        await asyncio.sleep(0.01)
        scene.clock.advance()
        await asyncio.sleep(0.01)


def rung(telephones: Telephones) -> list[str]:
    return [transfer.target for transfer in telephones.transfers]


async def test_the_next_human_is_rung_when_the_first_does_not_answer():
    async with calling(World()) as (scene, telephones):
        assert rung(telephones) == ["desk"]
        telephones.ringing["desk"].set_result("no_answer")
        await settled(scene)
        assert rung(telephones) == ["desk", "pool"]
        telephones.ringing["pool"].set_result("answered")
        await settled(scene)
        assert scene.talk.state.with_human


async def test_a_turn_taken_back_does_not_stop_the_ringing():
    """« Allô ? », said while it rings, is taken back just after the telephone was not answered."""
    async with calling(World()) as (scene, telephones):
        scene.talk.hear(SpeechStarted(scene.clock.now()))
        scene.talk.hear(Said(scene.clock.now(), "allô ?"))
        await asyncio.sleep(0.01)
        telephones.ringing["desk"].set_result("busy")
        await asyncio.sleep(0.01)
        scene.talk.hear(TurnRetracted(scene.clock.now()))
        await settled(scene)
        assert rung(telephones) == ["desk", "pool"]
        assert scene.talk.state.handover.ringing == "pool"


async def test_nobody_is_rung_for_a_caller_who_has_gone():
    async with calling(World()) as (scene, telephones):
        scene.talk.hear(Said(scene.clock.now(), "allô ?"))
        await asyncio.sleep(0.01)
        telephones.ringing["desk"].set_result("busy")
        await asyncio.sleep(0.01)
        scene.talk.hear(HungUp(scene.clock.now(), "caller"))
        await settled(scene)
        assert rung(telephones) == ["desk"]
        assert "ticket" in scene.world.log
