"""The state of one call: everything the fold knows, immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from voicebot.domain.call import Appointment, Channel, Level, Person, Slot, Verdict, Window
from voicebot.domain.dialogue.script import SCRIPT, SHORT
from voicebot.domain.dialogue.transfer import Handover
from voicebot.domain.effects import PLAIN, Effect, Expects, Manner, Say
from voicebot.domain.events import PartlySaid, Said
from voicebot.domain.language import Language, Talk
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rule, Rules
from voicebot.domain.understanding.several import Wish

Topic = Literal["booking", "move", "cancellation", "message", "callback", "same_day"]
Question = Literal[
    "open", "wish", "choice", "name", "spelling", "birth_date", "phone", "which", "message",
    "detail", "followed", "shown_phone", "confirm", "correction", "urgency", "routine", "what", "free",
    "more",
]  # fmt: skip
EXPECTS: dict[Question, Expects] = {
    "open": "open",
    "wish": "wish",
    "choice": "choice",
    "name": "name",
    "spelling": "name",
    "birth_date": "birth_date",
    "phone": "phone",
    "which": "wish",
    "message": "message",
    "detail": "message",
    "followed": "yes_no",
    "shown_phone": "read_back",
    "confirm": "read_back",
    "correction": "open",
    "urgency": "yes_no",
    "routine": "yes_no",
    "what": "open",
    "free": "yes_no",
    "more": "open",
}
Waiting = Literal["patients", "appointments", "slots", "hold", "write", "human"]
Routine = Literal["owed", "put", "settled"]
Outcome = tuple["State", tuple[Effect, ...]]


@dataclass(frozen=True)
class Setting:
    """What the whole call is conducted by; a reload of files never reaches a running call."""

    practice: Practice
    rules: Rules


@dataclass(frozen=True)
class Form:
    """What the caller's wish needs, as far as it is known."""

    motif: str | None = None
    doctor: str | None = None
    windows: tuple[Window, ...] = ()
    """When they want to come."""
    asap: bool = False
    which: tuple[Window, ...] = ()
    """When the existing appointment is, in the caller's words."""
    person: Person = Person()
    called: tuple[str, str] = ("", "")
    """First and last name as the caller gave them, once the record lent its spelling: they are read back."""
    other_name: str = ""
    """The patient's surname of birth or of marriage, besides the one they use."""
    caller: str = ""
    """The name of who is calling for the patient; empty = the patient, or it was not said."""
    relation: str = ""
    """Who they are to each other, in a ticket's words ("pour sa mère"); empty = the patient is calling."""
    looked_up: bool = False
    phone_said: bool = False
    """Only what the caller said is ever read back, never what the practice knows."""
    phone_checked: bool = False
    """The caller heard the number and agreed to it, or said nothing against the one the network showed."""
    phone_unsure: bool = False
    """They were not understood over it: it is kept, and nobody is told that they will surely be rung."""
    phone_kept: bool = False
    """The caller would not say a number ("vous l'avez déjà"): the wish is served without one."""
    unsure_name: bool = False
    """The name was heard with little confidence and nobody spelled it."""
    renamed: int = 0
    """How often another name took the place of the patient's."""
    letters_lost: bool = False
    """The letters of a name were asked for and not heard: once more, and never again in this call."""
    message: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """What an errand needs besides, as (label, the caller's words)."""
    followed: bool | None = None
    """Whether they say that the practice has seen the patient before; never looked up."""
    kind: str | None = None
    slot: Slot | None = None
    appointment: Appointment | None = None
    confirmed: bool = False
    corrections: int = 0
    """How often what was read back was put right."""


@dataclass(frozen=True)
class State:
    """One call. `before` is the state to return to if the caller had not finished their turn."""

    setting: Setting
    call: str
    channel: Channel = "web"
    number: str | None = None
    """The caller's, as the network showed it."""
    words: tuple[str, ...] = ()
    """Every final utterance of the caller: triage reads them together."""
    partial_rules: frozenset[str] = frozenset()
    """Emergency rules the last partial transcript fired."""
    half_heard: PartlySaid | None = None
    """The last transcript of a turn whose words are not certain yet."""
    level: Level | None = None
    """Acted upon; never lowered."""
    advice: str = "15"
    rule: str = ""
    """The rule that was acted on; empty = none of the book."""
    overheard: bool = False
    """An aggressor may be listening: no number is said aloud."""
    routine: Routine = "owed"
    """Whether everybody's question, "est-ce urgent ?", was heard out, and answered or overtaken."""
    verdict: Verdict = Verdict()
    denied: frozenset[str] = frozenset()
    """Rules the caller clearly said no to; they stay on what is left for humans."""
    parked: Said | None = None
    """What was said when an urgency question came first."""
    topic: Topic | None = None
    queue: tuple[Wish, ...] = ()
    """What else they want, to be served after it."""
    one_of_several: bool = False
    """What is being served is; they expect all of it to be seen to."""
    form: Form = Form()
    asked: Question = "open"
    question: Say | None = None
    """The last question as it was put, to put it again."""
    offers: tuple[Slot, ...] = ()
    hold: str | None = None
    waiting: Waiting | None = None
    begun: str = ""
    """The words of a value that was begun and not completed."""
    misses: int = 0
    repeats: int = 0
    """Times in a row that the caller wanted to hear the question once more."""
    manner: Manner = PLAIN
    """How the caller asked to be spoken to, for the rest of the call."""
    silences: int = 0
    unhurried: bool = False
    """They asked for time ("attendez, je cherche ma carte"): the next silence is theirs."""
    put: frozenset[str] = frozenset()
    """Questions put so far, by phrase: the next time in fewer words."""
    booked: Say | None = None
    """The last appointment made or moved in this call, as it is said again at its end."""
    listening: bool = False
    """Our voice is silent and the floor is the caller's."""
    handover: Handover = Handover()
    keyed: str = ""
    """Digits typed so far towards the value asked for."""
    keys: int = 0
    """Writes asked for so far: makes each one's key its own."""
    owed: str = ""
    """What the practice must know even if the caller leaves now: they met a fault of ours."""
    voiceless: bool = False
    """The voice failed in this call: only what was rendered beforehand is sure to be heard."""
    done: tuple[str, ...] = ()
    """What was committed in this call, by effect name; "callback" is a ticket to ring back."""
    left: frozenset[str] = frozenset()
    """What an emergency's caller also wanted and humans were told of: kinds of tickets."""
    halting: bool = False
    """The last utterance was broken off again and again; they were given time."""
    confidential: bool = False
    """Nobody of the family may learn of it: no number is used that was not given for this."""
    objected: bool = False
    """The caller does not want to be transcribed: no ticket has their words, which are destroyed."""
    heard_in: Language | None = None
    """Another language than the practice's, once the caller turned out to speak it."""
    ended: bool = False
    before: State | None = field(default=None, repr=False, compare=False)

    @property
    def practice(self) -> Practice:
        """The practice called."""
        return self.setting.practice

    @property
    def language(self) -> Language:
        """What is spoken in this call."""
        return self.heard_in or self.practice.languages[0]

    @property
    def talk(self) -> Talk:
        """How its callers put things."""
        return self.language.talk

    @property
    def acted_on(self) -> Rule | None:
        """The rule whose action is under way."""
        return next((rule for rule in self.setting.rules.every if rule.id == self.rule), None)

    @property
    def tried_human(self) -> bool:
        """A human was sought in this call."""
        return self.handover.begun

    @property
    def with_human(self) -> bool:
        """The caller is talking to one."""
        return self.handover.phase == "joined"

    @property
    def flags(self) -> tuple[str, ...]:
        """Rules that fired or were denied, for humans to see."""
        return tuple(sorted({e.rule for e in self.verdict.evidence} | self.denied))

    def key(self, intent: str) -> str:
        """The idempotency key of the next write."""
        return f"{self.call}:{intent}:{self.keys}"


def ask(state: State, question: Question, phrase: str | None = None, /, **values: Any) -> Outcome:
    """Say a question, in fewer words if it was put before, and remember that it was asked."""
    phrase = phrase or f"ask_{question}"
    said = phrase + SHORT if phrase in state.put and phrase + SHORT in SCRIPT else phrase
    say = Say(said, values, expects=EXPECTS[question])
    return replace(state, asked=question, question=say, keyed="", put=state.put | {phrase}), (say,)


def ask_again(state: State) -> tuple[Say, ...]:
    """The last question, in fewer words where there are fewer; nothing if none was put."""
    if state.question is None:
        return ()
    short = state.question.phrase + SHORT
    return (replace(state.question, phrase=short) if short in SCRIPT else state.question,)


def tell(phrase: str, **values: Any) -> Say:
    """A sentence that asks nothing."""
    return Say(phrase, values)


def first(effects: Effect | Sequence[Effect], outcome: Outcome) -> Outcome:
    """The same outcome with effects put before its own."""
    ahead = tuple(effects) if isinstance(effects, Sequence) else (effects,)
    return outcome[0], ahead + outcome[1]


def with_person(state: State, **values: Any) -> State:
    """The state with facts about the patient added."""
    return replace(state, form=replace(state.form, person=replace(state.form.person, **values)))


def with_form(state: State, **values: Any) -> State:
    """The state with form fields changed."""
    return replace(state, form=replace(state.form, **values))


def local(state: State, moment: datetime) -> datetime:
    """The moment on the practice's clock."""
    return moment.astimezone(state.practice.zone)
