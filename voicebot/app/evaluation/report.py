"""Results → one JSON-able report, which the page is made from."""

import hashlib
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from voicebot import __version__
from voicebot.adapters import ear_tfidf
from voicebot.adapters.models_catalogue import KOKORO
from voicebot.app.evaluation.cases import Case
from voicebot.app.evaluation.conditions import BY_KEY
from voicebot.app.evaluation.figures import (
    FIGURES,
    SPOKEN_AIMS,
    Figure,
    Result,
    Share,
    alarmed,
    grouped,
    missed,
    shares,
)
from voicebot.app.evaluation.product import Product
from voicebot.settings import HERE, Settings

Report = dict[str, Any]
AIMED = "typed"
"""The condition whose figures the aims of `FIGURES` are for."""


@dataclass(frozen=True)
class Source:
    """One file of sentences."""

    name: str
    sha256: str
    lines: int


def source(path: Path, lines: int) -> Source:
    """By its name alone: where it lies on this machine is nobody's business."""
    return Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), lines)


def report(
    results: Mapping[str, Sequence[Result]], sources: Sequence[Source], product: Product, settings: Settings
) -> Report:
    """`results` by condition."""
    return {
        "made": _made(results, sources, product, settings),
        "conditions": [_condition(key, list(these)) for key, these in results.items()],
    }


def _made(
    results: Mapping[str, Sequence[Result]], sources: Sequence[Source], product: Product, settings: Settings
) -> Report:
    cases = {result.case for these in results.values() for result in these}
    rules = product.setting.rules
    known = {said for _, said in ear_tfidf.sentences()}
    return {
        "on": date.today().isoformat(),
        "version": __version__,
        "commit": commit(),
        "rules": {"version": rules.version, "number": len(rules.rules)},
        "reviewed": all(rule.reviewed_by for rule in rules.rules),
        "practice": product.setting.practice.id,
        "whisper": settings.whisper,
        "kokoro": KOKORO[0].sha256[:12],
        "ear": None if product.read.ear is None else asdict(ear_tfidf.calibration()),
        "sources": [asdict(one) for one in sources],
        "lines": dict(sorted(Counter(case.expected for case in cases).items())),
        "learnt_by_ear": sum(case.text in known for case in cases),
    }


def _condition(key: str, results: list[Result]) -> Report:
    condition = BY_KEY[key]
    return {
        "key": key,
        "title": condition.title,
        "how": condition.how,
        "lines": len(results),
        "figures": {f.key: _figure(f, f.share(results), key) for f in FIGURES},
        "personas": _groups(results, lambda case: case.persona),
        "flags": _groups(results, lambda case: f"{case.expected} {case.flag}"),
        "missed": [_line(result) for result in missed(results)],
        "alarmed": [_line(result) for result in alarmed(results)],
    }


def _figure(figure: Figure, share: Share, condition: str) -> Report:
    at_least, at_most = (figure.at_least, figure.at_most) if condition == AIMED else (None, None)
    if figure.key == "emergency_noticed":
        at_least = SPOKEN_AIMS.get(condition, at_least)
    return {
        **_share(share),
        "at_least": at_least,
        "at_most": at_most,
        "kept": _kept(share, at_least, at_most),
    }


def _kept(share: Share, at_least: float | None, at_most: float | None) -> bool | None:
    """Whether what is promised holds; None: nothing is promised, or nothing was measured."""
    if not share.of or (at_least is None and at_most is None):
        return None
    return (at_least is None or share.value >= at_least) and (at_most is None or share.value <= at_most)


def _share(share: Share) -> Report:
    low, high = share.interval
    value = round(share.value, 4) if share.of else None
    return {"n": share.n, "of": share.of, "share": value, "low": round(low, 4), "high": round(high, 4)}


def _groups(results: Sequence[Result], by: Callable[[Case], str]) -> Report:
    return {
        name: {key: _share(share) for key, share in shares(these).items() if share.of}
        for name, these in grouped(results, by).items()
    }


def _line(result: Result) -> Report:
    return {
        "expected": result.case.expected,
        "persona": result.case.persona,
        "flag": result.case.flag,
        "text": result.case.text,
        "heard": result.heard,
        "repeat": result.decision.repeat,
        "by": list(result.decision.by),
    }


def commit() -> str:
    """Of the source that was measured, "+" if it was changed since; empty outside a repository."""
    try:
        told = subprocess.run(
            ["git", "-C", str(HERE), "describe", "--always", "--abbrev=12", "--dirty=+"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.strip()
