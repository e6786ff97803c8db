"""The recogniser's slips: what is learnt of them, and what they may touch."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters import slips_tsv
from voicebot.app.evaluation.slips import PHRASES, Heard, halves, learnt
from voicebot.domain.call import Window
from voicebot.domain.french.slips import NO_SLIPS, Slips, is_safe, mend
from voicebot.domain.practice import Motif, Practice
from voicebot.domain.understanding.reading import Context, read

NOW = datetime(2026, 10, 7, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
PRACTICE = Practice("p", "Cabinet", "01 99 00 00 00", motifs=(Motif("consultation", "consultation", 15),))


def test_a_slip_heard_in_two_phrases_is_learnt_and_mends_a_third():
    heard = [
        Heard("à treize heures", "À très heure."),
        Heard("treize heures trente", "Très heure trente."),
        Heard("seize heures", "C'est l'œil."),
    ]
    table = learnt(heard)
    assert table == [("13", "tres", 2)]
    assert mend("après très heures", Slips({there: said for said, there, _ in table})) == "apres 13 h"


def test_what_is_in_a_phrase_that_was_understood_is_no_slip():
    heard = [
        Heard("à treize heures", "À très heure."),
        Heard("treize heures trente", "Très heure trente."),
        Heard("lundi", "Très bien lundi."),
    ]
    assert learnt(heard) == []


@pytest.mark.parametrize("heard", ["mardi", "16", "pas", "non merci", "le matin", "ou"])
def test_words_about_time_and_answers_are_never_put_right(heard):
    assert not is_safe(heard)


def test_no_phrase_is_learnt_from_and_counted_on():
    to_learn, to_count = halves([Heard(phrase, phrase) for phrase in PHRASES for _ in range(2)])
    assert not {pair.said for pair in to_learn} & {pair.said for pair in to_count}
    assert min(len(to_learn), len(to_count)) > 200


def test_slips_are_put_right_only_where_a_time_is_awaited():
    mended = mend("à très heures", Slips({"tres": "13"}))

    def read_when(expects):
        context = Context(PRACTICE, NOW, expects, "booking", mended=mended)
        return read("à très heures", {}, context).windows

    assert read_when("wish") == (Window(None, time(13), time(13)),)
    assert read_when("open") == read_when("message") == read_when("yes_no") == ()


def test_the_table_that_is_shipped_is_safe():
    table = slips_tsv.load()
    assert all(is_safe(heard) for heard in table)
    for phrase in PHRASES:
        assert mend(phrase, table) == mend(phrase, NO_SLIPS) == phrase


def test_i_say_tuesday_is_no_thursday():
    table = slips_tsv.load()
    assert mend("je dis midi", table) == "jeudi midi"
    assert mend("je dis mardi", table) == "je dis mardi"
