"""A doctor tries a sentence on the rules, typed or spoken: what would be done, and why."""

import aiohttp_jinja2
from aiohttp import web

from voicebot.app.pages import SERVICE
from voicebot.app.pages.desk import chosen
from voicebot.app.pages.login import SESSION
from voicebot.app.rule_trial import LEVELS, STATUS, RuleTrial, meaning, why
from voicebot.errors import EngineFailed, Faulty

LONGEST = 1000
"""Characters of all that is tried at once."""

routes = web.RouteTableDef()


@routes.get("/direct/regles")
async def page(request: web.Request) -> web.StreamResponse:
    """The form, empty."""
    practice = chosen(request)
    context = {
        "practice": practice,
        "session": request[SESSION],
        "unreviewed": request.app[SERVICE].unreviewed(practice.id),
        "longest": LONGEST,
        "spoken": trial(request).transcribe is not None,
    }
    return aiohttp_jinja2.render_template("rules.html", request, context)


@routes.post("/direct/regles/{practice}/essai")
async def tried(request: web.Request) -> web.StreamResponse:
    """What the rules make of the sentences, one a line. Nothing of it is kept."""
    practice = chosen(request)
    written = str((await request.post()).get("sentences", ""))[:LONGEST]
    sentences = [line.strip() for line in written.splitlines() if line.strip()]
    context = {
        "tried": trial(request).tried(practice.id, sentences) if sentences else None,
        "levels": LEVELS,
        "status": STATUS,
        "meaning": meaning,
        "why": why,
    }
    return aiohttp_jinja2.render_template("rules_tried.html", request, context)


@routes.post("/direct/regles/{practice}/dictee")
async def dictated(request: web.Request) -> web.StreamResponse:
    """A browser's recording → `{"text"}`, or 422 with `{"wrong"}`, in French. The sound is not kept."""
    chosen(request)
    try:
        text = await trial(request).dictated(await request.read())
    except Faulty as fault:
        return web.json_response({"wrong": str(fault)}, status=422)
    except (EngineFailed, TimeoutError):
        wrong = "La reconnaissance n’a pas répondu à temps : recommencez, ou écrivez la phrase."
        return web.json_response({"wrong": wrong}, status=422)
    if not text:
        return web.json_response({"wrong": "Aucune parole n’a été reconnue."}, status=422)
    return web.json_response({"text": text})


def trial(request: web.Request) -> RuleTrial:
    """Raises HTTPNotFound where the service has none."""
    found = request.app[SERVICE].trial
    if found is None:
        raise web.HTTPNotFound
    return found
