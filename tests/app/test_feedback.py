"""A past call's sentence becomes a rule's example in the practice's own file, which stays its author's."""

import asyncio
from datetime import UTC, datetime

import pytest

from voicebot.adapters import rules_yaml
from voicebot.app import feedback
from voicebot.app.feedback import Feedback, nearest, with_example
from voicebot.errors import Faulty, Unavailable

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHIPPED = """
rules:
  - id: poitrine
    title: Douleur dans la poitrine
    level: emergency
    words: [mal à la poitrine]
    examples: [j'ai mal à la poitrine]
  - id: fievre
    title: Fièvre
    level: urgent
    words: [fièvre]
    examples: [il a de la fièvre depuis hier]
"""
LAYER = """\
# Cabinet des Tilleuls — relu le 3 mars par le Dr Moreau.
rules:
  - id: lentille
    title: Lentille bloquée
    level: urgent
    words: [lentille bloquée]
    examples: ["ma lentille est bloquée"]   # le plus fréquent

change:
  # Nos patients disent « ça serre ».
  - rule: poitrine
    words: [ça me serre]
    examples:
      - ça me serre là   # appel du 12
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "general.yaml").write_text(SHIPPED, encoding="utf8")
    return tmp_path


@pytest.fixture
def layer(folder):
    (folder / "practices").mkdir()
    path = folder / "practices" / "demo.yaml"
    path.write_text(LAYER, encoding="utf8")
    return path


def learn(folder, sentence, rule="poitrine", kind="examples"):
    teaching = Feedback(folder).learn("demo", rule, kind, sentence, "secretariat", AT)
    return asyncio.run(teaching)


def added(before, after):
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_an_example_is_added_where_the_file_speaks_of_the_rule_and_nothing_else_changes(folder, layer):
    learned = learn(folder, "ça me serre dans le bras")
    after = layer.read_text(encoding="utf8")
    assert added(LAYER, after) == ['      - "ça me serre dans le bras" # secretariat, 22/11/2026']
    assert [line for line in LAYER.splitlines() if line not in after.splitlines()] == []
    assert (learned.status, learned.as_wished) == ("present", True)


def test_the_first_feedback_of_a_practice_makes_its_file(folder):
    learn(folder, "ça fait mal à la poitrine")
    text = (folder / "practices" / "demo.yaml").read_text(encoding="utf8")
    assert text.startswith("# Ce que ce cabinet ajoute aux règles d'urgence.")
    assert "  - rule: poitrine\n" in text
    rule = rules_yaml.load(folder, "demo").rules[0]
    assert rule.examples == ("j'ai mal à la poitrine", "ça fait mal à la poitrine")


def test_a_rule_of_the_practices_own_gets_it_where_it_is_written(folder, layer):
    learn(folder, "j'ai une lentille bloquée", "lentille")
    assert 'examples: ["ma lentille est bloquée", "j\'ai une lentille bloquée"] # le plus fréquent' in (
        layer.read_text(encoding="utf8")
    )


def test_it_was_not_urgent_makes_a_counter_example(folder, layer):
    learned = learn(folder, "j'ai de la fièvre quand je regarde le match", "fievre", "counter_examples")
    rule = next(rule for rule in rules_yaml.load(folder, "demo").rules if rule.id == "fievre")
    assert rule.counter_examples == ("j'ai de la fièvre quand je regarde le match",)
    assert (learned.status, learned.as_wished) == ("present", False), "the rule still acts on it: said so"


def test_an_example_that_the_rule_misses_is_said_at_once_and_check_shows_it(folder, layer):
    learned = learn(folder, "un éléphant est assis sur moi")
    assert (learned.status, learned.as_wished) == (None, False)
    (missed,) = rules_yaml.check_examples(rules_yaml.load(folder, "demo"))
    assert "un éléphant est assis sur moi" in missed


@pytest.mark.parametrize(
    "sentence",
    [
        "l'enfant: il tousse # fort",
        "- \"mal\" à la 'poitrine'",
        "{a: b}",
        "oui",
        "39.5",
        "\\n",
        "é" * 290,
        "@x",
    ],
)
def test_whatever_the_sentence_holds_it_is_read_back_as_it_is(folder, layer, sentence):
    learn(folder, sentence)
    assert rules_yaml.load(folder, "demo").rules[0].examples[-1] == sentence


def test_the_authors_own_way_of_indenting_stays(folder, layer):
    flat = (
        "change:\n# Ça serre.\n- rule: poitrine\n  words: [étau]\n  examples:\n  - un étau   # appel du 12\n"
    )
    layer.write_text(flat, encoding="utf8")
    learn(folder, "ça me serre dans le bras")
    lines = layer.read_text(encoding="utf8").splitlines()
    assert [line for line in flat.splitlines() if line not in lines] == []


def test_the_same_sentence_twice_is_told(folder, layer):
    learn(folder, "ça me serre dans le bras")
    with pytest.raises(Faulty, match="y est déjà"):
        learn(folder, "ça me serre dans le bras")


@pytest.mark.parametrize(
    "broken",
    [
        "change: [\n",
        "- une liste\n",
        "change: {rule: poitrine}\n",
        "disable:\n  - {rule: poitrine, reason: r, by: b, on: 2026-01-01}\n",
        "changes: []\n",
    ],
)
def test_a_file_that_would_not_load_is_left_as_it_is(folder, layer, broken):
    layer.write_text(broken, encoding="utf8")
    with pytest.raises(Faulty) as refused:
        learn(folder, "ça me serre dans le bras")
    assert "/tmp" not in str(refused.value)
    assert layer.read_text(encoding="utf8") == broken
    assert [path.name for path in layer.parent.iterdir()] == ["demo.yaml"]


def test_an_unknown_rule_is_refused(folder):
    with pytest.raises(Faulty, match="n'existe pas"):
        learn(folder, "ça me serre", "nulle_part")
    assert not (folder / "practices").exists()


def test_a_file_that_its_author_saves_meanwhile_is_not_overwritten(folder, layer, monkeypatch):
    load = rules_yaml.load

    def slow(*arguments, **more):
        layer.write_text(LAYER + "# et je continue\n", encoding="utf8")
        return load(*arguments, **more)

    monkeypatch.setattr(feedback.rules_yaml, "load", slow)
    with pytest.raises(Faulty, match="Quelqu'un vient d'enregistrer"):
        learn(folder, "ça me serre dans le bras")
    assert layer.read_text(encoding="utf8").endswith("# et je continue\n")
    assert [path.name for path in layer.parent.iterdir()] == ["demo.yaml"]


def test_two_people_at_once_are_both_heard(folder, layer):
    teaching = Feedback(folder)

    async def both():
        sentences = ("ça me serre dans le bras", "ça me serre dans le dos")
        await asyncio.gather(
            *(teaching.learn("demo", "poitrine", "examples", each, "anne", AT) for each in sentences)
        )

    asyncio.run(both())
    assert len(rules_yaml.load(folder, "demo").rules[0].examples) == 4


def test_a_folder_that_cannot_be_written_to_is_unavailable(folder):
    (folder / "practices").write_text("")
    with pytest.raises(Unavailable):
        learn(folder, "ça me serre")


def test_an_empty_layer_keeps_its_comment():
    text = with_example("# À nous.\n", "poitrine", "examples", "ça serre", "anne, 22/11/2026")
    assert text.startswith("# À nous.\nchange:\n")


def test_the_rules_offered_first_are_those_that_fired_and_those_that_speak_alike(folder):
    rules = rules_yaml.load(folder)
    assert nearest(rules, "depuis hier il est brûlant")[0].id == "fievre"
    assert nearest(rules, "depuis hier il est brûlant", ["poitrine"])[0].id == "poitrine"
    assert {rule.id for rule in nearest(rules, "bonjour")} == {"poitrine", "fievre"}
