"""Tickets that the database would not take, each in a file of its own until it does.

A full or locked database is when a promise to call back matters most, so it must not depend on that database.
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from voicebot.adapters.sealing import Sealer
from voicebot.domain.call import Ticket
from voicebot.errors import Unavailable

TICKET = TypeAdapter(Ticket)


@dataclass(frozen=True)
class Waiting:
    """One ticket in the spool, and the file it is in."""

    practice: str
    call: str
    ticket: Ticket
    saved_at: datetime
    path: Path
    raw: bytes
    paged_at: datetime | None = None
    """When the pagers accepted its alarm."""


@dataclass(frozen=True)
class Spool:
    """A folder of sealed tickets. Every method blocks on the disk: call it in a thread."""

    folder: Path
    sealer: Sealer

    def put(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        """On disk when it returns; the same key again replaces it. Raises Unavailable."""
        sealed = self.sealer.seal(TICKET.dump_json(ticket), practice, call, ticket.key)
        content = {
            "practice": practice,
            "call": call,
            "key": ticket.key,
            "saved_at": now.isoformat(),
            "sealed": base64.b64encode(sealed).decode(),
        }
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_surely(self._path(practice, ticket.key), json.dumps(content).encode())
        except OSError as error:
            raise Unavailable(f"tickets' spool: {type(error).__name__}") from error

    def waiting(self) -> list[Waiting]:
        """What is in the folder, oldest first. A file that does not open stays there, for a human to see."""
        found = []
        for path in self.folder.glob("*.json"):
            try:
                raw = path.read_bytes()
                content = json.loads(raw)
                practice, call, key = content["practice"], content["call"], content["key"]
                opened = self.sealer.open(base64.b64decode(content["sealed"]), practice, call, key)
                at = datetime.fromisoformat(content["saved_at"])
                paged = content.get("paged_at")
                paged_at = datetime.fromisoformat(paged) if paged else None
                found.append(Waiting(practice, call, TICKET.validate_json(opened), at, path, raw, paged_at))
            except (OSError, ValueError, KeyError, TypeError, Unavailable):
                continue
        return sorted(found, key=lambda each: each.saved_at)

    def paged(self, practice: str, key: str, now: datetime) -> None:
        """Note that its alarm was accepted; harmless when it is no longer here. Raises Unavailable."""
        path = self._path(practice, key)
        try:
            if path.exists():
                content = json.loads(path.read_bytes()) | {"paged_at": now.isoformat()}
                write_surely(path, json.dumps(content).encode())
        except (OSError, ValueError) as error:
            raise Unavailable(f"tickets' spool: {type(error).__name__}") from error

    def drop(self, each: Waiting) -> None:
        """It is in the database now; a newer version that came meanwhile stays."""
        if each.path.exists() and each.path.read_bytes() == each.raw:
            each.path.unlink()

    def _path(self, practice: str, key: str) -> Path:
        return self.folder / f"{sha256(json.dumps([practice, key]).encode()).hexdigest()[:32]}.json"


def write_surely(path: Path, content: bytes) -> None:
    """Whole or not at all, and still there after a power cut."""
    temporary = path.with_suffix(".part")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
