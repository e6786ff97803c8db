"""Reads `triage_rules/*.yaml` into `Rules`. `triage_rules/README.md` tells a doctor what a rule is.

The shipped book is every file of the folder together; a practice's own layer lies over it:
`practices/<id>.yaml` below (`rules_layers`).
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from voicebot.adapters.rules_book import (
    Book,
    Concepts,
    Written,
    define,
    in_order,
    shaped,
    version,
    whole,
    write,
)
from voicebot.adapters.rules_layers import layered
from voicebot.adapters.rules_model import BookSection
from voicebot.adapters.rules_patterns import Where
from voicebot.adapters.rules_review import check_examples
from voicebot.adapters.sentences import fault_at, told
from voicebot.adapters.yaml_source import Source, parse
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Fault, FaultyFile

__all__ = ["LAYERS", "check_examples", "load", "load_book", "load_layers", "load_practices"]

Signed = Callable[[str], bool]
LAYERS = "practices"
"""The folder of the practices' own layers, inside the folder of the shipped rules."""


def load(path: Path, practice: str = "", *, signed: bool = False, language: Language = FRENCH) -> Rules:
    """The rules of a file, or of every `*.yaml` in a folder, with the practice's own layer over them if it
    has one; as `layered` when `signed`. Raises FaultyFile with every fault."""
    book = load_book(path, language)
    layer = path / LAYERS / f"{practice}.yaml"
    return layered(book, parse(layer), signed=signed).rules if practice and layer.is_file() else book.rules


def nobody(_: str) -> bool:
    """No practice's layer is signed."""
    return False


def load_practices(folder: Path, signed: Signed = nobody) -> Mapping[str, Book]:
    """Every practice's book where it is not the shipped one, by practice id. Raises FaultyFile.

    `signed`: by practice id, whether a doctor has signed for its layer.
    """
    return load_layers(load_book(folder), sorted((folder / LAYERS).glob("*.yaml")), signed)


def load_layers(shipped: Book, paths: Iterable[Path], signed: Signed = nobody) -> Mapping[str, Book]:
    """As `load_practices`, over a book that is read already. Raises FaultyFile with the faults of all."""
    books: dict[str, Book] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            books[path.stem] = layered(shipped, parse(path), signed=signed(path.stem))
        except FaultyFile as faulty:
            faults += faulty.faults
    if faults:
        raise FaultyFile(in_order(faults))
    return books


def load_book(path: Path, language: Language = FRENCH) -> Book:
    """As `load`, with the place of everything. Raises FaultyFile with every fault of every file."""
    paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not paths:
        raise FaultyFile((fault_at(str(path), 0, 0, told("rules_none")),))
    sources: list[Source] = []
    faults: list[Fault] = []
    unread = False
    for one in paths:
        try:
            sources.append(parse(one))
        except FaultyFile as faulty:
            faults += faulty.faults
            unread = True
    book, wrong = _assembled(sources, language)
    # What an unreadable file may well define is not unknown.
    faults += [fault for fault in wrong if not (unread and "concept_unknown" in _names(fault))]
    if faults:
        raise FaultyFile(in_order(faults))
    return book


def _assembled(sources: list[Source], language: Language) -> tuple[Book, list[Fault]]:
    files: list[tuple[Source, BookSection]] = []
    faults: list[Fault] = []
    concepts: Concepts = {}
    places: dict[str, Where] = {}
    for source in sources:
        section, wrong = shaped(source, BookSection)
        files.append((source, section))
        here = Where(source, ("concepts",))
        faults += [*wrong, *define(section.concepts, here, places, language)]
        concepts |= section.concepts
        places |= {name: here.at(name) for name in section.concepts}
    written: dict[str, Written] = {}
    for source, section in files:
        for n, rule in whole(section.rules):
            at = Where(source, ("rules", n))
            if rule.id in written:
                again = told("rule_twice", rule=rule.id, line=written[rule.id].at.line)
                faults.append(at.at("id").fault(again))
                continue
            written[rule.id], wrong = write(rule, at, concepts, language)
            faults += wrong
    question = next((section.question for _, section in files if section.question), Rules.question)
    idioms = tuple(way for _, section in files for way in section.idioms)
    known = tuple(one.rule for one in written.values())
    rules = Rules(concepts, known, question, idioms, version(sources), language)
    return Book(rules, written, tuple(sources), places), faults


def _names(fault: Fault) -> set[str]:
    inner = fault.told.values.get("what") if fault.told else None
    return {getattr(told, "name", "") for told in (fault.told, inner)}
