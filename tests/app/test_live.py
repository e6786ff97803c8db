"""The hub of live calls: who gets a call, who hears of it, and that a slow page delays nobody."""

import asyncio
import contextlib

import pytest

import voicebot.app.live as live
from tests.app.on_show import NOW, QuietCall, chest_pain
from voicebot.domain.call import Verdict
from voicebot.domain.effects import Transfer
from voicebot.errors import Unavailable

ASKED = Transfer("Demande une secrétaire.")


class RefusingCall:
    async def take_over(self, line):
        raise Unavailable("the caller is gone")


class FrozenCall:
    async def take_over(self, line):
        await asyncio.Event().wait()


@pytest.fixture
def hub():
    return live.Hub()


def arrive(hub, call="a1", handle=None):
    hub.open(call, "demo", "web", NOW, handle or QuietCall())


async def ringing(hub, transfer=ASKED, ring_s=30.0, call="a1"):
    task = asyncio.create_task(hub.ring(call, transfer, ring_s))
    await asyncio.sleep(0)
    return task


def kinds(page):
    found = []
    with contextlib.suppress(asyncio.QueueEmpty):
        while True:
            change = page._queue.get_nowait()
            found.append(change and change.kind)
    return found


def test_only_one_of_two_people_gets_the_call(hub):
    arrive(hub)
    assert [hub.claim("a1", "anne"), hub.claim("a1", "bruno")] == [True, False]
    assert hub.call("a1").taken_by == "anne"


def test_a_call_that_is_over_cannot_be_claimed(hub):
    arrive(hub)
    hub.close("a1")
    assert not hub.claim("a1", "anne")


async def test_who_takes_a_ringing_call_is_joined_and_the_voice_is_told(hub):
    call = QuietCall()
    arrive(hub, handle=call)
    ring = await ringing(hub, chest_pain())
    assert hub.call("a1").phase == "ringing"
    hub.claim("a1", "anne")
    assert await hub.take_over("a1", "anne's line")
    assert await ring == "answered"
    assert call.joined == ["anne's line"]
    assert hub.call("a1").phase == "human"


async def test_a_call_that_did_not_ring_can_be_taken_too(hub):
    arrive(hub)
    hub.claim("a1", "anne")
    assert await hub.take_over("a1", "anne's line")
    assert hub.call("a1").phase == "human"


async def test_nobody_takes_it(hub):
    arrive(hub)
    assert await hub.ring("a1", ASKED, 0.01) == "no_answer"
    assert hub.call("a1").phase == "automatic"


async def test_the_caller_leaves_while_it_rings(hub):
    arrive(hub)
    ring = await ringing(hub)
    hub.close("a1")
    assert await ring == "caller_left"


async def test_ringing_for_a_caller_who_has_left(hub):
    assert await hub.ring("gone", ASKED, 30) == "caller_left"


async def test_a_claim_made_in_time_is_waited_for_past_the_last_ring(hub):
    arrive(hub)
    ring = await ringing(hub, ring_s=0.01)
    hub.claim("a1", "anne")
    await asyncio.sleep(0.03)
    assert not ring.done()
    await hub.take_over("a1", "anne's line")
    assert await ring == "answered"


async def test_a_claim_that_never_connects_does_not_hold_the_caller(hub):
    arrive(hub)
    ring = await ringing(hub, ring_s=0.01)
    hub.claim("a1", "anne")
    await asyncio.sleep(0.03)
    hub.give_back("a1")
    assert await ring == "no_answer"
    assert hub.claim("a1", "bruno")


@pytest.mark.parametrize("handle", [RefusingCall(), FrozenCall()])
async def test_lines_that_cannot_be_joined_leave_the_call_ringing_for_others(hub, handle, monkeypatch):
    monkeypatch.setattr(live, "JOIN_S", 0.02)
    arrive(hub, handle=handle)
    ring = await ringing(hub)
    hub.claim("a1", "anne")
    assert not await hub.take_over("a1", "anne's line")
    assert hub.call("a1").phase == "ringing"
    assert hub.claim("a1", "bruno")
    hub.close("a1")
    assert await ring == "caller_left"


async def test_a_ring_given_up_by_the_call_stops_ringing(hub):
    arrive(hub)
    ring = await ringing(hub)
    ring.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ring
    assert hub.call("a1").phase == "automatic"


def test_captions_replace_the_unfinished_ones(hub):
    arrive(hub)
    hub.caption("a1", "caller", "je voudrais", False)
    hub.caption("a1", "caller", "je voudrais un rendez-vous", False)
    assert hub.call("a1").partial == live.Caption("caller", "je voudrais un rendez-vous")
    hub.caption("a1", "caller", "Je voudrais un rendez-vous.", True)
    assert hub.call("a1").partial is None
    assert hub.call("a1").captions == (live.Caption("caller", "Je voudrais un rendez-vous."),)


def test_a_verdict_that_stays_the_same_is_told_once(hub):
    arrive(hub)
    with hub.subscribe() as page:
        for _ in range(3):
            hub.verdict("a1", Verdict("emergency", "act"))
        assert kinds(page) == ["resync", "head"]


def test_a_page_that_only_reconnects_still_counts_as_watching(hub, monkeypatch):
    assert not hub.watched
    with hub.subscribe():
        assert hub.watched
    assert hub.watched
    later = live.time.monotonic() + live.RECONNECT_S
    monkeypatch.setattr(live.time, "monotonic", lambda: later)
    assert not hub.watched


def test_words_after_the_end_are_ignored(hub):
    hub.caption("gone", "caller", "allô", True)
    assert hub.calls() == ()


def test_a_page_first_gets_everything_then_what_changes(hub):
    arrive(hub)
    with hub.subscribe() as page:
        hub.caption("a1", "caller", "Bonjour.", True)
        hub.close("a1")
        assert kinds(page) == ["resync", "line", "partial", "closed"]


def test_a_page_that_lags_is_told_to_start_afresh_with_the_present(hub):
    hub = live.Hub(queue_length=4)
    arrive(hub)
    with hub.subscribe() as page:
        for number in range(50):
            hub.caption("a1", "caller", f"mot {number}", True)
        first = page._queue.get_nowait()
        later = kinds(page)
    assert first.kind == "resync"
    shown = len(first.calls[0].captions) + later.count("line")
    assert shown == 50


async def test_stopping_ends_every_page_even_a_full_one(hub):
    hub = live.Hub(queue_length=2)
    arrive(hub)
    with hub.subscribe() as page:
        hub.caption("a1", "caller", "Bonjour.", True)
        hub.stop()
        assert [change.kind async for change in page][-1] == "resync"
    with hub.subscribe() as late:
        assert [change.kind async for change in late] == ["resync"]
