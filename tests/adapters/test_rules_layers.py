"""A practice's own layer over the shipped rules: what it may do, and what it is told."""

import pytest

from voicebot.adapters.rules_yaml import load, load_book, load_practices
from voicebot.domain.triage.judging import judge
from voicebot.errors import FaultyFile

SHIPPED = """\
concepts:
  douleur: [mal, douleur]
  poitrine: [poitrine, thorax]
  genou: [genou]
rules:
  - id: thorax
    title: Douleur dans la poitrine
    level: emergency
    when:
      - {near: [douleur, poitrine], unless: [genou]}
    reviewed_by: Dr Moreau
    examples: [mal à la poitrine]
  - id: fièvre
    title: Fièvre
    level: urgent
    words: [fièvre]
    examples: [de la fièvre]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "livre.yaml").write_text(SHIPPED, encoding="utf8")
    (tmp_path / "practices").mkdir()
    return tmp_path


def layered(folder, text, signed=False):
    (folder / "practices" / "demo.yaml").write_text(text, encoding="utf8")
    return load_practices(folder, lambda practice: signed)["demo"]


def faults(folder, text):
    with pytest.raises(FaultyFile) as caught:
        layered(folder, text)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in caught.value.faults]


def said(book, text):
    verdict = judge(book.rules, [text])
    return verdict.level, verdict.action


def test_without_a_layer_a_practice_has_the_shipped_book(folder):
    assert load_practices(folder) == {}


def test_it_adds_rules_and_concepts(folder):
    book = layered(
        folder,
        "concepts: {coffre: [coffre]}\nrules:\n"
        "  - {id: chez_nous, title: Le coffre, level: emergency, when: [[douleur, coffre]]}\n",
    )
    assert said(book, "j'ai mal au coffre") == ("emergency", "act")
    assert said(load_book(folder), "j'ai mal au coffre") == (None, None)
    assert book.own == {"chez_nous"}


def test_more_words_for_a_concept_are_heard_by_the_rules_that_use_it(folder):
    book = layered(folder, "concepts:\n  poitrine: [coffre]\n")
    assert said(book, "j'ai mal au coffre") == ("emergency", "act")
    assert said(book, "j'ai mal au thorax") == ("emergency", "act")
    assert book.own == {"thorax"}


def test_it_tightens_a_rule(folder):
    book = layered(
        folder,
        "change:\n"
        "  - rule: fièvre\n"
        "    level: emergency\n"
        "    words: [frissons]\n"
        "    when: [[douleur, poitrine]]\n"
        "    question: Plus de 39 ?\n"
        "    say: Composez le 15.\n"
        "    reach: moreau\n"
        "    examples: [des frissons]\n",
    )
    rule = next(rule for rule in book.rules.rules if rule.id == "fièvre")
    assert (rule.level, rule.question, rule.say, rule.reach) == (
        *("emergency", "Plus de 39 ?", "Composez le 15."),
        "moreau",
    )
    assert rule.examples == ("de la fièvre", "des frissons")
    assert said(book, "j'ai des frissons") == ("emergency", "act")
    assert said(book, "j'ai de la fièvre") == ("emergency", "act")


def test_who_reviewed_the_shipped_rule_did_not_review_the_change(folder):
    book = layered(folder, "change: [{rule: thorax, words: [étau]}]\n")
    assert book.written["thorax"].rule.reviewed_by is None
    own = layered(folder, "change: [{rule: thorax, reviewed_by: Dr Benali, reviewed_on: 2026-11-20}]\n")
    assert own.written["thorax"].rule.reviewed_by == "Dr Benali"


DISABLE = "disable:\n  - {rule: %s, reason: doublon, by: Dr Moreau, on: 2026-11-20}\n"


def test_a_rule_below_an_emergency_is_disabled_with_a_reason_and_a_name(folder):
    book = layered(folder, DISABLE % "fièvre")
    assert said(book, "j'ai de la fièvre") == (None, None)
    assert [(one.rule, one.by, one.in_force) for one in book.disabled] == [("fièvre", "Dr Moreau", False)]
    assert book.warnings == ()


def test_an_emergency_stays_in_force_until_its_disabling_is_signed(folder):
    book = layered(folder, DISABLE % "thorax")
    assert said(book, "mal à la poitrine") == ("emergency", "act")
    (warning,) = book.warnings
    assert (warning.line, warning.column) == (2, 12)
    assert "« thorax » reste en service" in warning.message
    assert book.disabled[0].in_force
    signed = layered(folder, DISABLE % "thorax", signed=True)
    assert said(signed, "mal à la poitrine") == (None, None)
    assert (signed.warnings, signed.disabled[0].in_force) == ((), False)


def test_the_rules_of_a_practice_are_the_shipped_ones_with_its_own_layer(folder):
    layered(folder, DISABLE % "thorax")
    ids = [[rule.id for rule in load(folder, *which).rules] for which in ((), ("autre",), ("demo",))]
    assert ids == 3 * [["thorax", "fièvre"]]
    assert [rule.id for rule in load(folder, "demo", signed=True).rules] == ["fièvre"]


def test_a_rule_raised_to_an_emergency_cannot_be_disabled_by_the_way(folder):
    told = faults(folder, "change: [{rule: fièvre, level: emergency}]\n" + DISABLE % "fièvre")
    assert told == ["3:12: la règle « fièvre » est déjà changée ou désactivée à la ligne 1"]


def test_the_version_is_of_the_layer_too(folder):
    one = layered(folder, "change: [{rule: thorax, words: [étau]}]\n").rules.version
    other = layered(folder, "change: [{rule: thorax, words: [étaux]}]\n").rules.version
    assert len({one, other, load_book(folder).rules.version}) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "change: [{rule: torax, words: [étau]}]",
            "1:17: la règle « torax » n'existe pas ; vouliez-vous dire",
        ),
        (
            "change: [{rule: thorax, level: urgent}]",
            "1:32: la règle « thorax » : le niveau d'une règle livrée",
        ),
        ("change: [{rule: thorax, level: urgant}]", "1:32: la règle « thorax » : niveau « urgant » inconnu"),
        (
            "change: [{rule: thorax, unless: [genou]}]",
            "1:25: « unless » rendrait une règle livrée plus sourde",
        ),
        ("idioms: [mal à la poitrine]", "1:1: « idioms » rendrait une règle livrée plus sourde"),
        ("change: [{rule: thorax}]", "1:10: rien n'est changé à la règle « thorax »"),
        ("change: [{rule: thorax, say: Venez.}]", "1:30: la règle « thorax » : la phrase d'une urgence doit"),
        (
            "change: [{rule: thorax, when: [[mollet]]}]",
            "1:33: la règle « thorax » : concept « mollet » inconnu",
        ),
        ("concepts: {genou: [poitrine]}", "1:12: « genou » sert d'exception dans la règle « thorax »"),
        ("disable: [{rule: fièvre, reason: x, on: 2026-11-20}]", "1:11: il manque « by »"),
        ("disable: [{rule: fièvre, reason: '', by: x, on: 2026-11-20}]", "1:34: ne peut pas être vide"),
        ("disable: [{rule: fièvre, reason: x, by: x, on: hier}]", "1:48: « hier » n'est pas une date"),
        (
            "rules: [{id: thorax, title: x, level: urgent, words: [toux]}]",
            "1:14: la règle « thorax » existe déjà : pour la changer",
        ),
        (
            "disable: [{rule: fièvre, reason: TODO, by: x, on: 2026-11-20}]",
            "1:34: la règle « fièvre » : « TODO »",
        ),
        (DISABLE % "fievre", "2:12: la règle « fievre » n'existe pas ; vouliez-vous dire « fièvre » ?"),
    ],
)
def test_what_it_may_not_do_is_told_where_it_stands(folder, text, told):
    (fault,) = faults(folder, text + "\n")
    assert fault.startswith(told)


def test_every_fault_of_every_layer_is_told_at_once(folder):
    (folder / "practices" / "a.yaml").write_text("change: [{rule: torax}]\n", encoding="utf8")
    told = faults(folder, "change: [{rule: thorax}]\nrules: [{id: x, level: urgent}]\nidioms: []\n")
    assert len(told) == 4
