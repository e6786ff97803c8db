"""What must hold whatever is said: no crash, no silenced emergency, no more work than words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.clauses import grains
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.phrases import REACH
from voicebot.domain.triage.tokens import clean, tokenise

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


def test_the_work_grows_with_the_words_not_faster(rules, monkeypatch):
    """Counts the looks at tokens, the innermost step, instead of seconds."""
    counted = 0

    class Counted(tuple):
        def __getitem__(self, key):
            nonlocal counted
            counted += 1
            return tuple.__getitem__(self, key)

    def looks(words):
        nonlocal counted
        counted = 0
        with monkeypatch.context() as patch:
            patch.setattr("voicebot.domain.triage.signs.tokenise", lambda *said: Counted(tokenise(*said)))
            judge(rules, [" ".join(["j'ai pas mal à la poitrine il saigne plus"] * words)])
        return counted

    few, many = looks(50), looks(500)
    assert many < few * 15, f"{few} → {many}; a phrase looks {REACH} tokens ahead"
