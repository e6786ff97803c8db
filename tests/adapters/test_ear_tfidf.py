"""The statistical ear as shipped."""

import time

import pytest

from voicebot.adapters import ear_tfidf
from voicebot.settings import Settings


@pytest.fixture(scope="module")
def ear():
    return ear_tfidf.load(Settings().cache)


@pytest.mark.parametrize(
    "said",
    [
        "ma voisine a la bouche toute tordue et elle bafouille",
        "il est gris il respire à peine il me répond plus",
        "j'ai avalé tous les cachets de ma mère",
    ],
)
def test_it_is_alarmed(ear, said):
    assert ear.alarmed(said)


@pytest.mark.parametrize(
    "said",
    [
        "bonjour je voudrais un rendez-vous",
        "non",
        "oui c'est ça",
        "Marie Dubois",
        "le 12 mars 1972",
        "",
        "漢字",
    ],
)
def test_it_is_not(ear, said):
    assert not ear.alarmed(said)


def test_its_threshold_was_found_for_these_very_sentences():
    """Who changes what it learns from calibrates it anew: `voicebot evaluate ear --write`."""
    assert ear_tfidf.calibration().sentences == ear_tfidf.digest(ear_tfidf.sentences())


def test_it_learns_from_enough_and_from_no_sentence_under_two_labels():
    labels: dict[str, set[str]] = {}
    for kind, said in ear_tfidf.sentences():
        labels.setdefault(said, set()).add(kind)
    assert len(labels) > 3000
    assert [said for said, kinds in labels.items() if len(kinds) > 1] == []


def test_it_takes_far_less_than_the_30_ms_it_may(ear):
    said = (
        "bonjour madame voilà mon mari est tombé ce matin dans la cuisine et depuis il parle bizarrement " * 3
    )
    taken = []
    for _ in range(20):
        before = time.process_time()
        ear.alarmed(said)
        taken.append(time.process_time() - before)
    assert sorted(taken)[10] < 0.03
