"""The command line: `voicebot SUBCOMMAND`. A command's module is imported only when asked for."""

import argparse
import importlib
import os
import sys

from voicebot import processor
from voicebot.errors import Faulty
from voicebot.settings import load

COMMANDS = {
    "run": "answer calls",
    "models": "fetch and check the speech models",
    "understand": "one utterance a line in, one JSON object a line out",
    "call": "place a call with a WAV file or a sentence, without a browser",
    "bench": "measure the service from outside",
    "simulate": "whole calls by invented callers, and where they were lost",
    "evaluate": "how well urgency is noticed and wishes are understood: labelled sentences",
    "asterisk": "the telephone exchange: its configuration, telephones and recordings",
    "rules": "the urgency rules: check, sign, replay past calls",
    "check": "check practice, rules and prompts files",
}


def main() -> int:
    """Run one subcommand. Exit code 2: a person has something to mend, and was told what."""
    parser = argparse.ArgumentParser(prog="voicebot", description=__doc__)
    parser.add_argument("command", choices=COMMANDS, help="; ".join(f"{k}: {v}" for k, v in COMMANDS.items()))
    name = parser.parse_args(sys.argv[1:2]).command
    processor.tune(os.environ, processor.flags())
    module = importlib.import_module(f"voicebot.app.commands.{name}")
    sub = argparse.ArgumentParser(prog=f"voicebot {name}", description=module.__doc__)
    module.add_arguments(sub)
    try:
        return int(module.run(sub.parse_args(sys.argv[2:]), load(os.environ)))
    except Faulty as fault:
        print(fault, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, BrokenPipeError):
        return 130


if __name__ == "__main__":
    sys.exit(main())
