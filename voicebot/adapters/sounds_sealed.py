"""Messages left on the answering machine, sealed: one file each, named by practice and call.

Every function blocks on the disk: call it in a thread. Sounds are whole WAV files.
"""

import io
import os
import re
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicebot.adapters.sealing import Sealer
from voicebot.adapters.tickets_spool import write_surely
from voicebot.errors import Unavailable

SUFFIX = ".sealed"
NAME = re.compile(r"[A-Za-z0-9_-]{1,120}")
"""What a practice's and a call's id may be as a file's name."""


@dataclass(frozen=True)
class Sounds:
    """A folder of sealed sounds."""

    folder: Path
    sealer: Sealer

    def put(self, practice: str, call: str, sound: bytes, at: datetime) -> None:
        """On disk when it returns; the same again is harmless. `at`: when it was made. Raises Unavailable."""
        path = self._path(practice, call)
        if path is None:
            raise Unavailable("a sound whose practice or call cannot be a file's name")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_surely(path, self.sealer.seal(sound, "sound", practice, call))
            os.utime(path, (at.timestamp(), at.timestamp()))
        except OSError as error:
            raise Unavailable(f"sealed sounds: {type(error).__name__}") from error

    def get(self, practice: str, call: str) -> bytes | None:
        """The sound; None when there is none (any more). Raises Unavailable: it does not open."""
        path = self._path(practice, call)
        if path is None:
            return None
        try:
            return self.sealer.open(path.read_bytes(), "sound", practice, call)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"sealed sounds: {type(error).__name__}") from error

    def calls(self, practice: str) -> frozenset[str]:
        """Calls of which there is a sound."""
        if not NAME.fullmatch(practice):
            return frozenset()
        return frozenset(path.stem for path in (self.folder / practice).glob(f"*{SUFFIX}"))

    def _path(self, practice: str, call: str) -> Path | None:
        if NAME.fullmatch(practice) and NAME.fullmatch(call):
            return self.folder / practice / f"{call}{SUFFIX}"
        return None


def samples_of(recording: bytes) -> tuple[bytes, int]:
    """(s16le mono, Hz) of a WAV file, also of one whose writer died before it set the lengths.

    Raises ValueError for anything else than 16-bit mono PCM.
    """
    if recording[:4] != b"RIFF" or recording[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    rate = 0
    for name, start, length in _chunks(recording):
        if name == b"fmt " and len(recording) >= start + 16:
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", recording, start)
            if (kind, channels, bits) != (1, 1, 16):
                raise ValueError("not 16-bit mono PCM")
        elif name == b"data" and rate:
            # A writer that was killed left 0 here: then the rest of the file is sound.
            end = start + length if 0 < length <= len(recording) - start else len(recording)
            return recording[start : end - (end - start) % 2], rate
    raise ValueError("a WAV file without sound")


def wav(pcm: bytes, rate: int) -> bytes:
    """s16le mono at that rate → a whole WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(pcm)
    return file.getvalue()


def _chunks(recording: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(recording):
        name, length = struct.unpack_from("<4sI", recording, at)
        yield name, at + 8, length
        at += 8 + length + length % 2
