"""What the exchange leaves in its spool while nobody took a call: tickets, once each, with their words."""

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from voicebot.adapters import rules_yaml
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.adapters.sounds_sealed import Sounds, samples_of, wav
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.app.books import Books
from voicebot.app.voicemail import Voicemail
from voicebot.app.voicemail_spool import WINDOW_S, windows
from voicebot.conversation import Ports
from voicebot.domain.events import HungUp, Said, Started
from voicebot.domain.practice import Number, Practice
from voicebot.errors import EngineFailed, Unavailable
from voicebot.ports import Transcript
from voicebot.settings import Settings

AT = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
CALL, OURS = "1700000000.12", "1700000000-12"
DEMO = Practice("demo", "Cabinet des Tilleuls", "01 99 00 47 12", numbers=(Number("+33199004712"),))
BENCH = Practice("bench", "Cabinet du Port", "01 99 00 47 13", numbers=(Number("+33199004713"),))
PCM = (np.sin(np.arange(8000 * 3) / 7) * 9000).astype("<i2").tobytes()


class Ear:
    """A transcriber that says what it is told to."""

    def __init__(self, *texts):
        self.texts, self.lengths = list(texts), []

    async def __call__(self, pcm):
        self.lengths.append(len(pcm) / 32000)
        said = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        if isinstance(said, Exception):
            raise said
        return said


def heard(text, clear=True):
    return Transcript(text, bool(text), clear, 0.9)


@pytest.fixture(scope="module")
def books():
    return Books({"demo": DEMO, "bench": BENCH}, rules_yaml.load(Settings().rules), None)


@pytest.fixture
async def machine(tmp_path, books):
    url = f"sqlite+aiosqlite:///{tmp_path / 'practice.db'}"
    await migrate(url)
    database, seal = Database(url), sealer(tmp_path / "key")
    (tmp_path / "spool").mkdir()
    yield Voicemail(
        tmp_path / "spool",
        Sounds(tmp_path / "voicemail", seal),
        Ports(
            None,
            SqlTickets(database, seal, lambda _: DEMO.zone),
            SqlJournal(database, seal, lambda _: DEMO.zone),
            None,
        ),
        lambda: books,
        Ear(heard("je voudrais un rendez-vous")),
        idle=lambda: True,
        changed=lambda: None,
    )
    await database.close()


MESSAGE = wav(PCM, 8000)


def leave(machine, sound=MESSAGE, kind="message", call=CALL, **told):
    sidecar = {"call": call, "did": "+33199004713", "from": "+33612345678", "practice": "", "urgent": ""}
    sidecar |= {"at": int(AT.timestamp()), **told}
    if kind == "message":
        (machine.spool / f"message-{call}.wav").write_bytes(sound)
    (machine.spool / f"{kind}-{call}.json").write_text(json.dumps(sidecar))


async def tickets(machine, practice="bench"):
    return [filed.ticket for filed in await machine.ports.tickets.open(practice)]


async def test_a_message_becomes_a_ticket_with_its_words_and_its_sound(machine):
    leave(machine)
    await machine.look({})
    (ticket,) = await tickets(machine)
    assert (ticket.kind, ticket.subject, ticket.text) == (
        "callback",
        "Message vocal",
        "« je voudrais un rendez-vous »",
    )
    assert (ticket.person.phone, ticket.level, ticket.alarm) == ("+33612345678", None, False)
    assert ticket.due == AT + BENCH.callback_within
    assert samples_of(machine.sounds.get("bench", OURS)) == (PCM, 8000)
    assert list(machine.spool.iterdir()) == []
    await machine.look({})
    assert len(await tickets(machine)) == 1


async def test_words_that_the_doctors_rules_know_ring_the_pager(machine):
    leave(machine)
    ear = Ear(heard("mon mari a très mal dans la poitrine et il transpire"))
    await replace(machine, hear=ear).look({})
    (ticket,) = await tickets(machine)
    assert (ticket.level, ticket.alarm) == ("emergency", True)
    assert ticket.flags
    assert ticket.due == AT + timedelta(minutes=15)


@pytest.mark.parametrize(("practice", "level"), [("bench", "emergency"), ("demo", None)])
async def test_a_practices_own_rule_is_for_its_own_messages(machine, books, tmp_path, practice, level):
    (tmp_path / "own.yaml").write_text(
        "rules: [{id: hublot, title: Hublot, level: emergency, words: [mon hublot s'est ouvert]}]\n",
        encoding="utf8",
    )
    own = replace(books, own={"bench": rules_yaml.load(tmp_path / "own.yaml")})
    leave(machine, practice=practice)
    ear = Ear(heard("bonjour, mon hublot s'est ouvert"))
    await replace(machine, hear=ear, books=lambda: own).look({})
    (ticket,) = await tickets(machine, practice)
    assert ticket.level == level


async def test_the_flag_of_the_call_that_ended_in_a_message_rings_the_pager(machine):
    flagged = [Started(AT, "phone", "+33612345678"), Said(AT, "j'ai très mal dans la poitrine")]
    for position, event in enumerate([*flagged, HungUp(AT, "lost")]):
        await machine.ports.journal.append("bench", OURS, position, event)
    leave(machine)
    await replace(machine, idle=lambda: False).look({})
    (ticket,) = await tickets(machine)
    assert (ticket.level, ticket.alarm) == ("emergency", True)


async def test_what_the_exchange_was_told_of_an_emergency_rings_the_pager(machine):
    leave(machine, urgent="1")
    await machine.look({})
    assert (await tickets(machine))[0].alarm


async def test_callers_on_the_line_come_before_a_messages_words(machine):
    busy, filed = replace(machine, idle=lambda: False), {}
    leave(machine)
    await busy.look(filed)
    assert (await tickets(machine))[0].text == ""
    assert len(list(machine.spool.iterdir())) == 2
    await machine.look(filed)
    assert "rendez-vous" in (await tickets(machine))[0].text
    await machine.look(filed)
    assert filed == {}


async def test_a_file_that_may_not_be_removed_is_dealt_with_once(machine, monkeypatch):
    def forbidden(path, **_):
        raise PermissionError(path)

    leave(machine)
    filed = {}
    monkeypatch.setattr(Path, "unlink", forbidden)
    for _ in range(3):
        await machine.look(filed)
    assert len(machine.hear.lengths) == 1
    assert len(await tickets(machine)) == 1


async def test_a_service_that_dies_at_any_moment_files_it_once(machine):
    class Dying:
        """Ports whose process dies after a number of saves."""

        def __init__(self, inner, saves):
            self.inner, self.saves = inner, saves

        async def save(self, *ticket):
            if not self.saves:
                raise Unavailable("dead")
            self.saves -= 1
            await self.inner.save(*ticket)

    leave(machine)
    for saves in (0, 1):
        dying = replace(machine.ports, tickets=Dying(machine.ports.tickets, saves))
        await replace(machine, ports=dying).look({})
        assert (machine.spool / f"message-{CALL}.wav").exists()
    await machine.look({})
    assert len(await tickets(machine)) == 1
    assert list(machine.spool.iterdir()) == []


async def test_a_ticket_somebody_closed_meanwhile_stays_closed(machine):
    leave(machine)
    filed = {}
    await replace(machine, idle=lambda: False).look(filed)
    await machine.ports.tickets.close("bench", f"{OURS}:voicemail", "lea", AT)
    await machine.look(filed)
    assert await tickets(machine) == []


async def test_words_that_cannot_be_read_ring_because_no_rule_has_seen_them(machine):
    leave(machine)
    await replace(machine, hear=Ear(EngineFailed("broken"))).look({})
    (ticket,) = await tickets(machine)
    assert ticket.alarm
    assert "écoutez" in ticket.text
    assert list(machine.spool.iterdir()) == []


async def test_an_engine_that_was_busy_is_asked_again(machine):
    leave(machine)
    await replace(machine, hear=Ear(TimeoutError(), heard("rappelez-moi"))).look({})
    assert (await tickets(machine))[0].text == "« rappelez-moi »"


async def test_silence_is_a_call_all_the_same(machine):
    leave(machine, sound=wav(b"", 8000))
    await machine.look({})
    (ticket,) = await tickets(machine)
    assert (ticket.text, ticket.alarm) == ("(Aucune parole.)", False)


async def test_a_call_that_nobody_took_and_left_no_message_is_a_ticket(machine):
    leave(machine, kind="missed", practice="demo")
    await machine.look({})
    (ticket,) = await tickets(machine, "demo")
    assert ticket.subject == "Appel manqué : personne n’a pu répondre"
    assert list(machine.spool.iterdir()) == []


async def test_a_recording_goes_on_until_its_sidecar_says_so_or_the_exchange_is_dead(machine):
    recording = machine.spool / f"message-{CALL}.wav"
    recording.write_bytes(wav(PCM, 8000))
    await machine.look({})
    assert await tickets(machine, "demo") == []
    old = time.time() - 200
    os.utime(recording, (old, old))
    await machine.look({})
    assert len(await tickets(machine, "demo")) == 1


async def test_a_sidecar_that_does_not_read_and_a_number_that_is_none_lose_nobody(machine):
    leave(machine, call="1.1", **{"from": '"><script>'})
    leave(machine, call="1.2")
    sidecar = machine.spool / "message-1.2.json"
    sidecar.write_text('{"call":"1.2","from":"a"b"}')
    old = time.time() - 200
    for path in machine.spool.glob("*1.2*"):
        os.utime(path, (old, old))
    await machine.look({})
    assert [ticket.person.phone for ticket in await tickets(machine)] == [""]
    assert len(await tickets(machine, "demo")) == 1


async def test_who_objects_to_being_transcribed_is_not_transcribed_here_either(machine):
    said = [Started(AT, "phone"), Said(AT, "je refuse d'être enregistré"), HungUp(AT, "lost")]
    for position, event in enumerate(said):
        await machine.ports.journal.append("bench", OURS, position, event)
    leave(machine)
    ear = Ear(heard("rappelez-moi"))
    await replace(machine, hear=ear).look({})
    (ticket,) = await tickets(machine)
    assert (ticket.text, ear.lengths) == ("", [])
    assert machine.sounds.get("bench", OURS)
    assert list(machine.spool.iterdir()) == []


async def test_one_strange_file_keeps_no_other_waiting(machine):
    leave(machine, call="1.1", sound=b"no sound at all")
    leave(machine, call="1.2")
    await machine.look({})
    assert len(await tickets(machine)) == 2
    assert machine.sounds.get("bench", "1-1") == b"no sound at all"


def test_a_long_message_is_heard_in_pieces_cut_in_its_pauses():
    rng = np.random.default_rng(3)
    sound = (rng.standard_normal(16000 * 50) * 3000).astype("<i2")
    for second in (14, 29):
        sound[second * 16000 : second * 16000 + 8000] = 0
    pieces = windows(sound.tobytes())
    assert b"".join(pieces) == sound.tobytes()
    assert [round(len(piece) / 32000, 0) for piece in pieces[:2]] == [14, 15]
    assert all(len(piece) <= WINDOW_S * 32000 for piece in pieces)
