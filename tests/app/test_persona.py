"""A caller made of facts answers what is asked, and agrees to no wrong read-back."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from voicebot.adapters import practice_yaml
from voicebot.app.simulation.persona import MOST_ANSWERS, Persona, spelled
from voicebot.domain.call import Person, Slot
from voicebot.domain.dialogue.state import Setting, State, ask, with_form
from voicebot.domain.triage.rules import Rules
from voicebot.settings import Settings

PRACTICE = practice_yaml.load_all(Settings().practices)["demo"]
FACTS = {"patient": "Marie Dubois 1972-03-12 +33612345678", "open": ["bonjour", "un rendez-vous"]}
HEARD = Person("Marie", "Dubois", date(1972, 3, 12), "+33612345678")
NINE, TEN = (
    Slot("moreau", "consultation", datetime(2026, 12, 3, h, tzinfo=PRACTICE.zone), 15) for h in (9, 10)
)


def marie():
    return Persona(FACTS, ["2026-12-03 10:00 moreau"])


def asked(question, phrase=None, **form):
    state = replace(State(Setting(PRACTICE, Rules()), "call"), topic="booking")
    return ask(with_form(state, **form), question, phrase)[0]


@pytest.mark.parametrize(
    ("question", "phrase", "said"),
    [
        ("name", "ask_name", "Marie Dubois"),
        ("name", "ask_first_name", "Marie"),
        ("name", "ask_last_name", "Dubois"),
        ("spelling", None, "D, U, B, O, I, S"),
        ("birth_date", None, "le 12 mars 1972"),
        ("phone", None, "06, 12, 34, 56, 78"),
        ("urgency", None, "non"),
        ("wish", None, "plutôt jeudi 3 décembre à 10 h"),
        ("more", None, "non merci, au revoir"),
    ],
)
def test_each_question_gets_its_answer(question, phrase, said):
    assert marie().answer(asked(question, phrase)) == said


def test_own_words_come_in_their_order_and_the_last_for_good():
    caller, state = marie(), asked("open")
    said = [caller.answer(state) for _ in range(MOST_ANSWERS + 1)]
    assert said == ["bonjour", *["un rendez-vous"] * (MOST_ANSWERS - 1), "<raccroche>"]


def test_the_time_they_came_for_is_taken_and_no_other():
    assert marie().answer(replace(asked("choice"), offers=(NINE, TEN))) == "le deuxième"
    assert marie().answer(replace(asked("choice"), offers=(TEN,))) == "oui"
    assert marie().answer(replace(asked("choice"), offers=(NINE,))) == "non, plutôt jeudi 3 décembre à 10 h"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"slot": TEN, "person": HEARD}, "oui"),
        ({"slot": NINE, "person": HEARD}, "non, plutôt jeudi 3 décembre à 10 h"),
        ({"slot": TEN, "person": replace(HEARD, last_name="Dubot")}, "oui"),
        ({"slot": TEN, "person": replace(HEARD, last_name="Lambert")}, "non, le nom c'est Marie Dubois"),
        ({"slot": TEN, "person": replace(HEARD, birth_date=date(1972, 3, 2))}, "non, la date de naissance"),
        ({"slot": TEN, "person": replace(HEARD, phone="+33612345668"), "phone_said": True}, "non, le téléph"),
        ({"slot": TEN, "person": replace(HEARD, phone="+33612345668")}, "oui"),
    ],
)
def test_a_read_back_is_agreed_to_as_far_as_it_sounds_right(form, said):
    assert marie().answer(asked("confirm", "confirm_booking", **form)).startswith(said)


def test_spelling_says_accents_and_hyphens():
    assert spelled("Lefèvre-Ça") == "L, E, F, E accent grave, V, R, E, tiret, C cédille, A"
