"""What is rendered before a call comes in: everything fixed, and everything that a rule may say or ask."""

from dataclasses import replace

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.app.books import Books
from voicebot.app.wiring import read_out, sentences_of, values_of
from voicebot.domain.dialogue.rule_words import questions, sentence
from voicebot.domain.triage.rules import Heard, Pattern, Rule, Rules
from voicebot.settings import Settings


@pytest.fixture(scope="module")
def shipped():
    return rules_yaml.load(Settings().rules)


@pytest.fixture(scope="module")
def books(shipped):
    s = Settings()
    practice = replace(practice_yaml.load_all(s.practices)["demo"], closed_message="Fermé jusqu'à lundi.")
    return Books({"demo": practice}, shipped, prompts_yaml.load(s.prompts))


def test_every_question_and_sentence_of_the_shipped_rules(books):
    practice = books.practices["demo"]
    first, later = set(sentences_of(books)), set(values_of(books))
    assert {read_out(q) for q in questions(books.shipped)} <= later
    for rule in books.shipped.rules:
        said = (c.strip() for c in sentence(rule, practice).split("|"))
        assert {read_out(c) for c in said if c} <= first, rule.id


def test_those_of_a_practices_own_rules_filled_with_its_name_and_numbers(books):
    practice = books.practices["demo"]
    say = "Faites le {numéro}. | Le {cabinet} vous attend."
    rule = Rule("r", "R", "emergency", (Pattern(((Heard("c"),),)),), "Vraiment ?", say=say)
    own = replace(books, own={"demo": Rules({"c": ("zibeline",)}, (rule,))})
    assert {read_out("Faites le 15."), read_out(f"Le {practice.name} vous attend.")} <= set(sentences_of(own))
    assert read_out("Vraiment ?") in set(values_of(own))


def test_what_is_said_of_a_closed_practice(books):
    first, later = set(sentences_of(books)), set(values_of(books))
    for phrase in ("closed", "closed_116117", "closed_15"):
        assert read_out(books.phrases[phrase]) in first
    assert read_out("Fermé jusqu'à lundi.") in later
