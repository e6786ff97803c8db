"""What leaves the house when names and numbers are masked."""

from datetime import datetime

import pytest

from voicebot.adapters import practice_yaml
from voicebot.adapters.llm_masking import masked
from voicebot.domain.languages import ENGLISH
from voicebot.domain.understanding.reading import Context
from voicebot.settings import Settings

PRACTICE = practice_yaml.load_all(Settings().practices)["demo"]
NOW = datetime(2026, 12, 1, 9, tzinfo=PRACTICE.zone)


def sent(text, expects=None):
    return masked(text, Context(PRACTICE, NOW, expects, None))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Bonjour, je suis Madame Dubois, un rendez-vous avec le docteur Moreau",
            "Bonjour, je suis Madame [nom], un rendez-vous avec le docteur Moreau",
        ),
        ("rappelez-moi au 06 12 34 56 78 après 17 heures", "rappelez-moi au [numéro] après 17 heures"),
        ("c'est le zéro six douze trente-quatre cinquante-six soixante-dix-huit", "c'est le [numéro]"),
        ("je suis née le 12 mars 1972 à Lyon", "je suis née le [date de naissance] à [nom]"),
        ("née le douze mars mille neuf cent soixante-douze", "née le [date de naissance]"),
        ("mon numéro de sécu 2 72 03 75 116 001 22", "mon numéro de sécu [numéro]"),
        ("écrivez à marie.dubois@example.fr merci", "écrivez à [adresse] merci"),
        ("c'est pour monsieur lefebvre qui annule", "c'est pour monsieur [nom] qui annule"),
        ("il s'appelle Théo et il vomit", "il s'appelle [nom] et il vomit"),
    ],
)
def test_who_somebody_is_stays_here(said, expected):
    assert sent(said) == expected


@pytest.mark.parametrize(
    ("expects", "said"),
    [
        ("birth_date", "le 12 mars 72"),
        ("birth_date", "douze, le trois, soixante-douze"),
        ("name", "D comme Denis, U, B, O, I, S"),
        ("name", "dubois marie"),
        ("name", "Jean-Pierre Lefebvre"),
        ("phone", "06 12 34"),
        ("phone", "zéro six, douze, trente-quatre, euh, cinquante-six, soixante-dix-huit"),
    ],
)
def test_an_answer_about_identity_loses_it(expects, said):
    left = sent(said, expects).lower()
    parts = ("denis", "dubois", "lefebvre", "jean", "72", "trois", "quatre", "12", "six")
    assert not any(part in left for part in parts)


@pytest.mark.parametrize(
    "said",
    [
        "je voudrais un rendez-vous jeudi 3 décembre à 15 h 30",
        "il y a d'autres créneaux ? à 9 h ou à midi et demi le mardi en huit",
        "j'ai 84 ans et 39 de fièvre depuis 3 jours",
        "d'ici le 24 décembre 2026, à dix-neuf heures trente",
        "j'ai comme une boule dans la gorge",
        "le docteur Moreau ou le docteur Diallo",
    ],
)
def test_what_wishes_and_urgency_are_read_from_is_sent(said):
    assert sent(said) == said


def test_a_patient_with_the_doctors_name_is_masked_and_the_doctor_is_not():
    said = sent("Monsieur Moreau à l'appareil, je viens voir le docteur Moreau")
    assert said == "Monsieur [nom] à l'appareil, je viens voir le docteur Moreau"


def test_several_births_in_one_breath():
    said = sent("pour Léa née le 3 mai 2015 et Tom né le 7 juin 2018 jeudi matin")
    assert said == "pour [nom] née le [date de naissance] et [nom] né le [date de naissance] jeudi matin"


def test_english_is_masked_too():
    context = Context(PRACTICE, NOW, None, None, language=ENGLISH)
    said = (
        "This is Mrs Smith, born on 12 March 1972, call me on oh six one two three four five six seven eight"
    )
    left = masked(said + " on Thursday", context)
    assert left == "This is Mrs [nom], born on [date de naissance], call me on [numéro] on Thursday"
