"""Small drawings as inline SVG. Every number in them is also in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

LABEL, WIDTH, ROW, FOOT = 250, 420, 22, 24
"""Pixels: for names, for 0 to 100 %, a row's height, the scale's."""


@dataclass(frozen=True)
class Row:
    """A share with its interval, 0..1; `aim` is drawn as a line through the row."""

    label: str
    value: float
    low: float
    high: float
    aim: float | None = None
    second: float | None = None
    """Another share of the same, drawn hollow."""


def intervals(title: str, rows: Sequence[Row]) -> str:
    """One row each: a point, its 95 % interval, what is aimed at."""
    height = ROW * len(rows) + FOOT
    drawn = "".join(_row(row, ROW * n + ROW // 2) for n, row in enumerate(rows))
    grid = "".join(_tick(percent, ROW * len(rows)) for percent in range(0, 101, 20))
    return (
        f'<svg viewBox="0 0 {LABEL + WIDTH + 40} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{grid}{drawn}</svg>"
    )


def _x(share: float) -> float:
    return round(LABEL + WIDTH * share, 1)


def _tick(percent: int, bottom: int) -> str:
    x = _x(percent / 100)
    return (
        f'<line x1="{x}" x2="{x}" y1="0" y2="{bottom}" class="grid"/>'
        f'<text x="{x}" y="{bottom + 15}" text-anchor="middle">{percent} %</text>'
    )


def _row(row: Row, y: int) -> str:
    parts = [
        f'<text x="{LABEL - 8}" y="{y + 4}" text-anchor="end">{escape(row.label)}</text>',
        f'<line x1="{_x(row.low)}" x2="{_x(row.high)}" y1="{y}" y2="{y}" class="span"/>',
        f'<circle cx="{_x(row.value)}" cy="{y}" r="4.5" class="point"/>',
    ]
    if row.aim is not None:
        x = _x(row.aim)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{y - 9}" y2="{y + 9}" class="aim"/>')
    if row.second is not None:
        parts.append(f'<circle cx="{_x(row.second)}" cy="{y}" r="4.5" class="second"/>')
    return "".join(parts)
