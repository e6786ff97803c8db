"""The Reader that needs no weights file: `tfidf` trained on the shipped seeds of every class.

A sentence is read twice over: in its words, and with the words of a family ("jeudi", "lundi") replaced by the
family's name, so that what was learnt with one of them holds for all.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from voicebot.adapters.tfidf import Model, Seeds, chances, labelled, learnt, shipped, train, words

DATA = files("voicebot").joinpath("data")
BETWEEN = "zz"
"""Stands between the two readings; no word of a language."""


def seeds(language: str = "fr") -> Seeds:
    """The shipped ones of a language, by code."""
    return shipped(f"intents_{language}.tsv")


def families(language: str = "fr") -> Mapping[str, str]:
    """Family's token by word, as shipped."""
    listed = labelled(DATA.joinpath(f"word_families_{language}.tsv").read_text("utf8"))
    return {word: f"z{''.join(words(family))}" for family, kin in listed for word in kin.split()}


def twice(text: str, family: Mapping[str, str]) -> str:
    """The sentence, and the same with its words' families; nothing more when it has no words."""
    said = words(text)
    return " ".join((*said, BETWEEN, *(family.get(word, word) for word in said))) if said else ""


class TfidfReader:
    """A Reader (see `ports`) over a Model trained on sentences read `twice`; 2 ms an utterance."""

    def __init__(
        self, model: Model, family: Mapping[str, str], others: "Mapping[str, TfidfReader] | None" = None
    ) -> None:
        """French; `others`: what reads other languages, by code."""
        self._model = model
        self._family = family
        self._others = others or {}

    def scores(self, text: str, language: str = "fr") -> Mapping[str, float]:
        """See the port."""
        if language != "fr":
            return self._others[language].scores(text) if language in self._others else {}
        return chances(self._model, twice(text, self._family))


def load(cache: Path, others: Iterable[str] = ()) -> TfidfReader:
    """The Reader of the shipped seeds, from `cache` or trained in some seconds and kept there.

    `others`: codes of languages besides French."""
    besides = {code: _learnt(code, cache) for code in sorted(set(others) - {"fr"})}
    return _learnt("fr", cache, besides)


def _learnt(code: str, cache: Path, others: Mapping[str, TfidfReader] | None = None) -> TfidfReader:
    family = families(code)
    read_twice = tuple((kind, twice(said, family)) for kind, said in seeds(code))
    name = "intents" if code == "fr" else f"intents-{code}"
    return TfidfReader(learnt(name, read_twice, cache, train), family, others)
