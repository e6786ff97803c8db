"""How well first words are understood: labelled sentences → right, wrong or asked, by class.

A caller who is asked is not served yet; one who is understood wrongly is sent astray. So the two are counted
apart, and a sentence that has no category of its own ("allô ?", an alarming topic) is right when it is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from voicebot.app.evaluation.figures import Share
from voicebot.domain.understanding.reading import KINDS
from voicebot.errors import Fault, FaultyFile

Verdict = Literal["right", "wrong", "asked"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "asked")
NONE = "none"
"""The class of a sentence without a category."""
CLASSES: Mapping[str, str] = {
    **{kind: category or NONE for kind, category in KINDS.items()},
    **{category: category for category in ("booking", "cancellation", "message")},
    **dict.fromkeys(("other", "urgent", "urgent_topic", "-", NONE), NONE),
}
"""What a set may call a sentence → its class: a category, one of its kinds, or none."""


@dataclass(frozen=True)
class Line:
    """A labelled sentence. `wanted`: the classes that are right, the author's own first."""

    text: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """What was made of it: `got` is a category, or NONE when the caller is asked."""

    line: Line
    got: str
    kind: str | None
    confidence: float

    @property
    def verdict(self) -> Verdict:
        """Whether the caller is served what they want, something else, or asked."""
        if self.got in self.line.wanted:
            return "right"
        return "asked" if self.got == NONE else "wrong"


def lines(path: Path) -> tuple[Line, ...]:
    """Of a TSV file: text, category, and perhaps another category that is right as well; `#` starts a
    comment, a first line of column names is passed over. Raises FaultyFile."""
    found: list[Line] = []
    faults: list[Fault] = []
    for number, cells in rows(path):
        if cells[0] == "text":
            continue
        named = [cell for cell in cells[1:3] if cell]
        if unknown := [name for name in named if name not in CLASSES]:
            faults.append(Fault(str(path), number, 1, f"« {unknown[0]} » n'est pas une catégorie"))
        elif not named or not cells[0]:
            faults.append(Fault(str(path), number, 1, "deux colonnes attendues : texte, catégorie"))
        else:
            found.append(Line(cells[0], tuple(CLASSES[name] for name in named)))
    if faults:
        raise FaultyFile(tuple(faults))
    return tuple(found)


def rows(path: Path) -> Iterable[tuple[int, list[str]]]:
    """(line number, cells) of a TSV file without its comments and empty lines. Raises FaultyFile."""
    try:
        written = path.read_text(encoding="utf8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyFile((Fault(str(path), 0, 0, f"illisible : {error}"),)) from error
    for number, line in enumerate(written, 1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def heard(these: Sequence[Line], read: Callable[[str], Any]) -> tuple[Heard, ...]:
    """Each sentence, read by what turns one into a Reading."""
    results = []
    for line in these:
        reading = read(line.text)
        got = NONE if reading.category in (None, "urgent") else reading.category
        results.append(Heard(line, got, reading.kind, reading.confidence))
    return tuple(results)


def counted(results: Sequence[Heard]) -> dict[str, Any]:
    """The JSON-able report: shares with their intervals, by class, confusions, and what was not right."""
    classes = sorted({result.line.wanted[0] for result in results})
    missed = [result for result in results if result.verdict != "right"]
    return {
        "of": len(results),
        **shares([result.verdict for result in results]),
        "classes": {
            name: {
                "of": sum(r.line.wanted[0] == name for r in results),
                **shares([r.verdict for r in results if r.line.wanted[0] == name]),
            }
            for name in classes
        },
        "confusions": [
            {"wanted": wanted, "got": got, "n": n}
            for (wanted, got), n in Counter((r.line.wanted[0], r.got) for r in missed).most_common()
        ],
        "missed": [
            {
                "text": r.line.text,
                "wanted": r.line.wanted[0],
                "got": r.got,
                "kind": r.kind,
                "confidence": r.confidence,
            }
            for r in missed
        ],
    }


def shares(verdicts: Sequence[str], of: Sequence[str] = VERDICTS) -> dict[str, dict[str, float]]:
    """`n`, `share` and the 95 % interval of each verdict."""
    found = {name: Share(sum(v == name for v in verdicts), len(verdicts)) for name in of}
    return {
        name: {
            "n": share.n,
            "share": round(share.value, 4) if share.of else 0.0,
            "from": round(share.interval[0], 4),
            "to": round(share.interval[1], 4),
        }
        for name, share in found.items()
    }


def written(made: Mapping[str, Any], *, sentences: bool = True) -> str:
    """The report for a terminal; without `sentences`, only its counts. Also of `values`."""
    of = [name for name in ("right", "partial", "asked", "wrong") if name in made]
    out = [_row("", made, of), *(_row(name, c, of) for name, c in made["classes"].items())]
    out += [f"{c['n']:>4}  {c['wanted']} → {c['got']}" for c in made.get("confusions", ())]
    if sentences:
        out += [f"  {_missed(m)}  {m['text']}" for m in made["missed"]]
    return "\n".join(out)


def _missed(one: Mapping[str, Any]) -> str:
    kind = f"{one['kind'] or '-'}, {one['confidence']:.2f}" if "kind" in one else one["verdict"]
    return f"{one['wanted']} → {one['got']} ({kind})"


def _row(name: str, share: Mapping[str, Any], of: Sequence[str]) -> str:
    cells = "  ".join(f"{v} {share[v]['n']:>3} {100 * share[v]['share']:>5.1f} %" for v in of)
    return f"{name or 'all':<14}{share['of']:>4}  {cells}"
