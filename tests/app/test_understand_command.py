"""`voicebot understand` as another program uses it: lines in, JSON lines out."""

import argparse
import json
import subprocess
import sys

import pytest

from voicebot.app.commands import understand as command
from voicebot.errors import Faulty
from voicebot.settings import Settings


def understand(*lines, raw=None):
    asked = [sys.executable, "-m", "voicebot", "understand", "--now", "2026-10-07T09:30"]
    given = raw if raw is not None else "".join(f"{line}\n" for line in lines).encode()
    done = subprocess.run(asked, input=given, capture_output=True, timeout=120, check=False)
    answers = [json.loads(line) for line in done.stdout.decode("utf8").splitlines()]
    return done.returncode, answers


@pytest.fixture(scope="module")
def answers():
    code, answers = understand(
        "je voudrais un rendez-vous jeudi à quinze heures avec le docteur Moreau",
        "",
        "   ",
        "mon mari a une douleur dans la poitrine qui serre et il transpire",
        "je voudrais une secrétaire",
        "je m'appelle Jeanne Dubois née le 3 mai 1951, mon numéro est le 06 12 34 56 78",
        "le plus tôt possible",
        "pas avant 17 h",
    )
    assert code == 0
    return answers


def test_one_answer_a_line_in_order_with_all_its_keys(answers):
    assert len(answers) == 8
    assert [a["text"] for a in answers][:3] == [
        "je voudrais un rendez-vous jeudi à quinze heures avec le docteur Moreau",
        "",
        "   ",
    ]
    keys = ["text", "category", "kind", "level", "action", "rules", "windows", "entities", "confidence"]
    assert all(list(a) == keys for a in answers)


def test_a_booking_with_an_exact_time(answers):
    assert answers[0]["category"] == "booking"
    assert answers[0]["windows"] == [{"day": "2026-10-08", "from": "15:00", "to": "15:00"}]
    assert answers[0]["entities"]["doctor"] == "moreau"


def test_an_empty_line_is_answered_with_a_question(answers):
    for silent in answers[1:3]:
        assert (silent["category"], silent["level"], silent["entities"]) == (None, None, {})


def test_an_emergency_is_urgent_and_shows_its_rule(answers):
    emergency = answers[3]
    assert (emergency["category"], emergency["level"]) == ("urgent", "emergency")
    assert emergency["rules"]
    assert set(emergency["rules"][0]) == {"id", "status", "words"}


def test_a_person_asked_for(answers):
    assert (answers[4]["category"], answers[4]["kind"]) == ("message", "human")


def test_entities_are_there_only_when_said(answers):
    assert answers[5]["entities"]["birth_date"] == "1951-05-03"
    assert answers[5]["entities"]["phone"] == "+33612345678"
    assert answers[5]["entities"]["name"] == "Jeanne Dubois"
    assert "asap" not in answers[5]["entities"]
    assert answers[6]["entities"]["asap"] is True


def test_any_day_has_no_date(answers):
    [window] = answers[7]["windows"]
    assert (window["day"], window["from"]) == (None, "17:00")


def test_bytes_that_are_not_utf8_and_a_last_line_without_an_end():
    code, answers = understand(raw=b"\xff\xfe rendez-vous\r\nune secr\xc3\xa9taire")
    assert code == 0
    assert answers[1]["text"] == "une secrétaire"
    assert answers[1]["kind"] == "human"


@pytest.mark.parametrize(
    ("practice", "now", "named"), [("ailleurs", None, "demo"), ("demo", "hier", "2026-10-07T09:30")]
)
def test_what_a_person_got_wrong_is_said_in_a_sentence(practice, now, named):
    with pytest.raises(Faulty, match=named):
        command.run(argparse.Namespace(practice=practice, now=now), Settings())
