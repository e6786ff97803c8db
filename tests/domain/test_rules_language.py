"""What the doctor's words catch: inflections, figures, ages; and what they leave alone."""

from itertools import groupby
from operator import itemgetter

import pytest

from voicebot.domain.triage.clauses import grains
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.measures import figures
from voicebot.domain.triage.phrases import find, index, keys, line
from voicebot.domain.triage.stems import fold, stem
from voicebot.domain.triage.tokens import clean, tokenise


@pytest.mark.parametrize(
    "forms",
    [
        "saigner saigne saignait saignement saignements",
        "respirer respire respirent respiré respiration respirant",
        "gonfler gonfle gonflée gonflées gonflement",
        "fulgurant fulgurante",
        "ébouillanter ébouillanté ébouillantée",
        "passer passé passe",
        "vomir vomit vomissait vomissements vomi",
        "œil yeux oeil",
        "mort morte morts",
        "choquer choqué choque",
        "perdre perdu perds perte",
        "boire boit buvait bu",
    ],
)
def test_inflections_meet(forms):
    assert len({stem(fold(form), FRENCH) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    ["mal malade", "mal malaise", "sang sans", "verre verrue", "coup couper", "bile bille", "pas passé"],
)
def test_look_alikes_do_not_meet(pair):
    a, b = pair.split()
    assert stem(fold(a), FRENCH) != stem(fold(b), FRENCH)


def concepts(said, **ways):
    tokens = tokenise(clean(said), FRENCH)
    found = find(line(index(ways, language=FRENCH), tokens, [0] * len(tokens)))
    return {hit.concept for hit in found.hits()}


def test_a_phrase_is_found_with_small_words_and_a_hesitation_inside():
    assert concepts("elle a euh perdu complètement la connaissance", c=("perdre connaissance",))
    assert not concepts(
        "elle a perdu son sac et ses clefs, elle a de la connaissance", c=("perdre connaissance",)
    )


def test_an_equals_sign_wants_that_very_word():
    assert concepts("j'ai trop mal", c=("=trop =mal",))
    assert not concepts("il va trop malgré tout avoir mal", c=("=trop =mal",))


def test_a_phrase_left_with_one_word_keeps_its_small_words():
    assert keys("plus de souffle", FRENCH) == ("plu", "soufl")
    assert concepts("il me cogne", c=("me cogner",))
    assert not concepts("le moteur cogne", c=("me cogner",))


@pytest.mark.parametrize("small", ["les", "son", "car", "ces"])
def test_no_word_is_cut_down_to_a_small_one(small):
    """A "lessive" or a "sonné" that every "les" and "son" would say."""
    words = ("lessive", "sonné", "sonne", "carie", "cesser")
    assert not concepts(f"il a vu {small} fils", c=words)


@pytest.mark.parametrize("way", ["avoir", "est", "…", ""])
def test_a_phrase_that_would_always_match_is_refused(way):
    with pytest.raises(ValueError):  # noqa: PT011  # any text: the caller words it
        keys(way, FRENCH)


@pytest.mark.parametrize(
    ("said", "measure", "value"),
    [
        ("mon bébé d'un mois", "âge", 1),
        ("elle a six semaines", "âge", 1.38),
        ("mon nourrisson de deux mois et demi", "âge", 2.5),
        ("il a que dix semaines", "âge", 2.31),
        ("ma mère de 82 ans", "âge", 984),
        ("né il y a dix jours", "âge", 0.33),
        ("il a trente-neuf cinq", "température", 39.5),
        ("elle fait 38,7", "température", 38.7),
        ("trente huit deux de fièvre", "température", 38.2),
        ("il a quarante et un", "température", 41),
        ("mon lecteur affiche zéro trente-huit", "glycémie", 0.38),
        ("je suis à quatre grammes", "glycémie", 4),
        ("ma tension est à seize dix", "tension", 16),
        ("16/10 de tension", "tension", 16),
        ("cent soixante pulsations", "pouls", 160),
        ("enceinte de huit mois", "grossesse", 8),
        ("je suis à trois mois", "grossesse", 3),
        ("tombée à vingt-huit semaines", "grossesse", 6.46),
        ("ça coule, trente-sept semaines", "grossesse", 8.54),
        ("depuis quatre jours", "depuis", 96),
        ("j'ai pris dix dolipranes", "comprimés", 10),
        ("il est tombé de trois mètres", "hauteur", 3),
        ("une saturation à quatre-vingt-cinq", "saturation", 85),
        ("madame Garcia est à 22 11", "tension", 22),
        ("il a deux cent vingt de tension", "tension", 22),
        ("le coeur de mon mari bat à cent quatre-vingts", "pouls", 180),
        ("la kaliémie à 6,8", "potassium", 6.8),
        ("le potassium est à six virgule huit", "potassium", 6.8),
        ("un potassium à deux et demi", "potassium", 2.5),
        ("potassium six huit", "potassium", 6.8),
        ("l'INR de madame Rey est à neuf", "inr", 9),
        ("il a huit d'INR", "inr", 8),
        ("une hémoglobine à six virgule cinq", "hémoglobine", 6.5),
        ("hémoglobine à soixante-huit", "hémoglobine", 6.8),
        ("les plaquettes à douze mille", "plaquettes", 12),
        ("la natrémie à cent dix-huit", "sodium", 118),
        ("le dextro à trois cent vingt", "glycémie", 3.2),
        ("sa glycémie est à quatre virgule cinq", "glycémie", 4.5),
        ("le dextro à trente-huit", "glycémie", 0.38),
        ("j'ai pris quatre kilos en trois jours", "kilos", 4),
        ("trois kilos de plus en une semaine", "kilos", 3),
    ],
)
def test_figures_as_they_are_spoken(said, measure, value):
    found = {f.measure: f.value for f in figures(tokenise(clean(said), FRENCH), FRENCH)}
    assert found.get(measure) == pytest.approx(value, abs=0.01)


@pytest.mark.parametrize(
    ("said", "measure"),
    [
        ("mon fils a trente-huit ans", "température"),
        ("au trente-neuf rue de la Paix", "température"),
        ("à quarante euros", "température"),
        ("zéro six quarante-deux trente-neuf douze trente-huit", "température"),
        ("zéro six quarante-deux trente-neuf douze trente-huit", "glycémie"),
        ("il y a deux mois", "âge"),
        ("depuis deux mois", "âge"),
        ("une ordonnance de trois mois", "âge"),
        ("quatre grammes de doliprane", "glycémie"),
        ("à seize heures dix", "tension"),
        ("un rendez-vous le vingt-deux douze", "tension"),
        ("mardi 27/10", "tension"),
        ("mon problème de coeur et le code est 4521", "pouls"),
        ("hémoglobine à sept deux", "tension"),
        ("mon hémoglobine glyquée est à sept", "hémoglobine"),
        ("hémoglobine glyquée à sept virgule deux", "glycémie"),
        ("le dextro à trente-huit", "température"),
        ("il pèse quatre kilos", "kilos"),
        ("mon INR est dans trois semaines", "inr"),
    ],
)
def test_figures_that_are_something_else(said, measure):
    assert measure not in {f.measure for f in figures(tokenise(clean(said), FRENCH), FRENCH)}


@pytest.mark.parametrize(
    "said",
    [
        "j'ai pas dormi | j'ai mal à la tête",
        "il convulse | mais il respire",
        "je crois qu'il est mort",
        "il a eu ça il y a trois ans",
        "pouvez-vous venir | ma mère a du mal",
        "comme s'il avait bu",
        "je rappelle | si j'ai mal",
    ],
)
def test_statements_end_where_the_next_subject_begins(said):
    text = clean(said.replace(" | ", " "))
    tokens = tokenise(text, FRENCH)
    cut = zip(tokens, grains(tokens, FRENCH).clause, strict=True)
    clauses = [[token for token, _ in group] for _, group in groupby(cut, key=itemgetter(1))]
    assert " | ".join(text[c[0].start : c[-1].end] for c in clauses) == said
