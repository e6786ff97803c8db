"""The web server: who may ask for what, and the headers that keep the pages ours."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

from voicebot.app import vendor
from voicebot.app.pages import SERVICE, calls, desk, login, metrics, past, patient, register, rules
from voicebot.app.pages.french import FILTERS
from voicebot.app.service import Service
from voicebot.errors import Faulty
from voicebot.settings import Settings

HERE = Path(__file__).parent
BODY_BYTES = 64 * 1024
"""An SDP offer with many candidates is a tenth of that."""
STOP_S = 3.0
"""How long requests under way may take to end when the service stops."""
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every response; pages are never stored, scripts and styles are checked each time."""
    response.headers.update(HEADERS)
    static = request.path.startswith("/static/")
    response.headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
    if request.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"


async def healthz(_: web.Request) -> web.Response:
    """Alive: the event loop turns."""
    return web.json_response({"status": "ok"})


async def end_streams(app: web.Application) -> None:
    """Without this an open event stream would keep the server from stopping."""
    app[SERVICE].hub.stop()
    joining = app[calls.JOINING]
    for task in joining:
        task.cancel()
    await asyncio.gather(*joining, return_exceptions=True)


def make_app(service: Service) -> web.Application:
    """Every route of the service."""
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[login.guard])
    app[SERVICE] = service
    app[calls.JOINING] = set[asyncio.Task[None]]()
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        filters=FILTERS,
    )
    app.router.add_get("/healthz", healthz)
    app.router.add_static("/static/", HERE / "static")
    app.add_routes(patient.routes)
    app.add_routes(login.routes)
    app.add_routes(calls.routes)
    app.add_routes(desk.routes)
    app.add_routes(past.routes)
    app.add_routes(rules.routes)
    app.add_routes(register.routes)
    app.add_routes(metrics.routes)
    app.on_response_prepare.append(protect)
    app.on_shutdown.append(end_streams)
    return app


def tls(settings: Settings) -> ssl.SSLContext | None:
    """The server's certificate, if one is set. Raises Faulty if it cannot be used."""
    if not (settings.tls_cert or settings.tls_key):
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key or None)
    except (OSError, ssl.SSLError) as wrong:
        raise Faulty(
            f"VOICEBOT_TLS_CERT={settings.tls_cert!r}, VOICEBOT_TLS_KEY={settings.tls_key!r}: "
            f"this certificate and key cannot be used ({wrong}). Both must be readable PEM files."
        ) from wrong
    return context


@contextlib.asynccontextmanager
async def serving(service: Service, settings: Settings) -> AsyncIterator[str]:
    """Serve while inside; gives the address people open. Raises Faulty if the port cannot be had."""
    vendor.require()
    context = tls(settings)
    runner = web.AppRunner(make_app(service), access_log=None, shutdown_timeout=STOP_S)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port, ssl_context=context).start()
        except OSError as wrong:
            raise Faulty(
                f"VOICEBOT_HOST={settings.host!r}, VOICEBOT_PORT={settings.port}: cannot listen there "
                f"({wrong.strerror}). Is the service already running?"
            ) from wrong
        host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::", "") else settings.host
        port = runner.addresses[0][1]
        yield f"{'https' if context else 'http'}://{host}:{port}"
    finally:
        await asyncio.shield(runner.cleanup())
