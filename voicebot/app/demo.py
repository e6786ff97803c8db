"""Brings the demonstration to life: invented patients, and appointments over the coming days.

`practices/patients/<practice>.yaml` holds them; a practice without that file is left alone.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from voicebot.adapters.practice_model import Section, Text, read_clock
from voicebot.adapters.yaml_source import read
from voicebot.domain.agenda import free_slots, searched
from voicebot.domain.call import Busy, Person, Window
from voicebot.domain.effects import FindSlots
from voicebot.domain.practice import Practice
from voicebot.errors import SlotTaken
from voicebot.ports import Calendar

FOLDER = "patients"
"""Inside the folder of practices."""


class VisitSection(Section):
    """An appointment: the first free time of that doctor from that day and hour on."""

    doctor: str = Field(alias="médecin")
    motif: str
    in_days: int = Field(alias="dans_jours", ge=0)
    at: Annotated[time, BeforeValidator(read_clock)] = Field(alias="à")


class PatientSection(Section):
    """Somebody invented."""

    first_name: Text = Field(alias="prénom")
    last_name: Text = Field(alias="nom")
    birth_date: date = Field(alias="naissance")
    phone: Text = Field(alias="téléphone")
    visits: tuple[VisitSection, ...] = Field(alias="rendez-vous")


class PatientsSection(Section):
    """A whole file."""

    patients: tuple[PatientSection, ...]


async def seed(practice: Practice, calendar: Calendar, folder: Path, now: datetime) -> int:
    """Book what the practice's file in `folder` holds and is not booked yet; how many that made.

    Each appointment has its own key, so that doing it again, on any day, changes nothing.
    Raises FaultyFile, Unavailable.
    """
    path = folder / f"{practice.id}.yaml"
    if not path.exists():
        return 0
    section, _ = read(path, PatientsSection)
    made = 0
    for patient in section.patients:
        person = Person(patient.first_name, patient.last_name, patient.birth_date, patient.phone)
        for number, visit in enumerate(patient.visits):
            key = f"demo:{patient.last_name}:{number}"
            if await calendar.done(practice.id, key) is None:
                made += await _book(practice, calendar, person, visit, key, now)
    return made


async def _book(
    practice: Practice, calendar: Calendar, person: Person, visit: VisitSection, key: str, now: datetime
) -> bool:
    busy = await calendar.busy(practice.id, *searched(practice, now))
    day = now.astimezone(practice.zone).date() + timedelta(days=visit.in_days)
    for ahead in range(14):
        window = Window(day + timedelta(days=ahead), visit.at)
        request = FindSlots(visit.motif, (window,), visit.doctor)
        slots, wished = free_slots(practice, request, busy, now, limit=1)
        if wished and slots:
            try:
                await calendar.book(practice.id, key, key, slots[0], person, "", now)
            except SlotTaken:
                busy = [*busy, Busy(slots[0].doctor, slots[0].start, slots[0].end)]
                continue
            return True
    return False
