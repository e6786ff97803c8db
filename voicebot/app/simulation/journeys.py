"""Journeys: files that hold what a caller says and what must be left after the call.

A journey:
    name: what happens, in a sentence
    now: 2026-12-01 09:00           the practice's clock when the call comes in (default: a Tuesday morning)
    practice: demo                  its id
    languages: [fr, en]             what the practice speaks (default: what its file says)
    patients: ["Marie Dubois 1972-03-12 +33612345678"]
    agenda: ["2026-12-03 09:00 moreau consultation Marie Dubois"]     booked before the call
    caller: lines in order; <silence>, <bruit>, <touche 0>, <raccroche>, <rendu> (a human gives
            them back) are what they say; then the facts, or they hang up
    voice: who speaks, of callers.VOICES, when it is said aloud
    facts: what the caller knows, who answers whatever is asked (see persona)
    confidence: 1.0                 how sure the recogniser is of them
    desk: answered | unreachable | no_answer                          (default unreachable)
    channel: phone                  over the telephone, with the humans of PHONES to be rung (default: web)
    number: what the network shows of the caller's number, E.164
    outcomes: how each ring of a target ends, "poste_1: busy" or "poste_1: [no_answer, answered]"; "page" is
            the live page; whoever is not named ends as `desk`
    then:
        agenda: every appointment after the call, as above, without the motif
        tickets: every open ticket, "kind" or "kind level"
        who: for whom the call left something, as `patients` are written (default: not checked)
        rang: whether a human was rung, "emergency" / "urgent" / "yes" (default: not checked)
        rung: every target that was rung, in order ("page" is the live page)
        numbers: whom the open tickets say to ring back
        alarms: the kinds of the open tickets that raise an alarm
        briefings: words that a human must have heard before accepting
        said: words that must have been heard;  never: words that must not
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from voicebot.domain.call import Channel, TransferOutcome
from voicebot.errors import Faulty
from voicebot.settings import HERE

FOLDER = HERE / "tests" / "calls"
"""Of a checkout: an installed package has none, its users name their own files."""
SPOKEN = FOLDER / "audio"
"""Those that are said aloud by default; of people who know facts and answer what they hear."""
DEFAULT_VOICE = "siwis_low"
THEN = frozenset(
    ("agenda", "tickets", "who", "rang", "rung", "numbers", "alarms", "briefings", "said", "never")
)


@dataclass(frozen=True)
class Journey:
    """One call, as the file tells it."""

    name: str
    caller: tuple[str, ...]
    then: Mapping[str, Any]
    facts: Mapping[str, Any] | None = None
    voice: str = DEFAULT_VOICE
    now: str = "2026-12-01 09:00"
    languages: tuple[str, ...] = ()
    patients: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    desk: TransferOutcome = "unreachable"
    practice: str = "demo"
    confidence: float = 1.0
    number: str | None = None
    channel: Channel = "web"
    outcomes: Mapping[str, TransferOutcome | list[TransferOutcome]] = field(default_factory=dict)
    file: str = field(default="", compare=False)
    """The name of the file it was read from, without its ending."""


def load(*paths: Path) -> list[Journey]:
    """Every journey of these files and folders (not of folders in them), by default the project's own.

    Raises Faulty naming what is missing or wrongly written, or a name that two journeys have.
    """
    found = [journey for path in paths or (FOLDER,) for file in _files(path) for journey in _read(file)]
    names = [journey.name for journey in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Faulty(f"two journeys have the name: {', '.join(twice)}")
    return found


def wanted(asked: Sequence[str], own: Path | None = None) -> list[Journey]:
    """By files, folders, or words of their names among the project's `own`; nothing asked: all of those.

    Raises Faulty.
    """
    paths = [Path(each) for each in asked if Path(each).exists()]
    words = [each for each in asked if not Path(each).exists()]
    found = load(*paths) if paths else []
    if words or not asked:
        found += [journey for journey in load(own or FOLDER) if not words or _named(journey, words)]
    for each in words:
        if not any(_named(journey, [each]) for journey in found):
            raise Faulty(f"{each}: no file, and no journey in {own or FOLDER} has these words in its name")
    return list({journey.name: journey for journey in found}.values())


def _named(journey: Journey, words: Iterable[str]) -> bool:
    return any(each.casefold() in f"{journey.file}: {journey.name}".casefold() for each in words)


def _files(path: Path) -> list[Path]:
    if path.is_dir() and (files := sorted(path.glob("*.yaml"))):
        return files
    if path.is_file():
        return [path]
    raise Faulty(f"{path}: no journeys there; name a YAML file that holds some, or a folder of such files")


def _read(file: Path) -> list[Journey]:
    try:
        entries = YAML(typ="safe").load(file.read_text(encoding="utf8")) or []
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise Faulty(f"{file}: cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise Faulty(f"{file}: must be a list of journeys")
    return [_journey(entry, file) for entry in entries]


def _journey(entry: Any, file: Path) -> Journey:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(k), str) for k in ("name",)):
        raise Faulty(f"{file}: every journey is a section with a name")
    where = f"{file}: {entry['name']}"
    known = {each.name for each in fields(Journey)} - {"file"}
    if strange := sorted(set(entry) - known):
        raise Faulty(f"{where}: unknown {', '.join(strange)}; known: {', '.join(sorted(known))}")
    if "then" not in entry or not {"caller", "facts"} & set(entry):
        raise Faulty(f"{where}: needs `then`, and `caller` or `facts`")
    if "facts" in entry and (not isinstance(entry["facts"], dict) or "patient" not in entry["facts"]):
        raise Faulty(f"{where}: `facts` is a section that has a patient")
    if not isinstance(entry["then"], dict) or (strange := sorted(set(entry["then"]) - THEN)):
        raise Faulty(f"{where}: `then` is a section of {', '.join(sorted(THEN))}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Journey(**{"caller": (), **values}, file=file.stem)
