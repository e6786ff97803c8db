"""The alarm's mail through a real SMTP server of our own: encrypted, authenticated, without the patient."""

import asyncio
import contextlib
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from aiohttp.test_utils import unused_port
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from voicebot.adapters.pager_smtp import MailPager, configured
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Alarm
from voicebot.settings import Settings

DUE = datetime(2026, 11, 30, 8, 15, tzinfo=ZoneInfo("Europe/Paris"))
ALARM = Alarm("alarm_1", "demo", "c:1", "emergency", DUE, "https://ici/direct?cabinet=demo")


class Mailbox:
    """aiosmtpd's handler: keeps what it accepts, refuses whom it is told to."""

    def __init__(self):
        self.mails, self.refused = [], ()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(server's context, client's context that trusts it) for 127.0.0.1."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server, client = (
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        ssl.create_default_context(cafile=pem),
    )
    server.load_cert_chain(pem)
    return server, client


@contextlib.asynccontextmanager
async def serving(factory):
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def pager(port, **more):
    everyone = ("astreinte@cabinet.example", "lea@cabinet.example")
    return MailPager("localhost", port, "voix@cabinet.example", everyone, **{"deadline_s": 2.0, **more})


async def test_everybody_gets_the_same_mail_and_it_names_no_patient():
    box = Mailbox()
    async with serving(lambda: SMTP(box)) as port:
        await pager(port).page(ALARM)
        await pager(port).page(replace(ALARM, id="alarm_2", level=None, late=True))
    (to, mail), (_, other) = box.mails
    assert to == ["astreinte@cabinet.example", "lea@cabinet.example"]
    assert mail["Subject"] == "[Téléphone] Urgence vitale signalée : à traiter avant 08 h 15"
    assert mail["Message-ID"] != other["Message-ID"]
    assert other["Subject"] == "[Téléphone] Rappel à faire : toujours pas traité, attendu à 08 h 15"
    text = mail.get_content()
    assert "https://ici/direct?cabinet=demo" in text
    assert "30/11/2026" in text


async def test_the_password_is_given_only_over_tls_to_the_server_that_was_meant(certificate):
    box, heard, (server, client) = Mailbox(), [], certificate

    def check(server, session, envelope, mechanism, data):
        heard.append((session.ssl is not None, data.login, data.password))
        return AuthResult(success=data.password == b"secret")

    def encrypted():
        return SMTP(box, tls_context=server, require_starttls=True, authenticator=check, auth_required=True)

    async with serving(encrypted) as port:
        await pager(port, user="voix", password="secret", context=client).page(ALARM)
        assert heard == [(True, b"voix", b"secret")]
        with pytest.raises(Unavailable):
            await pager(port, user="voix", password="faux", context=client).page(ALARM)
        stranger = ssl.create_default_context()
        with pytest.raises(Unavailable):
            await pager(port, user="voix", password="secret", context=stranger).page(ALARM)
    async with serving(lambda: SMTP(box)) as port:
        with pytest.raises(Unavailable):  # no STARTTLS is offered: nothing is said
            await pager(port, user="voix", password="secret", context=client).page(ALARM)
    assert len(box.mails) == 1
    assert len(heard) == 2


async def test_one_address_refused_is_not_accepted():
    box = Mailbox()
    box.refused = ("lea@cabinet.example",)
    async with serving(lambda: SMTP(box)) as port:
        with pytest.raises(Unavailable, match="1 of 2"):
            await pager(port).page(ALARM)


class Silent(asyncio.Protocol):
    """Takes the connection and says nothing."""


class Broken(asyncio.Protocol):
    """Greets with something else than SMTP and leaves."""

    def connection_made(self, transport):
        transport.write(b"\xff\xfe HTTP/1.1 400 what\r\n")
        transport.close()


@pytest.mark.parametrize("server", [Silent, Broken])
async def test_a_server_that_hangs_or_talks_nonsense_is_given_up(server):
    async with serving(server) as port:
        with pytest.raises(Unavailable):
            await pager(port, deadline_s=0.3).page(ALARM)


async def test_nobody_at_that_address_is_a_failure():
    with pytest.raises(Unavailable):
        await pager(unused_port()).page(ALARM)


def test_the_settings_make_the_pager_or_say_what_is_missing():
    assert configured(Settings()) is None
    whole = Settings(
        pager_email_to="lea@cabinet.example, Astreinte <astreinte@cabinet.example>",
        smtp_host="smtp.example",
        smtp_from="voix@cabinet.example",
    )
    assert configured(whole).to == ("lea@cabinet.example", "astreinte@cabinet.example")
    for wrong in ({"smtp_host": ""}, {"smtp_from": ""}, {"pager_email_to": "lea"}):
        with pytest.raises(Faulty, match="VOICEBOT_"):
            configured(replace(whole, **wrong))
