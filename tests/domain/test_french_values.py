"""Numbers, spelled names and short answers, as they come out of a telephone."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voicebot.domain.french import (
    answer,
    choice,
    digits,
    fold,
    incomplete,
    person_name,
    phone,
    phone_progress,
    spelled,
)


def test_text_is_folded():
    assert fold("L’Haÿ-les-Roses, où ÇA ?") == "l hay les roses ou ca"
    assert digits("Vingt-deux octobre à onze heures") == "22 octobre a 11 heures"
    assert digits("entre dix et dix-huit heures") == "entre 10 et 18 heures"
    assert digits("soixante et onze") == "71"


@pytest.mark.parametrize(
    "said",
    [
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
        "zero six douze trente quatre cinquante six soixante dix huit",
        "06 12 34 56 78",
        "06.12.34.56.78.",
        "06-12-34-56-78",
        "0612345678",
        "0 6 1 2 3 4 5 6 7 8",
        "zéro, six, douze, trente-quatre, cinquante-six, soixante-dix-huit",
        "plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "double zéro trente-trois six douze trente-quatre cinquante-six soixante-dix-huit",
        "mon numéro c'est le zéro six... douze... trente-quatre cinquante-six soixante-dix-huit voilà",
        "zéro six douze trente-quatre cinquante-six soixante-dix-neuf non pardon 78",
        "06 12 33 non 34 56 78",
        "06 99 88 77 66 non pardon 06 12 34 56 78",
    ],
)
def test_a_phone_number_is_dictated(said):
    assert phone(said) == "+33612345678"


def test_a_number_kept_for_films_is_a_number():
    said = "zéro six trente-neuf quatre-vingt-dix-huit zéro zéro quarante-deux"
    assert phone(said) == "+33639980042"


def test_doubled_figures():
    assert phone("zéro six double zéro douze trente-quatre cinquante-six") == "+33600123456"


@pytest.mark.parametrize(
    "said", ["06 12 34 56", "j'ai 38 de fièvre", "le 12 mars 1972", "06 12 34 56 78 90", "", "00 00 00 00 00"]
)
def test_what_is_no_phone_number(said):
    assert phone(said) is None


def test_progress_of_a_number():
    assert phone_progress("zéro six douze") == 4
    assert phone_progress("bonjour") == 0


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("D comme Denis, U, B, O, I, S", "Dubois"),
        ("dé u bé o i esse", "Dubois"),
        ("D.U.B.O.I.S.", "Dubois"),
        ("d-u-b-o-i-s", "Dubois"),
        ("Dubois, D U B O I S", "Dubois"),
        ("L E F E accent grave V R E", "Lefèvre"),
        ("M A deux R O T", "Marrot"),
        ("G A U double L I E R", "Gaullier"),
        ("E accent aigu, M, I, L, E", "Émile"),
        ("L apostrophe H O S T I S", "L'Hostis"),
        ("J E A N trait d'union P I E R R E", "Jean-Pierre"),
        ("W comme William, A, L, T, E, R", "Walter"),
        ("i grec, v, e, s", "Yves"),
        ("B comme Bernard A comme Anatole R comme Raoul", "Bar"),
        ("alors c'est D, U, P, O, N, T, avec un T à la fin", "Dupont"),
        ("majuscule D, u, p, o, n, d", "Dupond"),
    ],
)
def test_a_name_is_spelled(said, name):
    assert spelled(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "j'ai mal à la tête",
        "il y a eu du sang",
        "ça l'a pris d'un coup",
        "a-t-elle de la fièvre",
        "c'est ça",
        "je suis née à Paris",
        "il n'a pas mangé",
    ],
)
def test_sentences_are_not_spelling(said):
    assert spelled(said) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("oui", "yes"), ("ouais", "yes"), ("c'est ça", "yes"), ("tout à fait", "yes"), ("ça me va", "yes"),
        ("oui oui c'est bien ça merci", "yes"), ("pourquoi pas", "yes"), ("pas de problème", "yes"),
        ("non", "no"), ("pas du tout", "no"), ("non merci", "no"), ("surtout pas", "no"), ("c'est pas ça",
        "no"),
        ("ben non pas vraiment", "no"), ("pas tout à fait", "no"), ("pas d'accord", "no"), ("ça va pas",
        "no"),
        ("oui mais non", None), ("non non c'est bon", None), ("je ne sais pas", None), ("mardi", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_closed_question_is_answered(said, meant):
    assert answer(said) == meant


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("le premier", 0), ("la première", 0), ("le 1er me va bien", 0), ("le deuxième", 1), ("le second", 1),
        ("plutôt le deux", 1), ("le trois s'il vous plaît", 2), ("le dernier", 2),
        ("pas le premier, le second", 1),
        ("le quatrième", None), ("mardi", None), ("le premier lundi", None), ("le un ou le deux", None),
        ("je préfère la premier vie", None),
        ("le 12 mars", None), ("un rendez-vous", None), ("c'est la première fois", None),
    ],
)  # fmt: skip
def test_an_offer_is_chosen_by_its_place(said, place):
    assert choice(said, 3) == place


@pytest.mark.parametrize(
    ("said", "expects"),
    [
        ("le douze mars", "birth_date"), ("le douze mars mille neuf cent", "birth_date"), ("douze",
        "birth_date"),
        ("mon fils est né le", "birth_date"), ("le six juin quatre-vingt", "birth_date"),
        ("zéro six douze", "phone"),
        ("D comme Denis, U,", "name"), ("D comme", "name"), ("je m'appelle", "name"), ("je… le…", "open"),
        ("je voudrais un rendez-vous le", "open"), ("le mardi à", "wish"),
    ],
)  # fmt: skip
def test_the_caller_has_not_finished(said, expects):
    assert incomplete(said, expects)


@pytest.mark.parametrize(
    ("said", "expects"),
    [
        ("le douze mars soixante-douze", "birth_date"), ("12 03 72", "birth_date"), ("06 12 34 56 78",
        "phone"),
        ("Dubois", "name"), ("D U B O I S", "name"), ("je voudrais un rendez-vous", "open"), ("oui",
        "yes_no"),
        ("je ne sais pas", "birth_date"), ("non", "phone"), ("", "open"),
    ],
)  # fmt: skip
def test_the_caller_has_finished(said, expects):
    assert not incomplete(said, expects)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived_by_every_reader(said):
    fold(said), digits(said), phone(said), spelled(said), person_name(said), person_name(said, asked=True)
    answer(said), choice(said, 3)
    for expects in (
        "open",
        "yes_no",
        "read_back",
        "choice",
        "wish",
        "name",
        "birth_date",
        "phone",
        "message",
    ):
        incomplete(said, expects)


@given(st.lists(st.integers(0, 9), min_size=8, max_size=8))
@example([0, 0, 0, 0, 0, 0, 3, 3])
def test_every_mobile_number_read_in_twos_is_heard(figures):
    number = "06" + "".join(map(str, figures))
    written = " ".join(number[i : i + 2] for i in range(0, 10, 2))
    heard = phone(written)
    assert heard in (None, f"+33{number[1:]}")
    assert phone_progress(written) == 10
