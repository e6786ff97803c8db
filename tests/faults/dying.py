"""Runs journeys again and again and kills them (-9) at their moments: `FOLDER EVERY JOURNEY EVERY JOURNEY…`.

A moment is "after commit N" (every write to the journal, the agenda or the tickets; before one is after the
last) or "after words N" (a sentence was just given to the voice). What the caller was told, and whom we rang,
is in a file that outlives the process. Forks from a process that has read everything once. A journey whose
name begins with "!" is triaged by the real rules, the others by none.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.fakes import NoReader
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.app.simulation import journeys
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.playing import House, open_house, play
from voicebot.domain.triage.rules import Rules
from voicebot.settings import Settings


class Moments:
    """Counts what happens from the first journal entry on; kills this process when `dies` comes."""

    def __init__(self, dies: str, told: Path) -> None:
        self.dies, self.begun = dies, False
        self.commits = self.words = 0
        self.told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def at(self, moment: str) -> None:
        if moment == self.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, what: str, text: str) -> None:
        os.write(self.told, f"{what} {text}\n".encode())

    def watch(self) -> None:
        """Put ourselves between the conversation and its world."""
        commit, append = Database._commit, SqlJournal.append
        say, transfer = ScriptedCaller.say, ScriptedCaller.transfer

        async def committing(database, connection):
            if not self.begun:
                await commit(database, connection)
                return
            await commit(database, connection)
            self.commits += 1
            self.at(f"after commit {self.commits}")

        async def appending(journal, *args):
            self.begun = True
            await append(journal, *args)

        async def saying(caller, clauses, **how):
            await say(caller, clauses, **how)
            self.tell("said", " ".join(clauses))
            self.words += 1
            self.at(f"after words {self.words}")

        async def transferring(caller, wanted):
            self.tell("rang", wanted.level or "yes")
            return await transfer(caller, wanted)

        Database._commit, SqlJournal.append = committing, appending
        ScriptedCaller.say, ScriptedCaller.transfer = saying, transferring


def run(journey: journeys.Journey, house: House, folder: Path, dies: str) -> int:
    """In a child: the exit status, and in `folder` what is left."""
    folder.mkdir(parents=True)
    child = os.fork()
    if not child:
        status = 1
        try:
            moments = Moments(dies, folder / "told")
            moments.watch()
            asyncio.run(play(journey, house, folder))
            (folder / "counted").write_text(json.dumps([moments.commits, moments.words]))
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


def moments_of(counted: Path, every: int) -> Iterator[str]:
    commits, words = json.loads(counted.read_text())
    found = [f"after commit {n}" for n in range(1, commits + 1)]
    found += [f"after words {n}" for n in range(1, words + 1)]
    yield from found[::every]


async def read_all(folder: Path) -> tuple[House, House]:
    real = await open_house(folder, Settings())
    return real, replace(real, rules=Rules(), reader=NoReader())


def main(folder: Path, sampled: list[tuple[int, str]]) -> None:
    with asyncio.Runner() as runner:
        real, fast = runner.run(read_all(folder))
    by_name = {journey.name: journey for journey in journeys.load()}
    for every, name in sampled:
        journey, own = by_name[name.removeprefix("!")], folder / "calls" / name
        house = real if name.startswith("!") else fast
        assert run(journey, house, own / "whole", "never") == 0, name
        for moment in moments_of(own / "whole" / "counted", every):
            status = run(journey, house, own / moment, moment)
            assert status == signal.SIGKILL, (name, moment, status)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]), [(int(every), name) for every, name in zip(*[iter(sys.argv[2:])] * 2, strict=True)]
    )
