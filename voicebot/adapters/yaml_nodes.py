"""YAML text → nodes that know their place, within bounds: no file, however written, hangs or breaks this.

The part of YAML 1.2 that people write: no anchors, no tags, keys that are words. libyaml reads it (ten times
faster than Python); what it refuses is read again by ruamel.yaml, whose word is final and faults are known.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from voicebot.adapters.sentences import fault_at, told
from voicebot.errors import Fault, FaultyFile, Told

LONGEST_FILE = 1_000_000
"""Characters; the shipped rules are a tenth of that."""
LONGEST_TEXT = 4_000
"""Characters of one value."""
DEEPEST = 20
"""Lists and sections inside one another."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value: text, a list of nodes, or the entries of a section. Line and column count from 1."""

    line: int
    column: int
    value: "str | list[Node] | list[tuple[Node, Node]]"
    kind: str
    """"plain" and "quoted" are texts; "list"; "section"."""

    @property
    def text(self) -> str:
        """As it is written; empty for a list or a section."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> "list[Node]":
        """Of a list; empty for anything else."""
        return self.value if self.kind == "list" else []  # type: ignore[return-value]  # the kind says which

    @property
    def entries(self) -> "list[tuple[Node, Node]]":
        """Keys and values of a section; empty for anything else."""
        return self.value if self.kind == "section" else []  # type: ignore[return-value]  # the kind says which


class _Refused(Exception):
    """A place that is valid YAML and not for us."""

    def __init__(self, event: Any, sentence: Told) -> None:
        super().__init__()
        self.line, self.column, self.sentence = (
            event.start_mark.line + 1,
            event.start_mark.column + 1,
            sentence,
        )


def compose(text: str, file: str) -> Node:
    """The top of the file. Raises FaultyFile: broken YAML, something we do not read, or too much of it."""
    if len(text) > LONGEST_FILE:
        raise _faulty(file, 0, 0, told("yaml_file_too_long", length=len(text), most=LONGEST_FILE))
    try:
        return _read(text, file)
    except _Refused as refused:
        raise _faulty(file, refused.line, refused.column, refused.sentence) from refused
    except ReaderError as error:
        line, column = _place(text, error.position)
        raise _faulty(file, line, column, told("yaml_character")) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise _faulty(file, line, column, _syntax(error)) from error
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        # ValueError and OverflowError: an escape that stands for no character.
        raise _faulty(file, 0, 0, told("yaml_unreadable")) from error


def plain(node: Node) -> Any:
    """The node as lists, dicts, texts, numbers, true, false and nothing (YAML 1.2; dates stay texts)."""
    if node.kind == "section":
        return {key.text: plain(value) for key, value in node.entries}
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return node.text if node.kind == "quoted" else _scalar(node.text)


def twice(node: Node) -> Iterator[tuple[Node, Told]]:
    """Every key that is written twice."""
    seen: dict[str, int] = {}
    for key, value in node.entries:
        if key.text in seen:
            yield key, told("yaml_twice", name=key.text, line=seen[key.text])
        seen.setdefault(key.text, key.line)
        yield from twice(value)
    for item in node.items:
        yield from twice(item)


def _read(text: str, file: str) -> Node:
    try:
        return _document(yaml.parse(text, Loader=yaml.CBaseLoader), file)
    except (yaml.YAMLError, UnicodeEncodeError):
        return _document(YAML(typ="safe", pure=True).parse(text), file)


def _document(events: Iterable[Any], file: str) -> Node:
    stream = iter(events)
    top: Node | None = None
    for event in stream:
        match type(event).__name__:
            case "DocumentStartEvent" if top is not None:
                raise _Refused(event, told("yaml_documents"))
            case "StreamStartEvent" | "DocumentStartEvent" | "DocumentEndEvent" | "StreamEndEvent":
                continue
            case _:
                top = _node(event, stream, 1)
    if top is None:
        raise _faulty(file, 1, 1, told("yaml_empty"))
    return top


def _node(event: Any, stream: Iterator[Any], depth: int) -> Node:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    name = type(event).__name__
    if name == "AliasEvent" or event.anchor is not None:
        raise _Refused(event, told("yaml_anchor"))
    if event.tag is not None:
        raise _Refused(event, told("yaml_tag"))
    if name == "ScalarEvent":
        if len(event.value) > LONGEST_TEXT:
            raise _Refused(event, told("yaml_text_too_long", length=len(event.value), most=LONGEST_TEXT))
        return Node(line, column, event.value, "plain" if event.implicit[0] else "quoted")
    if depth > DEEPEST:
        raise _Refused(event, told("yaml_too_deep", most=DEEPEST))
    if name == "SequenceStartEvent":
        items: list[Node] = []
        while type(following := next(stream)).__name__ != "SequenceEndEvent":
            items.append(_node(following, stream, depth + 1))
        return Node(line, column, items, "list")
    entries: list[tuple[Node, Node]] = []
    while type(following := next(stream)).__name__ != "MappingEndEvent":
        key = _node(following, stream, depth + 1)
        if key.kind not in ("plain", "quoted"):
            raise _Refused(following, told("yaml_key"))
        entries.append((key, _node(next(stream), stream, depth + 1)))
    return Node(line, column, entries, "section")


_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,2})?")
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""YAML 1.2's core schema: `oui`, `on` and `no` are texts."""


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _faulty(file: str, line: int, column: int, sentence: Told) -> FaultyFile:
    fault: Fault = fault_at(file, line, column, sentence)
    return FaultyFile((fault,))


SYNTAX = (
    (r"tab|'\\t'", "yaml_tab"),
    (r"mapping values are not allowed", "yaml_colon"),
    (r"could not find expected ':'", "yaml_no_colon"),
    (r"quoted scalar", "yaml_quote"),
    (r"expected <block end>", "yaml_indent"),
    (r"expected ',' or|node content", "yaml_bracket"),
    (r"undefined alias|anchor|alias", "yaml_anchor"),
    (r"cannot start any token", "yaml_start"),
    (r"constructor for the tag|tag", "yaml_tag"),
    (r"single document|<document start>", "yaml_documents"),
)
"""ruamel.yaml's scanner and parser messages, by what they contain, and what the author is told."""


def _syntax(error: MarkedYAMLError) -> Told:
    said = f"{error.context or ''} {error.problem or ''}".strip()
    return told(next((name for pattern, name in SYNTAX if re.search(pattern, said)), "yaml_unreadable"))
