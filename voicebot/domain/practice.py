"""A medical practice as the voice needs to know it. Built from `practices/*.yaml` by an adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from voicebot.domain.language import Language
from voicebot.domain.languages import FRENCH


@dataclass(frozen=True)
class Hours:
    """Half-open opening span `[start, end)` on one weekday (0 = Monday), local time."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class Doctor:
    """One agenda. `name` is the surname; `title` what is said before it ("docteur", "madame")."""

    id: str
    name: str
    title: str = "docteur"
    opening: tuple[Hours, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()
    """Both days included."""

    @property
    def spoken(self) -> str:
        """Title and surname as they are said: `docteur Martin`."""
        return f"{self.title} {self.name}"


@dataclass(frozen=True)
class Motif:
    """A reason to come. `words` are ways people name it, matched without accents or case."""

    id: str
    name: str
    minutes: int
    words: tuple[str, ...] = ()
    doctors: tuple[str, ...] = ()
    """Doctor ids; empty = all."""
    new_patients: bool = True
    """False: a booking by somebody who is not matched to a known patient is checked by a human."""


@dataclass(frozen=True)
class Reserved:
    """A daily span kept free for same-day urgencies; never offered for a plain booking."""

    doctor: str
    hours: Hours


@dataclass(frozen=True)
class Number:
    """A telephone number of the practice. `first`: who picks up; humans have `Practice.humans_first_s`."""

    e164: str
    first: Literal["voice", "humans"] = "voice"


@dataclass(frozen=True)
class Target:
    """A human who can be rung on a telephone, in the order of `Practice.targets`."""

    id: str
    """`[a-z0-9_]+`; the name under which a desk phone or the browser's softphone registers."""
    name: str
    """As a caller hears it: "le secrétariat", "le docteur Moreau"."""
    number: str = ""
    """E.164 of a mobile, rung over the trunk; empty = a phone registered with our exchange as `id`."""
    hours: tuple[Hours, ...] = ()
    """When they may be rung; empty = whenever `Practice.humans` says."""
    emergencies_only: bool = False
    """Rung for an emergency or an urgent call only, at any hour: a doctor's mobile."""


@dataclass(frozen=True)
class Consigne:
    """A sentence of the day ("le docteur a une heure de retard"); says itself until `until`, then never."""

    text: str
    until: datetime


@dataclass(frozen=True)
class Permanence:
    """When a doctor on call answers the 116 117 in the practice's département, local time; else it is the 15.

    Nights, Sundays and public holidays as in the Code de la santé publique, art. R. 6315-1, which leaves the
    Saturday afternoon to each département.
    """

    night_from: time = time(20)
    night_until: time = time(8)
    saturday_from: time | None = time(12)
    """None: Saturdays are like any weekday."""
    sundays: bool = True
    """And public holidays."""


@dataclass(frozen=True)
class Practice:
    """Everything the call may say or use about the practice. Immutable; a reload makes a new one."""

    id: str
    name: str
    phone: str
    """As dialled by humans, a string ("01 23 45 67 89")."""
    timezone: str = "Europe/Paris"
    department: str = "75"
    school_zone: str = "C"
    languages: tuple[Language, ...] = (FRENCH,)
    """The first is the practice's own; the others are for callers who do not speak it."""
    address: str = ""
    doctors: tuple[Doctor, ...] = ()
    motifs: tuple[Motif, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    humans: tuple[Hours, ...] = ()
    """When somebody can be expected at the live page."""
    closed: tuple[tuple[date, date], ...] = ()
    public_holidays_closed: bool = True
    closed_message: str = ""
    """Said of a closed practice instead of the plain sentence."""
    permanence: Permanence | None = None
    """None: the 116 117 does not work there."""
    consignes: tuple[Consigne, ...] = ()
    vocabulary: tuple[str, ...] = ()
    """Words to bias recognition with: streets, drugs, colleagues."""
    information: Mapping[str, str] = field(default_factory=dict)
    """Answers by topic: "address", "hours", "price", "parking"."""
    new_patients: Literal["yes", "no", "waitlist"] = "yes"
    """Whether who says that they were never seen here may book; "waitlist": they are written down."""
    slot_step_minutes: int = 15
    horizon_days: int = 90
    notice_minutes: int = 60
    """No slot is offered sooner than this."""
    variant_of: str | None = field(default=None, compare=False)
    """The practice whose name it goes by (`reprend`): called by its address, not offered beside the other."""
    give_up_after: int = 2
    """Turns not understood in a row before a human is sought."""
    ring_s: int = 30
    """How long one target, or the live page, is rung."""
    helplines: Mapping[str, str] = field(default_factory=dict)
    """Numbers a rule may send to that differ from place to place: "antipoison", "maternité"; as dialled by
    humans. One that is missing is the 15."""
    numbers: tuple[Number, ...] = ()
    """Dialled numbers that ring here; empty = web calls only."""
    targets: tuple[Target, ...] = ()
    """Humans on telephones, in the order they are rung; empty = the live page only."""
    humans_first_s: int = 20
    callback_within: timedelta = timedelta(hours=2)

    @property
    def hotwords(self) -> str:
        """What recognition is told to expect: the doctors' names and `vocabulary`."""
        return ", ".join((*(doctor.spoken for doctor in self.doctors), *self.vocabulary))

    @property
    def zone(self) -> ZoneInfo:
        """The practice's clock."""
        return ZoneInfo(self.timezone)

    def sends_to(self, advice: str) -> str:
        """The rule's advice, or "15" where it is a helpline that this practice does not give."""
        return advice if advice.isdigit() or advice in self.helplines else "15"

    def number_of(self, advice: str) -> str:
        """The advice as it is written for the voice: "15", "116 117", "01 99 00 48 48"."""
        return {"116117": "116 117"}.get(advice) or self.helplines.get(advice) or self.sends_to(advice)

    def doctor(self, doctor_id: str) -> Doctor:
        """The doctor of that id. Raises KeyError."""
        return {d.id: d for d in self.doctors}[doctor_id]

    def motif(self, motif_id: str) -> Motif:
        """The motif of that id. Raises KeyError."""
        return {m.id: m for m in self.motifs}[motif_id]
