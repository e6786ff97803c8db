"""Whom to ring for a call, in which order, and what each outcome leads to."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.adapters import practice_yaml
from voicebot.domain.dialogue.transfer import Attempt, Handover, after, begin, due, order
from voicebot.domain.practice import Hours, Target
from voicebot.settings import Settings

DESK = Target("desk", "le secrétariat")
POOL = Target("pool", "la maison de santé", hours=(Hours(1, datetime.min.time(), datetime.max.time()),))
MOBILE = Target("mobile", "le docteur Moreau", "+33639980042", emergencies_only=True)
FAILING = ("declined", "busy", "no_answer", "unreachable", "failed")


@pytest.fixture(scope="module")
def practice():
    demo = practice_yaml.load(Settings().practices / "demo.yaml")
    return replace(demo, targets=(DESK, POOL, MOBILE))


def test_the_example_for_the_telephone_is_one(tmp_path):
    """What `demo.yaml` shows behind comment marks can be used by taking the marks away."""
    demo = (Settings().practices / "demo.yaml").read_text(encoding="utf8")
    shown = [line.removeprefix("#   ") for line in demo.splitlines() if line.startswith("#   ")]
    start, end = (
        shown.index("numéros:"),
        shown.index("- texte: le docteur Moreau a une heure de retard ce matin."),
    )
    path = tmp_path / "cabinet.yaml"
    path.write_text(demo + "\n".join(shown[start:end]) + "\n", encoding="utf8")
    example = practice_yaml.load(path)
    assert [number.e164 for number in example.numbers] == ["+33199004712", "+33199004713"]
    assert [target.id for target in example.targets] == ["poste_1", "poste_2", "moreau"]
    assert example.targets[2].emergencies_only


def at(practice, text):
    return datetime.fromisoformat(text).replace(tzinfo=practice.zone)


@pytest.mark.parametrize(
    ("when", "level", "rung"),
    [
        ("2026-12-01 09:00", None, ("desk", "pool")),
        ("2026-12-01 09:00", "urgent", ("desk", "pool", "mobile", "")),
        ("2026-12-01 12:45", None, ("pool",)),  # lunch, except for who has hours of their own
        ("2026-12-02 09:00", None, ("desk",)),  # a Wednesday: the pool has none
        ("2026-12-02 03:00", None, ()),
        ("2026-12-02 03:00", "emergency", ("mobile", "")),
        ("2026-12-25 10:00", None, ()),  # a public holiday, and the practice's own closure
        ("2027-05-04 09:00", None, ("desk", "pool")),
        ("2027-05-06 09:00", None, ()),  # Ascension
        ("2027-05-06 09:00", "urgent", ("mobile", "")),
    ],
)
def test_a_telephone_call_rings_who_is_there(practice, when, level, rung):
    assert order(practice, "phone", level, at(practice, when)) == rung


@pytest.mark.parametrize("level", [None, "urgent", "emergency"])
@pytest.mark.parametrize("channel", ["web", "text"])
def test_a_web_call_reaches_the_live_page_only(practice, channel, level):
    assert order(practice, channel, level, at(practice, "2026-12-25 03:00")) == ("",)


def test_without_telephones_a_phone_call_rings_the_page_while_somebody_is_expected_there(practice):
    bare = replace(practice, targets=())
    assert order(bare, "phone", None, at(practice, "2026-12-01 09:00")) == ("",)
    assert order(bare, "phone", None, at(practice, "2026-12-01 23:00")) == ()


def test_a_practice_that_wrote_no_hours_is_rung_at_any(practice):
    bare = replace(practice, humans=())
    assert order(bare, "phone", None, at(practice, "2026-12-02 03:00")) == ("desk",)


def test_hours_are_the_practices_own_clock(practice):
    utc = at(practice, "2026-12-01 08:45").astimezone(tz=None)
    assert order(practice, "phone", None, utc) == ("desk", "pool")


@pytest.mark.parametrize(
    ("left", "by"),
    [
        ("2026-12-01 10:00", "2026-12-01 12:00"),
        ("2026-12-01 21:00", "2026-12-02 10:30"),
        ("2026-12-01 12:45", "2026-12-01 15:30"),
        ("2026-12-05 13:00", "2026-12-07 10:30"),  # Saturday afternoon → Monday
        ("2026-12-24 10:00", "2026-12-28 10:30"),  # closed until the 26th, then a Sunday
    ],
)
def test_the_deadline_of_a_callback_runs_while_humans_are_there(practice, left, by):
    assert due(practice, at(practice, left), timedelta(hours=2)) == at(practice, by)


def test_one_after_the_other_until_somebody_accepts():
    search = begin(Handover(), "demande", None, ("desk", "pool", "mobile"))
    assert (search.phase, search.ringing) == ("ringing", "desk")
    search = after(search, "busy", "desk")
    assert (search.phase, search.ringing) == ("ringing", "pool")
    search = after(search, "answered", "pool")
    assert search.phase == "joined"
    assert search.reached
    assert search.tried == (Attempt("desk", "busy"), Attempt("pool", "answered"))
    assert after(search, "returned", "pool").phase == "idle"


@pytest.mark.parametrize("outcome", FAILING)
def test_every_failure_leads_to_the_next_and_the_last_to_nobody(outcome):
    search = begin(Handover(), "demande", None, ("desk", "pool"))
    search = after(after(search, outcome, "desk"), outcome, "pool")
    assert search.phase == "exhausted"
    assert not search.reached


def test_a_caller_who_left_is_looked_for_no_more():
    search = after(begin(Handover(), "demande", None, ("desk", "pool")), "caller_left", "desk")
    assert (search.phase, search.queue) == ("gone", ())


def test_who_could_not_be_reached_is_not_rung_again():
    search = after(begin(Handover(), "demande", None, ("desk",)), "no_answer", "desk")
    assert begin(search, "encore", None, ("desk",)).phase == "exhausted"
    assert begin(search, "encore", None, ("desk", "pool")).ringing == "pool"


def test_who_had_the_caller_and_gave_them_back_may_be_rung_again():
    search = begin(Handover(), "demande", None, ("desk",))
    search = after(after(search, "answered", "desk"), "returned", "desk")
    assert begin(search, "encore", None, ("desk",)).ringing == "desk"


def test_what_has_become_more_urgent_rings_everybody_anew_once():
    search = after(begin(Handover(), "demande", None, ("desk",)), "declined", "desk")
    search = begin(search, "urgent", "urgent", ("desk",))
    assert search.ringing == "desk"
    search = after(search, "declined", "desk")
    assert begin(search, "encore", "urgent", ("desk",)).phase == "exhausted"
    again = begin(search, "vital", "emergency", ("desk",))
    again = begin(after(again, "declined", "desk"), "vital", "emergency", ("desk",))
    assert again.ringing == "desk"


def test_news_of_an_attempt_long_over_changes_nothing():
    search = after(begin(Handover(), "demande", None, ("desk", "pool")), "busy", "desk")
    assert after(search, "no_answer", "desk") == search
    done = after(search, "busy", "pool")
    assert after(done, "no_answer", "pool") == done


def test_news_that_does_not_say_whose_is_of_who_is_rung():
    search = after(begin(Handover(), "demande", None, ("desk", "pool")), "busy", "")
    assert search.tried == (Attempt("desk", "busy"),)
    assert search.ringing == "pool"


@given(st.lists(st.sampled_from(FAILING), min_size=4, max_size=8), st.permutations(["a", "b", "c", "d"]))
def test_nobody_is_rung_twice_and_the_search_ends(outcomes, candidates):
    search, rung = begin(Handover(), "demande", None, candidates), []
    for outcome in outcomes:
        if search.phase == "ringing":
            rung.append(search.ringing)
            search = after(search, outcome, search.ringing)
    assert rung == candidates
    assert search.phase == "exhausted"
