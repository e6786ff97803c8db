"""What a doctor reads when a rule file has mistakes, and what a good one becomes."""

from datetime import date
from typing import get_args

import pytest

from voicebot.adapters.rules_items import SYNTAX, alternatives, item
from voicebot.adapters.rules_yaml import check_examples, load
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.language import Measure
from voicebot.domain.triage.rules import Heard, Measured
from voicebot.errors import FaultyFile

GOOD = """\
idioms: [prise de sang]
concepts:
  douleur: [mal, douleur]
  poitrine: [poitrine, thorax]
  respirer: [respirer]
rules:
  - id: thorax
    title: Douleur dans la poitrine
    level: emergency
    question: La douleur est-elle là ?
    words: [étau]
    when:
      - [douleur, poitrine]
      - {near: [douleur ou « gêne », poitrine], unless: [« seins »]}
      - {call: [âge < 3 mois, température >= 38.5], ask: true}
      - [pas respirer]
    examples: [j'ai mal dans la poitrine, comme un étau]
    counter_examples: [je n'ai plus mal à la poitrine]
"""


def book(tmp_path, text, name="regles.yaml"):
    (tmp_path / name).write_text(text, encoding="utf8")
    return tmp_path


def faults(tmp_path, text):
    with pytest.raises(FaultyFile) as caught:
        load(book(tmp_path, text))
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in caught.value.faults]


def test_a_rule_becomes_values(tmp_path):
    rules = load(book(tmp_path, GOOD))
    words, pain, near, baby, lost = rules.rules[0].patterns
    assert words.clause == ((Heard("mots de thorax"),),)
    assert pain.clause == ((Heard("douleur"),), (Heard("poitrine"),))
    assert near.near[0] == (Heard("douleur"), Heard("« gêne »"))
    assert near.unless == (Heard("« seins »"),)
    assert baby.call == ((Measured("âge", "<", 3.0),), (Measured("température", ">=", 38.5),))
    assert baby.ask
    assert lost.clause == ((Heard("respirer", lost=True),),)


def test_it_works_as_it_reads(tmp_path):
    rules = load(book(tmp_path, GOOD))
    assert judge(rules, ["ça me serre comme un étau"]).action == "act"
    assert judge(rules, ["une gêne au thorax"]).action == "act"
    assert judge(rules, ["une gêne au thorax sous les seins"]).action == "ask"
    assert judge(rules, ["il a deux mois", "elle a trente-huit sept"]).action == "ask"
    assert judge(rules, ["il respire plus"]).action == "act"
    assert check_examples(rules) == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("not breathing", [Heard("breathing", lost=True)]),
        ("no « air »", [Heard("« air »", lost=True)]),
        ("pain or « a weight or two »", [Heard("pain"), Heard("« a weight or two »")]),
        ("age < 3 months", [Measured("âge", "<", 3.0)]),
        ("temperature >= 38.5", [Measured("température", ">=", 38.5)]),
        ("since > 2 days", [Measured("depuis", ">", 48.0)]),
    ],
)
def test_an_english_rule_is_written_in_english(written, meant):
    english = SYNTAX["en"]
    known = ("pain", "breathing")
    assert [item(part, known, english) for part in alternatives(written, english)] == meant


def test_every_language_can_name_every_measure():
    assert all(set(syntax.measures.values()) == set(get_args(Measure)) for syntax in SYNTAX.values())


def test_files_of_a_folder_are_one_book(tmp_path):
    book(tmp_path, GOOD.split("rules:")[0], "a.yaml")
    book(tmp_path, "rules:" + GOOD.split("rules:")[1], "b.yaml")
    assert [rule.id for rule in load(tmp_path).rules] == ["thorax"]


def test_every_fault_is_told_at_once_in_french(tmp_path):
    text = (
        GOOD.replace("level: emergency", "level: emergensy")
        .replace("[douleur, poitrine]", "[douleurs, poitrine]")
        .replace("« gêne », poitrine]", "« gêne », poumon]")
        .replace("âge < 3 mois", "age < 3 mois")
        .replace("words: [étau]", "words: [est]")
        .replace("ask: true", "aks: true")
    )
    assert faults(tmp_path, text) == [
        "9:12: la règle « thorax » : niveau « emergensy » inconnu ; vouliez-vous dire « emergency » ?",
        "11:13: « est » ne contient que des mots trop courants",
        "13:10: la règle « thorax » : concept « douleurs » inconnu ; vouliez-vous dire « douleur » ?",
        "14:38: la règle « thorax » : concept « poumon » inconnu ; "
        "définissez-le sous « concepts » ou écrivez ses mots entre « et »",
        "15:17: la règle « thorax » : mesure « age » inconnue ; vouliez-vous dire « âge » ?",
        "15:58: la règle « thorax » : « aks » n'a pas de sens ici ; vouliez-vous dire « ask » ?",
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("      - {}\n", "il manque ce qu'il faut entendre"),
        ("      - 12\n", "une liste de concepts est attendue ici"),
        ("      - {near: {a: b}}\n", "une liste de concepts est attendue ici"),
        ("      - [âge < 3 lunes]\n", "unité « lunes » inconnue"),
        ("      - [« est »]\n", "ne contient que"),
    ],
)
def test_a_pattern_that_means_nothing_is_told(tmp_path, line, told):
    assert told in "\n".join(faults(tmp_path, GOOD.replace("    when:\n", "    when:\n" + line)))


def test_two_rules_or_concepts_of_one_name_are_told(tmp_path):
    twice = GOOD + "  - id: thorax\n    title: Encore\n    level: urgent\n    words: [toux]\n"
    assert faults(tmp_path, twice) == ["19:9: la règle « thorax » existe déjà (ligne 7)"]


def test_a_rule_that_hears_nothing_is_told(tmp_path):
    text = "rules:\n  - {id: vide, title: Vide, level: urgent}\n"
    assert faults(tmp_path, text) == ["2:5: la règle « vide » n'a ni « words » ni « when »"]


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(FaultyFile, match="aucun fichier de règles"):
        load(tmp_path)


def test_the_version_follows_what_is_written_and_not_where(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        book(folder, GOOD.split("rules:")[0], "a.yaml")
        book(folder, "rules:" + GOOD.split("rules:")[1], "b.yaml")
    version = load(one).version
    assert len(version) == 12
    assert load(other).version == version
    book(other, GOOD.split("rules:")[0] + "# relu\n", "a.yaml")
    assert load(other).version != version


SAY = "    question: La douleur est-elle là ?\n"


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("Composez le {numéro}, tout de suite.", None),
        ("Composez le 15, tout de suite, dit le {cabinet}.", None),
        (
            "Appelez tout de suite.",
            "la phrase d'une urgence doit dire quel numéro appeler : écrivez le 15, ou",
        ),
        ("Restez au 150 rue des Tilleuls.", "doit dire quel numéro appeler"),
        ("Composez le 15 {maintenant.", "une accolade est seule"),
        ("Composez le 15, XXX.", "« XXX » est resté à remplir"),
        ("Composez le {numero}, le 15.", "{numero} n'est pas connu ; vouliez-vous dire « numéro » ?"),
        (
            "Composez le 15. " + 15 * "Vite ! " + "{numéro}",
            "caractères, la phrase d'une urgence en a au plus 90",
        ),
    ],
)
def test_the_sentence_of_an_emergency_says_whom_to_call_in_six_seconds(tmp_path, say, told):
    text = GOOD.replace(SAY, f'{SAY}    say: "{say}"\n')
    if told is None:
        assert load(book(tmp_path, text)).rules[0].say == say
    else:
        (fault,) = faults(tmp_path, text)
        assert fault.startswith("11:10: la règle « thorax » : ")
        assert told in fault


@pytest.mark.parametrize(
    ("advice", "say", "right"),
    [
        ("116117", "Appelez le 116 117.", True),
        ("3114", "Appelez le 15.", False),
        ("antipoison", "Appelez le 01 99 00 48 48.", False),
        ("maternité", "Appelez la maternité au {numéro}.", True),
    ],
)
def test_it_names_the_number_of_its_rule(tmp_path, advice, say, right):
    text = GOOD.replace(SAY, f'    say: "{say}"\n    advice: "{advice}"\n')
    assert right or len(faults(tmp_path, text)) == 1
    assert not right or load(book(tmp_path, text)).rules[0].advice == advice


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("La douleur est-elle là ?", '"{cabinet} ?"', "10:15: la règle « thorax » : {cabinet} serait lu tel"),
        ("La douleur est-elle là ?", "À compléter", "10:15: la règle « thorax » : « À compléter » est resté"),
        ("Douleur dans la poitrine", "TODO", "8:12: la règle « thorax » : « TODO » est resté à remplir"),
    ],
)
def test_nothing_is_left_to_be_filled_in(tmp_path, old, new, told):
    (fault,) = faults(tmp_path, GOOD.replace(old, new))
    assert fault.startswith(told)


def test_who_reviewed_a_rule_and_when(tmp_path):
    signed = GOOD.replace(SAY, "    reviewed_by: Dr Moreau\n    reviewed_on: 2026-11-20\n    reach: moreau\n")
    rule = load(book(tmp_path, signed)).rules[0]
    assert (rule.reviewed_by, rule.reviewed_on, rule.reach) == ("Dr Moreau", date(2026, 11, 20), "moreau")
    assert faults(tmp_path, signed.replace("2026-11-20", "hier")) == [
        "11:18: « hier » n'est pas une date : écrivez par exemple 2026-12-24"
    ]


def test_examples_that_do_not_behave_are_told(tmp_path):
    text = GOOD.replace("comme un étau]", "j'ai mal au pied, j'ai plus mal à la poitrine]").replace(
        "[je n'ai plus mal à la poitrine]", "[j'ai mal à la poitrine]"
    )
    text = text.replace("ask: true", "ask: false")
    assert check_examples(load(book(tmp_path, text))) == (
        "la règle « thorax » ne reconnaît pas son exemple : « j'ai mal au pied »",
        "la règle « thorax » hésite sur son exemple : « j'ai plus mal à la poitrine »",
        "la règle « thorax » agit sur son contre-exemple : « j'ai mal à la poitrine »",
    )
