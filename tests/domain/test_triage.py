"""What the engine makes of spoken French, on a rule book small enough to read here."""

import gc
import weakref

import pytest

from voicebot.domain.triage import signs
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.rules import Heard, Measured, Pattern, Rule, Rules


def heard(name):
    return (Heard(name.removeprefix("pas "), lost=name.startswith("pas ")),)


def clause(*names):
    return Pattern(clause=tuple(heard(name) for name in names))


def emergency(name, *patterns, **more):
    return Rule(name, "", "emergency", patterns, **more)


FEVER = (Heard("fièvre"), Measured("température", ">=", 38.0))
RULES = Rules(
    concepts={
        "douleur": ("mal", "douleur"),
        "poitrine": ("poitrine", "thorax"),
        "respirer": ("respirer",),
        "saigner": ("saigner",),
        "arrêter": ("arrêter",),
        "convulsion": ("convulser", "convulsion"),
        "fièvre": ("fièvre",),
        "paralysie": ("engourdir", "mort"),
        "bras": ("bras",),
        "avc": ("avc",),
        "anticoagulant": ("eliquis",),
        "tomber": ("tomber",),
        "envie de mourir": ("envie de mourir",),
        "cachets": ("cachet",),
        "cystite": ("cystite",),
        "sang": ("sang",),
        "partout": ("partout",),
    },
    rules=(
        emergency("poitrine", clause("douleur", "poitrine")),
        emergency("souffle", clause("pas respirer")),
        emergency(
            "saignement", clause("saigner", "pas arrêter"), clause("saigner"), clause("sang", "partout")
        ),
        emergency("convulsions", clause("convulsion"), question="Ça continue ?"),
        emergency("nourrisson", Pattern(call=((Measured("âge", "<", 3.0),), FEVER))),
        emergency("avc", clause("paralysie", "bras"), clause("avc"), vanished_counts=True),
        emergency("moyen", Pattern(near=(heard("envie de mourir"), heard("cachets")))),
        emergency("idées", clause("envie de mourir"), advice="3114"),
        Rule("chute", "", "urgent", (Pattern(near=(heard("tomber"),), call=(heard("anticoagulant"),)),)),
        Rule("cystite", "", "urgent", (clause("cystite"),)),
    ),
    idioms=("prise de sang",),
)


def outcome(*utterances):
    verdict = judge(RULES, utterances)
    return f"{verdict.level} {verdict.action}" if verdict.level else "nothing"


@pytest.mark.parametrize(
    "said",
    [
        "j'ai mal à la poitrine depuis ce matin",
        "mon mari a mal au thorax et il transpire",
        "ça n'arrête pas de saigner",
        "j'ai pas arrêté de saigner",
        "j'ai pas dormi j'ai mal à la poitrine",
        "je n'arrive plus à respirer",
        "j'arrive pu a respiré",
        "il respire plus",
        "elle respire quasiment plus",
        "ce n'est pas pour un rendez-vous mon père convulse",
        "j'ai pas de fièvre mais j'ai mal à la poitrine",
        "je ne sais pas si c'est grave mais j'ai mal à la poitrine",
        "il y a deux minutes il a convulsé",
        "elle a convulsé hier soir",
        "j'ai mal, là, au milieu, à la poitrine",
        "il convulse de plus en plus",
        "c'est pas normal il convulse",
        "il convulse c'est pas son genre",
        "si je vous appelle c'est que j'ai mal à la poitrine",
    ],
)
def test_a_sign_that_is_there_is_acted_on(said):
    assert outcome(said) == "emergency act"


@pytest.mark.parametrize(
    "said",
    [
        "je n'ai plus mal à la poitrine",
        "j'ai pas mal à la poitrine ni de fièvre",
        "elle saigne pas",
        "elle ne saigne plus depuis hier",
        "il n'a jamais fait de convulsions",
        "il a rien convulsé du tout",
        "c'était l'an dernier que j'avais mal à la poitrine",
        "il a convulsé il y a trois ans",
        "il a fait des convulsions quand il était petit",
        "il a fait des convulsions bébé",
        "il a convulsé mais c'est fini",
        "j'avais mal à la poitrine",
        "au cas où il convulserait",
        "si jamais j'ai mal à la poitrine",
        "le médecin m'a dit de rappeler si j'ai mal à la poitrine",
        "j'ai peur de faire un avc",
        "mon père est mort d'un avc",
        "j'ai fait un avc en 2015",
        "le 15 m'a dit de voir mon médecin pour mon mal à la poitrine",
    ],
)
def test_a_sign_in_doubt_is_asked_about_never_passed_over(said):
    assert outcome(said) == "emergency ask"


def test_the_question_is_the_rules_own_or_the_books():
    assert judge(RULES, ["il n'a pas convulsé"]).question == "Ça continue ?"
    assert judge(RULES, ["elle saigne pas"]).question == "Est-ce que c'est le cas en ce moment ?"
    assert judge(RULES, ["il convulse"]).question == ""


def test_below_an_emergency_what_is_denied_is_not_worth_a_question():
    assert outcome("je n'ai pas de cystite") == "nothing"
    assert outcome("j'ai une cystite") == "urgent act"


def test_signs_told_in_different_utterances_make_one_reason():
    assert outcome("c'est pour mon bébé d'un mois", "il a trente-huit cinq") == "emergency act"
    assert outcome("elle est sous eliquis", "oui", "elle est tombée") == "urgent act"


def test_a_pause_inside_what_is_said_does_not_hide_it():
    assert outcome("j'ai mal", "à la poitrine") == "emergency act"


def test_a_vanished_stroke_sign_is_still_one_but_an_old_one_is_asked_about():
    assert outcome("annulez ça va mieux j'avais juste le bras mort hier") == "emergency act"
    assert outcome("j'ai eu le bras engourdi dix minutes c'est passé") == "emergency act"
    assert outcome("j'ai eu le bras engourdi il y a trois ans") == "emergency ask"


def test_a_birth_of_some_weeks_ago_is_of_now_and_a_clause_that_is_a_date_is_not():
    assert outcome("j'ai accouché il y a trois semaines je saigne") == "emergency act"
    assert outcome("il est né il y a vingt jours il a de la fièvre") == "emergency act"
    assert outcome("ma césarienne il y a trois semaines saigne") == "emergency act"
    assert outcome("ma césarienne il y a trois ans saigne") == "emergency ask"
    assert outcome("l'an passé j'ai eu mal à la poitrine") == "emergency ask"
    assert outcome("mon bras a été engourdi la semaine dernière") == "emergency act"


def test_a_saying_is_not_the_sign_it_contains():
    assert outcome("c'est pour ma prise de sang il y en a partout des labos") == "nothing"
    assert outcome("il y a du sang partout") == "emergency act"


def test_evidence_names_the_rule_and_quotes_the_caller():
    evidence = judge(RULES, ["Bonjour, j'ai très Mal à la Poitrine, voilà."]).evidence
    assert [(e.rule, e.status, e.words) for e in evidence] == [("poitrine", "present", "Mal à la Poitrine")]


def test_dark_thoughts_go_to_3114_unless_there_is_a_means():
    assert judge(RULES, ["j'ai envie de mourir"]).advice == "3114"
    assert judge(RULES, ["j'ai envie de mourir j'ai des cachets devant moi"]).advice == "15"


def test_nothing_said_is_no_verdict():
    assert outcome() == "nothing"
    assert outcome("", "  ", "…") == "nothing"


def test_many_practices_books_stay_ready_and_one_that_was_replaced_goes():
    books = [Rules({"douleur": ("mal",)}, (emergency("mal", clause("douleur")),)) for _ in range(30)]
    ready = [signs._compiled(book) for book in books if judge(book, ["j'ai mal"]).action == "act"]
    assert all(signs._compiled(book) is compiled for book, compiled in zip(books, ready, strict=True))
    replaced = weakref.ref(books.pop())
    gc.collect()
    assert replaced() is None
