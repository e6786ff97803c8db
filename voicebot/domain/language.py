"""What the dialogue must be told about a language: functions that read values, tables of how people put
things, and how days, hours and names are said. No language in it; `languages` holds the ones there are.

Every pattern reads folded words (`french.wordforms.fold`: lower case, no accents, one space), except `which`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from voicebot.domain.call import People, Person, Window

Pattern = re.Pattern[str]
NEVER = re.compile(r"(?!)")
"""What nobody says."""
Answer = Literal["yes", "no"] | None
Named = tuple[str | None, str | None]
"""First and last name."""


@dataclass(frozen=True, eq=False)
class Values:
    """What reads a value in an utterance; each is pure."""

    windows: Callable[[str, datetime, str, tuple[datetime, ...]], tuple[Window, ...]]
    """(text, the practice's local time, school zone, times just offered) → the times wished for."""
    asap: Callable[[str], bool]
    birth_date: Callable[[str, date], date | None]
    """(text, today)."""
    phone: Callable[[str], str | None]
    """E.164."""
    person_name: Callable[[str, bool], Named]
    """(text, whether it answers "your name?")."""
    spelled: Callable[[str], str | None]
    """The name whose letters were said; None when none were."""
    choice: Callable[[str, int], int | None]
    """(text, how many offers) → which one, 0-based."""
    answer: Callable[[str], Answer]
    incomplete: Callable[[str, str], bool]
    """(text, what is expected) → whether more must come."""
    weigh: Callable[[str], Mapping[str, float]]
    """What the words say outright: log-odds by class of the Reader."""
    spoken: Callable[[str], str]
    """A written clause as the voice must be given it."""
    people: Callable[[str, bool, bool], People] | None = None
    """(text, whether it answers "the patient's name?", whether the caller is known to be somebody else).
    None: `person_name` is all that is read of people."""
    corrected: Callable[[str, Person, date], Person] = lambda _text, _about, _today: Person()
    """(text, the person read back, today) → the fields put right, the others empty."""
    goes_on: Callable[[str, str, str], bool] = lambda _begun, _text, _expects: False
    """(what was begun, text, what is expected) → whether it is a part of the value and more must come."""
    value_only: Callable[[str, str, Person, date, bool], str | None] = lambda *_: None
    """(what was begun, text, the person, today, whether a date may be of birth) → the figures of a number or
    a date, when nothing else was said."""


@dataclass(frozen=True, eq=False)
class Routine:
    """How everybody's question, "is it urgent?", is answered."""

    no: Pattern = NEVER
    """At the beginning: a plain no, with its greetings."""
    not_urgent: Pattern = NEVER
    yes: Pattern = NEVER
    yes_words: frozenset[str] = frozenset()
    """Words that say nothing besides a yes."""
    complaint: Pattern = NEVER
    """A yes that goes on to what is wrong."""
    apart: Pattern = NEVER
    """Between two statements, on the written text."""
    filler: Pattern = NEVER
    """A whole statement that says nothing."""


@dataclass(frozen=True, eq=False)
class Mentions:
    """How the practice's doctors are named."""

    announces: frozenset[str] = frozenset()
    """A surname counts as the doctor's only after one of these: patients share surnames with doctors."""
    courtesy: frozenset[str] = frozenset()
    """Those of them that patients have too; they announce only who has such a title."""
    before_patient: Pattern = NEVER
    """Behind these the courtesy is the patient's own."""


@dataclass(frozen=True, eq=False)
class Talk:
    """How callers put what the dialogue listens for besides values and wishes."""

    repeat: Pattern = NEVER
    slower: Pattern = NEVER
    louder: Pattern = NEVER
    goodbye: Pattern = NEVER
    objection: Pattern = NEVER
    """To being transcribed or recorded."""
    kept: Pattern = NEVER
    """No number is given: the practice has it, or there is none."""
    information: Mapping[str, Pattern] = field(default_factory=dict)
    """By topic of the practice's file."""
    corrections: tuple[tuple[Pattern, str], ...] = ()
    """What is to be corrected, and the question that asks for it anew."""
    later: Pattern = NEVER
    earlier: Pattern = NEVER
    other: Pattern = NEVER
    another_day: Pattern = NEVER
    within: Pattern = NEVER
    """Later or earlier in a part of the day, or on the day offered."""
    whichever: Pattern = NEVER
    which: Pattern = NEVER
    """The words that say which appointment one has, as group 1; on the written text."""
    without_them: Pattern = NEVER
    """Why somebody does not come that their doctor should know."""
    child: Pattern = NEVER
    young: Pattern = NEVER
    """A child's own words only: "mum, she…" is also how grown children speak."""
    waits: Pattern = NEVER
    """They went for something and will be back."""
    restarts: Pattern = NEVER
    """What was said counts no more; group "all": from the very beginning."""
    private: Pattern = NEVER
    """That the family shall learn nothing."""
    can_talk: Pattern = NEVER
    cannot_talk: Pattern = NEVER
    fragments: frozenset[str] = frozenset()
    """Small words that broken speech consists of."""
    hesitations: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=dict)
    """What a key stands for: "0" a person, "yes", "no", and "1" to "3" the offers; "menu 1" to
    "menu 4" a booking, a move, a cancellation, a message: said outright, since no Reader hears them."""
    routine: Routine = Routine()
    mentions: Mentions = Mentions()


@dataclass(frozen=True, eq=False)
class Wording:
    """How values are written in what is said; `|` parts clauses."""

    day: Callable[[date], str]
    of_month: Callable[[date], str]
    """A day and its month, without the year."""
    hour: Callable[[time], str]
    doctor: Callable[[str, str], str]
    """(title, surname) → as it is said inside a sentence."""
    either: str
    beside: str
    """Before a doctor: "avec"."""
    born: str
    reachable: str
    """Before a telephone number."""
    one_of: Callable[[Sequence[datetime], Sequence[str]], str] = lambda _starts, _doctors: ""
    """What who is offered these times, with these doctors, may answer, as the recogniser writes it; no dot at
    its end."""


@dataclass(frozen=True, eq=False)
class Hint:
    """What shows that somebody speaks this language and not another."""

    asks: Pattern = NEVER
    """They ask whether it is spoken."""
    words: frozenset[str] = frozenset()
    """Small words that every sentence has and that mean nothing in the other languages there are."""


@dataclass(frozen=True, eq=False, repr=False)
class Language:
    """A language as the dialogue needs it. Compared by identity: there is one of each."""

    code: str
    """Of its folders: `prompts/<code>`, `triage_rules/<code>`."""
    values: Values
    talk: Talk
    wording: Wording
    hint: Hint = Hint()
