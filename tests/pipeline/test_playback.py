"""What the caller hears, 20 ms at a time, without a clock."""

import numpy as np
import pytest

from tests.pipeline.fakes_audio import silence, tone
from voicebot.pipeline.playback import SILENCE, Clause, Playback, rewound, trimmed


def clause(text="bonjour.", seconds=1.0, whole=False, hz=1000):
    return Clause(text, whole, tone(hz, seconds))


def play(playback, seconds):
    return [playback.tick() for _ in range(round(seconds / 0.02))]


def sounding(ticks):
    return [of for _, of in ticks]


def test_clauses_come_in_order_with_a_breath_between_them():
    playback = Playback()
    first, second = clause("un,"), clause("deux.")
    playback.say(first)
    playback.say(second)
    heard = sounding(play(playback, 2.2))
    assert heard[:50] == [first] * 50
    gap = heard[50:].index(second)
    assert 0.02 * gap <= 0.25
    assert playback.dry


def test_a_clause_whose_audio_is_not_ready_is_waited_for():
    playback = Playback()
    late = Clause("un moment.")
    playback.say(late)
    assert sounding(play(playback, 0.2)) == [None] * 10
    assert not playback.dry
    late.pcm = tone(1000, 0.1)
    assert sounding(play(playback, 0.1)) == [late] * 5


def test_a_clause_that_failed_keeps_nobody_waiting():
    playback = Playback()
    playback.say(Clause("perdu.", pcm=b""))
    second = clause()
    playback.say(second)
    assert playback.tick()[1] is second


def test_a_held_clause_fades_within_one_frame_and_is_taken_up_again_a_little_before():
    playback = Playback()
    spoken = clause()
    playback.say(spoken)
    play(playback, 0.5)
    playback.hold()
    fading, of = playback.tick()
    assert of is None
    assert abs(np.frombuffer(fading, "<i2")[-5:]).max() < 100
    assert {pcm for pcm, _ in play(playback, 1)} == {SILENCE}
    playback.resume()
    rest = sounding(play(playback, 1)).count(spoken)
    assert 0.6 <= 0.02 * rest <= 0.9, "half of it, and 0.1 to 0.4 s once more"


def test_it_is_taken_up_between_two_words():
    pcm = tone(1000, 0.7) + silence(0.06) + tone(1000, 0.5)
    at = 2 * 16000
    assert 0.7 <= rewound(pcm, at) / 32000 <= 0.76


@pytest.mark.parametrize("held", [True, False])
def test_what_is_dropped_is_not_said_but_the_whole_clause_is(held):
    playback = Playback()
    emergency = clause("raccrochez.", whole=True)
    for spoken in (clause(), emergency, clause()):
        playback.say(spoken)
    play(playback, 0.2)
    if held:
        playback.hold()
    assert playback.drop()
    assert set(sounding(play(playback, 1.5))) == {None, emergency}
    assert playback.dry


def test_a_whole_clause_is_not_held_and_does_not_wait_behind_one_that_is():
    playback = Playback()
    emergency = clause("raccrochez.", whole=True)
    playback.say(clause())
    play(playback, 0.2)
    playback.hold()
    playback.say(emergency)
    playback.tick()
    assert playback.tick()[1] is emergency
    playback.hold()
    assert playback.tick()[1] is emergency


def test_it_rings_only_while_nothing_is_said():
    playback = Playback()
    playback.ring(True)
    assert {pcm for pcm, _ in play(playback, 1.4)}.isdisjoint({SILENCE})
    assert {pcm for pcm, _ in play(playback, 5)[10:160]} == {SILENCE}, "3.5 s of rest"
    spoken = clause()
    playback.say(spoken)
    assert playback.tick()[1] is spoken
    playback.ring(False)
    assert play(playback, 2)[-1] == (SILENCE, None)


def test_silence_at_the_end_of_a_clip_does_not_lengthen_the_pause():
    pcm = tone(1000, 0.5)
    assert 0.5 <= len(trimmed(pcm + silence(0.4))) / 32000 <= 0.54
    assert trimmed(silence(0.2)) == silence(0.2)
