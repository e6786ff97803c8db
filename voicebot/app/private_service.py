"""A service of one's own, as a process: for `voicebot call`, `voicebot bench` and the tests.

It answers on a free port of this machine, keeps its records in a folder that is thrown away, and shares only
the cache of models and clips.
"""

import os
import re
import signal
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
"""Between two lines that it prints while it starts: loading models, rendering the first phrases."""
STOP_S = 15.0
"""For calls in progress to say their last writes."""
LOOK_S = 0.2
ADDRESS = re.compile(r"(https?://[^\s/]+)/direct")
UP = "Prêt."
PREPARED = re.compile(r"Phrases prêtes d'avance : (\d+) / (\d+)")


@dataclass(frozen=True)
class PrivateService:
    """A running one. `url` has no slash at its end; `said` is what it has printed so far."""

    url: str
    pid: int
    said: Callable[[], str]

    def prepared(self) -> tuple[int, int] | None:
        """(ready, of) of all that is rendered beforehand, once it has told; see `progress_of`."""
        return progress_of(self.said())


@contextmanager
def private_service(settings: Settings, start_s: float = START_S) -> Iterator[PrivateService]:
    """Started with these settings but for port, address, records and certificate; stopped at the end.

    Raises Unavailable, with what it printed last, when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="voicebot-") as folder:
        own = replace(
            settings, host="127.0.0.1", port=0, tls_cert="", tls_key="", database_url="", redis_url=""
        )
        # A rehearsal wakes nobody, and leaves the cache it shares as it is.
        own = replace(own, pager_webhook_url="", pager_email_to="", telephone="no", clips_days=100 * 365)
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


def progress_of(said: str) -> tuple[int, int] | None:
    """(ready, of) from what a service has printed. It renders the indispensable first, before it is up, and
    counts them alone; what it counts afterwards is all."""
    told = [(int(ready), int(of)) for ready, of in PREPARED.findall(said)]
    everything = max((of for _, of in told), default=0)
    only_the_first = all(of == everything for _, of in told) and not PREPARED.search(said.partition(UP)[2])
    return None if only_the_first else max(pair for pair in told if pair[1] == everything)


def environment_of(settings: Settings) -> dict[str, str]:
    """What we inherited, with exactly these settings."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    ours = {f"VOICEBOT_{f.name.upper()}": str(getattr(settings, f.name)) for f in fields(settings)}
    return others | ours


def _address(process: "subprocess.Popen[bytes]", said: Callable[[], str], start_s: float) -> str:
    deadline, before = time.monotonic() + start_s, ""
    while process.poll() is None and time.monotonic() < deadline:
        now = said()
        if found := ADDRESS.search(now):
            return found[1]
        if now != before:
            deadline, before = time.monotonic() + start_s, now
        time.sleep(LOOK_S)
    last = "\n".join(said().strip().splitlines()[-5:])
    raise Unavailable(f"the service did not start; it said last:\n{last}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)  # SIGTERM would let a call go on for minutes
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
