"""What people write — practices, rules, phrases — as last read without a fault.

A changed file is read again while the service runs; a faulty one is named and the last good one stays.
Running calls keep what they began with.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.adapters.rules_book import Book
from voicebot.adapters.rules_yaml import LAYERS
from voicebot.adapters.yaml_source import suggest
from voicebot.app import rule_versions
from voicebot.app.rule_versions import Standing
from voicebot.domain.dialogue.wording import Phrases
from voicebot.domain.practice import Practice
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Bug, Fault, FaultyFile, boundary
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
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By practice, what its layer asks for and does not get, in French: an emergency disabled unsigned."""

    def rules_of(self, practice: str) -> Rules:
        """What that practice's calls go through; the shipped book for one that is not known."""
        return self.own.get(practice, self.shipped)

    def unsigned(self, practice: str) -> tuple[str, ...]:
        """Why its rules are not validated, in French; empty when a doctor has signed exactly these."""
        standing = self.standings.get(practice, Standing())
        return (*rule_versions.told(standing), *self.warnings.get(practice, ()))


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
    rules = tried(lambda: _rules(settings, practices))
    if faults or practices is None or phrases is None or rules is None:
        raise FaultyFile(tuple(dict.fromkeys(faults)))
    shipped, layered, standings = rules
    own = {id: book.rules for id, book in layered.items()}
    for id, practice in practices.items():
        spoken = [language.code for language in practice.languages]
        if (heard := rules_yaml.beside(own.get(id, shipped.rules), settings.rules, spoken)).also:
            own[id] = heard
    for book in (shipped.rules, *own.values()):
        # Makes it ready to be heard (a third of a second) before a caller's first word would have to wait.
        judge(book, ("",))
    warnings = {id: tuple(fault.message for fault in book.warnings) for id, book in layered.items()}
    return Books(practices, shipped.rules, phrases, own, standings, warnings)


def _rules(
    settings: Settings, practices: Iterable[str] | None
) -> tuple[Book, Mapping[str, Book], Mapping[str, Standing]]:
    """What is shipped, what practices make of it, and how the rules of each stand to what was signed.
    `practices` None: their own files have faults. Raises FaultyFile."""
    shipped = rules_yaml.load_book(settings.rules)
    standings = _standings(settings, practices or ())
    layers = sorted((settings.rules / LAYERS).glob("*.yaml"))
    if practices is not None and (lost := [layer for layer in layers if layer.stem not in practices]):
        raise FaultyFile(tuple(_nobodys(layer, practices) for layer in lost))
    signed = {id for id, standing in standings.items() if standing.signed}
    return shipped, rules_yaml.load_layers(shipped, layers, signed.__contains__), standings


def unvalidated(books: Books) -> Iterator[str]:
    """What a start says of rules that no doctor has signed as they are, once for practices alike."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for practice in books.practices:
        alike.setdefault(books.unsigned(practice), []).append(practice)
    for (said, *changed), practices in ((lines, ids) for lines, ids in alike.items() if lines):
        whose = "" if len(practices) == len(books.practices) else f" [{', '.join(practices)}]"
        yield "\n  ".join((f"{said}{whose}", *changed))


def _standings(settings: Settings, practices: Iterable[str]) -> Mapping[str, Standing]:
    """How the rules of each practice stand to what was signed for it. Raises FaultyFile."""
    chain = rule_versions.read(settings.state / rule_versions.FOLDER)
    texts = rule_versions.texts_of(settings.rules)
    return {id: rule_versions.standing(chain, id, rule_versions.concerning(texts, id)) for id in practices}


def _nobodys(layer: Path, practices: Iterable[str]) -> Fault:
    """A layer that no practice goes through: a slip in its name would leave the rules without it."""
    return Fault(
        str(layer), 0, 0, f"aucun cabinet ne s'appelle « {layer.stem} »{suggest(layer.stem, practices)}"
    )


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
            with boundary():  # a bug in a reader must end neither the calls in progress nor the next ones
                books = await asyncio.to_thread(read, self._settings)
            if await asyncio.to_thread(self._stamps) != stamps:
                # Written to while it was read: half of it may be of another day. The next look sees to it.
                return
            self.books = books
            renewed = "Fichiers relus : les prochains appels suivent la nouvelle version."
            self._tell("\n".join((renewed, *unvalidated(books))))
        except FaultyFile as faulty:
            self._tell(f"La dernière version sans faute reste en service. À corriger :\n{faulty}")
        except Bug as bug:
            self._tell(f"Fichiers illisibles ({bug}) : la dernière version sans faute reste en service.")

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
