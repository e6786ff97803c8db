"""The live page: today's agenda, tickets and the sentence of the day around the calls in progress."""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import aiohttp_jinja2
from aiohttp import web

from voicebot.app.pages import SERVICE
from voicebot.app.pages.login import SESSION
from voicebot.app.service import Service
from voicebot.app.voicemail import SUFFIX
from voicebot.domain.practice import Consigne, Practice
from voicebot.errors import Unavailable

DESK_S = 3.0
"""Deadline of every reading or writing of the records."""
CONSIGNE_LENGTH = 200
CLOSED_SHOWN = 20
"""Closed tickets kept in sight, so that one closed by mistake can be reopened."""
KINDS = {
    "message": "Message",
    "callback": "À rappeler",
    "cancellation": "Annulation",
    "booking": "Rendez-vous",
    "move": "Déplacement",
    "emergency": "Urgence",
    "alert": "Alerte",
    "waitlist": "Liste d'attente",
}
"""What the kind of a ticket is called on the page."""

routes = web.RouteTableDef()
T = TypeVar("T")


@routes.get("/direct")
async def page(request: web.Request) -> web.StreamResponse:
    """The whole page."""
    service = request.app[SERVICE]
    practice = chosen(request)
    context = {
        "practice": practice,
        "practices": service.practices(),
        "session": request[SESSION],
        "calls": service.hub.calls(),
        "elsewhere": service.hub.elsewhere.calls,
        "unreviewed": service.unreviewed(practice.id),
        "wrong": "",
        "failed": False,
        **await agenda_of(request, practice),
        **await tickets_of(service, practice),
        **await consigne_of(service, practice),
    }
    return aiohttp_jinja2.render_template("desk.html", request, context)


def chosen(request: web.Request) -> Practice:
    """The practice the page shows; the first one by default. Raises HTTPNotFound."""
    practices = request.app[SERVICE].practices()
    asked = request.match_info.get("practice") or request.query.get("cabinet") or next(iter(practices), "")
    if asked not in practices:
        raise web.HTTPNotFound(text="Ce cabinet n’existe pas ici.")
    return practices[asked]


# Agenda


@routes.get("/direct/agenda/{practice}")
async def agenda(request: web.Request) -> web.StreamResponse:
    """One day of every doctor."""
    practice = chosen(request)
    context = {"practice": practice, **await agenda_of(request, practice)}
    return aiohttp_jinja2.render_template("agenda.html", request, context)


async def agenda_of(request: web.Request, practice: Practice) -> Mapping[str, Any]:
    """What `agenda.html` shows; `rows` None: the records do not answer."""
    service = request.app[SERVICE]
    today = service.clock().astimezone(practice.zone).date()
    try:
        day = date.fromisoformat(request.query["jour"])
    except (KeyError, ValueError):
        day = today
    rows = await records(service.desk.agenda(practice.id, day))
    step = timedelta(1)
    motifs = {motif.id: motif.name for motif in practice.motifs}
    return {
        "motifs": motifs,
        "day": day,
        "today": today,
        "before": day - step,
        "after": day + step,
        "rows": rows,
    }


async def records(reading: Awaitable[T]) -> T | None:
    """The result, or None when the records do not answer in time."""
    try:
        async with asyncio.timeout(DESK_S):
            return await reading
    except (TimeoutError, Unavailable):
        return None


# Tickets


@routes.get("/direct/tickets/{practice}")
async def tickets(request: web.Request) -> web.StreamResponse:
    """The work left for people."""
    return await tickets_page(request, chosen(request))


async def tickets_page(request: web.Request, practice: Practice, failed: bool = False) -> web.StreamResponse:
    """The list as it is now; `failed`: what was just asked for was not done."""
    context = {"practice": practice, "failed": failed, **await tickets_of(request.app[SERVICE], practice)}
    return aiohttp_jinja2.render_template("tickets.html", request, context)


async def tickets_of(service: Service, practice: Practice) -> Mapping[str, Any]:
    """What `tickets.html` shows; `tickets` None: the records do not answer."""
    rows = await records(service.desk.tickets(practice.id))
    return {
        "kinds": KINDS,
        "tickets": rows,
        "waiting": [row for row in rows or () if row.closed_at is None],
        "closed": [row for row in rows or () if row.closed_at is not None][:CLOSED_SHOWN],
        "now": service.clock(),
        "trouble": service.trouble(),
        "audible": await audible(service, practice),
    }


async def audible(service: Service, practice: Practice) -> Mapping[str, str]:
    """The call whose sound can be listened to, by the key of its ticket."""
    if service.sounds is None:
        return {}
    calls = await asyncio.to_thread(service.sounds.calls, practice.id)
    return {f"{call}{SUFFIX}": call for call in calls}


@routes.get("/direct/messages/{practice}/{call}")
async def message(request: web.Request) -> web.StreamResponse:
    """What a caller left on the answering machine: a WAV file."""
    service, practice = request.app[SERVICE], chosen(request)
    if service.sounds is None:
        raise web.HTTPNotFound
    reading = asyncio.to_thread(service.sounds.get, practice.id, request.match_info["call"])
    sound = await records(reading)
    if sound is None:
        raise web.HTTPNotFound(text="Ce message n’est plus conservé, ou ne se lit pas.")
    return web.Response(body=sound, content_type="audio/wav")


@routes.post("/direct/tickets/{practice}/{key}/{action:fermer|rouvrir}")
async def mark(request: web.Request) -> web.StreamResponse:
    """Close or reopen a ticket, then show the list."""
    service, practice, key = request.app[SERVICE], chosen(request), request.match_info["key"]
    if request.match_info["action"] == "fermer":
        writing = service.desk.close_ticket(practice.id, key, request[SESSION].user, service.clock())
    else:
        writing = service.desk.reopen_ticket(practice.id, key)
    done = await records(written(writing))
    service.hub.tickets_changed()
    return await tickets_page(request, practice, failed=not done)


async def written(writing: Awaitable[None]) -> bool:
    """True once it is on disk."""
    await writing
    return True


# The sentence of the day


@routes.post("/direct/consigne/{practice}")
async def set_consigne(request: web.Request) -> web.StreamResponse:
    """Say this to callers until an hour of today; an empty text says nothing any more."""
    service, practice = request.app[SERVICE], chosen(request)
    fields = await request.post()
    text = " ".join(str(fields.get("text", "")).split())
    now = service.clock().astimezone(practice.zone)
    consigne, wrong = None, ""
    if text:
        try:
            until = datetime.combine(now.date(), time.fromisoformat(str(fields.get("until"))), practice.zone)
        except ValueError:
            until = now
        if until <= now or len(text) > CONSIGNE_LENGTH:
            wrong = "Indiquez une heure à venir aujourd’hui, et une phrase courte."
        consigne = Consigne(text, until)
    if not wrong and not await records(written(service.desk.set_consigne(practice.id, consigne))):
        wrong = "La consigne n’a pas été enregistrée. Réessayez."
    context = {"practice": practice, "wrong": wrong, **await consigne_of(service, practice)}
    return aiohttp_jinja2.render_template("consigne.html", request, context)


async def consigne_of(service: Service, practice: Practice) -> Mapping[str, Any]:
    """What `consigne.html` shows."""
    consigne = await records(service.desk.consigne(practice.id, service.clock()))
    return {"consigne": consigne}
