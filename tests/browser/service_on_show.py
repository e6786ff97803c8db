"""The real server and pages over a pretended practice, as a process: for browsers, and to be killed.

Its calls are real WebRTC without a voice: they answer on the data channel, and send silence.
"""

import asyncio
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

from tests.app.on_show import QuietCall, busy_morning, chest_pain, service
from voicebot.app.server import serving
from voicebot.settings import Settings

GREETING = "Bonjour, vous êtes bien au cabinet des Tilleuls. Je suis un assistant automatique."
HEARD = "Je vous entends."
PEERS, LISTENING = set(), set()


async def answer(offer, opened=lambda channel: None, received=lambda channel, message: None):
    peer = RTCPeerConnection()
    PEERS.add(peer)
    peer.addTrack(AudioStreamTrack())

    channel_opens = asyncio.get_running_loop().create_future()

    @peer.on("track")
    def listen(track):
        LISTENING.add(asyncio.ensure_future(hear(channel_opens, track)))

    @peer.on("datachannel")
    def channel_opened(channel):
        channel_opens.set_result(channel)
        opened(channel)
        channel.on("message", lambda text: received(channel, json.loads(text)))

    await peer.setRemoteDescription(RTCSessionDescription(**offer))
    await peer.setLocalDescription(await peer.createAnswer())
    return {"sdp": peer.localDescription.sdp, "type": "answer"}


async def hear(channel_opens, track):
    """Say so once audio comes from the browser."""
    await track.recv()
    tell(await channel_opens, type="caption", who="voice", text=HEARD, final=True)


def tell(channel, **message):
    channel.send(json.dumps(message))


def greet(channel):
    tell(channel, type="state", state="listening")
    tell(channel, type="caption", who="voice", text="Bonjour, vous êtes bien", final=False)
    tell(channel, type="caption", who="voice", text=GREETING, final=True)


def reply(channel, message):
    match message:
        case {"type": "text", "text": "au revoir"}:
            tell(channel, type="state", state="ended")
        case {"type": "text", "text": text}:
            tell(channel, type="caption", who="caller", text=text, final=True)
        case {"type": "key", "key": key}:
            tell(channel, type="caption", who="caller", text=f"touche {key}", final=True)


async def place(practice, offer):
    return await answer(offer, greet, reply)


async def join(offer):
    async def line():
        await asyncio.sleep(0)
        return "a secretary's line"

    return await answer(offer), line


async def main(port):
    parts = service(place_call=place, join=join)
    if "busy" in sys.argv:
        busy_morning(parts.hub)
    async with serving(parts, Settings(port=port)) as url:
        print(url, flush=True)
        if "busy" in sys.argv:
            await parts.hub.ring("b2", chest_pain(), 300)
            parts.hub.open("c3", "demo", "web", parts.clock(), QuietCall())
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
