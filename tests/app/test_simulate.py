"""`voicebot simulate`: a lost call is found, told where, and counted; nothing lost is exit code 0."""

import json
from argparse import ArgumentParser
from html.parser import HTMLParser

import pytest

from voicebot.app.commands import simulate
from voicebot.app.simulation import journeys
from voicebot.errors import Faulty
from voicebot.settings import Settings

RIGHT = """
- name: served
  patients: ["Marie Dubois 1972-03-12 +33612345678"]
  caller:
    - un rendez-vous jeudi matin avec le docteur Moreau
    - le premier
    - Marie Dubois
    - 12 mars 1972
    - 06 12 34 56 78
    - oui
    - non merci
  then:
    agenda: ["2026-12-03 09:00 moreau Marie Dubois"]
    who: ["Marie Dubois 1972-03-12 +33612345678"]
"""
LOST = """
- name: lost <b>here</b>
  caller:
    - un rendez-vous jeudi matin avec le docteur Moreau
    - le premier
    - Marie Dubois
    - tagada <i>pouet</i>
    - <raccroche>
  then:
    agenda: ["2026-12-03 09:00 moreau Marie Dubois"]
    who: ["Marie Dubois 1972-03-12 +33612345678"]
"""


class Page(HTMLParser):
    """What tags there are, and whether they are all closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def simulated(tmp_path, *arguments):
    parser = ArgumentParser()
    simulate.add_arguments(parser)
    out = ["--json", str(tmp_path / "out.json"), "--html", str(tmp_path / "out.html")]
    code = simulate.run(parser.parse_args([*arguments, *out]), Settings())
    return code, json.loads((tmp_path / "out.json").read_text()), (tmp_path / "out.html").read_text()


@pytest.fixture
def file(tmp_path):
    def written(text):
        (tmp_path / "some.yaml").write_text(text)
        return str(tmp_path / "some.yaml")

    return written


def test_a_served_call_is_right_in_everything(tmp_path, file):
    code, made, page = simulated(tmp_path, file(RIGHT))
    assert code == 0
    (call,) = made["calls"]
    assert call["entities"] == {k: [1, 1] for k in ("slot", "doctor", "name", "birth_date", "phone")}
    assert made["bookings"]["median_turns"] == call["turns"] == 8
    assert 30 < call["seconds"] < 120
    assert "Aucun." in page


def test_a_lost_call_is_told_with_the_question_and_the_words(tmp_path, file, capsys):
    code, made, page = simulated(tmp_path, file(RIGHT + LOST))
    assert code == 1
    _, call = made["calls"]
    assert call["lost"] == {"asked": "birth_date", "after": "tagada <i>pouet</i>"}
    assert call["entities"]["slot"] == [0, 1]
    assert made["figures"]["right_end"]["n"] == 1
    assert made["figures"]["right"]["of"] == 2
    assert made["lost"] == {"birth_date": 1}
    assert made["misunderstood"]["birth_date"]["n"] == 1
    assert "LOST some: lost" in capsys.readouterr().out
    parsed = Page(page)
    assert parsed.open == []
    assert "script" not in parsed.seen
    assert "lost &lt;b&gt;here" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- name: x\n  caller: []\n", "needs `then`"),
        ("- name: x\n  caler: []\n  then: {}\n", "unknown caler"),
        ("- name: x\n  caller: []\n  then: {agend: []}\n", "`then` is a section of"),
        ("- nom: x\n", "a section with a name"),
        ("name: x\n", "must be a list"),
        ("- [", "cannot be read"),
        (RIGHT + RIGHT, "two journeys have the name: served"),
        ("- name: x\n  caller: []\n  then: {}\n  practice: nowhere\n", "unknown practice nowhere"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path, file, text, told):
    with pytest.raises(Faulty, match=told):
        simulated(tmp_path, file(text))


def test_without_the_project_s_journeys_a_file_must_be_named(tmp_path, monkeypatch):
    monkeypatch.setattr(journeys, "FOLDER", tmp_path / "nowhere")
    with pytest.raises(Faulty, match="name a YAML file"):
        journeys.wanted([])


def test_journeys_are_found_by_words_of_their_names():
    found = journeys.wanted(["everything in one breath", "CHANGE OF MIND"])
    assert {"everything in one breath", "a change of mind at the read-back"} <= {j.name for j in found}
    with pytest.raises(Faulty, match="tagada"):
        journeys.wanted(["tagada"])
