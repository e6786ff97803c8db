"""The nouns of a call: who, when, which appointment, what to tell the humans."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Level = Literal["emergency", "urgent"]
Category = Literal["urgent", "booking", "cancellation", "message"]
Channel = Literal["web", "phone", "text"]
TransferOutcome = Literal[
    "answered", "declined", "busy", "no_answer", "unreachable", "caller_left", "failed", "returned"
]
"""How an attempt to reach a human ended; "returned": one had the caller and gave them back to the voice."""


@dataclass(frozen=True, order=True)
class Window:
    """A wish for a time. `day` None = any day. Half-open `[start, end)` in the practice's local
    time; None = unbounded on that side; `start == end` is an exact time."""

    day: date | None = None
    start: time | None = None
    end: time | None = None
    rank: int = 0
    """0 = wished first; 1 = only if that cannot be had ("jeudi, sinon lundi")."""

    def admits(self, moment: datetime) -> bool:
        """Whether an appointment may begin then; `moment` is in the practice's local time."""
        at = moment.time()
        if self.day is not None and moment.date() != self.day:
            return False
        if self.start is not None and self.start == self.end:
            return at == self.start
        return (self.start is None or at >= self.start) and (self.end is None or at < self.end)


@dataclass(frozen=True)
class Slot:
    """A free or held time: `start` is timezone-aware. `reserved` = kept for same-day urgencies."""

    doctor: str
    motif: str
    start: datetime
    minutes: int
    reserved: bool = False

    @property
    def end(self) -> datetime:
        """Exclusive."""
        return self.start + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Busy:
    """A span of one doctor's agenda that is taken: `[start, end)`, aware."""

    doctor: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Person:
    """A patient as the caller described them. `id` is set only when matched to a known patient."""

    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    phone: str = ""
    """E.164, or empty."""
    id: str | None = None


@dataclass(frozen=True)
class People:
    """Who is spoken of in an utterance; each None when not said."""

    first_name: str | None = None
    last_name: str | None = None
    """The patient's."""
    other_name: str | None = None
    """The other surname of a married patient."""
    caller: str | None = None
    """The name of who is calling for them."""
    relation: str | None = None
    """How they are related, as a secretary reads it ("pour sa mère", "fille")."""


@dataclass(frozen=True)
class Appointment:
    """A confirmed booking."""

    id: str
    slot: Slot
    patient: Person


@dataclass(frozen=True)
class Ticket:
    """Work left for a human. `key` makes saving it twice the same as once."""

    key: str
    kind: Literal["message", "callback", "cancellation", "booking", "move", "emergency", "alert", "waitlist"]
    subject: str
    """What it is about, in French, as the live page shows it."""
    text: str
    """The caller's words and what the call established."""
    person: Person
    due: datetime
    level: Level | None = None
    flags: tuple[str, ...] = ()
    """Ids of the rules that fired or were denied by the caller."""
    alarm: bool = False
    """The pager must be told as well: nobody may find this one by chance."""


@dataclass(frozen=True)
class Evidence:
    """Why a rule spoke: the rule's id, how sure, and the caller's own words."""

    rule: str
    level: Level
    status: Literal["present", "uncertain"]
    words: str


@dataclass(frozen=True)
class Verdict:
    """What triage makes of the words so far. `act` = do it now; `ask` = one closed question first."""

    level: Level | None = None
    action: Literal["act", "ask"] | None = None
    evidence: tuple[Evidence, ...] = ()
    question: str = ""
    """The closed question to ask when `action` is "ask"."""
    advice: str = "15"
    """Whom an emergency is told to call: "15", "3114", "114", …"""


@dataclass(frozen=True)
class Entities:
    """Values found in one utterance; None = not said."""

    birth_date: date | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    doctor: str | None = None
    """A doctor id of the practice."""
    motif: str | None = None
    """A motif id of the practice."""
    asap: bool = False
    choice: int | None = None
    """Which of the offers: 0 = the first, -1 = the last."""
    answer: Literal["yes", "no"] | None = None
    other_name: str | None = None
    """The patient's other surname, of birth or by marriage."""
    caller: str | None = None
    """The name of who is calling, when it is for somebody else."""
    relation: str | None = None
    """Who they are to each other, as a secretary reads it ("pour sa mère", "fille"): the caller is not the
    patient."""


@dataclass(frozen=True)
class Reading:
    """One utterance, understood. `category` None = ask."""

    category: Category | None = None
    kind: str | None = None
    confidence: float = 0.0
    windows: tuple[Window, ...] = ()
    entities: Entities = Entities()


@dataclass(frozen=True)
class Opinion:
    """What a language model read in one utterance. It never holds an `Entities.answer`: nothing is confirmed
    by a model. `level` raises, at most to one closed question; None: nothing urgent, which lowers nothing."""

    reading: Reading = Reading()
    level: Level | None = None
