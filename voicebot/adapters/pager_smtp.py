"""Alarms by mail: `ports.Pager`. Nothing of the patient is in it: a mail is read on any telephone.

The connection is encrypted (TLS or STARTTLS, RFC 8314) and the server's certificate is checked, unless the
server is on this very machine.
"""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, getaddresses

import aiosmtplib

from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Alarm
from voicebot.settings import Settings

DEADLINE_S = 9.0
"""For the whole exchange, within the port's 10 s."""
TLS_PORT = 465
HERE = ("localhost", "127.0.0.1", "::1")
LEVELS = {"emergency": "Urgence vitale signalée", "urgent": "Appel urgent", None: "Rappel à faire"}


@dataclass(frozen=True)
class MailPager:
    """One mail to everybody at once; accepted when the server has taken it for every address."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = ""
    context: ssl.SSLContext | None = None
    """What the server's certificate is checked with; None = the system's authorities."""
    name: str = "par courriel"
    deadline_s: float = DEADLINE_S

    async def page(self, alarm: Alarm) -> None:
        """See Pager."""
        tls, near = self.port == TLS_PORT, self.host in HERE and self.context is None
        try:
            async with asyncio.timeout(self.deadline_s):
                refused, _ = await aiosmtplib.send(
                    mail(alarm, self.sender, self.to),
                    hostname=self.host,
                    port=self.port,
                    username=self.user or None,
                    password=self.password or None,
                    use_tls=tls,
                    start_tls=not tls and not near,
                    tls_context=self.context,
                    timeout=self.deadline_s,
                )
        except TimeoutError as error:
            raise Unavailable(f"the mail server did not answer in {self.deadline_s:g} s") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unavailable(f"the mail server: {type(error).__name__}") from error
        if refused:
            raise Unavailable(f"the mail server refused {len(refused)} of {len(self.to)} addresses")


def mail(alarm: Alarm, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """The same `Message-ID` each time: a mailbox shows it once. Hours are on `alarm.due`'s own clock."""
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(to)
    due = alarm.due
    when = f"toujours pas traité, attendu à {due:%H h %M}" if alarm.late else f"à traiter avant {due:%H h %M}"
    message["Subject"] = f"[Téléphone] {LEVELS[alarm.level]} : {when}"
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{alarm.id}@voicebot.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Priority"] = "1"
    message.set_content(
        f"{LEVELS[alarm.level]} au cabinet « {alarm.practice} ».\n\n"
        f"Un ticket attend sur la page du secrétariat, {when} ({due:%d/%m/%Y}).\n"
        f"{alarm.link}\n\n"
        "Ce message ne contient volontairement aucune donnée du patient.\n"
        f"Ticket {alarm.ticket}\n"
    )
    return message


def configured(settings: Settings) -> MailPager | None:
    """From the settings; None when nobody is to be mailed. Raises Faulty."""
    if not settings.pager_email_to:
        return None
    to = tuple(address for _, address in getaddresses([settings.pager_email_to]) if "@" in address)
    if not to or len(to) != len([part for part in settings.pager_email_to.split(",") if part.strip()]):
        raise Faulty(
            f"VOICEBOT_PAGER_EMAIL_TO={settings.pager_email_to!r} : adresses séparées par des virgules ?"
        )
    sender = settings.smtp_from or settings.smtp_user
    if not settings.smtp_host or "@" not in sender:
        raise Faulty(
            "VOICEBOT_PAGER_EMAIL_TO : il faut aussi VOICEBOT_SMTP_HOST et une adresse d'expéditeur "
            "(VOICEBOT_SMTP_FROM, ou VOICEBOT_SMTP_USER si c'en est une)."
        )
    return MailPager(
        settings.smtp_host, settings.smtp_port, sender, to, settings.smtp_user, settings.smtp_password
    )
