"""Which of the offered times the caller means, and what they wish instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicebot.domain.call import Reading, Slot, Window
from voicebot.domain.dialogue.state import State, local
from voicebot.domain.effects import Say
from voicebot.domain.french import fold
from voicebot.domain.french.offered import of_the_same_day
from voicebot.domain.language import Talk
from voicebot.domain.languages import FRENCH


@dataclass(frozen=True)
class Refusal:
    """None of these: `after` / `before` bound the next search, both None = ask for a new wish."""

    after: datetime | None = None
    before: datetime | None = None
    another_day: bool = False
    """The days wished so far are given up, the time of day is not."""


def choose(
    offers: Sequence[Slot], text: str, reading: Reading, talk: Talk = FRENCH.talk
) -> Slot | Refusal | None:
    """The slot meant, a refusal, or None when neither is clear. Offers are in the practice's local time."""
    words, entities = fold(text), reading.entities
    if of_the_same_day(words) or (talk.within.search(words) and all(w.day is None for w in reading.windows)):
        if talk.later.search(words):
            return Refusal(after=offers[-1].start)
        if talk.earlier.search(words):
            return Refusal(before=offers[0].start)
    if entities.choice is not None and -len(offers) <= entities.choice < len(offers):
        return offers[entities.choice]
    fitting = [slot for slot in offers if any(w.admits(slot.start) for w in reading.windows)]
    if entities.doctor:
        fitting = [slot for slot in fitting or offers if slot.doctor == entities.doctor]
    if len(fitting) == 1 or (fitting and entities.asap):
        return fitting[0]
    if reading.windows or (entities.doctor and not fitting):
        return None  # another time, or "plutôt avec le docteur Lefèvre", which is not "plus tôt"
    if talk.later.search(words):
        return Refusal(after=offers[-1].start)
    if talk.earlier.search(words) and not entities.asap:
        return Refusal(before=offers[0].start)
    if talk.other.search(words):
        next_day = (offers[-1].start + timedelta(days=1)).replace(hour=0, minute=0)
        return Refusal(after=next_day, another_day=bool(talk.another_day.search(words)))
    if entities.asap or talk.whichever.search(words) or (entities.answer == "yes" and len(offers) == 1):
        return offers[0]
    return Refusal() if entities.answer == "no" else None


def likely(state: State, say: Say) -> str:
    """An answer to the offer that `say` puts, for the recogniser: "le premier" and "dix heures" are
    what it hears worst when nothing leads it to them. Empty when nothing is offered."""
    if say.expects != "choice" or not state.offers:
        return ""
    names = tuple(dict.fromkeys(state.practice.doctor(slot.doctor).spoken for slot in state.offers))
    starts = [local(state, slot.start) for slot in state.offers]
    return (say.language or FRENCH).wording.one_of(starts, names if len(names) > 1 else ())


def any_day(windows: Sequence[Window]) -> tuple[Window, ...]:
    """What is left of a wish when its days are given up: its times of day."""
    return tuple(dict.fromkeys(Window(None, w.start, w.end) for w in windows if w.start or w.end))


def combine(old: Sequence[Window], new: Sequence[Window]) -> tuple[Window, ...]:
    """The wish after a correction: a bare hour keeps the days, a bare day keeps the part of the day."""
    days = [w.day for w in old if w.day is not None]
    parts = {(w.start, w.end) for w in old if w.start != w.end}
    span = parts.pop() if len(parts) == 1 else (None, None)
    combined: list[Window] = []
    for w in new:
        if w.day is None and days:
            combined += [Window(day, w.start, w.end) for day in dict.fromkeys(days)]
        elif w.day is not None and w.start is None and w.end is None:
            combined.append(replace(w, start=span[0], end=span[1]))
        else:
            combined.append(w)
    return tuple(dict.fromkeys(combined))
