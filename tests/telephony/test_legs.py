"""Calls by telephone against a small Asterisk: legs that leave and come back, and what the record says."""

import asyncio
import wave

import numpy as np
import pytest

from telephony.wav_line import WavLine
from tests.pipeline.fakes_audio import pitches, silence, speech, tone, until
from tests.telephony.phone_house import (
    asks_for_a_human,
    by,
    ended,
    greeted,
    noticed,
    outcomes,
    voice,
)
from voicebot.adapters import rules_yaml
from voicebot.domain import events as on
from voicebot.pipeline.hearing import Watch
from voicebot.settings import Settings


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
        assert [(view.phase, view.taken_by) for view in house.hub.calls()] == [("human", "le secrétariat")]
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
        (view,) = house.hub.calls()
        assert await house.hub.take_back(view.id)
        await until(lambda: any(pitches(bytes(caller.heard)[heard:])), 10)
        events = await house.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events)[-1] == ("returned", "accueil")
        assert house.exchange.calls == 1
        assert [(view.phase, view.taken_by) for view in house.hub.calls()] == [("automatic", "")]
        assert not await house.hub.take_back(view.id)


async def test_news_that_a_human_answered_may_be_lost(house, monkeypatch):
    monkeypatch.setattr("telephony.asterisk.legs.ACCEPT_S", -4.0)
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 0.1))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.legs)
        house.asterisk.forgetful = True
        events = await house.recorded(caller.channel.id, outcomes)
        assert outcomes(events) == [("answered", "accueil")]


async def test_who_hung_up_on_a_human_before_we_knew_of_them_was_answered_all_the_same(house, monkeypatch):
    monkeypatch.setattr("voicebot.app.phone_call.PhoneCall.joined", lambda _: None)
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 0.1))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.channel.state == "human")
        await caller.hang_up()
        events = await house.recorded(caller.channel.id, ended)
        assert outcomes(events) == [("answered", "accueil")]
        assert by(events) == "caller"


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


CHEST = "j'ai très mal dans la poitrine et j'ai du mal à respirer"


async def test_an_emergency_is_told_whom_to_call_and_then_joined_without_briefing_or_music(house):
    rules = rules_yaml.load(Settings().rules)
    async with house(rules=rules) as house, house.asterisk.caller(house.port) as caller:
        caller.humans += [("busy", 0.1), ("answered", 0.1)]
        await greeted(house, caller)
        caller.say(silence(0.5) + speech(CHEST) + silence(1.0))
        await until(lambda: caller.transfers, 20)
        assert "15" in house.told()
        assert caller.channel.variables["CALL_URGENT"] == "1"
        await until(lambda: caller.channel.state == "human", 20)
        assert [decision["XFER_URGENT"] for decision in caller.transfers] == ["1", "1"]
        assert not list(house.spool.iterdir())
        events = await house.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events) == [("busy", "accueil"), ("answered", "moreau")]


async def test_a_person_at_the_live_page_takes_a_telephone_call(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        (view,) = house.hub.calls()
        assert house.hub.claim(view.id, "lea")
        desk = WavLine()
        assert await house.hub.take_over(view.id, desk)
        desk.play(tone(2000, 4.0))
        caller.say(tone(700, 4.0))
        await until(lambda: any(abs(hz - 2000) < 60 for hz in pitches(bytes(caller.heard)[-6400:])))
        await until(lambda: any(abs(hz - 700) < 60 for hz in pitches(bytes(desk.heard)[-6400:])))
        beats = len(house.asterisk.beats)
        desk.stall()  # a browser that is silent for a while is not a service that is stuck
        await until(lambda: len(house.asterisk.beats) >= beats + 3)
        desk.leave()
        await asyncio.wait_for(caller.channel.ended.wait(), 10)
        assert caller.channel.variables["NEXT"] == "hangup"


async def test_a_browser_that_dies_with_a_telephone_call_has_the_telephones_rung(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 0.1))
        await greeted(house, caller)
        (view,) = house.hub.calls()
        assert house.hub.claim(view.id, "lea")
        desk = WavLine()
        assert await house.hub.take_over(view.id, desk)
        desk.play(tone(2000, 4.0))
        await until(lambda: any(abs(hz - 2000) < 60 for hz in pitches(bytes(caller.heard)[-6400:])))
        desk.lose()
        await until(lambda: caller.transfers, 20)
        assert "coupée" in house.told()
        await until(lambda: caller.channel.state == "human", 20)
        events = await house.recorded(caller.channel.id, lambda events: len(outcomes(events)) == 2)
        assert outcomes(events) == [("answered", ""), ("answered", "accueil")]


async def test_nobody_is_joined_from_the_live_page_while_a_telephone_rings(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        caller.humans.append(("answered", 30.0))
        await asks_for_a_human(house, caller)
        await until(lambda: caller.transfers)
        (view,) = house.hub.calls()
        assert (view.phase, view.taken_by) == ("claimed", "le secrétariat")
        assert not house.hub.claim(view.id, "lea")
        assert not await house.hub.take_over(view.id, WavLine())


async def test_a_goodbye_is_heard_to_its_end_and_then_the_call_is_ended(house):
    async with house() as house, house.asterisk.caller(house.port) as caller:
        await greeted(house, caller)
        call = house.telephone._calls[caller.channel.id]
        await call._call._receptionist.hang_up()
        await asyncio.wait_for(caller.channel.ended.wait(), 10)
        assert caller.channel.variables["NEXT"] == "hangup"
        assert by(await house.recorded(caller.channel.id, ended)) == "us"
