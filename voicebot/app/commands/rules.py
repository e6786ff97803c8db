"""The urgency rules: check them, ask why they spoke, try them on past calls, sign them."""

import argparse
import importlib

from voicebot.settings import Settings

VERBS = {
    "check": "every mistake at once, examples tried",
    "explain": "what they make of a sentence, and why",
    "schema": "what editors need to help while rules are written",
    "sign": "an immutable version with author, time and hash",
    "versions": "what was signed, and whether it still is as it was",
    "replay": "past calls on changed rules",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and that verb's own arguments."""
    verbs = "; ".join(f"{name}: {what}" for name, what in VERBS.items())
    parser.add_argument("verb", choices=VERBS, help=verbs)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="see `voicebot rules VERB --help`")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """That verb's exit code. Its module is imported only when asked for."""
    module = importlib.import_module(f"voicebot.app.commands.rules_{args.verb}")
    parser = argparse.ArgumentParser(prog=f"voicebot rules {args.verb}", description=module.__doc__)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(args.rest), settings))
