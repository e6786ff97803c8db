"""Who has the floor, at the speed of arithmetic: scripted windows of 32 ms in, decisions out."""

from dataclasses import replace

import pytest

from voicebot.pipeline.patience import Patience
from voicebot.pipeline.turns import (
    STEP,
    Committed,
    Draft,
    Interrupted,
    LetOn,
    Opened,
    Turns,
    Window,
)

SPEECH, QUIET = Window(-25, 0.95), Window(-70, 0.01)
SOFT = Window(-42, 0.9)
HUM_OF_A_FRIDGE = Window(-35, 0.02)
BABBLE = Window(-42, 0.8)
CLICK = Window(-30, 0.2)


class Line:
    """A line whose caller's words are `text`; every transcript wanted is there `decode` windows later."""

    def __init__(self, text="je voudrais un rendez-vous demain", decode=9, unfinished=None, **draft):
        self.turns = Turns(Patience(), unfinished or (lambda text, expects: False))
        self.draft = Draft(text, **draft)
        self.decode = decode
        self.due = None
        self.log = []

    def hear(self, window, seconds):
        for _ in range(round(seconds / STEP)):
            self._note(self.turns.hear(window))
            self._transcribe()
        return self

    def _transcribe(self):
        if self.due is None and (wanted := self.turns.wanted) is not None:
            self.turns.asked()
            self.due = (self.turns.now + self.decode, wanted)
        if self.due and self.turns.now >= self.due[0]:
            (_, wanted), self.due = self.due, None
            self._note(self.turns.drafted(wanted, self.draft))

    def _note(self, decisions):
        self.log += [(round(self.turns.now * STEP, 3), decision) for decision in decisions]

    def kinds(self):
        return [type(decision) for _, decision in self.log]

    def at(self, kind):
        return next(at for at, decision in self.log if isinstance(decision, kind))


def test_a_sentence_opens_a_turn_and_half_a_second_of_silence_ends_it():
    line = Line().hear(QUIET, 1).hear(SPEECH, 2).hear(QUIET, 1)
    assert line.kinds() == [Opened, Committed]
    assert 1.0 < line.at(Opened) < 1.15
    assert 0.5 <= line.log[-1][1].silence < 0.56


def test_a_pause_of_half_a_second_is_part_of_the_sentence():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.48).hear(SPEECH, 1)
    assert line.kinds() == [Opened]


def test_the_faintest_new_sound_puts_the_end_off():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.46).hear(SOFT, 0.064)
    assert line.kinds() == [Opened]


def test_a_click_in_the_pause_neither_ends_nor_prolongs_the_turn_by_much():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.3).hear(CLICK, STEP).hear(QUIET, 1)
    assert line.kinds() == [Opened, Committed]
    assert line.at(Committed) < 2.0 + 0.6


def test_a_sentence_that_sounds_unfinished_is_awaited_longer():
    line = Line(over=0.2).hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 1.1)
    assert line.kinds() == [Opened]
    assert line.hear(QUIET, 0.2).kinds() == [Opened, Committed]


@pytest.mark.parametrize("text", ["Je voudrais un rendez-vous pour", "Bonjour.", "Alors, euh...", "mardi ou"])
def test_words_that_end_no_sentence_are_awaited_longer_whatever_the_melody(text):
    line = Line(text, over=0.99).hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 1.1)
    assert line.kinds() == [Opened]


def test_a_birth_date_being_dictated_is_awaited_for_two_and_a_half_seconds():
    line = Line("le douze mars", unfinished=lambda text, expects: expects == "birth_date")
    line.turns.expect("birth_date")
    line.hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 2.4)
    assert line.kinds() == [Opened]
    assert line.hear(QUIET, 0.2).kinds() == [Opened, Committed]


def test_a_bare_yes_to_a_question_ends_sooner_even_if_it_sounds_unfinished():
    line = Line("Oui.", over=0.1)
    line.turns.expect("yes_no")
    line.hear(QUIET, 1).hear(SPEECH, 0.4).hear(QUIET, 0.5)
    assert line.kinds() == [Opened, Committed]


def test_speech_within_a_second_of_the_end_takes_the_end_back():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.8).hear(SPEECH, 0.5)
    assert line.kinds() == [Opened, Committed, Opened, Interrupted]
    assert line.log[2][1] == Opened(rejoined=True)


def test_speech_later_than_that_is_a_turn_of_its_own():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 2).hear(SPEECH, 0.5)
    assert line.log[2][1] == Opened(rejoined=False)


def test_a_turn_taken_back_is_found_in_a_tenth_of_a_second():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.8)
    before = line.turns.now
    line.hear(SPEECH, 0.1)
    assert isinstance(line.log[-1][1], Interrupted)
    assert (line.turns.now - before) * STEP <= 0.1


def test_a_backchannel_over_our_voice_lets_it_go_on():
    line = Line("D'accord.").hear(QUIET, 1)
    line.turns.voice(True)
    line.hear(SPEECH, 0.4).hear(QUIET, 0.6)
    assert line.kinds() == [Opened, LetOn]


def test_a_yes_over_a_question_is_its_answer():
    line = Line("oui").hear(QUIET, 1)
    line.turns.expect("yes_no")
    line.turns.voice(True)
    line.hear(SPEECH, 0.4).hear(QUIET, 0.6)
    assert line.kinds() == [Opened, Committed]


def test_a_sentence_over_our_voice_takes_the_floor_after_a_second():
    line = Line().hear(QUIET, 1)
    line.turns.voice(True)
    line.hear(SPEECH, 1.5)
    assert line.kinds() == [Opened, Interrupted]
    assert 1.9 < line.at(Interrupted) < 2.2


def test_a_second_of_noise_over_our_voice_does_not_silence_it():
    line = Line("", speech=False).hear(QUIET, 1)
    line.turns.voice(True)
    line.hear(Window(-25, 0.9), 0.1).hear(Window(-25, 0.2), 1.5)
    assert line.kinds() == [Opened, LetOn]


def test_noise_that_was_no_speech_ends_as_a_turn_without_words():
    line = Line("", speech=False).hear(QUIET, 1).hear(SPEECH, 0.5).hear(QUIET, 1.5)
    assert line.kinds() == [Opened, Committed]
    assert not line.log[-1][1].draft.speech


def test_a_fridge_behind_the_caller_is_learnt_and_forgotten():
    line = Line().hear(HUM_OF_A_FRIDGE, 10).hear(SPEECH, 1.5).hear(HUM_OF_A_FRIDGE, 1.2)
    assert line.kinds() == [Opened, Committed]


def test_a_noise_that_starts_while_the_caller_speaks_does_not_keep_the_turn_open_for_ever():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1.5).hear(Window(-30, 0.15), 5)
    assert line.kinds() == [Opened, Committed]
    assert line.at(Committed) < 2.5 + 3


def test_babble_far_below_the_caller_does_not_keep_the_turn_open():
    line = Line().hear(QUIET, 1).hear(SPEECH, 2).hear(BABBLE, 2)
    assert line.kinds() == [Opened, Committed]
    assert line.at(Committed) < 3 + 1.3


def test_babble_that_went_on_is_not_taken_for_the_caller_speaking_on():
    line = Line().hear(QUIET, 1).hear(SPEECH, 2).hear(BABBLE, 4)
    assert line.kinds() == [Opened, Committed]


def test_babble_as_loud_as_the_caller_ends_when_the_words_stop_changing():
    line = Line().hear(QUIET, 1).hear(SPEECH, 12)
    assert line.kinds()[:2] == [Opened, Committed]
    assert line.at(Committed) < 1 + 8


def test_a_caller_who_talks_on_is_transcribed_every_three_seconds_and_not_cut():
    line = Line().hear(QUIET, 1)
    for n in range(20):
        line.draft = replace(line.draft, text=" ".join(["mot"] * n))
        line.hear(SPEECH, 1)
    assert line.kinds() == [Opened]


def test_a_turn_is_cut_at_its_longest():
    line = Line().hear(QUIET, 1)
    for n in range(30):
        line.draft = replace(line.draft, text=" ".join(["mot"] * n))
        line.hear(SPEECH, 1)
    assert Committed in line.kinds()
    assert 25 < line.at(Committed) < 27


def test_a_turn_that_was_cut_is_not_taken_back():
    line = Line().hear(QUIET, 1)
    for n in range(30):
        line.draft = replace(line.draft, text=" ".join(["mot"] * n))
        line.hear(SPEECH, 1)
    assert [decision.rejoined for _, decision in line.log if isinstance(decision, Opened)] == [False, False]


def test_a_turn_without_words_cannot_be_taken_back():
    line = Line("...").hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 1.5).hear(SPEECH, 0.5)
    assert line.kinds() == [Opened, Committed, Opened]
    assert line.log[-1][1] == Opened(rejoined=False)


def test_in_spelling_each_pause_is_trusted_less():
    line = Line().hear(QUIET, 1)
    asked = 0
    for _ in range(8):
        line.hear(SPEECH, 0.3)
        before = line.due
        line.hear(QUIET, 0.25)
        asked += line.due not in (None, before)
    assert asked <= 2
    assert line.hear(QUIET, 1).kinds() == [Opened, Committed]


def test_the_end_waits_for_the_transcript():
    line = Line(decode=50).hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 1.6)
    assert line.kinds() == [Opened]
    assert line.hear(QUIET, 0.5).kinds() == [Opened, Committed]


def test_a_transcript_of_half_the_sentence_never_ends_it():
    line = Line(decode=10**6).hear(QUIET, 1).hear(SPEECH, 1).hear(QUIET, 0.3)
    stale = line.due[1]
    line.hear(SPEECH, 1).hear(QUIET, 1)
    assert line.turns.drafted(stale, line.draft) == []


def test_a_line_that_stops_sending_settles_the_open_turn():
    line = Line().hear(QUIET, 1).hear(SPEECH, 1)
    assert line.turns.settle() == []
    wanted = line.turns.wanted
    assert [type(d) for d in line.turns.drafted(wanted, line.draft)] == [Committed]


def test_a_young_pause_may_give_way_to_other_callers_but_only_while_it_is_young():
    turns = Line().hear(SPEECH, 1.0).turns
    while turns.wanted is None:
        turns.hear(QUIET)
    assert turns.hesitating
    turns.hear(QUIET)
    turns.hear(QUIET)
    assert turns.wanted is not None
    assert not turns.hesitating


@pytest.mark.parametrize("seconds", [1.0, 26.0])
def test_a_caller_who_cannot_stop_or_whose_sound_has_stopped_gives_way_to_nobody(seconds):
    turns = Line(decode=10_000).hear(SPEECH, seconds).turns
    turns.settle()
    assert turns.wanted is not None
    assert not turns.hesitating


def test_babble_behind_a_caller_who_paused_does_not_make_them_wait():
    turns = Line(decode=10_000).hear(SPEECH, 1.0).hear(BABBLE, 1.0).turns
    assert turns.wanted is not None
    assert not turns.hesitating
