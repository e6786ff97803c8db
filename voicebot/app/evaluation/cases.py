"""The labelled sentences an evaluation is made on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from voicebot.errors import Fault, FaultyFile

Expected = Literal["emergency", "urgent", "calm", "decoy"]
"""What a careful secretary would hear in it; a decoy has the words of an emergency and is none."""
EXPECTED: tuple[Expected, ...] = get_args(Expected)


@dataclass(frozen=True)
class Case:
    """One sentence, as the first words of a call."""

    expected: Expected
    persona: str
    flag: str
    """What it is about, by the author's own names."""
    text: str


def cases(paths: Sequence[Path]) -> tuple[Case, ...]:
    """Of TSV files: expected, persona, flag, utterance; `#` starts a comment. Raises FaultyFile."""
    found: list[Case] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Fault(str(path), 0, 0, f"illisible : {error}"))
            continue
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) != 4 or not cells[3]:
                faults.append(
                    Fault(str(path), number, 1, "quatre colonnes attendues, séparées par des tabulations")
                )
            elif cells[0] not in EXPECTED:
                known = ", ".join(EXPECTED)
                faults.append(Fault(str(path), number, 1, f"« {cells[0]} » n'est pas attendu ici : {known}"))
            else:
                found.append(Case(cells[0], cells[1], cells[2], cells[3]))
    if faults:
        raise FaultyFile(tuple(faults))
    return tuple(found)


def sample(of: Sequence[Case], most: int) -> tuple[Case, ...]:
    """At most `most`, each kind in proportion, the same ones every time; 0 = all."""
    if not most or most >= len(of):
        return tuple(of)
    kept: set[Case] = set()
    for kind in EXPECTED:
        these = sorted((case for case in of if case.expected == kind), key=_draw)
        kept.update(these[: round(most * len(these) / len(of))])
    return tuple(case for case in of if case in kept)


def _draw(case: Case) -> str:
    return hashlib.sha256(case.text.encode()).hexdigest()
