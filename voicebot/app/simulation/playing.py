"""One journey → what the call left, through the real conversation and a real database, in virtual time."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from voicebot.adapters import ear_tfidf, practice_yaml, prompts_yaml, reader_tfidf, rules_yaml
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.clock import VirtualClock
from voicebot.app.simulation.journeys import Journey
from voicebot.app.simulation.persona import Persona, person
from voicebot.app.simulation.telephone import Telephone, TelephoneCaller, voice_of
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Appointment, Person, Slot, Ticket, TransferOutcome
from voicebot.domain.dialogue.state import Question, Setting, State
from voicebot.domain.dialogue.wording import Phrases
from voicebot.domain.events import Event, HungUp, Pressed, Said, Started, Unheard
from voicebot.domain.languages import LANGUAGES
from voicebot.domain.practice import Practice, Target
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Faulty
from voicebot.ports import Ear, Reader, Reasoner
from voicebot.settings import Settings

PHONES = (
    Target("poste_1", "le secrétariat"),
    Target("poste_2", "la maison de santé"),
    Target("moreau", "le docteur Moreau", "+33639980042", emergencies_only=True),
)
"""Whom a telephone call of a journey can be passed to."""
LONGEST_CALL = timedelta(minutes=20)
MOST_STEPS = 2000
DEADLINE_S = 30.0
"""Of real time, for what a call computes."""


@dataclass(frozen=True)
class House:
    """What journeys share: files read once, a database made once and copied."""

    practices: Mapping[str, Practice]
    rules: Rules
    phrases: Phrases
    reader: Reader
    ear: Ear | None
    template: Path
    bilingual: Rules
    """The rules of a practice that speaks every language there is."""
    reasoner: Reasoner | None = None

    def rules_of(self, journey: Journey) -> Rules:
        """What the journey's call goes through."""
        return self.bilingual if set(journey.languages) - {"fr"} else self.rules


async def open_house(folder: Path, settings: Settings) -> House:
    """With its empty database in `folder`. Raises Faulty."""
    template = folder / "template.db"
    await migrate(f"sqlite+aiosqlite:///{template}")
    rules = rules_yaml.load(settings.rules)
    return House(
        practice_yaml.load_all(settings.practices),
        rules,
        prompts_yaml.load(settings.prompts),
        reader_tfidf.load(settings.cache, LANGUAGES),
        ear_tfidf.load(settings.cache),
        template,
        rules_yaml.beside(rules, settings.rules, LANGUAGES),
    )


@dataclass(frozen=True)
class Line:
    """Somebody said something. `at_s`: seconds of virtual time since the call came in."""

    at_s: float
    who: Literal["voice", "caller"]
    words: str
    asked: Question | None = None
    """What the caller was answering."""
    missed: bool = False
    """It was not understood, and the caller was asked again."""
    meant: str = ""
    """What the caller said, when it was heard as something else."""


@dataclass
class Witness:
    """conversation.Watcher that keeps what it saw."""

    clock: VirtualClock
    caller: ScriptedCaller
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = self.clock.now()
        self._asked: Question = "open"
        self._misses = 0

    def happened(self, event: Event, state: State) -> None:
        """See Watcher."""
        self.events.append(event)
        words = {Said: "text", Pressed: "key"}.get(type(event))
        if words or isinstance(event, Unheard):
            told = getattr(event, words) if words else "…"
            self._add("caller", told, self._asked, state.misses > self._misses)
        self._asked, self._misses = state.asked, state.misses

    def said(self, words: tuple[str, ...]) -> None:
        """See Watcher."""
        self._add("voice", " ".join(words))

    def _add(
        self, who: Literal["voice", "caller"], words: str, asked: Question | None = None, missed: bool = False
    ) -> None:
        meant = self.caller.said[-1] if who == "caller" and self.caller.said else words
        at_s = (self.clock.now() - self._began).total_seconds()
        self.lines.append(Line(at_s, who, words, asked, missed, "" if meant == words else meant))


@dataclass
class Outcome:
    """What the call left."""

    agenda: list[str]
    tickets: list[str]
    heard: list[str]
    rang: list[str]
    rung: list[str] = field(default_factory=list)
    briefings: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    who: list[str] = field(default_factory=list)
    """Of every appointment and ticket that the call made, as journeys write patients."""
    events: list[Event] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    seconds: float = 0.0
    """Estimated: our words and theirs at SPEECH_RATE, and what lies between."""

    @property
    def turns(self) -> int:
        """How often our voice took the floor: sentences that follow one another are one turn."""
        who = ["caller", *(line.who for line in self.lines)]
        return sum(before != now == "voice" for before, now in zip(who, who[1:], strict=False))


async def play(journey: Journey, house: House, folder: Path, telephone: Telephone | None = None) -> Outcome:
    """The whole call; its database is `folder`/journey.db. Over a `telephone` they are really heard.

    Raises Faulty for an unknown practice or voice.
    """
    if journey.practice not in house.practices:
        raise Faulty(f"{journey.name}: unknown practice {journey.practice}")
    practice = house.practices[journey.practice]
    if journey.channel == "phone":
        practice = replace(practice, targets=PHONES)
    if journey.languages:
        practice = replace(practice, languages=tuple(LANGUAGES[code] for code in journey.languages))
    clock = VirtualClock(datetime.fromisoformat(str(journey.now)).replace(tzinfo=practice.zone))
    path = folder / "journey.db"
    shutil.copy(house.template, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    zone = lambda _: practice.zone  # noqa: E731
    seal = sealer(folder / "key")
    calendar = SqlCalendar(database, zone, clock.now)
    tickets, journal = SqlTickets(database, seal, zone), SqlJournal(database, seal, zone)
    try:
        await _prepare(journey, practice, calendar, clock)
        known = (clock, journey.caller, journey.desk, journey.confidence, _ends(journey), _persona(journey))
        caller = ScriptedCaller(*known)
        if telephone:
            voice = voice_of(journey)
            caller = TelephoneCaller(*known, telephone=telephone, voice=voice, hotwords=practice.hotwords)
        state = State(Setting(practice, house.rules_of(journey)), "call-1")
        witness, started = Witness(clock, caller), clock.now()
        before = await calendar.agenda(practice.id, started, started + timedelta(365))
        ports = Ports(calendar, tickets, journal, house.reader, house.ear, house.reasoner)
        conversation = Conversation(state, ports, caller, house.phrases, clock, witness)
        caller.conversation = conversation
        conversation.hear(Started(clock.now(), journey.channel, journey.number))
        await until_over(conversation, clock, caller.utter)
        agenda = await calendar.agenda(practice.id, started, started + timedelta(365))
        left = [row.ticket for row in await tickets.open(practice.id)]
        return Outcome(
            agenda=[appointment_line(a, practice) for a in agenda],
            tickets=[_ticket(ticket) for ticket in left],
            heard=caller.heard,
            rang=[t.level or "yes" for t in caller.transfers],
            rung=[t.target or "page" for t in caller.transfers],
            briefings=[" ".join(t.briefing) for t in caller.transfers],
            alarms=[ticket.kind for ticket in left if ticket.alarm],
            numbers=[ticket.person.phone for ticket in left],
            who=_who([*(a.patient for a in agenda if a not in before), *(t.person for t in left)]),
            events=witness.events,
            lines=witness.lines,
            seconds=(clock.now() - started).total_seconds() + caller.unclocked_s,
        )
    finally:
        await database.close()


async def _nothing() -> None:
    pass


async def until_over(
    conversation: Conversation, clock: VirtualClock, utter: Callable[[], Awaitable[None]] = _nothing
) -> None:
    """Let time pass until the call has ended; a call that never ends is hung up on.

    `utter` is called before each step; what it computes is not counted.
    """
    started = clock.now()
    async with asyncio.timeout(DEADLINE_S) as deadline:
        running = asyncio.create_task(conversation.run())
        quiet = asyncio.create_task(conversation.quiet())
        for _ in range(MOST_STEPS):
            await asyncio.wait({running, quiet}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                break
            deadline.reschedule(None)
            await utter()
            deadline.reschedule(asyncio.get_running_loop().time() + DEADLINE_S)
            if not clock.advance() or clock.now() - started > LONGEST_CALL:
                conversation.hear(HungUp(clock.now(), "lost"))
            quiet = asyncio.create_task(conversation.quiet())
        quiet.cancel()
        await running


async def _prepare(journey: Journey, practice: Practice, calendar: SqlCalendar, clock: VirtualClock) -> None:
    """Known patients exist because they once booked; their old appointments lie before the call."""
    known = {}
    for n, line in enumerate(journey.patients):
        them = person(line)
        known[f"{them.first_name} {them.last_name}"] = them
        past = clock.now().replace(hour=7, minute=0) - timedelta(days=n + 1)
        slot = Slot(practice.doctors[0].id, practice.motifs[0].id, past, 15)
        hold = await calendar.hold(practice.id, f"p{n}", slot, past, past + timedelta(hours=1))
        await calendar.book(practice.id, f"p{n}b", hold, slot, them, "", past)
    for n, line in enumerate(journey.agenda):
        day, hour, doctor, motif, *names = line.split()
        start = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=practice.zone)
        slot = Slot(doctor, motif, start, practice.motif(motif).minutes)
        name = " ".join(names)
        them = known.get(name) or Person(names[0], " ".join(names[1:]), date(1950, 1, 1), "+33612000000")
        hold = await calendar.hold(practice.id, f"a{n}", slot, clock.now(), clock.now() + timedelta(hours=1))
        await calendar.book(practice.id, f"a{n}b", hold, slot, them, "", clock.now())


def _persona(journey: Journey) -> Persona | None:
    """Who came for the appointments that are there afterwards."""
    slots = [" ".join(line.split()[:3]) for line in journey.then.get("agenda", ())]
    return Persona(journey.facts, slots) if journey.facts else None


def _ends(journey: Journey) -> Mapping[str, tuple[TransferOutcome, ...]]:
    """How each ring of a target ends, by its id."""
    return {
        "" if target == "page" else target: (ends,) if isinstance(ends, str) else tuple(ends)
        for target, ends in journey.outcomes.items()
    }


def appointment_line(appointment: Appointment, practice: Practice) -> str:
    """As journeys write what must be in the agenda."""
    slot, patient = appointment.slot, appointment.patient
    start = slot.start.astimezone(practice.zone)
    return f"{start:%Y-%m-%d %H:%M} {slot.doctor} {patient.first_name} {patient.last_name}"


def _who(people: list[Person]) -> list[str]:
    lines = (f"{p.first_name} {p.last_name} {p.birth_date or '-'} {p.phone or '-'}" for p in people)
    return list(dict.fromkeys(lines))


def _ticket(ticket: Ticket) -> str:
    return f"{ticket.kind} {ticket.level}" if ticket.level else ticket.kind
