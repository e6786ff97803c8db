"""Values as English speakers say them on the telephone: times, dates, numbers, names, short answers."""

from datetime import date, datetime

import pytest

from voicebot.domain.english.answers import answer, asap, choice
from voicebot.domain.english.births import birth_date
from voicebot.domain.english.dates import windows
from voicebot.domain.english.dictation import incomplete
from voicebot.domain.english.names import person_name, spelled
from voicebot.domain.english.numbers import phone

NOW = datetime(2026, 12, 1, 9, 0)
"""A Tuesday."""


def told(text):
    """Windows as "03 0800-1200" (day of December or month-day), "any" without a day."""
    return [
        f"{f'{w.day:%m-%d}' if w.day else 'any'}{f' {w.start:%H%M}-{w.end:%H%M}' if w.start else ''}"
        for w in windows(text, NOW)
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Thursday morning", ["12-03 0800-1200"]),
        ("next Tuesday", ["12-08"]),
        ("next Friday at nine", ["12-04 0900-0900", "12-11 0900-0900"]),
        ("a week on Monday", ["12-14"]),
        ("Monday week", ["12-14"]),
        ("a fortnight on Monday", ["12-21"]),
        ("the 3rd of December", ["12-03"]),
        ("December the fifth", ["12-05"]),
        ("3/12 at 9", ["12-03 0900-0900"]),
        ("Friday the fourth at two", ["12-04 1400-1400"]),
        ("half past two", ["any 1430-1430"]),
        ("ten o'clock", ["any 1000-1000"]),
        ("10 30 please", ["any 1030-1030"]),
        ("the 14th at quarter to four", ["12-14 1545-1545"]),
        ("tomorrow afternoon around three", ["12-02 1430-1530"]),
        ("in two weeks", ["12-15"]),
        ("next week on Friday", ["12-11"]),
        ("between Monday and Wednesday", ["12-07", "12-08", "12-09"]),
        ("Monday or Thursday after 5 pm", ["12-03 1700-2100", "12-07 1700-2100"]),
        ("between 2 and 4 in the afternoon", ["any 1400-1600"]),
        ("not before ten", ["any 1000-2100"]),
        ("not Tuesday, Wednesday", ["12-02"]),
        ("before Friday", ["12-01", "12-02", "12-03"]),
        ("the end of next week", ["12-10", "12-11"]),
        ("could you move it from Thursday to Friday", ["12-04"]),
        ("this evening", ["12-01 1700-2100"]),
        ("I've had a cough since Monday", []),
        ("the first one", []),
        ("my number is 06 12 34 56 78", []),
        ("the twelfth of March nineteen seventy-two", []),
    ],
)
def test_when(said, expected):
    assert told(said) == expected


def test_a_refused_day_leaves_the_others():
    assert "12-03" not in told("any day but Thursday")
    assert {"12-02", "12-04"} <= set(told("I can't do Thursday"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("the twelfth of March nineteen seventy-two", date(1972, 3, 12)),
        ("March 12th 1972", date(1972, 3, 12)),
        ("twelve oh three nineteen seventy two", date(1972, 3, 12)),
        ("12/03/72", date(1972, 3, 12)),
        ("the third of December sixty eight", date(1968, 12, 3)),
        ("January the first 2001", date(2001, 1, 1)),
        ("the twelfth of March", None),
        ("the 3rd of December 2027", None),
    ],
)
def test_birth_dates(said, expected):
    assert birth_date(said, NOW.date()) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("oh six double three one two three four five six", "+33633123456"),
        ("zero six, twelve, thirty-four, fifty-six, seventy-eight", "+33612345678"),
        ("06 12 34 56 78", "+33612345678"),
        ("plus three three six one two three four five six seven eight", "+33612345678"),
        ("oh six twelve thirty four fifty six seventy nine sorry seventy eight", "+33612345678"),
        ("oh six twelve", None),
        ("I was born in 1972", None),
    ],
)
def test_phones(said, expected):
    assert phone(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("my name is Emma Clarke", ("Emma", "Clarke")),
        ("Emma Clarke", ("Emma", "Clarke")),
        ("this is Mrs Thompson", (None, "Thompson")),
        ("surname Jones, first name Sarah", ("Sarah", "Jones")),
        ("it's for my son Jack Clarke", ("Jack", "Clarke")),
        ("her name's Lucy Brown", ("Lucy", "Brown")),
        ("O'Brien", (None, "O'Brien")),
        ("Yes, it's Emma Clarke-Jones please", ("Emma", "Clarke-Jones")),
        ("John Smith, S M I T H", ("John", "Smith")),
        ("under the name of Peter van der Berg", ("Peter", "van der Berg")),
        ("I'd like an appointment for Thursday", (None, None)),
        ("I'm running late", (None, None)),
    ],
)
def test_names(said, expected):
    assert person_name(said, asked=True) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("C for Charlie, L, A, double R, O, N", "Clarron"),
        ("B-R-O-W-N", "Brown"),
        ("D for David, U, B", "Dub"),
        ("I have a cough", None),
    ],
)
def test_spelling(said, expected):
    assert spelled(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yes please", "yes"),
        ("that's right", "yes"),
        ("no problem", "yes"),
        ("I don't mind", "yes"),
        ("no thanks", "no"),
        ("no that's wrong", "no"),
        ("that's not right", "no"),
        ("it doesn't suit me", "no"),
        ("I don't know", None),
        ("yes but no", None),
    ],
)
def test_answers(said, expected):
    assert answer(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("the first one", 0),
        ("the second please", 1),
        ("the last one", 2),
        ("number two", 1),
        ("the 3rd of May", None),
    ],
)
def test_choices(said, expected):
    assert choice(said, 3) == expected


def test_the_soonest():
    assert asap("as soon as possible please")
    assert asap("the first available appointment")
    assert not asap("there's no rush, not as soon as possible")


@pytest.mark.parametrize(
    ("said", "expects", "open_"),
    [
        ("the twelfth of March", "birth_date", True),
        ("the twelfth of March 1972", "birth_date", False),
        ("oh six twelve thirty four", "phone", True),
        ("06 12 34 56 78", "phone", False),
        ("C for", "name", True),
        ("I'd like to", "open", True),
        ("yes", "yes_no", False),
    ],
)
def test_what_hangs_in_the_air_is_awaited(said, expects, open_):
    assert incomplete(said, expects) is open_
