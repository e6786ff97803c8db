"""The shipped rules: their own examples, the levels of figures.py, and the calls that are hard."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from voicebot.adapters.rules_yaml import check_examples, load
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules():
    return load(ROOT / "triage_rules")


def test_every_rule_behaves_on_its_own_examples(rules):
    assert check_examples(rules) == ()


def test_every_rule_has_examples_enough_and_says_nobody_signed_it(rules):
    assert len(rules.rules) >= 60
    assert [rule.id for rule in rules.rules if len(rule.examples) < 6 or len(rule.counter_examples) < 4] == []
    assert {rule.reviewed_by for rule in rules.rules} == {None}


def lines(name):
    with (ROOT / "tests/data" / name).open(encoding="utf8") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row[0].startswith("#"):
                yield row[0], row[3]


TYPED = {path.name for path in (ROOT / "tests/data").glob("triage_*.tsv")} - {"triage_heard.tsv"}
"""What a recogniser makes of a noisy line is measured apart."""
SETS = sorted(TYPED)


def test_every_development_set_is_measured():
    assert {"triage_own.tsv", "triage_dev5.tsv", "triage_sixth.tsv", "triage_seventh.tsv"} <= set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_the_sets_stay_above_what_is_promised(rules, name):
    """Tuned on, so this keeps what was reached; a set's first line tells what it was before."""
    acted: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for expected, text in lines(name):
        verdict = judge(rules, [text])
        total[expected] += 1
        acted[expected] += verdict.action == "act"
        asked[expected] += verdict.action == "ask"
    heard = acted + asked
    # One line of a small set is more than a per cent of it.
    assert heard["emergency"] >= 0.98 * total["emergency"] - 1
    assert acted["emergency"] >= 0.85 * total["emergency"]
    assert heard["urgent"] >= 0.95 * total["urgent"] - 1
    assert acted["calm"] <= 0.03 * total["calm"] + 1
    assert asked["calm"] <= 0.10 * total["calm"]
    assert acted["decoy"] <= 0.10 * total["decoy"] + 2


def test_all_sets_together_stay_above_what_is_promised(rules):
    verdicts = Counter(
        (expected, judge(rules, [text]).action) for name in SETS for expected, text in lines(name)
    )
    total = {level: sum(n for (e, _), n in verdicts.items() if e == level) for level, _ in verdicts}
    silent = {level: verdicts[level, None] / total[level] for level in total}
    assert silent["emergency"] <= 0.02
    assert silent["urgent"] <= 0.05
    assert verdicts["emergency", "act"] >= 0.85 * total["emergency"]
    assert verdicts["calm", "act"] <= 0.03 * total["calm"]
    assert verdicts["calm", "ask"] <= 0.10 * total["calm"]
    assert verdicts["decoy", "act"] <= 0.10 * total["decoy"]


@pytest.mark.parametrize(
    ("utterances", "level", "action"),
    [
        (["annulez ça va mieux j'avais juste le bras mort hier"], "emergency", "act"),
        (["c'est rien un poids quand je monte l'escalier"], "emergency", "ask"),
        (["papa est parti cette nuit l'HAD nous avait prévenus"], "urgent", "act"),
        (["c'est urgent j'ai plus de lévothyrox"], "urgent", "ask"),
        (["je n'ai plus d'eliquis depuis trois jours"], "urgent", "act"),
        (["le labo me dit de vous appeler tout de suite"], "urgent", "act"),
        (["maman elle se réveille pas"], "emergency", "act"),
        (["j'ai besoin de la pilule du lendemain sans que mes parents le sachent"], "urgent", "act"),
        (["le 15 m'a dit de voir mon médecin demain"], None, None),
        (["ma femme a bien rendez-vous chez vous ?"], None, None),
        (["vous m'avez appelée ?"], None, None),
        (["j'ai mal à la poitrine le 15 m'a dit de voir mon médecin"], "emergency", "ask"),
        (["c'est pour mon bébé de six semaines", "oui", "il est chaud"], "emergency", "act"),
        (["elle est tombée", "elle est sous eliquis", "elle s'est cogné la tête"], "emergency", "act"),
        (["je suis enceinte", "j'ai perdu du sang"], "emergency", "act"),
        (["en 2020 j'ai eu une grossesse extra-utérine là je veux une contraception"], "emergency", "ask"),
        (["des convulsions j'en ai eu il y a six ans"], "emergency", "ask"),
        (["si jamais un jour je fais une réaction allergique j'ai droit à un stylo"], "emergency", "ask"),
        (["je fais une réaction allergique"], "emergency", "act"),
        (["on fait un exercice incendie à la maison de retraite jeudi"], "emergency", "ask"),
        (["je vais mourir d'ennui à rester en ligne"], None, None),
        (["je vais mourir"], "emergency", "act"),
        (["je voudrais que le docteur la voie elle a des boutons"], None, None),
        (["désistement pour ce matin huit heures quarante"], None, None),
        (["depuis huit heures quarante de fièvre"], "urgent", "act"),
        (["ma glycémie est à un gramme quarante"], "emergency", "ask"),
        (["j'ai rangé mes papiers, donné le chat, annulez tout"], "emergency", "ask"),
        (["je l'ai décroché, il râle"], "emergency", "act"),
    ],
)
def test_calls_that_are_hard(rules, utterances, level, action):
    verdict = judge(rules, utterances)
    assert (verdict.level, verdict.action) == (level, action), verdict.evidence


def test_a_fall_under_anticoagulant_stays_urgent_when_the_worse_is_denied(rules):
    evidence = judge(rules, ["c'est l'ehpad elle est tombée elle va bien elle est sous eliquis"]).evidence
    assert {"chute_anticoagulant": "present", "trauma_cranien": "uncertain"}.items() <= {
        e.rule: e.status for e in evidence
    }.items()


def test_whom_to_call(rules):
    assert judge(rules, ["je veux en finir"]).advice == "3114"
    assert judge(rules, ["je veux mourir j'ai des cachets devant moi"]).advice == "15"
    assert judge(rules, ["il respire plus"]).advice == "15"


SCATTERED = "je transpire {} des mains c'est bête mais dans mon métier je serre des mains toute la journée {}"
RAMBLING = "je suis agent immobilier et les clients le remarquent alors le docteur aurait peut-être une idée"


def test_signs_far_apart_in_one_long_sentence_are_asked_about_and_in_a_short_one_acted_on(rules):
    said = judge(rules, ["je transpire et ça me serre dans la poitrine"])
    assert (said.level, said.action) == ("emergency", "act")
    long = judge(rules, [SCATTERED.format("beaucoup", RAMBLING)])
    assert (long.level, long.action) == ("emergency", "ask")
    context = "je suis sous chimio et mon mari dit que je m'inquiète pour rien mais depuis ce matin après"
    fever = judge(
        rules, [f"{context} le petit déjeuner que j'ai pris avec lui j'ai trente-neuf cinq de fièvre"]
    )
    assert (fever.level, fever.action) == ("emergency", "act")


@pytest.mark.parametrize(
    "said",
    [
        "j'ai commencé à voir double ce matin",
        "je n'arrive plus à voir de l'œil gauche depuis ce matin",
        "il a vu des bêtes sur les murs",
        "il entend les voix qui lui ordonnent de tuer sa mère",
        "s'il vous plaît j'ai très mal dans la poitrine",
        "si j'appelle c'est que mon mari fait un malaise",
        "si je vous appelle c'est que mon père ne respire plus",
        "mon fils revient de chez son père avec des marques dans le dos",
        "maman est tombée juste à côté du lit elle se relève plus",
        "ma fille se coupe les jambes au cutter",
        "elle vomit à cause du coup sur la tête",
        "il tousse il n'a même plus le temps de respirer entre les quintes",
        "les voisins surveillent ma maison ils m'écoutent",
        "il a très mal dans la poitrine il a été hospitalisé lundi pour un infarctus",
        "j'ai une douleur qui serre dans la poitrine on m'a repoussé mon rendez-vous",
        "mon bébé d'un mois à six heures trente-huit cinq",
        "je viens d'apprendre que ma fille a avalé une plaquette de doliprane",
        "elle m'a pas reconnue ce matin elle dit n'importe quoi",
        "depuis le jour où il est tombé il vomit",
        "mon mari s'est effondré au théâtre il répond plus",
        "il se réveille à peine quand je le secoue",
        "mon bébé ronfle et il est tout bleu",
    ],
)
def test_a_figure_of_speech_or_a_doubt_hides_no_emergency(rules, said):
    """Each holds words that stand in an idiom, a supposition or a past somewhere else."""
    verdict = judge(rules, [said])
    assert (verdict.level, verdict.action) == ("emergency", "act"), verdict.evidence


@pytest.mark.parametrize(
    "said",
    [
        "j'ai le mollet gonflé et dur j'en ai déjà eu une de phlébite il y a deux ans",
        "j'ai une colique néphrétique j'en ai déjà fait une il y a trois ans",
        "je n'arrive plus du tout à uriner depuis la nouvelle ordonnance",
        "maman perd la tête avec la fièvre",
    ],
)
def test_nor_what_must_be_seen_today(rules, said):
    assert judge(rules, [said]).action == "act"
