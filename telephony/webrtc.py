"""Browser calls: an SDP offer in, an answer and a `Line` out.

Directly on aiortc. pipecat's SmallWebRTCConnection wraps the same peer connection, but its data channel
speaks pipecat's own messages, it forces a video transceiver open and closes itself on timers of its own; of
what it does we need the few lines in `answer`.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtp import RtpPacket

from telephony.web_line import WebLine
from voicebot.errors import Faulty

ANSWER_S = 5.0
"""Deadline for reading an offer and gathering our candidates."""
NEWER = 1 << 15
"""RTP sequence numbers less than half the circle ahead are newer (RFC 3550 appendix A.1)."""


UNREADABLE: tuple[type[Exception], ...] = (
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    AssertionError,
    InvalidAccessError,
    InvalidStateError,
    TimeoutError,
    OSError,
    Faulty,
)
"""What aiortc's parser raises on an offer that is none; it has no error of its own."""


class NoWait(JitterBuffer):
    """A jitter buffer that holds nothing back.

    aiortc's waits for four more packets (80 ms), stalls 0.3 s at each lost one and stays that late for ever
    after. A recogniser wants samples as they come: each RTP packet holds one whole Opus frame (RFC 7587
    §4.2), so each newer one is handed on, and one that comes too late is dropped.
    """

    def __init__(self) -> None:
        super().__init__(capacity=16)
        self._last: int | None = None

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """See JitterBuffer: (picture lost, frame or None)."""
        ahead = 1 if self._last is None else (packet.sequence_number - self._last) & 0xFFFF
        if not 0 < ahead < NEWER:
            return False, None
        self._last = packet.sequence_number
        return False, JitterFrame(data=packet._data, timestamp=packet.timestamp)  # type: ignore[attr-defined]  # set by aiortc


async def answer(offer: Mapping[str, Any]) -> tuple[dict[str, str], WebLine]:
    """`{"sdp", "type": "offer"}` → (`{"sdp", "type": "answer"}`, the caller's line).

    Raises Faulty, with everything closed, when the offer is not a WebRTC offer with audio.
    """
    sdp, kind = offer.get("sdp"), offer.get("type")
    if not isinstance(sdp, str) or kind != "offer":
        raise Faulty("L'offre doit être un objet JSON avec « sdp » (texte) et « type » égal à « offer ».")
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    line = WebLine(peer)
    try:
        async with asyncio.timeout(ANSWER_S):
            await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
            _prepare_audio(peer, line)
            await peer.setLocalDescription(await peer.createAnswer())
    except UNREADABLE as error:
        await line.hang_up()
        raise Faulty(str(error) if isinstance(error, Faulty) else "L'offre SDP est illisible.") from None
    except BaseException:
        await line.hang_up()
        raise
    local = peer.localDescription
    return {"sdp": local.sdp, "type": local.type}, line


def _prepare_audio(peer: RTCPeerConnection, line: WebLine) -> None:
    audio = [t for t in peer.getTransceivers() if t.kind == "audio"]
    if not audio:
        raise Faulty("L'offre ne contient pas de son.")
    for transceiver in peer.getTransceivers():
        transceiver.direction = "sendrecv" if transceiver is audio[0] else "inactive"
    hear_at_once(audio[0])
    audio[0].sender.replaceTrack(line.track)


def hear_at_once(transceiver: Any) -> None:
    """Replace the receiver's jitter buffer, before the first packet. (A private name of aiortc 1.16.)"""
    transceiver.receiver._RTCRtpReceiver__jitter_buffer = NoWait()
