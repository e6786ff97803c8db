"""Counting on a handful of results that a person can check by hand."""

import pytest

from voicebot.app.evaluation.calibrating import calibrated
from voicebot.app.evaluation.cases import Case, cases, sample
from voicebot.app.evaluation.figures import Result, Share, alarmed, grouped, missed, shares
from voicebot.app.evaluation.product import Decision
from voicebot.errors import FaultyFile


def result(expected, level=None, action=None, persona="adult", repeat=False):
    text = f"{expected} {level} {action}"
    return Result(Case(expected, persona, "x", text), Decision(level, action, repeat=repeat), text)


RESULTS = [
    result("emergency", "emergency", "act"),
    result("emergency", "emergency", "ask", persona="minimising"),
    result("emergency", "urgent", "act"),
    result("emergency", repeat=True),
    result("urgent", "urgent", "act"),
    result("urgent", "emergency", "act"),
    result("urgent", "emergency", "ask"),
    result("urgent"),
    result("calm"),
    result("calm", "urgent", "ask"),
    result("calm", "urgent", "act"),
    result("decoy", "emergency", "ask"),
    result("decoy", "emergency", "act"),
]


@pytest.mark.parametrize(
    ("key", "n", "of"),
    [
        ("emergency_noticed", 3, 4),
        ("emergency_acted", 1, 4),
        ("urgent_noticed", 3, 4),
        ("calm_acted", 1, 3),
        ("calm_asked", 1, 3),
        ("decoy_acted", 1, 2),
        ("decoy_asked", 1, 2),
        ("under_triage", 3, 8),
        ("over_triage", 3, 9),
        ("questions", 4, 13),
        ("said_again", 1, 13),
    ],
)
def test_what_is_counted(key, n, of):
    assert shares(RESULTS)[key] == Share(n, of)


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (95, 100, 0.8883, 0.9785)],
)
def test_wilson_s_interval(n, of, low, high):
    """Against published values (Newcombe 1998; statsmodels' proportion_confint)."""
    assert Share(n, of).interval == pytest.approx((low, high), abs=1e-3)


def test_of_nothing_nothing_is_known():
    assert Share(0, 0).interval == (0.0, 1.0)


def test_the_missed_come_with_emergencies_first_and_the_alarmed_apart():
    assert [r.case.expected for r in missed(reversed(RESULTS))] == ["emergency", "urgent"]
    assert [r.case.expected for r in alarmed(RESULTS)] == ["calm", "decoy"]
    assert list(grouped(RESULTS, lambda case: case.persona)) == ["adult", "minimising"]


def test_a_file_of_sentences_is_read_and_its_faults_are_told_all_at_once(tmp_path):
    good, bad = tmp_path / "good.tsv", tmp_path / "bad.tsv"
    good.write_text("# expected\tpersona\tflag\tutterance\n\nurgent\tadult\tœil\tmon œil est rouge\n", "utf8")
    assert cases([good]) == (Case("urgent", "adult", "œil", "mon œil est rouge"),)
    bad.write_text("urgence\ta\tb\tc\ncalm\ttrop court\n", "utf8")
    with pytest.raises(FaultyFile) as told:
        cases([bad, tmp_path / "none.tsv"])
    assert [(fault.line) for fault in told.value.faults] == [1, 2, 0]


def test_a_sample_keeps_the_proportions_and_is_always_the_same():
    every = [Case("calm" if n % 4 else "emergency", "x", "y", str(n)) for n in range(400)]
    drawn = sample(every, 40)
    assert drawn == sample(tuple(reversed(every)), 40)[::-1]
    assert [sum(case.expected == kind for case in drawn) for kind in ("emergency", "calm")] == [10, 30]
    assert sample(every, 0) == tuple(every)


SCORES = {
    "perdue": 0.7,
    "aussi": 0.6,
    "faible": 0.2,
    "dite": 0.9,
    "calme": 0.1,
    "bruyante": 0.65,
    "sûre": 0.8,
}
KINDS = {"perdue": "emergency", "aussi": "urgent", "faible": "urgent", "dite": "emergency"}


@pytest.mark.parametrize(
    ("budget", "with_ear", "asked", "between"), [(0, 2, 0, (0.65, 0.7)), (0.4, 4, 1, (0.1, 0.2))]
)
def test_the_ear_s_threshold_notices_what_its_budget_of_questions_allows(budget, with_ear, asked, between):
    lines = [Case(KINDS.get(text, "calm"), "x", "y", text) for text in SCORES]
    found = calibrated(lines, lambda text: text not in ("dite", "sûre"), SCORES.__getitem__, budget)
    assert (found.urgent, found.by_rules, found.with_ear) == (4, 1, with_ear)
    assert (found.calm, found.calm_asked) == (3, asked)
    assert between[0] < found.threshold < between[1]
