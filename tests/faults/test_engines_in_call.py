"""Whisper, Kokoro or the conversation itself breaks in a call: an apology, a human, and a ticket at last."""

import asyncio
import functools

import pytest

from telephony.wav_line import WavLine
from tests.faults.switchboard import APOLOGY_HZ, PatientLoop, Switchboard
from voicebot import conversation
from voicebot.adapters.database import migrate
from voicebot.domain.events import Said
from voicebot.errors import EngineFailed
from voicebot.ports import Typed

TO_THE_READ_BACK = (
    "je voudrais un rendez-vous mardi matin avec le docteur Moreau",
    "le premier",
    "Marie Dubois",
    "le 12 mars 1972",
    "06 12 34 56 78",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


def virtual(test):
    """Run with a switchboard, without waiting."""

    @functools.wraps(test)
    def run(template, tmp_path, monkeypatch):
        async def on_the_board():
            async with Switchboard(template, tmp_path) as board:
                await test(board, monkeypatch)

        with asyncio.Runner(loop_factory=PatientLoop) as runner:
            runner.run(on_the_board())

    del run.__wrapped__
    return run


@virtual
async def test_without_a_fault_the_call_books(board, monkeypatch):
    await board.types(*TO_THE_READ_BACK, "oui")
    assert "C'est noté" in board.told()


@virtual
async def test_a_caller_whom_we_cannot_hear_gets_a_human_and_then_a_ticket(board, monkeypatch):
    board.ears.broken = EngineFailed
    await board.speaks()
    await board.until(lambda: board.rings)
    await board.until(lambda: "problème technique" in board.told())
    await board.until(lambda: "À quel numéro" in board.told())
    await board.types("06 12 34 56 78", "oui")
    assert [t.person.phone for t in await board.tickets()] == ["+33612345678"]
    assert "on vous rappellera" in board.told()


@virtual
async def test_whose_yes_to_their_number_cannot_be_heard_is_rung_back_all_the_same(board, monkeypatch):
    board.ears.broken = EngineFailed
    await board.speaks()
    await board.until(lambda: "À quel numéro" in board.told())
    await board.types("06 12 34 56 78")
    for told in ("je n'ai pas bien compris", "je ne suis pas sûr du numéro"):
        await board.silent()
        await board.speaks()
        await board.until(lambda told=told: told in board.told())
    (ticket,) = await board.tickets()
    assert ticket.person.phone == "+33612345678"
    assert "ne l'a pas confirmé" in ticket.text
    assert "C'est noté" not in board.told()


@virtual
async def test_recognition_that_hangs_is_given_up_in_time(board, monkeypatch):
    board.ears.hangs = True
    before = asyncio.get_running_loop().time()
    await board.speaks()
    await board.until(lambda: "problème technique" in board.told())
    assert asyncio.get_running_loop().time() - before < 8
    await board.until(lambda: board.rings)


@pytest.mark.parametrize("hangs", [False, True])
def test_a_sentence_the_voice_cannot_say_is_an_apology_and_a_human(template, tmp_path, hangs):
    @virtual
    async def call(board, monkeypatch):
        board.voice.unready, board.voice.hangs = "Dubois", hangs
        await board.types(*TO_THE_READ_BACK)
        await board.until(lambda: board.rings)
        assert board.heard(APOLOGY_HZ)
        assert "C'est noté" not in board.told()
        await board.until(lambda: "Personne n'est disponible" in board.told())
        await board.until(lambda: "on vous rappellera" in board.told())
        (ticket,) = await board.tickets()
        assert ticket.person.last_name == "Dubois"

    call(template, tmp_path, None)


@pytest.mark.parametrize("hangs", [False, True])
def test_a_voice_that_is_gone_for_good_says_what_is_ready_and_is_never_silent(template, tmp_path, hangs):
    @virtual
    async def call(board, monkeypatch):
        board.voice.ready, board.voice.hangs = board.rendered_beforehand(), hangs
        await board.types(*TO_THE_READ_BACK)
        await board.until(lambda: "on vous rappellera" in board.told())
        await board.types("je voudrais un rendez-vous jeudi matin", "le premier")
        assert board.told().count("on vous rappellera") == 2
        assert board.longest_silence() < 6
        assert "C'est bien cela ?" not in board.told(), "a question about what nobody heard"
        first, second = await board.tickets()
        assert "pas encore pris" in first.text + second.text
        assert await board.stage.calendar.busy("demo", *board.days()) == []

    call(template, tmp_path, None)


@virtual
async def test_who_leaves_a_dumb_voice_without_a_number_is_on_record(board, monkeypatch):
    board.voice.unready = "Lequel"
    await board.types(TO_THE_READ_BACK[0])
    await board.until(lambda: "À quel numéro" in board.told())
    board.line.leave()
    await board.over()
    (ticket,) = await board.tickets()
    assert "sans numéro" in ticket.subject
    assert TO_THE_READ_BACK[0] in ticket.text


@virtual
async def test_who_has_no_number_is_told_the_practice_s(board, monkeypatch):
    board.voice.ready = board.rendered_beforehand()
    board.ears.broken = EngineFailed
    await board.speaks()
    await board.until(lambda: "À quel numéro" in board.told())
    await board.types("je n'en ai pas", "je n'ai pas de téléphone")
    assert board.stage.practice.phone in board.told()
    (ticket,) = await board.tickets()
    assert "sans numéro" in ticket.subject
    assert board.longest_silence() < 6


@virtual
async def test_a_conversation_that_breaks_leaves_an_apology_a_ring_and_a_ticket(board, monkeypatch):
    step = conversation.step

    def breaks(state, event):
        if isinstance(event, Said) and "1972" in event.text:
            raise ZeroDivisionError
        return step(state, event)

    monkeypatch.setattr(conversation, "step", breaks)
    await board.types(*TO_THE_READ_BACK[:3])
    board.line.do([Typed(TO_THE_READ_BACK[3])])
    await board.over()
    assert board.rings
    assert board.heard(APOLOGY_HZ)
    assert "Je n'ai pu joindre personne." in board.told()
    assert board.stage.practice.phone in board.told()
    assert [n["state"] for n in board.line.notes if n["type"] == "state"][-1] == "lost"
    assert board.longest_silence() < 6
    (ticket,) = await board.tickets()
    assert ticket.person.last_name == "Dubois"
    assert await board.stage.journal.unfinished() == []
    held = await board.stage.calendar.busy("demo", *board.days())
    assert held == []


@virtual
async def test_a_tab_closed_in_a_booking_gives_the_time_back_and_is_on_record(board, monkeypatch):
    await board.types(*TO_THE_READ_BACK)
    assert len(await board.stage.calendar.busy("demo", *board.days())) == 1
    board.line.leave()
    await board.over()
    assert await board.stage.calendar.busy("demo", *board.days()) == []
    kinds, ended_by = await board.record()
    assert kinds[-1] == "HungUp"
    assert ended_by == "caller"


async def taken_by_anne(board):
    """Anne has taken the call; her line, and the call's id."""
    (view,) = board.hub.calls()
    anne = WavLine()
    assert board.hub.claim(view.id, "anne")
    assert await board.hub.take_over(view.id, anne)
    return anne, view.id


@virtual
async def test_a_secretary_whose_browser_dies_does_not_take_the_patient_with_her(board, monkeypatch):
    await board.types("passez-moi une secrétaire")
    anne, call = await taken_by_anne(board)
    assert board.hub.call(call).phase == "human"
    await asyncio.sleep(3)
    rings = board.rings
    anne.lose()
    await board.until(lambda: board.rings > rings)
    assert board.hub.call(call).phase == "ringing"
    assert board.hub.call(call).taken_by == ""
    assert "La communication avec le cabinet a été coupée." in board.told()
    bruno, _ = await taken_by_anne(board)
    bruno.leave()
    await board.over()
    assert await board.tickets() == []


@virtual
async def test_a_patient_whose_secretary_was_lost_reaches_nobody_and_leaves_a_number(board, monkeypatch):
    anne, _ = await taken_by_anne(board)
    await asyncio.sleep(3)
    anne.lose()
    await board.until(lambda: "À quel numéro" in board.told())
    await board.types("06 12 34 56 78", "oui")
    (ticket,) = await board.tickets()
    assert ticket.person.phone == "+33612345678"


@virtual
async def test_a_patient_whose_secretary_was_lost_and_who_leaves_is_on_record(board, monkeypatch):
    anne, _ = await taken_by_anne(board)
    await asyncio.sleep(3)
    anne.lose()
    await board.until(lambda: "a été coupée" in board.told())
    board.line.leave()
    await board.over()
    (ticket,) = await board.tickets()
    assert "Communication coupée" in ticket.subject


@virtual
async def test_a_secretary_who_hangs_up_ends_the_call(board, monkeypatch):
    anne, _ = await taken_by_anne(board)
    await asyncio.sleep(3)
    anne.leave()
    await board.over()
    assert await board.tickets() == []
    assert [n["state"] for n in board.line.notes if n["type"] == "state"][-1] == "ended"
