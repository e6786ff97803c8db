"""Which telephone calls are taken, resumed, settled or left to the humans; against the small Asterisk."""

import asyncio

import aiohttp
import pytest

from tests.pipeline.fakes_audio import until
from tests.telephony.fake_asterisk import Channel
from tests.telephony.phone_house import (
    PhoneHouse,
    asks_for_a_human,
    by,
    ended,
    greeted,
    outcomes,
)
from voicebot.domain import events as on


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


async def test_who_reached_nobody_while_we_were_gone_hears_that_the_voice_is_back(house):
    async with house() as house:
        now, caller = house.stage.clock.now(), house.asterisk.caller(house.port)
        id = caller.channel.id.replace(".", "-")
        for position, event in enumerate([on.Started(now, "phone", "+33612345678"), on.Said(now, "bonjour")]):
            await house.stage.journal.append("demo", id, position, event)
        caller.legs, caller.channel.outcome = 1, "no_answer"
        async with caller:
            await until(lambda: "de nouveau" in house.told(), 10)
            events = await house.recorded(caller.channel.id, outcomes)
            assert outcomes(events) == [("returned", "")]


async def test_a_call_that_we_had_closed_begins_anew_when_it_comes_back(house):
    async with house() as house:
        now, caller = house.stage.clock.now(), house.asterisk.caller(house.port)
        id = caller.channel.id.replace(".", "-")
        for position, event in enumerate([on.Started(now, "phone", None), on.HungUp(now, "lost")]):
            await house.stage.journal.append("demo", id, position, event)
        caller.legs, caller.channel.outcome = 1, "no_answer"
        async with caller:
            await greeted(house, caller)
            assert len(await house.journal(caller.channel.id)) == 2
            assert await house.recorded(f"{caller.channel.id}-2", len)


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


async def test_a_page_in_a_browser_on_this_machine_is_no_exchange(house):
    async with house() as house, aiohttp.ClientSession() as http:
        query = {"call": "1.1", "leg": "1", "practice": "demo", "outcome": "new"}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(
                f"http://127.0.0.1:{house.port}/media", params=query, headers={"Origin": "https://x.example"}
            )
        assert refused.value.status == 403
