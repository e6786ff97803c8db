"""What is too long for every run: `python -m tests.soak [--minutes N]`; writes reports/soak-DATE.md.

Every moment of every killed journey, hundreds of random calls, and minutes of calls in real sound to the real
service, whose memory must not grow.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from telephony.web_caller import connect
from tests.pump import pump
from voicebot.adapters import models
from voicebot.app import callers
from voicebot.app.private_service import PrivateService, private_service
from voicebot.errors import Faulty, Unavailable
from voicebot.ports import Heard
from voicebot.settings import Settings

ROOT = Path(__file__).parent.parent
REPORTS = ROOT / "reports"
RANDOM_CALLS = 300
AT_ONCE = 2
TURNS = 3
TALK_S = 45.0
"""How long a soaking caller stays."""
GROWTH = 1.10
"""Resident memory after, over what it was after the first tenth; more is a leak."""
SPEECH_LEVEL = 300
"""A sample this loud is our voice, not the silence between."""


@dataclass(frozen=True)
class Part:
    """One line of the report."""

    name: str
    ok: bool
    seconds: float
    told: str


def tests(name: str, path: str, **environment: str) -> Part:
    """A test file with its sampling turned off."""
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--tb=short", path],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    lines = run.stdout.strip().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "E  "))]
    told = "\n".join([*failed[:20], *lines[-1:]])
    return Part(name, run.returncode == 0, time.monotonic() - began, told)


def callers_heard() -> Part:
    """Sixty callers heard over a telephone, as many right as is aimed at; the page is in reports/."""
    began = time.monotonic()
    REPORTS.mkdir(exist_ok=True)
    made = REPORTS / "simulated.json"
    command = [sys.executable, "-m", "voicebot", "simulate", "--audio", "--json", str(made)]
    page = ["--html", str(REPORTS / "simulated.html")]
    made.unlink(missing_ok=True)
    run = subprocess.run([*command, *page], cwd=ROOT, capture_output=True, text=True)
    ok = made.exists() and all(
        share["at_least"] is None or share["share"] >= share["at_least"]
        for share in json.loads(made.read_text(encoding="utf8"))["figures"].values()
    )
    told = "\n".join((run.stdout or run.stderr).strip().splitlines()[-12:])
    return Part("callers heard over a telephone", ok, time.monotonic() - began, told)


def calls_in_sound(minutes: float) -> Part:
    """Callers one after the other, two at once; each must hear our voice."""
    began = time.monotonic()
    try:
        models.locate(Settings())
    except Faulty as fault:
        return Part("calls in sound", True, 0.0, f"not run: {fault}")
    try:
        with private_service(Settings()) as service:
            ok, told = asyncio.run(_soak(service, minutes))
    except Unavailable as error:
        ok, told = False, str(error)
    return Part("calls in sound", ok, time.monotonic() - began, told)


async def _soak(service: PrivateService, minutes: float) -> tuple[bool, str]:
    began = time.monotonic()
    heard: list[bool] = []
    memory: list[int] = []

    studio = callers.Studio(Settings())

    async def one_after_the_other(seeds: Iterator[int]) -> None:
        for seed in seeds:
            if time.monotonic() - began > 60 * minutes:
                return
            call = [sentence for sentence, _ in callers.script(callers.sentences(), TURNS, seed)]
            spoken = await asyncio.to_thread(lambda c, s: [*callers.recordings(studio, c, s)], call, seed)
            heard.append(await _call(service.url, spoken))
            memory.append(_rss_mb(service.pid))

    await asyncio.gather(*(one_after_the_other(count(first, AT_ONCE)) for first in range(AT_ONCE)))
    settled = memory[len(memory) // 10]
    ok = all(heard) and memory[-1] <= settled * GROWTH and "Traceback" not in service.said()
    told = f"{len(heard)} calls, {heard.count(False)} in silence, {settled} MB then {memory[-1]} MB resident"
    return ok, told


async def _call(url: str, spoken: list[bytes]) -> bool:
    """Whether the caller heard anything."""
    try:
        line = await connect(f"{url}/api/call/demo")
    except Unavailable:
        return False
    loud, talking = False, asyncio.create_task(pump(line, spoken))
    try:
        async with asyncio.timeout(TALK_S):
            async for event in line.received():
                loud = loud or (isinstance(event, Heard) and _loud(event.pcm))
    except TimeoutError:
        pass
    finally:
        talking.cancel()
        await asyncio.wait({talking})
        await line.hang_up()
    return loud


def _loud(pcm: bytes) -> bool:
    samples = memoryview(pcm).cast("h")
    return max(map(abs, samples), default=0) > SPEECH_LEVEL


def _rss_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def report(parts: list[Part], began: datetime) -> Iterator[str]:
    """The report's lines, in Markdown."""
    yield f"# Soak of {began:%Y-%m-%d %H:%M} UTC"
    yield ""
    yield f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores."
    yield ""
    yield "| part | outcome | seconds |"
    yield "|---|---|---|"
    for part in parts:
        yield f"| {part.name} | {'ok' if part.ok else 'FAILED'} | {part.seconds:.0f} |"
    for part in parts:
        yield f"\n## {part.name}\n\n```\n{part.told}\n```"


def main() -> int:
    """Exit code 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="of calls in sound; 0 = none")
    parser.add_argument("--random-calls", type=int, default=RANDOM_CALLS, help="per property")
    wanted = parser.parse_args()
    began = datetime.now(UTC)
    random = {"RANDOM_CALLS": str(wanted.random_calls)}
    parts = [
        tests("every call killed at every moment", "tests/faults/test_killed.py", EVERY_MOMENT="1"),
        tests("random calls", "tests/domain/test_dialogue_properties.py", **random),
    ]
    if wanted.minutes:
        parts += [calls_in_sound(wanted.minutes), callers_heard()]
    REPORTS.mkdir(exist_ok=True)
    path = REPORTS / f"soak-{began:%Y-%m-%d}.md"
    path.write_text("\n".join(report(parts, began)) + "\n", encoding="utf8")
    print(path.read_text(encoding="utf8"))
    return 0 if all(part.ok for part in parts) else 1


if __name__ == "__main__":
    sys.exit(main())
