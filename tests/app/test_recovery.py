"""What a start makes of the calls that a crash has cut, entry by entry of their journals."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from tests.faults.stage import Stage
from voicebot.adapters.database import migrate
from voicebot.app import recovery
from voicebot.app.books import Books
from voicebot.app.recovery import recover
from voicebot.domain import events as on
from voicebot.domain.call import Slot
from voicebot.domain.dialogue import fold as folding
from voicebot.domain.triage.rules import Heard, Pattern, Rule, Rules
from voicebot.errors import Unavailable


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


class Crashed:
    """A database with the journals of calls that were cut."""

    def __init__(self, stage):
        self.stage, self.now = stage, stage.clock.now()
        self.books = Books({"demo": stage.practice}, Rules(), stage.phrases)

    async def recorded(self, *events, call="cut", practice="demo"):
        for position, event in enumerate([on.Started(self.now, "phone", "+33612345678"), *events]):
            await self.stage.journal.append(practice, call, position, event)

    def said(self, text):
        return on.Said(self.now, text)

    async def restart(self, machine=""):
        return await recover(self.stage.ports, self.books, self.now + timedelta(minutes=1), machine=machine)

    async def tickets(self):
        return [filed.ticket for filed in await self.stage.tickets.open("demo")]

    async def ended_by(self, call="cut"):
        records = await self.stage.journal.calls("demo", self.now - timedelta(days=1))
        return next(record.ended_by for record in records if record.id == call)


@pytest.fixture
async def crashed(template, tmp_path):
    stage = Stage(template, tmp_path)
    yield Crashed(stage)
    await stage.close()


async def test_a_caller_who_had_not_said_what_they_want_is_closed_without_a_ticket(crashed):
    await crashed.recorded(crashed.said("bonjour"))
    assert await crashed.restart() == 1
    assert await crashed.tickets() == []
    assert await crashed.ended_by() == "lost"
    assert await crashed.restart() == 0


@pytest.mark.parametrize(("own", "kinds"), [(True, ["emergency"]), (False, [])])
async def test_a_call_that_was_cut_is_folded_again_on_its_practices_own_rules(crashed, own, kinds):
    heard = Pattern(clause=((Heard("hublot"),),))
    rules = Rules(
        {"hublot": ("mon hublot s'est ouvert",)}, (Rule("hublot", "Hublot", "emergency", (heard,)),)
    )
    crashed.books = replace(crashed.books, own={"demo": rules} if own else {"other": rules})
    await crashed.recorded(crashed.said("mon hublot s'est ouvert"))
    await crashed.restart()
    assert [ticket.kind for ticket in await crashed.tickets()] == kinds


async def test_a_machine_settles_its_own_calls_and_leaves_those_of_another_alone(crashed):
    wish = crashed.said("je voudrais un rendez-vous jeudi matin")
    await crashed.recorded(wish, call="lyon-1_-1763769600-0")
    await crashed.recorded(wish, call="lyon-12_a")
    assert await crashed.restart("lyon-1") == 1
    assert await crashed.ended_by("lyon-1_-1763769600-0") == "lost"
    assert await crashed.ended_by("lyon-12_a") is None
    assert len(await crashed.tickets()) == 1


async def test_a_caller_who_wanted_something_is_rung_back(crashed):
    await crashed.recorded(crashed.said("je voudrais un rendez-vous jeudi matin"))
    await crashed.restart()
    (ticket,) = await crashed.tickets()
    assert (ticket.kind, ticket.subject, ticket.person.phone) == ("callback", recovery.CUT, "+33612345678")
    assert "jeudi matin" in ticket.text


async def test_a_caller_who_had_a_human_is_not_rung_back(crashed):
    asked = crashed.said("une secrétaire s'il vous plaît")
    await crashed.recorded(asked, on.TransferEnded(crashed.now, "answered"))
    await crashed.restart()
    assert await crashed.tickets() == []


MESSAGE = ("je voudrais laisser un message", "dites-lui que je le rappellerai", "Marie Dubois")


async def a_message_confirmed(crashed, *then):
    talk = [crashed.said(text) for text in (*MESSAGE, "le 12 mars 1972")]
    await crashed.recorded(*talk, on.PatientsFound(crashed.now, ()), crashed.said("oui"), *then)


async def test_a_message_that_was_being_saved_is_saved(crashed):
    await a_message_confirmed(crashed)
    await crashed.restart()
    assert "message" in [ticket.kind for ticket in await crashed.tickets()]


async def test_a_caller_who_hung_up_just_before_the_crash_still_gets_what_was_to_be_saved(crashed):
    await a_message_confirmed(crashed, on.HungUp(crashed.now, "caller"))
    assert await crashed.restart() == 0
    assert "message" in [ticket.kind for ticket in await crashed.tickets()]
    for filed in await crashed.stage.tickets.open("demo"):
        await crashed.stage.tickets.close("demo", filed.ticket.key, "lea", crashed.now)
    await crashed.restart()
    assert await crashed.tickets() == []


async def test_what_was_taken_back_is_not_saved(crashed):
    await a_message_confirmed(crashed, on.TurnRetracted(crashed.now))
    await crashed.restart()
    assert "message" not in [ticket.kind for ticket in await crashed.tickets()]


async def test_a_hold_whose_answer_was_lost_is_given_back(crashed):
    stage = crashed.stage
    start = (crashed.now + timedelta(days=2)).replace(hour=9, minute=0)
    slot = Slot("moreau", stage.practice.motifs[0].id, start, 15)
    found = on.SlotsFound(crashed.now, (slot, replace(slot, start=start + timedelta(hours=1))))
    await crashed.recorded(crashed.said("un rendez-vous jeudi matin"), found, crashed.said("le premier"))
    await stage.calendar.hold("demo", "cut:hold:1", slot, crashed.now, crashed.now + timedelta(minutes=5))
    span = (crashed.now, crashed.now + timedelta(days=9))
    assert len(await stage.calendar.busy("demo", *span)) == 1
    await crashed.restart()
    assert await stage.calendar.busy("demo", *span) == []


async def test_an_entry_that_cannot_be_read_is_a_ticket_and_keeps_nothing_from_starting(crashed):
    await crashed.recorded(crashed.said("un rendez-vous jeudi matin"))
    with sqlite3.connect(crashed.stage.path) as connection:
        connection.execute("UPDATE journal SET sealed = x'00' WHERE position = 1")
    for _ in range(2):
        assert await crashed.restart() == 0
        (ticket,) = await crashed.tickets()
        assert (ticket.kind, ticket.subject) == ("alert", recovery.UNREADABLE)


@pytest.mark.parametrize("at_the_end_too", [False, True])
async def test_a_call_whose_own_words_break_the_fold_is_closed_with_a_ticket(
    crashed, monkeypatch, at_the_end_too
):
    step = folding.step

    def breaks(state, event):
        if isinstance(event, on.Said) and event.text == "boum":
            raise KeyError("boum")
        if isinstance(event, on.HungUp) and at_the_end_too:
            raise KeyError("boum")
        return step(state, event)

    monkeypatch.setattr(folding, "step", breaks)
    await crashed.recorded(crashed.said("bonjour"), crashed.said("boum"), crashed.said("allô"))
    assert await crashed.restart() == 1
    assert [ticket.subject for ticket in await crashed.tickets()] == [recovery.CUT]
    assert await crashed.ended_by() == "lost"


async def test_a_practice_that_is_gone_keeps_its_calls_until_it_is_back(crashed):
    await crashed.recorded(crashed.said("bonjour"), practice="fermé")
    assert await crashed.restart() == 0
    assert await crashed.stage.journal.unfinished() == [("fermé", "cut")]


async def test_what_the_database_does_not_take_waits_for_the_next_start(crashed, monkeypatch):
    await crashed.recorded(crashed.said("je voudrais un rendez-vous jeudi matin"))

    async def full(*_):
        raise Unavailable("full")

    with monkeypatch.context() as broken:
        broken.setattr(crashed.stage.journal, "append", full)
        assert await crashed.restart() == 0
    assert await crashed.restart() == 1
    assert len(await crashed.tickets()) == 1


def test_every_write_has_its_sentence_for_a_human():
    assert set(recovery.UNHEARD) == set(get_args(recovery.Write))
