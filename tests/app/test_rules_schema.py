"""The schema editors use: the committed one is today's, and it knows what the reader knows."""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from voicebot.adapters.yaml_source import parse
from voicebot.app.commands import rules_schema
from voicebot.domain.triage.rules import Advice
from voicebot.settings import Settings

RULES = Settings().rules


@pytest.mark.parametrize("name", rules_schema.FILES)
def test_the_committed_schema_is_what_the_command_writes(name):
    assert (RULES / name).read_text(encoding="utf8") == rules_schema.schemas()[name], "voicebot rules schema"


def test_it_writes_where_it_is_told(tmp_path, capsys):
    parser = ArgumentParser()
    rules_schema.add_arguments(parser)
    assert rules_schema.run(parser.parse_args([str(tmp_path)]), Settings()) == 0
    assert {file.name for file in tmp_path.iterdir()} == set(rules_schema.FILES)
    assert str(tmp_path) in capsys.readouterr().out


def resolved(schema, node):
    return schema["$defs"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node


def test_it_says_what_may_be_written():
    schema = json.loads(rules_schema.schemas()["rules.schema.json"])
    rule = resolved(schema, schema["properties"]["rules"]["items"])
    assert set(rule["required"]) == {"id", "title", "level"}
    assert rule["properties"]["level"]["enum"] == ["emergency", "urgent"]
    assert set(rule["properties"]["advice"]["enum"]) == set(Advice.__args__)
    assert rule["additionalProperties"] is False
    assert "title" in rule["properties"]
    patterns = rule["properties"]["when"]["items"]["anyOf"]
    assert set(patterns[-1]["properties"]) == {"all", "near", "call", "unless", "ask"}


def heads():
    folders = (RULES, RULES / "en", RULES / "practices")
    return [file for folder in folders for file in sorted(folder.glob("*.yaml"))]


@pytest.mark.parametrize("file", heads(), ids=lambda file: str(file.relative_to(RULES)))
def test_every_rules_file_names_its_schema_and_keeps_to_it(file: Path):
    first = file.read_text(encoding="utf8").split("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (file.parent / first.partition("=")[2]).resolve()
    schema = json.loads(named.read_text(encoding="utf8"))
    assert set(parse(file).data) <= set(schema["properties"])
