"""The patient's side: the list of practices, the page that calls one, and the call's signalling.

`POST /api/call/{practice}` with JSON `{"sdp": …, "type": "offer"}` answers `{"sdp": …, "type": "answer"}`;
candidates are all inside the descriptions (no trickle), so any WebRTC client can call. Faults come as
`{"error": sentence}`: 400 garbage, 404 no such practice, 503 no capacity.
"""

import json
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from voicebot.app.pages import SERVICE
from voicebot.app.registry import address_of
from voicebot.domain.practice import Practice
from voicebot.errors import Faulty, Unavailable

routes = web.RouteTableDef()


@routes.get("/")
async def practices(request: web.Request) -> web.StreamResponse:
    """The practices one can call, or the only one at once."""
    known = offered(request)
    if len(known) == 1:
        raise web.HTTPFound(f"/appel/{known[0].id}")
    return aiohttp_jinja2.render_template("practices.html", request, {"practices": known})


def offered(request: web.Request) -> tuple[Practice, ...]:
    """What a patient may choose from: a variant of a practice is not a second one of the same name."""
    return tuple(p for p in request.app[SERVICE].practices().values() if p.variant_of is None)


@routes.get("/appel/{practice}")
async def page(request: web.Request) -> web.StreamResponse:
    """The page with the button."""
    practice = request.app[SERVICE].practices().get(request.match_info["practice"])
    if practice is None:
        response = aiohttp_jinja2.render_template(
            "practices.html",
            request,
            {"practices": offered(request), "unknown": True},
        )
        response.set_status(404)
        return response
    return aiohttp_jinja2.render_template("patient.html", request, {"practice": practice})


@routes.post("/api/call/{practice}")
async def call(request: web.Request) -> web.StreamResponse:
    """A patient's offer in, our answer out."""
    service = request.app[SERVICE]
    practice = service.practices().get(request.match_info["practice"])
    if practice is None:
        return refusal(404, "Ce cabinet n’existe pas ici.")
    try:
        offer = await read_offer(request)
        if not await service.admits(address_of(request.remote)):
            return refusal(503, busy(practice))
        return web.json_response(dict(await service.place_call(practice, offer)))
    except Faulty as wrong:
        return refusal(400, str(wrong))
    except Unavailable:
        return refusal(503, busy(practice))


def busy(practice: Practice) -> str:
    """What a caller reads when every line is taken."""
    return f"Toutes nos lignes sont occupées. Réessayez dans un instant ou appelez le {practice.phone}."


async def read_offer(request: web.Request) -> dict[str, str]:
    """The session description in the body. Raises Faulty."""
    try:
        body: Any = json.loads(await request.text())
    except (ValueError, LookupError, RecursionError, web.HTTPRequestEntityTooLarge):
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("sdp"), str) or body.get("type") != "offer":
        raise Faulty('Offre illisible : envoyez en JSON {"sdp": "v=0…", "type": "offer"}.')
    return {"sdp": body["sdp"], "type": "offer"}


def refusal(status: int, sentence: str) -> web.Response:
    """An error of the API."""
    return web.json_response({"error": sentence}, status=status)
