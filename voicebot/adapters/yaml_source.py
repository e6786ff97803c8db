"""A YAML file read with the place of every value, so that each mistake is told with its line and column.

Generic: `read(path, Model)` gives the pydantic model and the `Source`; what only the whole file can show
(an unknown doctor in a motif) is reported with `source.fault(place, sentence)`.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from voicebot.adapters.sentences import fault_at, told
from voicebot.adapters.yaml_faults import complaint, keys_at, suggest
from voicebot.adapters.yaml_nodes import Node, compose, plain, twice
from voicebot.errors import Fault, FaultyFile, Told

__all__ = ["Place", "Source", "parse", "parse_text", "read", "read_all", "suggest", "validate"]

Place = tuple[str | int, ...]
"""Keys and indices from the top of the file to a value: `("motifs", 2, "durée")`."""
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
WHY = {FileNotFoundError: "why_missing", PermissionError: "why_denied", IsADirectoryError: "why_folder"}
"""What is told of the commonest reasons why a file cannot be read."""


@dataclass(frozen=True)
class Source:
    """A parsed file: its plain data and where each part of it stands."""

    file: str
    data: Any
    root: Node
    sha256: str = ""
    """Of the text as it was read, in hexadecimal."""

    def node(self, place: Place) -> tuple[Node, Node | None]:
        """The deepest node on the way to `place`, and its key's node if it is the value of a key."""
        node, key = self.root, None
        for step in place:
            if node.kind == "section":
                found = [(v, k) for k, v in node.entries if k.text == str(step)]
                if found:
                    node, key = found[-1]
            elif node.kind == "list" and isinstance(step, int) and step < len(node.items):
                node, key = node.items[step], None
        return node, key

    def written(self, place: Place) -> str:
        """The scalar as the author typed it (`0199001234`, not 199001234); empty for anything else."""
        return self.node(place)[0].text

    def fault(self, place: Place, message: Told | str, *, key: bool = False) -> Fault:
        """A fault at the value of `place`, or at its key."""
        value, name = self.node(place)
        here = name if key and name is not None else value
        return fault_at(self.file, here.line, here.column, message)


def parse(path: Path) -> Source:
    """The file's data and places. Raises FaultyFile: unreadable, broken YAML, a key written twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        sentence = told("file_unreadable", why=told(WHY.get(type(error), "why_other")))
        raise FaultyFile((fault_at(str(path), 0, 0, sentence),)) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FaultyFile((fault_at(str(path), line, 0, told("file_encoding")),)) from error
    return parse_text(text, str(path))


def parse_text(text: str, file: str) -> Source:
    """As `parse`, for text already read. Raises FaultyFile."""
    root = compose(text, file)
    faults = tuple(fault_at(file, key.line, key.column, sentence) for key, sentence in twice(root))
    if faults:
        raise FaultyFile(faults)
    return Source(file, plain(root), root, hashlib.sha256(text.encode()).hexdigest())


def validate(source: Source, model: type[M]) -> M:
    """The data as `model`. Raises FaultyFile with every fault, top of the file first."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        schema = model.model_json_schema()
        faults = set()
        for detail in error.errors():
            place, kind = tuple(detail["loc"]), detail["type"]
            message = complaint(detail, source.written(place), keys_at(schema, place[:-1]))
            at = place[:-1] if kind == "missing" else place
            faults.add(source.fault(at, message, key=kind in ("missing", "extra_forbidden")))
        raise FaultyFile(tuple(sorted(faults, key=lambda f: (f.line, f.column, f.message)))) from error


def read(path: Path, model: type[M]) -> tuple[M, Source]:
    """`parse`, then `validate`. Raises FaultyFile."""
    source = parse(path)
    return validate(source, model), source


def read_all(paths: Iterable[Path], load: Callable[[Path], T]) -> list[T]:
    """`load` of every path. Raises one FaultyFile with the faults of all of them."""
    loaded: list[T] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            loaded.append(load(path))
        except FaultyFile as error:
            faults += error.faults
    if faults:
        # A file that others build on is read several times: its faults are told once.
        raise FaultyFile(tuple(dict.fromkeys(faults)))
    return loaded
