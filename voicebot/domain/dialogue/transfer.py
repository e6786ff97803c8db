"""Reaching a human, as an explicit machine: whom to ring, in which order, and what each outcome leads to.

    idle ──begin──▶ ringing ──answered──▶ joined ──returned──▶ idle
                    │     ▲
                    │     └── declined, busy, no_answer, unreachable, failed: the next of `queue`
                    ├──────── the same, and nobody is left ──▶ exhausted
                    └──────── caller_left ──▶ gone

Pure: what is said and written at each arrow is `escalation`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from voicebot.domain.agenda import is_open
from voicebot.domain.call import Channel, Level, TransferOutcome
from voicebot.domain.practice import Hours, Practice, Target

Phase = Literal["idle", "ringing", "joined", "exhausted", "gone"]
PAGE = ""
"""The target that is no telephone: whoever has the live page open."""
WILLING = frozenset({"answered", "returned"})
"""Outcomes after which the same human may be rung again in the same call."""
LOOK_AHEAD_DAYS = 14
"""Longer closures leave a callback its plain deadline."""


@dataclass(frozen=True)
class Attempt:
    """One human, rung once."""

    target: str
    outcome: TransferOutcome


@dataclass(frozen=True)
class Handover:
    """The search for a human in one call, where it stands."""

    phase: Phase = "idle"
    reason: str = ""
    """French, as the live page shows it."""
    level: Level | None = None
    """What the search was begun for."""
    ringing: str = PAGE
    """Who is rung, while `phase` is "ringing"."""
    queue: tuple[str, ...] = ()
    """Who is next if they do not answer."""
    tried: tuple[Attempt, ...] = ()
    """Since the level was last raised."""
    begun: bool = False
    """A human was sought in this call, whether there was one to ring or not."""
    alarmed: bool = False
    """Humans were told that nobody could be reached for an emergency."""

    @property
    def reached(self) -> bool:
        """A human has spoken to the caller."""
        return any(attempt.outcome == "answered" for attempt in self.tried)


def order(
    practice: Practice, channel: Channel, level: Level | None, at: datetime, wished: str = ""
) -> tuple[str, ...]:
    """Whom to ring at this moment, by id; `PAGE` is the live page. `at` is aware. `wished`: whom a rule wants
    rung first, if they may be rung now.

    A web call can reach the live page only. A phone call rings telephones, and the page as a last resort:
    for what is urgent, or where no telephone may be rung but somebody is expected at the page.
    """
    if channel != "phone":
        return (PAGE,)
    may = [target.id for target in practice.targets if may_ring(practice, target, level, at)]
    telephones = tuple(sorted(may, key=lambda target: target != wished))
    page = level is not None or (not telephones and on_duty(practice, practice.humans, at))
    return (*telephones, PAGE) if page else telephones


def may_ring(practice: Practice, target: Target, level: Level | None, at: datetime) -> bool:
    """An emergency target at any hour but for nothing less; the others when they are on duty."""
    if target.emergencies_only:
        return level is not None
    return on_duty(practice, target.hours or practice.humans, at)


def on_duty(practice: Practice, hours: Sequence[Hours], at: datetime) -> bool:
    """Whether the moment lies in these hours on a day the practice is open. No hours written: any hour."""
    here = at.astimezone(practice.zone)
    if not is_open(practice, here.date()):
        return False
    within = (h.weekday == here.weekday() and h.start <= here.time() < h.end for h in hours)
    return not hours or any(within)


def due(practice: Practice, at: datetime, within: timedelta) -> datetime:
    """When humans must have dealt with what is left at this moment: the time runs while they are there."""
    if not practice.humans or on_duty(practice, practice.humans, at):
        return at + within
    here = at.astimezone(practice.zone)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = here.date() + timedelta(days=ahead)
        if not is_open(practice, day):
            continue
        starts = (
            datetime.combine(day, h.start, practice.zone)
            for h in practice.humans
            if h.weekday == day.weekday()
        )
        if coming := [start for start in starts if start > here]:
            return min(coming) + within
    return at + within


def begin(handover: Handover, reason: str, level: Level | None, candidates: Sequence[str]) -> Handover:
    """Ring the first candidate, or be exhausted at once.

    Who could not be reached in this call is not rung again, unless the call has become more urgent since;
    in an emergency everybody is rung again each time.
    """
    raised = level is not None and (level == "emergency" or level != handover.level)
    tried = () if raised else handover.tried
    spent = {attempt.target: attempt.outcome not in WILLING for attempt in tried}
    queue = tuple(target for target in candidates if not spent.get(target))
    return _next(
        replace(handover, reason=reason, level=level, queue=queue, tried=tried, begun=True, phase="ringing")
    )


def after(handover: Handover, outcome: TransferOutcome, target: str) -> Handover:
    """The search after an attempt's end; unchanged when it is news of an attempt long over.

    `target` "" while a telephone is rung: whoever tells us does not know which; it is that one.
    """
    ringing = handover.phase == "ringing"
    met = Attempt(target or (handover.ringing if ringing else PAGE), outcome)
    tried = replace(handover, tried=(*handover.tried, met), begun=True)
    match outcome:
        case "answered":
            return replace(tried, phase="joined", queue=())
        case "returned":
            return replace(tried, phase="idle", queue=())
        case _ if not ringing or met.target != handover.ringing:
            return handover
        case "caller_left":
            return replace(tried, phase="gone", queue=())
    return _next(tried)


def name_of(practice: Practice, target: str) -> str:
    """As a caller hears it; empty for the live page."""
    return next((t.name for t in practice.targets if t.id == target), "")


def _next(handover: Handover) -> Handover:
    if not handover.queue:
        return replace(handover, phase="exhausted", ringing=PAGE)
    return replace(handover, phase="ringing", ringing=handover.queue[0], queue=handover.queue[1:])
