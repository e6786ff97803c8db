"""Sign the rules as they are: who, when and the exact files, kept for good, in a chain that shows any change.

All is checked first, examples and counter-examples too; what changed since the last signature is shown.
"""

import argparse
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.adapters.rules_yaml import LAYERS
from voicebot.app import rule_versions
from voicebot.app.commands.carets import shown
from voicebot.app.commands.rules_check import inspect
from voicebot.app.rule_changes import Texts, changes
from voicebot.app.rule_versions import Version
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Faulty
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--by`, `--practice`, PATH, `--show`."""
    add = parser.add_argument
    add("--by", required=True, metavar="NAME", help='who signs, e.g. "Dr Moreau"')
    add("--practice", default="", help="id; default: for every practice of this service")
    add("path", nargs="?", type=Path, help="the rules' folder; default: the one in service")
    add("--show", action="store_true", help="only check and show what changed; sign nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 once it is on disk. Raises Faulty: no name, no such practice, faults, or examples that fail."""
    by, folder = " ".join(args.by.split()), args.path or settings.rules
    if not by:
        raise Faulty("--by : écrivez le nom de qui signe, par exemple --by « Dr Moreau ».")
    known = practice_yaml.load_all(settings.practices)
    if args.practice and args.practice not in known:
        raise Faulty(f"cabinet inconnu : {args.practice} (connus : {', '.join(sorted(known))})")
    if not folder.is_dir():
        raise Faulty(f"{folder} : donnez le dossier des règles, pas un fichier : on les signe ensemble.")
    texts = _texts(folder, args.practice)
    practices = (args.practice,) if args.practice else tuple(known)
    _checked(folder, practices, settings)
    rules = _loaded(folder, practices)
    if _texts(folder, args.practice) != texts:
        raise Faulty("Ces fichiers viennent de changer : relisez-les, puis recommencez. Rien n'est signé.")
    kept = settings.state / rule_versions.FOLDER
    last = _last(rule_versions.read(kept).versions, args.practice)
    for line in since(last, texts):
        print(line)
    if last and last.texts == texts and last.by == by:
        print("Ces règles sont déjà signées, par la même personne : rien à faire.")
        return 0
    if args.show:
        return 0
    versions = {practice: book.version for practice, book in rules.items()}
    signed = rule_versions.sign(kept, by, datetime.now(UTC), args.practice, texts, versions)
    for line in receipt(signed, len(next(iter(rules.values())).rules)):
        print(line)
    return 0


def since(last: Version | None, texts: Texts) -> Iterator[str]:
    """What changed since the last signature, rule by rule, in French."""
    if last is None:
        yield f"Première signature : {len(texts)} fichiers."
        return
    yield f"Depuis la version {last.position}, signée par {last.by} le {_when(last)} :"
    found = changes(last.texts, texts)
    yield from (f"  {change}" for change in found)
    if not found:
        yield "  rien n'a changé" if last.texts == texts else "  rien que la présentation"


def receipt(signed: Version, rules: int) -> Iterator[str]:
    """What was signed, and what to keep of it."""
    whose = f"le cabinet {signed.practice}" if signed.practice else "tous les cabinets"
    yield (
        f"Version {signed.position} signée par {signed.by} le {_when(signed)}, "
        f"pour {whose} : {rules} règles, {len(signed.texts)} fichiers."
    )
    yield f"Empreinte, à noter ailleurs pour pouvoir le prouver : {signed.hash}"
    yield "Le service la reconnaît de lui-même ; les appels en cours gardent la leur."


def _texts(folder: Path, practice: str) -> Texts:
    texts = rule_versions.texts_of(folder)
    return rule_versions.concerning(texts, practice) if practice else texts


def _checked(folder: Path, practices: Collection[str], settings: Settings) -> None:
    """Raises Faulty with all that `rules check` would say of what these practices' calls go through."""
    others = [str(path) for path in (folder / LAYERS).glob("*.yaml") if path.stem not in practices]
    faults = [fault for fault in inspect(folder, settings).faults if fault.file not in others]
    if faults:
        told = (*(shown(fault) for fault in faults), "Rien n'est signé : corrigez d'abord ce qui précède.")
        raise Faulty("\n".join(told))


def _loaded(folder: Path, practices: Collection[str]) -> Mapping[str, Rules]:
    """Each practice's rules as they will be once signed, "" for what is shipped. Raises FaultyFile."""
    shipped = rules_yaml.load_book(folder)
    layers = [path for path in sorted((folder / LAYERS).glob("*.yaml")) if path.stem in practices]
    layered = rules_yaml.load_layers(shipped, layers, lambda _: True)
    return {"": shipped.rules, **{practice: book.rules for practice, book in layered.items()}}


def _last(versions: tuple[Version, ...], practice: str) -> Version | None:
    """The last one signed for the same practice or for all, as far as it concerns what is signed now."""
    found = next((version for version in reversed(versions) if version.practice in ("", practice)), None)
    return replace(found, texts=found.texts_of(practice)) if found and practice else found


def _when(version: Version) -> str:
    return f"{version.at.astimezone():%d/%m/%Y à %H:%M}"
