"""What is kept too long is destroyed, class by class, each time with a proof in the register.

The words of a caller who objects to being transcribed go as soon as their call is over and settled;
everything else after the days its setting gives it. What fails is done again; nothing is noted before it is
done.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging import getLogger
from pathlib import Path
from typing import Protocol

from voicebot.adapters.register_sql import Destroyed, Note, Register
from voicebot.app.recovery import LAST_WRITES
from voicebot.errors import Unavailable
from voicebot.settings import Settings

ROUND_S = 3600.0
OBJECTIONS_S = 20.0
"""How often the calls of those who object are looked for."""
CLASSES = {
    "transcript": "Paroles et déroulement des appels",
    "ticket": "Tickets traités",
    "objection": "Paroles d’appelants qui refusent la transcription",
    "voicemail": "Messages vocaux",
    "briefing": "Annonces faites aux secrétaires",
    "clip": "Phrases dites à un appelant",
    "recording": "Enregistrements d’appels",
}
"""What each class of the register is called on its page."""

log = getLogger(__name__)


class Journal(Protocol):
    """What `SqlJournal` can destroy. Raises Unavailable; with a note in the same transaction."""

    async def purge(self, before: datetime, note: Note | None = None) -> Destroyed:
        """Every word of the calls begun before then."""
        ...

    async def purge_objected(self, settled: datetime, now: datetime, note: Note | None = None) -> Destroyed:
        """The words of callers who object, in calls that had ended by `settled`."""
        ...


class Tickets(Protocol):
    """What `SqlTickets` can destroy. Raises Unavailable; with a note in the same transaction."""

    async def purge(self, before: datetime, note: Note | None = None) -> Destroyed:
        """Tickets closed before then."""
        ...


@dataclass(frozen=True)
class Files:
    """A class of data that lies in files; a file's age is that of its last change."""

    what: str
    folder: Path
    pattern: str
    days: int
    spared: Callable[[], frozenset[Path]] = frozenset
    """Those of them that are about nobody. Called in a thread."""


@dataclass(frozen=True)
class Purge:
    """The job; `run` it for as long as the service lives."""

    journal: Journal
    tickets: Tickets
    register: Register
    files: Sequence[Files]
    days: int

    async def run(self) -> None:
        """A whole round each hour, those who object in between.

        Not at once: a start files what calls have left while their journal still says who objects.
        """
        while True:
            await asyncio.sleep(OBJECTIONS_S)
            await self.round(datetime.now(UTC))
            for _ in range(int(ROUND_S / OBJECTIONS_S)):
                await asyncio.sleep(OBJECTIONS_S)
                await self.objections(datetime.now(UTC))

    async def round(self, now: datetime) -> None:
        """Everything whose time has come."""
        before = now - timedelta(days=self.days)
        await self.objections(now)
        for what, purge in (("transcript", self.journal.purge), ("ticket", self.tickets.purge)):
            try:
                await purge(before, self.register.note(what, now))
            except Unavailable as error:
                log.error("%s: not purged this time: %s", what, error)
        for each in self.files:
            await self._destroy(each, now)

    async def objections(self, now: datetime) -> None:
        """The words of callers who object, once nothing can be left to write for their call."""
        try:
            await self.journal.purge_objected(now - LAST_WRITES, now, self.register.note("objection", now))
        except Unavailable as error:
            log.error("objection: not purged this time: %s", error)

    async def _destroy(self, each: Files, now: datetime) -> None:
        """The proof comes after the deed: a crash between them loses the proof, never claims too much."""
        done = await asyncio.to_thread(destroy, each, now)
        try:
            await self.register.append(each.what, now, done)
        except Unavailable as error:
            log.error("%s: %s destroyed, which the register does not take: %s", each.what, done.count, error)


def destroy(files: Files, now: datetime) -> Destroyed:
    """Unlink what is too old; what cannot be unlinked is tried again and not counted. Blocks."""
    before, moments, spared = (now - timedelta(days=files.days)).timestamp(), [], files.spared()
    for path in files.folder.glob(files.pattern):
        try:
            changed = path.stat().st_mtime
            if changed < before and path not in spared:
                path.unlink()
                moments.append(changed)
        except OSError as error:
            log.error("%s: a file is not purged: %s", files.what, type(error).__name__)
    oldest = datetime.fromtimestamp(min(moments), UTC) if moments else None
    return Destroyed(len(moments), oldest)


def files_of(settings: Settings, spared: Callable[[], frozenset[Path]]) -> tuple[Files, ...]:
    """Where each class lies, and how long it may. `spared`: the clips of sentences that anybody may hear."""
    spool = settings.exchange / "spool"
    return (
        Files("voicemail", settings.state / "voicemail", "*/*.sealed", settings.voicemail_days),
        Files("voicemail", spool, "message-*", settings.voicemail_days),
        Files("voicemail", spool, "missed-*", settings.voicemail_days),
        Files("briefing", spool, "brief-*", settings.briefing_days),
        Files("clip", settings.cache / "speech", "*/*.clip", settings.clips_days, spared),
        Files("recording", spool, "record-*", settings.recordings_days),
    )
