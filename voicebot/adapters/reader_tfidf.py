"""The Reader that needs no weights file: `tfidf` trained on the shipped seeds of every class.

A sentence is read twice over: in its words, and with the words of a family ("jeudi", "lundi") replaced by the
family's name, so that what was learnt with one of them holds for all.
"""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from voicebot.adapters.tfidf import Model, Seeds, chances, labelled, learnt, shipped, train, words

SEEDS = "intents_fr.tsv"
FAMILIES = "word_families_fr.tsv"
BETWEEN = "zz"
"""Stands between the two readings; no French word."""


def seeds() -> Seeds:
    """The shipped ones."""
    return shipped(SEEDS)


def families() -> Mapping[str, str]:
    """Family's token by word, as shipped."""
    listed = labelled(files("voicebot").joinpath(f"data/{FAMILIES}").read_text("utf8"))
    return {word: f"z{''.join(words(family))}" for family, kin in listed for word in kin.split()}


def twice(text: str, family: Mapping[str, str]) -> str:
    """The sentence, and the same with its words' families; nothing more when it has no words."""
    said = words(text)
    return " ".join((*said, BETWEEN, *(family.get(word, word) for word in said))) if said else ""


class TfidfReader:
    """A Reader (see `ports`) over a Model trained on sentences read `twice`; 2 ms an utterance."""

    def __init__(self, model: Model, family: Mapping[str, str]) -> None:
        self._model = model
        self._family = family

    def scores(self, text: str) -> Mapping[str, float]:
        """See the port."""
        return chances(self._model, twice(text, self._family))


def load(cache: Path) -> TfidfReader:
    """The Reader of the shipped seeds, from `cache` or trained in some seconds and kept there."""
    family = families()
    read_twice = tuple((kind, twice(said, family)) for kind, said in seeds())
    return TfidfReader(learnt("intents", read_twice, cache, train), family)
