"""Figures of the process for whoever measures it, on this machine only; nobody's words are among them."""

import os
import resource
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web

from voicebot.app.pages import SERVICE

routes = web.RouteTableDef()


@routes.get("/metrics/latency")
async def latency(request: web.Request) -> web.StreamResponse:
    """`turns`, `stages` and `stages_p95` (ms by stage), `cpu_s`, `rss_mb`, `rss_peak_mb`, `load_average`.

    Only a client on the same machine gets it. `cpu_s` and the memory are those of the whole process tree.
    """
    _require_local(request)
    measured = request.app[SERVICE].latency()
    return web.json_response({**measured, **_costs()})


@routes.get("/metrics/llm")
async def llm(request: web.Request) -> web.StreamResponse:
    """What came of asking the language model so far: `breaker` ("closed", "open", "trying"), `asked`,
    `answered`, `slow`, `failed`, `invalid`, `absurd`, `dropped`, `skipped`; empty when there is none.

    Only a client on the same machine gets it.
    """
    _require_local(request)
    return web.json_response(dict(request.app[SERVICE].reasoner()))


def _require_local(request: web.Request) -> None:
    if not _is_local(request.remote):
        raise web.HTTPForbidden(text="Ces mesures ne se lisent que sur la machine elle-même.")


def _is_local(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False


def _costs() -> dict[str, float]:
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(who) for who in whom]
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "cpu_s": round(sum(u.ru_utime + u.ru_stime for u in used), 3),
        "rss_mb": round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1),
        "rss_peak_mb": round(used[0].ru_maxrss / 1024, 1),
        "load_average": round(os.getloadavg()[0], 2),
    }
