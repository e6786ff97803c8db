"""Answer calls until Ctrl-C."""

import argparse
import asyncio
import signal
import sys

from voicebot.app.server import serving
from voicebot.app.wiring import service
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything is a setting."""


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 after a clean stop."""
    asyncio.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with service(settings, _tell) as running, serving(running, settings) as url:
        for practice in running.practices().values():
            _tell(f"{practice.name} : {url}/appel/{practice.id}")
        _tell(f"Appels en cours, agenda, tickets : {url}/direct")
        _tell("Prêt. Ctrl-C pour arrêter.")
        await stop.wait()
        _tell("Arrêt…")


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
