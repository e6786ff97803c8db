"""What is said and who is rung when a rule acts: its sentence, its number, its telephone, its way out."""

import re
from dataclasses import replace
from datetime import datetime

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain import events as on
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.rule_words import questions
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.wording import clauses
from voicebot.domain.effects import FindSlots, SaveTicket, Say, Transfer
from voicebot.domain.practice import Permanence, Target
from voicebot.domain.triage.rules import Heard, Pattern, Rule, Rules
from voicebot.settings import Settings

NOW = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
NIGHT = datetime.fromisoformat("2026-12-01T22:00:00+01:00")
TARGETS = (Target("poste_1", "le secrétariat"), Target("garde", "la sage-femme de garde"))


@pytest.fixture(scope="module")
def practice():
    return replace(practice_yaml.load_all(Settings().practices)["demo"], targets=TARGETS)


@pytest.fixture(scope="module")
def phrases():
    return prompts_yaml.load(Settings().prompts)


@pytest.fixture(scope="module")
def shipped():
    return rules_yaml.load(Settings().rules)


def book(**fields) -> Rules:
    """One rule, that hears « zibeline »."""
    rule = Rule(**{"id": "r", "title": "R", "level": "emergency", **fields}, patterns=(_hears("signe"),))
    return Rules({"signe": ("zibeline",), "autre": ("topinambour",)}, (rule,))


def _hears(concept: str, ask: bool = False) -> Pattern:
    return Pattern(clause=((Heard(concept),),), ask=ask)


def heard(practice, rules, *texts, at=NOW, channel="phone"):
    """The state and the effects after the last text."""
    state, _ = step(State(Setting(practice, rules), "call-1"), on.Started(at, channel))
    state, wanted = step(state, on.FellSilent(at))
    for text in texts:
        state, wanted = step(state, on.Said(at, text))
    return state, wanted


def spoken(phrases, wanted):
    return " ".join(c for e in wanted if isinstance(e, Say) for c in clauses(phrases, e))


def rung(wanted):
    return [e.target for e in wanted if isinstance(e, Transfer)]


def test_a_rules_own_sentence_is_said_whole_and_then_its_number_again(practice, phrases):
    rules = book(say="Allez-y, faites le {numéro} pour le {cabinet}.")
    state, wanted = heard(practice, rules, "zibeline")
    assert spoken(phrases, wanted) == f"Allez-y, faites le 15 pour le {practice.name}."
    assert next(e for e in wanted if isinstance(e, Say)).whole
    assert "composez le 15" in spoken(phrases, step(state, on.Said(NOW, "quoi"))[1])


def test_a_sentence_of_its_own_is_not_said_where_the_verdict_sends_elsewhere(practice, phrases):
    rules = book(say="Appelez le 3114.", advice="3114")
    other = Rule("s", "S", "emergency", (_hears("autre"),))
    rules = Rules(rules.concepts, (*rules.rules, other))
    _, wanted = heard(practice, rules, "zibeline topinambour")
    assert "3114" not in spoken(phrases, wanted)
    assert "composez le 15" in spoken(phrases, wanted)


def test_an_urgent_rules_sentence_replaces_the_plain_one(practice, phrases):
    _, wanted = heard(practice, book(level="urgent", say="Je suis désolé."), "zibeline")
    assert spoken(phrases, wanted) == "Je suis désolé."
    assert rung(wanted) == ["poste_1"]


def test_the_telephone_a_rule_names_is_rung_first(practice):
    assert rung(heard(practice, book(reach="garde"), "zibeline")[1]) == ["garde"]
    assert rung(heard(practice, book(reach="ailleurs"), "zibeline")[1]) == ["poste_1"]


@pytest.mark.parametrize(
    ("advice", "said"),
    [
        ("antipoison", "au 01 99 00 48 48"),
        ("maternité", "Composez le 15 ou la maternité, au 01 99 00 52 25."),
        ("3114", "appelez le 3114"),
        ("115", "Appelez le 115"),
    ],
)
def test_the_number_of_a_rule_is_said(practice, phrases, advice, said):
    assert said in spoken(phrases, heard(practice, book(advice=advice), "zibeline")[1])


@pytest.mark.parametrize("advice", ["antipoison", "maternité"])
def test_a_helpline_that_the_practice_does_not_give_is_the_15(practice, phrases, advice):
    _, wanted = heard(replace(practice, helplines={}), book(advice=advice), "zibeline")
    assert "raccrochez et composez le 15" in spoken(phrases, wanted)


@pytest.mark.parametrize(
    ("permanence", "at", "number"),
    [
        (Permanence(), NIGHT, "116 117"),
        (Permanence(), NOW, "le 15, tout"),
        (None, NIGHT, "le 15, tout"),
    ],
)
def test_the_116117_is_said_only_where_and_when_it_answers(practice, phrases, permanence, at, number):
    there = replace(practice, permanence=permanence)
    said = spoken(phrases, heard(there, book(advice="116117"), "zibeline", at=at)[1])
    assert number in said
    assert ("116 117" in said) == (number == "116 117")


def test_dark_thoughts_then_a_means_go_to_the_15(practice, phrases):
    dark = Rule("noir", "N", "emergency", (_hears("signe"),), advice="3114")
    means = Rule("moyen", "M", "emergency", (_hears("autre", ask=True),))
    rules = Rules(book().concepts, (dark, means))
    state, wanted = heard(practice, rules, "zibeline")
    assert "3114" in spoken(phrases, wanted)
    state, wanted = step(state, on.Said(NOW, "topinambour"))
    assert (state.advice, state.level) == ("15", "emergency")
    assert "composez le 15, tout de suite" in spoken(phrases, wanted)
    _, wanted = step(state, on.Said(NOW, "zibeline"))
    assert "3114" not in spoken(phrases, wanted)


def test_whoever_can_talk_after_all_hears_the_number_and_may_go_on(practice, phrases):
    state, wanted = heard(practice, book(level="urgent", advice="3919"), "zibeline")
    assert spoken(phrases, wanted) == "Pouvez-vous parler librement ? Répondez par oui ou par non."
    while state.handover.phase == "ringing":
        state, wanted = step(state, on.TransferEnded(NOW, "no_answer", state.handover.ringing))
    assert [e.ticket.kind for e in wanted if isinstance(e, SaveTicket)] == ["emergency"]
    assert "3919" not in spoken(phrases, wanted)
    state, wanted = step(state, on.Said(NOW, "oui il est parti"))
    assert "3919" in spoken(phrases, wanted)
    assert state.asked == "more"


def test_a_wound_is_sent_to_the_15_also_when_somebody_may_listen(practice, phrases):
    blow = Rule("coup", "C", "emergency", (_hears("signe"),), advice="17")
    wound = Rule("plaie", "P", "emergency", (_hears("autre"),))
    rules = Rules(book().concepts, (blow, wound))
    state, wanted = heard(practice, rules, "zibeline")
    assert not re.search(r"\d", spoken(phrases, wanted))
    state, wanted = step(state, on.Said(NOW, "topinambour"))
    assert "composez le 15" in spoken(phrases, wanted)


def test_a_no_is_said_of_its_own_question(practice, phrases):
    first = Rule("a", "A", "emergency", (_hears("signe", ask=True),), question="Zibeline ?")
    second = Rule("b", "B", "emergency", (_hears("autre", ask=True),), question="Topinambour ?")
    rules = Rules(book().concepts, (first, second))
    state, wanted = heard(practice, rules, "zibeline topinambour")
    assert spoken(phrases, wanted) == "Zibeline ?"
    state, wanted = step(state, on.Said(NOW, "non"))
    assert spoken(phrases, wanted) == "Topinambour ?"
    state, wanted = step(state, on.Said(NOW, "non"))
    assert (state.level, state.asked, state.denied) == (None, "open", {"a", "b"})


def test_an_urgent_sign_is_acted_on_after_a_no_to_an_emergency(practice):
    first = Rule("a", "A", "emergency", (_hears("signe", ask=True),), question="Zibeline ?")
    second = Rule("b", "B", "urgent", (_hears("autre"),))
    rules = Rules(book().concepts, (first, second))
    state, _ = heard(practice, rules, "zibeline topinambour", "non")
    assert (state.level, state.rule, state.denied) == ("urgent", "b", {"a"})


@pytest.mark.parametrize(("same_day", "searched"), [(True, 1), (False, 0)])
def test_where_no_time_today_would_help_a_human_rings_back(practice, phrases, same_day, searched):
    rules = book(level="urgent", same_day=same_day)
    state, _ = heard(practice, rules, "zibeline")
    wanted = ()
    while state.handover.phase == "ringing":
        state, wanted = step(state, on.TransferEnded(NOW, "no_answer", state.handover.ringing))
    assert len([e for e in wanted if isinstance(e, FindSlots)]) == searched
    assert state.topic == ("same_day" if same_day else "callback")
    assert ("quel numéro" in spoken(phrases, wanted)) != same_day


@pytest.mark.parametrize(("permanence", "number"), [(Permanence(), "116 117"), (None, "le 15")])
def test_an_urgent_caller_of_a_closed_practice_hears_whom_to_call(practice, phrases, permanence, number):
    there = replace(practice, permanence=permanence)
    state, _ = heard(there, book(level="urgent"), "zibeline", at=NIGHT)
    wanted = ()
    while state.handover.phase == "ringing":
        state, wanted = step(state, on.TransferEnded(NIGHT, "no_answer", state.handover.ringing))
    assert f"Composez maintenant le {number.removeprefix('le ')}" in spoken(phrases, wanted)
    assert [e.ticket.kind for e in wanted if isinstance(e, SaveTicket)] == ["alert"]


def test_no_question_of_the_shipped_rules_is_answered_no_by_somebody_in_danger(shipped):
    """After a clear no the call is unlocked: a yes must be the danger."""
    reassuring = re.compile(
        r"normalement|(?<!moins que d')(?<!différent de d')habitude|respire et|va-t-(il|elle) bien"
    )
    assert [q for q in questions(shipped) if reassuring.search(q)] == []
