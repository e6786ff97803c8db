"""After a crash: every call the journal left open is closed, and what it owed its caller goes to humans."""

from dataclasses import replace
from datetime import datetime

from voicebot.app.books import Books
from voicebot.conversation import Ports
from voicebot.domain import effects as do
from voicebot.domain.dialogue import step
from voicebot.domain.escalation import ticket
from voicebot.domain.events import HungUp
from voicebot.domain.state import Setting, State
from voicebot.errors import Unavailable

BROKEN = "Appel coupé par une panne : rappeler"
UNCONFIRMED = "Appel coupé par une panne : rendez-vous enregistré, le patient ne l'a pas forcément entendu"
WRITES = {"book": "booking", "move": "move", "cancel": "cancellation"}


async def recover(ports: Ports, books: Books, now: datetime) -> int:
    """Close unfinished calls; returns how many. Raises Unavailable: the service must not start half-known."""
    open_calls = await ports.journal.unfinished()
    for practice, call in open_calls:
        if practice in books.practices:
            await _close(ports, books, practice, call, now)
    return len(open_calls)


async def _close(ports: Ports, books: Books, practice: str, call: str, now: datetime) -> None:
    state = State(Setting(books.practices[practice], books.rules), call)
    position, last = 0, None
    async for event in ports.journal.read(practice, call):
        state, _ = step(state, event)
        position, last = position + 1, event
    if isinstance(last, HungUp):
        return
    for effect in await _owed(ports, state, now):
        await _settle(ports, practice, call, effect, now)
    await ports.journal.append(practice, call, position, HungUp(now, "lost"))


async def _owed(ports: Ports, state: State, now: datetime) -> tuple[do.Effect, ...]:
    """A hold given back; a ticket when the caller can be rung, or was promised something."""
    effects: list[do.Effect] = [do.Release(state.hold)] if state.hold else []
    written = [i for i in WRITES if await ports.calendar.done(state.practice.id, state.key(i))]
    unsaid = state.waiting == "write" and bool(written)
    reachable = bool(state.form.person.phone or state.form.person.last_name)
    if state.with_human or not (unsaid or state.level or (reachable and (state.topic or state.tried_human))):
        return tuple(effects)
    kind = "emergency" if state.level == "emergency" else "callback"
    subject = UNCONFIRMED if unsaid else BROKEN
    owed = replace(state, keys=state.keys + 1)
    effects.append(do.SaveTicket(ticket(owed, kind, subject, now)))
    return tuple(effects)


async def _settle(ports: Ports, practice: str, call: str, effect: do.Effect, now: datetime) -> None:
    match effect:
        case do.Release(hold=hold):
            await ports.calendar.release(practice, hold)
        case do.SaveTicket(ticket=owed):
            await ports.tickets.save(practice, call, owed, now)
        case _:
            raise Unavailable(f"recovery does not perform {type(effect).__name__}")
