"""Garbage over UDP: the exchange stays up, and calls go on."""

import asyncio
import random
import socket
from contextlib import suppress

import pytest

from tests.telephony.exchange import CALLER, NUMBER, OPERATOR, tone
from tests.telephony.small_voice import VOICE_HZ, small_voice
from voicebot.errors import Unavailable

pytestmark = pytest.mark.asterisk
DATAGRAMS = 600
SDP = "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
NASTY = (
    "",
    "\0",
    "%n%s%x",
    "A" * 3000,
    '"; DROP',
    "\r\n\r\n",
    "é" * 50,
    "-1",
    "99999999999999999999",
    "sip:",
    "<sip:@>",
    "sip:[::1",
    "${EXTEN}",
    "&PJSIP/15@trunk-operator",
    ";tag=" + "x" * 500,
    "@@@@",
    ",,,,",
    "\x7f\x80\xff",
)


def invite(host: str, port: int, number: int, method: str = "INVITE") -> list[str]:
    """One request, as lines; the last is the body."""
    body = SDP.format(host=host)
    return [
        f"{method} sip:{NUMBER}@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{number};rport",
        "Max-Forwards: 70",
        f"From: <sip:{CALLER}@{host}>;tag=t{number}",
        f"To: <sip:{NUMBER}@127.0.0.1>",
        f"Call-ID: garbage-{number}@{host}",
        f"CSeq: {number} {method}",
        f"Contact: <sip:{CALLER}@{host}:{port}>",
        "Supported: 100rel, timer, replaces",
        "Session-Expires: 1800",
        "P-Asserted-Identity: <sip:+33612345678@operator>",
        "Content-Type: application/sdp",
        f"Content-Length: {len(body)}",
        "",
        body,
    ]


def mutated(lines: list[str], chance: random.Random) -> bytes:
    """Some of its headers, or its body, spoiled; each header in its turn."""
    lines = list(lines)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        name, colon, value = lines[at].partition(":")
        match chance.randrange(6):
            case 0:
                lines[at] = f"{name}{colon} {chance.choice(NASTY)}"
            case 1:
                lines[at] = chance.choice(NASTY)
            case 2:
                cut = chance.randrange(len(value) + 1)
                lines[at] = f"{name}{colon}{value[:cut]}{chance.choice(NASTY)}{value[cut:]}"
            case 3:
                del lines[at]
            case 4:
                lines.insert(at, lines[at])
            case 5:
                lines[at] = name * 30 + colon + value
    raw = bytearray("\r\n".join(lines).encode("utf8", "surrogateescape"))
    for _ in range(chance.choice((0, 0, 3))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw[:60000])


async def end_every(voice) -> None:
    """What looks enough like a call of the operator's is answered: it must not fill the lines."""
    while True:
        with suppress(Unavailable):  # it is over already
            await (await voice.leg(60)).leave("hangup")


async def test_mutations_of_every_header(exchange):
    chance = random.Random(20261122)
    async with exchange(calls_at_once=1000) as house, small_voice(house) as voice:
        ending = asyncio.create_task(end_every(voice))
        pid = house.sidecar.pid
        for host in (OPERATOR, "127.0.0.3"):
            with socket.socket(type=socket.SOCK_DGRAM) as sender:
                sender.bind((host, 0))
                port = sender.getsockname()[1]
                for number in range(1, DATAGRAMS // 2 + 1):
                    method = chance.choice(
                        ("INVITE", "INVITE", "REGISTER", "OPTIONS", "REFER", "BYE", "CANCEL")
                    )
                    lines = invite(host, port, number, method)
                    sender.sendto(mutated(lines, chance), ("127.0.0.1", house.settings.sip_port))
                    await asyncio.sleep(0.003)
        assert await house.sidecar.answers()
        assert house.sidecar.pid == pid
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
        async with house.patient(tone(700), caller="+33698765432") as other:
            await other.dial(house.number)
            await other.until("CALL_ESTABLISHED", 10)
            await other.hears(VOICE_HZ, 10)
