"""A doctor signs the rules at a keyboard; the service says what is signed and what is not."""

import asyncio
import shutil
from argparse import ArgumentParser
from dataclasses import replace

import pytest

from voicebot.app import books, rule_versions
from voicebot.app.books import unvalidated
from voicebot.app.commands import rules_sign, rules_versions
from voicebot.domain.triage.judging import judge
from voicebot.errors import Faulty, FaultyFile
from voicebot.settings import Settings

SHIPPED = Settings()
RULE = """
rules:
  - id: poitrine
    title: Douleur dans la poitrine
    level: emergency
    words: [mal à la poitrine]
    examples: [j'ai mal à la poitrine]
"""
PRACTICES = ("demo", "bench")


@pytest.fixture
def settings(tmp_path):
    for name in ("practices", "rules"):
        (tmp_path / name).mkdir()
    for practice in PRACTICES:
        shutil.copy(SHIPPED.practices / "demo.yaml", tmp_path / "practices" / f"{practice}.yaml")
    (tmp_path / "rules" / "own.yaml").write_text(RULE, encoding="utf8")
    folders = {name: tmp_path / name for name in ("practices", "rules", "state")}
    return replace(SHIPPED, **folders)


def call(command, settings, *arguments):
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments), settings)


def change(settings, old, new, file="own.yaml"):
    path = settings.rules / file
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf8")


def said_at_start(settings):
    return list(unvalidated(books.read(settings)))


def test_until_somebody_signs_the_service_says_that_its_rules_are_not_validated(settings, capsys):
    assert said_at_start(settings) == ["Règles d’urgence non validées par un médecin."]
    assert call(rules_sign, settings, "--by", "Dr Moreau") == 0
    out = capsys.readouterr().out
    assert "Première signature : 1 fichiers." in out
    assert "Version 1 signée par Dr Moreau" in out
    assert rule_versions.read(settings.state / "rule_versions").head in out
    assert said_at_start(settings) == []


def test_what_changed_since_is_said_at_start_and_shown_before_the_next_signature(settings, capsys):
    call(rules_sign, settings, "--by", "Dr Moreau")
    change(settings, "[mal à la poitrine]", "[mal à la poitrine, ça serre]")
    (said,) = said_at_start(settings)
    changed = "Changement : règle « poitrine » (own.yaml) : words : + « ça serre »"
    assert said.splitlines() == [
        "Règles d’urgence non validées : changées depuis la signature de Dr Moreau (version 1).",
        f"  {changed}",
    ]
    capsys.readouterr()
    call(rules_sign, settings, "--by", "Dr Lefèvre", "--show")
    assert changed in capsys.readouterr().out
    assert said_at_start(settings) != []
    call(rules_sign, settings, "--by", "Dr Lefèvre")
    assert said_at_start(settings) == []


def test_rules_whose_examples_fail_are_not_signed(settings):
    change(settings, "j'ai mal à la poitrine", "j'ai un éléphant sur moi")
    with pytest.raises(Faulty, match="ne reconnaît pas son exemple") as refused:
        call(rules_sign, settings, "--by", "Dr Moreau")
    assert "Rien n'est signé" in str(refused.value)
    assert not (settings.state / "rule_versions").exists()


def test_faulty_rules_are_not_signed(settings):
    change(settings, "level: emergency", "level: emergencia")
    with pytest.raises(Faulty, match="own.yaml:5:12"):
        call(rules_sign, settings, "--by", "Dr Moreau")


@pytest.mark.parametrize(
    "arguments",
    [("--by", "  "), ("--by", "Dr Moreau", "--practice", "nulle_part"), ("--by", "X", "/nowhere")],
)
def test_a_signature_needs_a_name_a_known_practice_and_a_folder(settings, arguments):
    with pytest.raises(Faulty):
        call(rules_sign, settings, *arguments)


def test_signing_the_same_again_adds_nothing_unless_another_doctor_does(settings, capsys):
    for by in ("Dr Moreau", "Dr Moreau", "Dr Lefèvre"):
        call(rules_sign, settings, "--by", by)
    assert "rien à faire" in capsys.readouterr().out
    versions = rule_versions.read(settings.state / "rule_versions").versions
    assert [version.by for version in versions] == ["Dr Moreau", "Dr Lefèvre"]


def test_one_practices_doctor_signs_for_that_practice_only(settings, capsys):
    call(rules_sign, settings, "--by", "Dr Moreau", "--practice", "demo")
    assert "pour le cabinet demo" in capsys.readouterr().out
    assert said_at_start(settings) == ["Règles d’urgence non validées par un médecin. [bench]"]


def test_the_versions_are_listed_and_the_chain_that_was_touched_is_named(settings, capsys):
    assert call(rules_versions, settings) == 0
    assert "Aucune version signée" in capsys.readouterr().out
    for by in ("Dr Moreau", "Dr Lefèvre"):
        call(rules_sign, settings, "--by", by)
    capsys.readouterr()
    assert call(rules_versions, settings) == 0
    moreau, lefevre, intact = capsys.readouterr().out.splitlines()
    version = books.read(settings).rules_of("demo").version
    assert moreau.startswith("1  ")
    assert f"Dr Moreau  (tous les cabinets)  règles {version}" in moreau
    assert lefevre.startswith("2  ")
    assert intact == "La suite est intacte (2)."
    first = settings.state / "rule_versions" / "0001.json"
    first.chmod(0o644)
    first.write_text(first.read_text(encoding="utf8").replace("Moreau", "Knock"), encoding="utf8")
    assert call(rules_versions, settings) == 2
    assert "Version 1, signée par Dr Knock : l'auteur, la date" in capsys.readouterr().err
    assert "a été modifié" in said_at_start(settings)[0]


def test_the_exact_files_of_a_version_can_be_had_again(settings, tmp_path, capsys):
    call(rules_sign, settings, "--by", "Dr Moreau")
    change(settings, "mal à la poitrine", "plus rien")
    call(rules_versions, settings, "--export", "1", str(tmp_path / "again"))
    assert (tmp_path / "again" / "own.yaml").read_text(encoding="utf8") == RULE
    with pytest.raises(Faulty, match="n'est pas vide"):
        call(rules_versions, settings, "--export", "1", str(tmp_path / "again"))
    with pytest.raises(Faulty, match="pas de version 7"):
        call(rules_versions, settings, "--export", "7", str(tmp_path / "other"))


def test_a_layer_that_belongs_to_no_practice_is_a_fault(settings):
    (settings.rules / "practices").mkdir()
    (settings.rules / "practices" / "dmo.yaml").write_text("change: []\n", encoding="utf8")
    with pytest.raises(FaultyFile, match="aucun cabinet ne s'appelle « dmo » ; vouliez-vous dire « demo »"):
        books.read(settings)


# An emergency that a practice does not want


DISABLED = "disable:\n  - {rule: poitrine, reason: cabinet dentaire, by: Dr Roux, on: 2026-11-20}\n"


def disable(settings):
    (settings.rules / "practices").mkdir()
    (settings.rules / "practices" / "bench.yaml").write_text(DISABLED, encoding="utf8")


def heard(settings, practice):
    rules = books.read(settings).rules_of(practice)
    return judge(rules, ["j'ai mal à la poitrine"]).action


def test_an_emergency_is_out_of_force_where_it_was_disabled_and_signed_and_nowhere_else(settings):
    disable(settings)
    assert (heard(settings, "demo"), heard(settings, "bench")) == ("act", "act")
    call(rules_sign, settings, "--by", "Dr Roux", "--practice", "bench")
    assert (heard(settings, "demo"), heard(settings, "bench")) == ("act", None)


def test_that_it_stays_in_force_until_then_is_said_at_start(settings):
    disable(settings)
    said = " ".join(said_at_start(settings))
    assert "[bench]" in said
    assert "« poitrine » reste en service" in said
    call(rules_sign, settings, "--by", "Dr Roux", "--practice", "bench")
    assert "reste en service" not in " ".join(said_at_start(settings))


def test_what_was_signed_and_then_touched_is_in_force_again(settings):
    disable(settings)
    call(rules_sign, settings, "--by", "Dr Roux", "--practice", "bench")
    change(settings, "cabinet dentaire", "aucune raison", "practices/bench.yaml")
    assert heard(settings, "bench") == "act"
    change(settings, "aucune raison", "cabinet dentaire", "practices/bench.yaml")
    assert heard(settings, "bench") is None
    first = settings.state / "rule_versions" / "0001.json"
    first.chmod(0o644)
    first.write_text(first.read_text(encoding="utf8").replace("Roux", "Knock"), encoding="utf8")
    assert heard(settings, "bench") == "act"


async def test_a_running_service_sees_a_signature(settings, monkeypatch):
    monkeypatch.setattr(books, "LOOK_S", 0.01)
    disable(settings)
    told = asyncio.Queue()
    shelf = books.Shelf(settings, told.put_nowait)
    running = shelf.books.rules_of("bench")
    watching = asyncio.create_task(shelf.watch())
    await asyncio.to_thread(call, rules_sign, settings, "--by", "Dr Roux", "--practice", "bench")
    async with asyncio.timeout(30):
        assert "Fichiers relus" in await told.get()
    watching.cancel()
    assert judge(running, ["j'ai mal à la poitrine"]).action == "act", "calls going on keep theirs"
    assert judge(shelf.books.rules_of("bench"), ["j'ai mal à la poitrine"]).action is None
