"""Write the JSON Schema of rules files: with it, an editor completes, explains and underlines."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from voicebot.adapters.rules_model import BookSection, LayerSection
from voicebot.settings import Settings

FILES: Mapping[str, type[BaseModel]] = {"rules.schema.json": BookSection, "layer.schema.json": LayerSection}
"""The shipped files', and a practice's own layer's."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("path", nargs="?", type=Path, help="folder; default: that of the rules in force")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 once both are written."""
    for name, text in schemas().items():
        file = (args.path or settings.rules) / name
        file.write_text(text, encoding="utf8")
        print(file)
    return 0


def schemas() -> dict[str, str]:
    """The schemas' texts by file name."""
    return {name: _text(model.model_json_schema()) for name, model in FILES.items()}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, **_untitled(schema)}, ensure_ascii=False, indent=1) + "\n"


def _untitled(schema: Any) -> Any:
    """Without pydantic's titles, which only repeat the keys in English."""
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _untitled(value) for key, value in schema.items() if key != "title"}
    if "properties" in schema:
        # A property may be called so.
        kept["properties"] = {name: _untitled(each) for name, each in schema["properties"].items()}
    return kept
