"""Calls by telephone against a small Asterisk: legs that leave and come back, and what the record says."""

import asyncio
import wave
from contextlib import asynccontextmanager

import aiohttp
import numpy as np
import pytest

from tests.pipeline.fakes_audio import pitches, until
from tests.telephony.fake_asterisk import Channel, FakeAsterisk
from tests.telephony.phone_house import VOICE_HZ, PhoneHouse, by, ended, noticed, outcomes
from voicebot.adapters.database import migrate
from voicebot.domain import events as on
from voicebot.pipeline.hearing import Watch


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def house(template, tmp_path):
    @asynccontextmanager
    async def opened(**how):
        async with FakeAsterisk() as asterisk, PhoneHouse(template, tmp_path, asterisk, **how) as house:
            yield house

    return opened


def voice(caller):
    return any(abs(hz - VOICE_HZ) < 60 for hz in pitches(bytes(caller.heard)[-6400:]))


async def greeted(house, caller):
    await until(lambda: voice(caller), 5)
    await until(lambda: "assistant" in house.told(), 5)


async def asks_for_a_human(house, caller):
    await greeted(house, caller)
    await caller.press("0")


async def test_a_caller_is_greeted_heard_and_hangs_up(house, monkeypatch):
    monkeypatch.setattr("telephony.asterisk.legs.EARLY_S", -1.0)
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        await caller.press("1")
        await asyncio.sleep(0.5)
        await caller.hang_up()
        events = await house.recorded(caller.channel.id, ended)
        started = events[0]
        assert (started.channel, started.number, started.dialled) == ("phone", "+33612345678", "+33199004712")
        assert any(isinstance(event, on.Pressed) for event in events)
        assert (by(events), noticed(events)) == ("caller", [])
        await until(lambda: not house.exchange.calls)


async def test_who_hangs_up_at_once_is_named_so(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        await caller.hang_up()
        events = await house.recorded(caller.channel.id, ended)
        assert (by(events), noticed(events)) == ("caller", ["early_hang_up"])


async def test_the_switch_is_held_while_the_call_is_served(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        await until(lambda: len(house.asterisk.beats) >= 3)
        assert {leg for _, leg in house.asterisk.beats} == {"WebSocket/leg1"}


async def test_a_stuck_pipeline_lets_go_of_the_switch(house, monkeypatch):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        line = house.telephone._calls[caller.channel.id].line

        async def stuck(pcm):
            await asyncio.Event().wait()

        monkeypatch.setattr(line, "send", stuck)
        await asyncio.sleep(1.5)
        beats = len(house.asterisk.beats)
        await asyncio.sleep(2.5)
        assert len(house.asterisk.beats) == beats


async def test_a_human_is_briefed_and_takes_the_caller(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 1.0))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.channel.state == "human")
        (decision,) = caller.transfers
        assert (decision["XFER_TO"], decision["XFER_RING"], decision["XFER_URGENT"]) == ("accueil", "5", "")
        with wave.open(str(house.spool / f"brief-{caller.channel.id}.wav")) as brief:
            assert (brief.getframerate(), brief.getnchannels(), brief.getsampwidth()) == (8000, 1, 2)
            sound = np.frombuffer(brief.readframes(brief.getnframes()), "<i2")
        assert 0.2 < len(sound) / 8000 <= 14
        assert sound.std() > 300
        events = await house.recorded(caller.channel.id, outcomes)
        assert outcomes(events) == [("answered", "accueil")]
        await until(lambda: not house.exchange.calls)  # it takes none of our lines any more
        assert not ended(events)
        await caller.hang_up()
        events = await house.recorded(caller.channel.id, ended)
        assert by(events) == "caller"
        assert await house.stage.tickets.open("demo") == []
        await until(lambda: not list(house.spool.iterdir()))


async def test_the_caller_hears_that_somebody_is_rung_before_we_leave(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 30.0))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.transfers)
        frames = pitches(bytes(caller.heard), 320)
        assert any(frames[-40:])


@pytest.mark.parametrize("outcome", ["declined", "busy", "no_answer", "unreachable", "failed"])
async def test_who_does_not_answer_leads_to_the_next_one_and_then_back_to_us(house, outcome):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans += [(outcome, 0.2), (outcome, 0.2)]
        await asks_for_a_human(house, caller)
        events = await house.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events) == [(outcome, "accueil"), (outcome, "moreau")]
        heard = len(caller.heard)
        await until(lambda: any(pitches(bytes(caller.heard)[heard:])), 10)
        assert caller.legs == 3
        assert not ended(events)


async def test_a_caller_who_leaves_while_it_rings_is_rung_back(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 30.0))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.transfers)
        await caller.hang_up()
        events = await house.recorded(caller.channel.id, ended)
        assert outcomes(events) == [("caller_left", "accueil")]
        assert by(events) == "caller"


async def test_a_long_ringing_is_not_a_lost_line(house):
    quick = Watch(stall_s=0.5, lost_s=1.0)
    async with house(watch=quick) as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("no_answer", 2.0))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.legs == 2, 40)
        assert not ended(await house.journal(caller.channel.id))


async def test_a_human_may_give_the_caller_back(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 0.1))
        await asks_for_a_human(house, caller)
        await house.recorded(caller.channel.id, outcomes)
        await until(lambda: not house.exchange.calls)
        heard = len(caller.heard)
        caller.channel.outcome = "returned"
        await caller.given_back()
        await until(lambda: any(pitches(bytes(caller.heard)[heard:])), 10)
        events = await house.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events)[-1] == ("returned", "accueil")
        assert house.exchange.calls == 1


async def test_news_that_a_human_answered_may_be_lost(house, monkeypatch):
    monkeypatch.setattr("telephony.asterisk.legs.ACCEPT_S", -4.0)
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 0.1))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.legs)
        house.asterisk.forgetful = True
        events = await house.recorded(caller.channel.id, outcomes)
        assert outcomes(events) == [("answered", "accueil")]


async def test_one_way_sound_is_named_and_the_caller_is_not_dropped(house, monkeypatch):
    monkeypatch.setattr("telephony.asterisk.legs.ONE_WAY_S", 1.0)
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.mute = True
        events = await house.recorded(caller.channel.id, noticed)
        assert noticed(events) == ["one_way"]
        assert not ended(events)
        assert voice(caller) or caller.heard


async def test_a_leg_that_asterisk_cuts_leaves_the_caller_to_the_humans(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        await caller._socket.close()
        events = await house.recorded(caller.channel.id, ended)
        assert by(events) == "lost"
        assert caller.channel.state == "rescue"


async def test_a_broken_call_goes_to_the_humans_at_once(house, monkeypatch):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)

        def breaks(*_):
            raise RuntimeError("boum")

        monkeypatch.setattr("voicebot.conversation.step", breaks)
        await caller.press("1")
        await until(lambda: caller.channel.state == "rescue", 5)
        await until(lambda: not house.exchange.calls)


async def test_a_restarted_service_goes_on_where_the_call_was(house, template, tmp_path):
    async with house() as first:
        asterisk = first.asterisk
        async with asterisk.caller(first.port) as caller:
            caller.humans += [("no_answer", 2.0), ("answered", 0.2)]
            await asks_for_a_human(first, caller)
            await until(lambda: caller.transfers)
            await first._stack.aclose()  # gone while the human's telephone rings
            again = PhoneHouse.__new__(PhoneHouse)
            again.__dict__ |= first.__dict__
            again.exchange = type(first.exchange)(first.exchange._house_of, first.stage.ports, first.hub, 8)
            async with again:
                caller.port = again.port
                events = await again.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
                assert outcomes(events) == [("no_answer", "accueil"), ("answered", "moreau")]
                assert sum(isinstance(event, on.Started) for event in events) == 1
                await caller.hang_up()
                await again.recorded(caller.channel.id, ended)


async def test_a_call_lost_with_us_is_settled_when_its_caller_hangs_up(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        now = house.stage.clock.now()
        for position, event in enumerate([on.Started(now, "phone", "+33612345678"), on.Said(now, "bonjour")]):
            await house.stage.journal.append("demo", "88-1", position, event)
        house.asterisk.event("UserEvent", UserEvent="CallEnded", call="88.1", practice="demo", state="human")
        events = await house.recorded("88.1", ended)
        assert outcomes(events) == [("answered", "")]
        assert by(events) == "caller"
        assert caller.legs == 1


async def test_above_the_capacity_the_humans_are_rung(house):
    async with house(at_once=1) as house, house.asterisk.caller(house.port) as first:
        await greeted(house, first)
        async with house.asterisk.caller(house.port) as second:
            await until(lambda: second.channel.state == "rescue")
            assert second.refused == 503
        assert not first.channel.ended.is_set()


async def test_without_a_way_to_decide_no_call_is_taken(house):
    async with house() as house:
        house.asterisk.secret = "changed"
        house.asterisk.cut()
        await until(lambda: not house.ami.connected)
        async with house.asterisk.caller(house.port) as caller:
            await until(lambda: caller.channel.state == "rescue")
            assert caller.refused == 503


async def test_who_calls_too_often_gets_a_human(house):
    async with house() as house:
        house.admitted = False
        async with house.asterisk.caller(house.port) as caller:
            await until(lambda: caller.refused == 503)


async def test_draining_takes_no_new_calls_and_lets_the_running_ones_end(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("no_answer", 1.0))
        await greeted(house, caller)
        draining = asyncio.create_task(house.exchange.drain(60))
        await asyncio.sleep(0.1)
        async with house.asterisk.caller(house.port) as late:
            await until(lambda: late.channel.state == "rescue")
        await caller.press("0")
        await until(lambda: caller.legs >= 2, 20)  # a call of ours may come back
        await caller.hang_up()
        await asyncio.wait_for(draining, 10)


async def test_at_the_deadline_who_is_left_goes_to_the_humans(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        await house.exchange.drain(0.3)
        await house.exchange.stop()
        await until(lambda: caller.channel.state == "rescue", 5)


WRONG = [
    {"leg": "0"},
    {"leg": "x"},
    {"leg": "-1"},
    {"call": "../../etc/passwd"},
    {"call": ""},
    {"practice": "nobody"},
    {"call": "1\r\n2"},
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_leg_of_nobody_is_refused(house, wrong):
    async with house() as house, aiohttp.ClientSession() as http:
        query = {"call": "1.1", "leg": "1", "practice": "demo", "outcome": "new"} | wrong
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(f"http://127.0.0.1:{house.port}/media", params=query, protocols=["media"])
        assert refused.value.status == 400
        async with http.get(f"http://127.0.0.1:{house.port}/media") as plain:
            assert plain.status == 400


async def test_what_was_missed_is_found_out_by_asking_whom_asterisk_holds(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        now = house.stage.clock.now()
        await house.stage.journal.append("demo", "88-1", 0, on.Started(now, "phone", "+33612345678"))
        await house.stage.journal.append("demo", "77-1", 0, on.Started(now, "phone", "+33612345678"))
        house.asterisk.channels["77.1"] = Channel("77.1")
        caller.humans.append(("answered", 0.1))
        await asks_for_a_human(house, caller)
        await house.recorded(caller.channel.id, outcomes)
        house.asterisk.forgetful = True
        await caller.hang_up()
        await house.telephone._resync()
        assert ended(await house.recorded(caller.channel.id, ended))
        assert by(await house.journal("88-1")) == "lost"
        assert not ended(await house.journal("77-1"))
