"""The statistical ear in a call: it may have one question asked; nothing it says undoes anything."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.caller_from_chaos import CALM, URGENT
from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.urgency import RANK, SOUNDS_URGENT
from voicebot.domain.effects import Say
from voicebot.domain.events import PartlySaid, Said, SpeechStarted, Started, TurnRetracted, Unheard
from voicebot.settings import Settings

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ODD = "le facteur a laissé un paquet chez la gardienne"
"""Nothing to any rule; the ear may take it for what it likes."""


@lru_cache
def begun() -> State:
    s = Settings()
    practice = practice_yaml.load_all(s.practices)["demo"]
    state = State(Setting(practice, rules_yaml.load(s.rules)), "call-1")
    return step(state, Started(NOW, "web"))[0]


def hears(state, text, *, alarming=False):
    return step(state, Said(NOW, text, alarming=alarming))


def phrases(effects):
    return [e.phrase for e in effects if isinstance(e, Say)]


def test_where_the_rules_are_silent_it_has_a_question_asked():
    state, effects = hears(begun(), ODD, alarming=True)
    assert (state.level, state.asked) == (None, "urgency")
    assert phrases(effects) == ["urgency_doubt"]
    assert state.flags == (SOUNDS_URGENT,)


@pytest.mark.parametrize("answer", ["oui", "je sais pas trop"])
def test_only_a_clear_no_is_a_no(answer):
    asked, _ = hears(begun(), ODD, alarming=True)
    assert hears(asked, answer)[0].level == "urgent"


def test_the_question_is_put_once_a_call_and_stays_on_the_record():
    asked, _ = hears(begun(), ODD, alarming=True)
    state, _ = hears(asked, "non pas du tout")
    assert state.level is None
    again, effects = hears(state, ODD, alarming=True)
    assert "urgency_doubt" not in phrases(effects)
    assert SOUNDS_URGENT in again.flags


def test_while_something_is_being_written_it_is_still_heard():
    state, effects = hears(replace(begun(), waiting="write"), ODD, alarming=True)
    assert state.asked == "urgency"
    assert "urgency_doubt" in phrases(effects)


WORDS = st.sampled_from([*CALM, *URGENT, ODD])


@settings(deadline=None, max_examples=150, derandomize=True, database=None)
@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=6))
def test_a_call_with_the_ear_is_never_taken_less_seriously_than_one_without(turns):
    """Turn by turn from the same state: what the rules act on or ask about is the same, alarmed or not."""
    state = begun()
    for text, alarming in turns:
        deaf, _ = hears(state, text)
        alarmed, _ = hears(state, text, alarming=True)
        assert RANK[alarmed.level] >= RANK[deaf.level]
        if deaf.level != state.level or deaf.asked == "urgency":
            assert (alarmed.level, alarmed.asked, alarmed.verdict) == (deaf.level, deaf.asked, deaf.verdict)
        if alarmed.level != deaf.level:
            pytest.fail("the ear alone acted")
        state = alarmed if alarming else deaf


def garbled(state, text, *, alarming=False):
    state, _ = step(state, PartlySaid(NOW, text, alarming))
    return step(state, Unheard(NOW, "unclear"))


@pytest.mark.parametrize(("text", "alarming"), [("il est tombé il ne respire plus", False), (ODD, True)])
def test_what_is_half_heard_and_sounds_urgent_is_asked_about_and_never_acted_on(text, alarming):
    state, effects = garbled(begun(), text, alarming=alarming)
    assert (state.level, state.asked) == (None, "urgency")
    assert phrases(effects) in (["urgency_question"], ["urgency_doubt"])
    assert hears(state, "oui")[0].level is not None
    calm, effects = hears(state, "non pas du tout")
    assert (calm.level, calm.asked) == (None, "open")
    assert phrases(effects)[0] == "not_urgent"


def test_what_is_half_heard_and_calm_is_to_be_said_again():
    state, effects = garbled(begun(), ODD)
    assert state.asked != "urgency"
    assert phrases(effects)


def test_the_words_of_another_turn_are_not_half_heard():
    state, _ = step(begun(), PartlySaid(NOW, "il ne respire plus", True))
    state, _ = step(replace(state, partial_rules=frozenset()), SpeechStarted(NOW))
    state, _ = step(state, Unheard(NOW, "unclear"))
    assert state.asked != "urgency"


def test_letters_heard_with_doubt_are_asked_about_and_a_caller_who_goes_on_takes_only_them_back():
    spelling = replace(
        begun(), asked="spelling", topic="booking", words=("un rendez-vous",), routine="settled"
    )
    asked, _ = step(spelling, Said(NOW, "c'est la vie plus d'air", 0.4))
    assert (asked.level, asked.asked) == (None, "urgency")
    undone, _ = step(asked, TurnRetracted(NOW))
    assert (undone.asked, undone.words, undone.topic) == ("spelling", spelling.words, "booking")
    told, _ = step(spelling, Said(NOW, "je n'ai plus d'air", 0.9))
    assert told.level == "emergency"
