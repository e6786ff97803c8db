"""Browser calls over real WebRTC on this machine, in real time, with engines that hear and speak tones."""

import asyncio

import numpy as np
import pytest
from aiohttp import web
from aiortc import RTCPeerConnection, RTCRtpSender

from telephony.resample import To16k, To48k
from telephony.web_caller import accept, connect, make_offer
from telephony.web_line import WebLine
from telephony.webrtc import answer
from tests.pipeline.fakes_audio import PHRASES, FakeCall, pitches, silence, speech, tone, until
from voicebot.domain import events as on
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Heard, Key, Lost, Typed


class Browser:
    """The far end of a web call: plays what it is told, keeps what it hears."""

    def __init__(self, codec: str | None = None) -> None:
        self.codec = codec
        self.line: WebLine
        self.heard = bytearray()
        self._say: list[bytes] = []

    async def __aenter__(self) -> "Browser":
        peer = RTCPeerConnection()
        self.line = WebLine(peer)
        offer = await make_offer(peer, self.line)
        if self.codec:
            only = [c for c in RTCRtpSender.getCapabilities("audio").codecs if c.mimeType == self.codec]
            peer.getTransceivers()[0].setCodecPreferences(only)
            await peer.setLocalDescription(await peer.createOffer())
            offer["sdp"] = peer.localDescription.sdp
        description, self.callee = await answer(offer)
        await accept(peer, description)
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._listen())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.line.hang_up()
        await self.callee.hang_up()

    def play(self, pcm: bytes) -> None:
        self._say += [pcm[at : at + 640].ljust(640, b"\0") for at in range(0, len(pcm), 640)]

    def phrases(self) -> set[str]:
        return {PHRASES.at(hz) for hz in pitches(bytes(self.heard)) if hz}

    async def crash(self) -> None:
        """No goodbye: packets just stop."""
        for transceiver in self.line._peer.getTransceivers():
            await transceiver.sender.transport.transport.stop()

    async def _speak(self) -> None:
        while True:
            await self.line.send(self._say.pop(0) if self._say else bytes(640))
            await asyncio.sleep(0.019)

    async def _listen(self) -> None:
        async for event in self.line.received():
            if isinstance(event, Heard):
                self.heard += event.pcm


async def test_a_browser_calls_is_heard_and_answered_and_sees_captions():
    async with Browser() as browser:
        shown = []
        browser.line._channel.on("message", shown.append)
        async with FakeCall({"un rendez-vous": ["quel jour ?"]}, ["bonjour."], line=browser.callee) as call:
            await until(lambda: "bonjour." in browser.phrases())
            browser.play(silence(0.3) + speech("un rendez-vous"))
            await until(lambda: "quel jour ?" in browser.phrases())
            assert call.talk.said() == ["un rendez-vous"]
            browser.line.notify({"type": "key", "key": "0"})
            browser.line.notify({"type": "text", "text": "annuler"})
            await until(lambda: "annuler" in call.talk.said())
            assert any(isinstance(event, on.Pressed) and event.key == "0" for event in call.talk.events)
            assert any('"speaking"' in message for message in shown)
            await browser.line.hang_up()
            await until(call.task.done)
        assert call.talk.events[-1].by == "caller"


async def test_a_tab_that_is_closed_ends_the_line_within_seconds():
    async with Browser() as browser:
        await browser.callee.flowing(10)
        await browser.crash()
        async with asyncio.timeout(8):
            last = [event async for event in browser.callee.received()][-1]
    assert last == Lost(), "nobody hung up"


async def test_a_secretary_whose_browser_crashes_gives_the_caller_back():
    async with Browser() as secretary, FakeCall({"allô": ["je vous écoute."]}) as call:
        await secretary.callee.flowing(10)
        await call.call.take_over(secretary.callee)
        call.line.play(speech("j'ai une question"))
        await until(lambda: "j'ai une question" in secretary.phrases())
        await secretary.crash()
        await until(lambda: on.Failed in map(type, call.talk.events), 10)
        assert call.talk.events[-1].what == "human"
        call.line.play(silence(0.5) + speech("allô"))
        await until(lambda: "je vous écoute." in call.heard())


async def test_a_goodbye_is_not_a_lost_line():
    async with Browser() as browser:
        await browser.callee.flowing(10)
        browser.line.notify({"type": "bye"})
        async with asyncio.timeout(8):
            assert Lost() not in [event async for event in browser.callee.received()]


async def test_a_line_is_read_on_by_the_next_reader():
    async with Browser() as browser:
        await browser.callee.flowing(10)
        async for event in browser.callee.received():
            assert isinstance(event, Heard)
            assert len(event.pcm) == 640
            break
        browser.line.notify({"type": "key", "key": "#"})
        async for event in browser.callee.received():
            if event == Key("#"):
                break


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "[]",
        '"x"',
        '{"type": "key"}',
        '{"type": "key", "key": "00"}',
        "{" * 9999,
        b"\xff",
        '{"type": 1}',
    ],
)
async def test_nonsense_on_the_data_channel_is_ignored(message):
    line = WebLine(RTCPeerConnection())
    line._on_message(message)
    assert not line._events
    await line.hang_up()


async def test_typed_words_are_cut_to_a_length():
    line = WebLine(RTCPeerConnection())
    line._on_message('{"type": "text", "text": "' + "a" * 5000 + '"}')
    assert list(line._events) == [Typed("a" * 1000)]
    await line.hang_up()


GARBAGE = [
    {},
    {"sdp": 3, "type": "offer"},
    {"sdp": "", "type": "offer"},
    {"sdp": "hello", "type": "offer"},
    {"sdp": "v=0\r\nm=audio", "type": "offer"},
    {"sdp": "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "type": "offer"},
    {"sdp": "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio x RTP/AVP 0\r\n", "type": "offer"},
    {"sdp": "v=0", "type": "answer"},
    {"sdp": "v=0\r\na=group:BUNDLE 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n", "type": "offer"},
]


@pytest.mark.parametrize("offer", GARBAGE)
async def test_a_garbage_offer_is_told_to_be_one_and_leaves_nothing_behind(offer):
    before = asyncio.all_tasks()
    with pytest.raises(Faulty):
        await answer(offer)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_every_prefix_of_a_real_offer_is_refused_or_answered_but_never_breaks():
    peer = RTCPeerConnection()
    mine = WebLine(peer)
    offer = await make_offer(peer, mine)
    lines = offer["sdp"].splitlines(keepends=True)
    for cut in range(0, len(lines), 3):
        try:
            _, line = await answer({"sdp": "".join(lines[:cut]), "type": "offer"})
        except Faulty:
            continue
        await line.hang_up()
    await mine.hang_up()


async def test_an_offer_whose_caller_never_comes_is_given_up():
    peer = RTCPeerConnection()
    mine = WebLine(peer)
    _, line = await answer(await make_offer(peer, mine))
    with pytest.raises(Unavailable):
        await line.flowing(0.1)
    await mine.hang_up()


async def test_the_headless_caller_says_what_failed():
    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=400)

    app = web.Application()
    app.router.add_post("/call", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    with pytest.raises(Unavailable, match="400"):
        await connect(f"http://127.0.0.1:{port}/call")
    await runner.cleanup()
    with pytest.raises(Unavailable):
        await connect(f"http://127.0.0.1:{port}/call")


def test_resampling_there_and_back_keeps_a_voice_and_its_length():
    up, down = To48k(), To16k()
    pcm = tone(1000, 0.2)
    back = b"".join(down(up(pcm[at : at + 640])) for at in range(0, len(pcm), 640))
    assert len(back) == len(pcm)
    assert {round(hz) for hz in pitches(back)} == {1000}
    level = [np.abs(np.frombuffer(x, "<i2")[800:2400]).max() for x in (pcm, back)]
    assert abs(level[0] - level[1]) < 0.03 * level[0]


TELEPHONE_HZ = 1000
"""G.711 carries nothing above 3400."""
HALF_A_SECOND = 16000
"""Bytes: looked at once each, so that a slow machine keeps up with the sound."""


async def test_a_client_that_only_knows_g711_is_heard_too():
    async with Browser(codec="audio/PCMA") as browser:
        await browser.callee.flowing(10)
        browser.play(tone(TELEPHONE_HZ, 1.0))
        heard = bytearray()
        async with asyncio.timeout(10):
            async for event in browser.callee.received():
                if not isinstance(event, Heard):
                    continue
                heard += event.pcm
                lately = bytes(heard[-HALF_A_SECOND:]) if len(heard) % HALF_A_SECOND < len(event.pcm) else b""
                if TELEPHONE_HZ in {round(hz / 125) * 125 for hz in pitches(lately) if hz}:
                    break
