"""Who does not want to be transcribed: a human is sought, and no word of theirs is left anywhere."""

import asyncio
from datetime import timedelta

import pytest

from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.register_sql import Register
from voicebot.adapters.sealing import sealer
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.simulation.journeys import Journey
from voicebot.app.simulation.playing import open_house, play
from voicebot.domain.events import HungUp
from voicebot.settings import Settings

OBJECTION = "je refuse que mes paroles soient enregistrées"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return asyncio.run(open_house(tmp_path_factory.mktemp("house"), Settings()))


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (
            ("bonjour, un rendez-vous pour Jacqueline s'il vous plaît", OBJECTION, "06 12 34 56 78", "oui"),
            None,
        ),
        (
            ("ma voisine Jacqueline avait très mal dans la poitrine l'an dernier", OBJECTION, "non merci"),
            "emergency",
        ),
        (("j'ai très mal dans la poitrine et je refuse d'être enregistré",), "emergency"),
    ],
)
async def test_no_word_of_who_objects_is_left(house, tmp_path, said, level):
    await play(Journey("objection", said, {}), house, tmp_path)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'journey.db'}")
    seal, zone = sealer(tmp_path / "key"), lambda practice: house.practices[practice].zone
    journal, tickets = SqlJournal(database, seal, zone), SqlTickets(database, seal, zone)
    practice = "demo"
    ended = [event async for event in journal.read(practice, "call-1")][-1]
    later = ended.at + timedelta(minutes=5)
    done = await journal.purge_objected(later, later, Register(database).note("objection", later))
    left = [event async for event in journal.read(practice, "call-1")]
    (ticket,) = await tickets.open(practice)
    await database.close()
    assert done.count == 1
    assert any(isinstance(event, HungUp) for event in left)
    for word in ("Jacqueline", "refuse", "poitrine"):
        assert word not in repr(left)
        assert word not in ticket.ticket.text
    assert ticket.ticket.level == level
