"""Alarms to a webhook, signed as Standard Webhooks (standardwebhooks.com): `ports.Pager`.

The receiver checks `webhook-signature` with our common secret and tells by `webhook-id` what it has.
The body names no patient: practice, ticket, level, deadline and where to look.
"""

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from standardwebhooks.webhooks import Webhook

from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Alarm
from voicebot.settings import Settings

DEADLINE_S = 8.0
"""Within the port's 10 s."""
SECRET_BYTES = range(24, 65)
"""What the specification allows a secret to be long."""


@dataclass(frozen=True)
class WebhookPager:
    """POSTs an alarm as JSON; any 2xx accepts it, a redirect does not."""

    url: str
    signer: Webhook
    name: str = "par webhook"
    deadline_s: float = DEADLINE_S

    async def page(self, alarm: Alarm) -> None:
        """See Pager."""
        body = json.dumps(content(alarm))
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": alarm.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self.signer.sign(alarm.id, now, body),
        }
        patience = aiohttp.ClientTimeout(total=self.deadline_s)
        try:
            async with (
                aiohttp.ClientSession(timeout=patience) as session,
                session.post(self.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                if not 200 <= answer.status < 300:
                    raise Unavailable(f"the webhook answered {answer.status}")
        except TimeoutError as error:
            raise Unavailable(f"the webhook did not answer in {self.deadline_s:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unavailable(f"the webhook: {type(error).__name__}") from error


def content(alarm: Alarm) -> dict[str, object]:
    """The body: `type`, `timestamp` and `data`, as the specification recommends."""
    return {
        "type": "ticket.alarm",
        "timestamp": datetime.now(UTC).isoformat(),
        "data": {
            "practice": alarm.practice,
            "ticket": alarm.ticket,
            "level": alarm.level,
            "due": alarm.due.isoformat(),
            "late": alarm.late,
            "link": alarm.link,
        },
    }


def configured(settings: Settings) -> WebhookPager | None:
    """From the settings; None when no address is set. Raises Faulty."""
    if not settings.pager_webhook_url:
        return None
    if urlsplit(settings.pager_webhook_url).scheme not in ("http", "https"):
        raise Faulty(
            f"VOICEBOT_PAGER_WEBHOOK_URL={settings.pager_webhook_url!r} : il faut une adresse http(s)://…"
        )
    try:
        secret = b64decode(settings.pager_webhook_secret.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise _no_secret() from error
    if len(secret) not in SECRET_BYTES:
        raise _no_secret()
    return WebhookPager(settings.pager_webhook_url, Webhook(secret))


def _no_secret() -> Faulty:
    return Faulty(
        "VOICEBOT_PAGER_WEBHOOK_SECRET (ou …_SECRET_FILE) : il faut « whsec_ » suivi de 24 à 64 octets en "
        "base64, les mêmes que chez le destinataire ; par exemple : echo whsec_$(openssl rand -base64 32)"
    )
