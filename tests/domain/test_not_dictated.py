import pytest

from voicebot.domain.french.dictation import incomplete


@pytest.mark.parametrize(
    "said",
    [
        "C'est pour le vaccin de ma fille, elle a six mois.",
        "Je tousse un peu depuis trois jours et j'aimerais que le docteur me voie cette semaine.",
        "C'est pour renouveler mon ordonnance, il me reste deux jours de traitement.",
        "Mon fils de quatre ans a mal à l'oreille depuis cette nuit.",
        "Je voudrais annuler mon rendez-vous de jeudi à quinze heures quarante-cinq.",
        "Oui, vendredi à onze heures et quart, ça me convient très bien.",
    ],
)
def test_a_sentence_with_a_number_in_it_is_no_birth_date_that_is_being_dictated(said):
    assert not incomplete(said, "birth_date")


@pytest.mark.parametrize(
    "said",
    [
        "le 8",
        "le huit mars",
        "Je suis né le",
        "le 8 mars attendez",
        "douze avril mille neuf cent",
        "le 3 du 4",
    ],
)
def test_a_birth_date_that_has_begun_is_awaited(said):
    assert incomplete(said, "birth_date")


@pytest.mark.parametrize("said", ["le 8 mars 1941", "Non, je préfère une secrétaire.", "12/04/1956"])
def test_a_whole_one_and_another_answer_are_not(said):
    assert not incomplete(said, "birth_date")
