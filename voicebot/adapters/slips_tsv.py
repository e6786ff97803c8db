"""The recogniser's known slips about days and hours, from the table that was learnt."""

from pathlib import Path

from voicebot.domain.french.slips import Slips

TABLE = Path(__file__).parent.parent / "data" / "slips_fr.tsv"


def load(path: Path = TABLE) -> Slips:
    """Rows of said, heard and how often; `#` starts a comment. Raises OSError when it cannot be read."""
    rows = (
        line.split("\t") for line in path.read_text(encoding="utf8").splitlines() if line[:1] not in ("", "#")
    )
    return Slips({heard: said for said, heard, _ in rows})
