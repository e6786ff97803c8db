"""A database that fills up or is locked in the middle of a call: the truth, a ticket, a human."""

import asyncio
from datetime import timedelta

import pytest

from tests.faults.stage import Stage, full, locked
from voicebot.adapters import database
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import migrate
from voicebot.domain.events import Booked, TicketSaved

BOOKING = (
    "je voudrais un rendez-vous jeudi matin avec le docteur Moreau",
    "le premier",
    "Marie Dubois",
    "le 12 mars 1972",
    "06 12 34 56 78",
    "oui",
    "06 12 34 56 78",
    "non merci",
)
MESSAGE = (
    "je voudrais laisser un message au médecin",
    "dites-lui que je le rappellerai",
    "Marie Dubois",
    "le 12 mars 1972",
    "06 12 34 56 78",
    "oui",
    "non merci",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def stage(template, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    stage = Stage(template, tmp_path)
    yield stage
    await stage.close()


async def test_without_a_fault_the_call_books(stage):
    left = await stage.call([*BOOKING[:6], "non merci"])
    assert left.agenda == ["2026-12-03 09:00 Dubois"]
    assert left.tickets == []


@pytest.mark.parametrize("fault", [full, locked])
@pytest.mark.parametrize(
    "cue", ["je vous écoute", "Lequel préférez-vous", "date de naissance", "C'est bien cela"]
)
async def test_a_booking_that_cannot_be_written_is_never_confirmed(stage, fault, cue):
    left = await stage.call(BOOKING, cue, fault)
    assert left.agenda == []
    assert "C'est noté : jeudi" not in left.told
    assert not any(isinstance(event, Booked) for event in left.events)
    assert "problème technique" in left.told
    assert left.rang
    assert left.tickets
    assert all("rendez-vous jeudi matin" in ticket.text for ticket in left.tickets)


@pytest.mark.parametrize("fault", [full, locked])
async def test_a_message_reaches_the_humans_although_the_database_takes_nothing(stage, fault):
    left = await stage.call(MESSAGE, "C'est bien cela", fault)
    assert [ticket.kind for ticket in left.tickets] == ["message"]
    assert any(isinstance(event, TicketSaved) for event in left.events)
    assert "le cabinet a bien reçu" in left.told


async def test_a_lock_that_is_gone_again_leaves_no_gap_in_the_journal(stage):
    async def locked_for_a_moment(stage):
        await locked(stage)
        asyncio.get_running_loop().call_later(0.3, stage.unlock)

    left = await stage.call(BOOKING, "date de naissance", locked_for_a_moment)
    recorded = [event async for event in stage.journal.read("demo", "call-1")]
    assert [type(event) for event in recorded] == [type(event) for event in left.events]


async def test_what_could_not_be_given_back_is_free_after_five_minutes(stage):
    await stage.call(BOOKING, "C'est bien cela", locked)
    stage.unlock()
    later = stage.clock.now() + timedelta(minutes=5)
    calendar = SqlCalendar(stage.database, lambda _: stage.practice.zone, lambda: later)
    assert await calendar.busy("demo", later, later + timedelta(days=90)) == []
