"""What the exchange has left of calls that nobody took: recordings, and the sidecar files beside them.

Every function blocks on the disk: call it in a thread.
"""

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path

import numpy as np

from voicebot.adapters import phone_audio
from voicebot.adapters.sounds_sealed import samples_of, wav

COMPLETE_S = 150.0
"""A recording without a sidecar that nobody has written to for that long is whole: the exchange died."""
WINDOW_S = 20
"""Heard at once: a Transcriber takes at most 28 s."""
RATE = 16000
NAME = re.compile(r"(message|missed)-([0-9A-Za-z._-]{1,100})\.(wav|json)")
NUMBER = re.compile(r"\+[0-9]{6,15}")

log = getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """What lies in the spool of one call. `sound`: a recording; `files`: what to remove in the end."""

    call: str
    """Our id of it."""
    at: datetime
    files: tuple[Path, ...]
    sound: Path | None = None
    practice: str = ""
    dialled: str = ""
    number: str = ""
    """The caller's, E.164, or empty."""
    urgent: bool = False
    """The exchange was told of an emergency."""


def lying_in(spool: Path) -> tuple[Left, ...]:
    """What is complete, oldest first. Blocks."""
    files: dict[str, dict[str, Path]] = {}
    for path in spool.glob("m*-*.*"):
        if named := NAME.fullmatch(path.name):
            files.setdefault(named[2], {})[f"{named[1]}.{named[3]}"] = path
    found = (_left(call, each) for call, each in files.items())
    return tuple(sorted((left for left in found if left), key=lambda left: left.at))


def _left(caller: str, files: dict[str, Path]) -> Left | None:
    sound = files.get("message.wav")
    sidecar = files.get("message.json") or files.get("missed.json")
    try:
        changed = max(path.stat().st_mtime for path in files.values())
        told = _told(sidecar) if sidecar else {}
    except OSError:
        return None  # it goes just now, or is not ours to read: the next look tells
    if not told and time.time() - changed < COMPLETE_S:
        return None
    at = told.get("at")
    number = str(told.get("from", ""))
    return Left(
        call=caller.replace(".", "-"),
        at=datetime.fromtimestamp(at if isinstance(at, int) and 0 < at < changed + 3600 else changed, UTC),
        files=tuple(files.values()),
        sound=sound,
        practice=str(told.get("practice", "")),
        dialled=str(told.get("did", "")),
        number=number if NUMBER.fullmatch(number) else "",
        urgent=str(told.get("urgent", "")) == "1",
    )


def _told(sidecar: Path) -> dict[str, object]:
    """What the dialplan wrote; nothing when it does not read: the caller called all the same."""
    try:
        told = json.loads(sidecar.read_bytes())
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def playable(path: Path) -> bytes:
    """A whole WAV file of the recording; what we cannot read is kept as it is."""
    recording = path.read_bytes()
    try:
        return wav(*samples_of(recording))
    except ValueError:
        return recording


def remove(files: tuple[Path, ...]) -> None:
    """Harmless when they are gone; what we may not remove stays, and is said."""
    for path in files:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.error("a file of the exchange's spool cannot be removed: %s", type(error).__name__)


def at_16_khz(pcm: bytes, rate: int) -> bytes:
    """s16le mono at 16 kHz."""
    return phone_audio.pcm(phone_audio.resampled(phone_audio.samples(pcm), rate, RATE))


def windows(pcm: bytes) -> tuple[bytes, ...]:
    """s16le mono 16 kHz in pieces of at most `WINDOW_S`, cut where it is quietest."""
    sound = np.frombuffer(pcm, "<i2")
    pieces, at, frame = [], 0, RATE // 10
    while len(sound) - at > WINDOW_S * RATE:
        tail = sound[at + WINDOW_S * RATE // 2 : at + WINDOW_S * RATE].astype(np.int64)
        loudness = (tail.reshape(-1, frame) ** 2).sum(axis=1)
        cut = at + WINDOW_S * RATE // 2 + (int(loudness.argmin()) * frame) + frame // 2
        pieces.append(sound[at:cut].tobytes())
        at = cut
    return (*pieces, sound[at:].tobytes())
