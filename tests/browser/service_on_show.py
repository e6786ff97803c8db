"""The real server, pages and lines over a pretended practice, as a process: for browsers, and to be killed.

Its calls have no engine: a voice that hums, answers in captions, and lets a person take over.
"""

import asyncio
import math
import struct
import sys

from telephony.bridge import bridge
from telephony.webrtc import answer
from tests.app.on_show import busy_morning, chest_pain, service
from voicebot.app.live import JOIN_S
from voicebot.app.server import serving
from voicebot.ports import Heard, Key, Typed
from voicebot.settings import Settings

GREETING = "Bonjour, vous êtes bien au cabinet des Tilleuls. Je suis un assistant automatique."
HEARD = "Je vous entends."
HUM_HZ = 440
TICK = struct.pack("<320h", *(round(9000 * math.sin(math.tau * HUM_HZ * n / 16000)) for n in range(320)))
"""20 ms; at 440 Hz the next one does not quite join on, and nobody minds."""


class HummingCall:
    """One call: hums until somebody takes over, or the caller leaves."""

    def __init__(self, line):
        self.line = line
        self.human = asyncio.get_running_loop().create_future()
        self.joined = asyncio.Event()
        self.broke = False

    async def take_over(self, line):
        self.human.set_result(line)
        await self.joined.wait()

    async def run(self):
        self.show(state="listening")
        self.caption("voice", "Bonjour, vous êtes bien", final=False)
        self.caption("voice", GREETING)
        humming, listening = asyncio.create_task(self.hum()), asyncio.create_task(self.listen())
        await asyncio.wait({self.human, listening}, return_when=asyncio.FIRST_COMPLETED)
        for task in (humming, listening):
            task.cancel()
        if self.human.done():
            self.joined.set()
            self.show(state="human")
            await bridge(self.line, self.human.result())
            await self.human.result().hang_up()
        self.show(state="lost" if self.broke else "ended")
        await self.line.hang_up()

    async def hum(self):
        while True:
            await self.line.send(TICK)
            await asyncio.sleep(0.02)

    async def listen(self):
        heard = False
        async for event in self.line.received():
            match event:
                case Typed("au revoir" | "tombe en panne" as last):
                    self.broke = last != "au revoir"
                    return
                case Typed(text):
                    self.caption("caller", text)
                case Key(key):
                    self.caption("caller", f"touche {key}")
                case Heard() if not heard:
                    heard = True
                    self.caption("voice", HEARD)

    def caption(self, who, text, final=True):
        self.line.notify({"type": "caption", "who": who, "text": text, "final": final})

    def show(self, state):
        self.line.notify({"type": "state", "state": state})


async def join(offer):
    description, line = await answer(offer)

    async def flowing():
        await line.flowing(JOIN_S)
        return line

    return description, flowing


async def main(port):
    calls = set()

    async def place(practice, offer):
        description, line = await answer(offer)
        call, name = HummingCall(line), f"call{len(calls)}"
        parts.hub.open(name, practice.id, "web", parts.clock(), call)
        task = asyncio.create_task(call.run())
        task.add_done_callback(lambda _: parts.hub.close(name))
        calls.add(task)
        return description

    parts = service(place_call=place, join=join)
    if "busy" in sys.argv:
        busy_morning(parts.hub)
    async with serving(parts, Settings(port=port)) as url:
        print(url, flush=True)
        if "busy" in sys.argv:
            await parts.hub.ring("b2", chest_pain(), 300)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
