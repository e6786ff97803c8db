"""Whole calls through the real pipeline, with engines that hear and speak tones."""

import asyncio
import contextlib

import numpy as np
import pytest

from telephony.wav_line import WavLine
from tests.pipeline.fakes_audio import (
    FakeCall,
    heard_by,
    noise,
    pitches,
    silence,
    speech,
    until,
    virtual_time,
)
from voicebot.domain import events as on
from voicebot.domain.effects import Manner
from voicebot.errors import EngineFailed, Unavailable
from voicebot.pipeline.hearing import Watch
from voicebot.ports import Key, Typed


@virtual_time
async def test_a_caller_is_greeted_heard_and_answered():
    async with FakeCall({"un rendez-vous": ["bien sûr,", "quel jour ?"]}, ["bonjour."]) as call:
        await until(lambda: "FellSilent" in call.talk.kinds())
        call.line.play(speech("un rendez-vous"))
        await call.silent(2.0)
        assert call.talk.said() == ["un rendez-vous"]
        assert call.heard() == ["bonjour.", "bien sûr,", "quel jour ?"]
        assert ("voice", "quel jour ?", True) in call.captions
        assert ("caller", "un rendez-vous", True) in call.captions
    assert isinstance(call.talk.events[-1], on.HungUp)
    assert call.talk.events[-1].by == "caller"


@virtual_time
async def test_the_value_asked_for_counts_though_it_was_heard_with_doubt_and_nothing_else_does():
    async with FakeCall({"lundi": ["quel numéro ?"]}) as call:
        call.talk.expects = "phone"
        call.line.play(speech("lundi"))
        await call.silent(2.0)
        call.ears.clear = False
        for said in ("lundi", "un mobile"):
            call.line.play(speech(said))
            await call.silent(2.0)
        assert call.talk.said() == ["lundi", "un mobile"]
        assert [event.why for event in call.talk.events if isinstance(event, on.Unheard)] == ["unclear"]


@virtual_time
async def test_the_recogniser_is_led_to_what_was_offered_until_something_else_is_asked():
    async with FakeCall({"lundi": ["lequel ?"], "un mobile": ["quel nom ?"]}) as call:
        call.talk.expects, call.talk.likely = "choice", "Le premier. Celui de 9 heures"
        call.line.play(speech("lundi"))
        await call.silent(2.0)
        call.talk.expects, call.talk.likely = "name", ""
        for said in ("un mobile", "lundi"):
            call.line.play(speech(said))
            await call.silent(2.0)
        expected = dict(zip(call.ears.decodes, call.ears.expected, strict=True))
        assert expected["un mobile"] == "Le premier. Celui de 9 heures"
        assert expected["lundi"] == ""


@pytest.mark.parametrize("pause", [0.2, 0.3, 0.4, 0.45, 0.5])
@virtual_time
async def test_a_pause_inside_a_sentence_is_not_spoken_into(pause):
    async with FakeCall({"c'est moi": ["oui."], "c'est moi annuler": ["d'accord."]}) as call:
        call.line.play(speech("c'est moi") + silence(pause) + speech("annuler"))
        await call.silent(1.5)
        assert call.talk.said() == ["c'est moi annuler"]
        assert call.heard() == ["d'accord."]


@virtual_time
async def test_a_caller_who_speaks_on_is_answered_once_with_both_halves():
    async with FakeCall({"lundi": ["lundi, bien."], "lundi matin": ["lundi matin, bien."]}) as call:
        call.line.play(silence(0.5) + speech("lundi"))
        await call.silent(0.8)
        call.line.play(speech("matin"))
        await call.silent(2.0)
        assert call.talk.said() == ["lundi", "lundi matin"]
        kinds = call.talk.kinds()
        assert kinds.index("TurnRetracted") < len(kinds) - kinds[::-1].index("Said")
        assert call.heard()[-1] == "lundi matin, bien."
        first = call.frames_of("lundi, bien.")
        assert 0.02 * len(first) < 0.45, "the answer to half a sentence is heard for a moment only"


LONG = "nous avons trois créneaux libres la semaine prochaine je vous les donne."


@virtual_time
async def test_our_voice_stops_within_200_ms_of_the_caller_starting_to_speak():
    async with FakeCall({}, [LONG]) as call:
        await call.silent(0.5)
        start = call.clock()
        call.line.play(speech("attendez", 1.2))
        await call.silent(1.5)
        spoken = [at for at in call.frames_of(LONG) if at > start]
        assert spoken, "it was talking when the caller began"
        assert 0.02 * (spoken[-1] - start) <= 0.2
        assert call.talk.said() == ["attendez"]


@virtual_time
async def test_a_backchannel_holds_our_voice_and_the_clause_is_taken_up_again():
    async with FakeCall({}, [LONG]) as call:
        await call.silent(0.5)
        call.line.play(speech("hum", 0.3))
        await call.silent(2.5)
        await until(lambda: "FellSilent" in call.talk.kinds())
        assert call.heard() == [LONG, LONG]
        length = 0.3 + 0.1 * len(LONG.split())
        assert length <= 0.02 * len(call.frames_of(LONG)) < length + 0.6
        assert call.talk.said() == []


@virtual_time
async def test_a_cough_over_our_voice_is_no_interruption():
    async with FakeCall({}, [LONG]) as call:
        await call.silent(0.5)
        call.line.play(noise(0.25))
        await call.silent(2.5)
        assert call.talk.said() == []
        assert "Unheard" not in call.talk.kinds()
        assert call.heard()[-1] == LONG


@virtual_time
async def test_the_emergency_sentence_goes_on_whatever_is_said_over_it():
    async with FakeCall({"j'ai mal au cœur": [LONG]}) as call:
        call.talk.whole = {LONG}
        call.line.play(speech("j'ai mal au cœur"))
        await call.silent(0.8)
        call.line.play(speech("quoi", 1.3))
        await call.silent(2.5)
        frames = call.frames_of(LONG)
        assert frames == list(range(frames[0], frames[0] + len(frames))), "not a gap"
        assert 0.02 * len(frames) >= 0.3 + 0.1 * len(LONG.split()) - 0.03


@virtual_time
async def test_noise_alone_gives_no_words():
    async with FakeCall({}) as call:
        call.line.play(noise(0.6))
        await call.silent(2.0)
        assert call.talk.said() == []


@virtual_time
async def test_keys_and_typed_words_are_heard():
    async with FakeCall({"annuler": ["d'accord."]}) as call:
        call.line.do([Key("0"), Typed(" annuler ")])
        await call.silent(1.0)
        assert [event.key for event in call.talk.events if isinstance(event, on.Pressed)] == ["0"]
        assert call.talk.said() == ["annuler"]
        assert call.heard() == ["d'accord."]


@virtual_time
async def test_we_hang_up_after_the_last_word():
    async with FakeCall({}) as call:
        call.line.play(speech("au revoir"))
        await until(call.task.done)
        assert call.heard() == ["bonne journée."]
        assert call.talk.events[-1].by == "us"


@virtual_time
async def test_the_caller_hears_it_ring_while_a_human_is_sought():
    async with FakeCall({}) as call:
        call.line.play(speech("une secrétaire"))
        await call.silent(8.0)
        rung = [at for at, hz in enumerate(pitches(bytes(call.line.heard), 320)) if 400 < hz < 480]
        assert 3.0 <= 0.02 * len(rung) <= 4.6, "two rings of 1.5 s"
        call.outcome = "no_answer"
        call.rung.set()
        await until(lambda: "TransferEnded" in call.talk.kinds())


@virtual_time
async def test_a_human_takes_the_call_and_both_hear_each_other():
    async with FakeCall({}) as call:
        call.outcome = "answered"
        call.line.play(speech("une secrétaire"))
        await until(lambda: call.rings)
        human = WavLine()
        await call.call.take_over(human)
        call.rung.set()
        human.play(speech("allô ici le cabinet"))
        call.line.play(speech("j'ai une question"))
        await call.silent(2.0)
        assert call.heard()[-1] == "allô ici le cabinet"
        assert "j'ai une question" in heard_by(human)
        assert call.talk.said() == ["une secrétaire"], "we no longer listen"
        with pytest.raises(Unavailable):
            await call.call.take_over(WavLine())
        human.leave()
        await until(call.task.done)
        assert call.talk.events[-1].by == "us"


@virtual_time
async def test_the_answer_is_being_made_before_the_caller_has_certainly_finished():
    async with FakeCall({"un rendez-vous": ["quel jour ?"]}) as call:
        call.line.play(speech("un rendez-vous"))
        await call.silent(0.46)
        assert call.voice.asked == ["quel jour ?"]
        assert call.talk.said() == []


@pytest.mark.parametrize("slow", [0.2, 0.5, 0.9])
@virtual_time
async def test_an_answer_whose_second_half_is_slow_has_no_gap(slow):
    first, second = "oui,", "je note votre demande de rendez-vous pour la semaine prochaine."
    async with FakeCall({"un rendez-vous": [first, second]}) as call:
        call.voice.slow[second] = slow
        call.house.speech.pace.per_character = slow / len(second)
        call.line.play(speech("un rendez-vous"))
        await call.silent(4.0)
        gap = call.frames_of(second)[0] - call.frames_of(first)[-1]
        assert 0.02 * gap <= 0.3


@virtual_time
async def test_a_greeting_waits_for_somebody_to_hear_it():
    call = FakeCall({}, ["bonjour."])
    call.line.stall()
    call.task = asyncio.create_task(call.call.run(call._conversation, "web"))
    await asyncio.sleep(1.0)
    assert call.talk.events == []
    call.task.cancel()
    await asyncio.gather(call.task, return_exceptions=True)


@virtual_time
async def test_a_hanging_ear_is_reported_before_the_caller_waits_six_seconds():
    async with FakeCall({}) as call:
        call.ears.hangs = True
        call.line.play(speech("bonjour docteur"))
        await call.silent(5.5)
        assert [event.what for event in call.talk.events if isinstance(event, on.Failed)] == ["hearing"]


@virtual_time
async def test_a_hanging_voice_is_replaced_by_an_apology_before_six_seconds():
    async with FakeCall({"bonjour docteur": ["bonjour."]}) as call:
        call.voice.hangs = True
        call.line.play(speech("bonjour docteur"))
        await call.silent(6.4)
        assert call.heard() == ["désolé"]


@virtual_time
async def test_a_voice_that_hangs_in_an_answer_nobody_wants_any_more_does_not_delay_the_next():
    async with FakeCall({"bonjour docteur": ["bonjour."], "un rendez-vous": ["quel jour ?"]}) as call:
        call.voice.hangs = True
        call.line.play(speech("bonjour docteur"))
        await call.silent(1.8)
        call.line.do([Typed("un rendez-vous")])
        await call.silent(5.6)
        assert call.talk.said() == ["bonjour docteur", "un rendez-vous"]
        assert call.heard() == ["désolé"]


@virtual_time
async def test_a_line_on_hold_is_not_a_caller_who_hung_up():
    async with FakeCall({}) as call:
        call.line.stall()
        await asyncio.sleep(15)
        assert "HungUp" not in call.talk.kinds()


@virtual_time
async def test_twenty_calls_do_not_disturb_each_other():
    calls = [FakeCall({"un rendez-vous": [f"jour {n} ?"]}) for n in range(20)]
    async with contextlib.AsyncExitStack() as stack:
        for call in calls:
            await stack.enter_async_context(call)
        calls[3].ears.broken = ZeroDivisionError
        for call in calls:
            call.line.play(speech("un rendez-vous", 0.6))
        for call in calls:
            await call.silent(1.5)
        assert [call.talk.said() for call in calls].count(["un rendez-vous"]) == 19


@virtual_time
async def test_a_deaf_engine_is_reported_at_once():
    async with FakeCall({}) as call:
        call.ears.broken = EngineFailed
        call.line.play(speech("bonjour docteur"))
        await call.silent(1.0)
        failed = [event.what for event in call.talk.events if isinstance(event, on.Failed)]
        assert failed == ["hearing"]


@virtual_time
async def test_a_dumb_engine_is_replaced_by_an_apology():
    async with FakeCall({"bonjour docteur": ["bonjour.", "que puis-je faire ?"]}) as call:
        call.voice.broken = True
        call.line.play(speech("bonjour docteur"))
        await call.silent(2.0)
        assert call.heard() == ["désolé"]
        assert "speaking" in [event.what for event in call.talk.events if isinstance(event, on.Failed)]
        assert call.talk.kinds()[-1] == "FellSilent"


@virtual_time
async def test_an_emergency_is_heard_even_when_the_voice_is_broken():
    async with FakeCall({"j'ai mal au cœur": [LONG]}) as call:
        call.talk.whole = {LONG}
        call.voice.broken = True
        call.line.play(speech("j'ai mal au cœur"))
        await call.silent(2.0)
        assert call.heard() == ["composez le quinze"]


@virtual_time
async def test_when_the_conversation_breaks_the_caller_hears_an_apology_and_a_human_is_rung():
    async with FakeCall({}) as call:
        call.talk.fails_on = "boum"
        call.line.play(speech("boum"))
        await until(lambda: call.rings)
        await until(lambda: "désolé" in call.heard())
        human = WavLine()
        await call.call.take_over(human)
        call.line.play(speech("allô"))
        await until(lambda: "allô" in heard_by(human))


@virtual_time
async def test_when_the_pipeline_breaks_the_conversation_still_ends_the_call_properly():
    async with FakeCall({}) as call:
        call.ears.broken = ZeroDivisionError
        call.line.play(speech("bonjour docteur"))
        await until(lambda: call.rings)
        call.rung.set()
        await until(call.task.done)
        assert call.talk.kinds()[-2:] == ["Failed", "HungUp"]


@virtual_time
async def test_a_caller_without_packets_is_settled_and_at_last_given_up():
    async with FakeCall({}, watch=Watch()) as call:
        call.line.play(speech("allô oui"))
        await call.played()
        call.line.stall()
        await until(lambda: "Said" in call.talk.kinds())
        await until(call.task.done)
        assert call.talk.events[-1].by == "lost"


@virtual_time
async def test_the_stages_of_an_answered_turn_are_measured():
    async with FakeCall({"un rendez-vous": ["quel jour ?"]}) as call:
        call.line.play(speech("un rendez-vous"))
        await call.silent(1.5)
        assert call.house.latency.turns() == 1
        assert set(call.house.latency.medians()) >= {"committed", "said", "packet", "end_to_packet"}


@virtual_time
async def test_a_caller_who_asks_for_it_hears_it_slower_and_louder():
    long = "voici une phrase assez longue pour être mesurée."
    async with FakeCall({"plus fort": [long]}, [long]) as call:
        call.talk.manner = Manner(0.72, 6.0)
        await until(lambda: "FellSilent" in call.talk.kinds())
        plain = len(call.frames_of(long))
        before = len(call.line.heard)
        call.line.play(silence(0.3) + speech("plus fort"))
        await call.silent(3.0)
        assert len(call.frames_of(long)) - plain == pytest.approx(plain / 0.72, rel=0.1)
        parts = (call.line.heard[:before], call.line.heard[before:])
        first, second = (np.frombuffer(bytes(part), "<i2") for part in parts)
        assert np.abs(second).max() > 1.8 * np.abs(first).max()
