"""`voicebot evaluate`: the report on a few sentences, by the real rules and the call's own fold."""

import argparse
import json
import re

import pytest

from voicebot.adapters import ear_tfidf
from voicebot.app.commands import evaluate
from voicebot.app.evaluation.page import page
from voicebot.app.evaluation.product import product
from voicebot.domain.dialogue.urgency import SOUNDS_URGENT
from voicebot.errors import Faulty
from voicebot.ports import Transcript
from voicebot.settings import Settings

LINES = """\
emergency\tminimising\tthorax\tj'ai mal à la poitrine et ça me serre <très> fort
emergency\tthird_person\tperdue\tle facteur a laissé un paquet chez la gardienne
calm\tadult\tplace\tje voudrais un rendez-vous jeudi
decoy\tadult\tpassé\tmon père a eu un infarctus il y a dix ans
"""


def parsed(*words):
    parser = argparse.ArgumentParser()
    evaluate.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "lines.tsv"
    path.write_text(LINES, "utf8")
    return path


@pytest.fixture
def made(data, tmp_path, capsys):
    code = evaluate.run(parsed("triage", "--data", str(data), "--out", str(tmp_path / "out")), Settings())
    assert code == 0
    assert "triage.html" in capsys.readouterr().out
    return json.loads((tmp_path / "out" / "triage.json").read_text("utf8"))


def test_the_report_says_what_was_found_and_on_what(made, data):
    [typed] = made["conditions"]
    assert typed["figures"]["emergency_noticed"]["of"] == 2
    assert typed["figures"]["emergency_acted"]["n"] == 1
    assert typed["figures"]["emergency_noticed"]["kept"] is False
    assert typed["personas"]["minimising"]["emergency_acted"] == {
        "n": 1, "of": 1, "share": 1.0, "low": 0.2065, "high": 1.0
    }  # fmt: skip
    assert [line["flag"] for line in typed["missed"]] == ["perdue"]
    assert made["made"]["lines"] == {"calm": 1, "decoy": 1, "emergency": 2}
    assert made["made"]["sources"][0]["name"] == data.name
    assert str(data.parent) not in json.dumps(made)
    assert made["made"]["rules"]["number"] >= 60


def test_the_page_needs_nothing_else_and_escapes_what_callers_said(made):
    html = page(made)
    assert not re.search(r"(?:src|href)=|<script", html)
    assert "ça me serre &lt;très&gt; fort" not in html, "only what was missed is listed"
    assert "le facteur a laissé un paquet" in html
    assert html.count("<svg") == html.count("</svg>") >= 1
    assert "Règles non validées" in html or made["made"]["reviewed"]
    made["conditions"][0]["missed"][0]["text"] = "<b>gras</b>"
    assert "&lt;b&gt;gras&lt;/b&gt;" in page(made)


class Alarmed:
    def alarmed(self, text):
        return True


def test_the_decision_is_the_call_s_own():
    deaf, alarmed = (product(Settings(), "demo", ear) for ear in (None, Alarmed()))
    calm = "le facteur a laissé un paquet chez la gardienne"
    assert deaf.typed(calm).action is None
    asked = alarmed.typed(calm)
    assert (asked.level, asked.action, asked.by) == ("urgent", "ask", (SOUNDS_URGENT,))
    assert deaf.typed("j'ai mal à la poitrine").level == alarmed.typed("j'ai mal à la poitrine").level


@pytest.mark.parametrize(
    ("text", "speech", "action"),
    [("mal à la poitrine", True, "ask"), ("le facteur", True, None), ("mal à la poitrine", False, None)],
)
def test_what_was_not_clearly_heard_is_asked_about_or_to_be_said_again(text, speech, action):
    heard = product(Settings(), "demo", None).heard(Transcript(text, speech, False, 0.3))
    assert (heard.action, heard.repeat) == (action, action is None)


@pytest.mark.parametrize("wrong", [("--conditions", "typed,tapé"), ("--practice", "nulle-part")])
def test_what_cannot_be_measured_is_told(data, wrong):
    with pytest.raises(Faulty):
        evaluate.run(parsed("triage", "--data", str(data), *wrong), Settings())


def test_the_ear_is_not_calibrated_on_what_it_has_learnt(tmp_path):
    path = tmp_path / "known.tsv"
    said = next(said for kind, said in ear_tfidf.sentences() if kind == "alarming")
    path.write_text(f"urgent\tx\ty\t{said}\n", "utf8")
    with pytest.raises(Faulty, match="learnt"):
        evaluate.run(parsed("ear", "--data", str(path)), Settings())


def test_what_is_spoken_stands_beside_the_same_sentences_typed(data, monkeypatch):
    def misheard(self, conditions, cases):
        return {
            (condition.key, case): Transcript("mal à la poitrine", True, True, 0.9)
            for condition in conditions
            for case in cases
        }

    monkeypatch.setattr("voicebot.app.evaluation.listening.Listening.read", misheard)
    words = ("triage", "--data", str(data), "--conditions", "typed,8khz", "--sample", "2")
    _, typed_again, spoken = evaluate.measured(parsed(*words), [data], Settings())["conditions"]
    assert (typed_again["key"], spoken["key"]) == ("typed_again", "phone8")
    assert typed_again["lines"] == spoken["lines"] < 4
    assert spoken["figures"]["emergency_noticed"]["at_least"] == 0.95
    assert spoken["figures"]["calm_acted"]["at_most"] is None
    assert {line["heard"] for line in spoken["alarmed"]} <= {"mal à la poitrine"}
