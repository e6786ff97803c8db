"""A headless browser call: what a page does, without the page. For `voicebot call`, `bench` and the tests."""

import asyncio

import aiohttp
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from telephony.web_line import WebLine
from telephony.webrtc import hear_at_once
from voicebot.errors import Unavailable

CONNECT_S = 15.0


async def connect(url: str, deadline_s: float = CONNECT_S) -> WebLine:
    """POST an offer to `url`; the line to whoever answered. Raises Unavailable, with everything closed."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    line = WebLine(peer)
    try:
        async with asyncio.timeout(deadline_s):
            offer = await make_offer(peer, line)
            async with aiohttp.ClientSession() as http, http.post(url, json=offer) as response:
                if response.status != 200:
                    raise Unavailable(f"{url}: HTTP {response.status}")
                answer = await response.json()
            await accept(peer, answer)
    except (TimeoutError, OSError, aiohttp.ClientError, ValueError, KeyError) as error:
        await line.hang_up()
        raise Unavailable(f"{url}: {type(error).__name__}") from error
    except BaseException:
        await line.hang_up()
        raise
    return line


async def make_offer(peer: RTCPeerConnection, line: WebLine) -> dict[str, str]:
    """`{"sdp", "type": "offer"}` with our audio and a data channel."""
    peer.addTrack(line.track)
    line.use_channel(peer.createDataChannel("call"))
    hear_at_once(peer.getTransceivers()[0])
    await peer.setLocalDescription(await peer.createOffer())
    return {"sdp": peer.localDescription.sdp, "type": peer.localDescription.type}


async def accept(peer: RTCPeerConnection, answer: dict[str, str]) -> None:
    """Use the answer; the connection is then made in the background. Raises KeyError, ValueError."""
    await peer.setRemoteDescription(RTCSessionDescription(sdp=answer["sdp"], type=answer["type"]))
