"""The register of what was destroyed: what, how much, when, and whether its chain of hashes holds."""

import aiohttp_jinja2
from aiohttp import web

from voicebot.adapters.register_sql import FIRST, broken_at
from voicebot.app.pages import SERVICE
from voicebot.app.pages.desk import chosen, records
from voicebot.app.pages.login import SESSION
from voicebot.app.purge import CLASSES

SHOWN = 500
"""The newest; the chain is checked whole."""

routes = web.RouteTableDef()


@routes.get("/direct/registre")
async def page(request: web.Request) -> web.StreamResponse:
    """A table, newest first; `entries` None: the records do not answer."""
    service = request.app[SERVICE]
    entries = await records(service.register()) if service.register else []
    context = {
        "practice": chosen(request),
        "session": request[SESSION],
        "entries": None if entries is None else entries[: -SHOWN - 1 : -1],
        "count": len(entries or ()),
        "broken": None if entries is None else broken_at(entries),
        "head": entries[-1].hash if entries else FIRST,
        "classes": CLASSES,
        "unreviewed": request.app[SERVICE].unreviewed(chosen(request).id),
    }
    return aiohttp_jinja2.render_template("register.html", request, context)
