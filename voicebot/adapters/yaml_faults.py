"""pydantic's complaints about a file → sentences for its author, none of them pydantic's own."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process, utils

from voicebot.adapters.sentences import told, written
from voicebot.errors import Told

CODES = {
    "string_too_short": "value_empty",
    "too_short": "value_too_few",
    "too_long": "value_too_many",
    "string_too_long": "value_too_long",
    "greater_than": "value_above",
    "greater_than_equal": "value_at_least",
    "less_than": "value_below",
    "less_than_equal": "value_at_most",
    "string_pattern_mismatch": "value_form",
    "model_type": "value_section",
    "dict_type": "value_section",
    "list_type": "value_list",
    "tuple_type": "value_list",
    "string_type": "value_text",
    "int_type": "value_integer",
    "int_parsing": "value_integer",
    "int_from_float": "value_integer",
    "float_type": "value_number",
    "float_parsing": "value_number",
    "bool_type": "value_yes_no",
    "bool_parsing": "value_yes_no",
}
"""pydantic's error types (docs.pydantic.dev/latest/errors/validation_errors) and our sentences."""


def near(word: str, known: Iterable[str]) -> str:
    """The known word that is close to this one; empty if none is."""
    best = process.extractOne(
        word, sorted(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=60
    )
    return str(best[0]) if best else ""


def hint(word: str, known: Iterable[str], otherwise: Told | str = "") -> Told | str:
    """ "Did you mean", or what else can be said; to be put behind a sentence."""
    close = near(word, known)
    return told("hint_near", word=close) if close else otherwise


def choices(known: Iterable[str]) -> Told:
    """What is possible, to be put behind a sentence."""
    return told("hint_choices", known=", ".join(known))


def suggest(word: str, known: Iterable[str]) -> str:
    """` ; vouliez-vous dire « … » ?` when a known word is close, else empty."""
    found = hint(word, known)
    return written(found) if isinstance(found, Told) else found


def complaint(detail: ErrorDetails, text: str, known: set[str]) -> Told | str:
    """What to tell of an error. `text`: the value as written; `known`: the keys that may be there."""
    place, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    name = str(place[-1]) if place else ""
    if kind == "missing":
        return told("key_missing", name=name)
    if kind == "extra_forbidden":
        possible: Told | str = told("hint_keys", known=", ".join(sorted(known))) if known else ""
        return told("key_unknown", name=name, hint=hint(name, known, possible))
    if kind in ("value_error", "assertion_error"):
        # A validator of ours: its text is a sentence already.
        return str(context["error"])
    if kind == "string_type" and text:
        return told("value_quotes", written=text)
    if kind in ("literal_error", "enum"):
        possible_ = re.findall(r"'([^']*)'", str(context["expected"]))
        return told("value_choice", written=text, hint=hint(text, possible_, choices(possible_)))
    if kind.startswith("date"):
        return told("value_date", written=text)
    if kind in CODES:
        return told(CODES[kind], **{"written": text, **context})
    return told("value_unfit", written=text)


def keys_at(schema: dict[str, Any], place: tuple[str | int, ...]) -> set[str]:
    """Keys the model knows at `place`, read from its JSON schema."""

    def parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if "$ref" in node:
            yield from parts(schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        yield node
        for choice in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
            yield from parts(choice)

    here = list(parts(schema))
    for step in place:
        below = [
            child
            for part in here
            for child in (
                part.get("properties", {}).get(step),
                part.get("items") if isinstance(step, int) else part.get("additionalProperties"),
                *part.get("patternProperties", {}).values(),
            )
            if isinstance(child, dict)
        ]
        # A union's tag is in pydantic's place but in no file: it leads nowhere, so we stay.
        here = [part for child in below for part in parts(child)] or here
    return {name for part in here for name in part.get("properties", {})}
