"""Fetch or check the speech models."""

import argparse
import sys
import time
from collections.abc import Callable

from voicebot.adapters import models
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`fetch` or `check`."""
    parser.add_argument(
        "action", choices=("fetch", "check"), help="fetch: make all present; check: only look"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 when every model is there and right. Raises FaultyModel."""
    if args.action == "fetch":
        started = time.monotonic()
        wrong = models.fetch(settings.cache, show(), models.wanted(settings.whisper))
        for fault in wrong:
            if not fault.endswith(": missing"):
                print(f"mended  {fault}")
        print(f"{'fetched' if wrong else 'complete already'} in {time.monotonic() - started:.0f} s")
    located = models.locate(settings)
    print(f"hearing   {located.whisper}\nspeaking  {located.kokoro}")
    if args.action == "fetch" and settings.whisper == "base":
        print(models.BETTER)
    return 0


def show() -> Callable[[str, float], None]:
    """A progress that rewrites one line on a terminal, and writes one line a step elsewhere."""

    def on_terminal(what: str, done: float) -> None:
        print(f"\r\x1b[K{done:5.0%}  {what}", end="\n" if done >= 1 else "", flush=True)

    def elsewhere(what: str, done: float) -> None:
        if done >= 1:
            print(f"{done:5.0%}  {what}", flush=True)

    return on_terminal if sys.stdout.isatty() else elsewhere
