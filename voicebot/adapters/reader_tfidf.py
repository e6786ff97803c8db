"""The Reader that needs no weights file: `tfidf` trained on the shipped seeds of every class."""

from collections.abc import Mapping
from pathlib import Path

from voicebot.adapters.tfidf import Model, Seeds, chances, learnt, shipped, train

SEEDS = "intents_fr.tsv"


def seeds() -> Seeds:
    """The shipped ones."""
    return shipped(SEEDS)


class TfidfReader:
    """A Reader (see `ports`) over a trained Model; 1 ms an utterance."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def scores(self, text: str) -> Mapping[str, float]:
        """See the port."""
        return chances(self._model, text)


def load(cache: Path) -> TfidfReader:
    """The Reader of the shipped seeds, from `cache` or trained in a second or two and kept there."""
    return TfidfReader(learnt("intents", seeds(), cache, train))
