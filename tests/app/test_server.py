"""The server itself: HTTPS, a port that is taken, scripts that are missing or not the pinned ones."""

import json
import ssl
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.app.on_show import PASSWORD, service
from voicebot.app import vendor
from voicebot.app.server import serving
from voicebot.errors import Faulty
from voicebot.settings import Settings


@pytest.fixture(autouse=True)
def scripts(monkeypatch, tmp_path):
    """Tests of the server do not need npm."""
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    (tmp_path / "vendor").mkdir()
    for name in vendor.SCRIPTS:
        (tmp_path / "vendor" / name).write_text("")


@pytest.fixture
def certificate(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    cert, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return {"tls_cert": str(cert), "tls_key": str(private)}


async def test_https_and_a_session_that_never_leaves_it(certificate):
    settings = Settings(port=0, **certificate)
    async with serving(service(), settings) as url, aiohttp.ClientSession() as http:
        assert url.startswith("https://localhost:")
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        fields = {"user": "secretariat", "password": PASSWORD}
        answer = await http.post(
            f"{url}/connexion", data=fields, ssl=trusting, allow_redirects=False, raise_for_status=True
        )
        assert "Secure" in answer.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize("wrong", [{"tls_cert": "/nowhere.pem"}, {"tls_key": "/nowhere.pem"}])
async def test_a_certificate_that_cannot_be_used(wrong):
    with pytest.raises(Faulty, match="VOICEBOT_TLS_CERT"):
        async with serving(service(), Settings(port=0, **wrong)):
            pass


async def test_a_port_that_is_taken_is_told_in_plain_words():
    async with serving(service(), Settings(port=0)) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(Faulty, match=f"VOICEBOT_PORT={port}.*already running"):
            async with serving(service(), Settings(port=port)):
                pass


async def test_missing_scripts_are_told_with_what_to_do(tmp_path):
    (tmp_path / "vendor" / "htmx.min.js").unlink()
    with pytest.raises(Faulty, match=r"htmx\.min\.js.*make setup"):
        async with serving(service(), Settings(port=0)):
            pass


def test_every_script_is_pinned_by_its_sha512_and_by_no_address():
    lock = json.loads((vendor.WEB / "package-lock.json").read_text())
    packages = [package for path, package in lock["packages"].items() if path]
    assert len(packages) == 3
    assert all(package["integrity"].startswith("sha512-") for package in packages)
    assert not any("resolved" in package for package in packages)
