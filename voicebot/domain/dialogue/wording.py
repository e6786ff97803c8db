"""Phrase id + values → what is said in the call's language, as clauses. A clause is what is synthesised and
cached at once.

In a phrase, `|` separates clauses and `{name}` stands for a value. A clause without values, and one that is
only a day, an hour or a doctor, can be rendered before any call.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from voicebot.domain.call import Person, Slot
from voicebot.domain.effects import Say
from voicebot.domain.language import Language
from voicebot.domain.languages import FRENCH
from voicebot.domain.practice import Doctor, Practice

LEAP = date(2024, 1, 1)
"""Its year has every day of a year."""
Phrases = Mapping[str, str]
"""By phrase id (`phrase_key`)."""
FIELD = re.compile(r"\{(\w+)\}")


def phrase_key(phrase: str, language: Language) -> str:
    """Where the phrase is found among those of every language: "goodbye" in French, "en/goodbye"."""
    return phrase if language is FRENCH else f"{language.code}/{phrase}"


def clauses(phrases: Phrases, say: Say) -> tuple[str, ...]:
    """The clauses of a phrase with its values in place. Raises KeyError on an unknown phrase or value."""
    values, language = dict(say.values), say.language or FRENCH
    text = phrases[phrase_key(say.phrase, language)]
    filled = FIELD.sub(lambda m: written(values[m[1]], values, language), text)
    return tuple(c for c in (clause.strip() for clause in filled.split("|")) if c)


def written(value: Any, values: Mapping[str, Any], language: Language = FRENCH) -> str:
    """A value as it is written in the language; several clauses are separated by `|`."""
    how = language.wording
    match value:
        case Slot():
            return f"{how.day(value.start.date())}|{how.hour(value.start.time())}"
        case tuple():
            return offered(value, values, language)
        case Doctor():
            return how.doctor(value.title, value.name)
        case Person(birth_date=born):
            parts = [f"{value.first_name} {value.last_name}".strip()]
            parts += [f"{how.born}|{how.of_month(born)}|{born.year}"] if born else []
            parts += [f"{how.reachable}|{telephone(value.phone)}"] if value.phone else []
            return ", |".join(parts)
        case datetime():
            return f"{how.day(value.date())}|{how.hour(value.time())}"
        case date():
            return how.day(value)
        case time():
            return how.hour(value)
    return str(value)


def offered(slots: tuple[Slot, ...], values: Mapping[str, Any], language: Language = FRENCH) -> str:
    """Such as « jeudi 3 décembre | à 9 h | ou | à 10 h 30 »: a day is not said twice in a row."""
    parts: list[str] = []
    how = language.wording
    doctors: Mapping[str, Doctor] = values.get("doctors", {})
    for i, slot in enumerate(slots):
        new_day = i == 0 or slots[i - 1].start.date() != slot.start.date()
        if i and i == len(slots) - 1:
            parts.append(how.either)
        if new_day:
            parts.append(how.day(slot.start.date()))
        parts.append(how.hour(slot.start.time()))
        same_doctor_next = i + 1 < len(slots) and slots[i + 1].doctor == slot.doctor
        if slot.doctor in doctors and not same_doctor_next:
            parts.append(with_doctor(doctors[slot.doctor], language))
    return ", |".join(parts).replace(f"{how.either}, |", f"{how.either} |")


def closed(clause: str) -> str:
    """As it is given to the voice: a clause that ends no sentence ends in a comma, for its melody."""
    text = clause.rstrip(" ,:;")
    return text if text.endswith((".", "?", "!", "…")) else f"{text},"


def with_doctor(doctor: Doctor, language: Language) -> str:
    """Such as « avec le docteur Martin »."""
    return f"{language.wording.beside} {language.wording.doctor(doctor.title, doctor.name)}"


def telephone(number: str) -> str:
    """E.164 as a French reader groups it: « 06 | 12 | 34 | 56 | 78 »; other countries' as they are."""
    if not number.startswith("+33"):
        return number
    national = "0" + number[3:]
    return "|".join(national[i : i + 2] for i in range(0, 10, 2))


def sentences(phrases: Phrases, practice: Practice, language: Language = FRENCH) -> Iterator[str]:
    """Clauses without values: no call is answered before they are rendered. Emergencies first."""
    own = {key: text for key, text in phrases.items() if key == phrase_key(key.rpartition("/")[2], language)}
    for key in sorted(own, key=lambda key: not key.rpartition("/")[2].startswith("emergency")):
        text = own[key].replace("{practice}", practice.name).replace("{phone}", practice.phone)
        helpline = key.rpartition("/")[2].removeprefix("emergency_").removesuffix("_again")
        text = (
            text.replace("{number}", practice.helplines[helpline]) if helpline in practice.helplines else text
        )
        yield from (c for c in map(str.strip, text.split("|")) if c and not FIELD.search(c))
    yield from (language.wording.either, language.wording.born, language.wording.reachable)


def values(practice: Practice, today: date, language: Language = FRENCH) -> Iterator[str]:
    """Clauses that are one value: hours, days, doctors, and the practice's own sentences."""
    how = language.wording
    ends = [with_doctor(doctor, language) for doctor in practice.doctors]
    ends += [target.name for target in practice.targets]
    for h in range(*_opening_hours(practice)):
        ends += [how.hour(time(h, m)) for m in range(0, 60, practice.slot_step_minutes)]
    yield from (text + mark for text in ends for mark in (",", "."))
    yield from (how.day(today + timedelta(days=n)) for n in range(practice.horizon_days))
    if language is practice.languages[0]:
        yield from (consigne.text for consigne in practice.consignes)
        yield from practice.information.values()
        yield from (practice.closed_message,) if practice.closed_message else ()
    yield from (f"{n:02d}{mark}" for mark in (",", ".") for n in range(100))
    yield from (how.of_month(LEAP + timedelta(days=n)) for n in range(366))
    yield from (f"{year}{mark}" for mark in (",", ".") for year in range(today.year, today.year - 105, -1))


def _opening_hours(practice: Practice) -> tuple[int, int]:
    spans = [o for doctor in practice.doctors for o in doctor.opening]
    return min((o.start.hour for o in spans), default=8), max((o.end.hour for o in spans), default=19) + 1
