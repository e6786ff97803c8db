"""Reads `triage_rules/*.yaml` into `Rules`. `triage_rules/README.md` tells a doctor what a rule is.

The shipped book is every file of the folder together; a practice's own layer lies over it:
`practices/<id>.yaml` below (`rules_layers`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

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
from voicebot.adapters.rules_patterns import Where, wordless
from voicebot.adapters.rules_review import check_examples
from voicebot.adapters.sentences import fault_at, told
from voicebot.adapters.yaml_source import Source, parse
from voicebot.domain.triage.english import ENGLISH
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Fault, FaultyFile

__all__ = ["LAYERS", "check_examples", "load", "load_book", "load_layers", "load_practices"]

Signed = Callable[[str], bool]
LAYERS = "practices"
"""The folder of the practices' own layers, inside the folder of the shipped rules."""


LANGUAGES: Mapping[str, Language] = {one.code: one for one in (FRENCH, ENGLISH)}
"""By code, which is also the name of the folder that holds a language's files (the French need none)."""


def load(path: Path, practice: str = "", *, signed: bool = False) -> Rules:
    """The rules of a file, or of every `*.yaml` in a folder, with the practice's own layer over them if it
    has one; as `layered` when `signed`. Raises FaultyFile with every fault."""
    book = load_book(path)
    layer = path / LAYERS / f"{practice}.yaml"
    return layered(book, parse(layer), signed=signed).rules if practice and layer.is_file() else book.rules


def beside(rules: Rules, folder: Path, codes: Iterable[str]) -> Rules:
    """The rules with the books of the other languages that a practice speaks, by code: they are listened with
    as well. Raises FaultyFile."""
    others = (code for code in codes if code != rules.language.code and (folder / code).is_dir())
    also = tuple(load(folder / code) for code in others)
    return replace(rules, also=also) if also else rules


class Reading(NamedTuple):
    """A book, and what is wrong with it."""

    book: Book
    faults: tuple[Fault, ...]
    sound: frozenset[str]
    """Ids of the rules whose examples can be tried though others are faulty."""


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


def load_book(path: Path) -> Book:
    """As `load`, with the place of everything. Raises FaultyFile with every fault of every file."""
    found = read_book(path)
    if found.faults:
        raise FaultyFile(found.faults)
    return found.book


def read_book(path: Path) -> Reading:
    """As `load_book`, with the faults beside what can be read all the same. Raises FaultyFile: no file."""
    folder, paths = (path, sorted(path.glob("*.yaml"))) if path.is_dir() else (path.parent, [path])
    language = LANGUAGES.get(folder.name, FRENCH)
    if not paths:
        raise FaultyFile((fault_at(str(path), 0, 0, told("rules_none")),))
    sources: list[Source] = []
    unread: list[Fault] = []
    for one in paths:
        try:
            sources.append(parse(one))
        except FaultyFile as faulty:
            unread += faulty.faults
    found = _assembled(sources, language)
    if not unread:
        return found
    # What an unreadable file may well define is not unknown.
    known = (fault for fault in found.faults if "concept_unknown" not in _names(fault))
    return Reading(found.book, in_order((*unread, *known)), frozenset())


def _assembled(sources: list[Source], language: Language) -> Reading:
    files = [(source, *shaped(source, BookSection)) for source in sources]
    concepts: Concepts = {}
    places: dict[str, Where] = {}
    faults: list[Fault] = []
    for source, section, _ in files:
        here = Where(source, ("concepts",))
        faults += define(section.concepts, here, places, language)
        faults += wordless(section.idioms, Where(source, ("idioms",)), language)
        concepts |= section.concepts
        places |= {name: here.at(name) for name in section.concepts}
    for source, _, wrong in files:
        rules_begin = source.node(("rules",))[0].line
        faults += [fault for fault in wrong if fault.line < rules_begin]
    testable = not faults

    faults += [fault for _, _, wrong in files for fault in wrong]
    written: dict[str, Written] = {}
    sound: set[str] = set()
    for source, section, _ in files:
        for n, rule in whole(section.rules):
            at = Where(source, ("rules", n))
            if rule.id in written:
                again = told("rule_twice", rule=rule.id, line=written[rule.id].at.line)
                faults.append(at.at("id").fault(again))
                continue
            written[rule.id], mistakes = write(rule, at, concepts, language)
            faults += mistakes
            sound |= set() if mistakes else {rule.id}
    rules = Rules(
        concepts,
        # A rule with a fault in it may hear nothing, or everything.
        tuple(one.rule for id_, one in written.items() if id_ in sound),
        next((section.question for _, section, _ in files if section.question), Rules.question),
        tuple(way for _, section, _ in files for way in section.idioms),
        version(sources),
        language,
    )
    book = Book(rules, written, tuple(sources), places)
    return Reading(book, in_order(faults), frozenset(sound if testable else ()))


def _names(fault: Fault) -> set[str]:
    inner = fault.told.values.get("what") if fault.told else None
    return {getattr(told, "name", "") for told in (fault.told, inner)}
