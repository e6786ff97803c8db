"""What can go wrong, as a tree.

VoicebotError
├── Faulty                 bad input from a person: says what, where, what to do (exit code 2)
│   ├── FaultyFile         a practice, rules or prompts file; holds every fault at once
│   └── FaultyModel        a model file that is missing or does not have its sha256
├── SlotTaken              somebody else holds or has booked that time
├── Bug                    an error nobody foresaw, met at a boundary
│   └── Unfoldable         a recorded call that this version of the dialogue cannot go through again
├── EngineFailed           Whisper or Kokoro raised, or missed its deadline
└── Unavailable            a store or service did not answer in time, is full or is locked
    └── FateUnknown        a write whose outcome could not be learnt: ask again by its key
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


class VoicebotError(Exception):
    """Root of every error this project raises on purpose."""


class Faulty(VoicebotError):
    """Input a person can mend; its text is a sentence for that person."""


@dataclass(frozen=True)
class Told:
    """A sentence for a person by its name, so that it can be written in several languages."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What stands in its gaps: texts, numbers, or another `Told`."""


@dataclass(frozen=True)
class Fault:
    """One mistake in a file. Line and column count from 1; 0 means unknown."""

    file: str
    line: int
    column: int
    message: str
    """In French."""
    told: Told | None = field(default=None, compare=False)
    """The same, to be written in another language; None: it is only ever read in French."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class FaultyFile(Faulty):
    """Every fault of a file, so that nobody mends them one run at a time."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class FaultyModel(Faulty):
    """A model file that is missing, short, or not the one that was pinned."""


class SlotTaken(VoicebotError):
    """The time is held or booked by somebody else."""


class Bug(VoicebotError):
    """Its text is the kind of the error that was met, never what was in it: that may be a patient's words."""


class Unfoldable(Bug):
    """A recorded call cannot be gone through again."""


@contextmanager
def boundary(kind: type[Bug] = Bug) -> Iterator[None]:
    """Beside the call's own, the one place that catches every error: a bug in here must not end what it
    stands in (the service, and every call with it). Errors of the tree pass; others are raised as `kind`."""
    try:
        yield
    except VoicebotError:
        raise
    except Exception as error:
        raise kind(type(error).__name__) from error


class EngineFailed(VoicebotError):
    """Speech recognition or synthesis raised or missed its deadline."""


class Unavailable(VoicebotError):
    """The store did not do it: down, full, locked or too slow. Nothing was written."""


class FateUnknown(Unavailable):
    """The write may or may not have happened."""
