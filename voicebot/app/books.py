"""What people write — practices, rules, phrases — as last read without a fault.

A changed file is read again while the service runs; a faulty one is named and the last good one stays.
Running calls keep what they began with.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain.dialogue.wording import Phrases
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Fault, FaultyFile
from voicebot.settings import Settings

LOOK_S = 2.0
"""How often the folders are looked at."""
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

    def rules_of(self, practice: str) -> Rules:
        """What that practice's calls go through; the shipped book for one that is not known."""
        return self.own.get(practice, self.shipped)


def read(settings: Settings) -> Books:
    """Everything, anew. Raises FaultyFile with the faults of every file at once."""
    faults: list[Fault] = []
    read_so_far: list[object] = []
    loads: tuple[Callable[[], object], ...] = (
        lambda: practice_yaml.load_all(settings.practices),
        lambda: rules_yaml.load(settings.rules),
        lambda: prompts_yaml.load(settings.prompts),
    )
    for load in loads:
        try:
            read_so_far.append(load())
        except FaultyFile as faulty:
            faults += faulty.faults
    if faults:
        raise FaultyFile(tuple(faults))
    return Books(*read_so_far)  # type: ignore[arg-type]  # in the order of the fields


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
            self._tell("Fichiers relus : les prochains appels suivent la nouvelle version.")
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
        return tuple(_stamp(file) for file in found)


def _stamp(file: Path) -> tuple[str, int, int]:
    """Name, time and size; none of both when it cannot be looked at (it may be gone since it was listed)."""
    try:
        stat = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), stat.st_mtime_ns, stat.st_size
