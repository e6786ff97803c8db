"""The Reader that needs no weights file: TF-IDF over words and their pieces, a regularised linear classifier.

Trained on `voicebot/data/intents_fr.tsv` in a second or two, then kept in the cache under the sha256 of the
seeds and of this file. Least squares on one-hot classes, then a softmax: on these seeds as right as logistic
regression (75 % of 22 classes, left out one by one, against 73 % in five folds), solved in one step, and its
leave-one-out scores come for nothing. Fitted in its dual (one coefficient a seed and class): the Gram matrix
of 2,400 seeds is far smaller than their features.
"""

import contextlib
import hashlib
import math
import os
import re
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Seeds = tuple[tuple[str, str], ...]
"""(class, utterance) pairs."""

PIECES = range(2, 6)
"""Lengths of character n-grams inside a word, its edges included."""
WORD_SHARE, PIECE_SHARE = 1.0, 1.0
"""Weight of the two halves of the features, each of norm 1 (chosen by cross-validation on the seeds)."""
DECAY = 0.5
"""L2 penalty (same)."""


def seeds(text: str | None = None) -> Seeds:
    """The shipped seeds, or those of `text`: `class<TAB>utterance` lines, `#` starts a comment."""
    lines = files("voicebot").joinpath("data/intents_fr.tsv").read_text("utf8") if text is None else text
    pairs = (line.split("\t", 1) for line in lines.splitlines() if line and not line.startswith("#"))
    return tuple((kind, said) for kind, said in pairs)


def words(text: str) -> list[str]:
    """Lower-case words without accents; apostrophes and hyphens separate."""
    plain = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def features(text: str) -> Iterator[tuple[str, float]]:
    """Named features with their weight before IDF: word 1- and 2-grams (`w…`), word pieces (`c…`)."""
    said = words(text)
    grams = Counter(said) + Counter(f"{a} {b}" for a, b in zip(["^", *said], [*said, "$"], strict=True))
    pieces = Counter(
        f" {word} "[i : i + n] for word in said for n in PIECES for i in range(len(word) + 3 - n)
    )
    yield from ((f"w{gram}", 1 + math.log(count)) for gram, count in grams.items())
    yield from ((f"c{piece}", 1 + math.log(count)) for piece, count in pieces.items())


@dataclass(frozen=True)
class Model:
    """What is cached. `weights`: features × classes; `idf`: one a feature; `index`: feature → row."""

    classes: tuple[str, ...]
    index: Mapping[str, int]
    idf: Matrix
    weights: Matrix
    bias: Matrix
    sharpness: float
    """Multiplies the logits so that probabilities are honest."""


def vector(text: str, index: Mapping[str, int], idf: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Sparse features of a text, as (rows, values); words and pieces normalised apart."""
    known = [(index[name], weight, name[0] == "w") for name, weight in features(text) if name in index]
    if not known:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    rows = np.array([row for row, _, _ in known])
    values = np.array([weight for _, weight, _ in known], np.float32) * idf[rows]
    whole = np.array([is_word for _, _, is_word in known])
    for part, share in ((whole, WORD_SHARE), (~whole, PIECE_SHARE)):
        if part.any():
            values[part] *= share / float(np.linalg.norm(values[part]))
    return rows, values


def softmax(logits: Matrix) -> Matrix:
    """Probabilities along the last axis."""
    exp = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True), np.float32)


def fit_dual(gram: Matrix, truth: Matrix) -> tuple[Matrix, Matrix]:
    """(dual coefficients, logits of every seed by the model fitted without it), both seeds × classes.

    `gram`: seeds × seeds, the bias included; `truth`: one-hot. The second is the closed form of leave-one-out
    (Cawley 2006, eq. 14): honest scores for nothing, and what the sharpness is chosen on.
    """
    inverse = np.linalg.inv(gram + DECAY * np.eye(len(gram), dtype=np.float32))
    dual: Matrix = (inverse @ truth).astype(np.float32)
    return dual, (truth - dual / np.diag(inverse)[:, None]).astype(np.float32)


def sharpness(logits: Matrix, truth: Matrix) -> float:
    """The factor that makes the softmax of left-out logits likeliest (temperature scaling, Guo 2017)."""

    def loss(factor: float) -> float:
        return -float(np.log((softmax(factor * logits) * truth).sum(axis=1)).mean())

    return min((factor / 2 for factor in range(4, 41)), key=loss)


def vocabulary(texts: Sequence[str]) -> tuple[dict[str, int], Matrix]:
    """(index, idf) of the features found in at least two texts."""
    seen = Counter(name for text in texts for name, _ in features(text))
    kept = sorted(name for name, count in seen.items() if count > 1)
    idf = np.array([math.log((1 + len(texts)) / (1 + seen[name])) + 1 for name in kept], np.float32)
    return {name: row for row, name in enumerate(kept)}, idf


def design(texts: Sequence[str], index: Mapping[str, int], idf: Matrix) -> Matrix:
    """Texts × features, dense."""
    matrix = np.zeros((len(texts), len(index)), np.float32)
    for line, text in enumerate(texts):
        rows, values = vector(text, index, idf)
        matrix[line, rows] = values
    return matrix


def _one_hot(pairs: Seeds) -> tuple[tuple[str, ...], Matrix]:
    classes = tuple(sorted({kind for kind, _ in pairs}))
    return classes, np.array([[kind == c for c in classes] for kind, _ in pairs], np.float32)


def train(pairs: Seeds) -> Model:
    """Fit all of the seeds. Deterministic; one matrix inversion."""
    return _fitted(pairs)[0]


def left_out(pairs: Seeds) -> tuple[tuple[str, ...], Matrix]:
    """(classes, probabilities of every seed by the model fitted without it): what seeds can tell."""
    model, logits = _fitted(pairs)
    return model.classes, softmax(model.sharpness * logits)


def _fitted(pairs: Seeds) -> tuple[Model, Matrix]:
    texts = [said for _, said in pairs]
    classes = tuple(sorted({kind for kind, _ in pairs}))
    truth = np.array([[kind == c for c in classes] for kind, _ in pairs], np.float32)
    index, idf = vocabulary(texts)
    matrix = design(texts, index, idf)
    dual, logits = fit_dual(matrix @ matrix.T + 1, truth)
    fit = Model(classes, index, idf, matrix.T @ dual, dual.sum(axis=0), sharpness(logits, truth))
    return fit, logits


class TfidfReader:
    """A Reader (see `ports`) over a trained Model; 1 ms an utterance."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def scores(self, text: str) -> Mapping[str, float]:
        """Probability by class; empty when no word or piece of one was seen in training."""
        model = self._model
        rows, values = vector(text, model.index, model.idf)
        if not len(rows):
            return {}
        chances = softmax(model.sharpness * (values @ model.weights[rows] + model.bias))
        return {kind: float(chance) for kind, chance in zip(model.classes, chances, strict=True)}


def load(cache: Path) -> TfidfReader:
    """The Reader of the shipped seeds, from `cache` or trained and kept there (atomically)."""
    pairs = seeds()
    recipe = Path(__file__).read_bytes() + repr(pairs).encode()
    path = cache / f"intents-{hashlib.sha256(recipe).hexdigest()[:16]}.npz"
    model = _kept(path)
    if model is None:
        model = train(pairs)
        _keep(model, path)
    return TfidfReader(model)


def _kept(path: Path) -> Model | None:
    """None when missing or unreadable: it is then made again."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            classes = tuple(str(c) for c in kept["classes"])
            index = {str(name): row for row, name in enumerate(kept["features"])}
            return Model(classes, index, kept["idf"], kept["weights"], kept["bias"], float(kept["sharpness"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _keep(model: Model, path: Path) -> None:
    """A cache that cannot be written costs two seconds at the next start, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as part:
            np.savez(
                part,
                classes=np.array(model.classes),
                features=np.array(list(model.index)),
                idf=model.idf,
                weights=model.weights,
                bias=model.bias,
                sharpness=np.float64(model.sharpness),
            )
        os.replace(part.name, path)
