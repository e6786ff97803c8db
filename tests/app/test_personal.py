"""What may tell who somebody is does not go into a rules file unseen."""

import pytest

from voicebot.app.personal import personal
from voicebot.domain.call import Person

ODILE = Person("Odile", "Garnier", phone="+33612345678")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("bonjour c'est Odile Garnier, j'étouffe", {"Odile", "Garnier"}),
        ("ici madame garnier j'étouffe", {"garnier"}),
        ("mon fils Théo a avalé une pile", {"Théo"}),
        ("mon fils théo a avalé une pile", {"théo"}),
        ("rappelez-moi au 06 12 34 56 78", {"06 12 34 56 78"}),
        ("j'habite 14 rue des Tilleuls, j'étouffe", {"14", "rue des Tilleuls"}),
        ("le docteur Benslimane m'a dit d'appeler", {"Benslimane"}),
        ("je suis née le 8 mars 1941", {"8", "1941"}),
    ],
)
def test_names_numbers_and_addresses_are_pointed_out(sentence, found):
    assert found <= set(personal(sentence, ODILE))


def test_a_telephone_number_in_words_is_one_too():
    said = "c'est le zéro six douze trente-quatre cinquante-six soixante-dix-huit"
    assert "un numéro de téléphone" in personal(said)


@pytest.mark.parametrize(
    "sentence", ["J'ai mal dans la poitrine. Ça serre fort.", "mon mari ne respire plus", "il est tout bleu"]
)
def test_a_sentence_that_names_nobody_needs_no_second_look(sentence):
    assert personal(sentence, ODILE) == ()
