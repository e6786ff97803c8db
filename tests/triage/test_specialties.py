"""Eyes, teeth, heart and professional callers: the levels their sets keep, and calls told bit by bit."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]
SETS = ("specialties2", "specialties3", "specialties4", "specialties5")


@pytest.fixture(scope="module")
def rules():
    return load(ROOT / "triage_rules")


def lines():
    for name in SETS:
        with (ROOT / f"tests/data/triage_{name}.tsv").open(encoding="utf8") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if not row[0].startswith("#"):
                    yield row[0], row[3]


def test_the_sets_stay_above_what_is_promised(rules):
    acted: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for expected, text in lines():
        verdict = judge(rules, [text])
        total[expected] += 1
        acted[expected] += verdict.action == "act"
        asked[expected] += verdict.action == "ask"
    assert acted["emergency"] + asked["emergency"] >= 0.98 * total["emergency"]
    assert acted["emergency"] >= 0.85 * total["emergency"]
    assert acted["urgent"] + asked["urgent"] >= 0.95 * total["urgent"]
    assert acted["calm"] <= 0.03 * total["calm"]
    assert asked["calm"] <= 0.10 * total["calm"]
    assert acted["decoy"] <= 0.10 * total["decoy"]


@pytest.mark.parametrize(
    ("utterances", "level", "action", "rule"),
    [
        (
            ["bonjour c'est le laboratoire", "le potassium", "six virgule huit"],
            "urgent",
            "act",
            "resultat_critique",
        ),
        (["potassium à 7 4 chez votre patient dialysé"], "emergency", "act", "resultat_vital"),
        (["j'ai mal à l'œil", "depuis ce matin", "et je vomis"], "emergency", "act", "glaucome_aigu"),
        (
            ["j'ai pris quatre kilos", "cette semaine", "j'ai les chevilles gonflées"],
            "urgent",
            "act",
            "decompensation_cardiaque",
        ),
        (
            ["c'est la pharmacie", "j'ai une ordonnance", "il y a une interaction avec son previscan"],
            "urgent",
            "act",
            "medicament_dangereux",
        ),
    ],
)
def test_a_reason_told_bit_by_bit_is_one(rules, utterances, level, action, rule):
    verdict = judge(rules, utterances)
    assert (verdict.level, verdict.action) == (level, action)
    assert rule in {evidence.rule for evidence in verdict.evidence}


@pytest.mark.parametrize(
    "said",
    [
        "ma tension est à quatorze neuf",
        "mon INR est à deux et demi je garde la même dose",
        "la pharmacie l'ordonnance de madame Noël est illisible",
        "ma couronne s'est descellée je l'ai gardée",
        "je vois moins bien de loin c'est pour changer mes lunettes",
        "mardi 27/10",
    ],
)
def test_everyday_calls_are_left_alone(rules, said):
    assert judge(rules, [said]).level is None
