"""A fault with its line of the file and a caret under its column."""

from functools import lru_cache
from pathlib import Path

from voicebot.adapters.sentences import translated
from voicebot.errors import Fault

WIDEST = 100
"""Characters of a line that are shown; of a longer one, those around the column."""


def shown(fault: Fault, language: str = "fr") -> str:
    """In that language; without the line where the file has no such line."""
    told = str(translated(fault, language))
    lines = _lines(fault.file)
    if not fault.column or not 1 <= fault.line <= len(lines):
        return told
    line, column = "".join(c if c.isprintable() else " " for c in lines[fault.line - 1]), fault.column - 1
    start = max(0, min(column - WIDEST // 2, len(line) - WIDEST))
    before, after = "…" if start else "", "…" if start + WIDEST < len(line) else ""
    window = f"{before}{line[start : start + WIDEST]}{after}"
    return f"{told}\n    {window}\n    {' ' * (column - start + len(before))}^"


@lru_cache(maxsize=64)
def _lines(file: str) -> tuple[str, ...]:
    """None where the file cannot be read. A command lives too short for it to change."""
    try:
        return tuple(Path(file).read_text(encoding="utf-8-sig").split("\n"))
    except (OSError, UnicodeDecodeError):
        return ()
