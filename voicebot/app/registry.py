"""The register of live calls over several machines, and how often one caller may call; optional.

Each machine tells the others which calls it answers: opaque ids, phases and levels, never words, names or
numbers; captions stay where the call is, and so does taking it over. Without Redis, or while it is lost, a
machine shows its own calls and counts callers by itself.
"""

import asyncio
import hashlib
import json
import logging
import re
import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from voicebot.adapters.live_redis import RedisBoard
from voicebot.app.live import CallView, Elsewhere, ElsewhereCall, Hub, Phase
from voicebot.domain.call import Channel, Level
from voicebot.errors import Faulty
from voicebot.settings import Settings

WINDOW_S = 600.0
"""In which one caller's calls are counted."""
NAME = "[a-z0-9-]{1,40}"
"""Of a machine: it is the beginning of its calls' ids, and no "_" is in it, so none begins another."""
CALLERS = 10_000
"""Callers remembered at once in this process; the one who called longest ago is forgotten first."""
LONGEST = 100
"""Characters of a name or id in another machine's note; ours are far shorter."""
CALLS_SHOWN = 200
TOLD = ("opened", "closed", "head", "resync")
"""Changes of a call that the other machines show."""

log = logging.getLogger(__name__)


@dataclass
class Callers:
    """How often each caller called lately, in this process."""

    limit: int
    window_s: float = WINDOW_S
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def admits(self, caller: str, now: float) -> bool:
        """Count a call at `now` (seconds of any clock) unless `caller` had `limit` within the window."""
        lately = self._calls.pop(caller, deque())
        while lately and lately[0] <= now - self.window_s:
            lately.popleft()
        admitted = len(lately) < self.limit
        if admitted:
            lately.append(now)
        self._calls[caller] = lately  # now the last: forgotten last
        if len(self._calls) > CALLERS:
            del self._calls[next(iter(self._calls))]
        return admitted


class Registry:
    """One machine among the others. `board` None: it is alone."""

    def __init__(self, hub: Hub, board: RedisBoard | None, machine: str, url: str, limit: int) -> None:
        self._hub, self._board, self._machine, self._url = hub, board, machine, url.rstrip("/")
        self._limit, self._callers = limit, Callers(limit)

    async def run(self) -> None:
        """Tell and show until cancelled; at once over when this machine is alone."""
        if self._board is None:
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._board.run(self._note, self._show))
            tasks.create_task(self._tell(self._board))

    async def admits(self, caller: str) -> bool:
        """Count a call of `caller` (E.164, or what `address_of` gives); False: too many lately.

        "" (withheld, or this machine itself) is always admitted. Takes 0.2 s at most, and no failure refuses
        anybody. A refusal by telephone is for humans to answer, not for a busy tone.
        """
        if not caller or not self._limit:
            return True
        if not self._callers.admits(caller, time.monotonic()):
            return False
        if self._board is None:
            return True
        return await self._board.admits(caller, self._limit, WINDOW_S) is not False

    async def _tell(self, board: RedisBoard) -> None:
        """Our note follows our calls at once; whether somebody looks, at the next renewal."""
        with self._hub.subscribe(person=False) as changes:
            async for change in changes:
                if change.kind in TOLD:
                    board.changed()

    def _note(self) -> str:
        calls = [_told(view) for view in self._hub.calls()]
        told = {"machine": self._machine, "url": self._url, "watched": self._hub.watched_here, "calls": calls}
        return json.dumps(told)

    def _show(self, notes: Mapping[str, str]) -> None:
        read = [_read(note) for note in notes.values()]
        calls = sorted((call for note in read for call in note.calls), key=lambda call: call.since)
        self._hub.show_elsewhere(Elsewhere(tuple(calls[:CALLS_SHOWN]), any(note.watched for note in read)))


def registry(settings: Settings, hub: Hub) -> Registry:
    """As set; without `redis_url` this machine is alone. Raises Faulty for a name or address that is none."""
    machine, board = settings.machine, None
    if not re.fullmatch(NAME, machine) and (machine or settings.redis_url):
        raise Faulty(
            f"VOICEBOT_MACHINE={machine!r} : chaque machine porte un nom à elle, de lettres minuscules, "
            "chiffres et tirets, 40 au plus, par exemple « lyon-1 »."
        )
    if settings.redis_url:
        name = f"{machine}-{secrets.token_hex(4)}"
        pepper = _pepper(settings.state / "words.key")
        board = RedisBoard(settings.redis_url, name, password=settings.redis_password, pepper=pepper)
    return Registry(hub, board, machine, settings.public_url, settings.calls_per_caller)


def new_call(machine: str) -> str:
    """An id for a call that begins here, told apart from other machines' by its beginning; see `ours`."""
    return f"{machine}_{secrets.token_hex(8)}" if machine else secrets.token_hex(8)


def ours(machine: str, call: str) -> bool:
    """Whether that call is this machine's to settle. A machine without a name is the only one: all are."""
    return not machine or call.startswith(f"{machine}_")


def address_of(remote: str | None) -> str:
    """A web caller for `Registry.admits`: their address, an IPv6 one by its /64 (RFC 6177), "" on loopback:
    there it is this machine, or a proxy in front of it that speaks for everybody."""
    try:
        address = ip_address(remote or "")
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    return str(address) if address.version == 4 else address.exploded[:19]


def _pepper(key: Path) -> bytes:
    """Of the key file that machines share when they share a database; telling it apart from that key."""
    try:
        return hashlib.sha256(b"callers" + key.read_bytes()).digest()
    except OSError:
        return secrets.token_bytes(32)


def _told(view: CallView) -> dict[str, object]:
    return {
        "id": view.id,
        "practice": view.practice,
        "channel": view.channel,
        "since": view.since.isoformat(),
        "phase": view.phase,
        "taken_by": view.taken_by,
        "level": view.verdict.level or (view.transfer.level if view.transfer else None),
    }


def _read(note: str) -> Elsewhere:
    """What another machine told; what cannot be read is left out: versions differ while they are updated."""
    try:
        told: Any = json.loads(note)
        machine, url = _text(told["machine"]), _text(told["url"])
        if url and urlsplit(url).scheme not in ("http", "https"):
            url = ""
        calls = tuple(_call(machine, url, call) for call in told["calls"][:CALLS_SHOWN])
        return Elsewhere(calls, told["watched"] is True)
    except (ValueError, KeyError, TypeError, RecursionError):
        log.warning("another machine's note cannot be read: are the versions the same?")
        return Elsewhere()


def _call(machine: str, url: str, told: Mapping[str, Any]) -> ElsewhereCall:
    since = datetime.fromisoformat(told["since"])
    if since.tzinfo is None:
        raise ValueError("a time without its zone")
    return ElsewhereCall(
        machine,
        url,
        _text(told["id"]),
        _text(told["practice"]),
        _one_of(told["channel"], get_args(Channel)),
        since,
        _one_of(told["phase"], get_args(Phase)),
        _text(told["taken_by"]),
        None if told["level"] is None else _one_of(told["level"], get_args(Level)),
    )


def _text(told: object) -> str:
    if not isinstance(told, str) or len(told) > LONGEST:
        raise ValueError("not a short text")
    return told


def _one_of(told: object, known: tuple[Any, ...]) -> Any:
    if told not in known:
        raise ValueError("not one of the words known here")
    return told
