"""The Reader that needs no weights file: TF-IDF over words and their pieces, multinomial logistic regression.

Trained on `voicebot/data/intents_fr.tsv` in about two seconds, then kept in the cache under the sha256 of
the seeds and of this file. The model is fitted in its dual (one coefficient a seed and class; Schölkopf 2001,
representer theorem): the Gram matrix of 2,000 seeds is far smaller than their features.
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
DECAY = 1e-5
"""L2 penalty (same)."""
STEPS = 300
TEMPERATURE = 0.85
"""Divides the logits so that probabilities are honest: what `calibrate` found on the shipped seeds."""
FOLDS = 5


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


def fit_dual(gram: Matrix, truth: Matrix, decay: float = DECAY) -> tuple[Matrix, Matrix]:
    """(dual coefficients, bias) of the regularised multinomial regression, by Nesterov's gradient.

    `gram`: seeds × seeds; `truth`: seeds × classes, one-hot. Classes weigh as the root of their size.
    """
    count, classes = truth.shape
    weight = 1 / np.sqrt(truth @ truth.sum(axis=0))[:, None]
    weight *= count / weight.sum()
    step = 1 / (0.5 * _largest_eigenvalue(gram) * float(weight.max()) / count + decay)
    dual = ahead = np.zeros((count, classes), np.float32)
    bias = np.zeros(classes, np.float32)
    for turn in range(STEPS):
        slope = weight * (softmax(gram @ ahead + bias) - truth) / count
        after = ahead - step * (slope + decay * ahead)
        bias = bias - slope.sum(axis=0)
        ahead = after + turn / (turn + 3) * (after - dual)
        dual = after
    return dual, bias


def _largest_eigenvalue(gram: Matrix) -> float:
    """By power iteration, with a little room above."""
    direction = np.ones(len(gram), np.float32)
    for _ in range(20):
        direction = gram @ direction
        direction /= np.linalg.norm(direction)
    return 1.05 * float(direction @ gram @ direction)


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
    """Fit all of the seeds. Deterministic; about two seconds for two thousand."""
    texts = [said for _, said in pairs]
    classes, truth = _one_hot(pairs)
    index, idf = vocabulary(texts)
    matrix = design(texts, index, idf)
    dual, bias = fit_dual(matrix @ matrix.T, truth)
    return Model(classes, index, idf, matrix.T @ dual, bias)


def cross_validate(pairs: Seeds) -> Matrix:
    """Logits of every seed by a model that has not seen it (5 folds, fixed draw): seeds × classes."""
    texts = [said for _, said in pairs]
    _, truth = _one_hot(pairs)
    matrix = design(texts, *vocabulary(texts))
    gram = matrix @ matrix.T
    fold = np.random.default_rng(0).permutation(len(pairs)) % FOLDS
    logits = np.zeros_like(truth)
    for held in range(FOLDS):
        known, new = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        dual, bias = fit_dual(gram[np.ix_(known, known)], truth[known])
        logits[new] = gram[np.ix_(new, known)] @ dual + bias
    return logits


def calibrate(pairs: Seeds) -> float:
    """The temperature that makes the cross-validated probabilities likeliest (Guo 2017)."""
    logits, (_, truth) = cross_validate(pairs), _one_hot(pairs)
    grid = [round(0.3 + 0.05 * n, 2) for n in range(35)]
    losses = [-float(np.log((softmax(logits / t) * truth).sum(axis=1) + 1e-9).mean()) for t in grid]
    return grid[int(np.argmin(losses))]


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
        chances = softmax((values @ model.weights[rows] + model.bias) / TEMPERATURE)
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
            return Model(classes, index, kept["idf"], kept["weights"], kept["bias"])
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
            )
        os.replace(part.name, path)
