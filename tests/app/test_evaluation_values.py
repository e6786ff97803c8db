"""Verdicts on dates and values that a person can check by hand, by the rules of the blind set's README."""

from datetime import date, datetime, time, timedelta

import pytest

from voicebot.app.evaluation.values import counted, dates, entities, when
from voicebot.domain.call import Entities, Reading, Window
from voicebot.errors import FaultyFile

TODAY = date(2026, 11, 24)  # a Tuesday
WEEK = tuple(Window(date(2026, 11, 30) + timedelta(n)) for n in range(6))


def said(*windows, asap=False):
    return Reading(windows=windows, entities=Entities(asap=asap))


JEUDI, VENDREDI = date(2026, 11, 26), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("wanted", "part", "got", "verdict"),
    [
        ((Window(JEUDI),), "", said(Window(JEUDI)), "right"),
        ((Window(JEUDI),), "", said(Window(VENDREDI)), "wrong"),
        ((Window(JEUDI),), "", said(), "asked"),
        ((Window(JEUDI),), "", said(Window(JEUDI), Window(VENDREDI)), "partial"),
        ((Window(JEUDI), Window(VENDREDI)), "", said(Window(JEUDI)), "wrong"),
        ((Window(JEUDI),), "morning", said(Window(JEUDI, time(8), time(12))), "right"),
        ((Window(JEUDI),), "morning", said(Window(JEUDI)), "partial"),
        ((Window(JEUDI),), "morning", said(Window(JEUDI, time(14), time(18))), "wrong"),
        ((Window(JEUDI, time(15), time(15)),), "", said(Window(JEUDI, time(15), time(15))), "right"),
        ((Window(JEUDI, time(15), time(15)),), "", said(Window(JEUDI, time(14, 30), time(15, 30))), "right"),
        ((Window(JEUDI, time(15), time(15)),), "", said(Window(JEUDI, time(3), time(3))), "wrong"),
        ((Window(JEUDI, time(15), time(15)),), "", said(Window(JEUDI)), "partial"),
        ((Window(JEUDI),), "", said(Window(JEUDI, time(15), time(15))), "wrong"),
        ((Window(None, time(17, 30)),), "", said(Window(None, time(17, 30), time(21))), "right"),
        ((Window(None, time(17, 30)),), "", said(Window(None, time(17, 30), time(18))), "wrong"),
        (WEEK, "", said(*WEEK[:5]), "right"),
        (WEEK, "", said(*WEEK, Window(date(2026, 12, 6))), "right"),
        (WEEK, "", said(*WEEK[1:]), "wrong"),
        ((), "asap", said(asap=True), "right"),
        ((), "asap", said(), "asked"),
        ((), "asap", said(Window(JEUDI)), "wrong"),
    ],
)
def test_a_wish_for_a_time(wanted, part, got, verdict):
    assert when(wanted, part, got, TODAY) == verdict


def test_of_an_open_wish_the_days_beyond_its_last_are_not_scored():
    open_end = tuple(Window(date(2026, 11, 26) + timedelta(n)) for n in range(12))
    longer = tuple(Window(date(2026, 11, 26) + timedelta(n)) for n in range(30))
    assert when(open_end, "", said(*longer), TODAY) == "right"


DATES = """\
text\tnow\texpected\tpart
jeudi\t2026-11-24T09:10\t[{"day": "2026-11-26", "from": null, "to": null}]\t
dès que possible\t2026-11-24T09:10\t[]\tasap
"""
ENTITIES = """\
asked\ttext\texpected
name\tune\tAnne Dupré
name\tdeux\tAnne Dupré
name\ttrois\tAnne Dupré
birth_date\tquatre\t1951-05-03
phone\tcinq\t+33639980042
"""
VALUES = {
    "une": Entities(first_name="anne", last_name="Dupre"),
    "deux": Entities(last_name="Dupré"),
    "trois": Entities(first_name="Anne", last_name="Dupont"),
    "quatre": Entities(birth_date=date(1951, 5, 3)),
    "cinq": Entities(),
}


def test_dates_are_read_at_their_own_moment(tmp_path):
    path = tmp_path / "dates.tsv"
    path.write_text(DATES, "utf8")
    asked = []

    def read(text, now, expects):
        asked.append((now, expects))
        return said(Window(JEUDI)) if text == "jeudi" else said(asap=True)

    made = counted(dates(path, read))
    assert made["right"]["n"] == 2
    assert asked == [(datetime(2026, 11, 24, 9, 10), "wish")] * 2


def test_values_are_right_by_their_letters_and_half_a_name_is_asked_for(tmp_path):
    path = tmp_path / "entities.tsv"
    path.write_text(ENTITIES, "utf8")
    made = counted(entities(path, lambda text, *_: Reading(entities=VALUES[text]), datetime(2026, 11, 24, 9)))
    assert {v: made["classes"]["name"][v]["n"] for v in ("right", "asked", "wrong")} == {
        "right": 1, "asked": 1, "wrong": 1
    }  # fmt: skip
    assert made["classes"]["birth_date"]["right"]["n"] == 1
    assert made["classes"]["phone"]["asked"]["n"] == 1
    assert made["exact"] == 1


@pytest.mark.parametrize(("score", "line"), [(dates, "jeudi\thier\t[]\t"), (entities, "taille\tun\tdeux")])
def test_a_line_that_cannot_be_scored_is_named(tmp_path, score, line):
    path = tmp_path / "x.tsv"
    path.write_text(line, "utf8")
    with pytest.raises(FaultyFile, match=":1:1"):
        score(path, *((lambda *_: said()),), *((datetime(2026, 11, 24),) if score is entities else ()))
