"""Who is calling, and whether the record has the same person."""

import pytest

from voicebot.domain.french import SAME, person_name, same_person


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("je m'appelle Marie Dubois", "Marie", "Dubois"),
        ("c'est pour mon fils Lucas Petit", "Lucas", "Petit"),
        ("Dubois, prénom Marie", "Marie", "Dubois"),
        ("madame Dubois", None, "Dubois"),
        ("bonjour madame Le Goff à l'appareil", None, "Le Goff"),
        ("au nom de Bernard", None, "Bernard"),
        ("je m'appelle dupont", None, "Dupont"),
        (
            "je m'appelle Jean-Pierre de La Fontaine et je voudrais un rendez-vous",
            "Jean-Pierre",
            "de La Fontaine",
        ),
        ("c'est Ahmed Ben Ali", "Ahmed", "Ben Ali"),
        ("il s'appelle Karim Benzema, né le 12 mars 1987", "Karim", "Benzema"),
        ("le nom de famille c'est Roux et le prénom c'est Sophie", "Sophie", "Roux"),
        ("mon fils Lucas a de la fièvre", "Lucas", None),
        ("madame Petit ne viendra pas", None, "Petit"),
    ],
)
def test_a_name_is_heard(said, first, last):
    assert person_name(said) == (first, last)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("Marie Dubois", "Marie", "Dubois"),
        ("Dubois Marie", "Marie", "Dubois"),
        ("dubois marie", "Marie", "Dubois"),
        ("Marie Martin", "Marie", "Martin"),
        ("Petit Lucas", "Lucas", "Petit"),
        ("euh oui, Dupont Jean", "Jean", "Dupont"),
        ("Nguyen", None, "Nguyen"),
        ("d'Aubigné Claire", "Claire", "d'Aubigné"),
        ("Marie-Claude Van der Berg", "Marie-Claude", "van der Berg"),
        ("oui c'est madame Petit", None, "Petit"),
        ("Marie Duboi D U B O I S", "Marie", "Dubois"),
        ("alors c'est Lefebvre, L E F E B V R E", None, "Lefebvre"),
    ],
)
def test_a_name_is_given_when_asked(said, first, last):
    assert person_name(said, asked=True) == (first, last)


@pytest.mark.parametrize(
    "said",
    ["je suis malade", "c'est urgent", "je suis enceinte", "c'est pour ma fille elle tousse",
    "bonjour monsieur",
     "je voudrais un rendez-vous avec le docteur Martin", "madame bonjour je voudrais un rendez-vous",
     "ça l'a pris d'un coup", "je voudrais parler à madame Sophie"],
)  # fmt: skip
def test_ordinary_words_are_no_name(said):
    assert person_name(said) == (None, None)


@pytest.mark.parametrize(
    "said", ["non", "je ne sais pas", "vous pouvez répéter", "c'est pour demain", "oui", "quoi", "allô"]
)
def test_no_answer_is_no_name(said):
    assert person_name(said, asked=True) == (None, None)


@pytest.mark.parametrize(
    ("spoken", "known"),
    [
        (("Marie", "Dupond"), ("Marie", "Dupont")),
        (("Lucas", "Gautier"), ("Lucas", "Gauthier")),
        (("", "Lefevre"), ("Paul", "Lefebvre")),
        (("Marie", "Dubois"), ("Marie", "Dubois-Martin")),
        (("Dubois", "Marie"), ("Marie", "Dubois")),
        (("Sofie", "Leroi"), ("Sophie", "Leroy")),
        (("Louis", "Renaud"), ("Louis", "Renault")),
        (("Jean", "Roux"), ("Jean-Pierre", "Roux")),
        (("Marie", "Legoff"), ("Marie", "Le Goff")),
        (("Nathalie", "Toma"), ("Nathalie", "Thomas")),
    ],
)
def test_the_record_has_the_same_person(spoken, known):
    assert same_person(*spoken, *known) >= SAME


@pytest.mark.parametrize(
    ("spoken", "known"),
    [
        (("Jean", "Dupont"), ("Jeanne", "Dupont")),
        (("Paul", "Petit"), ("Pauline", "Petit")),
        (("Luc", "Moreau"), ("Lucas", "Moreau")),
        (("Marie", "Martin"), ("Marie", "Marin")),
        (("Marie", "Durand"), ("Marie", "Dupont")),
        (("", ""), ("Marie", "Dupont")),
    ],
)
def test_the_record_has_somebody_else(spoken, known):
    assert same_person(*spoken, *known) < SAME
