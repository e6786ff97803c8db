"""Who may open the live page: local users, argon2 hashes in the state folder, sessions in a sealed cookie.

To set a new password, delete `accounts.json` from the state folder: the next start prints a fresh one.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken

from voicebot.errors import Faulty

FIRST_USER = "secretariat"
SESSION_S = 12 * 3600
"""A working day."""
FAILURES = 5
"""Wrong passwords from one address before it must wait."""
FAILURES_IN_ALL = 50
"""Wrong passwords from anywhere before everybody new must wait: a guess spread over addresses."""
FORGET_S = 300.0
HASHES_AT_ONCE = 2


@dataclass(frozen=True)
class Session:
    """A person who has logged in. `token` must come back with every POST (CSRF)."""

    user: str
    token: str


class TooManyTries(Exception):
    """Too many wrong passwords lately."""


@dataclass
class Accounts:
    """Checks passwords and seals sessions. `now`: seconds, for tests."""

    hashes: Mapping[str, str]
    seal: Fernet
    now: Callable[[], float] = time.time
    _failures: list[tuple[float, str]] = field(default_factory=list)
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HASHES_AT_ONCE))

    async def log_in(self, user: str, password: str, address: str) -> str | None:
        """The cookie of a new session, or None. Raises TooManyTries before looking at the password."""
        now = self.now()
        self._failures = [(at, who) for at, who in self._failures if now - at < FORGET_S]
        here = sum(who == address for _, who in self._failures)
        if here >= FAILURES or len(self._failures) >= FAILURES_IN_ALL:
            raise TooManyTries
        # Counted before the hash is computed, so that parallel guesses cannot slip through.
        attempt = (now, address)
        self._failures.append(attempt)
        async with self._at_once:
            right = await asyncio.to_thread(self._verify, user, password)
        if not right:
            return None
        self._failures = [failure for failure in self._failures if failure is not attempt]
        return self._sealed(Session(user, secrets.token_urlsafe(16)))

    def session(self, cookie: str) -> Session | None:
        """Who holds this cookie, if it is ours and not too old."""
        try:
            value = json.loads(self.seal.decrypt_at_time(cookie.encode(), SESSION_S, int(self.now())))
        except (InvalidToken, UnicodeError):
            return None
        return Session(**value) if value["user"] in self.hashes else None

    def _sealed(self, session: Session) -> str:
        value = json.dumps({"user": session.user, "token": session.token})
        return self.seal.encrypt_at_time(value.encode(), int(self.now())).decode()

    def _verify(self, user: str, password: str) -> bool:
        # An unknown user costs the same time as a known one: some hash is always checked.
        stored = self.hashes.get(user) or next(iter(self.hashes.values()))
        try:
            return self._hasher.verify(stored, password) and user in self.hashes
        except (VerificationError, InvalidHashError):
            return False


def open_accounts(state: Path) -> tuple[Accounts, str | None]:
    """The accounts kept in `state`, and the first password if it was made just now (to be shown once)."""
    path = state / "accounts.json"
    password = None
    if path.is_file():
        stored = _read(path)
    else:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        stored = {
            "users": {FIRST_USER: PasswordHasher().hash(password)},
            "seal": Fernet.generate_key().decode(),
        }
        _write(path, stored)
    return Accounts(stored["users"], Fernet(stored["seal"])), password


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf8"))
        Fernet(stored["seal"])
        if not stored["users"]:
            raise ValueError("no user")
    except (ValueError, KeyError, TypeError) as wrong:
        raise Faulty(f"{path} cannot be read ({wrong}): delete it, a new password will be made.") from wrong
    return dict(stored)


def _write(path: Path, stored: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(stored, file)
    draft.replace(path)
