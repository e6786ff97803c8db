"""The pages as a browser asks for them: who may see what, and what is refused."""

import asyncio
import re
from dataclasses import replace

import pytest

from tests.app.on_show import (
    NOW,
    PASSWORD,
    MemoryDesk,
    QuietCall,
    browsing,
    busy_morning,
    chest_pain,
    logged_in,
    service,
    work_to_do,
)
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.register_sql import Destroyed, Register
from voicebot.adapters.sealing import sealer
from voicebot.adapters.sounds_sealed import Sounds, samples_of, wav
from voicebot.app.live import Hub
from voicebot.errors import Unavailable

OFFER = {"sdp": "v=0\r\n", "type": "offer"}


# The guard


async def test_the_pages_run_no_script_but_ours():
    async with browsing() as client:
        for path in ("/appel/demo", "/healthz", "/inconnu", "/direct/flux", "/static/call.js"):
            headers = (await client.get(path)).headers
            assert "script-src 'self';" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"


async def test_what_came_of_asking_the_language_model_is_counted():
    figures = {"breaker": "closed", "asked": 3, "answered": 2, "slow": 1}
    async with browsing(service(reasoner=lambda: figures)) as client:
        assert await (await client.get("/metrics/llm")).json() == figures
    async with browsing() as client:
        assert await (await client.get("/metrics/llm")).json() == {}


@pytest.mark.parametrize(
    "path", ["/direct/flux", "/direct/agenda/demo", "/direct/tickets/demo", "/direct/appels/a1/prendre"]
)
async def test_nothing_of_the_live_page_without_a_session(path):
    async with browsing() as client:
        assert (await client.get(path)).status in (401, 405)
        assert (await client.post(path)).status in (401, 405)
        assert (await client.get("/direct")).url.path == "/connexion"
        forged = {"Cookie": "voicebot=gAAAAA"}
        assert (await client.get(path, headers=forged)).status in (401, 405)


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites():
    async with browsing() as client:
        fields = {"user": "secretariat", "password": PASSWORD}
        answer = await client.post("/connexion", data=fields, allow_redirects=False)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


async def test_guessing_passwords_is_slowed_down():
    async with browsing() as client:
        wrong = {"user": "secretariat", "password": "azerty"}
        answers = await asyncio.gather(*(client.post("/connexion", data=wrong) for _ in range(8)))
        assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 3
        right = {"user": "secretariat", "password": PASSWORD}
        assert (await client.post("/connexion", data=right)).status == 429


async def test_another_site_cannot_make_the_browser_act():
    async with logged_in() as client:
        path = "/direct/tickets/demo/t1/fermer"
        assert (await client.post(path)).status == 403
        foreign = {"Origin": "https://ailleurs.example", **client.token}
        assert (await client.post(path, headers=foreign)).status == 403
        assert (await client.post(path, headers=client.token)).status == 200


async def test_logging_out_ends_the_session():
    async with logged_in() as client:
        await client.post("/direct/deconnexion", data={"token": client.token["X-CSRF-Token"]})
        assert (await client.get("/direct")).url.path == "/connexion"


# The live page


async def test_the_page_shows_calls_agenda_tickets_and_unsigned_rules():
    parts = service()
    busy_morning(parts.hub)
    async with logged_in(parts) as client:
        page = await (await client.get("/direct")).text()
    for shown in (
        "très mal dans la poitrine",
        "douleur_thoracique",
        "Urgence vitale",
        "9\xa0h\xa045",
        "06\xa098\xa076\xa054\xa032",
        "Renouvellement d’ordonnance",
        "Règles d’urgence non validées",
        "règles <code>4f2ac0ffee12</code>",
    ):
        assert shown in page


async def test_what_a_caller_says_cannot_become_html():
    parts = service()
    parts.hub.open("x9", "demo", "web", NOW, QuietCall())
    parts.hub.caption("x9", "caller", "<script>alert(1)</script>", True)
    async with logged_in(parts) as client:
        page = await (await client.get("/direct")).text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_a_ticket_is_closed_by_name_and_reopened():
    async with logged_in() as client:
        page = await (await client.post("/direct/tickets/demo/t2/fermer", headers=client.token)).text()
        assert "Traités récemment (1)" in page
        assert "secretariat, aujourd’hui à 10\xa0h\xa040" in page
        page = await (await client.post("/direct/tickets/demo/t2/rouvrir", headers=client.token)).text()
        assert "Traités récemment" not in page


async def test_records_that_do_not_answer_are_said_so_and_calls_stay_in_sight():
    parts = service(desk=MemoryDesk(work_to_do(), down=True))
    busy_morning(parts.hub)
    async with logged_in(parts) as client:
        page = await (await client.get("/direct")).text()
        assert "Les tickets ne sont pas accessibles" in page
        assert "L’agenda n’est pas accessible" in page
        assert "très mal dans la poitrine" in page
        page = await (await client.post("/direct/tickets/demo/t2/fermer", headers=client.token)).text()
        assert "Ce n’est pas enregistré" in page


async def test_another_day_of_the_agenda():
    async with logged_in() as client:
        page = await (await client.get("/direct/agenda/demo?jour=2026-12-01")).text()
        assert "mardi 1er décembre 2026" in page
        assert page.count("Aucun rendez-vous") == 2
        page = await (await client.get("/direct/agenda/demo?jour=n-importe-quoi")).text()
        assert "Aujourd’hui, lundi 23 novembre" in page


async def test_a_consigne_of_the_day_is_set_refused_and_removed():
    async with logged_in() as client:

        async def send(**fields):
            return await (
                await client.post("/direct/consigne/demo", data=fields, headers=client.token)
            ).text()

        late = "Le docteur Moreau a une heure de retard."
        assert f"«\xa0{late}\xa0»" in (await send(text=late, until="12:00")).replace("&nbsp;", "\xa0")
        assert "une heure à venir" in await send(text="Trop tard.", until="08:00")
        assert "une heure à venir" in await send(text="x" * 201, until="12:00")
        assert "Une phrase dite à chaque appel" in await send()


# Taking a call


class Lines:
    """Secretaries' lines: connected at once, or never."""

    def __init__(self, connects=True):
        self.connects = connects
        self.hung_up = 0

    async def join(self, offer):
        async def line():
            if not self.connects:
                raise Unavailable("no audio came")
            return self

        return {"sdp": "answer", "type": "answer"}, line

    async def hang_up(self):
        self.hung_up += 1


async def take(client, call="b2"):
    return await client.post(f"/direct/appels/{call}/prendre", json=OFFER, headers=client.token)


async def test_two_people_press_at_once_and_one_gets_the_call():
    lines = Lines()
    parts = service(join=lines.join)
    calls = busy_morning(parts.hub)
    ring = asyncio.create_task(parts.hub.ring("b2", chest_pain(), 30))
    async with logged_in(parts) as client:
        answers = await asyncio.gather(*(take(client) for _ in range(5)))
        assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409]
        assert await ring == "answered"
        assert calls["b2"].joined == [lines]


async def test_a_person_whose_audio_never_comes_does_not_keep_the_call():
    parts = service(join=Lines(connects=False).join)
    busy_morning(parts.hub)
    async with logged_in(parts) as client:
        assert (await take(client)).status == 200
        await asyncio.sleep(0)
        assert parts.hub.call("b2").phase == "automatic"


async def test_a_call_that_is_over_and_an_offer_that_is_garbage():
    parts = service()
    busy_morning(parts.hub)
    async with logged_in(parts) as client:
        assert (await take(client, "gone")).status == 410
        path = "/direct/appels/b2/prendre"
        assert (await client.post(path, data=b"garbage", headers=client.token)).status == 400
        assert (await take(client)).status == 503
        assert parts.hub.claim("b2", "anne")


# The stream


async def events_until(stream, last):
    found = []
    event, data = "", []
    while True:
        line = (await asyncio.wait_for(stream.content.readline(), 5)).decode().rstrip("\r\n")
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data.append(line.removeprefix("data: "))
        elif not line and event:
            found.append((event, "\n".join(data)))
            event, data = "", []
            if found[-1][0] == last:
                return found


async def test_the_stream_starts_with_what_goes_on_and_follows_a_call():
    parts = service()
    async with logged_in(parts) as client:
        parts.hub.open("b2", "demo", "web", NOW, QuietCall())
        async with client.get("/direct/flux") as stream:
            first = dict(await events_until(stream, "tickets"))
            assert 'id="call-b2"' in first["calls"]
            parts.hub.caption("b2", "caller", "Bonjour <toi>.", True)
            parts.hub.close("b2")
            later = dict(await events_until(stream, "gone-b2"))
            assert "Bonjour &lt;toi&gt;." in later["line-b2"]


async def test_stopping_the_service_ends_open_streams():
    parts = service()
    async with logged_in(parts) as client, client.get("/direct/flux") as stream:
        await events_until(stream, "tickets")
        await asyncio.wait_for(client.server.close(), 2)
        assert await stream.content.read() == b""


# Alarms, messages, what was destroyed


async def test_an_alarm_that_does_not_go_out_is_said_above_the_tickets():
    async with logged_in(service(trouble=lambda: "L’alarme ne part pas par courriel.")) as client:
        for path in ("/direct", "/direct/tickets/demo"):
            assert "L’alarme ne part pas par courriel." in await (await client.get(path)).text()


async def test_a_message_is_listened_to_on_its_ticket_and_by_nobody_else(tmp_path):
    sounds = Sounds(tmp_path, sealer(tmp_path / "key"))
    sounds.put("demo", "1700-12", wav(b"\1\2" * 800, 8000), NOW)
    (row, *_) = work_to_do()
    left = replace(row, ticket=replace(row.ticket, key="1700-12:voicemail"))
    async with logged_in(service(sounds=sounds, desk=MemoryDesk([left, *work_to_do()]))) as client:
        page = await (await client.get("/direct/tickets/demo")).text()
        (path,) = re.findall(r'data-sound="([^"]+)"', page)
        answer = await client.get(path)
        assert (answer.status, answer.content_type) == (200, "audio/wav")
        assert samples_of(await answer.read()) == (b"\1\2" * 800, 8000)
        assert answer.headers["Cache-Control"] == "no-store"
        for other in ("1700-13", "..%2Fkey", "%2e%2e"):
            assert (await client.get(f"/direct/messages/demo/{other}")).status == 404
        assert (await client.get("/direct/messages/autre/1700-12")).status == 404
    async with browsing(service(sounds=sounds)) as client:
        assert (await client.get(path)).status == 401


@pytest.mark.parametrize(
    ("altered", "said"), [(False, "La chaîne est intacte"), (True, "rompue à la ligne 1")]
)
async def test_the_register_shows_what_was_destroyed_and_whether_anybody_touched_it(tmp_path, altered, said):
    url = f"sqlite+aiosqlite:///{tmp_path / 'practice.db'}"
    await migrate(url)
    database = Database(url)
    register = Register(database)
    for count in (3, 41):
        await register.append("voicemail", NOW, Destroyed(count, NOW))
    if altered:
        await database.write(
            lambda c: c.exec_driver_sql("UPDATE register SET destroyed = 40 WHERE position = 1")
        )
    async with logged_in(service(register=register.entries)) as client:
        assert "/direct/registre" in await (await client.get("/direct")).text()
        page = await (await client.get("/direct/registre")).text()
    await database.close()
    assert said in page
    assert "Messages vocaux" in page


async def test_who_objects_to_being_transcribed_is_read_on_no_page_any_more():
    hub = Hub()
    busy_morning(hub)
    with hub.subscribe() as page:
        hub.close_captions("a1")
        hub.caption("a1", "caller", "encore un mot", True)
        hub.caption("a1", "caller", "encore", False)
        changes = [change async for change in taken(page, 2)]
    assert [change.kind for change in changes] == ["resync", "resync"]
    assert changes[1].calls[0].captions == ()
    assert hub.call("a1").partial is None
    assert hub.call("b2").captions
    async with logged_in(service(hub=hub)) as client:
        text = await (await client.get("/direct")).text()
    assert "refuse la transcription" in text
    assert "jeudi après dix-sept heures" not in text


async def taken(page, count):
    changes = aiter(page)
    for _ in range(count):
        yield await anext(changes)
