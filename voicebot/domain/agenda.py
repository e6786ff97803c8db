"""Which times can be offered: the practice's rules, minus what is taken, by the caller's wish.

Pure. Arithmetic is in UTC, so that a change to summer time neither stretches nor doubles a slot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from holidays import HolidayBase, country_holidays
from holidays.countries.france import France

from voicebot.domain.call import Busy, Slot, Window
from voicebot.domain.effects import FindSlots
from voicebot.domain.practice import Doctor, Hours, Practice

Span = tuple[datetime, datetime]
"""Half-open, UTC."""


def searched(practice: Practice, now: datetime) -> Span:
    """The span of the agenda a search may look at: what to ask a Calendar's `busy` for."""
    today = now.astimezone(practice.zone).date()
    return _span(practice, today, time(), practice.horizon_days + 1)


def free_slots(
    practice: Practice, request: FindSlots, busy: Sequence[Busy], now: datetime, limit: int = 3
) -> tuple[tuple[Slot, ...], bool]:
    """At most `limit` free times, soonest first, and whether they fit the wish; if none does, the nearest
    others (another doctor's, if the one asked for has none at all). They are spread (another half-day,
    another hour) rather than adjacent.

    `same_day`: only today's reserved times, without notice; nothing else is ever offered then.
    Raises KeyError for a motif that the practice does not have.
    """
    for preferred in _by_preference(request):
        if wished := _wished(preferred, _free(practice, preferred, busy, now), limit):
            return tuple(_spread(wished, limit)), True
    slots = sorted(_free(practice, request, busy, now), key=_start)
    if not slots and request.doctor:
        # That doctor is away, or does not do this: a colleague is better than nothing.
        return free_slots(practice, replace(request, doctor=None), busy, now, limit)[0], False
    windows = request.windows or (Window(),)
    others = [slot for slot in slots if _between(slot, request)] or slots

    def distance(slot: Slot) -> tuple[int, int]:
        return min(_distance(slot, window) for window in windows)

    nearest = sorted(others, key=distance)
    if nearest and distance(nearest[0])[1]:
        # A time of day was missed: what is nearest to it counts more than variety.
        return tuple(_spread(nearest, limit, ANOTHER_TIME)), False
    return tuple(_spread(nearest, limit)), False


def _by_preference(request: FindSlots) -> Iterator[FindSlots]:
    """The wish as it was put: first what is wished most, then what is wished "sinon"."""
    if not request.windows:
        yield request
    for rank in sorted({window.rank for window in request.windows}):
        yield replace(request, windows=tuple(w for w in request.windows if w.rank == rank))


def _wished(request: FindSlots, slots: Iterable[Slot], limit: int) -> list[Slot]:
    """Slots that fit, day after day until more days cannot change what is offered: a search must not
    hold up the calls that share its event loop."""
    days = [window.day for window in request.windows]
    last = max((day for day in days if day), default=date.max) if all(days) else date.max
    wished: list[Slot] = []
    for day, of_day in groupby(slots, key=lambda slot: slot.start.date()):
        if day > last or len(_spread(wished, limit, VARIED[:1])) >= limit:
            break
        wished += sorted((slot for slot in of_day if fits(slot, request)), key=_start)
    return wished


def _start(slot: Slot) -> datetime:
    return slot.start


def fits(slot: Slot, request: FindSlots) -> bool:
    """Does the slot's start answer the wish: in a window, strictly after `after` and before `before`?"""
    in_a_window = not request.windows or any(_distance(slot, w) == (0, 0) for w in request.windows)
    return in_a_window and _between(slot, request)


def _between(slot: Slot, request: FindSlots) -> bool:
    late_enough = request.after is None or slot.start > request.after
    return late_enough and (request.before is None or slot.start < request.before)


def is_open(practice: Practice, day: date) -> bool:
    """False on a public holiday (when those are kept) and in a closed period."""
    if practice.public_holidays_closed and is_public_holiday(practice, day):
        return False
    return not any(first <= day <= last for first, last in practice.closed)


def is_public_holiday(practice: Practice, day: date) -> bool:
    """In the practice's département."""
    return day in _public_holidays(practice.department)


@lru_cache
def _public_holidays(department: str) -> HolidayBase:
    """French holidays of a département: Moselle and Alsace have two more, overseas its own."""
    place = {"67": "6AE", "68": "6AE"}.get(department, department)
    return country_holidays("FR", subdiv=place if place in France.subdivisions else None)


def _distance(slot: Slot, window: Window) -> tuple[int, int]:
    """Days, then minutes, between a slot's start and a window; (0, 0) = inside."""
    days = 0 if window.day is None else abs((slot.start.date() - window.day).days)
    at, start, end = (_minutes(t) for t in (slot.start.time(), window.start, window.end))
    if start is not None and start == end:
        return days, abs(at - start) if at is not None else 0
    if at is None:
        return days, 0
    if start is not None and at < start:
        return days, start - at
    return days, at - end + 1 if end is not None and at >= end else 0


def _minutes(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _other_half_day(one: Slot, other: Slot) -> bool:
    return (one.start.date(), one.start.hour < 13) != (other.start.date(), other.start.hour < 13)


def _apart(minutes: int) -> Callable[[Slot, Slot], bool]:
    return lambda one, other: abs(one.start - other.start) >= timedelta(minutes=minutes)


ANOTHER_TIME = (_apart(1),)
VARIED = (_other_half_day, _apart(60), _apart(30), _apart(1))
"""What makes two offers different, strongest first."""


def _spread(
    slots: Sequence[Slot],
    limit: int,
    rules: tuple[Callable[[Slot, Slot], bool], ...] = VARIED,
) -> list[Slot]:
    """The first slots that differ by the first rule, filled up by the weaker ones; soonest first."""
    chosen: list[Slot] = []
    for apart in rules:
        for slot in slots:
            if len(chosen) < limit and all(apart(slot, other) for other in chosen):
                chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


def _free(practice: Practice, request: FindSlots, busy: Sequence[Busy], now: datetime) -> Iterator[Slot]:
    """Every free slot the motif, the doctor and the rules allow, whatever the wish."""
    motif = practice.motif(request.motif)
    length, step = timedelta(minutes=motif.minutes), timedelta(minutes=practice.slot_step_minutes)
    earliest = now.astimezone(UTC)
    if not request.same_day:
        earliest += timedelta(minutes=practice.notice_minutes)
    taken = _by_day(practice, busy)
    today = now.astimezone(practice.zone).date()
    for ahead in range(1 if request.same_day else practice.horizon_days + 1):
        day = today + timedelta(days=ahead)
        if not is_open(practice, day):
            continue
        for doctor in practice.doctors:
            if motif.doctors and doctor.id not in motif.doctors:
                continue
            if request.doctor not in (None, doctor.id) or _absent(doctor, day):
                continue
            blocked = taken.get((doctor.id, day), [])
            if not request.same_day:
                blocked = blocked + list(_reserved(practice, doctor, day))
            spans = _reserved(practice, doctor, day) if request.same_day else _opening(practice, doctor, day)
            for start in _starts(spans, length, step):
                if start < earliest or any(start < end and begin < start + length for begin, end in blocked):
                    continue
                local = start.astimezone(practice.zone)
                yield Slot(doctor.id, motif.id, local, motif.minutes, reserved=request.same_day)


def _starts(spans: Iterable[Span], length: timedelta, step: timedelta) -> Iterator[datetime]:
    for start, end in spans:
        while start + length <= end:
            yield start
            start += step


def _absent(doctor: Doctor, day: date) -> bool:
    return any(first <= day <= last for first, last in doctor.absences)


def _opening(practice: Practice, doctor: Doctor, day: date) -> list[Span]:
    return [_hours(practice, day, hours) for hours in doctor.opening if hours.weekday == day.weekday()]


def _reserved(practice: Practice, doctor: Doctor, day: date) -> list[Span]:
    return [
        _hours(practice, day, kept.hours)
        for kept in practice.reserved
        if kept.doctor == doctor.id and kept.hours.weekday == day.weekday()
    ]


def _hours(practice: Practice, day: date, hours: Hours) -> Span:
    start, _ = _span(practice, day, hours.start)
    end, _ = _span(practice, day, hours.end)
    return start, end


def _span(practice: Practice, day: date, at: time, days: int = 0) -> Span:
    """That local time in UTC, and the same wall-clock time `days` later."""
    start = datetime.combine(day, at, practice.zone)
    return start.astimezone(UTC), (start + timedelta(days=days)).astimezone(UTC)


def _by_day(practice: Practice, busy: Iterable[Busy]) -> Mapping[tuple[str, date], list[Span]]:
    """Taken spans by doctor and local day; one that crosses midnight is in each of its days."""
    found: dict[tuple[str, date], list[Span]] = defaultdict(list)
    for taken in busy:
        start, end = taken.start.astimezone(UTC), taken.end.astimezone(UTC)
        day, last = (at.astimezone(practice.zone).date() for at in (start, end))
        while day <= last:
            found[taken.doctor, day].append((start, end))
            day += timedelta(days=1)
    return found
