"""What people write — practices, rules, phrases — as last read without a fault.

A changed file is read again while the service runs; a faulty one is named and the last good one stays.
Running calls keep what they began with.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.adapters.yaml_source import suggest
from voicebot.app import rule_versions
from voicebot.app.rule_versions import LAYERS, Chain, Standing
from voicebot.domain.dialogue.wording import Phrases
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Fault, FaultyFile
from voicebot.settings import Settings

LOOK_S = 2.0
"""How often the folders are looked at."""
T = TypeVar("T")
Stamps = tuple[tuple[str, int, int], ...]
"""Name, time of the last change and size of every file."""


@dataclass(frozen=True)
class Books:
    """One consistent reading of every file."""

    practices: Mapping[str, Practice]
    shipped: Rules
    """The book of every practice that adds nothing to it."""
    phrases: Phrases
    own: Mapping[str, Rules] = field(default_factory=dict)
    """The book of those that do, by practice: what is shipped with their own layer over it."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    """By practice, how its rules stand to what was signed for it."""

    def rules_of(self, practice: str) -> Rules:
        """What that practice's calls go through; the shipped book for one that is not known."""
        return self.own.get(practice, self.shipped)

    def unsigned(self, practice: str) -> tuple[str, ...]:
        """Why its rules are not validated, in French; empty when a doctor has signed exactly these."""
        return rule_versions.told(self.standings.get(practice, Standing()))


def read(settings: Settings) -> Books:
    """Everything, anew. Raises FaultyFile with the faults of every file at once."""
    faults: list[Fault] = []

    def tried(load: Callable[[], T]) -> T | None:
        try:
            return load()
        except FaultyFile as faulty:
            faults.extend(faulty.faults)
            return None

    practices = tried(lambda: practice_yaml.load_all(settings.practices))
    phrases = tried(lambda: prompts_yaml.load(settings.prompts))
    shipped = tried(lambda: rules_for(settings.rules))
    own: dict[str, Rules] = {}
    standings: dict[str, Standing] = {}
    chain = rule_versions.read(settings.state / rule_versions.FOLDER)
    for practice in practices or ():
        if read_so_far := tried(partial(_of, practice, settings.rules, chain)):
            standings[practice], rules = read_so_far
            own |= {practice: rules} if rules else {}
    if practices is not None:
        faults += _nobodys(settings.rules, practices)
    if faults or practices is None or shipped is None or phrases is None:
        raise FaultyFile(tuple(dict.fromkeys(faults)))
    return Books(practices, shipped, phrases, own, standings)


def unvalidated(books: Books) -> Iterator[str]:
    """What a start says of rules that no doctor has signed as they are, once for practices alike."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for practice in books.practices:
        alike.setdefault(books.unsigned(practice), []).append(practice)
    for (said, *changed), practices in ((lines, ids) for lines, ids in alike.items() if lines):
        whose = "" if len(practices) == len(books.practices) else f" [{', '.join(practices)}]"
        yield "\n  ".join((f"{said}{whose}", *changed))


def _of(practice: str, folder: Path, chain: Chain) -> tuple[Standing, Rules | None]:
    """How its rules stand, and those of its own; None: it has no layer. Raises FaultyFile."""
    texts = rule_versions.texts_of(folder, practice)
    standing = rule_versions.standing(chain, practice, texts)
    layered = f"{LAYERS}/{practice}.yaml" in texts
    return standing, rules_for(folder, practice, signed=standing.signed) if layered else None


def rules_for(folder: Path, practice: str = "", *, signed: bool = False) -> Rules:
    """The rules a practice's calls go through: what is shipped, with its own layer over it. `signed`: a
    doctor has signed exactly these files. Raises FaultyFile."""
    return rules_yaml.load(folder, practice, signed=signed)


def _nobodys(folder: Path, practices: Mapping[str, Practice]) -> Iterator[Fault]:
    """A layer that no practice goes through: a slip in its name would leave the rules without it."""
    for layer in sorted((folder / LAYERS).glob("*.yaml")):
        if layer.stem not in practices:
            hint = suggest(layer.stem, practices)
            yield Fault(str(layer), 0, 0, f"aucun cabinet ne s'appelle « {layer.stem} »{hint}")


class Shelf:
    """The books in force."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """Raises FaultyFile: a service does not start on faulty books. `tell` shows a sentence to people."""
        self._settings, self._tell = settings, tell
        self._seen = self._stamps()
        self.books = read(settings)

    async def watch(self) -> None:
        """Follow changes until cancelled. A change is read once it has lain still for a look: somebody who is
        still saving has not finished a sentence that might change what is urgent."""
        before = self._seen
        while True:
            await asyncio.sleep(LOOK_S)
            stamps = await asyncio.to_thread(self._stamps)
            if stamps == before and stamps != self._seen:
                await self._renew(stamps)
            before = stamps

    async def _renew(self, stamps: Stamps) -> None:
        self._seen = stamps
        try:
            books = await asyncio.to_thread(read, self._settings)
            if await asyncio.to_thread(self._stamps) != stamps:
                # Written to while it was read: half of it may be of another day. The next look sees to it.
                return
            self.books = books
            renewed = "Fichiers relus : les prochains appels suivent la nouvelle version."
            self._tell("\n".join((renewed, *unvalidated(books))))
        except FaultyFile as faulty:
            self._tell(f"La dernière version sans faute reste en service. À corriger :\n{faulty}")
        except Exception as error:  # noqa: BLE001
            # A boundary: what a file can do wrong is a FaultyFile; this is a bug in a reader, and it must end
            # neither the calls in progress, which share a TaskGroup with it, nor the next ones.
            name = type(error).__name__
            self._tell(f"Fichiers illisibles ({name}) : la dernière version sans faute reste en service.")

    def _stamps(self) -> Stamps:
        s = self._settings
        found = (f for folder in (s.practices, s.rules, s.prompts) for f in sorted(folder.rglob("*.yaml")))
        signed = sorted((s.state / rule_versions.FOLDER).glob("*.json"))
        return tuple(_stamp(file) for file in (*found, *signed))


def _stamp(file: Path) -> tuple[str, int, int]:
    """Name, time and size; none of both when it cannot be looked at (it may be gone since it was listed)."""
    try:
        stat = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), stat.st_mtime_ns, stat.st_size
