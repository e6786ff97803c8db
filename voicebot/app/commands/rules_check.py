"""Check the urgency rules: every mistake at once, with its place and how to mend it; examples tried.

With --notices also what stops nothing from working: words written twice, patterns that add nothing.
Exit code 2: there is something to mend.
"""

import argparse
import gc
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from voicebot.adapters import rules_review
from voicebot.adapters.rules_book import Book, in_order
from voicebot.adapters.rules_layers import layered
from voicebot.adapters.rules_yaml import LANGUAGES as SPOKEN
from voicebot.adapters.rules_yaml import LAYERS, read_book
from voicebot.adapters.sentences import LANGUAGES, fault_at, told, written
from voicebot.adapters.yaml_faults import hint
from voicebot.adapters.yaml_source import parse
from voicebot.app.commands.carets import shown
from voicebot.errors import Fault, FaultyFile, Told
from voicebot.settings import Settings

TOP = re.compile(rb"^(?:\xef\xbb\xbf)?[\"']?(?:rules|concepts|change|disable|idioms)[\"']?\s*:", re.MULTILINE)
"""Only rules files have these keys at their top."""
NAMED = 5
"""Rules named in a summary; of more, only their number."""


@dataclass(frozen=True)
class Inspection:
    """What was found in rules files."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """To be read, though the rules work."""
    notices: tuple[Fault, ...] = ()
    summary: tuple[Told, ...] = ()

    def __add__(self, other: "Inspection") -> "Inspection":
        return Inspection(
            self.faults + other.faults,
            self.warnings + other.warnings,
            self.notices + other.notices,
            self.summary + other.summary,
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A file or folder, the language of the answer, and whether to show the notices."""
    add = parser.add_argument
    add("path", nargs="?", type=Path, help="default: the rules in force, with every practice's own")
    add("--lang", choices=LANGUAGES, default="fr", help="language of what is told (default: fr)")
    add("--notices", action="store_true", help="show what is merely worth knowing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0, or 2 after printing every fault."""
    # A sixth of the time would go into looking for garbage that the end of the command takes away.
    gc.disable()
    try:
        found = inspect(args.path or settings.rules, settings, notices=args.notices)
    finally:
        gc.enable()
    for fault in (*found.faults, *found.warnings):
        print(shown(fault, args.lang), file=sys.stderr)
    for notice in found.notices:
        print(shown(notice, args.lang))
    for line in told_of(found):
        print(written(line, args.lang), file=sys.stderr if found.faults else sys.stdout)
    return 2 if found.faults else 0


def told_of(found: Inspection) -> Iterator[Told]:
    """The last lines of a check."""
    yield from found.summary
    if found.faults:
        yield told("check_faults", count=len(found.faults))


def inspect(path: Path, settings: Settings, *, notices: bool = False) -> Inspection:
    """Everything about a file, a folder, or one practice's layer. A file of the folder in force is read with
    its neighbours, whose vocabulary it uses; a layer is read over the rules it lies on."""
    path = _meant(path, settings)
    if path.parent.name == LAYERS and of_rules(path.parent.parent):
        return _inspect(path.parent.parent, [path], settings, notices, shipped=False)
    if path.is_file() and path.resolve().parent == settings.rules.resolve():
        path = path.parent
    found = _inspect(path, sorted((path / LAYERS).glob("*.yaml")), settings, notices)
    for other in (path / code for code in SPOKEN):
        if of_rules(other):
            found += _inspect(other, [], settings, notices)
    return found


def of_rules(path: Path) -> bool:
    """Whether it is a rules file, or a folder with one in it, by a look at what stands at a line's begin."""
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        try:
            if TOP.search(file.read_bytes()):
                return True
        except OSError:
            continue
    return False


def _meant(path: Path, settings: Settings) -> Path:
    """`practices/demo.yaml` is a practice here and its rules there: whoever checks rules means the rules."""
    inside = settings.rules / path
    return inside if not of_rules(path) and inside.is_file() else path


def _inspect(
    folder: Path, layers: list[Path], settings: Settings, notices: bool, *, shipped: bool = True
) -> Inspection:
    try:
        book, faults, sound = read_book(folder)
    except FaultyFile as faulty:
        return Inspection(faulty.faults)
    found = Inspection(faults)
    if shipped or faults:
        found += _tried(book, sound, notices)
        if not found.faults:
            found += Inspection(summary=tuple(_summary(folder, book)))
    # Over a faulty book a layer would be told faults that are not its own.
    for layer in layers if not faults else ():
        found += _layer(book, layer, settings, notices)
    return Inspection(in_order(found.faults), found.warnings, found.notices, found.summary)


def _layer(shipped: Book, path: Path, settings: Settings, notices: bool) -> Inspection:
    """One practice's own."""
    try:
        book = layered(shipped, parse(path))
    except FaultyFile as faulty:
        return Inspection(faulty.faults)
    tried = _tried(book, book.own, notices)
    tried += Inspection(tuple(_nobodys(path, settings)))
    warnings = (*book.warnings, *_unreachable(book, path, settings))
    summary = told("check_layer", file=str(path), count=len(book.own), gone=len(book.disabled))
    return Inspection(tried.faults, warnings, tried.notices, () if tried.faults else (summary,))


def _tried(book: Book, rules: Collection[str], notices: bool) -> Inspection:
    return Inspection(
        rules_review.mistakes(book, rules),
        notices=(
            *rules_review.shadows(book, rules),
            *(rules_review.notices(book, rules) if notices else ()),
        ),
    )


def _nobodys(path: Path, settings: Settings) -> Iterator[Fault]:
    """A layer of no practice: the service does not start on it, since nobody would go by its rules."""
    practices = [one.stem for one in settings.practices.glob("*.yaml")]
    if path.stem not in practices:
        nobody = told("layer_of_nobody", name=path.stem, hint=hint(path.stem, practices))
        yield fault_at(str(path), 0, 0, nobody)


def _unreachable(book: Book, path: Path, settings: Settings) -> Iterator[Fault]:
    """A telephone that the practice does not have."""
    if book.reaches and (settings.practices / path.name).is_file():
        # Its telephones are worth a second of imports only where a rule names one.
        from voicebot.adapters import practice_yaml

        try:
            targets = [one.id for one in practice_yaml.load(settings.practices / path.name).targets]
        except FaultyFile:
            return
        for target, where in book.reaches:
            if target not in targets:
                yield where.fault(told("reach_unknown", name=target, hint=hint(target, targets)))


def _summary(folder: Path, book: Book) -> Iterator[Told]:
    yield told("check_rules", path=str(folder), count=len(book.written))
    sourceless = [one.rule.id for one in book.written.values() if not one.rule.source]
    unreviewed = [one.rule.id for one in book.written.values() if not one.rule.reviewed_by]
    untested = [id_ for id_, one in book.written.items() if not (one.examples and one.counter_examples)]
    for name, ids in (("source", sourceless), ("review", unreviewed), ("examples", untested)):
        if ids:
            named = ", ".join(ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
            yield told(f"check_no_{name}", count=len(ids), of=len(book.written), rules=named)
