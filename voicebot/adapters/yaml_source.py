"""A YAML file read with the place of every value, so that each mistake is told with its line and column.

Generic: `read(path, Model)` gives the pydantic model and the `Source`; what only the whole file can show
(an unknown doctor in a motif) is reported with `source.fault(place, sentence)`.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process, utils
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from voicebot.errors import Fault, FaultyFile

Place = tuple[str | int, ...]
"""Keys and indices from the top of the file to a value: `("motifs", 2, "durée")`."""
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


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
            if isinstance(node, MappingNode):
                found = [(v, k) for k, v in node.value if k.value == str(step)]
                if found:
                    node, key = found[-1]
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                node, key = node.value[step], None
        return node, key

    def written(self, place: Place) -> str:
        """The scalar as the author typed it (`0199001234`, not 199001234); empty for anything else."""
        node, _ = self.node(place)
        return str(node.value) if isinstance(node, ScalarNode) else ""

    def fault(self, place: Place, message: str, *, key: bool = False) -> Fault:
        """A fault at the value of `place`, or at its key."""
        value, name = self.node(place)
        mark = (name if key and name is not None else value).start_mark
        return Fault(self.file, mark.line + 1, mark.column + 1, message)


def suggest(word: str, known: Iterable[str]) -> str:
    """` ; vouliez-vous dire « … » ?` when a known word is close, else empty."""
    best = process.extractOne(
        word, sorted(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=60
    )
    return f" ; vouliez-vous dire « {best[0]} » ?" if best else ""


def parse(path: Path) -> Source:
    """The file's data and places. Raises FaultyFile: unreadable, broken YAML, a key written twice."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FaultyFile((Fault(str(path), 0, 0, f"fichier illisible ({error.strerror})"),)) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = "caractère illisible : enregistrez le fichier en UTF-8"
        raise FaultyFile((Fault(str(path), line, 0, message),)) from error
    return parse_text(text, str(path))


def parse_text(text: str, file: str) -> Source:
    """As `parse`, for text already read. Raises FaultyFile."""
    yaml = YAML(typ="safe", pure=True)
    # Duplicates are ours to report, all of them at once and in French.
    yaml.allow_duplicate_keys = True
    try:
        root = yaml.compose(text)
        if root is None:
            raise FaultyFile((Fault(file, 1, 1, "le fichier est vide"),))
        faults = tuple(_duplicates(root, file))
        if faults:
            raise FaultyFile(faults)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        return Source(file, yaml.constructor.construct_document(root), root, sha256)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise FaultyFile((Fault(file, line, column, _syntax(error)),)) from error
    except RecursionError as error:
        raise FaultyFile((Fault(file, 0, 0, "une partie du fichier se contient elle-même"),)) from error
    except (YAMLError, ValueError) as error:
        raise FaultyFile((Fault(file, 0, 0, f"YAML illisible ({error})"),)) from error


def validate(source: Source, model: type[M]) -> M:
    """The data as `model`. Raises FaultyFile with every fault, top of the file first."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        schema = model.model_json_schema()
        faults = {_fault(source, schema, detail) for detail in error.errors()}
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


def _duplicates(node: Node, file: str) -> Iterator[Fault]:
    """Every key written twice. Dates stay text on the way: pydantic reads them and says what is wrong."""
    if isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:timestamp":
        node.tag = "tag:yaml.org,2002:str"
    elif isinstance(node, SequenceNode):
        for child in node.value:
            yield from _duplicates(child, file)
    elif isinstance(node, MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, mark = str(key.value), key.start_mark
            if name in seen:
                message = f"« {name} » est écrit deux fois (déjà à la ligne {seen[name]})"
                yield Fault(file, mark.line + 1, mark.column + 1, message)
            seen.setdefault(name, mark.line + 1)
            yield from _duplicates(value, file)


SYNTAX = (
    (r"tab|'\\t'", "tabulation interdite : décalez les lignes avec des espaces"),
    (r"mapping values are not allowed", "« : » inattendu : texte à mettre entre guillemets, ou mal décalé"),
    (r"could not find expected ':'", "il manque « : » après ce mot, ou le décalage de la ligne est faux"),
    (r"quoted scalar", "guillemet ouvert et jamais refermé"),
    (r"expected <block end>", "décalage incohérent avec les lignes précédentes, ou guillemet mal placé"),
    (r"expected ',' or|node content", "il manque « , » ou le crochet fermant"),
    (r"undefined alias|anchor", "« * » et « & » ont un sens en YAML : mettez ce texte entre guillemets"),
    (r"cannot start any token", "caractère interdit en début de valeur : mettez ce texte entre guillemets"),
    (r"constructor for the tag", "« ! » a un sens en YAML : mettez ce texte entre guillemets"),
    (r"single document", "un seul document par fichier : retirez la ligne « --- »"),
)  # fmt: skip
"""ruamel.yaml's scanner and parser messages, by what they contain, and what to tell the author."""


def _syntax(error: MarkedYAMLError) -> str:
    said = f"{error.context or ''} {error.problem or ''}".strip()
    return next(
        (french for pattern, french in SYNTAX if re.search(pattern, said)), f"YAML illisible ({said})"
    )


def _fault(source: Source, schema: dict[str, Any], detail: ErrorDetails) -> Fault:
    place, kind = tuple(detail["loc"]), detail["type"]
    name = str(place[-1]) if place else ""
    if kind == "missing":
        return source.fault(place[:-1], f"il manque « {name} »", key=True)
    if kind == "extra_forbidden":
        known = _known(schema, place[:-1])
        hint = suggest(name, known) or (f" ; clés possibles : {', '.join(sorted(known))}" if known else "")
        return source.fault(place, f"« {name} » n'est pas une clé connue{hint}", key=True)
    return source.fault(place, _sentence(source, place, detail))


SENTENCES = {
    "string_too_short": "ne peut pas être vide",
    "too_short": "il en faut au moins {min_length}",
    "too_long": "il en faut au plus {max_length}",
    "greater_than": "doit être plus grand que {gt}",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than": "doit être plus petit que {lt}",
    "less_than_equal": "doit être au plus {le}",
    "string_pattern_mismatch": "« {written} » n'a pas la bonne forme",
    "model_type": "des lignes « clé: valeur » sont attendues ici",
    "dict_type": "des lignes « clé: valeur » sont attendues ici",
    "list_type": "une liste est attendue ici (des lignes qui commencent par « - »)",
    "tuple_type": "une liste est attendue ici (des lignes qui commencent par « - »)",
    "string_type": "un texte est attendu ici",
    "int_type": "« {written} » n'est pas un nombre entier",
    "int_parsing": "« {written} » n'est pas un nombre entier",
    "int_from_float": "« {written} » n'est pas un nombre entier",
    "float_type": "« {written} » n'est pas un nombre",
    "float_parsing": "« {written} » n'est pas un nombre",
    "bool_type": "écrivez oui ou non (true ou false)",
    "bool_parsing": "écrivez oui ou non (true ou false)",
}
"""pydantic's error types (docs.pydantic.dev/latest/errors/validation_errors) in plain French."""


def _sentence(source: Source, place: Place, detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    written = source.written(place)
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    if kind == "string_type" and written:
        return f'« {written} » doit être écrit entre guillemets : "{written}"'
    if kind in ("literal_error", "enum"):
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        hint = suggest(written, choices) or f" ; possibles : {', '.join(choices)}"
        return f"« {written} » n'est pas un choix possible{hint}"
    if kind.startswith("date"):
        return f"« {written} » n'est pas une date : écrivez par exemple 2026-12-24"
    if kind in SENTENCES:
        return SENTENCES[kind].format(**{"written": written, **context})
    return f"« {written} » ne convient pas ({detail['msg']})"


def _known(schema: dict[str, Any], place: Place) -> set[str]:
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
