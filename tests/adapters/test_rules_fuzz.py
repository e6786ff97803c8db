"""Whatever stands in a rules file, its author is told, soon, in French or English; nothing else comes out."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from voicebot.adapters.rules_layers import layered
from voicebot.adapters.rules_review import mistakes, notices
from voicebot.adapters.rules_yaml import LAYERS, load_book, read_book
from voicebot.adapters.sentences import translated
from voicebot.adapters.yaml_nodes import DEEPEST, LONGEST_FILE
from voicebot.adapters.yaml_source import parse, parse_text
from voicebot.domain.triage.judging import judge
from voicebot.errors import FaultyFile
from voicebot.settings import Settings

SHIPPED = Settings().rules
SMALL = """\
question: Maintenant ?
idioms: [prise de sang]
concepts:
  douleur: [mal, douleur]
  poitrine: [poitrine, =thorax]
rules:
  - id: thorax
    title: Douleur dans la poitrine
    level: emergency
    words: [étau]
    when:
      - [douleur ou « gêne », poitrine]
      - {near: [douleur], unless: [« seins »], ask: true}
      - {call: [âge < 3 mois, température >= 38.5]}
      - [pas poitrine]
    unless: [« seins »]
    say: Composez le {numéro}.
    advice: "15"
    reviewed_by: Dr Moreau
    reviewed_on: 2026-11-20
    examples: [j'ai mal dans la poitrine]
    counter_examples: [je n'ai plus mal]
"""
LAYER = """\
concepts: {coffre: [coffre]}
rules: [{id: chez_nous, title: Ici, level: urgent, words: [bréchet]}]
change: [{rule: thorax, level: emergency, words: [étaux], when: [[coffre]], examples: [étaux]}]
disable: [{rule: thorax, reason: doublon, by: Dr Moreau, on: 2026-11-20}]
"""
FRENCH = re.compile(r"\b(?:la règle|le fichier|une|il manque|connue?|n'est pas|ne )\b")
PYDANTIC = re.compile(r"Input should|valid (?:string|list|dictionary)|Field required|Extra inputs|type=")
SOON_S = 5
"""For one small file, however it is written, on a machine that is busy with other tests."""
some = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

characters = st.text(
    st.sampled_from(" \n\t:-[]{}#&*!|>'\"%@`,?=«»<>≤0123456789aeéœ\x00\x07\x85\ufeff\u2028\U0001f600"),
    max_size=12,
)
edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), characters), min_size=1, max_size=6)


def edited(text, changes):
    """The text with pieces of it replaced."""
    for where, length, piece in changes:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    return text


def faults_of(work):
    """What the work ends with; none if it ends well. Any other exception is for the test to fail with."""
    try:
        work()
    except FaultyFile as faulty:
        return faulty.faults
    return ()


def told(work):
    """The faults the work ends with: soon, and each to be read in both languages."""
    begin = time.monotonic()
    faults = faults_of(work)
    assert time.monotonic() - begin < SOON_S
    for fault in faults:
        english = translated(fault, "en").message
        assert fault.told is not None, fault
        assert not PYDANTIC.search(fault.message), fault
        assert not PYDANTIC.search(english), english
        assert not FRENCH.search(re.sub(r"“[^”]*”", "", english)), english
    return faults


def used(path: Path):
    """Judge with the book, try its examples and compare its rules, as far as they are whole."""
    book, faults, sound = read_book(path)
    judge(book.rules, ["j'ai mal à la poitrine"])
    mistakes(book, sound)
    notices(book, sound)
    if faults:
        raise FaultyFile(faults)


@some
@given(changes=edits)
def test_a_file_with_anything_typed_into_it(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("rules") / "a.yaml"
    path.write_text(edited(SMALL, changes), encoding="utf8", errors="surrogatepass", newline="")
    told(lambda: used(path))


@some
@given(junk=st.binary(max_size=300), at=st.floats(0, 1))
@example(junk=b"\xff\xfe", at=0)
@example(junk=b"\xed\xa0\x80", at=0.5)
def test_a_file_with_bytes_that_are_no_text(tmp_path_factory, junk, at):
    path = tmp_path_factory.mktemp("rules") / "a.yaml"
    whole = SMALL.encode()
    cut = int(at * len(whole))
    path.write_bytes(whole[:cut] + junk + whole[cut:])
    told(lambda: used(path))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("pas étau ou"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(data, here=()):
    yield here
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        yield from places(value, (*here, key))


def replaced(data, place, value):
    if not place:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[place[0]] = replaced(copy[place[0]], place[1:], value)
    return copy


def mutated(text, which, value):
    data = parse_text(text, "x").data
    every = list(places(data))
    return json.dumps(replaced(data, every[int(which * (len(every) - 1))], value), ensure_ascii=True)


@some
@given(which=st.floats(0, 1), value=values)
def test_a_file_with_anything_in_the_place_of_anything(tmp_path_factory, which, value):
    path = tmp_path_factory.mktemp("rules") / "a.yaml"
    path.write_text(mutated(SMALL, which, value), encoding="utf8")
    told(lambda: used(path))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "livre.yaml"
    path.write_text(SMALL, encoding="utf8")
    return load_book(path)


@some
@given(which=st.floats(0, 1), value=values, changes=edits, typed=st.booleans())
def test_a_practice_s_layer_with_anything_in_it(small, which, value, changes, typed):
    text = edited(LAYER, changes) if typed else mutated(LAYER, which, value)
    told(lambda: layered(small, parse_text(text, f"{LAYERS}/demo.yaml"), signed=True))


@settings(max_examples=25, deadline=None)
@given(changes=edits, file=st.sampled_from(sorted(SHIPPED.glob("*.yaml"))))
def test_the_shipped_files_with_anything_typed_into_them(tmp_path_factory, changes, file):
    path = tmp_path_factory.mktemp("rules") / file.name
    path.write_text(edited(file.read_text(encoding="utf8"), changes), encoding="utf8", newline="")
    told(lambda: parse(path) and load_book(path))


def bomb(levels):
    return "\n".join(
        [f"a0: &a0 [{'x, ' * 9}x]"]
        + [f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}*a{n - 1}]" for n in range(1, levels)]
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (bomb(9), "« * » et « & »"),
        ("a: &a\n  <<: *a\n", "« * » et « & »"),
        (50_000 * "[", f"plus de {DEEPEST} listes"),
        (50_000 * "- ", f"plus de {DEEPEST} listes"),
        (50_000 * "{a: ", f"plus de {DEEPEST} listes"),
        ("".join(f"{n * ' '}a:\n" for n in range(300)), f"plus de {DEEPEST} listes"),
        ("a: " + "x" * (LONGEST_FILE + 1), "caractères, au plus"),
        ("a: '" + "x" * 10_000, "guillemet"),
        ("a: |\n" + "  x\n" * 10_000, "caractères, au plus"),
        ("a: " + "9" * 3_000, "clé"),
        ("? " * 5_000, "plus de"),
        ("%YAML 9.9\n---\na: b\n", ""),
        ("!!python/object/apply:os.system [ls]", "« ! »"),
        ("concepts: {douleur: [" + "mal, " * 100_000 + "mal]}", ""),
        ("rules: [" + "{id: x, title: x, level: urgent, words: [étau]}," * 4_000 + "]", "existe déjà"),
        (
            "concepts: {x: [mal]}\nrules: [{id: x, title: x, level: urgent, when: [["
            + "x ou " * 700
            + "x]]}]",
            "",
        ),
    ],
)
def test_bombs(tmp_path, text, words):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf8")
    faults = told(lambda: load_book(path))
    assert any(words in fault.message for fault in faults) or (not words and not faults)
