"""Runs journeys: `tests/calls/*.yaml` hold what a caller says and what must be left after the call.

A journey:
    name: what happens, in a sentence
    now: 2026-12-01 09:00           the practice's clock when the call comes in (default: a Tuesday morning)
    patients: ["Marie Dubois 1972-03-12 +33612345678"]
    agenda: ["2026-12-03 09:00 moreau consultation Marie Dubois"]     booked before the call
    caller: lines in order; <silence>, <bruit>, <touche 0>, <raccroche>, <rendu> (a human gives
            them back) are what they say
    desk: answered | unreachable | no_answer                          (default unreachable)
    channel: phone                  over the telephone, with the humans of PHONES to be rung (default: web)
    number: what the network shows of the caller's number, E.164
    outcomes: how each ring of a target ends, "poste_1: busy" or "poste_1: [no_answer, answered]"; "page" is
            the live page; whoever is not named ends as `desk`
    then:
        agenda: every appointment after the call, as above, without the motif
        tickets: every open ticket, "kind" or "kind level"
        rang: whether a human was rung, "emergency" / "urgent" / "yes" (default: not checked)
        rung: every target that was rung, in order ("page" is the live page)
        numbers: whom the open tickets say to ring back
        alarms: the kinds of the open tickets that raise an alarm
        briefings: words that a human must have heard before accepting
        said: words that must have been heard;  never: words that must not
"""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.fakes import ScriptedCaller, Silent, VirtualClock
from voicebot.adapters import ear_tfidf, practice_yaml, prompts_yaml, reader_tfidf, rules_yaml
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.conversation import Conversation, Ports
from voicebot.domain.call import Channel, Person, Slot, TransferOutcome
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.events import HungUp, Started
from voicebot.domain.practice import Practice, Target
from voicebot.settings import Settings

FOLDER = Path(__file__).parent / "calls"
PHONES = (
    Target("poste_1", "le secrétariat"),
    Target("poste_2", "la maison de santé"),
    Target("moreau", "le docteur Moreau", "+33639980042", emergencies_only=True),
)
"""Whom a telephone call of a journey can be passed to."""
LONGEST_CALL = timedelta(minutes=20)
MOST_STEPS = 2000


@dataclass(frozen=True)
class Journey:
    """One call, as the file tells it."""

    name: str
    caller: tuple[str, ...]
    then: Mapping[str, Any]
    now: str = "2026-12-01 09:00"
    patients: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    desk: str = "unreachable"
    practice: str = "demo"
    confidence: float = 1.0
    number: str | None = None
    channel: Channel = "web"
    outcomes: Mapping[str, TransferOutcome | list[TransferOutcome]] = field(default_factory=dict)


@dataclass
class Outcome:
    """What the call left."""

    agenda: list[str]
    tickets: list[str]
    heard: list[str]
    rang: list[str]
    minutes: float
    turns: int
    rung: list[str] = field(default_factory=list)
    briefings: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)


def load(folder: Path = FOLDER) -> list[Journey]:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf8")):
            found.append(Journey(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}))
    return found


@dataclass(frozen=True)
class House:
    """What journeys share: files read once, a database made once and copied."""

    practices: Mapping[str, Practice]
    rules: Any
    phrases: Mapping[str, str]
    reader: Any
    ear: Any
    template: Path


async def open_house(folder: Path, settings: Settings) -> House:
    template = folder / "template.db"
    await migrate(f"sqlite+aiosqlite:///{template}")
    return House(
        practice_yaml.load_all(settings.practices),
        rules_yaml.load(settings.rules),
        prompts_yaml.load(settings.prompts),
        reader_tfidf.load(settings.cache),
        ear_tfidf.load(settings.cache),
        template,
    )


async def run(journey: Journey, house: House, folder: Path) -> Outcome:
    practice = house.practices[journey.practice]
    if journey.channel == "phone":
        practice = replace(practice, targets=PHONES)
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
        caller = ScriptedCaller(clock, journey.caller, journey.desk, journey.confidence, _ends(journey))  # type: ignore
        state = State(Setting(practice, house.rules), "call-1")
        watcher = Silent()
        ports = Ports(calendar, tickets, journal, house.reader, house.ear)
        conversation = Conversation(state, ports, caller, house.phrases, clock, watcher)
        caller.conversation = conversation
        conversation.hear(Started(clock.now(), journey.channel, journey.number))
        started = clock.now()
        await _until_over(conversation, clock)
        left = [row.ticket for row in await tickets.open(practice.id)]
        return Outcome(
            [
                _line(a, practice)
                for a in await calendar.agenda(practice.id, started, started + timedelta(365))
            ],
            [_ticket(ticket) for ticket in left],
            caller.heard,
            [t.level or "yes" for t in caller.transfers],
            (clock.now() - started).total_seconds() / 60,
            len(caller.heard),
            [t.target or "page" for t in caller.transfers],
            [" ".join(t.briefing) for t in caller.transfers],
            [ticket.kind for ticket in left if ticket.alarm],
            [ticket.person.phone for ticket in left],
            watcher.events,
        )
    finally:
        await database.close()


async def _until_over(conversation: Conversation, clock: VirtualClock) -> None:
    started = clock.now()
    async with asyncio.timeout(30):
        running = asyncio.create_task(conversation.run())
        quiet = asyncio.create_task(conversation.quiet())
        for _ in range(MOST_STEPS):
            await asyncio.wait({running, quiet}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                break
            if not clock.advance() or clock.now() - started > LONGEST_CALL:
                conversation.hear(HungUp(clock.now(), "lost"))
            quiet = asyncio.create_task(conversation.quiet())
        quiet.cancel()
        await running


async def _prepare(journey: Journey, practice: Practice, calendar: SqlCalendar, clock: VirtualClock) -> None:
    """Known patients exist because they once booked; their old appointments lie before the call."""
    known = {}
    for n, line in enumerate(journey.patients):
        *names, born, phone = line.split()
        person = Person(names[0], " ".join(names[1:]), date.fromisoformat(born), phone)
        known[" ".join(names)] = person
        past = clock.now().replace(hour=7, minute=0) - timedelta(days=n + 1)
        slot = Slot(practice.doctors[0].id, practice.motifs[0].id, past, 15)
        hold = await calendar.hold(practice.id, f"p{n}", slot, past, past + timedelta(hours=1))
        await calendar.book(practice.id, f"p{n}b", hold, slot, person, "", past)
    for n, line in enumerate(journey.agenda):
        day, hour, doctor, motif, *names = line.split()
        start = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=practice.zone)
        slot = Slot(doctor, motif, start, practice.motif(motif).minutes)
        name = " ".join(names)
        person = known.get(name) or Person(names[0], " ".join(names[1:]), date(1950, 1, 1), "+33612000000")
        hold = await calendar.hold(practice.id, f"a{n}", slot, clock.now(), clock.now() + timedelta(hours=1))
        await calendar.book(practice.id, f"a{n}b", hold, slot, person, "", clock.now())


def _ends(journey: Journey) -> Mapping[str, tuple[TransferOutcome, ...]]:
    """How each ring of a target ends, by its id."""
    return {
        "" if target == "page" else target: (ends,) if isinstance(ends, str) else tuple(ends)
        for target, ends in journey.outcomes.items()
    }


def _line(appointment: Any, practice: Practice) -> str:
    slot, patient = appointment.slot, appointment.patient
    start = slot.start.astimezone(practice.zone)
    return f"{start:%Y-%m-%d %H:%M} {slot.doctor} {patient.first_name} {patient.last_name}"


def _ticket(ticket: Any) -> str:
    return f"{ticket.kind} {ticket.level}" if ticket.level else ticket.kind
