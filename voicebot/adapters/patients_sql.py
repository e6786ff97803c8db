"""The practice's patients: matched by the caller's words elsewhere, remembered when something is booked."""

import unicodedata
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ColumnElement

from voicebot.adapters.tables import patient
from voicebot.domain.call import Person


def name_key(person: Person) -> str:
    """Surname then first names, letters only: `Marie-Line LEFÈVRE` and `lefevre marie line` are the same."""
    spread = unicodedata.normalize("NFKD", f"{person.last_name} {person.first_name}".casefold())
    letters = (c if c.isalpha() else " " for c in spread if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def person_of(row: Row[Any], *, id_of: str | None = None) -> Person:
    """The patient of a row that has the table's columns."""
    return Person(row.first_name, row.last_name, row.birth_date, row.phone, id_of or row.id)


async def remember(connection: AsyncConnection, practice: str, person: Person) -> str:
    """The id of that patient, made if need be; a telephone number given now replaces the old one."""
    same = (patient.c.birth_date == person.birth_date, patient.c.name_key == name_key(person))
    found = person.id and await _find(connection, practice, patient.c.id == person.id)
    found = found or await _find(connection, practice, *same)
    if found is None:
        values = {
            "id": uuid4().hex,
            "practice": practice,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "name_key": name_key(person),
            "birth_date": person.birth_date,
            "phone": person.phone,
        }
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        # Two calls may bring the same new patient at once: the second finds the first's row.
        await connection.execute(dialect.insert(patient).values(values).on_conflict_do_nothing())
        found = await _find(connection, practice, *same)
    elif person.phone:
        ours = (patient.c.practice == practice, patient.c.id == found)
        await connection.execute(update(patient).where(*ours).values(phone=person.phone))
    assert found is not None, "found, or inserted just above"
    return found


async def _find(connection: AsyncConnection, practice: str, *where: ColumnElement[bool]) -> str | None:
    rows = await connection.execute(select(patient.c.id).where(patient.c.practice == practice, *where))
    return rows.scalars().first()
