"""Asterisk's manager interface: decided over safely, lost and found again, and nonsense from it survived."""

import asyncio
import os
from contextlib import asynccontextmanager

import pytest

from telephony.asterisk import ami as ami_module
from telephony.asterisk.ami import Ami, AmiAddress, Refused
from telephony.asterisk.ari import AriAddress, on_air
from tests.pipeline.fakes_audio import until
from tests.telephony.fake_asterisk import Channel, FakeAsterisk
from voicebot.errors import FateUnknown, Faulty, Unavailable


@asynccontextmanager
async def connected(asterisk, heard=None):
    ami = Ami(asterisk.ami, heard or (lambda _: None))
    running = asyncio.create_task(ami.run())
    try:
        await ami.until_connected(5)
        yield ami
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_decision_reaches_the_callers_channel():
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        asterisk.channels["1.1"] = Channel("1.1")
        await ami.set("1.1", "NEXT", "transfer")
        assert asterisk.channels["1.1"].variables == {"NEXT": "transfer"}
        with pytest.raises(Refused):
            await ami.set("gone", "NEXT", "transfer")


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\n", "\0"])
async def test_a_value_that_would_add_an_action_is_refused_and_nothing_is_sent(mark):
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        sent = len(asterisk.actions)
        with pytest.raises(Faulty):
            await ami.set("1.1", "CALL_REASON", f"Garnier{mark}{mark}Action: Originate")
        with pytest.raises(Faulty):
            await ami.act("Setvar", **{f"X{mark}Action": "Originate"})
        assert len(asterisk.actions) == sent


async def test_an_answer_that_does_not_come_is_a_fate_unknown(monkeypatch):
    monkeypatch.setattr(ami_module, "ACTION_S", 0.1)
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        asterisk.deaf = True
        with pytest.raises(FateUnknown):
            await ami.hang_up("1.1")


async def test_a_lost_connection_fails_what_waits_and_is_made_again():
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        asterisk.deaf = True
        waiting = asyncio.create_task(ami.hang_up("1.1"))
        await until(lambda: asterisk.actions[-1]["Action"] == "Hangup")
        asterisk.deaf = False
        asterisk.cut()
        with pytest.raises(Unavailable):
            await waiting
        await ami.until_connected(5)
        await ami.hang_up("1.1")


async def test_events_are_told_while_actions_are_answered():
    heard = []
    async with FakeAsterisk() as asterisk, connected(asterisk, heard.append) as ami:
        asterisk.event("UserEvent", UserEvent="CallEnded", call="1.1")
        await ami.hang_up("1.1")
        await until(lambda: heard)
        assert (heard[0]["event"], heard[0]["userevent"], heard[0]["call"]) == (
            "UserEvent",
            "CallEnded",
            "1.1",
        )


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xfe\x00\r\n\r\n",
        b"Response: Success\r\n\r\n" * 3,
        b"Response\r\nEvent\r\n: \r\n\r\n",
        b"Response: Success\r\nActionID: 999999\r\n\r\n",
        b"Event: UserEvent\r\n\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        os.urandom(4000) + b"\r\n\r\n",
    ],
)
async def test_nonsense_is_skipped(garbage):
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        asterisk.say(garbage)
        await ami.until_connected(5)
        for _ in range(50):  # a random line may be too long: then the connection is made again
            try:
                await ami.hang_up("1.1")
                break
            except Unavailable:
                await asyncio.sleep(0.1)
        else:
            pytest.fail("never connected again")


@pytest.mark.parametrize("flood", [b"x" * 100_000, b"".join(b"H%d: 1\r\n" % n for n in range(5000))])
async def test_what_never_ends_is_hung_up_on(flood):
    async with FakeAsterisk() as asterisk, connected(asterisk) as ami:
        asterisk.say(flood)
        await until(lambda: not ami.connected, 5)
        await ami.until_connected(5)


async def test_a_wrong_password_never_connects_and_never_crashes():
    async with FakeAsterisk() as asterisk:
        wrong = AmiAddress("127.0.0.1", asterisk.ami.port, "voice", "wrong")
        ami = Ami(wrong, lambda _: None)
        running = asyncio.create_task(ami.run())
        with pytest.raises(Unavailable):
            await ami.until_connected(0.5)
        with pytest.raises(Unavailable):
            await ami.hang_up("1.1")
        assert not running.done()
        running.cancel()


async def test_asterisk_tells_whom_it_holds_and_only_callers_count():
    async with FakeAsterisk() as asterisk:
        asterisk.channels["7.1"] = Channel("7.1", state="human")
        (air,) = await on_air(asterisk.ari)
        assert (air.call, air.state) == ("7.1", "human")
    with pytest.raises(Unavailable):
        await on_air(AriAddress("http://127.0.0.1:9/ari", "console", "pw"))
