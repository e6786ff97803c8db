"""What is said to add nothing really adds nothing, and what adds something is never said to."""

from dataclasses import replace

import pytest

from voicebot.adapters.rules_shadow import covered, ways_of
from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.judging import judge
from voicebot.settings import Settings

BOOK = """\
concepts:
  douleur: [mal, douleur]
  poitrine: [poitrine, thorax]
  bras: [bras]
rules:
  - id: essai
    title: Essai
    level: emergency
    when:
      - %s
      - %s
"""


@pytest.mark.parametrize(
    ("first", "second", "needless"),
    [
        ("[douleur]", "[douleur, bras]", 1),
        ("[douleur, bras]", "[douleur]", 0),
        ("[douleur, bras]", "[bras, douleur]", 1),
        ("[douleur, bras]", "[« mal », bras]", 1),
        ("[douleur ou poitrine, bras]", "[poitrine, bras]", 1),
        ("{near: [douleur, bras]}", "[douleur, bras]", 1),
        ("{call: [douleur, bras]}", "{near: [douleur, bras]}", 1),
        ("{call: [âge < 12 mois]}", "{call: [âge < 3 mois, douleur]}", 1),
        ("{call: [température >= 38]}", "{call: [température > 38]}", 1),
        ("{all: [douleur], ask: true}", "{all: [douleur, bras], ask: true}", 1),
        # Narrower, and each adds something.
        ("[douleur]", "[pas douleur]", None),
        ("[douleur, bras]", "[douleur, poitrine]", None),
        ("[douleur, bras]", "{near: [douleur, bras]}", 0),
        ("{all: [douleur], ask: true}", "[douleur, bras]", None),
        ("{all: [douleur], unless: [bras]}", "[douleur, poitrine]", None),
        ("[douleur]", "[douleur, pas bras]", None),
        ("[douleur, douleur]", "[douleur, bras]", None),
        ("{call: [température > 38]}", "{call: [température >= 38]}", 0),
        ("{call: [âge < 3 mois]}", "{call: [âge < 12 mois]}", 0),
        ("{call: [âge < 3 mois]}", "{call: [âge > 12 mois]}", None),
    ],
)
def test_a_pattern_that_another_makes_needless(tmp_path, first, second, needless):
    (tmp_path / "a.yaml").write_text(BOOK % (first, second), encoding="utf8")
    rules = load(tmp_path)
    found = [n for n, _ in covered(rules.rules[0].patterns, ways_of(rules))]
    assert found == ([] if needless is None else [needless])


def test_without_them_the_shipped_rules_hear_the_same():
    rules = load(Settings().rules)
    ways = ways_of(rules)
    thinner = []
    for rule in rules.rules:
        needless = {n for n, _ in covered(rule.patterns, ways)}
        thinner.append(
            replace(rule, patterns=tuple(p for n, p in enumerate(rule.patterns) if n not in needless))
        )
    thin = replace(rules, rules=tuple(thinner))
    for text in (text for rule in rules.rules for text in (*rule.examples[:3], *rule.counter_examples[:2])):
        heard, again = (
            {(evidence.rule, evidence.status) for evidence in judge(book, (text,)).evidence}
            for book in (rules, thin)
        )
        assert heard == again, text
