"""The catalogue of what authors are told: whole, in every language, and with the gaps that the code fills."""

import ast
import string
from pathlib import Path

import pytest

from voicebot.adapters.sentences import LANGUAGES, catalogue, fault_at, told, translated, written
from voicebot.adapters.yaml_faults import CODES
from voicebot.adapters.yaml_nodes import SYNTAX

ROOT = Path(__file__).parents[2] / "voicebot"
FROM_PYDANTIC = {"min_length", "max_length", "gt", "ge", "lt", "le"}


def calls():
    """Every `told("…", …)` of the code: where, the sentence, and the gaps it fills."""
    for path in sorted((*(ROOT / "adapters").glob("*.py"), *(ROOT / "app").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "told" and node.args:
                first = node.args[0]
                names = [one.value for one in ast.walk(first) if isinstance(one, ast.Constant)]
                if isinstance(first, ast.JoinedStr) or None in [word.arg for word in node.keywords]:
                    continue
                for name in names if isinstance(first, ast.Constant | ast.IfExp) else ():
                    if name in catalogue() or isinstance(first, ast.Constant):
                        yield path.name, name, {word.arg for word in node.keywords}


def gaps(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_sentence_is_written_in_every_language_with_the_same_gaps(name):
    texts = [catalogue()[name][language] for language in LANGUAGES]
    assert all(texts)
    assert len({frozenset(gaps(text)) for text in texts}) == 1


@pytest.mark.parametrize(("file", "name", "filled"), sorted(calls(), key=str))
def test_every_sentence_the_code_tells_is_there_and_its_gaps_are_filled(file, name, filled):
    assert name in catalogue(), file
    assert gaps(catalogue()[name]["fr"]) <= filled, file


@pytest.mark.parametrize("name", sorted({*CODES.values(), *(name for _, name in SYNTAX)}))
def test_what_is_told_of_pydantic_s_and_yaml_s_faults_is_there(name):
    assert gaps(catalogue()[name]["fr"]) <= {"written", *FROM_PYDANTIC}


def test_a_sentence_inside_a_sentence_is_translated_with_it():
    inner = told("hint_near", word="emergency")
    sentence = told("in_rule", rule="avc", what=told("level_unknown", name="urgence", hint=inner))
    french = "la règle « avc » : niveau « urgence » inconnu ; vouliez-vous dire « emergency » ?"
    assert written(sentence) == french
    fault = fault_at("a.yaml", 1, 2, sentence)
    assert fault.message == french
    english = "rule “avc”: level “urgence” is unknown; did you mean “emergency”?"
    assert translated(fault, "en").message == english
    assert translated(fault_at("a.yaml", 1, 2, "telle quelle"), "en").message == "telle quelle"


def test_braces_in_what_an_author_wrote_are_not_gaps():
    assert "« {x} »" in written(told("key_missing", name="{x}"))
