"""Triage rules as typed values: everything a doctor writes, and nothing of how it is matched.

A *concept* is a named set of ways to say one thing ("douleur", "poitrine"). A *pattern* puts concepts and
measured values together, in a clause, close by, or anywhere in the call. A *rule* says how urgent it is when
one of its patterns, or one of its own words, is heard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from voicebot.domain.call import Level
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.language import Language, Measure

Comparison = Literal["<", "<=", ">", ">="]
Advice = Literal[
    "15", "17", "112", "114", "115", "116117", "119", "3114", "3919", "antipoison", "maternité"
]  # fmt: skip
"""Whom a caller may be told to call. The last two are numbers of the practice's file
(`Practice.helplines`): where it gives none, it is the 15."""
SAY_PLACES = ("numéro", "cabinet")
"""What `Rule.say` may leave to be filled: the number called, as it is spoken, and the practice's name."""


@dataclass(frozen=True)
class Heard:
    """A concept is said. `lost`: as something that no longer works ("ne respire plus")."""

    concept: str
    lost: bool = False


@dataclass(frozen=True)
class Measured:
    """A value is said and compares so: `température >= 38.0`."""

    measure: Measure
    comparison: Comparison
    value: float

    def holds(self, value: float) -> bool:
        """Whether a measured value satisfies the comparison."""
        match self.comparison:
            case "<":
                return value < self.value
            case "<=":
                return value <= self.value
            case ">":
                return value > self.value
            case ">=":
                return value >= self.value


Item = Heard | Measured
Either = tuple[Item, ...]
"""Alternatives: one is enough ("douleur ou poids")."""


@dataclass(frozen=True)
class Pattern:
    """All of `clause` in one clause, all of `near` within a dozen words, all of `call` anywhere in the call.

    `unless`: heard near the rest, it leaves a doubt (never silence).
    """

    clause: tuple[Either, ...] = ()
    near: tuple[Either, ...] = ()
    call: tuple[Either, ...] = ()
    unless: Either = ()
    ask: bool = False
    """Too little to act on by itself: always asked first."""


@dataclass(frozen=True)
class Rule:
    """One reason to act. `reviewed_by` None = no doctor has signed it."""

    id: str
    title: str
    level: Level
    patterns: tuple[Pattern, ...]
    question: str = ""
    """Closed; asked when what was heard is in doubt. Empty = `Rules.question`."""
    advice: Advice = "15"
    say: str = ""
    """Spoken instead of the number's own sentence, `SAY_PLACES` filled; empty = the number's sentence. An
    emergency's names the number of *this* rule: where the verdict's is another, it must not be said."""
    reach: str = ""
    """Id of the practice's telephone target rung first; empty, or a practice without it = its order."""
    same_day: bool = True
    """False: with nobody to answer, no time today is offered but a call back: a death, a violence."""
    vanished_counts: bool = False
    """A sign that went away is still this sign (stroke, fainting)."""
    source: str = ""
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    """May be asked about, must not be acted on."""


@dataclass(frozen=True, eq=False, repr=False)
class Rules:
    """A rule book in force. Compared by identity: a reload makes a new one, running calls keep theirs."""

    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    question: str = "Est-ce que c'est le cas en ce moment ?"
    idioms: tuple[str, ...] = ()
    """Sayings whose words mean nothing else: the "sang" of "prise de sang" is no sign."""
    version: str = ""
    """First 12 hexadecimal digits of the sha256 of the files' names and contents; empty = from no file."""
    language: Language = FRENCH
    """What the rules and the callers speak."""
    also: tuple["Rules", ...] = ()
    """Books in other languages, listened with as well: an emergency is one in whatever language."""

    @property
    def every(self) -> tuple[Rule, ...]:
        """The rules of all books, this one's first."""
        return (*self.rules, *(rule for book in self.also for rule in book.rules))

    def spoken(self, code: str) -> "Rules":
        """The book in that language; this one where there is none."""
        return next((book for book in (self, *self.also) if book.language.code == code), self)
