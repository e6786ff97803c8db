"""The webhook as a receiver meets it: signed so that Standard Webhooks' own check accepts it, and patient."""

import asyncio
import base64
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from voicebot.adapters.pager_webhook import configured
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Alarm
from voicebot.settings import Settings

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
DUE = datetime(2026, 11, 30, 8, 15, tzinfo=ZoneInfo("Europe/Paris"))
ALARM = Alarm("alarm_1", "demo", "c:1", "emergency", DUE, "https://ici/direct?cabinet=demo")


@asynccontextmanager
async def receiver(handler):
    app = web.Application()
    app.router.add_post("/alarme", handler)
    async with TestServer(app) as server:
        pager = configured(
            Settings(pager_webhook_url=str(server.make_url("/alarme")), pager_webhook_secret=SECRET)
        )
        yield replace(pager, deadline_s=0.3)


async def test_the_receiver_checks_the_signature_and_reads_where_to_look():
    got = []

    async def accept(request):
        got.append((await request.read(), dict(request.headers)))
        return web.Response(status=204)

    async with receiver(accept) as pager:
        await pager.page(ALARM)
        await pager.page(ALARM)
    told = [Webhook(SECRET).verify(*each) for each in got]
    assert told[0]["type"] == "ticket.alarm"
    assert told[0]["data"] == {
        "practice": "demo",
        "ticket": "c:1",
        "level": "emergency",
        "due": "2026-11-30T08:15:00+01:00",
        "late": False,
        "link": "https://ici/direct?cabinet=demo",
    }
    assert {{k.lower(): v for k, v in headers.items()}["webhook-id"] for _, headers in got} == {"alarm_1"}
    body, headers = got[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"demo", b"deno"), headers)


@pytest.mark.parametrize("status", [301, 400, 404, 500, 503])
async def test_whatever_is_not_a_yes_is_no(status):
    followed = []

    async def refuse(request):
        followed.append(request.path)
        return web.Response(status=status, headers={"location": "/alarme"})

    async with receiver(refuse) as pager:
        with pytest.raises(Unavailable, match=str(status)):
            await pager.page(ALARM)
    assert followed == ["/alarme"]


async def test_a_receiver_that_is_slow_or_hangs_up_is_given_up():
    async def dawdle(_):
        await asyncio.sleep(5)

    async def slam(request):
        request.transport.abort()
        return web.Response()

    for handler in (dawdle, slam):
        async with receiver(handler) as pager:
            with pytest.raises(Unavailable):
                await pager.page(ALARM)


async def test_nobody_at_that_address_is_a_failure():
    for url in (f"http://127.0.0.1:{unused_port()}/", "http://nulle-part.invalid/"):
        pager = configured(Settings(pager_webhook_url=url, pager_webhook_secret=SECRET))
        with pytest.raises(Unavailable):
            await pager.page(ALARM)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "pas du base64 !"])
def test_a_secret_that_protects_nothing_is_refused(secret):
    with pytest.raises(Faulty, match="PAGER_WEBHOOK_SECRET"):
        configured(Settings(pager_webhook_url="https://ici/", pager_webhook_secret=secret))


def test_no_address_no_pager_and_a_wrong_one_is_named():
    assert configured(Settings()) is None
    with pytest.raises(Faulty, match="ftp"):
        configured(Settings(pager_webhook_url="ftp://ici/", pager_webhook_secret=SECRET))
