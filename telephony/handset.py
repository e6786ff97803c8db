"""A caller's telephone that stamps every packet: for `voicebot call` and `voicebot bench`.

It speaks recordings over a real WebRTC call, 20 ms at a time over continuous line noise, and keeps every RTP
packet with the instant it arrived, before anything buffers it. Decoding is for afterwards (`decoded`).
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket
from av import CodecContext
from av.error import FFmpegError
from av.packet import Packet as AvPacket
from numpy.typing import NDArray

from telephony.web_caller import accept
from telephony.web_line import WebLine
from telephony.webrtc import NoWait
from voicebot.errors import Unavailable
from voicebot.ports import Heard

RATE, FRAME_S = 16000, 0.02
FRAME_BYTES = 640
"""20 ms of s16le mono 16 kHz."""
CONNECT_S = 15.0
LOUD = 32768 * 10 ** (-45 / 20)
"""RMS of a frame in which somebody speaks; our voice is at -20 dBFS, its pauses are digital silence."""


@dataclass(frozen=True)
class Packet:
    """20 ms of Opus, and when it came. Instants are seconds of `time.monotonic`."""

    at: float
    opus: bytes


@dataclass(frozen=True)
class Caption:
    """What the page shows. `who`: voice or caller."""

    at: float
    who: str
    text: str
    final: bool


@dataclass(frozen=True)
class Span:
    """From the first sample said to behind the last one, on a microphone's clock."""

    start: float
    end: float


class Stamping(NoWait):
    """Sees every packet of the answering side on arrival."""

    def __init__(self, packets: list[Packet]) -> None:
        super().__init__()
        self._stamped = packets

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """See NoWait."""
        self._stamped.append(Packet(time.monotonic(), packet._data))  # type: ignore[attr-defined]  # set by aiortc
        return super().add(packet)


class Handset:
    """One call. Get it from `calling`."""

    def __init__(self, noise: bytes) -> None:
        self._noise = noise
        self._noise_at = 0
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._line = WebLine(self._peer)
        self._channel = self._peer.createDataChannel("call")
        self._frames: deque[bytes] = deque()
        self._silent = asyncio.Event()
        self._sent: list[float] = []
        self._loud_at = 0.0
        self.packets: list[Packet] = []
        """All that came, in order of arrival."""
        self.captions: list[Caption] = []
        self.gone = asyncio.Event()
        """The other side hung up, or was lost."""

    async def connect(self, url: str) -> None:
        """POST our offer. Raises Unavailable."""
        self._peer.addTrack(self._line.track)
        self._line.use_channel(self._channel)
        self._channel.on("message", self._captioned)
        receiver: Any = self._peer.getTransceivers()[0].receiver
        receiver._RTCRtpReceiver__jitter_buffer = Stamping(self.packets)  # a private name of aiortc 1.16
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._peer.setLocalDescription(await self._peer.createOffer())
                local = self._peer.localDescription
                offer = {"sdp": local.sdp, "type": local.type}
                async with aiohttp.ClientSession() as http, http.post(url, json=offer) as response:
                    if response.status != 200:
                        raise Unavailable(f"{url}: HTTP {response.status}")
                    await accept(self._peer, await response.json())
        except (TimeoutError, OSError, aiohttp.ClientError, ValueError, KeyError) as error:
            raise Unavailable(f"{url}: {type(error).__name__}") from error

    async def say(self, pcm: bytes) -> Span | None:
        """Say s16le mono 16 kHz; returns when it was said, None when the other side left meanwhile."""
        first, samples = len(self._sent), len(pcm) // 2
        for at in range(0, len(pcm), FRAME_BYTES):
            piece = pcm[at : at + FRAME_BYTES]
            self._frames.append(piece + self._line_noise()[len(piece) :])
        self._silent.clear()
        gone = asyncio.create_task(self.gone.wait())
        said = asyncio.create_task(self._silent.wait())
        await asyncio.wait({gone, said}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        said.cancel()
        last = first + (samples - 1) // (FRAME_BYTES // 2)
        if last >= len(self._sent):
            return None
        rest = (last - first + 1) * FRAME_BYTES // 2 - samples
        return Span(self._sent[first] - FRAME_S, self._sent[last] - rest / RATE)

    def press(self, key: str) -> None:
        """A key of the keypad: 0-9 * #."""
        self._channel.send(json.dumps({"type": "key", "key": key}))

    async def until_quiet(self, since: float, quiet_s: float, patience_s: float) -> bool:
        """Wait until the voice, heard after `since`, has been silent for `quiet_s`.

        False when nothing was heard for `patience_s`, or the other side is gone.
        """
        while not self.gone.is_set():
            now = time.monotonic()
            if self._loud_at <= since and now - since >= patience_s:
                return False
            if self._loud_at > since and now - self._loud_at >= quiet_s:
                return True
            await asyncio.sleep(FRAME_S)
        return False

    async def speak(self) -> None:
        """Send a frame every 20 ms for as long as the call lasts."""
        due = time.monotonic()
        while not self.gone.is_set():
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._line.send(self._frames.popleft() if self._frames else self._line_noise())
            self._sent.append(time.monotonic())
            if not self._frames:
                self._silent.set()

    async def listen(self) -> None:
        """Notice whether the voice is talking, until the other side leaves."""
        async for event in self._line.received():
            if isinstance(event, Heard):
                x = np.frombuffer(event.pcm, "<i2").astype(np.float32)
                if float(np.dot(x, x)) > LOUD**2 * len(x):
                    self._loud_at = time.monotonic()
        self.gone.set()

    async def hang_up(self) -> None:
        """Leave the line, whatever state it is in."""
        await self._line.hang_up()

    def _captioned(self, message: str | bytes) -> None:
        match json.loads(message):
            case {"type": "caption", "who": str(who), "text": str(text), "final": bool(final)}:
                self.captions.append(Caption(time.monotonic(), who, text, final))

    def _line_noise(self) -> bytes:
        self._noise_at = (self._noise_at + FRAME_BYTES) % (len(self._noise) - FRAME_BYTES)
        return self._noise[self._noise_at : self._noise_at + FRAME_BYTES]


@asynccontextmanager
async def calling(url: str, noise: bytes) -> AsyncIterator[Handset]:
    """A call to `url`, on a line with this noise (s16le mono 16 kHz, repeated). Raises Unavailable."""
    handset = Handset(noise)
    try:
        await handset.connect(url)
        async with asyncio.TaskGroup() as tasks:
            ends = [tasks.create_task(handset.speak()), tasks.create_task(handset.listen())]
            try:
                yield handset
            finally:
                for end in ends:
                    end.cancel()
    finally:
        await asyncio.shield(handset.hang_up())


def decoded(packets: Iterable[Packet]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """(arrival, samples in -1..1 at 48 kHz mono) of each packet that can be decoded, in order."""
    decoder = CodecContext.create("libopus", "r")
    decoder.format, decoder.layout, decoder.sample_rate = "s16", "stereo", 48000
    for packet in packets:
        try:
            frames = decoder.decode(AvPacket(packet.opus))
        except FFmpegError:
            continue
        for frame in frames:
            stereo = frame.to_ndarray().reshape(-1, 2).astype(np.float32)
            yield packet.at, stereo.mean(axis=1) / np.float32(32768)
