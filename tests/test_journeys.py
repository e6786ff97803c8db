"""Whole calls in text, through the real fold, the real rules and a real database."""

from pathlib import Path

import pytest
import pytest_asyncio

from voicebot.app.simulation.journeys import Journey, load
from voicebot.app.simulation.judging import judged
from voicebot.app.simulation.playing import House, open_house, play
from voicebot.settings import Settings

JOURNEYS = load()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory):
    return await open_house(tmp_path_factory.mktemp("house"), Settings())


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda j: j.name)
async def test_journey(journey: Journey, house: House, tmp_path: Path):
    left = await play(journey, house, tmp_path)
    assert not judged(journey, left).faults, "\n".join(f"{line.who}: {line.words}" for line in left.lines)


PATIENT = "Marie Dubois 1972-03-12 +33612345678"
WISHES = {
    "a booking": ("je voudrais un rendez-vous jeudi matin avec le docteur Moreau", "le premier"),
    "a message": (
        "il me faudrait une ordonnance pour mon Levothyrox sans voir le docteur",
        "la pharmacie du marché",
    ),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("wish", WISHES)
async def test_a_known_patient_and_a_stranger_hear_the_same(wish: str, house: House, tmp_path: Path):
    caller = (*WISHES[wish], "Marie Dubois", "12 mars 1972", "06 12 34 56 78", "oui", "non merci")
    heard = []
    for patients in ((PATIENT,), ()):
        journey = Journey(wish, caller, {}, patients=patients)
        left = await play(journey, house, tmp_path)
        heard.append(left.heard)
    known, stranger = heard
    assert known == stranger
    assert len(known) > 5
