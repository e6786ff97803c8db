"""The reader trained from the shipped seeds: what it hears, and what became of the held-out sentences."""

import pytest

from voicebot.adapters import reader_tfidf
from voicebot.domain.understanding.reading import KINDS


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def reader(cache):
    return reader_tfidf.load(cache)


def best(scores):
    return max(scores, key=scores.get)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("bonjour euh je voudrais un rendez-vous avec le docteur", "booking"),
        ("il faudrait annuler mon rendez-vous de demain", "cancellation"),
        ("on peut décaler mon rendez-vous à la semaine d'après", "reschedule"),
        ("c'est pour renouveler mon ordonnance", "renewal"),
        ("le docteur a reçu mes analyses de sang ?", "results"),
        ("passez-moi la secrétaire", "human"),
        ("vous m'entendez, allô ?", "hello"),
    ],
)
def test_hears_what_is_asked_for(reader, said, kind):
    assert best(reader.scores(said)) == kind


def test_scores_are_probabilities_of_the_kinds_understanding_knows(reader):
    scores = reader.scores("je voudrais voir le docteur")
    assert set(scores) == set(KINDS)
    assert sum(scores.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("said", ["", " … ", "?!", "漢字"])
def test_no_words_no_opinion(reader, said):
    assert reader.scores(said) == {}


def test_accents_case_and_apostrophes_change_nothing(reader):
    assert reader.scores("J’ai RENDEZ-VOUS chez l'Infirmière") == reader.scores(
        "j ai rendez vous chez l infirmiere"
    )


def test_the_next_start_reads_the_cache_and_scores_the_same(reader, cache, monkeypatch):
    monkeypatch.setattr(reader_tfidf, "train", None)
    again = reader_tfidf.load(cache)
    assert again.scores("je viens pas demain") == reader.scores("je viens pas demain")


def test_a_broken_cache_is_made_again(tmp_path, reader, monkeypatch, cache):
    [kept] = cache.iterdir()
    (tmp_path / kept.name).write_bytes(kept.read_bytes()[:5000])
    seen = []
    monkeypatch.setattr(reader_tfidf, "train", lambda pairs: seen.append(len(pairs)) or reader._model)
    assert reader_tfidf.load(tmp_path).scores("une secrétaire")
    assert seen
    assert (tmp_path / kept.name).stat().st_size == kept.stat().st_size


def test_what_was_learnt_of_one_word_holds_for_its_family(cache):
    family = {"jeudi": "zjour", "lundi": "zjour"}
    pairs = [
        ("cancellation", "effacez jeudi"),
        ("cancellation", "effacez jeudi donc"),
        ("booking", "je viens"),
    ]
    learnt = [(kind, reader_tfidf.twice(said, family)) for kind, said in pairs]
    reader = reader_tfidf.TfidfReader(reader_tfidf.train(tuple(learnt)), family)
    plain = reader_tfidf.TfidfReader(reader_tfidf.train(tuple(pairs)), {})
    assert reader.scores("lundi")["cancellation"] > plain.scores("lundi").get("cancellation", 0)


def test_a_word_belongs_to_one_family_and_is_written_as_it_is_read():
    from importlib.resources import files

    from voicebot.adapters.tfidf import labelled, words

    listed = labelled(files("voicebot").joinpath("data/word_families_fr.tsv").read_text("utf8"))
    kin = [word for _, line in listed for word in line.split()]
    assert len(kin) == len(set(kin))
    assert all(words(word) == [word] for word in kin)


def test_a_cache_that_cannot_be_written_is_only_slower(tmp_path, reader, monkeypatch):
    monkeypatch.setattr(reader_tfidf, "train", lambda pairs: reader._model)
    (tmp_path / "file").write_text("not a folder")
    assert reader_tfidf.load(tmp_path / "file" / "cache").scores("une secrétaire")


def test_every_class_has_seeds_enough():
    counts: dict[str, int] = {}
    for kind, _ in reader_tfidf.seeds():
        counts[kind] = counts.get(kind, 0) + 1
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 50
    assert all(counts[k] >= 200 for k in ("booking", "cancellation", "reschedule"))


def test_no_seed_is_a_held_out_sentence():
    from pathlib import Path

    data = Path(__file__).parent.parent / "data"
    sets = [data / "intents_own.tsv", *data.glob("understanding_*.tsv")]
    lines = [line for path in sets for line in path.read_text("utf8").splitlines()]
    held_out = {cell for line in lines if not line.startswith("#") for cell in line.split("\t")}
    assert len(held_out) > 200
    assert not (held_out - set(KINDS)) & {said for _, said in reader_tfidf.seeds()}
