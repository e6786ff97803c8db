"""Past calls on changed rules: the first decision that would have been another, and nothing invented."""

import argparse
import asyncio
import json
import logging
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from voicebot.adapters import rules_yaml
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import CallRecord, SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.app import books
from voicebot.app.commands import rules_replay, rules_sign
from voicebot.app.replay import Decision, replayed
from voicebot.domain.events import HungUp, PartlySaid, Said, Started, TurnRetracted, Unheard, Woke
from voicebot.domain.practice import Doctor, Practice
from voicebot.errors import Faulty, Unavailable
from voicebot.settings import Settings

SHIPPED = Settings()
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PRACTICE = Practice("demo", "Cabinet des Tilleuls", "01 99 00 47 12", doctors=(Doctor("moreau", "Moreau"),))
IN_FORCE = """
rules:
  - {id: poitrine, title: Poitrine, level: emergency, words: [mal à la poitrine], question: Là maintenant ?}
  - {id: fievre, title: Fièvre, level: urgent, words: [fièvre]}
"""
CHANGED = """
rules:
  - id: poitrine
    title: Poitrine
    level: emergency
    words: [mal à la poitrine, ça me serre]
    when: [{all: [« gêne », « thorax »], ask: true}]
    question: Là maintenant ?
"""


def rules(text, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.yaml").write_text(text, encoding="utf8")
    return rules_yaml.load(folder)


@pytest.fixture
def in_force(tmp_path):
    return rules(IN_FORCE, tmp_path / "in_force")


@pytest.fixture
def changed(tmp_path):
    return rules(CHANGED, tmp_path / "changed")


@dataclass
class Records:
    """Past calls, in memory; `broken`: journals that do not open."""

    events: dict[str, tuple] = field(default_factory=dict)
    objected: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    reads: list[str] = field(default_factory=list)

    async def calls(self, practice, since, limit):
        assert limit is None, "every call, not the newest only"
        return [
            CallRecord(
                *(practice, call, "phone", NOW, None if call in self.running else NOW, "caller"),
                objected=call in self.objected,
            )
            for call in reversed(self.events)
        ]

    async def read(self, practice, call):
        self.reads.append(call)
        if call in self.broken:
            raise Unavailable("a sealed value does not open")
        for event in self.events[call]:
            yield event


def said(*texts, rules=""):
    return (
        Started(NOW, "phone", rules=rules),
        *(text if not isinstance(text, str) else Said(NOW, text) for text in texts),
        HungUp(NOW, "caller"),
    )


async def replay(calls, in_force, changed, kept=lambda version: None, **more):
    records = Records({f"call-{n}": events for n, events in enumerate(calls)}, **more)
    return await replayed(records, PRACTICE, NOW, in_force, changed, kept)


async def one(events, in_force, changed):
    ((each),) = await replay([events], in_force, changed)
    return each


async def test_the_first_utterance_that_is_decided_otherwise_is_found(in_force, changed):
    call = said("bonjour", "ça me serre depuis ce matin", "j'ai mal à la poitrine")
    each = await one(call, in_force, changed)
    assert each.fate == "changed"
    assert each.divergence.utterance == 2
    assert each.divergence.words == "ça me serre depuis ce matin"
    assert each.divergence.before == Decision()
    assert each.divergence.after == Decision("emergency", "", "15", "poitrine")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("say: Composez le 15.", "dit : la phrase du numéro → « Composez le 15. »"),
        ("reach: moreau", "appelle d'abord : l’ordre du cabinet → moreau"),
        ("question: Et là ?", "question : « Là maintenant ? » → « Et là ? »"),
    ],
)
async def test_what_else_a_caller_would_have_noticed_is_a_divergence_too(changed, tmp_path, more, told):
    key = more.partition(":")[0]
    lines = [line for line in CHANGED.splitlines() if not line.strip().startswith(f"{key}:")]
    other = rules("\n".join((*lines, f"    {more}")), tmp_path / "other")
    call = said("j'ai une gêne dans le thorax" if key == "question" else "ça me serre")
    each = await one(call, changed, other)
    assert list(rules_replay.details(each.divergence.before, each.divergence.after)) == [told]


async def test_a_rule_that_is_gone_is_named_by_what_it_did(in_force, changed):
    each = await one(said("mon fils a de la fièvre"), in_force, changed)
    assert (each.divergence.rule, each.divergence.before.level, each.divergence.after.level) == (
        "fievre",
        "urgent",
        None,
    )


async def test_what_the_caller_would_have_answered_is_not_invented(in_force, changed):
    # On the changed rules they would have been asked; that they then ask for a letter is no answer to it.
    each = await one(said("une gêne au thorax", "je voudrais un certificat"), in_force, changed)
    assert (each.divergence.utterance, each.divergence.after.asked) == (1, "Là maintenant ?")


async def test_calls_decided_alike_are_the_same_and_another_reason_is_no_divergence(in_force, tmp_path):
    other = rules(IN_FORCE.replace("id: poitrine", "id: thorax"), tmp_path / "other")
    calls = [said("bonjour"), said("j'ai mal à la poitrine")]
    assert [each.fate for each in await replay(calls, in_force, other)] == ["same", "other_rule"]


async def test_an_utterance_that_was_taken_back_counts_once(in_force, changed):
    call = said("ça me", TurnRetracted(NOW), "euh", "ça me serre")
    assert (await one(call, in_force, changed)).divergence.utterance == 2


async def test_a_caller_who_hung_up_before_the_end_of_their_sentence_is_heard_too(in_force, changed):
    partial = [PartlySaid(NOW, "ça me serre"), PartlySaid(NOW, "ça me serre là")]
    assert (await one(said("bonjour", *partial), in_force, changed)).fate == "changed"
    finished = said("bonjour", *partial, Said(NOW, "ça me sert à rien"))
    assert (await one(finished, in_force, changed)).fate == "same"
    unclear = said("bonjour", *partial, Unheard(NOW, "unclear"))
    assert (await one(unclear, in_force, changed)).fate == "same"


async def test_silence_after_a_question_is_decided_as_it_was_in_the_call(changed, tmp_path):
    quiet = [Woke(NOW, "silence")] * 3
    milder = rules(CHANGED.replace("emergency", "urgent"), tmp_path / "milder")
    each = await one(said("une gêne au thorax", *quiet), changed, milder)
    assert (each.divergence.before.level, each.divergence.after.level) == ("emergency", "urgent")
    assert each.divergence.words == "une gêne au thorax"


async def test_words_that_are_not_there_any_more_are_counted_and_not_looked_for(in_force, changed):
    calls = [said("ça me serre")] * 4
    found = await replay(calls, in_force, changed, objected={"call-0"}, broken={"call-1"}, running={"call-2"})
    assert [each.fate for each in found] == ["objected", "unreadable", "running", "changed"]


async def test_a_journal_that_does_not_fold_any_more_stops_nobody_elses(in_force, changed, caplog):
    calls = [said("ça me serre, dit Odile", Said(NOW, None)), said("ça me serre")]
    with caplog.at_level(logging.DEBUG):
        found = await replay(calls, in_force, in_force)
    assert [each.fate for each in found] == ["unreadable", "same"]
    assert "a past call cannot be folded again: " in caplog.text
    assert "Odile" not in caplog.text


async def test_a_call_is_compared_with_the_rules_it_went_through(in_force, changed):
    was = replace(changed, version="of-then")
    calls = [
        said("ça me serre", rules="of-then"),
        said("ça me serre", rules="lost"),
        said("ça me serre", rules=in_force.version),
    ]
    found = await replay(calls, in_force, changed, {"of-then": was}.get)
    assert [(each.fate, each.as_then) for each in found] == [
        ("same", True),
        ("changed", False),
        ("changed", True),
    ]


# On a real journal, from the command line


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "practices").mkdir()
    shutil.copy(SHIPPED.practices / "demo.yaml", tmp_path / "practices")
    for name, text in (("rules", IN_FORCE), ("changed", CHANGED)):
        rules(text, tmp_path / name)
    folders = {name: tmp_path / name for name in ("practices", "rules", "state")}
    return replace(SHIPPED, **folders)


def record(settings, *calls, objects=()):
    """Calls a day apart, the last one today."""

    async def write():
        await migrate(settings.database)
        database = Database(settings.database)
        journal = SqlJournal(database, sealer(settings.state / "words.key"), lambda _: UTC)
        for n, events in enumerate(calls):
            begun = NOW - timedelta(days=len(calls) - n - 1)
            for position, event in enumerate(events):
                await journal.append("demo", f"call-{n}", position, replace(event, at=begun))
        for call in objects:
            await journal.forget("demo", call, NOW)
        await database.close()

    settings.state.mkdir(exist_ok=True)
    asyncio.run(write())


def command(settings, *arguments, rules="changed"):
    parser = argparse.ArgumentParser()
    rules_replay.add_arguments(parser)
    path = str(settings.rules.parent / rules)
    return rules_replay.run(
        parser.parse_args(["--since", "2026-11-01", "--rules", path, *arguments]), settings
    )


def snapshot(folder):
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def test_the_report_groups_by_rule_and_nothing_is_rewritten(settings, capsys, monkeypatch):
    record(
        settings,
        said("ça me serre"),
        said("bonjour", "ça me serre très fort"),
        said("il a de la fièvre"),
        said("bonjour"),
        said("ça me serre"),
        objects=("call-4",),
    )
    before = snapshot(settings.state)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert command(settings) == 0
    out = capsys.readouterr().out
    for line in (
        "Cabinet médical des Tilleuls (demo) : 5 appels depuis le dimanche 1er novembre 2026",
        "  1 décidés de même",
        "  3 décidés autrement",
        "  1 sans paroles (la personne refuse la transcription)",
        "poitrine : 2",
        "  17/11/2026, 10\xa0h\xa000, appel call-1, phrase 2",
        "    calme  →  urgence vitale, 15 [poitrine]",
        "    « ça me serre très fort »",
        "fievre : 1",
        "    urgent, jour même [fievre]  →  calme",
    ):
        assert line in out.splitlines(), line
    assert out.index("poitrine : 2") < out.index("fievre : 1")
    assert snapshot(settings.state) == before


def test_what_callers_said_goes_to_no_file(settings, capsys, caplog):
    record(settings, said("ça me serre très fort"))
    with caplog.at_level(logging.DEBUG):
        command(settings)
        command(settings, "--json")
    captured = capsys.readouterr()
    assert "très fort" not in captured.out + captured.err + caplog.text
    assert "Les paroles ne s'affichent que sur un terminal" in captured.out


def test_the_report_for_programs(settings, capsys):
    record(settings, said("ça me serre"), said("bonjour"))
    command(settings, "--json", "--practice", "demo")
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["practice"], report["calls"], report["same"], report["changed"]) == ("demo", 2, 1, 1)
    (call,) = report["rules"]["poitrine"]
    assert (call["call"], call["utterance"]) == ("call-0", 1)
    assert (call["before"]["level"], call["after"]["level"]) == (None, "emergency")


def test_only_calls_since_then(settings, capsys):
    record(settings, said("ça me serre"), said("ça me serre"), said("ça me serre"))
    parser = argparse.ArgumentParser()
    rules_replay.add_arguments(parser)
    changed = str(settings.rules.parent / "changed")
    arguments = ["--since", "2026-11-19", "--rules", changed, "--json"]
    rules_replay.run(parser.parse_args(arguments), settings)
    assert json.loads(capsys.readouterr().out)[0]["calls"] == 2


def test_a_call_that_went_through_a_signed_version_is_compared_with_it(settings, capsys):
    parser = argparse.ArgumentParser()
    rules_sign.add_arguments(parser)
    rules(CHANGED, settings.rules)
    rules_sign.run(parser.parse_args(["--by", "Dr Moreau"]), settings)
    of_then = books.read(settings).rules_of("demo").version
    record(settings, said("ça me serre", rules=of_then), said("ça me serre", rules="0123456789ab"))
    rules(IN_FORCE, settings.rules)
    capsys.readouterr()
    command(settings, rules="changed")
    out = capsys.readouterr().out
    assert "  1 décidés de même" in out
    assert "1 sont passés par une version des règles qui n'est plus là" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--since", "hier"), "écrivez une date comme 2026-11-01"),
        (("--practice", "nulle_part"), "cabinet inconnu : nulle_part"),
        ((), "Aucun appel enregistré"),
    ],
)
def test_what_cannot_be_replayed_is_told(settings, arguments, told):
    if arguments:
        record(settings, said("bonjour"))
    with pytest.raises(Faulty, match=told):
        command(settings, *arguments)
    assert arguments or not list(settings.state.parent.glob("state/*"))
