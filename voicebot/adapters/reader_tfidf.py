"""The Reader that needs no weights file: `tfidf` trained on the shipped seeds of every class.

A sentence is read twice over: in its words, and with the words of a family ("jeudi", "lundi") replaced by the
family's name, so that what was learnt with one of them holds for all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from voicebot.adapters.tfidf import Model, Seeds, chances, labelled, learnt, shipped, train, words
from voicebot.domain.languages import LANGUAGES

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


@dataclass(frozen=True)
class Pack:
    """What was learnt of one language."""

    model: Model
    family: Mapping[str, str]


class TfidfReader:
    """A Reader (see `ports`) over Models trained on sentences read `twice`; 2 ms an utterance."""

    def __init__(self, packs: Mapping[str, Pack]) -> None:
        """`packs`: by language code."""
        self._packs = packs

    def scores(self, text: str, language: str = "fr") -> Mapping[str, float]:
        """See the port."""
        pack = self._packs.get(language)
        return chances(pack.model, twice(text, pack.family)) if pack else {}


def load(cache: Path) -> TfidfReader:
    """The Reader of the shipped seeds, from `cache` or trained in some seconds and kept there."""
    return TfidfReader({code: _pack(code, cache) for code in LANGUAGES})


def _pack(code: str, cache: Path) -> Pack:
    family = families(code)
    read_twice = tuple((kind, twice(said, family)) for kind, said in seeds(code))
    name = "intents" if code == "fr" else f"intents-{code}"
    return Pack(learnt(name, read_twice, cache, train), family)
