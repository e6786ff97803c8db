"""`voicebot evaluate understanding`: counting that a person can check by hand, and the command."""

import json

import pytest

from tests.app.test_evaluation_report import parsed
from voicebot.app.commands import evaluate
from voicebot.app.evaluation.understanding import Line, counted, heard, lines, written
from voicebot.domain.call import Reading
from voicebot.errors import FaultyFile
from voicebot.settings import Settings

SET = """\
# a comment
text\tcategory\talso
je voudrais annuler mon rendez-vous\tcancellation\t
décalez celui de mardi\treschedule\t
allô allô\tother\t
mon bras est tout bleu\turgent_topic\t
annulez jeudi et renouvelez mon traitement\tcancellation\tmessage
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "set.tsv"
    path.write_text(SET, "utf8")
    return path


def test_a_set_is_read_by_its_classes_and_its_kinds(path):
    assert [line.wanted for line in lines(path)] == [
        ("cancellation",),
        ("booking",),
        ("none",),
        ("none",),
        ("cancellation", "message"),
    ]


@pytest.mark.parametrize(
    ("line", "said"), [("bonjour\tcafé", "« café »"), ("bonjour", "deux colonnes"), ("\tbooking", "deux")]
)
def test_a_line_that_cannot_be_scored_is_named(tmp_path, line, said):
    path = tmp_path / "bad.tsv"
    path.write_text(f"# x\n{line}\n", "utf8")
    with pytest.raises(FaultyFile, match=f"2:1.*{said}"):
        lines(path)


READINGS = {
    "a": Reading("booking", None, 0.9),
    "b": Reading("message", "results", 0.7),
    "c": Reading(None, "hello", 0.8),
    "d": Reading(None, None, 0.3),
    "e": Reading("urgent", None, 0.3),
}


@pytest.mark.parametrize(
    ("text", "wanted", "verdict"),
    [
        ("a", ("booking",), "right"),
        ("a", ("message", "booking"), "right"),
        ("b", ("booking",), "wrong"),
        ("b", ("none",), "wrong"),
        ("c", ("none",), "right"),
        ("d", ("none",), "right"),
        ("d", ("booking",), "asked"),
        ("e", ("none",), "right"),
    ],
)
def test_right_wrong_or_asked(text, wanted, verdict):
    [result] = heard([Line(text, wanted)], READINGS.__getitem__)
    assert result.verdict == verdict


def test_what_is_counted():
    wanted = {"a": "booking", "b": "booking", "c": "none", "d": "message"}
    made = counted(heard([Line(text, (c,)) for text, c in wanted.items()], READINGS.__getitem__))
    assert {v: made[v]["n"] for v in ("right", "wrong", "asked")} == {"right": 2, "wrong": 1, "asked": 1}
    assert made["right"]["share"] == 0.5
    assert made["classes"]["booking"]["wrong"]["n"] == 1
    assert {(c["wanted"], c["got"], c["n"]) for c in made["confusions"]} == {
        ("booking", "message", 1),
        ("message", "none", 1),
    }
    assert [m["text"] for m in made["missed"]] == ["b", "d"]
    assert "b" not in written(made, sentences=False).splitlines()[-1]


def test_the_command_reads_with_the_practice_s_own_reader(path, capsys):
    assert evaluate.run(parsed("understanding", "--json", "--set", str(path)), Settings()) == 0
    [made] = json.loads(capsys.readouterr().out).values()
    assert made["of"] == 5
    assert made["right"]["n"] == 5
    assert made["cpu_ms"] > 0


def test_counts_alone_show_no_sentence(path, capsys):
    assert evaluate.run(parsed("understanding", "--counts", "--set", str(path)), Settings()) == 0
    told = capsys.readouterr().out
    assert "right   5 100.0 %" in told
    assert "bras" not in told
