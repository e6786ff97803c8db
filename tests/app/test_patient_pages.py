"""The pages of whoever calls, as a browser asks for them: which practices, whom to ring, why not."""

import json
from dataclasses import replace

import pytest

from tests.app.on_show import (
    PRACTICE,
    browsing,
    service,
)
from voicebot.errors import Faulty, Unavailable

OFFER = {"sdp": "v=0\r\n", "type": "offer"}


async def test_the_only_practice_is_shown_at_once():
    async with browsing() as client:
        answer = await client.get("/")
        assert answer.url.path == "/appel/demo"
        assert "tel:0199004712" in await answer.text()


async def test_several_practices_are_listed():
    other = replace(PRACTICE, id="autre", name="Cabinet <b>du Port</b>")
    async with browsing(service(practices={"demo": PRACTICE, "autre": other})) as client:
        page = await (await client.get("/")).text()
    assert "/appel/demo" in page
    assert "Cabinet &lt;b&gt;du Port" in page


async def test_a_variant_for_measuring_is_called_by_its_address_and_offered_to_nobody():
    bench = replace(PRACTICE, id="bench", variant_of="demo")
    async with browsing(service(practices={"bench": bench, "demo": PRACTICE})) as client:
        assert (await client.get("/")).url.path == "/appel/demo"
        assert (await client.get("/appel/bench")).status == 200
        assert "/appel/bench" not in await (await client.get("/appel/inconnu")).text()


async def test_emergency_numbers_are_on_every_page_of_the_patient():
    async with browsing() as client:
        for path in ("/appel/demo", "/appel/inconnu"):
            page = await (await client.get(path)).text()
            assert "tel:15" in page
            assert "sms:114" in page


async def test_an_unknown_practice_is_404():
    async with browsing() as client:
        assert (await client.get("/appel/inconnu")).status == 404
        assert (await client.post("/api/call/inconnu", json=OFFER)).status == 404


async def test_an_offer_is_answered():
    async def place(practice, offer):
        return {"sdp": f"answer for {practice.id}", "type": "answer"}

    async with browsing(service(place_call=place)) as client:
        answer = await client.post("/api/call/demo", data=json.dumps(OFFER))
        assert await answer.json() == {"sdp": "answer for demo", "type": "answer"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"sdp": 3, "type": "offer"}',
        b'{"sdp": "x", "type": "answer"}',
        b'{"sdp": "',
        b'{"sdp": "' + b"x" * 70_000,
        b"[" * 40_000,
    ],
)
async def test_garbage_is_400_and_never_reaches_the_engines(body):
    async def place(practice, offer):
        pytest.fail("garbage got through")

    async with browsing(service(place_call=place)) as client:
        answer = await client.post("/api/call/demo", data=body)
        assert answer.status == 400
        assert "Offre illisible" in (await answer.json())["error"]


@pytest.mark.parametrize(("failure", "status"), [(Faulty("SDP sans audio."), 400), (Unavailable(), 503)])
async def test_why_a_call_is_refused(failure, status):
    async def place(practice, offer):
        raise failure

    async with browsing(service(place_call=place)) as client:
        answer = await client.post("/api/call/demo", json=OFFER)
        assert answer.status == status
        assert (await answer.json())["error"].endswith(".")
