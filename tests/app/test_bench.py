import json

import numpy as np
import pytest

from voicebot.app import onsets
from voicebot.app.commands import bench
from voicebot.app.onsets import Spoken

RATE = 48000


def levels(total_s, *loud, noise_db=None):
    """Of silence, or noise, but for `loud` (from, to) seconds of a tone; in packets of 20 ms."""
    t = np.arange(round(total_s * RATE)) / RATE
    x = np.zeros_like(t)
    if noise_db is not None:
        x += np.random.default_rng(0).standard_normal(len(t)) * 10 ** (noise_db / 20)
    for start, end in loud:
        x[(t >= start) & (t < end)] += 0.1 * np.sin(2 * np.pi * 440 * t[(t >= start) & (t < end)])
    blocks = [(i / RATE, x[i : i + 960].astype(np.float32)) for i in range(0, len(x), 960)]
    return onsets.levels(blocks, RATE)


def the_turn(heard, *spoken):
    return onsets.turns([Spoken("x", *s) for s in spoken] or [Spoken("x", 1.0, 2.0)], heard)[0]


def test_an_answer_begins_with_its_first_sound():
    assert the_turn(levels(6, (2.6, 4))).latency == pytest.approx(0.6, abs=0.011)


def test_a_click_is_no_answer():
    assert the_turn(levels(6, (2.3, 2.31), (2.9, 4))).latency == pytest.approx(0.9, abs=0.011)


def test_on_a_noisy_line_the_noise_is_no_answer():
    assert the_turn(levels(6, (2.7, 4), noise_db=-50)).latency == pytest.approx(0.7, abs=0.011)


def test_silence_is_no_answer():
    turn = the_turn(levels(6))
    assert turn.latency is None
    assert not turn.clean


def test_a_greeting_answers_nothing():
    assert the_turn(levels(6, (0.1, 0.8))).latency is None


def test_an_answer_belongs_to_the_utterance_before_it():
    first, second = onsets.turns([Spoken("a", 1, 2), Spoken("b", 4, 5)], levels(8, (5.5, 7)))
    assert first.latency is None
    assert second.latency == pytest.approx(0.5, abs=0.011)


def test_a_voice_that_speaks_into_an_utterance_is_counted_and_not_measured():
    turn = the_turn(levels(6, (1.5, 1.8), (2.8, 4)))
    assert (turn.barge_ins, turn.clean) == (1, False)


def test_a_voice_that_is_still_talking_when_the_caller_begins_or_ends_is_seen():
    assert the_turn(levels(9, (5.5, 7)), (1, 2), (6, 8)).talking_at_start is False
    late = onsets.turns([Spoken("a", 1, 2), Spoken("b", 6, 8)], levels(9, (5.5, 7)))[1]
    assert (late.talking_at_start, late.talking_at_end) == (True, False)
    through = onsets.turns([Spoken("a", 1, 2), Spoken("b", 6, 8)], levels(9, (5.5, 8.5)))[1]
    assert (through.talking_at_start, through.talking_at_end) == (True, True)


def test_a_silence_over_300_ms_inside_an_answer_is_a_gap_and_a_shorter_one_is_not():
    assert the_turn(levels(6, (2.5, 3), (3.25, 4))).gaps == ()
    (gap,) = the_turn(levels(6, (2.5, 3), (3.4, 4))).gaps
    assert gap == pytest.approx(0.4, abs=0.011)


def test_pieces_of_one_answer_are_one_sound_up_to_600_ms():
    heard = levels(6, (2.5, 3), (3.5, 4), (4.7, 5))
    assert [(round(s.on, 2), round(s.off, 2)) for s in onsets.sounds(heard)] == [(2.5, 4.0), (4.7, 5.0)]


def test_percentiles_are_milliseconds():
    seconds = [n / 1000 for n in range(501, 602)]
    assert onsets.percentile_ms(seconds, 50) == 551
    assert onsets.percentile_ms(seconds, 95) == 596
    assert onsets.percentile_ms([], 50) is None


def turn(latency, **more):
    given = {"barge_ins": 0, "talking_at_start": False, "talking_at_end": False, "gaps": (), "paused": False}
    return onsets.Turn("siwis_low/x", latency=latency, **{**given, **more})


def test_the_figures_are_over_clean_turns_and_count_the_others():
    calls = [
        bench.Measured([turn(0.5), turn(0.6, gaps=(0.35,)), turn(None)], True),
        bench.Measured(
            [turn(0.7, paused=True), turn(0.1, barge_ins=2), turn(0.2, talking_at_end=True)], False
        ),
    ]
    before, after = {"cpu_s": 10.0}, {"cpu_s": 19.0, "rss_peak_mb": 512.0, "stages": {"audio": 3.0}}
    figures = bench.figures_of(calls, before, after, 1.234)
    assert figures["p50_ms"] == 600
    assert figures["p95_ms"] == pytest.approx(690)
    assert figures["p50_with_a_pause_ms"] == 700
    assert (figures["calls"], figures["turns"], figures["clean_turns"]) == (2, 6, 3)
    assert (figures["unanswered"], figures["barge_ins"], figures["talking_at_end"]) == (1, 2, 1)
    assert (figures["gaps_over_300_ms"], figures["calls_cut_short"]) == (1, 1)
    assert (figures["cpu_s_per_turn"], figures["rss_mb"], figures["load_average"]) == (1.5, 512.0, 1.23)
    assert figures["stages"] == {"audio": 3.0}
    json.dumps(figures)


def test_figures_without_an_answer_or_a_service_that_tells_are_empty_not_wrong():
    figures = bench.figures_of([bench.Measured([turn(None)], True)], {}, {}, 0.0)
    assert (figures["p50_ms"], figures["cpu_s_per_turn"], figures["rss_mb"]) == (None, None, None)
    assert "unanswered" in bench.table(figures)


def test_the_detail_names_what_was_wrong_with_a_turn():
    text = bench.detail([bench.Measured([turn(0.61, gaps=(0.4,)), turn(None, barge_ins=1)], True)])
    first, second = text.splitlines()
    assert "610 ms" in first
    assert "gap 400 ms" in first
    assert "none" in second
    assert "barge-in x1" in second
