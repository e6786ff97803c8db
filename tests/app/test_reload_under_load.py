"""Rules that change all the time while calls go on: every call sees one version, from its first word to its
last, and what is written badly or is still being written is no version at all."""

import asyncio
import itertools
import re
import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from tests.fakes import NoReader
from voicebot.app import books
from voicebot.app.books import Shelf
from voicebot.app.simulation.caller import ScriptedCaller
from voicebot.app.simulation.clock import VirtualClock
from voicebot.app.simulation.playing import until_over
from voicebot.conversation import Conversation, Ports
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.events import Started
from voicebot.settings import Settings

SHIPPED = Settings()
VERSION = """
rules:
  - id: poitrine_{n}
    title: Douleur dans la poitrine
    level: emergency
    question: Est-ce que la version {n} vous serre la poitrine ?
    words: [mal à la poitrine]
    when:
      - {{all: [« gêne », « poitrine »], ask: true}}
"""
SHIPPED_RULE = "rules: [{id: genou, title: Genou, level: urgent, words: [genou bloqué]}]\n"
CALLER = ("bonjour", "j'ai une gêne dans la poitrine", "non", "euh", "j'ai mal à la poitrine", "d'accord")
RELOADS, AT_ONCE = 5, 4


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(books, "LOOK_S", 0.01)
    for name in ("practices", "rules"):
        (tmp_path / name).mkdir()
    shutil.copy(SHIPPED.practices / "demo.yaml", tmp_path / "practices")
    (tmp_path / "rules" / "practices").mkdir()
    (tmp_path / "rules" / "shipped.yaml").write_text(SHIPPED_RULE, encoding="utf8")
    return replace(SHIPPED, practices=tmp_path / "practices", rules=tmp_path / "rules")


def write(path, n):
    path.write_text(VERSION.format(n=n), encoding="utf8")


@dataclass
class Records:
    """A journal and tickets that keep nothing but the first event."""

    started: list[Started] = field(default_factory=list)

    async def append(self, practice, call, position, event):
        if isinstance(event, Started):
            self.started.append(event)

    async def save(self, practice, call, ticket, now):
        pass


@dataclass
class Seen:
    """`conversation.Watcher`: which rules spoke, and the version in force at each event."""

    rules: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)

    def happened(self, event, state):
        self.rules |= {evidence.rule for evidence in state.verdict.evidence}
        self.versions.add(state.setting.rules.version)

    def said(self, words):
        pass


async def call(shelf):
    """One text call on the books in force when it begins: (rules that spoke, versions, what was asked)."""
    in_force, records, seen = shelf.books, Records(), Seen()
    practice = in_force.practices["demo"]
    clock = VirtualClock(datetime(2026, 12, 1, 9, tzinfo=practice.zone))
    caller = ScriptedCaller(clock, CALLER)
    state = State(Setting(practice, in_force.rules_of("demo")), "call")
    talk = Conversation(
        state, Ports(None, records, records, NoReader()), caller, in_force.phrases, clock, seen
    )
    caller.conversation = talk
    talk.hear(Started(clock.now(), "text"))
    await until_over(talk, clock)
    (started,) = records.started
    asked = set(re.findall(r"version (\d+) vous serre", " ".join(caller.heard)))
    return seen.rules, seen.versions | {started.rules}, asked


@pytest.mark.parametrize("changed", ["own.yaml", "practices/demo.yaml"])
async def test_whatever_is_reloaded_a_call_goes_through_one_version_of_the_rules(settings, changed):
    told, finished, over = asyncio.Queue(), [], asyncio.Event()
    file = settings.rules / changed
    write(file, 0)
    shelf = Shelf(settings, told.put_nowait)

    async def callers():
        while not over.is_set():
            finished.append(await call(shelf))

    async def author():
        for n in range(1, RELOADS + 1):
            write(file, n)
            assert "Fichiers relus" in await told.get()
            good = shelf.books
            file.write_text("rules: [", encoding="utf8")
            assert "reste en service" in await told.get()
            assert shelf.books is good
        over.set()

    watching = asyncio.create_task(shelf.watch())
    async with asyncio.timeout(60):
        await asyncio.gather(author(), *(callers() for _ in range(AT_ONCE)))
    watching.cancel()

    for rules, versions, asked in finished:
        (rule,) = rules
        assert asked == {rule.removeprefix("poitrine_")}, "the question and the emergency are of one version"
        assert len(versions) == 1, "and so is what the journal says"
    by_version = {next(iter(versions)): next(iter(rules)) for rules, versions, _ in finished}
    assert len(by_version) == len(set(by_version.values())) > RELOADS / 2, "many versions were called through"


async def test_a_file_written_to_while_it_is_read_is_no_version(settings, monkeypatch):
    told, file = asyncio.Queue(), settings.rules / "own.yaml"
    write(file, 0)
    shelf = Shelf(settings, told.put_nowait)
    reads, sizes = [], itertools.count(2)

    def read_while_somebody_saves(settings):
        reads.append(books_read(settings))
        if len(reads) < 3:
            write(file, 10 ** next(sizes))
        return reads[-1]

    books_read = books.read
    monkeypatch.setattr(books, "read", read_while_somebody_saves)
    write(file, 1)
    watching = asyncio.create_task(shelf.watch())
    async with asyncio.timeout(30):
        assert "Fichiers relus" in await told.get()
    watching.cancel()
    assert shelf.books is reads[2]
    assert [rule.id for rule in shelf.books.rules_of("demo").rules] == ["poitrine_1000", "genou"]
    assert told.empty()
