"""A telephone of our own, for what baresip cannot tell or do: when each packet came, and a bad network.

    async with rtp_phones(house) as phones:
        call = await phones.dial(microphone=tone(700), network=Network(loss=0.05, jitter_s=0.06))
        call.answered - call.invited          # seconds; also call.first_packet
        call.gaps()                           # silences at the caller's ear, by time of arrival
        call.heard()                          # Recording; what never came is silence in it
        await call.hang_up()

A-law over UDP; speaks just enough SIP for a call that is answered. Hundreds fit into one process.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.telephony.exchange import CALLER, NUMBER, OPERATOR, House
from tests.telephony.listening import Recording
from voicebot.adapters.phone_audio import alaw_decoded, alaw_encoded

FRAME = 160
"""Samples in 20 ms."""
SILENCE = alaw_encoded(bytes(2 * FRAME))


@dataclass(frozen=True)
class Network:
    """What happens to packets, each way. `jitter_s`: each is late by up to that; so later ones overtake.
    From `detour_after_s` of the call on, their way is longer by `detour_s`."""

    loss: float = 0.0
    jitter_s: float = 0.0
    detour_after_s: float = 0.0
    detour_s: float = 0.0

    def late(self, call_s: float) -> float:
        """Seconds that a packet sent at that time of the call is late."""
        detour = self.detour_s if call_s >= self.detour_after_s else 0.0
        return detour + random.random() * self.jitter_s


PERFECT = Network()


@dataclass
class RtpCall(asyncio.DatagramProtocol):
    """Times are `time.monotonic()`; 0 = not yet."""

    phones: "RtpPhones"
    number: int
    host: str
    microphone: bytes
    network: Network
    dialled: str
    invited: float = 0.0
    answered: float = 0.0
    ended: float = 0.0
    status: int = 0
    """The last answer to our INVITE."""
    first_packet: float = 0.0
    sent: list[float] = field(default_factory=list)
    """When each frame of the microphone left."""
    frames: dict[int, bytes] = field(default_factory=dict)
    """By RTP timestamp, in frames since the first."""
    came: list[tuple[float, bytes]] = field(default_factory=list)
    """Every frame in the order it came."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    to: str = ""
    contact: str = ""
    _sound: asyncio.DatagramTransport | None = None
    _far: tuple[str, int] = ("", 0)
    _base: int | None = None
    _sending: asyncio.Task[None] | None = None

    @property
    def id(self) -> str:
        return f"rtp-{self.number}-{id(self)}@{self.host}"

    # -------------------------------------------------------------- sound
    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._sound = transport

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        if self.network.loss and random.random() < self.network.loss:
            return
        late = self.network.late(time.monotonic() - self.answered)
        if late:
            asyncio.get_running_loop().call_later(late, self._arrived, data)
        else:
            self._arrived(data)

    def _arrived(self, data: bytes) -> None:
        if len(data) < 12 + FRAME or data[1] & 0x7F != 8:
            return
        now, stamp = time.monotonic(), int.from_bytes(data[4:8], "big")
        if self._base is None:
            self._base, self.first_packet = stamp, now
        self.frames[(stamp - self._base) // FRAME] = data[12 : 12 + FRAME]
        self.came.append((now, data[12 : 12 + FRAME]))

    async def _speak(self) -> None:
        sound = alaw_encoded(self.microphone)
        due, number = time.monotonic(), random.randrange(30000)
        stamp, source = number * FRAME, random.randbytes(4)
        for at in range(0, 10**9, FRAME):
            payload = sound[at : at + FRAME] if at + FRAME <= len(sound) else SILENCE
            packet = (
                bytes((0x80, 8))
                + (number & 0xFFFF).to_bytes(2, "big")
                + (stamp & 0xFFFFFFFF).to_bytes(4, "big")
                + source
                + payload
            )
            self._send(packet)
            self.sent.append(time.monotonic())
            number, stamp, due = number + 1, stamp + FRAME, due + 0.02
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _send(self, packet: bytes) -> None:
        assert self._sound is not None
        if self.network.loss and random.random() < self.network.loss:
            return
        late = self.network.late(time.monotonic() - self.answered)
        if late:
            asyncio.get_running_loop().call_later(late, self._put, packet)
        else:
            self._put(packet)

    def _put(self, packet: bytes) -> None:
        if self._sound is not None and not self._sound.is_closing():
            self._sound.sendto(packet, self._far)

    def gaps(self, longer_than_s: float = 0.06, since_s: float = 0.0) -> list[float]:
        """Seconds between two packets, where that is longer; `since_s` after the first."""
        times = [at for at, _ in self.came if at >= self.first_packet + since_s]
        return [b - a for a, b in zip(times, times[1:], strict=False) if b - a > longer_than_s]

    def heard(self) -> Recording:
        count = max(self.frames, default=-1) + 1
        pcm = b"".join(alaw_decoded(self.frames.get(i, SILENCE)) for i in range(count))
        return Recording(np.frombuffer(pcm, "<i2") / 32768)

    # -------------------------------------------------------------- signalling
    def invite(self) -> None:
        assert self._sound is not None
        port = self._sound.get_extra_info("sockname")[1]
        body = (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
            "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
        )
        self.invited = time.monotonic()
        self.request("INVITE", 1, body)

    def request(self, method: str, sequence: int, body: str = "") -> None:
        target = self.contact or f"sip:{self.dialled}@127.0.0.1:{self.phones.port}"
        branch = f"z9hG4bK-{self.number}-{id(self)}-{method}-{sequence}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.phones.own_port};rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: <sip:{CALLER}@{self.host}>;tag=t{self.number}",
            f"To: {self.to or f'<sip:{self.dialled}@127.0.0.1>'}",
            f"Call-ID: {self.id}",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:{CALLER}@{self.host}:{self.phones.own_port}>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        self.phones.send("\r\n".join(lines))

    def replied(self, status: int, text: str) -> None:
        if " INVITE" not in header(text, "CSeq"):
            return
        self.status = status
        if status >= 200:
            self.to = header(text, "To")
            if found := re.search(r"<(.+?)>", header(text, "Contact")):
                self.contact = found[1]
            self.request("ACK", 1)
        if 200 <= status < 300 and not self.answered:
            self.answered = time.monotonic()
            address = re.search(r"c=IN IP4 (\S+)", text)
            port = re.search(r"m=audio (\d+)", text)
            assert address, text
            assert port, text
            self._far = (address[1], int(port[1]))
            self._sending = asyncio.create_task(self._speak())
        elif status >= 300:
            self.over()
        self.changed.set()

    def over(self) -> None:
        self.ended = self.ended or time.monotonic()
        if self._sending:
            self._sending.cancel()
        self.changed.set()

    async def until_ended(self, within_s: float = 10.0) -> None:
        async with asyncio.timeout(within_s):
            while not self.ended:
                self.changed.clear()
                await self.changed.wait()

    async def hang_up(self) -> None:
        if not self.ended:
            self.request("BYE", 2)
            self.over()
        if self._sound:
            self._sound.close()


class RtpPhones(asyncio.DatagramProtocol):
    """One SIP port for any number of calls."""

    def __init__(self, port: int) -> None:
        self.port, self.own_port = port, 0
        self.calls: dict[str, RtpCall] = {}
        self._transport: asyncio.DatagramTransport | None = None

    async def dial(
        self,
        microphone: bytes = b"",
        *,
        network: Network = PERFECT,
        dialled: str = NUMBER,
        wait_s: float = 5.0,
    ) -> RtpCall:
        """Returns once answered or refused. Raises TimeoutError."""
        call = RtpCall(self, len(self.calls) + 1, OPERATOR, microphone, network, dialled)
        self.calls[call.id] = call
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: call, local_addr=(OPERATOR, 0))
        call.invite()
        async with asyncio.timeout(wait_s):
            while call.status < 200:
                call.changed.clear()
                await call.changed.wait()
        return call

    def send(self, text: str) -> None:
        assert self._transport is not None
        self._transport.sendto(text.encode(), ("127.0.0.1", self.port))

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport
        self.own_port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        text = data.decode(errors="replace")
        call = self.calls.get(header(text, "Call-ID"))
        first = text.partition("\r\n")[0]
        if first.startswith("SIP/2.0 "):
            if call:
                call.replied(int(first[8:11]), text)
            return
        names = ("Via", "From", "To", "Call-ID", "CSeq")
        echoed = [f"{name}: {value}" for name in names for value in headers(text, name)]
        self.send("\r\n".join(["SIP/2.0 200 OK", *echoed, "Content-Length: 0", "", ""]))
        if call and first.startswith("BYE"):
            call.over()


def headers(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}: *(.*?)\r$", text, re.MULTILINE | re.IGNORECASE)


def header(text: str, name: str) -> str:
    return next(iter(headers(text, name)), "")


@asynccontextmanager
async def rtp_phones(house: House) -> AsyncIterator[RtpPhones]:
    loop = asyncio.get_running_loop()
    phones = RtpPhones(house.settings.sip_port)
    transport, _ = await loop.create_datagram_endpoint(lambda: phones, local_addr=(OPERATOR, 0))
    try:
        yield phones
    finally:
        for call in phones.calls.values():
            await call.hang_up()
        await asyncio.sleep(0.2)  # for the goodbyes
        transport.close()
