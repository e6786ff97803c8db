"""Telephone numbers as a recogniser writes them are numbers, and nothing else."""

from datetime import date, datetime

import pytest

from voicebot.adapters import ear_tfidf, practice_yaml, rules_yaml
from voicebot.domain.french import phone, told
from voicebot.domain.triage.judging import judge
from voicebot.domain.understanding.reading import Context, read
from voicebot.settings import Settings


@pytest.fixture(scope="module")
def rules():
    return rules_yaml.load(Settings().rules)


@pytest.mark.parametrize(
    "said",
    [
        "06, 39, 98, 01, 01",
        "06. 39. 98. 01. 01.",
        "mon numéro c'est le 06, 40, 98, 01, 01",
        "0, 45, 39, 99, 0.",
        "01 45, 39, 5 2, 01",
    ],
)
def test_a_number_with_a_39_in_it_is_no_fever(rules, said):
    assert judge(rules, [said]).level is None


@pytest.mark.parametrize(
    "said",
    [
        "elle a 39, 8 de fièvre depuis quatre jours",
        "mon numéro c'est le 06, 12, 34, 56, 78, elle a 40 de fièvre depuis quatre jours",
    ],
)
def test_a_fever_beside_a_number_is_one(rules, said):
    assert judge(rules, [said]).level == "urgent"


@pytest.mark.parametrize(
    "said", ["06, 1234, 56, 78. 06, 1234, 56, 78. 06, 1234", "06 12 34 56 78, 06 12 34 56 78"]
)
def test_a_number_said_twice_is_one_number(said):
    assert phone(said) == "+33612345678"


@pytest.mark.parametrize(
    ("said", "born"),
    [
        ("06, 12, 34, 56, 78", None),
        ("le 12 mars 1972, et mon numéro c'est le 06, 12, 34, 56, 78", date(1972, 3, 12)),
        ("06 12 1934", date(1934, 12, 6)),
    ],
)
def test_a_number_is_no_birth_date(said, born):
    practice = practice_yaml.load_all(Settings().practices)["demo"]
    context = Context(practice, datetime(2026, 12, 1, 9, tzinfo=practice.zone), "phone", "booking")
    assert read(said, {}, context).entities.birth_date == born


def test_figures_alone_alarm_nobody():
    ear = ear_tfidf.load(Settings().cache)
    assert not ear.alarmed("0-6-223-4-5-6-7-8")
    assert not ear.alarmed("15, 18, 112")


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("Derubé roviès.", "name"),
        ("zéro six, trente-neuf", "phone"),
        ("Le 06 39 98 00 42.", "phone"),
        ("12 mars 1972.", "birth_date"),
        ("le douze mars", "birth_date"),
        ("La première.", "choice"),
        ("plutôt le dernier", "choice"),
        ("10h de quart", "choice"),
        ("Je dis matin.", "wish"),
        ("Vendredi.", "wish"),
        ("Non, le nom c'est David, NGU.", "read_back"),
    ],
)
def test_what_is_read_back_counts_though_heard_with_doubt(text, expects):
    assert told(text, expects)


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("Oui.", "yes_no"),
        ("Oui.", "choice"),
        ("Marie Dubois", "phone"),
        ("c'est six", "phone"),
        ("je ne sais plus", "birth_date"),
        ("La première.", "yes_no"),
        ("Merci, merci.", "wish"),
        ("Oui.", "read_back"),
        ("Non.", "yes_no"),
        ("12 mars 1972.", "open"),
    ],
)
def test_what_is_not_read_back_or_not_begun_is_asked_again(text, expects):
    assert not told(text, expects)
