"""A browser as a `Line`: aiortc's tracks at 48 kHz on one side, s16le mono 16 kHz on the other.

The data channel carries JSON. In: `{"type": "key", "key": "0"}`, `{"type": "text", "text": "…"}`, and
`{"type": "bye"}` from a party who hangs up: without it, a line that ends is lost. Out: whatever `notify` is
given, captions and state.
"""

import asyncio
import fractions
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCDataChannel, RTCPeerConnection
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler

from telephony.resample import To16k, To48k
from voicebot.errors import Unavailable
from voicebot.ports import Heard, Key, LineEvent, Lost, Typed

FRAME_48K = 960
"""Samples of 20 ms."""
GAP_S = 0.2
"""Silence of the sender longer than this moves the RTP clock on."""
GONE_S = 5.0
"""Without a packet of any kind for this long the browser is gone. (ICE consent takes 30 s, RFC 7675.)"""
LOOK_S = 0.5
CLOSE_S = 5.0
LATE = 15
"""Frames kept that have not left, 0.3 s."""
GOODBYE_S = 0.1
"""For the last message to leave before the connection is closed."""
UNHEARD = 250
"""Events kept while nobody reads, 5 s; older ones are dropped."""
TEXT_LENGTH = 1000
"""Characters of a typed message that are taken."""
KEYS = frozenset("0123456789*#")


class SpeakerTrack(MediaStreamTrack):
    """What the browser plays: frames leave as they are sent; the sender paces."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._queue: deque[bytes] = deque(maxlen=LATE)
        self._news = asyncio.Event()
        self._to_48k = To48k()
        self._pts = 0
        self._last: float | None = None

    def send(self, pcm: bytes) -> None:
        """Queue s16le mono 16 kHz; what the network is too slow for is dropped, oldest first."""
        self._queue.append(pcm)
        self._news.set()

    def flush(self) -> None:
        """Drop what has not left."""
        self._queue.clear()

    async def recv(self) -> AudioFrame:
        """The next frame, for aiortc's sender."""
        if self.readyState != "live":
            raise MediaStreamError
        while not self._queue:
            self._news.clear()
            await self._news.wait()
        samples = self._to_48k(self._queue.popleft())
        now = _now()
        if self._last is not None and now - self._last > GAP_S:
            self._pts += round((now - self._last) * 50) * FRAME_48K
        self._last = now
        frame = AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = 48000, fractions.Fraction(1, 48000), self._pts
        self._pts += len(samples)
        return frame


class WebLine:
    """The `Line` of one browser."""

    def __init__(self, peer: RTCPeerConnection) -> None:
        self._peer = peer
        self.track = SpeakerTrack()
        self._events: deque[LineEvent] = deque(maxlen=UNHEARD)
        self._news = asyncio.Event()
        self._flowing = asyncio.Event()
        self._gone = False
        self._channel: RTCDataChannel | None = None
        self._unsent: deque[str] = deque(maxlen=UNHEARD)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        peer.on("track", self._on_track)
        peer.on("datachannel", self.use_channel)
        peer.on("connectionstatechange", self._on_state)

    async def flowing(self, deadline_s: float) -> None:
        """Return once the other side's audio arrives. Raises Unavailable, closed, when it does not."""
        try:
            async with asyncio.timeout(deadline_s):
                await self._flowing.wait()
        except TimeoutError:
            self._gone = True
        if self._gone:
            await self.hang_up()
            raise Unavailable("the browser's audio never arrived")

    async def received(self) -> AsyncIterator[LineEvent]:
        """See Line. Can be left and taken up again by another reader."""
        while True:
            while self._events:
                yield self._events.popleft()
            if self._gone:
                return
            self._news.clear()
            await self._news.wait()

    async def send(self, pcm: bytes) -> None:
        """See Line."""
        if not self._gone:
            self.track.send(pcm)

    def notify(self, message: Mapping[str, object]) -> None:
        """See Line. Before the channel is open messages wait; a page without one misses them."""
        text = json.dumps(message, ensure_ascii=False)
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(text)
        else:
            self._unsent.append(text)

    async def flush(self) -> None:
        """See Line."""
        self.track.flush()

    async def hang_up(self) -> None:
        """See Line."""
        self._leave()
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.shield(self._closing)

    def use_channel(self, channel: RTCDataChannel) -> None:
        """Keys, text and captions go over this data channel."""
        self._channel = channel
        channel.on("message", self._on_message)
        channel.on("open", self._send_unsent)
        channel.on("close", self._lose)
        self._send_unsent()

    def _send_unsent(self) -> None:
        while self._channel is not None and self._channel.readyState == "open" and self._unsent:
            self._channel.send(self._unsent.popleft())

    def _on_message(self, text: str | bytes) -> None:
        match _read(text):
            case {"type": "key", "key": str(key)} if key in KEYS:
                self._put(Key(key))
            case {"type": "text", "text": str(words)}:
                self._put(Typed(words[:TEXT_LENGTH]))
            case {"type": "bye"}:
                self._leave()

    def _on_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._start(self._listen(track))
            self._start(self._watch())

    def _on_state(self) -> None:
        if self._peer.connectionState in ("failed", "closed"):
            self._lose()

    async def _listen(self, track: MediaStreamTrack) -> None:
        to_16k, other_rates = To16k(), AudioResampler("s16", "mono", 16000)
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                self._flowing.set()
                if frame.sample_rate != 48000:  # not Opus: G.711, from a simple client
                    for converted in other_rates.resample(frame):
                        self._put(Heard(converted.to_ndarray().tobytes()))
                    continue
                samples = frame.to_ndarray()
                if frame.layout.name == "stereo":
                    samples = samples.reshape(-1, 2).mean(axis=1)
                self._put(Heard(to_16k(samples.ravel().astype(np.int16))))
        except MediaStreamError:
            self._lose()

    async def _watch(self) -> None:
        """A closed tab says nothing: notice that its packets have stopped."""
        await self._flowing.wait()
        packets, since = -1, _now()
        while not self._gone:
            await asyncio.sleep(LOOK_S)
            now = await self._packets()
            if now != packets:
                packets, since = now, _now()
            elif _now() - since >= GONE_S - LOOK_S:
                self._lose()

    async def _packets(self) -> int:
        """RTP, RTCP and data packets received so far."""
        for transceiver in self._peer.getTransceivers():
            stats = await transceiver.receiver.getStats()
            for report in stats.values():
                if report.type == "transport":
                    return int(report.packetsReceived)
        return 0

    def _put(self, event: LineEvent) -> None:
        self._events.append(event)
        self._news.set()

    def _lose(self) -> None:
        """The other side is gone and did not say so."""
        if not self._gone:
            self._put(Lost())
            self._leave()

    def _leave(self) -> None:
        """The other side is gone: readers see the end after what has already arrived."""
        self._gone = True
        self._flowing.set()
        self._news.set()

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        if self._channel is not None and self._channel.readyState == "open":
            await asyncio.sleep(GOODBYE_S)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.track.stop()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._peer.close()
        except TimeoutError:
            pass


def _read(text: str | bytes) -> Any:
    """A data channel message; anything but JSON is nothing."""
    try:
        return json.loads(text)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None


def _now() -> float:
    return asyncio.get_running_loop().time()
