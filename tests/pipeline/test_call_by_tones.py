"""Whole calls through the real pipeline, with engines that hear and speak tones."""

import asyncio

from fakes_audio import PHRASES, FakeCall, noise, pitches, silence, speech, until

from voicebot.domain import events as on


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
