"""What the caller hears, 20 ms at a time: clauses in order, held, resumed, dropped. No clock, no I/O."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicebot.domain.effects import PLAIN, Manner

RATE = 16000
FRAME = 320
"""Samples of 20 ms at 16 kHz; a frame is 640 bytes, s16le mono."""
SILENCE = bytes(2 * FRAME)
PAUSES = {".": 0.18, "?": 0.18, "!": 0.18, "…": 0.18, ",": 0.12, ";": 0.15, ":": 0.15}
"""Seconds after a clause, by its last character: under the 300 ms that sound like a gap."""
PAUSE = 0.08
REWIND = (0.4, 0.1)
"""A resumed clause starts at the quietest place this long before it stopped: between two words."""
RING_HZ, RING_ON_S, RING_OFF_S = 440.0, 1.5, 3.5
"""The French ringback tone, ITU-T E.180 supplement 2."""
RING_LEVEL = 0.08


@dataclass(eq=False)
class Clause:
    """One clause on its way to the caller. `pcm` None: its audio is still being made; empty: it failed."""

    text: str
    whole: bool = False
    pcm: bytes | None = None
    at: int = 0
    """Bytes said so far."""
    manner: Manner = PLAIN


class Playback:
    """The queue of clauses and the frame that is due."""

    def __init__(self) -> None:
        self._queue: deque[Clause] = deque()
        self._held = False
        self._fade = False
        self._pause = 0
        self._last = SILENCE
        self._ringing = False
        self._ring_at = 0

    @property
    def pending(self) -> Sequence[Clause]:
        """Clauses not said to the end, the present one first."""
        return self._queue

    @property
    def dry(self) -> bool:
        """Everything has been said."""
        return not self._queue and not self._pause

    @property
    def talking(self) -> bool:
        """The caller is in the middle of hearing something, held or not."""
        return self._pause > 0 or bool(self._queue and self._queue[0].at)

    @property
    def held(self) -> bool:
        """The caller makes a sound, so nothing is said but what is `whole`."""
        return self._held

    def say(self, clause: Clause) -> None:
        """Queue a clause; its audio may come later."""
        self._queue.append(clause)

    def ring(self, on: bool) -> None:
        """The ringback tone, whenever nothing is said."""
        if on and not self._ringing:
            self._ring_at = 0
        self._ringing = on

    def hold(self) -> None:
        """Stop at the next frame, fading so that it does not click; a `whole` clause goes on."""
        if not self._held:
            self._held = True
            self._fade = self._speaking_part()

    def resume(self) -> None:
        """Go on from a little before the place where it stopped."""
        if self._held and self._speaking_part() and self._queue[0].pcm:
            self._queue[0].at = rewound(self._queue[0].pcm, self._queue[0].at)
        self._held = False

    def drop(self) -> bool:
        """Forget what is not `whole`; a hold stays. True if something was lost."""
        kept = [clause for clause in self._queue if clause.whole]
        lost = len(kept) < len(self._queue)
        self._fade = self._fade or (self._speaking_part() and not self._held)
        self._queue = deque(kept)
        if lost:
            self._pause = 0
        return lost

    def drop_after(self, clause: Clause) -> None:
        """Forget what was to follow a clause of the queue, unless it is `whole`."""
        follows = list(self._queue)[list(self._queue).index(clause) + 1 :]
        for later in follows:
            if not later.whole:
                self._queue.remove(later)

    def tick(self) -> tuple[bytes, Clause | None]:
        """The next 20 ms, and the clause they come from (None: silence, a pause or the ringback tone)."""
        if self._fade:
            self._fade = False
            return self._remember(_faded(self._last)), None
        if self._pause:
            self._pause -= 1
            return self._remember(SILENCE), None
        self._make_way()
        clause = self._queue[0] if self._queue else None
        if clause is None or (self._held and not clause.whole):
            return self._remember(self._tone() if self._ringing and not self._held else SILENCE), None
        if clause.pcm is None:
            return self._remember(SILENCE), None
        frame = clause.pcm[clause.at : clause.at + 2 * FRAME].ljust(2 * FRAME, b"\0")
        clause.at += 2 * FRAME
        if clause.at >= len(clause.pcm):
            self._queue.popleft()
            self._pause = _ticks_after(clause) if self._queue else 0
        return self._remember(frame), clause

    def _make_way(self) -> None:
        """Nothing waits behind a clause that failed, nor a `whole` one behind one that is held."""
        outranked = self._held and any(clause.whole for clause in self._queue)
        while self._queue and (self._queue[0].pcm == b"" or (outranked and not self._queue[0].whole)):
            self._queue.popleft()

    def _speaking_part(self) -> bool:
        """In the middle of a clause that may be cut."""
        return bool(self._queue) and not self._queue[0].whole and self._queue[0].at > 0

    def _remember(self, frame: bytes) -> bytes:
        self._last = frame
        return frame

    def _tone(self) -> bytes:
        period = round((RING_ON_S + RING_OFF_S) * RATE)
        n = self._ring_at + np.arange(FRAME)
        self._ring_at = (self._ring_at + FRAME) % period
        wave = RING_LEVEL * np.sin(2 * np.pi * RING_HZ * n / RATE) * (n % period < RING_ON_S * RATE)
        return (wave * 32767).astype("<i2").tobytes()


def _ticks_after(clause: Clause) -> int:
    """The pause behind it, in frames; who speaks slowly also pauses longer."""
    return round(PAUSES.get(clause.text.rstrip()[-1:], PAUSE) / clause.manner.rate / 0.02)


def rewound(pcm: bytes, at: int) -> int:
    """The quietest 20 ms between 0.4 and 0.1 s before byte `at`, where speech can be taken up again."""
    longest, shortest = (2 * round(seconds * RATE) for seconds in REWIND)
    places = range(max(0, at - longest) // (2 * FRAME) * 2 * FRAME, max(1, at - shortest), 2 * FRAME)
    return min(places, key=lambda place: _energy(pcm[place : place + 2 * FRAME]))


def trimmed(pcm: bytes, quietest_db: float = -50.0) -> bytes:
    """Speech without the silence at its end, which would add to the pause; s16le mono."""
    x = _samples(pcm)
    frames = len(x) // FRAME
    levels = np.square(x[: frames * FRAME]).reshape(frames, FRAME).mean(axis=1) if frames else np.zeros(0)
    loud = np.flatnonzero(levels > 32768.0**2 * 10 ** (quietest_db / 10))
    return pcm[: 2 * FRAME * (int(loud[-1]) + 2)] if len(loud) else pcm


def _samples(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, "<i2").astype(np.float32)


def _energy(frame: bytes) -> float:
    x = _samples(frame)
    return float(np.dot(x, x))


def _faded(frame: bytes) -> bytes:
    """The last frame once more, backwards so that it joins on, sinking to nothing."""
    x = _samples(frame)[::-1] * np.linspace(1, 0, FRAME, dtype=np.float32) ** 2
    return x.astype("<i2").tobytes()
