"""Answer calls until Ctrl-C, or SIGTERM: then the calls in progress may end first."""

import argparse
import asyncio
import fcntl
import gc
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicebot.app import vendor
from voicebot.app.server import serving, tls
from voicebot.app.wiring import service
from voicebot.errors import Faulty, Unavailable
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: everything is a setting."""


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 after a clean stop. Raises Faulty when something to be mended keeps it from starting."""
    require_address(settings)
    vendor.require()
    tls(settings)
    try:
        with alone(settings.state):
            asyncio.run(_serve(settings))
    except Unavailable as error:
        raise _unstartable(error) from error
    except BaseExceptionGroup as group:  # what happens inside the service comes out of its task group
        known, other = group.split((Faulty, Unavailable))
        if known is None or other is not None:
            raise
        raise Faulty("\n".join(str(_unstartable(error)) for error in _leaves(known))) from group
    return 0


def require_address(settings: Settings) -> None:
    """Raises Faulty if nobody can listen there: known at once, not after the models are loaded."""
    try:
        found = socket.getaddrinfo(settings.host or None, settings.port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found[:1]:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen()
    except OSError as wrong:
        raise Faulty(
            f"VOICEBOT_HOST={settings.host!r}, VOICEBOT_PORT={settings.port} : impossible d'écouter à cette "
            f"adresse ({wrong.strerror}). Le service tourne peut-être déjà ; sinon, choisissez un autre port."
        ) from wrong


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Raises Faulty if another service keeps its records there: each would close the other's calls."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Faulty(
                f"VOICEBOT_STATE={str(state)!r} : un autre service y tient déjà ses données. Arrêtez-le, "
                "ou donnez un autre dossier à celui-ci."
            ) from None
        yield


async def _serve(settings: Settings) -> None:
    stop, drain = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    loop.add_signal_handler(signal.SIGTERM, drain.set)
    async with service(settings, _tell) as running, serving(running, settings) as url:
        for practice in running.practices().values():
            title = f"{practice.name} ({practice.id})" if practice.variant_of else practice.name
            _tell(f"{title} : {url}/appel/{practice.id}")
        _tell(f"Appels en cours, agenda, tickets : {url}/direct")
        # What lives as long as the service is not looked through for garbage again: 0.17 s each time (300,000
        # objects), in which nobody is heard or spoken to.
        gc.collect()
        gc.freeze()
        _tell("Prêt. Ctrl-C pour arrêter.")
        if await _first(stop, drain) is drain:
            _tell("Plus aucun nouvel appel ; ceux en cours se terminent. Ctrl-C pour ne pas attendre.")
            draining = asyncio.ensure_future(running.drain())
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({draining, stopping}, return_when=asyncio.FIRST_COMPLETED)
            draining.cancel()
            stopping.cancel()
        _tell("Arrêt…")


async def _first(*events: asyncio.Event) -> asyncio.Event:
    """The one that is set first."""
    tasks = {asyncio.create_task(event.wait()): event for event in events}
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    return tasks[done.pop()]


def _unstartable(error: BaseException) -> Faulty:
    if isinstance(error, Faulty):
        return error
    return Faulty(f"Le service ne peut pas démarrer : {error}")


def _leaves(group: BaseExceptionGroup) -> list[BaseException]:
    nested = (_leaves(e) if isinstance(e, BaseExceptionGroup) else [e] for e in group.exceptions)
    return [leaf for leaves in nested for leaf in leaves]


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
