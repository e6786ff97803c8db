"""The engine is not French: English rules, in English words, behave on their examples as French do."""

from pathlib import Path

import pytest

from voicebot.adapters.rules_yaml import check_examples, load
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules():
    return load(ROOT / "triage_rules" / "en")


def test_every_rule_behaves_on_enough_examples(rules):
    assert check_examples(rules) == ()
    assert len(rules.rules) >= 15
    assert [r.id for r in rules.rules if len(r.examples) < 6 or len(r.counter_examples) < 4] == []


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("he isn't breathing", "emergency act"),
        ("I'm not calling about the flu, I've got chest pain", "emergency act"),
        ("it won't stop bleeding", "emergency act"),
        ("my baby's six weeks old and she's at thirty-eight point five", "emergency act"),
        ("my arm went numb for ten minutes, it's gone now", "emergency act"),
        ("I don't have any chest pain", "emergency ask"),
        ("I had a pain in my chest three years ago", "emergency ask"),
        ("call back if you get chest pain, the doctor said", "emergency ask"),
        ("I'm scared of having a fit", "emergency ask"),
        ("could I book an appointment for Tuesday", "None None"),
        ("I'd like my blood test results", "None None"),
    ],
)
def test_denials_dates_and_fears_turn_an_act_into_a_question(rules, said, outcome):
    verdict = judge(rules, [said])
    assert f"{verdict.level} {verdict.action}" == outcome, verdict.evidence


def test_english_is_not_loaded_with_the_french(rules):
    french = load(ROOT / "triage_rules")
    assert french.language is not rules.language
    assert not {rule.title for rule in french.rules} & {rule.title for rule in rules.rules}
