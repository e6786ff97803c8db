"""A conversation folds the events of one call and performs the effects through ports.

Reads are dropped when a turn is retracted. Writes wait until no retraction can come any more, and until the
events that led to them are on disk; then they are never interrupted, and their result comes back as an event.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.agenda import free_slots
from voicebot.domain.call import Appointment, TransferOutcome
from voicebot.domain.dialogue import manner, offers
from voicebot.domain.dialogue.briefing import worded
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import State
from voicebot.domain.dialogue.wording import Phrases, clauses
from voicebot.domain.french.slips import NO_SLIPS, Slips, mend
from voicebot.domain.language import Language
from voicebot.domain.languages import FRENCH, marked, spoken_in
from voicebot.errors import FateUnknown, SlotTaken, Unavailable
from voicebot.ports import Calendar, Clock, Ear, Journal, Reader, Reasoner, Tickets, Voice
from voicebot.thinking import Thinking

GRACE = timedelta(seconds=1)
"""Speech this soon after a turn takes the turn back (`pipeline.turns`): nothing irreversible before."""
HOLD_FOR = timedelta(minutes=5)
DEADLINE_S = 4.0
"""For one answer of a port; adapters give up a second earlier."""
EMERGENCY_S = 0.5
"""What a human rung for an emergency waits for the journal."""

Answer = TypeVar("Answer")
Write = do.Book | do.Move | do.Cancel
HAPPENED: dict[type[Write], Callable[[datetime, Appointment], on.Event]] = {
    do.Book: on.Booked,
    do.Move: on.Moved,
    do.Cancel: on.Cancelled,
}
Revocable = do.FindPatients | do.FindAppointments | do.FindSlots


@dataclass(frozen=True)
class Read:
    """What the statistical models make of an utterance, in a call and wherever one is examined."""

    reader: Reader
    ear: Ear | None = None
    """None: only the rules listen for urgency."""
    slips: Slips = field(default_factory=lambda: NO_SLIPS)

    def __call__(self, event: on.Event, speaking: Language = FRENCH) -> on.Event:
        """The same with their opinion, if it holds words. The ear has learnt French only."""
        if not isinstance(event, on.Said | on.PartlySaid):
            return event
        alarming = self.ear.alarmed(event.text) if self.ear and speaking is FRENCH else None
        if isinstance(event, on.PartlySaid):
            return replace(event, alarming=alarming)
        mended = mend(event.text, self.slips) if speaking is FRENCH else event.text
        scores = self.reader.scores(event.text, speaking.code)
        return replace(event, scores=scores, alarming=alarming, mended=mended if mended != event.text else "")


@dataclass(frozen=True)
class Ports:
    """The world of a conversation, besides its voice."""

    calendar: Calendar
    tickets: Tickets
    journal: Journal
    reader: Reader
    ear: Ear | None = None
    reasoner: Reasoner | None = None
    """None: no language model, which is the default."""
    slips: Slips = field(default_factory=lambda: NO_SLIPS)
    """What the recogniser is known to mishear of days and hours."""

    @property
    def read(self) -> Read:
        """What listens to every utterance besides the rules."""
        return Read(self.reader, self.ear, self.slips)


class Watcher(Protocol):
    """Whoever looks on: the live page, captions, a test."""

    def happened(self, event: on.Event, state: State) -> None:
        """An event was folded into this state."""

    def said(self, words: tuple[str, ...]) -> None:
        """These clauses were given to the voice."""


class Conversation:
    """One call, from its first event to `HungUp`."""

    def __init__(
        self,
        state: State,
        ports: Ports,
        voice: Voice,
        phrases: Phrases,
        clock: Clock,
        watcher: Watcher,
        position: int = 0,
    ) -> None:
        """`position`: how many events the journal has already; `state` is what they fold to."""
        self.state = state
        self.finished = False
        """Everything the call left to write was written, or said to have failed."""
        self._ports, self._voice, self._phrases, self._clock = ports, voice, phrases, clock
        self._watcher, self._position = watcher, position
        self._inbox: asyncio.Queue[on.Event] = asyncio.Queue()
        self._unrecorded: asyncio.Queue[tuple[on.Event, asyncio.Future[None]]] = asyncio.Queue()
        self._alarms: dict[str, Callable[[], None]] = {}
        self._revocable: set[asyncio.Task[None]] = set()
        self._writing: set[asyncio.Task[None]] = set()
        self._thinking = Thinking(ports.reasoner, clock, self.hear, self._work) if ports.reasoner else None
        self._settled_at = clock.now()
        self._active = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def hear(self, event: on.Event) -> None:
        """Something happened. Never blocks."""
        self._inbox.put_nowait(event)
        if self._thinking:
            self._thinking.arrived(event)
        self._work(1)

    def preview(self, text: str) -> tuple[str, ...]:
        """The clauses that would be said if `text` were the caller's whole turn, as the voice is given them;
        nothing is done."""
        _, wanted = step(self.state, self._opined(on.Said(self._clock.now(), text)))
        return tuple(
            marked(clause, (say.language or FRENCH).code)
            for say in wanted
            if isinstance(say, do.Say)
            for clause in clauses(self._phrases, say)
        )

    def _opined(self, event: on.Event) -> on.Event:
        """With what the models of the language think of it, which may be another from these words on."""
        speaking = self.state.language
        if isinstance(event, on.Said):
            speaking = spoken_in(event.text, speaking, self.state.practice.languages)
        return self._ports.read(event, speaking)

    async def quiet(self) -> None:
        """Wait until nothing is under way but the clock."""
        while self._active:
            await self._idle.wait()

    async def run(self) -> None:
        """Fold until the call has ended and what it left to write is written."""
        async with asyncio.TaskGroup() as group:
            recorder = group.create_task(self._record())
            try:
                while not self.state.ended:
                    await self._fold(await self._inbox.get(), group)
                    self._work(-1)
            finally:
                for cancel in self._alarms.values():
                    cancel()
                for task in self._revocable:
                    task.cancel()
                if self._thinking:
                    await self._thinking.stop()
            while self._writing:
                await asyncio.wait(self._writing)
            while not self._inbox.empty():
                await self._fold(self._inbox.get_nowait(), group)
            await self._unrecorded.join()
            recorder.cancel()
        self.finished = True

    async def _fold(self, event: on.Event, group: asyncio.TaskGroup) -> None:
        event = self._opined(event)
        if isinstance(event, on.Said):
            self._settled_at = event.at + GRACE
            await self._voice.hush()
        elif isinstance(event, on.Started):
            event = replace(event, rules=self.state.setting.rules.version)
        elif isinstance(event, on.TurnRetracted):
            for task in self._revocable:
                task.cancel()
        if self._thinking:
            self._thinking.taken_up(event)
        before = self.state
        outcome = step(before, event)
        if self._thinking and isinstance(event, on.Said):
            opinion = await self._thinking.opinion(before, event, *outcome)
            if opinion is not None:
                event = replace(event, opinion=opinion)
                outcome = step(before, event)
        self.state, wanted = outcome
        if isinstance(event, on.Warned) and wanted:
            await self._voice.hush()
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        recorded.add_done_callback(lambda f: f.cancelled() or f.exception())
        self._unrecorded.put_nowait((event, recorded))
        self._watcher.happened(event, self.state)
        for effect in wanted:
            await self._start(effect, event, recorded, group)
        if isinstance(event, on.Said) and self._thinking and self._thinking.interrupted:
            await self._voice.hush()

    async def _start(
        self, effect: do.Effect, event: on.Event, recorded: asyncio.Future[None], group: asyncio.TaskGroup
    ) -> None:
        match effect:
            case do.Say():
                words = clauses(self._phrases, effect)
                self._watcher.said(words)
                await self._voice.say(
                    words,
                    whole=effect.whole,
                    expects=effect.expects,
                    likely=offers.likely(self.state, effect),
                    manner=manner.wanted(self.state, effect),
                )
            case do.WakeAt():
                self._set_alarm(effect)
            case _:
                task = group.create_task(self._perform(effect, recorded), name=type(effect).__name__)
                # What a human's telephone answered is no turn of the caller's: no retraction undoes it.
                certain = self.state.ended or isinstance(event, on.TransferEnded)
                if isinstance(effect, do.Hold | do.Release) or (
                    certain and not isinstance(effect, do.Transfer)
                ):
                    self._writing.add(task)
                elif not certain:
                    self._revocable.add(task)
                task.add_done_callback(self._revocable.discard)
                task.add_done_callback(self._writing.discard)
                self._work(1)
                task.add_done_callback(lambda _: self._work(-1))

    async def _perform(self, effect: do.Effect, recorded: asyncio.Future[None]) -> None:
        if not isinstance(effect, Revocable | do.Hold | do.Release):
            await self._past_retraction(effect)
            if self.state.ended and isinstance(effect, do.Transfer):
                return  # whoever is gone is passed to nobody
            task = asyncio.current_task()
            assert task is not None
            self._revocable.discard(task)
            if not isinstance(effect, do.Transfer | do.HangUp):
                self._writing.add(task)
        try:
            async with asyncio.timeout(None if isinstance(effect, do.Transfer) else 2 * DEADLINE_S):
                event = await self._done(effect, recorded)
        except SlotTaken:
            slot = effect.slot if isinstance(effect, do.Hold | do.Book | do.Move) else None
            assert slot is not None
            event = on.SlotGone(self._clock.now(), slot)
        except FateUnknown as error:
            event = on.Unknown(self._clock.now(), type(effect).__name__, str(error))
        except (Unavailable, TimeoutError) as error:
            event = on.Failed(self._clock.now(), type(effect).__name__, str(error) or "deadline")
        if event is not None:
            self.hear(event)

    async def _done(self, effect: do.Effect, recorded: asyncio.Future[None]) -> on.Event | None:
        """Perform it; the event that says so."""
        calendar, practice, now = self._ports.calendar, self.state.practice, self._clock.now()
        match effect:
            case do.FindPatients(birth_date=born):
                found = await _in_time(calendar.patients_born(practice.id, born))
                return on.PatientsFound(self._clock.now(), tuple(found))
            case do.FindAppointments(patient=patient):
                theirs = await _in_time(calendar.appointments_of(practice.id, patient, now))
                return on.AppointmentsFound(self._clock.now(), tuple(theirs))
            case do.FindSlots():
                until = now + timedelta(days=practice.horizon_days + 1)
                busy = await _in_time(calendar.busy(practice.id, now, until))
                slots, wished = free_slots(practice, effect, busy, now)
                return on.SlotsFound(self._clock.now(), slots, wished)
            case do.Hold(key=key, slot=slot):
                await _ahead(recorded)
                hold = await _in_time(calendar.hold(practice.id, key, slot, now, now + HOLD_FOR))
                return on.Held(self._clock.now(), hold, slot, now + HOLD_FOR)
            case do.Release(hold=hold):
                await _in_time(calendar.release(practice.id, hold))
            case do.Book() | do.Move() | do.Cancel():
                await recorded
                return await self._written(effect)
            case do.SaveTicket(ticket=ticket):
                await _ahead(recorded)
                await _in_time(self._ports.tickets.save(practice.id, self.state.call, ticket, now))
                return on.TicketSaved(self._clock.now(), ticket.key)
            case do.Transfer(level=level):
                await _ahead(recorded, EMERGENCY_S if level == "emergency" else DEADLINE_S)
                outcome = await self._rung(effect)
                return on.TransferEnded(self._clock.now(), outcome, effect.target)
            case do.Forget():
                await _ahead(recorded)
                await _in_time(self._ports.journal.forget(practice.id, self.state.call, now))
            case do.HangUp():
                await self._voice.hang_up()
        return None

    async def _written(self, effect: Write) -> on.Event:
        """A write to the agenda; one whose answer was lost is asked about by its key."""
        calendar, practice, now = self._ports.calendar, self.state.practice.id, self._clock.now()
        try:
            match effect:
                case do.Book(key=key, hold=hold, slot=slot):
                    call = calendar.book(practice, key, hold, slot, effect.patient, effect.note, now)
                case do.Move(key=key, appointment=old, hold=hold, slot=slot):
                    call = calendar.move(practice, key, old, hold, slot, now)
                case do.Cancel(key=key, appointment=old):
                    call = calendar.cancel(practice, key, old, now)
            appointment = await _in_time(call)
        except (FateUnknown, TimeoutError):
            found = await self._settle(effect.key)
            if found is None:
                raise Unavailable("the store answered that nothing was written") from None
            appointment = found
        return HAPPENED[type(effect)](self._clock.now(), appointment)

    async def _settle(self, key: str) -> Appointment | None:
        try:
            return await _in_time(self._ports.calendar.done(self.state.practice.id, key))
        except (Unavailable, TimeoutError):
            raise FateUnknown(key) from None

    async def _past_retraction(self, effect: do.Effect) -> None:
        """Wait until the caller can no longer take the turn back. An emergency does not wait."""
        if self.state.ended or (isinstance(effect, do.Transfer) and effect.level == "emergency"):
            return
        if self._settled_at > self._clock.now():
            settled = asyncio.Event()

            def settle() -> None:
                self._work(1)
                settled.set()

            cancel = self._clock.call_at(self._settled_at, settle)
            self._work(-1)
            try:
                await settled.wait()
            finally:
                cancel()
                if not settled.is_set():
                    self._work(1)

    async def _record(self) -> None:
        """Append events to the journal in order; what failed is tried again with the next.

        All that wait fail together: a store that answers late must be asked once, not once an event.
        """
        position, backlog = self._position, list[on.Event]()
        while True:
            waiting = [await self._unrecorded.get()]
            backlog.append(waiting[0][0])
            try:
                while backlog:
                    journal, practice = self._ports.journal, self.state.practice.id
                    await _in_time(journal.append(practice, self.state.call, position, backlog[0]))
                    backlog.pop(0)
                    position += 1
                waiting[0][1].set_result(None)
            except (Unavailable, TimeoutError) as error:
                while not self._unrecorded.empty():
                    waiting.append(self._unrecorded.get_nowait())
                    backlog.append(waiting[-1][0])
                for _, recorded in waiting:
                    recorded.set_exception(Unavailable(str(error)))
            finally:
                for _ in waiting:
                    self._unrecorded.task_done()

    def _set_alarm(self, wake: do.WakeAt) -> None:
        if cancel := self._alarms.pop(wake.alarm, None):
            cancel()
        if wake.at is not None:
            name = wake.alarm
            self._alarms[name] = self._clock.call_at(
                wake.at, lambda: self.hear(on.Woke(self._clock.now(), name))
            )

    def _work(self, change: int) -> None:
        self._active += change
        if self._active:
            self._idle.clear()
        else:
            self._idle.set()

    async def _rung(self, transfer: do.Transfer) -> TransferOutcome:
        """Not at work while a human is rung."""
        self._work(-1)
        try:
            briefing = worded(self._phrases, transfer.facts)
            return await self._voice.transfer(replace(transfer, briefing=briefing))
        finally:
            self._work(1)


async def _ahead(recorded: asyncio.Future[None], seconds: float = DEADLINE_S) -> None:
    """Let the journal be ahead if it can; its failure keeps nobody from a ticket or a human."""
    await asyncio.wait([recorded], timeout=seconds)


async def _in_time(answer: Coroutine[Any, Any, Answer]) -> Answer:
    async with asyncio.timeout(DEADLINE_S):
        return await answer
