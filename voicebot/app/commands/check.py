"""Check practice, rules and prompts files: every mistake at once, where it stands and how to mend it.

With --chain: place a call through the running service and tell what works, as a caller would find it.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from voicebot.adapters import llm_openai, practice_yaml, prompts_yaml, yaml_source
from voicebot.adapters.sentences import written
from voicebot.app import chain, demo, llm_trial, switchboard
from voicebot.app.commands import rules_check
from voicebot.app.commands.carets import shown
from voicebot.errors import Fault, Faulty, FaultyFile, Unavailable
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders; none = everything the service would load."""
    add = parser.add_argument
    add("path", nargs="*", type=Path, help="default: practices, rules and prompts in force")
    add(
        "--chain",
        action="store_true",
        help="after the files, place a loop-back call through the running service",
    )
    add("--practice", default="demo", help="id of the practice that --chain calls")
    add("--url", default="", help="where --chain calls; default: the service on this machine")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0, or 2 after printing every fault of every file; 1 when a link of the chain does not hold."""
    wrong: list[Fault | str] = []
    for path in args.path or (settings.practices, settings.rules, settings.prompts):
        try:
            for sentence in check(path, settings):
                print(sentence)
        except FaultyFile as error:
            wrong += error.faults
        except Faulty as error:
            wrong.append(str(error))
    for fault in dict.fromkeys(wrong):
        print(shown(fault) if isinstance(fault, Fault) else fault, file=sys.stderr)
    if wrong:
        return 2
    if not args.path and settings.llm_url and not asyncio.run(_reads(settings)):
        return 1
    return 0 if not args.chain or asyncio.run(_chain(args, settings)) else 1


async def _reads(settings: Settings) -> bool:
    """Whether the language model answers, tried with invented words."""
    try:
        reasoner = llm_openai.configured(settings)
        assert reasoner is not None
        try:
            answers = await llm_trial.told(reasoner, practice_yaml.load_all(settings.practices))
        finally:
            await reasoner.close()
    except (Faulty, Unavailable) as error:
        return _told(chain.Link(False, f"Modèle de langue : {error}"))
    return _told(chain.Link(True, answers))


async def _chain(args: argparse.Namespace, settings: Settings) -> bool:
    """Whether every link holds; each is printed as soon as it is known."""
    said = await asyncio.to_thread(chain.question, settings)
    holds = True
    async for link in chain.web((args.url or chain.address(settings)).rstrip("/"), args.practice, said):
        holds = _told(link) and holds
    for number in _answered(args.practice, settings) if holds and not args.url else ():
        async for link in chain.telephone(switchboard.ami_address(settings), number):
            holds = _told(link) and holds
    return holds


def _told(link: chain.Link) -> bool:
    print(f"{'✓' if link.holds else '✗'} {link.sentence}", flush=True)
    return link.holds


def _answered(practice: str, settings: Settings) -> tuple[str, ...]:
    """The practice's numbers that the voice answers first; none where there is no telephone."""
    called = practice_yaml.load_all(settings.practices).get(practice)
    if called is None or settings.telephone == "no":
        return ()
    return tuple(number.e164 for number in called.numbers if number.first == "voice")


def check(path: Path, settings: Settings) -> Iterator[str]:
    """What was found in order, in French. Raises Faulty with the rest."""
    if path.resolve() == settings.prompts.resolve():
        prompts_yaml.load(path)
        yield f"{path} : phrases en ordre"
    elif path.resolve() == settings.rules.resolve() or rules_check.of_rules(path):
        found = rules_check.inspect(path, settings)
        for warning in found.warnings:
            print(shown(warning), file=sys.stderr)
        if found.faults:
            raise FaultyFile(found.faults)
        yield from map(written, rules_check.told_of(found))
    elif path.resolve().parent.name == demo.FOLDER:
        yaml_source.read(path, demo.PatientsSection)
        yield f"{path} : patients inventés en ordre"
    else:
        practices = practice_yaml.load_all(path).values() if path.is_dir() else [practice_yaml.load(path)]
        for practice in practices:
            doctors, motifs = len(practice.doctors), len(practice.motifs)
            yield f"{practice.id} : {practice.name}, {doctors} agendas, {motifs} motifs, en ordre"
