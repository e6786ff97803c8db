"""Whoever asks for it is spoken to slower, louder, or once more; what only sounds like it is served."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

import pytest

from tests.domain.caller_from_chaos import Chaos
from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.dialogue import manner
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import Setting, State
from voicebot.settings import Settings

SLOWER = (
    "plus lentement s'il vous plaît", "répétez plus lentement", "vous parlez trop vite", "moins vite",
    "parlez doucement", "je ne comprends rien à ce que vous dites", "articulez !", "c'est trop rapide",
    "je n'arrive pas à vous suivre",
)  # fmt: skip
LOUDER = (
    "parlez plus fort", "plus fort s'il vous plaît", "je n'entends rien", "je ne vous entends pas bien",
    "je vous entends mal", "je suis un peu sourde", "je suis malentendant", "vous pouvez parler plus haut ?",
    "j'entends très mal",
)  # fmt: skip
AGAIN = (
    "comment ?", "pardon ?", "répétez", "vous pouvez répéter s'il vous plaît ?", "je n'ai pas compris",
    "j'ai rien compris", "vous avez dit quoi ?", "qu'est-ce que vous avez dit ?",
)  # fmt: skip
NEITHER = (
    "j'ai mal de plus en plus fort", "mon cœur bat trop vite", "je n'entends plus de l'oreille droite",
    "je n'entends plus", "j'entends mal de l'oreille gauche depuis hier", "des migraines qui se répètent",
    "oui", "jeudi matin", "je n'ai pas entendu parler de mes résultats", "je n'y arrive pas",
    "non je ne suis pas sûr", "la douleur se répète", "comment je fais pour prendre rendez-vous ?",
    "je ne peux pas jeudi",
)  # fmt: skip


@lru_cache
def setting() -> Setting:
    settings = Settings()
    return Setting(practice_yaml.load_all(settings.practices)["demo"], rules_yaml.load(settings.rules))


def asked_to(text: str) -> do.Manner:
    return manner.heeded(State(setting(), "call-1"), text).manner


@pytest.mark.parametrize("text", SLOWER)
def test_slower(text):
    assert asked_to(text).rate == 0.85
    assert manner.again(text)


@pytest.mark.parametrize("text", LOUDER)
def test_louder(text):
    assert asked_to(text).gain_db == 6
    assert manner.again(text)


@pytest.mark.parametrize("text", AGAIN)
def test_once_more(text):
    assert manner.again(text)
    assert asked_to(text) == do.PLAIN


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text):
    assert not manner.again(text)
    assert asked_to(text) == do.PLAIN


def call_at_the_name() -> Chaos:
    call = Chaos(setting(), lambda *_: None)
    call.happen(on.FellSilent(call.now))
    call.happen(on.Said(call.now, "un rendez-vous jeudi matin avec le docteur Moreau"))
    while call.state.asked != "choice":
        call.go_on("answer", 2)
    return call


def says(state, text, at):
    from voicebot.domain.dialogue.fold import step

    return step(state, on.Said(at, text))


def test_it_is_kept_for_the_rest_of_the_call_and_grows_when_asked_again():
    call = call_at_the_name()
    state, wanted = says(call.state, "parlez plus fort s'il vous plaît", call.now)
    assert [e for e in wanted if isinstance(e, do.Say)] == [call.state.question]
    assert state.manner == do.Manner(1.0, 6.0)
    state, _ = says(state, "plus lentement", call.now)
    assert state.manner == do.Manner(0.85, 6.0)
    state, _ = says(state, "aucun", call.now)
    state, _ = says(state, "encore moins vite", call.now)
    assert state.manner == do.Manner(0.72, 6.0)


def test_who_says_what_they_want_besides_is_served_and_heard():
    call = Chaos(setting(), lambda *_: None)
    call.happen(on.FellSilent(call.now))
    text = (
        "je suis malentendante, je voudrais un rendez-vous jeudi matin avec le docteur Moreau s'il vous plaît"
    )
    call.happen(on.Said(call.now, text))
    assert call.state.topic == "booking"
    assert call.state.manner.gain_db == 6


def test_who_never_understands_meets_a_human():
    call = call_at_the_name()
    state, wanted = says(call.state, "comment ?", call.now)
    assert state.manner == do.PLAIN
    state, wanted = says(state, "pardon ?", call.now)
    assert state.manner.rate == 0.85
    state, wanted = says(state, "comment ?", call.now)
    assert [e for e in wanted if isinstance(e, do.Transfer)]


def test_the_emergency_sentence_keeps_its_speed_and_is_louder():
    state = replace(State(setting(), "call-1"), manner=do.Manner(0.72, 10))
    assert manner.wanted(state, do.Say("emergency_15", whole=True)) == do.Manner(1.0, 10)
    assert manner.wanted(state, do.Say("ask_name")) == do.Manner(0.72, 10)


@pytest.mark.parametrize(
    "text",
    [
        "parlez plus fort, mon mari ne respire plus", "plus lentement, ma femme est inconsciente",
        "répétez plus lentement je fais un infarctus",
    ],
)  # fmt: skip
def test_an_emergency_told_with_it_is_heard(text):
    morning = datetime(2026, 12, 1, 9, tzinfo=UTC)
    state, _ = step(State(setting(), "call-1"), on.Started(morning, "web"))
    state, wanted = step(state, on.Said(morning, text))
    assert state.level == "emergency", wanted
