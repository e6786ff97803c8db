"""The frames our own processors speak with each other; what crosses to `telephony` is pipecat's.

All are system frames: pipecat delivers those in order and an interruption never drops them.
"""

import asyncio
from dataclasses import dataclass

from pipecat.frames.frames import SystemFrame

from voicebot.domain.effects import PLAIN, Expects, Manner
from voicebot.domain.events import Event


@dataclass
class EventFrame(SystemFrame):
    """Something happened that the conversation folds."""

    event: Event


@dataclass
class DraftFrame(SystemFrame):
    """What the caller seems to have said, before it is certain that they have finished: warm the answer."""

    text: str


@dataclass
class HoldSpeechFrame(SystemFrame):
    """The caller makes a sound: say nothing until `ResumeSpeechFrame`, but keep the place."""


@dataclass
class ResumeSpeechFrame(SystemFrame):
    """The caller's turn is over: go on, if there is anything left, a little before where we stopped."""


@dataclass
class DropSpeechFrame(SystemFrame):
    """Forget what we were saying; a hold stays. `by_caller` False: the conversation asked."""

    by_caller: bool = True


@dataclass
class SayFrame(SystemFrame):
    """Speak these clauses behind what is being said."""

    clauses: tuple[str, ...]
    whole: bool = False
    manner: Manner = PLAIN


@dataclass
class WarmFrame(SystemFrame):
    """Make the audio of these clauses ready: they may be said soon."""

    clauses: tuple[str, ...]


@dataclass
class RingFrame(SystemFrame):
    """A human is being rung: while nothing is said the caller hears it ring, or no more."""

    on: bool


@dataclass
class SaidAllFrame(SystemFrame):
    """Set `said` once everything has been said, whether the caller makes a sound or not."""

    said: asyncio.Event


@dataclass
class HangUpFrame(SystemFrame):
    """End the call once everything has been said."""


@dataclass
class ExpectFrame(SystemFrame):
    """Upstream: what the next turn should hold."""

    expects: Expects
    language: str = "fr"
    """What is spoken, by code."""
    likely: str = ""
    """An answer as it may be put; empty = the practice's words."""


@dataclass
class VoiceFrame(SystemFrame):
    """Upstream: our voice is heard, or no more."""

    talking: bool
