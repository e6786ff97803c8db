"""Files that people change while calls are answered."""

import asyncio
import os
import re
import shutil
from dataclasses import replace
from typing import get_args

import pytest

from voicebot.app import books
from voicebot.app.books import Shelf, read
from voicebot.domain.triage.rules import Advice
from voicebot.errors import FaultyFile
from voicebot.settings import Settings

SHIPPED = Settings()
RULE = """
rules:
  - id: poitrine
    title: Douleur dans la poitrine
    level: emergency
    words: [mal à la poitrine]
"""


@pytest.fixture
def settings(tmp_path):
    """A copy of a practice and of the phrases that ship, and one rule."""
    shutil.copytree(SHIPPED.prompts, tmp_path / SHIPPED.prompts.name)
    for folder in (SHIPPED.practices, SHIPPED.rules):
        (tmp_path / folder.name).mkdir()
    shutil.copy(SHIPPED.practices / "demo.yaml", tmp_path / SHIPPED.practices.name)
    (tmp_path / SHIPPED.rules.name / "own.yaml").write_text(RULE, encoding="utf8")
    return replace(
        SHIPPED,
        practices=tmp_path / SHIPPED.practices.name,
        rules=tmp_path / SHIPPED.rules.name,
        prompts=tmp_path / SHIPPED.prompts.name,
    )


class Watched:
    """A shelf that is looked at, and what it told."""

    def __init__(self, settings):
        self.told = []
        self.shelf = Shelf(settings, self.told.append)

    async def __aenter__(self):
        self.watching = asyncio.create_task(self.shelf.watch())
        return self

    async def __aexit__(self, *_):
        self.watching.cancel()
        await asyncio.wait({self.watching})

    async def tells(self, words):
        async with asyncio.timeout(60):
            while not any(words in sentence for sentence in self.told):
                assert not self.watching.done()
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(books, "LOOK_S", 0.02)


def change(path, old, new):
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf8")


async def test_a_changed_file_is_taken_by_the_next_call_and_not_by_the_running_one(settings):
    async with Watched(settings) as watched:
        running = watched.shelf.books
        change(settings.practices / "demo.yaml", "Cabinet médical des Tilleuls", "Cabinet des Ormes")
        await watched.tells("Fichiers relus")
        assert watched.shelf.books.practices["demo"].name == "Cabinet des Ormes"
        assert running.practices["demo"].name == "Cabinet médical des Tilleuls"


async def test_faulty_files_are_all_named_and_the_last_good_ones_stay_until_they_are_mended(settings):
    async with Watched(settings) as watched:
        good = watched.shelf.books
        practice, phrases = settings.practices / "demo.yaml", settings.prompts / "fr" / "phrases.yaml"
        saved = practice.read_text(encoding="utf8"), phrases.read_text(encoding="utf8")
        practice.write_text(f"telefone: 12\n{saved[0]}", encoding="utf8")
        phrases.write_text("booked: [\n", encoding="utf8")
        await watched.tells("reste en service")
        (told,) = [sentence for sentence in watched.told if "reste en service" in sentence]
        assert f"{practice}:1:1: " in told
        assert f"{phrases}:" in told
        assert watched.shelf.books is good
        practice.write_text(saved[0], encoding="utf8")
        phrases.write_text(saved[1], encoding="utf8")
        await watched.tells("Fichiers relus")


async def test_a_file_that_is_still_being_saved_is_not_read(settings, monkeypatch):
    async with Watched(settings) as watched:
        looks = []

        def sizes():
            looks.append(min(len(looks), 4))
            return (("demo.yaml", 0, looks[-1]),)

        at_look = []
        monkeypatch.setattr(watched.shelf, "_stamps", sizes)
        monkeypatch.setattr(books, "read", lambda settings: at_look.append(len(looks)) or read(settings))
        await watched.tells("Fichiers relus")
        assert looks[:6] == [0, 1, 2, 3, 4, 4]
        assert at_look == [6], "at the first look that finds it as the last one did"


async def test_a_file_that_vanishes_between_two_glances_ends_nothing(settings):
    async with Watched(settings) as watched:
        os.symlink(settings.practices / "nowhere", settings.practices / "lien.yaml")
        change(settings.practices / "demo.yaml", "Cabinet médical des Tilleuls", "Cabinet des Ormes")
        await watched.tells("reste en service")
        (settings.practices / "lien.yaml").unlink()
        await watched.tells("Fichiers relus")


async def test_a_bug_in_reading_leaves_the_service_as_it_was(settings, monkeypatch):
    async with Watched(settings) as watched:
        good = watched.shelf.books
        monkeypatch.setattr(books.rules_yaml, "load_book", lambda _: 1 / 0)
        change(settings.practices / "demo.yaml", "Cabinet médical des Tilleuls", "Cabinet des Ormes")
        await watched.tells("Fichiers illisibles (ZeroDivisionError)")
        assert watched.shelf.books is good


@pytest.mark.parametrize("folder", ["practices", "rules", "prompts"])
def test_an_empty_folder_is_a_fault_not_an_empty_book(settings, folder):
    for file in getattr(settings, folder).rglob("*.yaml"):
        file.unlink()
    with pytest.raises(FaultyFile):
        read(settings)


def faults_of_prompts(settings, old, new):
    path = settings.prompts / "fr" / "phrases.yaml"
    change(path, old, new)
    with pytest.raises(FaultyFile) as faulty:
        read(settings)
    return [str(fault).removeprefix(f"{path}:") for fault in faulty.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\nbooked:", "\nboked:", "n'est jamais dite ; vouliez-vous dire « booked » ?"),
        ("\ntrouble:", "\n# trouble:", "il manque la phrase « trouble »"),
        ("{practice}, bonjour", "{nom}, bonjour", "ne reçoit pas {nom}"),
        ("est déplacé au | {slot}.", "est déplacé.", "doit contenir {slot}"),
        ("trouble:", "trouble: \"Zut.\"\ntrouble:", "trouble"),
        ('consigne: "{text}"', "consigne: 12", "doit être un texte entre guillemets"),
    ],
)  # fmt: skip
def test_a_phrase_that_would_break_a_call_is_refused_before_it(settings, old, new, told):
    faults = faults_of_prompts(settings, old, new)
    assert len(faults) == 1
    assert told in faults[0]


def test_a_prompts_file_that_is_a_list_or_no_text_is_a_fault(settings):
    path = settings.prompts / "fr" / "phrases.yaml"
    for content in (b"- a\n- b\n", b"\xff\xfe\x00", b""):
        path.write_bytes(content)
        with pytest.raises(FaultyFile):
            read(settings)


@pytest.mark.parametrize("advice", get_args(Advice))
def test_every_number_a_rule_may_send_to_has_its_sentences(settings, advice):
    said = read(settings).phrases
    named = {"116117": "116 117"}.get(advice, advice if advice.isdigit() else "{number}")
    assert named in said[f"emergency_{advice}"]
    assert re.search(r"\d|{number}", said[f"emergency_{advice}_again"])
