"""Who has the floor: windows of energy and confidence in, decisions out. Pure; its clock is the audio's.

Silero alone hears speech start 60-200 ms late and end 65-110 ms late; the energy's edges are exact but know
nothing of speech. A window counts as *hot* when both agree, so a 400 ms pause is seen as 384-416 ms.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from voicebot.domain.effects import Expects
from voicebot.pipeline.patience import (
    Patience,
    Told,
    Unfinished,
    enough_silence,
    is_backchannel,
    never,
    words,
)

RATE, WINDOW = 16000, 512
STEP = WINDOW / RATE
"""Seconds of one window: Silero's, 512 samples at 16 kHz."""
PRE_ROLL = 9
"""Windows kept from before a turn is certain to be open (0.29 s, of which 0.1 s is its onset), where a soft
first consonant hides. With 0.38 s of silence Whisper takes more numbers and names for non-speech (5 of 92
utterances, with 0.2 s one), and WER is 18.3 % instead of 15.4."""
LOUD, AUDIBLE = 12.0, 5.0
"""dB over the noise floor: certainly a sound; a sound if Silero calls it speech."""
QUIETEST = -68.0
"""dBFS below which a floor is not followed: digital silence would make every click loud."""
FAINT = 15.0
"""dB below the caller's own level: background talk on a line that never goes silent."""

RHYTHM_S = 4.0
"""Pauses this recent tell how the caller speaks."""
FORGETTING = {False: 1.0, True: 0.2}
"""dB a second by which the caller's level is forgotten; slowly if the line is noisy: noise is no caller."""


@dataclass(frozen=True)
class Window:
    """32 ms of audio: its level in dBFS and Silero's confidence, 0..1, that it is speech."""

    db: float
    confidence: float


@dataclass(frozen=True)
class Draft:
    """A transcript of the turn so far. `over`: smart-turn's probability that the speaker has finished."""

    text: str
    speech: bool = True
    clear: bool = True
    confidence: float = 1.0
    over: float = 1.0


@dataclass(frozen=True)
class Wanted:
    """A transcript is wanted of all heard so far. `partial`: the caller is still talking."""

    version: int
    partial: bool


@dataclass(frozen=True)
class Opened:
    """The caller makes a sound. `rejoined`: they had not finished; the last turn belongs to this one."""

    rejoined: bool = False


@dataclass(frozen=True)
class Interrupted:
    """It is speech and it goes on: our voice gives way for good."""


@dataclass(frozen=True)
class LetOn:
    """It was a backchannel or noise: our voice may go on. `closed`: the turn is over with that."""

    closed: bool = True


@dataclass(frozen=True)
class Committed:
    """The caller has finished. `silence`: seconds since their last sound."""

    draft: Draft
    silence: float


Decision = Opened | Interrupted | LetOn | Committed


class Floor:
    """The line's noise level: follows it down quickly, up slowly, and never while somebody speaks."""

    def __init__(self) -> None:
        self.db = -60.0

    def above(self, window: Window) -> float:
        """Decibels of the window over the floor, which it then moves."""
        if window.confidence < 0.3:
            self.db += (window.db - self.db) * (0.3 if window.db < self.db else 0.02)
        return window.db - max(self.db, QUIETEST)


class Turns:
    """The turns of one call. `hear` every window, `drafted` every transcript; both return decisions."""

    def __init__(
        self, patience: Patience | None = None, unfinished: Unfinished = never, told: Told = never
    ) -> None:
        self.patience = patience or Patience()
        self._unfinished, self._told = unfinished, told
        self._expects: Expects | None = "open"
        self._floor = Floor()
        self._recent: deque[bool] = deque(maxlen=4)
        self._confidences: deque[float] = deque(maxlen=16)
        self._resumed: deque[int] = deque(maxlen=4)
        self.now = 0
        """Windows heard so far."""
        self.open = False
        self._voice = False
        self._committed_at: int | None = None
        self._level = -90.0
        self._noisy = False
        self._quiet_run = 0
        self._version = 0
        self._reset()

    def _reset(self) -> None:
        self._version += 1
        self._draft: tuple[int, Draft] | None = None
        self._enough = 0.0
        self._paused: Literal["no", "silent", "faint"] = "no"
        self._has_floor = False
        self._since = self._last_hot = self._last_sound = self._last_loud = self._last_strong = self.now
        self._hot_run = self._hot_total = self._voiced_total = 0
        self._asked_at = self._paused_at = self.now
        self._partial: tuple[tuple[str, ...], int] | None = None
        self._settling = False

    def expect(self, expects: Expects) -> None:
        """What the caller was asked for: a value being dictated is awaited longer than a yes."""
        self._expects = expects

    def told(self, text: str) -> bool:
        """Whether `text`, though heard with doubt, answers what was asked."""
        return self._expects is not None and self._told(text, self._expects)

    def voice(self, talking: bool) -> None:
        """Our own voice is heard, or no more."""
        self._voice = talking

    @property
    def wanted(self) -> Wanted | None:
        """The transcript worth making now, if any."""
        if not self.open:
            return None
        if self._paused != "no":
            done = self._draft is not None and self._draft[0] == self._version
            return None if done else Wanted(self._version, partial=False)
        every = self.patience.doubtful_every if self._doubtful() else self.patience.partial_every
        return Wanted(self._version, partial=True) if self._s(self._asked_at) >= every else None

    @property
    def hesitating(self) -> bool:
        """The pause has only just begun and may be none; never when there is nothing more to wait for."""
        return not self._settling and self._s(self._paused_at) < self.patience.hesitation

    def is_current(self, wanted: Wanted) -> bool:
        """Nothing has happened since that would make this transcript stale."""
        return self.open and wanted.version == self._version

    def asked(self) -> None:
        """A transcript is being made of what has been heard until now."""
        self._asked_at = self.now

    def hear(self, window: Window) -> list[Decision]:
        """The next window of the caller's audio."""
        self.now += 1
        above = self._floor.above(window)
        hot = (above > LOUD and window.confidence > 0.05) or (above > AUDIBLE and window.confidence > 0.5)
        self._confidences.append(window.confidence)
        strong = self._is_strong(window, hot)
        if above > LOUD:
            self._last_loud = self.now
        if not self.open:
            self._recent.append(hot and window.confidence > 0.3 and (strong or not self._noisy))
            return self._open() if sum(self._recent) >= self._onset() else []
        return self._follow(window, hot, strong)

    def drafted(self, wanted: Wanted, draft: Draft) -> list[Decision]:
        """The transcript that was wanted is there; a stale one changes nothing."""
        if not self.is_current(wanted):
            return []
        if wanted.partial:
            return self._compare(draft)
        self._draft = (wanted.version, draft)
        self._enough = enough_silence(draft.text, draft.over, self._expects, self.patience, self._unfinished)
        return self._settle()

    def settle(self) -> list[Decision]:
        """No audio comes any more: end the open turn as soon as its transcript is there."""
        if not self.open:
            return []
        self._settling = True
        if self._paused == "no":
            self._pause("silent")
        return self._settle()

    def abandon(self) -> None:
        """Recognition failed: the turn is over without words."""
        self.open = False
        self._committed_at = None

    def _s(self, since: int) -> float:
        return (self.now - since) * STEP

    def _onset(self) -> int:
        """Hot windows out of four that open a turn: over our voice a hold costs little if it was nothing."""
        rejoining = self._committed_at is not None and self._s(self._committed_at) < self.patience.rejoin
        return 2 if self._voice or rejoining else 3

    def _is_strong(self, window: Window, hot: bool) -> bool:
        self._level -= STEP * FORGETTING[self._noisy]
        if hot and window.confidence > 0.5:
            self._level = max(self._level, window.db)
        self._quiet_run = 0 if hot else self._quiet_run + 1
        if self._quiet_run * STEP > 0.3:
            self._noisy = False
        return hot and window.db > self._level - FAINT

    def _open(self) -> list[Decision]:
        onset = sum(self._recent)
        rejoined = self._committed_at is not None and self._s(self._committed_at) < self.patience.rejoin
        self._reset()
        self.open = True
        self._hot_total = self._voiced_total = onset
        self._has_floor = rejoined or not self._voice
        self._recent.clear()
        self._committed_at = None
        return [Opened(rejoined), Interrupted()] if rejoined else [Opened()]

    def _follow(self, window: Window, hot: bool, strong: bool) -> list[Decision]:
        overlong = self._s(self._since) >= self.patience.longest
        alive = (strong if self._paused == "faint" else hot) and not overlong
        self._hot_run = self._hot_run + 1 if alive else 0
        self._hot_total += hot
        self._voiced_total += hot and window.confidence > 0.5
        if hot:
            self._last_sound = self.now
        if strong:
            self._last_strong = self.now
        if alive and (self._paused == "no" or self._hot_run >= 2):
            if self._paused != "no":
                self._resumed.append(self.now)
                self._paused, self._draft, self._version = "no", None, self._version + 1
                self._last_strong = self.now
            self._last_hot = self.now
        decisions = self._take_floor()
        if self._paused == "no":
            if overlong or self._s(self._last_hot) >= self._suspicious():
                self._pause("silent")
            elif self._s(self._last_strong) >= self.patience.faint:
                self._pause("faint")
        if overlong or not alive:
            decisions += self._settle()
        return decisions

    def _take_floor(self) -> list[Decision]:
        """A second of speech over our voice is no backchannel; a second of noise is not speech."""
        if self._has_floor or self._hot_total * STEP <= self.patience.barge_in:
            return []
        if self._voiced_total * STEP > self.patience.barge_in / 2:
            self._has_floor = True
            return [Interrupted()]
        self._hot_total = self._voiced_total = 0
        return [LetOn(closed=False)]

    def _suspicious(self) -> float:
        """Silence that is worth a transcript: more of it where the last ones were not."""
        for_nothing = sum(self._s(at) < RHYTHM_S for at in self._resumed)
        return min(self.patience.longest_pause, self.patience.pause + self.patience.haste * for_nothing)

    def _pause(self, kind: Literal["silent", "faint"]) -> None:
        self._paused, self._paused_at = kind, self.now
        self._version += 1

    def _doubtful(self) -> bool:
        """Energy without speech: half a second of it that Silero does not believe in."""
        enough = len(self._confidences) == self._confidences.maxlen and self._s(self._since) > 1.0
        return enough and sum(self._confidences) / len(self._confidences) < 0.4

    def _compare(self, draft: Draft) -> list[Decision]:
        """On a line that never goes silent a turn ends when its words have stopped changing."""
        said, before = words(draft.text) if draft.speech else (), self._partial
        self._partial = (said, self._asked_at)
        if before is None or before[0] != said:
            return []
        if not self._doubtful() and (self._asked_at - before[1]) * STEP < self.patience.unchanged:
            return []  # a long "euh" leaves the words unchanged, too
        self._noisy = True
        return self._close(draft)

    def _settle(self) -> list[Decision]:
        """Commit, let our voice go on, or wait."""
        if self._paused == "no" or self._draft is None or self._draft[0] != self._version:
            return []
        draft = self._draft[1]
        if not self._has_floor and self._is_nothing(draft):
            return self._close(draft)
        if self._settling or self._s(self._since) >= self.patience.longest:
            return self._close(draft)
        last = (
            self._last_sound if self._paused == "faint" else self._last_hot
        )  # a click does not undo a pause
        silence, quiet, enough = self._s(last), self._s(self._last_loud), self._enough
        if self._paused == "faint" and silence < self.patience.pause:
            silence, enough = self._s(self._last_strong), enough + self.patience.faint
            self._noisy = silence >= enough
            return self._close(draft) if self._noisy else []
        unsettled = quiet < self.patience.quiet and silence < enough + self.patience.quiet_bound
        return [] if silence < enough or unsettled else self._close(draft)

    def _is_nothing(self, draft: Draft) -> bool:
        return not (draft.speech and draft.clear) or is_backchannel(draft.text, self._expects)

    def _close(self, draft: Draft) -> list[Decision]:
        self.open = False
        self._recent.clear()
        if not self._has_floor and self._is_nothing(draft):
            return [LetOn()]
        whole = not self._settling and self._s(self._since) < self.patience.longest
        said = draft.speech and draft.clear and bool(words(draft.text))
        self._committed_at = self.now if said and whole else None  # what was cut is not taken up again
        return [Committed(draft, self._s(self._last_hot))]
