"""Patients' words at rest: AES-256-GCM, the key's id in front, the row's identity as associated data.

A sealed value moved to another practice, call or position does not open (NIST SP 800-38D §5.2.1.1).
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voicebot.errors import Faulty, Unavailable

KEY_BYTES = 32
ID_BYTES = 4
NONCE_BYTES = 12
"""96 bits, random: NIST SP 800-38D §8.2.2 allows 2**32 values under one key."""


@dataclass(frozen=True)
class Sealer:
    """Seals with the first key; opens with any of them, so that keys can be rotated."""

    keys: Mapping[bytes, bytes]
    """Key by id, the current one first."""

    def seal(self, plain: bytes, *row: str | int) -> bytes:
        """Key id, nonce, ciphertext and tag. `row` says where it belongs."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        return key_id + nonce + AESGCM(key).encrypt(nonce, plain, _associated(row))

    def open(self, sealed: bytes, *row: str | int) -> bytes:
        """What was sealed for that row. Raises Unavailable: key lost, or the row was altered or moved."""
        key_id, rest = sealed[:ID_BYTES], sealed[ID_BYTES:]
        if key_id not in self.keys:
            raise Unavailable(f"sealed with key {key_id.hex()}, which is not in the key file")
        try:
            return AESGCM(self.keys[key_id]).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _associated(row))
        except (InvalidTag, ValueError) as error:
            raise Unavailable("a sealed value does not open: it was altered or moved") from error


def sealer(path: Path) -> Sealer:
    """From a key file, one key in hexadecimal a line, the current one first; made (0600) if absent.

    To rotate, put a new line on top. Losing the file is losing the words. Raises Faulty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(os.urandom(KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        keys = [bytes.fromhex(line) for line in path.read_text().split()]
    except (OSError, ValueError) as error:
        raise Faulty(f"{path}: not a key file (one key in hexadecimal a line)") from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise Faulty(f"{path}: each key must be {KEY_BYTES} bytes in hexadecimal")
    return Sealer({sha256(key).digest()[:ID_BYTES]: key for key in keys})


def _associated(row: tuple[str | int, ...]) -> bytes:
    """Unambiguous: ("a", "bc") and ("ab", "c") differ."""
    return json.dumps(row).encode()
