"""What must hold whatever is said: no crash, no silenced emergency, no more work than words."""

import sys
from functools import cache
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]  # the only way to walk a pattern

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.clauses import grains
from voicebot.domain.triage.english import ENGLISH
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.tokens import PIECE, clean, tokenise

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules():
    return load(ROOT / "triage_rules")


EMERGENCIES = st.sampled_from(
    [
        "il respire plus",
        "j'ai mal à la poitrine",
        "elle a la bouche de travers",
        "il convulse",
        "ça n'arrête pas de saigner",
        "mon bébé d'un mois a trente-neuf",
        "je veux mourir",
        "elle a avalé de la javel",
        "j'étouffe",
        "il se réveille pas",
    ]
)
AROUND = st.lists(
    st.sampled_from(
        "bonjour non oui enfin mais si jamais pas plus rien sans aucun c'est fini je n'ai je crois il y a "
        "trois ans l'an dernier docteur rendez-vous mardi mon père mort d'un AVC quand il était "
        "petit le 15 m'a "
        "dit trois prise de sang ça va mieux au cas où tout va bien peur de".split()
    ),
    max_size=12,
).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(EMERGENCIES, AROUND, AROUND)
def test_adding_words_never_silences_an_emergency(rules, emergency, before, after):
    assert judge(rules, [f"{before}, {emergency}, {after}"]).level == "emergency"


@settings(deadline=None, max_examples=60)
@given(EMERGENCIES, st.lists(AROUND, max_size=4), st.lists(AROUND, max_size=4))
def test_nor_does_anything_else_said_in_the_call(rules, emergency, before, after):
    assert judge(rules, [*before, emergency, *after]).level == "emergency"


@settings(deadline=None, max_examples=60)
@given(st.data(), st.text(max_size=60), st.text(max_size=60))
def test_an_emergency_among_any_noise_is_at_least_asked_about(rules, data, before, after):
    said = data.draw(st.sampled_from(acted_on(rules)))
    assert judge(rules, [before, said, after]).level == "emergency"


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_an_emergency_cut_by_a_pause_anywhere_is_at_least_asked_about(rules, data):
    words = data.draw(st.sampled_from(acted_on(rules))).split()
    cut = data.draw(st.integers(1, max(1, len(words) - 1)))
    assert judge(rules, [" ".join(words[:cut]), " ".join(words[cut:])]).level == "emergency"


@cache
def acted_on(rules):
    """Every example of an emergency that is one by itself."""
    examples = [text for rule in rules.rules if rule.level == "emergency" for text in rule.examples]
    return [text for text in examples if judge(rules, [text]).action == "act"]


@pytest.mark.parametrize("more", ["il convulcse", "avec une vale", "le bras paralyzait pas"])
def test_what_only_sounds_like_a_sign_never_weakens_one_that_is_written(rules, more):
    assert judge(rules, [f"il convulse {more}"]).action == "act"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_is_read(rules, utterances):
    judge(rules, utterances)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from("mal poitrine pas plus il a 39 cinq ne . , si … 'œ -  zéro et un de".split())
    ).map(" ".join)
)
def test_any_order_of_the_words_the_engine_knows_is_read(rules, text):
    judge(rules, [text])


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_every_token_is_in_one_clause_and_one_breath(text):
    tokens = tokenise(clean(text), FRENCH)
    clause, breath = grains(tokens, FRENCH)
    assert len(clause) == len(breath) == len(tokens)
    assert all(text[t.start : t.end].strip() for text in (clean(text),) for t in tokens)


def calls(rules, text):
    """How many functions are called to judge it: the same on any machine, however busy."""
    counted = 0

    def count(_frame, event, _argument):
        nonlocal counted
        counted += event in ("call", "c_call")

    judge(rules, [text])  # what is known of words is looked up once
    sys.setprofile(count)
    try:
        judge(rules, [text])
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize(
    "said",
    [
        "j'ai pas mal à la poitrine il saigne plus",
        "bonjour je voudrais un rendez-vous mardi pour le renouvellement de mon ordonnance",
        "non non non",
        "mal mal mal",
        "si jamais il y a trois ans quand il était petit il a pas eu de fièvre à trente-neuf cinq",
        "- — … . , ' 39",
        "ça seigne vent aux lines mal aise",
    ],
)
def test_the_work_grows_with_the_words_not_faster(rules, said):
    words = said.split()
    few, many = (calls(rules, " ".join((words * n)[:n])) for n in (500, 5000))
    assert many < 13 * few
    assert many < 200 * 5000, "50 ms for 5,000 words leaves 10 µs a word"


def repeats(pattern):
    """Every repetition without an end in a parsed pattern, with what it repeats."""
    for operation, argument in pattern:
        if operation in (parser.MAX_REPEAT, parser.MIN_REPEAT):
            if argument[1] is parser.MAXREPEAT:
                yield argument[2]
            yield from repeats(argument[2])
        for part in argument if isinstance(argument, tuple | list) else ():
            if isinstance(part, parser.SubPattern):
                yield from repeats(part)
            elif isinstance(part, list):
                for branch in part:
                    if isinstance(branch, parser.SubPattern):
                        yield from repeats(branch)


@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=lambda one: one.code)
def test_no_pattern_repeats_a_repetition(language):
    sounding = language.sounding.graphemes if language.sounding else ()
    spellings = [pattern.pattern for pattern, _ in language.stemming.spellings]
    for pattern in (*spellings, *(letters for letters, _ in sounding), PIECE.pattern):
        for repeated in repeats(parser.parse(pattern)):
            assert not list(repeats(repeated)), pattern


def test_a_repeated_repetition_would_be_seen():
    assert [list(repeats(inner)) for inner in repeats(parser.parse("(a+)+"))][0]
