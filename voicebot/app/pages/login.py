"""Who may see the live page: the guard before every request, logging in and out."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web

from voicebot.app.accounts import SESSION_S, Session, TooManyTries
from voicebot.app.pages import SERVICE

COOKIE = "voicebot"
SESSION = web.RequestKey("session", Session)

routes = web.RouteTableDef()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets only people with a session under /direct, and takes a POST only from our own pages."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and not request.path.startswith("/api/"):
        refuse_strangers(request)
    if request.path == "/direct" or request.path.startswith("/direct/"):
        session = request.app[SERVICE].accounts.session(request.cookies.get(COOKIE, ""))
        if session is None:
            raise web.HTTPFound("/connexion") if request.path == "/direct" else web.HTTPUnauthorized()
        request[SESSION] = session
        if request.method == "POST":
            await check_token(request, session)
    return await handler(request)


def refuse_strangers(request: web.Request) -> None:
    """Raises HTTPForbidden when another site's page sent this."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Cette demande vient d’un autre site.")


async def check_token(request: web.Request, session: Session) -> None:
    """Raises HTTPForbidden when the session's token did not come along (CSRF)."""
    token = request.headers.get("X-CSRF-Token") or (await request.post()).get("token")
    if token != session.token:
        raise web.HTTPForbidden(text="Cette page n’est plus à jour : rechargez-la.")


@routes.get("/connexion")
async def form(request: web.Request) -> web.StreamResponse:
    """The login form."""
    return aiohttp_jinja2.render_template("login.html", request, {"wrong": ""})


@routes.post("/connexion")
async def log_in(request: web.Request) -> web.StreamResponse:
    """Start a session."""
    fields = await request.post()
    user, password = str(fields.get("user", "")).strip(), str(fields.get("password", ""))
    try:
        cookie = await request.app[SERVICE].accounts.log_in(user, password, request.remote or "")
        wrong, status = "L’identifiant ou le mot de passe n’est pas le bon.", 401
    except TooManyTries:
        cookie, wrong, status = None, "Trop d’essais. Patientez cinq minutes, puis recommencez.", 429
    if cookie is None:
        response = aiohttp_jinja2.render_template("login.html", request, {"wrong": wrong})
        response.set_status(status)
        return response
    found = web.HTTPFound("/direct")
    found.set_cookie(
        COOKIE, cookie, max_age=SESSION_S, httponly=True, samesite="Strict", secure=request.secure
    )
    raise found


@routes.post("/direct/deconnexion")
async def log_out(request: web.Request) -> web.StreamResponse:
    """End the session in this browser."""
    found = web.HTTPFound("/connexion")
    found.del_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.secure)
    raise found
