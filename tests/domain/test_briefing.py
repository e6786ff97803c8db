"""What a human hears before they accept a call."""

from dataclasses import replace

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain.call import Evidence, Person, Verdict
from voicebot.domain.dialogue.briefing import ACCEPT, CHARACTERS_PER_S, LONGEST_S, facts, worded
from voicebot.domain.dialogue.state import Setting, State, with_form
from voicebot.domain.french.spoken import spoken
from voicebot.settings import Settings

LONG = (
    "bonjour madame excusez-moi de vous déranger c'est pour mon père il a quatre-vingt-deux ans et depuis "
    "hier soir 22 h 30 il n'arrive plus à uriner du tout et il a très mal | au ventre"
)


@pytest.fixture(scope="module")
def phrases():
    return prompts_yaml.load(Settings().prompts)


@pytest.fixture(scope="module")
def state():
    settings = Settings()
    practice = practice_yaml.load(settings.practices / "demo.yaml")
    return State(Setting(practice, rules_yaml.load(settings.rules)), "call-1", channel="phone")


def flagged(state, said):
    evidence = Evidence("retention", "urgent", "present", "uriner du tout")
    return replace(state, level="urgent", words=(said,), verdict=Verdict("urgent", "act", (evidence,)))


def heard(phrases, state, reason="L'appelant demande une personne"):
    return " ".join(worded(phrases, facts(state, reason)))


def test_a_call_of_which_nothing_is_known_yet(phrases, state):
    assert heard(phrases, state) == "Cabinet médical des Tilleuls. L'appelant demande une personne."


def test_who_calls_and_what_for(phrases, state):
    known = with_form(replace(state, topic="move"), person=Person("Marie", "Dubois"))
    assert heard(phrases, known) == (
        "Cabinet médical des Tilleuls. L'appelant demande une personne. Au nom de Marie Dubois. "
        "Pour déplacer un rendez-vous."
    )


def test_what_was_done_is_told(phrases, state):
    assert "Le rendez-vous est pris." in heard(phrases, replace(state, done=("Book",)))


def test_an_urgent_call_is_told_in_the_callers_words_around_the_sign(phrases, state):
    words = heard(phrases, flagged(state, LONG), "Urgent")
    assert "Appel urgent. Ses mots : il n'arrive plus à uriner du tout" in words.replace("h 30 ", "")
    assert "|" not in words


def test_an_emergency_has_none(phrases, state):
    assert heard(phrases, replace(flagged(state, LONG), level="emergency")) == ""


def test_words_that_the_caller_does_not_want_kept_are_not_repeated(phrases, state):
    assert "uriner" not in heard(phrases, replace(flagged(state, LONG), objected=True), "Urgent")


def test_it_fits_into_twelve_seconds_whatever_is_known_and_keeps_what_weighs_most(phrases, state):
    practice = replace(state.practice, name="Maison de santé pluriprofessionnelle du Haut-Val-de-Sèvre Nord")
    everything = replace(
        flagged(state, LONG), setting=replace(state.setting, practice=practice), topic="same_day",
        done=("Book", "Move", "Cancel", "SaveTicket", "callback"),
    )  # fmt: skip
    everything = with_form(everything, person=Person("Marie-Antoinette", "Dubois-Delacroix de la Rivière"))
    clauses = worded(phrases, facts(everything, "Urgent"))
    length = sum(len(spoken(clause)) + 1 for clause in clauses) + ACCEPT
    assert length / CHARACTERS_PER_S <= LONGEST_S
    assert "Appel urgent." in clauses
    assert "Ses mots :" in clauses
