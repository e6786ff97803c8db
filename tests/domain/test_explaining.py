"""Why a rule spoke: the words, what they are to it, and what keeps it from being sure."""

from pathlib import Path

import pytest

from voicebot.adapters import rules_yaml
from voicebot.domain.triage.explaining import explain
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules():
    return rules_yaml.load(ROOT / "triage_rules")


def reason(rules, rule, *said):
    return next(reason for reason in explain(rules, said).reasons if reason.rule.id == rule)


def test_a_sure_rule_names_its_words_and_no_doubt(rules):
    found = reason(rules, "fievre_moins_3_mois", "mon bébé de deux mois a 38 5")
    assert (found.status, found.why) == ("present", ())
    assert [(part.words, part.meaning) for part in found.parts] == [
        ("deux mois", "âge"),
        ("38 5", "température"),
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("je n'ai plus mal à la poitrine", "denied"),
        ("j'ai eu mal à la poitrine l'an dernier", "long_ago"),
        ("si j'ai mal à la poitrine je fais quoi", "supposed"),
        ("le 15 m'a dit que ma douleur à la poitrine peut attendre demain", "regulated"),
    ],
)
def test_what_keeps_an_emergency_from_being_sure_is_named(rules, said, why):
    found = reason(rules, "douleur_thoracique", said)
    assert found.status == "uncertain"
    assert why in found.why


def test_a_denied_sign_of_something_lesser_is_shown_though_it_says_nothing(rules):
    found = reason(rules, "abdomen_aigu", "je n'ai pas de fièvre mais j'ai mal au ventre")
    assert (found.status, found.why) == ("silent", ("denied",))


def test_a_paper_asked_for_later_does_not_make_an_earlier_sentence_an_errand(rules):
    together = reason(rules, "accident_grave", "il me faut le certificat de mon accident de moto")
    apart = reason(rules, "douleur_thoracique", "j'ai mal à la poitrine", "il me faut mon dossier")
    assert "errand" in together.why
    assert "errand" not in apart.why


@pytest.mark.parametrize(
    "said", ["j'ai mal à la poitrine", "bonjour", "je n'ai plus de fièvre", "", "il fait une crise là"]
)
def test_it_explains_the_very_verdict_of_a_call(rules, said):
    explained, verdict = explain(rules, (said,)), judge(rules, (said,))
    assert explained.verdict == verdict
    speaking = [reason for reason in explained.reasons if reason.status != "silent"]
    assert [(r.rule.id, r.status) for r in speaking] == [(e.rule, e.status) for e in verdict.evidence]
