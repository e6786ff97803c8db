"""Whole calls in text, through the real fold, the real rules and a real database."""

from pathlib import Path

import pytest
import pytest_asyncio

from tests import journeys
from voicebot.settings import Settings

JOURNEYS = journeys.load()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory):
    return await journeys.open_house(tmp_path_factory.mktemp("house"), Settings())


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda j: j.name)
async def test_journey(journey: journeys.Journey, house: journeys.House, tmp_path: Path):
    left = await journeys.run(journey, house, tmp_path)
    then = journey.then
    told = "\n".join(left.heard)
    assert left.agenda == list(then.get("agenda", [])), told
    assert sorted(left.tickets) == sorted(then.get("tickets", [])), told
    if "rang" in then:
        assert left.rang[:1] == [then["rang"]], told
    if "rung" in then:
        assert left.rung == list(then["rung"]), told
    if "numbers" in then:
        assert left.numbers == then["numbers"], told
    if "alarms" in then:
        assert sorted(left.alarms) == sorted(then["alarms"]), told
    for words in then.get("briefings", []):
        assert any(words in briefing for briefing in left.briefings), left.briefings
    for words in then.get("said", []):
        assert words in told
    for words in then.get("never", []):
        assert words not in told


def test_no_two_journeys_share_a_name():
    names = [j.name for j in JOURNEYS]
    assert len(names) == len(set(names))


PATIENT = "Marie Dubois 1972-03-12 +33612345678"
WISHES = {
    "a booking": ("je voudrais un rendez-vous jeudi matin avec le docteur Moreau", "le premier"),
    "a message": ("il me faudrait une ordonnance pour mon Levothyrox sans voir le docteur",),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("wish", WISHES)
async def test_a_known_patient_and_a_stranger_hear_the_same(wish: str, house: journeys.House, tmp_path: Path):
    caller = (*WISHES[wish], "Marie Dubois", "12 mars 1972", "06 12 34 56 78", "oui", "non merci")
    heard = []
    for patients in ((PATIENT,), ()):
        journey = journeys.Journey(wish, caller, {}, patients=patients)
        left = await journeys.run(journey, house, tmp_path)
        heard.append(left.heard)
    known, stranger = heard
    assert known == stranger
    assert len(known) > 5
