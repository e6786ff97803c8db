"""Calls as they go on, on the live page: their changes as server-sent events, and taking one over.

The events' data are ready-made fragments; agenda and tickets events only tell the page to ask again for the
day and practice it shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import aiohttp_jinja2
from aiohttp import web
from aiohttp_sse import sse_response

from voicebot.app.live import JOIN_S, Change
from voicebot.app.pages import SERVICE
from voicebot.app.pages.login import SESSION
from voicebot.app.pages.patient import read_offer, refusal
from voicebot.app.service import Service
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Line

JOINING = web.AppKey("joining", set[asyncio.Task[None]])
STREAM_S = 3600
"""A stream ends then; the browser comes back with its cookie, so a session that is over is noticed."""

routes = web.RouteTableDef()


@routes.get("/direct/flux")
async def stream(request: web.Request) -> web.StreamResponse:
    """Every change, as events, until the page leaves or the service stops."""
    async with sse_response(request) as response:
        with request.app[SERVICE].hub.subscribe() as changes:
            try:
                async with asyncio.timeout(STREAM_S):
                    async for change in changes:
                        for event, data in events(request, change):
                            await response.send(data, event=event)
            except (TimeoutError, ConnectionError):
                pass
    return response


def events(request: web.Request, change: Change) -> Iterator[tuple[str, str]]:
    """The (event, fragment) pairs that show a change."""

    def fragment(name: str, **context: object) -> str:
        shared = {"practices": request.app[SERVICE].practices()}
        return aiohttp_jinja2.render_string(f"{name}.html", request, {**shared, **context})

    match change.kind:
        case "agenda" | "tickets":
            yield change.kind, ""
        case "resync":
            yield "calls", fragment("calls", calls=change.calls)
            yield "elsewhere", fragment("elsewhere", elsewhere=request.app[SERVICE].hub.elsewhere.calls)
            yield "agenda", ""
            yield "tickets", ""
        case "elsewhere":
            yield "elsewhere", fragment("elsewhere", elsewhere=request.app[SERVICE].hub.elsewhere.calls)
        case "opened":
            yield "opened", fragment("call", call=change.calls[0])
        case "closed":
            yield f"gone-{change.calls[0].id}", ""
        case "head":
            yield f"head-{change.calls[0].id}", fragment("call_head", call=change.calls[0])
        case "line":
            yield f"line-{change.calls[0].id}", fragment("line", caption=change.calls[0].captions[-1])
        case "partial":
            partial = change.calls[0].partial
            yield f"part-{change.calls[0].id}", fragment("line", caption=partial) if partial else ""


@routes.post("/direct/appels/{call}/prendre")
async def take(request: web.Request) -> web.StreamResponse:
    """Claim a call and answer the browser that will talk: 409 if somebody was quicker, 410 if it is over."""
    service, call, user = request.app[SERVICE], request.match_info["call"], request[SESSION].user
    try:
        offer = await read_offer(request)
    except Faulty as wrong:
        return refusal(400, str(wrong))
    if not service.hub.claim(call, user):
        view = service.hub.call(call)
        if view is None:
            return refusal(410, "Cet appel est terminé.")
        return refusal(409, f"Cet appel est déjà pris par {view.taken_by}.")
    try:
        async with asyncio.timeout(JOIN_S):
            answer, line = await service.join(offer)
    except BaseException as failure:
        service.hub.give_back(call)
        if isinstance(failure, Faulty):
            return refusal(400, str(failure))
        if isinstance(failure, (Unavailable, TimeoutError)):
            return refusal(503, "Votre micro n’a pas pu être relié. Réessayez.")
        raise
    task = asyncio.create_task(join(service, call, line))
    request.app[JOINING].add(task)
    task.add_done_callback(request.app[JOINING].discard)
    return web.json_response(dict(answer))


@routes.post("/direct/appels/{call}/rendre")
async def give_back(request: web.Request) -> web.StreamResponse:
    """The voice has the caller again, whom somebody has on their telephone: 409 if nobody has."""
    if not await request.app[SERVICE].hub.take_back(request.match_info["call"]):
        return refusal(409, "Cet appel ne peut pas être rendu à l’assistant.")
    return web.Response(status=204)


async def join(service: Service, call: str, line: Callable[[], Awaitable[Line]]) -> None:
    """Once the person's audio flows, join them to the caller; if it never does, the call rings again."""
    desk = None
    try:
        async with asyncio.timeout(JOIN_S):
            desk = await line()
    except (TimeoutError, Unavailable):
        pass
    finally:
        if desk is None:
            service.hub.give_back(call)
    if desk is not None and not await service.hub.take_over(call, desk):
        await desk.hang_up()
