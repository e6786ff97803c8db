"""Where an utterance is cut into wishes, and above all where it is not."""

from pathlib import Path

import pytest

from voicebot.adapters import reader_tfidf
from voicebot.domain.understanding.reading import KINDS
from voicebot.domain.understanding.several import added, several

DATA = Path(__file__).parent.parent / "data"


def lines(name):
    return [line.split("\t") for line in (DATA / name).read_text("utf8").splitlines() if line[0] != "#"]


@pytest.mark.parametrize("said", [line[0] for line in lines("one_wish.tsv")])
def test_one_wish_that_sounds_like_two_is_never_cut(said):
    assert several(said) == ()


def test_most_of_those_who_wish_two_things_are_served_both():
    """Written together with the splitter: a guard, no figure to report."""
    found = [
        [KINDS[wish.kind] for wish in several(said)] == wanted.split(",")
        for wanted, said in lines("several_wishes.tsv")
    ]
    assert sum(found) / len(found) >= 0.9


def test_sentences_of_one_wish_are_hardly_ever_cut():
    """The seeds and what urgency was learnt from: thousands of sentences, each of one wish."""
    said = [text for _, text in reader_tfidf.seeds()]
    said += [line[-1] for path in DATA.glob("triage_*.tsv") for line in lines(path.name)]
    cut = [text for text in said if several(text)]
    assert len(said) > 5000
    assert len(cut) / len(said) <= 0.001, cut


@pytest.mark.parametrize(
    ("said", "texts", "another"),
    [
        (
            "annuler jeudi et renouveler mon traitement",
            ["annuler jeudi", "et renouveler mon traitement"],
            [False, False],
        ),
        (
            "je voudrais un rendez-vous pour moi et un autre pour mon mari",
            ["je voudrais un rendez-vous pour moi", "et un autre pour mon mari"],
            [False, True],
        ),
        (
            "annulez mon rendez-vous de jeudi et aussi celui de vendredi de mon fils",
            ["annulez mon rendez-vous de jeudi", "et aussi celui de vendredi de mon fils"],
            [False, True],
        ),
    ],
)
def test_each_wish_keeps_its_own_words_and_its_person(said, texts, another):
    wishes = several(said)
    assert [wish.text for wish in wishes] == texts
    assert [wish.another for wish in wishes] == another


@pytest.mark.parametrize(
    ("said", "answer", "kinds"),
    [
        ("Marie Dubois, et aussi il me faudrait une ordonnance", "Marie Dubois", ["renewal"]),
        ("et au passage j'aimerais avoir mes résultats d'analyses", "", ["results"]),
        ("mardi matin et aussi l'après-midi", "mardi matin et aussi l'après-midi", []),
        ("oui et aussi ma fille", "oui et aussi ma fille", []),
    ],
)
def test_a_wish_added_to_an_answer(said, answer, kinds):
    before, wishes = added(said)
    assert (before, [wish.kind for wish in wishes]) == (answer, kinds)


def test_the_punctuation_of_the_recogniser_does_not_matter():
    said = "Je voudrais annuler mon rendez-vous de jeudi. Et aussi, est-ce que vous avez reçu mes analyses ?"
    bare = "je voudrais annuler mon rendez-vous de jeudi et aussi est-ce que vous avez reçu mes analyses"
    assert [w.kind for w in several(said)] == [w.kind for w in several(bare)] == ["cancellation", "results"]


@pytest.mark.parametrize("said", ["", "et", "et aussi", " , . et et et puis aussi", "漢字 et puis 漢字"])
def test_nothing_comes_of_nothing(said):
    assert several(said) == ()
    assert added(said)[1] == ()
