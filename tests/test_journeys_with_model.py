"""Whole calls with a language model beside them: what it may change, and what it may not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from tests.llm_server import NOTHING, answers, completion, never, reasoning
from voicebot.app.simulation.journeys import Journey, load
from voicebot.app.simulation.judging import judged
from voicebot.app.simulation.playing import House, open_house, play
from voicebot.settings import Settings

PATIENT = "Marie Dubois 1972-03-12 +33612345678"
APPOINTMENT = "2026-12-03 09:00 moreau consultation Marie Dubois"
ODD = "pour jeudi la messe est dite"
"""A cancellation in words that nobody has taught us."""
LINES = ("Marie Dubois", "le 12 mars 1972", "06 12 34 56 78", "oui", "non merci")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory):
    return await open_house(tmp_path_factory.mktemp("house"), Settings())


def reading(said: dict[str, dict]):
    """A model that reads these sentences so, and nothing in others."""

    async def handle(request: web.Request) -> web.Response:
        words = json.loads((await request.json())["messages"][-1]["content"])["paroles"]
        return web.json_response(completion({**NOTHING, **said.get(words, {})}))

    return handle


@pytest.mark.asyncio(loop_scope="module")
async def test_what_only_the_model_understood_is_done(house: House, tmp_path: Path):
    journey = Journey("odd", (ODD, *LINES), {}, patients=(PATIENT,), agenda=(APPOINTMENT,))
    without = await play(journey, house, tmp_path)
    assert [line.rsplit(" ", 2)[-1] for line in without.agenda] == ["Dubois"]
    reads = {"wish": "cancellation", "windows": [{"day": "2026-12-03", "start": None, "end": None}]}
    async with reasoning(reading({ODD: reads})) as (reasoner, server):
        with_it = await play(journey, replace(house, reasoner=reasoner), tmp_path)
    assert with_it.agenda == []
    assert with_it.tickets == []
    assert server.words[0] == ODD
    sent = json.dumps(server.asked, ensure_ascii=False)
    assert not any(word in sent for word in ("Dubois", "1972", "06 12"))


SAMPLE = load()[::12]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("journey", SAMPLE, ids=lambda j: j.name)
@pytest.mark.parametrize("handler", [never, answers(500)], ids=["never answers", "breaks"])
async def test_a_model_that_fails_changes_no_call(journey: Journey, handler, house: House, tmp_path: Path):
    async with reasoning(handler, llm_deadline_s=0.05) as (reasoner, _):
        left = await play(journey, replace(house, reasoner=reasoner), tmp_path)
    assert not judged(journey, left).faults, "\n".join(f"{line.who}: {line.words}" for line in left.lines)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("journey", SAMPLE[::2], ids=lambda j: j.name)
async def test_a_model_that_agrees_to_everything_books_nothing_of_its_own(
    journey: Journey, house: House, tmp_path: Path
):
    """It answers every sentence with a wish for an appointment: what we understand stays what it was."""
    eager = {"wish": "booking", "asap": True, "choice": 0, "doctor": "moreau"}
    async with reasoning(eager) as (reasoner, _):
        left = await play(journey, replace(house, reasoner=reasoner), tmp_path)
    wanted = journey.then.get("agenda")
    if wanted is not None:
        assert len(left.agenda) <= len(wanted), left.agenda
