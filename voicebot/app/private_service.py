"""A service of one's own, as a process: for `voicebot call`, `voicebot bench` and the tests.

It answers on a free port of this machine, keeps its records in a folder that is thrown away, and shares only
the cache of models and clips.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from voicebot.errors import Unavailable
from voicebot.settings import Settings

START_S = 120.0
"""Loading the models takes seconds; on a machine busy with something else, many."""
STOP_S = 15.0
"""For calls in progress to say their last writes."""
LOOK_S = 0.2
ADDRESS = re.compile(r"(https?://[^\s/]+)/direct")
PREPARED = re.compile(r"Phrases prêtes d'avance : (\d+) / (\d+)")


@dataclass(frozen=True)
class PrivateService:
    """A running one. `url` has no slash at its end; `said` is what it has printed so far."""

    url: str
    pid: int
    said: Callable[[], str]

    def prepared(self) -> tuple[int, int] | None:
        """(ready, of) phrases rendered beforehand, once it has told."""
        told = PREPARED.findall(self.said())
        return (int(told[-1][0]), int(told[-1][1])) if told else None


@contextmanager
def private_service(settings: Settings, start_s: float = START_S) -> Iterator[PrivateService]:
    """Started with these settings but for port, address, records and certificate; stopped at the end.

    Raises Unavailable, with what it printed last, when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="voicebot-") as folder:
        own = replace(settings, host="127.0.0.1", port=0, tls_cert="", tls_key="", database_url="")
        log = Path(folder) / "log"
        environment = environment_of(replace(own, state=Path(folder) / "state"))
        with log.open("w", encoding="utf8") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "voicebot", "run"], env=environment, stdout=out, stderr=out
            )
        try:
            said = lambda: log.read_text(encoding="utf8", errors="replace")  # noqa: E731
            yield PrivateService(_address(process, said, start_s), process.pid, said)
        finally:
            _stop(process)


def environment_of(settings: Settings) -> dict[str, str]:
    """What we inherited, with exactly these settings."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    ours = {f"VOICEBOT_{f.name.upper()}": str(getattr(settings, f.name)) for f in fields(settings)}
    return others | ours


def _address(process: "subprocess.Popen[bytes]", said: Callable[[], str], start_s: float) -> str:
    deadline = time.monotonic() + start_s
    while process.poll() is None and time.monotonic() < deadline:
        if found := ADDRESS.search(said()):
            return found[1]
        time.sleep(LOOK_S)
    last = "\n".join(said().strip().splitlines()[-5:])
    raise Unavailable(f"the service did not start; it said last:\n{last}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
