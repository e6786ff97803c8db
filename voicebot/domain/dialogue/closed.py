"""The practice is closed: that it is, and whom to call meanwhile, as its département and the hour require."""

from datetime import datetime, time

from voicebot.domain.agenda import is_open, is_public_holiday
from voicebot.domain.dialogue.state import tell
from voicebot.domain.effects import Say
from voicebot.domain.practice import Practice

SATURDAY, SUNDAY = 5, 6


def is_closed(practice: Practice, at: datetime) -> bool:
    """Nobody is there before the day's first hour, after its last, or all day; a lunch break is no closure.
    A practice that wrote no hours is never closed."""
    here = at.astimezone(practice.zone)
    every = [*practice.humans, *(hours for doctor in practice.doctors for hours in doctor.opening)]
    if not every:
        return False
    today = [hours for hours in every if hours.weekday == here.weekday()]
    if not today or not is_open(practice, here.date()):
        return True
    return not min(hours.start for hours in today) <= here.time() < max(hours.end for hours in today)


def on_call(practice: Practice, at: datetime) -> str:
    """Whom to call for a doctor at this moment: "116117" where and when it answers, else "15"."""
    return "116117" if _answers(practice, at) else "15"


def sends_to(practice: Practice, advice: str, at: datetime) -> str:
    """The rule's advice, as far as it can be followed here and now; else the 15."""
    return on_call(practice, at) if advice == "116117" else practice.sends_to(advice)


def announced(practice: Practice, at: datetime) -> tuple[Say, ...]:
    """What follows the greeting while the practice is closed; nothing while it is open."""
    if not is_closed(practice, at):
        return ()
    own = practice.closed_message
    return (
        tell("closed_own", text=own) if own else tell("closed"),
        tell(f"closed_{on_call(practice, at)}"),
    )


def _answers(practice: Practice, at: datetime) -> bool:
    hours = practice.permanence
    if hours is None:
        return False
    here = at.astimezone(practice.zone)
    if hours.sundays and (here.weekday() == SUNDAY or is_public_holiday(practice, here.date())):
        return True
    if hours.saturday_from and here.weekday() == SATURDAY and here.time() >= hours.saturday_from:
        return True
    return _within(here.time(), hours.night_from, hours.night_until)


def _within(now: time, start: time, end: time) -> bool:
    """Half-open `[start, end)`; past midnight when it ends before it begins."""
    return start <= now < end if start <= end else now >= start or now < end
