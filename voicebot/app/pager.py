"""Alarms go out: every ticket that raises one is told to every pager, at once and again until accepted.

At least once, across restarts too: a ticket leaves the outbox when its alarm was accepted or somebody has
dealt with it, not before; and it comes back once when nobody has by its deadline. A pager that fails is shown
on the live page and never stops the service.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from logging import getLogger
from typing import Protocol

from voicebot.adapters.tickets_sql import Unpaged
from voicebot.domain.call import Ticket
from voicebot.errors import Bug, Unavailable, VoicebotError, boundary
from voicebot.ports import Alarm, Pager, Tickets

DEADLINE_S = 10.0
"""The port's."""
LEASE_S = 15.0
"""How long an alarm is in one machine's hand: a machine that dies costs that much at most."""
LOOK_S = 5.0
"""Between two looks at the outbox: for alarms of other machines, or of a service that died."""
BACKOFF_S = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""Between two tries; the last one for ever."""

log = getLogger(__name__)


Unsaved = tuple[str, str, Ticket, datetime]
"""Practice, call, ticket and when: what `Tickets.save` takes."""


class Outbox(Tickets, Protocol):
    """What `SqlTickets` keeps of alarms. Deadline 3 s. Raises Unavailable."""

    async def unpaged(self, now: datetime) -> Sequence[Unpaged]:
        """Open tickets whose alarm is still to be accepted, or is due once more; the gravest first."""
        ...

    async def claim_alarm(self, practice: str, key: str, now: datetime, until: datetime) -> bool:
        """Take it in hand until then; False: another machine has it, or it is done."""
        ...

    async def give_back_alarm(self, practice: str, key: str) -> None:
        """Whoever pages next need not wait for our claim to end."""
        ...

    async def paged(self, practice: str, key: str, now: datetime) -> None:
        """Accepted: nobody is told again."""
        ...


@dataclass(frozen=True)
class Alarming:
    """`ports.Tickets` over another: a ticket that raises an alarm goes out at once, saved or not."""

    inner: Tickets
    paging: "Paging"

    async def save(self, practice: str, call: str, ticket: Ticket, now: datetime) -> None:
        """See Tickets."""
        saved = False
        try:
            await self.inner.save(practice, call, ticket, now)
            saved = True
        finally:
            if ticket.alarm:
                self.paging.told((practice, call, ticket, now), saved)


class Paging:
    """Empties the outbox while `run` runs; one task an alarm, so that a slow pager delays no other alarm."""

    def __init__(
        self,
        outbox: Outbox,
        pagers: Sequence[Pager],
        link: Callable[[str], str],
        clock: Callable[[], datetime],
        changed: Callable[[], None] = lambda: None,
        backoff_s: Sequence[float] = BACKOFF_S,
    ) -> None:
        """`link`: the live page of a practice. `changed`: `trouble` may say something else now."""
        self._outbox, self._pagers, self._link, self._clock = outbox, pagers, link, clock
        self._changed, self._backoff_s = changed, backoff_s
        self._woken = asyncio.Event()
        self._unsaved: dict[str, Unsaved] = {}
        self._accepted: set[str] = set()
        """Of the unsaved ones."""
        self._waiting: dict[str, Unpaged] = {}
        self._sending: set[str] = set()
        self._failing: dict[str, datetime] = {}

    def told(self, ticket: Unsaved, saved: bool) -> None:
        """A ticket raises an alarm: look now. One that no disk took is kept here and saved later."""
        if not saved:
            self._unsaved[identity(_unpaged(ticket))] = ticket
        self._woken.set()

    def trouble(self) -> str:
        """French, for the live page, empty when all is well: which pager fails, how much waits."""
        if not self._failing or not self._waiting:
            return ""
        many, ways = len(self._waiting), " ni ".join(self._failing)
        tickets = (
            "un ticket à traiter vite attend" if many == 1 else f"{many} tickets à traiter vite attendent"
        )
        not_how = f"pas {ways}" if len(self._failing) == 1 else f"ni {ways}"
        return f"L’alarme ne part {not_how}\N{NO-BREAK SPACE}: {tickets} dans cette liste."

    async def run(self) -> None:
        """For as long as the service lives. Without any pager the alarms stay in the outbox."""
        if not self._pagers:
            return
        async with asyncio.TaskGroup() as sending:
            while True:
                self._woken.clear()
                await self._look()
                for alarm, ticket in self._waiting.items():
                    if alarm not in self._sending:
                        self._sending.add(alarm)
                        sending.create_task(self._until_accepted(alarm, ticket))
                try:
                    async with asyncio.timeout(LOOK_S):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    async def _look(self) -> None:
        """What was known goes on while the outbox cannot be read."""
        before = len(self._waiting)
        for alarm, unsaved in list(self._unsaved.items()):
            if await self._saved(unsaved, alarm in self._accepted):
                del self._unsaved[alarm]
                self._accepted.discard(alarm)
        still = self._unsaved.keys() - self._accepted
        known = {alarm: _unpaged(self._unsaved[alarm]) for alarm in still}
        try:
            async with asyncio.timeout(DEADLINE_S):
                found = await self._outbox.unpaged(self._clock())
            self._waiting = known | {identity(ticket): ticket for ticket in found}
        except (Unavailable, TimeoutError) as error:
            log.error("the outbox of alarms cannot be read: %s", error)
            self._waiting = self._waiting | known
        if self._failing and len(self._waiting) != before:
            self._changed()

    async def _saved(self, unsaved: Unsaved, accepted: bool) -> bool:
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._outbox.save(*unsaved)
        except (Unavailable, TimeoutError) as error:
            log.error("a ticket that raises an alarm is still on no disk: %s", error or "deadline")
            return False
        self._changed()
        return not accepted or await self._noted(_unpaged(unsaved))

    async def _until_accepted(self, alarm: str, ticket: Unpaged) -> None:
        """Until every pager has accepted it and the outbox knows, or somebody has dealt with it."""
        missing, tries = list(self._pagers), 0
        try:
            while alarm in self._waiting:
                if not missing:
                    if alarm in self._unsaved:
                        self._accepted.add(alarm)
                    if alarm in self._unsaved or await self._noted(ticket):
                        self._waiting.pop(alarm, None)
                        return
                elif await self._in_hand(ticket):
                    accepted = await asyncio.gather(*(self._try(pager, alarm, ticket) for pager in missing))
                    missing = [p for p, done in zip(missing, accepted, strict=True) if not done]
                    if not missing:
                        continue
                    await self._given_back(ticket)
                await asyncio.sleep(self._backoff_s[min(tries, len(self._backoff_s) - 1)])
                tries += 1
        finally:
            self._sending.discard(alarm)

    async def _try(self, pager: Pager, alarm: str, ticket: Unpaged) -> bool:
        link = self._link(ticket.practice)
        told = Alarm(alarm, ticket.practice, ticket.key, ticket.level, ticket.due, link, ticket.late)
        try:
            with boundary():  # whatever a pager does, the service goes on
                async with asyncio.timeout(DEADLINE_S):
                    await pager.page(told)
        except VoicebotError as error:
            why = str(error) if isinstance(error, (Bug, Unavailable)) else type(error).__name__
            log.error("an alarm did not go out %s: %s", pager.name, why)
            if pager.name not in self._failing:
                self._failing[pager.name] = self._clock()
                self._changed()
            return False
        if self._failing.pop(pager.name, None):
            self._changed()
        return True

    async def _in_hand(self, ticket: Unpaged) -> bool:
        now = self._clock()
        try:
            async with asyncio.timeout(DEADLINE_S):
                until = now + timedelta(seconds=LEASE_S)
                return await self._outbox.claim_alarm(ticket.practice, ticket.key, now, until)
        except (Unavailable, TimeoutError):
            return True  # twice is better than never

    async def _given_back(self, ticket: Unpaged) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._outbox.give_back_alarm(ticket.practice, ticket.key)
        except (Unavailable, TimeoutError):
            pass  # the claim ends by itself

    async def _noted(self, ticket: Unpaged) -> bool:
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._outbox.paged(ticket.practice, ticket.key, self._clock())
        except (Unavailable, TimeoutError) as error:
            log.error("an alarm was accepted, which the database does not take: %s", error or "deadline")
            return False
        return True


def _unpaged(unsaved: Unsaved) -> Unpaged:
    practice, _, ticket, _ = unsaved
    return Unpaged(practice, ticket.key, ticket.level, ticket.due)


def identity(ticket: Unpaged) -> str:
    """The same for the same alarm, on every machine and after every restart; a graver ticket is another, and
    so is one whose deadline has passed."""
    whole = "\n".join((ticket.practice, ticket.key, ticket.level or "", "late" if ticket.late else ""))
    return f"alarm_{sha256(whole.encode()).hexdigest()[:32]}"
