import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.domain.french.spoken import cardinal, ordinal, spoken

READ = {
    # hours
    "jeudi à 9 h 30": "jeudi à neuf heures trente",
    "à 9h30": "à neuf heures trente",
    "à 14 h": "à quatorze heures",
    "à 14h00": "à quatorze heures",
    "à 1 h": "à une heure",
    "à 21 h 01": "à vingt et une heures une",
    "à 08:05": "à huit heures cinq",
    "de 0 h à 12 h": "de minuit à midi",
    "à 9 heures 15": "à neuf heures quinze",
    "24 h/24 et 7 j/7": "vingt-quatre heures sur vingt-quatre et sept jours sur sept",
    "une garde de 48 h": "une garde de quarante-huit heures",
    # dates
    "jeudi 3 décembre 2026": "jeudi trois décembre deux mille vingt-six",
    "le 1er janvier": "le premier janvier",
    "le 1 janvier": "le premier janvier",
    "né le 03/12/1948": "né le trois décembre mille neuf cent quarante-huit",
    "2026-12-01": "premier décembre deux mille vingt-six",
    # telephones and short numbers
    "06 12 34 56 78": "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
    "0140000509": "zéro un, quarante, zéro zéro, zéro cinq, zéro neuf",
    "+33 6 12 34 56 78": "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
    "composez le 15": "composez le quinze",
    "le 17, le 18 ou le 112": "le dix-sept, le dix-huit ou le cent douze",
    "le 114": "le cent quatorze",
    "le 119": "le cent dix-neuf",
    "le 3114": "le trente et un quatorze",
    "le 3919": "le trente-neuf dix-neuf",
    "le 116 117": "le cent seize, cent dix-sept",
    "le 116117": "le cent seize, cent dix-sept",
    # titles and addresses
    "le Dr Martin": "le docteur Martin",
    "la Dre Durand": "la docteure Durand",
    "M. Dupont": "monsieur Dupont",
    "M. et Mme Lebrun": "monsieur et madame Lebrun",
    "Mlle Petit": "mademoiselle Petit",
    "12 bis av. Foch, n° 3": "douze bis avenue Foch, numéro trois",
    "5 bd Voltaire": "cinq boulevard Voltaire",
    # measures
    "26,50 €": "vingt-six euros cinquante",
    "1 €": "un euro",
    "1 200 €": "mille deux cents euros",
    "3200 €": "trois mille deux cents euros",
    "10 %": "dix pour cent",
    "38,5 °C": "trente-huit virgule cinq degrés",
    "38°5 de fièvre": "trente-huit degrés cinq de fièvre",
    "1,05": "un virgule zéro cinq",
    "dans 1 minute": "dans une minute",
    "dans 15 min": "dans quinze minutes",
    "21 semaines": "vingt et une semaines",
    "2e étage, 1re porte": "deuxième étage, première porte",
    "bâtiment A4": "bâtiment A quatre",
    # spelled names
    "D-U-B-O-I-S": "dé, u, bé, o, i, esse",
    "L É A": "elle, e accent aigu, a",
    # what must stay as it is
    "Y a-t-il une urgence ? Peut-être.": "Y a-t-il une urgence ? Peut-être.",
    "Me confirmez-vous ce rendez-vous ?": "Me confirmez-vous ce rendez-vous ?",
    "Le plan B convient à M. Le Goff.": "Le plan B convient à monsieur Le Goff.",
}


@pytest.mark.parametrize("written", READ)
def test_is_read_as_people_say_it(written):
    assert spoken(written) == READ[written]


def test_unbreakable_spaces_are_spaces():
    assert spoken("à 9\u202fh\u00a030") == "à neuf heures trente"


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "zéro"), (16, "seize"), (21, "vingt et un"), (70, "soixante-dix"), (71, "soixante et onze"),
        (80, "quatre-vingts"), (81, "quatre-vingt-un"), (91, "quatre-vingt-onze"), (100, "cent"),
        (101, "cent un"), (200, "deux cents"), (280, "deux cent quatre-vingts"), (1000, "mille"),
        (1999, "mille neuf cent quatre-vingt-dix-neuf"), (80_000, "quatre-vingt mille"),
        (200_000, "deux cent mille"), (2_000_000, "deux millions"),
    ],
)  # fmt: skip
def test_cardinals(n, words):
    assert cardinal(n) == words


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "premier"), (2, "deuxième"), (4, "quatrième"), (5, "cinquième"), (9, "neuvième"), (11, "onzième"),
     (20, "vingtième"), (21, "vingt et unième"), (80, "quatre-vingtième"), (100, "centième")],
)  # fmt: skip
def test_ordinals(n, words):
    assert ordinal(n) == words


@given(st.text(st.sampled_from("0123456789 h:,/-€%°C.erMDABé\u00a0+"), max_size=40))
def test_no_digit_is_left_to_espeak_and_nothing_raises(text):
    assert not re.search(r"\d", spoken(text))


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_two_numbers_never_sound_alike(a, b):
    assert (cardinal(a) == cardinal(b)) == (a == b)
