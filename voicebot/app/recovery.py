"""After a crash: what a call owed its caller goes to humans, its holds are given back, and it is closed.

Folding the journal again gives the call again, and with it everything it asked of the world. Writes are told
by their keys: one that happened is not repeated, one whose caller may not have heard of it is told to humans.
Whatever is done here may be cut and done again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from logging import getLogger
from typing import Literal

from voicebot.app.books import Books
from voicebot.app.registry import ours
from voicebot.conversation import Ports
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.call import Appointment, Person, Ticket
from voicebot.domain.dialogue.escalation import ticket
from voicebot.domain.dialogue.fold import again
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.french.wording import day, hour
from voicebot.domain.practice import Practice
from voicebot.errors import SlotTaken, Unavailable, Unfoldable

CUT = "Appel coupé par une panne : rappeler"
Write = do.Book | do.Move | do.Cancel
UNHEARD: dict[type[Write], str] = {
    do.Book: "Appel coupé par une panne : le rendez-vous est pris, le patient ne le sait peut-être pas",
    do.Move: "Appel coupé par une panne : le rendez-vous est déplacé, le patient ne le sait peut-être pas",
    do.Cancel: "Appel coupé par une panne : le rendez-vous est annulé, le patient ne le sait peut-être pas",
}
UNREADABLE = "Appel coupé par une panne, et son enregistrement ne se relit pas : voir la liste des appels"
LAST_WRITES = timedelta(minutes=2)
"""What a call that was hung up may still have had to write: twice `pipeline.call.LAST_WRITES_S`."""

log = getLogger(__name__)


@dataclass(frozen=True)
class Past:
    """A call as its journal tells it. `broke`: the fold failed on the next event; this is how far it came."""

    state: State
    length: int = 0
    holds: tuple[do.Hold, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    """Asked for."""
    earlier: tuple[Ticket, ...] = ()
    """Those of them asked for before the last turn."""
    saved: frozenset[str] = frozenset()
    """Keys of the tickets that are."""
    write: Write | None = None
    """The last one asked for, until the caller has surely heard how it ended."""
    answered: bool = False
    """That write has come back."""
    broke: bool = False


async def recover(
    ports: Ports, books: Books, now: datetime, alive: Collection[str] = (), machine: str = ""
) -> int:
    """Settle every call a crash has cut; how many were still going on and are closed now.

    `alive`: calls whose caller the exchange still holds; they may come back to us. `machine`: our name among
    those that share the database, whose calls are theirs to settle. What a store refuses to
    take waits for the next start: the telephone is answered all the same. Raises Unavailable when the
    journal cannot be read.
    """
    # The ended ones first: closing a call makes it the last that ended.
    cut = (*await ports.journal.last_ended(LAST_WRITES), *await ports.journal.unfinished())
    closed = 0
    for practice, call in cut:
        if practice not in books.practices or call in alive or not ours(machine, call):
            continue
        try:
            closed += await settle(
                ports, Setting(books.practices[practice], books.rules_of(practice)), call, now
            )
        except Unavailable as error:
            log.error("a call that was cut is not settled: %s", error)
    return closed


async def settle(
    ports: Ports, setting: Setting, call: str, now: datetime, *, broke: bool = False, met: bool = False
) -> bool:
    """Give back and hand over what one call left; True when it was still open and is closed now.

    The call must not be going on. `broke`: its caller was let down, whoever they are. `met`: a human has
    spoken to them since. Raises Unavailable.
    """
    practice = setting.practice
    try:
        past = await replay(ports, setting, call)
        past = replace(past, broke=past.broke or broke)
    except Unavailable:
        log.error("the journal of a call cannot be read back")
        await ports.tickets.save(practice.id, call, _unreadable(practice, call, now), now)
        return False
    for hold in past.holds:
        await _give_back(ports, practice.id, hold, now)
    if past.state.objected:
        await ports.journal.forget(practice.id, call, now)
    if met and not (past.state.ended or past.state.with_human or past.broke):
        past = await _told(ports, past, on.TransferEnded(now, "answered"))
    position = past.length
    for owed in _unsaved(past, await _cut(ports, past, now)):
        await ports.tickets.save(practice.id, call, owed, now)
        await ports.journal.append(practice.id, call, position, on.TicketSaved(now, owed.key))
        position += 1
    if past.state.ended:
        return False
    by: Literal["caller", "lost"] = "caller" if past.state.with_human else "lost"
    await ports.journal.append(practice.id, call, position, on.HungUp(now, by))
    return True


async def resume(ports: Ports, setting: Setting, call: str, now: datetime) -> Past | None:
    """A call that comes back after we were gone, as far as its journal goes; None: there is nothing to go on
    from. What it still owed humans is saved first. Raises Unavailable."""
    past = await replay(ports, setting, call)
    if past.broke or past.state.ended or not past.length:
        return None
    for owed in _unsaved(past, ()):
        await ports.tickets.save(setting.practice.id, call, owed, now)
        past = await _told(ports, past, on.TicketSaved(now, owed.key))
    return past


async def replay(ports: Ports, setting: Setting, call: str) -> Past:
    """Fold a call's journal again. Raises Unavailable when it cannot be read."""
    past = Past(State(setting, call))
    async for event in ports.journal.read(setting.practice.id, call):
        past = replace(past, length=past.length + 1)
        if past.broke:
            continue
        try:
            past = _folded(past, event)
        except Unfoldable as error:  # its caller gets a ticket all the same
            log.error("a call cannot be folded again: %s", error)
            past = replace(past, broke=True)
    return past


async def _told(ports: Ports, past: Past, event: on.Event) -> Past:
    """The past with one event more, on disk."""
    await ports.journal.append(past.state.practice.id, past.state.call, past.length, event)
    return replace(_folded(past, event), length=past.length + 1)


def _folded(past: Past, event: on.Event) -> Past:
    state, wanted = again(past.state, event)
    past = _noted(past, event, taken_back=len(state.words) < len(past.state.words))
    holds = tuple(e for e in wanted if isinstance(e, do.Hold))
    tickets = tuple(e.ticket for e in wanted if isinstance(e, do.SaveTicket))
    past = replace(past, state=state, holds=past.holds + holds, tickets=past.tickets + tickets)
    for effect in wanted:
        if isinstance(effect, Write):
            past = replace(past, write=effect, answered=False)
    return past


def _noted(past: Past, event: on.Event, taken_back: bool) -> Past:
    """What the event itself says about what was asked for earlier."""
    match event:
        case on.TicketSaved(key=key):
            return replace(past, saved=past.saved | {key})
        case on.TurnRetracted() if taken_back:
            # Writes wait until no retraction can come: what the turn asked for was never begun.
            return replace(past, tickets=tuple(t for t in past.tickets if t in past.earlier))
        case on.Said() | on.Pressed():
            return replace(past, earlier=past.tickets)
        case on.Booked() | on.Moved() | on.Cancelled():
            return replace(past, answered=True)
        case on.FellSilent() if past.answered:
            return replace(past, write=None)
    return past


def _unsaved(past: Past, more: Iterable[Ticket]) -> Sequence[Ticket]:
    """Of one key, the newest."""
    tickets = {t.key: t for t in (*past.tickets, *more)}
    return [t for t in tickets.values() if t.key not in past.saved]


async def _give_back(ports: Ports, practice: str, hold: do.Hold, now: datetime) -> None:
    """By its key: the answer that named the hold may not have reached the journal."""
    try:
        held = await ports.calendar.hold(practice, hold.key, hold.slot, now, now + timedelta(seconds=1))
    except SlotTaken:
        return
    await ports.calendar.release(practice, held)


async def _cut(ports: Ports, past: Past, now: datetime) -> Sequence[Ticket]:
    """What a call that did not end owes its caller: the tickets of one who was lost, or one of our own."""
    state = past.state
    if state.ended or (state.with_human and not past.broke):
        return ()
    try:
        _, wanted = again(state, on.HungUp(now, "lost"))
    except Unfoldable:  # even its end breaks: a ticket of our own
        past, wanted = replace(past, broke=True), ()
    owed = [e.ticket for e in wanted if isinstance(e, do.SaveTicket)]
    written = await ports.calendar.done(state.practice.id, past.write.key) if past.write else None
    person = state.form.person
    reachable = bool(person.phone or person.last_name)
    promised = state.topic or state.waiting or (state.tried_human and "callback" not in state.done)
    if not owed and (written or past.broke or (reachable and promised)):
        owed = [ticket(replace(state, keys=state.keys + 1), "callback", CUT, now)]
    if past.write and written:
        owed = [_unheard(left, past.write, written) for left in owed]
    return owed


def _unheard(left: Ticket, write: Write, written: Appointment) -> Ticket:
    start = written.slot.start
    text = f"{day(start.date())} {hour(start.time())}\n{left.text}"
    return replace(left, subject=UNHEARD[type(write)], text=text, person=written.patient)


def _unreadable(practice: Practice, call: str, now: datetime) -> Ticket:
    due = now + practice.callback_within
    return Ticket(f"{call}:unreadable", "alert", UNREADABLE, f"Appel {call}", Person(), due)
