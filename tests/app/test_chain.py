"""`voicebot check --chain` against a service that answers, mishears, is mute or is not there."""

import asyncio
import math
import re
import struct
from contextlib import asynccontextmanager

import pytest

from telephony.webrtc import answer
from tests.app.on_show import service
from voicebot.app import chain, vendor
from voicebot.app.server import serving
from voicebot.errors import Unavailable
from voicebot.ports import Heard
from voicebot.settings import Settings

TICK = struct.pack("<320h", *(round(6000 * math.sin(math.tau * 440 * n / 16000)) for n in range(320)))
SILENCE = bytes(len(TICK))
SAID = TICK * 50
"""One second: what is said is for the service to understand, and these services pretend."""
LOUD = 500


class PretendedCall:
    """Greets, waits for the end of what the caller says, shows `hears` and answers: all of it in tones."""

    def __init__(self, line, hears, mute):
        self.line, self.hears, self.mute = line, hears, mute
        self.ticks = 50

    async def run(self):
        async with asyncio.TaskGroup() as tasks:
            speaking = tasks.create_task(self.speak())
            await self.listen()
            speaking.cancel()
        await self.line.hang_up()

    async def listen(self):
        spoke, quiet = False, 0
        async for event in self.line.received():
            if not isinstance(event, Heard):
                continue
            loud = max(abs(x) for (x,) in struct.iter_unpack("<h", event.pcm)) > LOUD
            spoke, quiet = spoke or loud, 0 if loud else quiet + 1
            if spoke and quiet == 20:
                self.line.notify({"type": "caption", "who": "caller", "text": self.hears, "final": True})
                self.ticks = 50

    async def speak(self):
        while True:
            self.ticks -= 1
            await self.line.send(TICK if self.ticks > 0 and not self.mute else SILENCE)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(monkeypatch, hears="", mute=False, full=False):
    monkeypatch.setattr(vendor, "require", lambda: None)
    calls = set()

    async def place(practice, offer):
        if full:
            raise Unavailable("no line is free")
        description, line = await answer(offer)
        calls.add(asyncio.create_task(PretendedCall(line, hears, mute).run()))
        return description

    async with serving(service(place_call=place), Settings(port=0)) as url:
        yield url
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


async def links(url):
    return [(link.holds, link.sentence) async for link in chain.web(url, "demo", SAID)]


async def test_a_chain_that_holds_is_told_link_by_link(monkeypatch):
    async with running(monkeypatch, "bonjour quel sont vos horaires d'ouverture s'il vous plait") as url:
        found = await links(url)
    assert all(holds for holds, _ in found), found
    told = "\n".join(sentence for _, sentence in found)
    for part in (
        "Le service répond",
        "accepté",
        "L'accueil s'entend",
        "a entendu « bonjour quel",
        "La réponse",
    ):
        assert part in told
    assert re.search(r"\d,\d s après l'appel", told)


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        ({"hears": "merci d'avoir regardé cette vidéo"}, "trop différent"),
        ({"mute": True}, "L'accueil ne s'entend pas"),
        ({"full": True}, "n'est pas accepté"),
    ],
)
async def test_the_link_that_does_not_hold_is_the_last_one_told(monkeypatch, fault, last):
    monkeypatch.setattr(chain, "GREETING_S", 3.0)
    async with running(monkeypatch, **fault) as url:
        found = await links(url)
    assert [holds for holds, _ in found] == [True] * (len(found) - 1) + [False]
    assert last in found[-1][1]


async def test_a_service_that_is_not_there_is_told_how_to_start():
    ((holds, sentence),) = await links("http://127.0.0.1:9")
    assert not holds
    assert "make run" in sentence


def test_where_the_service_answers():
    assert chain.address(Settings(port=8081)) == "http://127.0.0.1:8081"
    public = Settings(tls_cert="a", tls_key="b", public_url="https://voix.example.fr/")
    assert chain.address(public) == "https://voix.example.fr"
