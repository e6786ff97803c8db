"""TLS for signalling and SRTP for the sound, beside telephones that have neither; codecs; the softphone."""

import datetime
import ipaddress
import ssl
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.ports import free_ports
from tests.telephony.exchange import tone
from tests.telephony.small_voice import small_voice

pytestmark = pytest.mark.asterisk


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """The two settings, for a certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return {"tls_cert": str(pem), "tls_key": str(secret)}


@pytest.mark.parametrize("encrypted", [True, False], ids=["tls-srtp", "plain"])
async def test_a_secretary_s_telephone_with_and_without_encryption(exchange, certificate, encrypted):
    (sips,) = free_ports(1)
    async with (
        exchange(sips_port=sips, **certificate) as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300), encrypted=encrypted) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat", urgent=True)
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await patient.hears(1300)
        await desk.hears(700)
        offered = (house.folder.parent / "telephone1" / "log").read_text(errors="replace")
        assert ("SRTP" in offered) == encrypted, offered
        assert house.log() == []


@pytest.mark.parametrize("codec", ["PCMA/8000/1", "PCMU/8000/1", "G722/16000/1", "opus/48000/2"])
async def test_every_codec_is_joined_with_the_caller_s(exchange, codec):
    async with (
        exchange() as house,
        small_voice(house) as voice,
        house.secretary("secretariat", tone(1300), codecs=codec) as desk,
        house.patient(tone(700)) as patient,
    ):
        await patient.dial(house.number)
        await (await voice.leg()).transfer("secretariat", urgent=True)
        await desk.until("CALL_INCOMING")
        await desk.pick_up()
        await patient.hears(1300)
        await desk.hears(700)


async def test_the_browser_s_softphone_finds_a_sip_websocket(exchange, certificate):
    (wss,) = free_ports(1)
    async with exchange(wss_port=wss, **certificate) as house:
        assert house.log() == []
        trust = ssl.create_default_context(cafile=certificate["tls_cert"])
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"wss://127.0.0.1:{wss}/ws", protocols=("sip",), ssl=trust) as socket,
        ):
            assert socket.protocol == "sip"
            await socket.send_str(
                "REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\n"
                "From: <sip:secretariat-web@127.0.0.1>;tag=1\r\nTo: <sip:secretariat-web@127.0.0.1>\r\n"
                "Call-ID: softphone\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\n"
                "Contact: <sip:secretariat-web@x.invalid;transport=ws>\r\nContent-Length: 0\r\n\r\n"
            )
            answer = await socket.receive_str(timeout=5)
            assert answer.startswith("SIP/2.0 401")
            assert "WWW-Authenticate" in answer
