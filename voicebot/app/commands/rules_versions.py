"""The signed versions of the rules, and whether anybody touched them since."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from voicebot.app import rule_versions
from voicebot.app.rule_versions import Chain
from voicebot.errors import Faulty
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--export`."""
    told = "write the exact files of version N into a new folder"
    parser.add_argument("--export", nargs=2, metavar=("N", "FOLDER"), help=told)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0; 2 when the chain does not hold. Raises Faulty for a version or a folder that will not do."""
    chain = rule_versions.read(settings.state / rule_versions.FOLDER)
    if args.export:
        print(_exported(chain, *args.export))
        return 0
    for line in listed(chain):
        print(line)
    for sentence in chain.damage:
        print(sentence, file=sys.stderr)
    return 2 if chain.damage else 0


def listed(chain: Chain) -> Iterator[str]:
    """One line a version, oldest first, in French."""
    if not chain.versions and not chain.damage:
        yield "Aucune version signée : « voicebot rules sign --by … » signe celle qui est en service."
    for each in chain.versions:
        at, whose = f"{each.at.astimezone():%d/%m/%Y %H:%M}", each.practice or "tous les cabinets"
        versions = ", ".join(sorted(set(each.rules.values())))
        yield f"{each.position}  {at}  {each.by}  ({whose})  règles {versions}  {each.hash}"
    if chain.versions and not chain.damage:
        yield f"La suite est intacte ({len(chain.versions)})."


def _exported(chain: Chain, number: str, folder: str) -> str:
    chosen = next((each for each in chain.versions if str(each.position) == number), None)
    target = Path(folder)
    if chosen is None:
        raise Faulty(f"Il n'y a pas de version {number} (connues : 1 à {len(chain.versions)}).")
    if target.exists() and any(target.iterdir()):
        raise Faulty(f"{folder} : ce dossier n'est pas vide.")
    rule_versions.written(chosen.texts, target)
    return f"Version {chosen.position} de {chosen.by} : {len(chosen.texts)} fichiers dans {folder}"
