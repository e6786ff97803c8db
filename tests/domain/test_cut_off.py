"""Faults of ours in a call: the line of whoever had taken it breaks, our voice fails."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.transfer import Handover
from voicebot.domain.effects import SaveTicket, Say, Transfer
from voicebot.domain.events import Failed, HungUp, Said, Started, TransferEnded, TurnRetracted
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LOST = Failed(NOW, "human", "lost")


@pytest.fixture
def with_human():
    state = State(Setting(Practice("demo", "Cabinet", "01 99 00 47 12"), Rules()), "call-1")
    for event in (Started(NOW, "web"), TransferEnded(NOW, "answered")):
        state, _ = step(state, event)
    return state


def test_they_are_told_and_humans_are_rung_again(with_human):
    state, effects = step(with_human, LOST)
    assert [type(e) for e in effects] == [Say, Transfer]
    assert effects[0].phrase == "cut_off"
    assert not state.with_human


def test_in_an_emergency_the_15_is_said_again_and_is_not_interrupted(with_human):
    _, (say, transfer) = step(replace(with_human, level="emergency"), LOST)
    assert (say.phrase, say.whole) == ("emergency_15_again", True)
    assert transfer.level == "emergency"


def test_who_hangs_up_then_is_rung_back(with_human):
    state, _ = step(with_human, LOST)
    _, (saved,) = step(state, HungUp(NOW, "caller"))
    assert isinstance(saved, SaveTicket)


def test_a_turn_taken_back_does_not_take_back_that_our_voice_failed(with_human):
    state, _ = step(replace(with_human, handover=Handover()), Said(NOW, "je voudrais un rendez-vous"))
    state, _ = step(state, Failed(NOW, "speaking", "EngineFailed"))
    state, _ = step(state, TurnRetracted(NOW))
    assert state.voiceless
    assert [type(e) for e in step(state, HungUp(NOW, "caller"))[1]] == [SaveTicket]


def test_nothing_happens_to_a_call_no_human_has(with_human):
    alone = replace(with_human, handover=Handover())
    assert step(alone, LOST) == (alone, ())
