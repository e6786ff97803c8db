"""Files we generate and a person may edit: written again only when nobody else touched them.

`.written.json` beside them keeps the sha256 of what we wrote last.
"""

import difflib
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RECORD = ".written.json"


@dataclass(frozen=True)
class Written:
    """What `write` did. `diffs`: by file edited by hand, from what stands there to what we would write."""

    changed: tuple[str, ...]
    diffs: Mapping[str, str]


def write(folder: Path, files: Mapping[str, str], *, force: bool = False) -> Written:
    """Bring the folder up to date; a file edited by hand is left alone, unless `force`. Raises OSError.

    Each file is replaced at once, or not at all; only its owner can read it: there are passwords in it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ours: dict[str, str] = _record(folder)
    changed, diffs = [], {}
    for name, text in sorted(files.items()):
        path, new = folder / name, _digest(text)
        there = path.read_text(encoding="utf8", errors="replace") if path.exists() else None
        if there == text:
            ours[name] = new
            continue
        if there is not None and ours.get(name) != _digest(there) and not force:
            diffs[name] = _diff(name, there, text)
            continue
        replace(path, text)
        ours[name] = new
        changed.append(name)
    replace(folder / RECORD, json.dumps(ours, indent=1, sort_keys=True))
    return Written(tuple(changed), diffs)


def replace(path: Path, text: str) -> None:
    """The whole file or the old one, whenever the power goes; readable by its owner only. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def _record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf8"))
    except (OSError, ValueError):
        return {}  # nothing is ours then: every file there that differs is shown, none overwritten
    return record if isinstance(record, dict) else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _diff(name: str, there: str, ours: str) -> str:
    lines = difflib.unified_diff(
        there.splitlines(keepends=True),
        ours.splitlines(keepends=True),
        f"{name} (sur place)",
        f"{name} (généré)",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
