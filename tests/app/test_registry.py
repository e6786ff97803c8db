"""Two machines' live pages over a real Redis: what each sees of the other; losing Redis loses nothing."""

import asyncio
import json
import shutil
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import redis

from tests.adapters.redis_server import RedisServer
from tests.app.on_show import NOW, QuietCall, busy_morning, chest_pain, service
from tests.app.test_pages import logged_in
from voicebot.adapters import live_redis
from voicebot.adapters.live_redis import RedisBoard
from voicebot.app import registry as registry_module
from voicebot.app.live import Hub
from voicebot.app.registry import Callers, Registry, address_of, new_call, ours, registry
from voicebot.errors import Faulty
from voicebot.settings import Settings

LEASE_S = 1.0
PATIENCE_S = 60.0


@pytest.fixture
def redis_server(tmp_path):
    if not shutil.which("redis-server"):
        pytest.fail("redis-server is not installed: apt-get install redis-server")
    server = RedisServer(tmp_path).start()
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(live_redis, "RETRY_S", 0.05)


async def until(so):
    async with asyncio.timeout(PATIENCE_S):
        while not so():  # noqa: ASYNC110  # what is waited for is another machine's doing
            await asyncio.sleep(0.01)


class Machine:
    def __init__(self, server, name):
        self.hub = Hub()
        self.board = RedisBoard(server.url, name, pepper=b"shared", lease_s=LEASE_S, renew_s=0.2)
        self.registry = Registry(self.hub, self.board, name, f"https://{name}.example.fr/", limit=3)

    def answers(self, call):
        self.hub.open(call, "demo", "phone", NOW, QuietCall())

    def shown(self):
        return [call.id for call in self.hub.elsewhere.calls]

    async def shows(self, *calls):
        await until(lambda: self.shown() == list(calls))

    async def knows(self, up):
        await until(lambda: self.board.up == up)


@asynccontextmanager
async def running(machine):
    task = asyncio.create_task(machine.registry.run())
    try:
        yield machine
    finally:
        task.cancel()
        await asyncio.wait({task})


async def no_farewell():
    pass


@asynccontextmanager
async def two_machines(server):
    async with running(Machine(server, "lyon")) as lyon, running(Machine(server, "brest")) as brest:
        yield lyon, brest


async def test_each_page_shows_the_other_machine_s_calls_and_where_to_take_them(redis_server):
    async with two_machines(redis_server) as (lyon, brest):
        lyon.answers("a1")
        brest.answers("b1")
        await brest.shows("a1")
        await lyon.shows("b1")
        (there,) = brest.hub.elsewhere.calls
        assert (there.machine, there.url) == ("lyon", "https://lyon.example.fr")
        assert not brest.hub.claim("a1", "anne"), "a call is taken over where it is"
        lyon.hub.close("a1")
        await brest.shows()


async def test_a_machine_that_starts_later_sees_what_goes_on(redis_server):
    async with running(Machine(redis_server, "lyon")) as lyon:
        lyon.answers("a1")
        plain = redis.Redis.from_url(redis_server.url)
        await until(lambda: plain.exists("voicebot:note:lyon"))
        plain.close()
        async with running(Machine(redis_server, "brest")) as brest:
            await brest.shows("a1")


async def test_a_call_rings_when_only_another_machine_s_page_is_open(redis_server):
    async with two_machines(redis_server) as (lyon, brest):
        lyon.hub._left = brest.hub._left = float(
            "-inf"
        )  # nobody has looked yet, on a machine just booted too
        lyon.answers("a1")
        assert not lyon.hub.watched
        with brest.hub.subscribe():
            await until(lambda: lyon.hub.watched)
            ring = asyncio.create_task(lyon.hub.ring("a1", chest_pain(), 30))
            await until(lambda: [c.phase for c in brest.hub.elsewhere.calls] == ["ringing"])
            assert brest.hub.elsewhere.calls[0].level == "emergency"
            lyon.hub.close("a1")
            assert await ring == "caller_left"


async def test_a_machine_that_dies_takes_its_calls_from_the_other_page(redis_server):
    async with running(Machine(redis_server, "brest")) as brest:
        lyon = Machine(redis_server, "lyon")
        lyon.board._leave = no_farewell  # killed, it says none
        dying = asyncio.create_task(lyon.registry.run())
        lyon.answers("a1")
        await brest.shows("a1")
        dying.cancel()
        await brest.shows()


async def test_a_machine_that_stops_says_so_at_once(redis_server):
    async with running(Machine(redis_server, "brest")) as brest:
        async with running(Machine(redis_server, "lyon")) as lyon:
            lyon.board._lease_s = brest.board._lease_s = 3600
            lyon.answers("a1")
            await brest.shows("a1")
        await brest.shows()


async def test_redis_killed_in_the_middle_of_a_call_and_started_again(redis_server, caplog):
    async with two_machines(redis_server) as (lyon, brest):
        lyon.answers("a1")
        await brest.shows("a1")
        redis_server.kill()
        await lyon.knows(up=False)
        await brest.knows(up=False)
        assert lyon.hub.call("a1").phase == "automatic", "the call goes on where it is"
        lyon.answers("a2")
        lyon.hub.claim("a1", "anne")
        assert await lyon.hub.take_over("a1", "anne's line")
        assert await lyon.registry.admits("+33612345678")
        await brest.shows()
        redis_server.start()
        await brest.shows("a1", "a2")
        assert [c.phase for c in brest.hub.elsewhere.calls] == ["human", "automatic"]
    said = [r.message for r in caplog.records if "does not answer" in r.message]
    assert len(said) == 2, "one line for each machine, not one for each attempt"
    assert "mot-de-passe" not in caplog.text


async def test_a_redis_that_hangs_holds_nobody_up(redis_server):
    async with two_machines(redis_server) as (lyon, brest):
        lyon.answers("a1")
        await brest.shows("a1")
        redis_server.freeze()
        async with asyncio.timeout(PATIENCE_S):
            assert await lyon.registry.admits("+33612345678")
        await lyon.knows(up=False)
        await brest.shows()
        redis_server.thaw()
        await brest.shows("a1")


async def test_nothing_a_patient_said_or_dialled_is_in_redis(redis_server):
    async with (
        running(Machine(redis_server, "lyon")) as lyon,
        running(Machine(redis_server, "brest")) as brest,
    ):
        busy_morning(lyon.hub)
        ring = asyncio.create_task(lyon.hub.ring("b2", chest_pain(), 30))
        await lyon.registry.admits("+33612345678")
        await until(lambda: any(c.phase == "ringing" for c in brest.hub.elsewhere.calls))
        ring.cancel()
        plain = redis.Redis.from_url(redis_server.url, decode_responses=True)
        kept = ""
        for key in plain.scan_iter():
            kind = plain.type(key)
            kept += key + (plain.get(key) if kind == "string" else str(plain.zrange(key, 0, -1)))
        plain.close()
    assert '"b2"' in kept
    assert "voicebot:caller:" in kept
    for word in ("poitrine", "rendez-vous", "douleur", "612345678", "assistant", "Urgence"):
        assert word not in kept


async def test_garbage_from_a_neighbour_is_left_out(redis_server):
    good = {"machine": "nice", "url": "javascript:alert(1)", "watched": True, "calls": []}
    call = {"id": "n1", "practice": "demo", "channel": "web", "since": NOW.isoformat()}
    call |= {"phase": "ringing", "taken_by": "", "level": None}
    notes = {
        "raw": b"\xff\xfe not json",
        "deep": b"[" * 100_000,
        "list": b"[]",
        "long": json.dumps(good | {"calls": [call | {"id": "x" * 1000}]}).encode(),
        "naive": json.dumps(good | {"calls": [call | {"since": "2026-11-23T09:40:00"}]}).encode(),
        "phase": json.dumps(good | {"calls": [call | {"phase": "<b>"}]}).encode(),
        "nice": json.dumps(good | {"calls": [call]}).encode(),
    }
    async with running(Machine(redis_server, "lyon")) as lyon:
        await lyon.knows(up=True)
        plain = redis.Redis.from_url(redis_server.url)
        await until(lambda: plain.pubsub_numsub("voicebot:notes")[0][1])
        for name, note in notes.items():
            plain.set(f"voicebot:note:{name}", note)
            plain.publish("voicebot:notes", name.encode() + b"\n" + note)
        plain.publish("voicebot:notes", b"\xff")
        plain.close()
        await lyon.shows("n1")
        assert lyon.hub.elsewhere.calls[0].url == "", "only a page is linked to"


async def test_the_page_links_to_the_machine_that_has_the_call(redis_server):
    async with two_machines(redis_server) as (lyon, brest):
        parts = service(hub=brest.hub)
        async with logged_in(parts) as client:
            stream = await client.get("/direct/flux")
            lyon.answers("a1")
            async with asyncio.timeout(PATIENCE_S):
                while b"https://lyon.example.fr/direct#call-a1" not in (
                    line := await stream.content.readline()
                ):
                    assert line
            stream.close()
            page = await (await client.get("/direct")).text()
    assert "Voir et prendre l’appel sur lyon" in page


# How often one caller may call


async def test_one_caller_s_calls_count_on_all_machines_together(redis_server):
    async with two_machines(redis_server) as (lyon, brest):
        machines = [lyon, brest, lyon, brest, lyon]
        assert [await m.registry.admits("+33612345678") for m in machines] == [True, True, True, False, False]
        assert await brest.registry.admits("+33687654321"), "another caller is another matter"


async def test_the_window_slides(redis_server):
    async with running(Machine(redis_server, "lyon")) as lyon:
        assert [await lyon.board.admits("x", 2, 1.0) for _ in range(3)] == [True, True, False]
        async with asyncio.timeout(PATIENCE_S):
            while not await lyon.board.admits("x", 2, 1.0):  # noqa: ASYNC110  # Redis' clock is not ours
                await asyncio.sleep(0.05)


async def test_without_redis_a_machine_counts_by_itself():
    alone = registry(Settings(calls_per_caller=2), Hub())
    assert [await alone.admits("+33612345678") for _ in range(3)] == [True, True, False]
    assert all([await alone.admits("") for _ in range(9)]), "a withheld number is nobody"
    free = registry(Settings(calls_per_caller=0), Hub())
    assert all([await free.admits("+33612345678") for _ in range(99)])
    await alone.run()


def test_in_one_process_the_window_slides_too_and_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(registry_module, "CALLERS", 3)
    callers = Callers(limit=2, window_s=10)
    assert [callers.admits("a", at) for at in (0, 1, 2, 9.9, 10, 10.5, 11)] == [
        *(True, True, False, False, True, False, True)
    ]
    for name in "bcdefg":
        callers.admits(name, 12)
    assert len(callers._calls) == 3


@pytest.mark.parametrize(
    ("remote", "caller"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("127.0.0.1", ""),
        ("::1", ""),
        (None, ""),
        ("garbage", ""),
    ],
)
def test_who_a_web_caller_is(remote, caller):
    assert address_of(remote) == caller


def test_an_address_that_cannot_be_redis_is_said_without_its_password():
    with pytest.raises(Faulty) as told:
        registry(Settings(redis_url="http://:secret@nowhere", machine="lyon"), Hub())
    assert "VOICEBOT_REDIS_URL" in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("machine", ["", "Lyon 1", "lyon_1", "x" * 41, "lyon\n"])
def test_a_machine_that_shares_has_a_name_that_its_calls_can_carry(machine):
    with pytest.raises(Faulty, match="VOICEBOT_MACHINE"):
        registry(Settings(redis_url="redis://nowhere", machine=machine), Hub())


def test_a_call_is_settled_by_the_machine_it_began_on():
    call = new_call("lyon-1")
    assert ours("lyon-1", call)
    assert ours("lyon-1", "lyon-1_-1763769600-0"), "as Asterisk names its own"
    assert not ours("lyon", call)
    assert not ours("lyon-12", call)
    assert ours("", call), "a machine without a name is the only one"
    assert ours("", new_call(""))


def test_calls_elsewhere_are_shown_oldest_first_and_not_without_end():
    hub = Hub()
    alone = Registry(hub, None, "lyon", "", 0)
    one = {"practice": "demo", "channel": "web", "phase": "automatic", "taken_by": "", "level": None}
    calls = [one | {"id": str(n), "since": (NOW - timedelta(seconds=n)).isoformat()} for n in range(300)]
    alone._show({"b": json.dumps({"machine": "b", "url": "", "watched": False, "calls": calls})})
    shown = hub.elsewhere.calls
    assert len(shown) == 200
    assert list(shown) == sorted(shown, key=lambda call: call.since)
