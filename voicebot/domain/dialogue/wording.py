"""Phrase id + values → spoken French, as clauses. A clause is what is synthesised and cached at once.

In a phrase, `|` separates clauses and `{name}` stands for a value. A clause without values, and one that is
only a day, an hour or a doctor, can be rendered before any call.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from voicebot.domain.call import Person, Slot
from voicebot.domain.effects import Say
from voicebot.domain.practice import Doctor, Practice

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Phrases = Mapping[str, str]
FIELD = re.compile(r"\{(\w+)\}")


def clauses(phrases: Phrases, say: Say) -> tuple[str, ...]:
    """The clauses of a phrase with its values in place. Raises KeyError on an unknown phrase or value."""
    values = dict(say.values)
    filled = FIELD.sub(lambda m: written(values[m[1]], values), phrases[say.phrase])
    return tuple(c for c in (clause.strip() for clause in filled.split("|")) if c)


def written(value: Any, values: Mapping[str, Any]) -> str:
    """A value in written French; several clauses are separated by `|`."""
    match value:
        case Slot():
            return f"{day(value.start.date())}|{hour(value.start.time())}"
        case tuple():
            return offered(value, values)
        case Doctor():
            return with_article(value)
        case Person(birth_date=born):
            parts = [f"{value.first_name} {value.last_name}".strip()]
            parts += [f"né ou née le|{birthday(born)}"] if born else []
            parts += [f"joignable au|{telephone(value.phone)}"] if value.phone else []
            return ", |".join(parts)
        case datetime():
            return f"{day(value.date())}|{hour(value.time())}"
        case date():
            return day(value)
        case time():
            return hour(value)
    return str(value)


def offered(slots: tuple[Slot, ...], values: Mapping[str, Any]) -> str:
    """Such as « jeudi 3 décembre | à 9 h | ou | à 10 h 30 »: a day is not said twice in a row."""
    parts: list[str] = []
    doctors: Mapping[str, Doctor] = values.get("doctors", {})
    for i, slot in enumerate(slots):
        new_day = i == 0 or slots[i - 1].start.date() != slot.start.date()
        if i and i == len(slots) - 1:
            parts.append("ou")
        if new_day:
            parts.append(day(slot.start.date()))
        parts.append(hour(slot.start.time()))
        same_doctor_next = i + 1 < len(slots) and slots[i + 1].doctor == slot.doctor
        if slot.doctor in doctors and not same_doctor_next:
            parts.append(f"avec {with_article(doctors[slot.doctor])}")
    return ", |".join(parts).replace("ou, |", "ou |")


def closed(clause: str) -> str:
    """As it is given to the voice: a clause that ends no sentence ends in a comma, for its melody."""
    text = clause.rstrip(" ,:;")
    return text if text.endswith((".", "?", "!", "…")) else f"{text},"


def with_article(doctor: Doctor) -> str:
    """Such as « le docteur Martin »; « madame Roux » has no article."""
    return f"le {doctor.spoken}" if doctor.title == "docteur" else doctor.spoken


def day(value: date) -> str:
    """Such as « jeudi 3 décembre »."""
    return f"{DAYS[value.weekday()]} {_of_month(value.day, value.month)}"


def birthday(value: date) -> str:
    """Such as « 3 décembre | 1972 »: both parts are ready beforehand for any date."""
    return f"{_of_month(value.day, value.month)}|{value.year}"


def _of_month(day_: int, month: int) -> str:
    return f"{'1er' if day_ == 1 else day_} {MONTHS[month - 1]}"


def telephone(number: str) -> str:
    """E.164 as a French reader groups it: « 06 | 12 | 34 | 56 | 78 »; other countries' as they are."""
    if not number.startswith("+33"):
        return number
    national = "0" + number[3:]
    return "|".join(national[i : i + 2] for i in range(0, 10, 2))


def hour(value: time) -> str:
    """Such as « à 9 h 30 »."""
    if (value.hour, value.minute) == (12, 0):
        return "à midi"
    return f"à {value.hour} h" + (f" {value.minute:02d}" if value.minute else "")


def sentences(phrases: Phrases, practice: Practice) -> Iterator[str]:
    """Clauses without values: no call is answered before they are rendered. Emergencies first."""
    for phrase in sorted(phrases, key=lambda p: not p.startswith("emergency")):
        text = phrases[phrase].replace("{practice}", practice.name).replace("{phone}", practice.phone)
        helpline = phrase.removeprefix("emergency_").removesuffix("_again")
        text = (
            text.replace("{number}", practice.helplines[helpline]) if helpline in practice.helplines else text
        )
        yield from (c for c in map(str.strip, text.split("|")) if c and not FIELD.search(c))
    yield from ("ou", "né ou née le", "joignable au")


def values(practice: Practice, today: date) -> Iterator[str]:
    """Clauses that are one value: hours, days, doctors, and the practice's own sentences."""
    ends = [f"avec {with_article(doctor)}" for doctor in practice.doctors]
    ends += [target.name for target in practice.targets]
    for h in range(*_opening_hours(practice)):
        ends += [hour(time(h, m)) for m in range(0, 60, practice.slot_step_minutes)]
    yield from (text + mark for text in ends for mark in (",", "."))
    yield from (day(today + timedelta(days=n)) for n in range(practice.horizon_days))
    yield from (consigne.text for consigne in practice.consignes)
    yield from practice.information.values()
    yield from (practice.closed_message,) if practice.closed_message else ()
    yield from (f"{n:02d}{mark}" for mark in (",", ".") for n in range(100))
    yield from (_of_month(d, m) for m in range(1, 13) for d in range(1, DAYS_OF[m - 1] + 1))
    yield from (f"{year}{mark}" for mark in (",", ".") for year in range(today.year, today.year - 105, -1))


def _opening_hours(practice: Practice) -> tuple[int, int]:
    spans = [o for doctor in practice.doctors for o in doctor.opening]
    return min((o.start.hour for o in spans), default=8), max((o.end.hour for o in spans), default=19) + 1
