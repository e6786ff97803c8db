"""The whole service as its container starts it, on a PostgreSQL that asks for its password on a socket.

People book, the service and the database are killed, and what was said stays true. Only Whisper and Kokoro
are not there: these callers write.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from ruamel.yaml import YAML

from telephony.handset import calling
from tests.contracts.conftest import unprivileged
from tests.ports import free_ports

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[2]
SERVICES = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]
PATIENCE_S = 150
BOOKING = (
    "bonjour je m'appelle {name}, née le 12 mars 1972, je voudrais un rendez-vous avec le docteur Moreau"
    " le plus tôt possible",
    "la première",
    "mon numéro est le 06 12 34 56 78",
    "oui c'est ça",
)


class Postgres:
    """A cluster made and started with the words of docker-compose.yml, but without fsync."""

    def __init__(self, folder, password):
        self.folder, self.password, self.process = folder, password, None
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
        if not installed:
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        self.bin, (self.words, owner) = installed[-1], unprivileged()
        (folder / "password").write_text(password)
        given = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
        words = ["-D", folder / "data", "-U", "voicebot", "-E", "UTF8", f"--pwfile={folder / 'password'}"]
        if owner:
            for path in (folder, folder / "password"):
                shutil.chown(path, owner)
        subprocess.run(
            [*self.words, self.bin / "initdb", *words, *given], check=True, capture_output=True, cwd="/"
        )

    def start(self):
        command = [self.bin / "postgres", *SERVICES["postgres"]["command"][1:], "-D", self.folder / "data"]
        command += ["-k", self.folder, "-c", "fsync=off"]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen([*self.words, *command], stdout=log, stderr=log, cwd="/")
        for _ in range(400):
            if not subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder]).returncode:
                return
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    async def rows(self, query, password=None):
        connection = await asyncpg.connect(
            host=str(self.folder), user="voicebot", database="voicebot", password=password or self.password
        )
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@pytest.fixture
def postgres():
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder), "p@ss/word: %41")
        server.start()
        subprocess.run(
            [server.bin / "createdb", "-h", folder, "-U", "voicebot", "voicebot"],
            check=True,
            env=os.environ | {"PGPASSWORD": server.password},
        )
        yield server
        server.stop()


class Service:
    """The container's start script as a process, in an environment like the container's."""

    def __init__(self, folder, postgres):
        self.folder, self.postgres = folder, postgres
        self.port, *others = free_ports(4)
        names = ("MEDIA", "AMI", "ARI")
        (folder / "secret").write_text(postgres.password + "\n")
        python = folder / "python"
        python.write_text(
            f'#!/bin/sh\n[ "$*" != "-m voicebot run" ] || set -- -m tests.faults.service_without_engines\n'
            f'exec {sys.executable} "$@"\n'
        )
        python.chmod(0o755)
        compose = SERVICES["voicebot"]["environment"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
        self.environment = kept | {
            "PYTHON": str(python),
            "VOICEBOT_PORT": str(self.port),
            "VOICEBOT_STATE": str(folder / "state"),
            "VOICEBOT_CACHE": str(folder / "cache"),
            # The exchange of another container, which is not there.
            "VOICEBOT_TELEPHONE": compose["VOICEBOT_TELEPHONE"],
            **{f"VOICEBOT_{name}_PORT": str(port) for name, port in zip(names, others, strict=True)},
            "VOICEBOT_MACHINE": "essai",
            "VOICEBOT_DATABASE_URL": compose["VOICEBOT_DATABASE_URL"].replace(
                "/run/postgresql", str(postgres.folder)
            ),
            "VOICEBOT_DATABASE_PASSWORD_FILE": str(folder / "secret"),
            # Nobody there at first: the voice answers all the same.
            "VOICEBOT_REDIS_URL": f"unix://{folder}/redis.sock",
            "VOICEBOT_REDIS_PASSWORD_FILE": str(folder / "secret"),
            "REDIS_SOCKET": str(folder / "redis.sock"),
            "REDIS_PASSWORD_FILE": str(folder / "secret"),
        }
        self.password = ""

    @property
    def log(self):
        return (self.folder / "log").read_text()

    async def start(self):
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220  # it takes no time
                [ROOT / "docker/voicebot-start.sh"], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        healthy = ROOT / "docker/voicebot-healthy.sh"
        async with asyncio.timeout(PATIENCE_S):
            while True:
                asked = await asyncio.create_subprocess_exec(
                    healthy, env=self.environment, stderr=asyncio.subprocess.DEVNULL
                )
                if not await asked.wait():
                    break
                assert self.process.poll() is None, self.log
        if found := re.search(r"mot de passe « (.*?) »", self.log):
            self.password = found[1]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0, self.log

    @asynccontextmanager
    async def call(self):
        async with calling(f"http://127.0.0.1:{self.port}/api/call/demo", bytes(640 * 50)) as handset:
            caller = Caller(handset)
            await caller.hears("je vous écoute")
            yield caller

    async def page(self, path):
        async with aiohttp.ClientSession(
            f"http://127.0.0.1:{self.port}", cookie_jar=aiohttp.CookieJar(unsafe=True)
        ) as browser:
            await browser.post("/connexion", data={"user": "secretariat", "password": self.password})
            async with browser.get(path) as answer:
                assert answer.status == 200, path
                return await answer.text()


class Caller:
    """Somebody who writes in a web call."""

    def __init__(self, handset):
        self.handset, self.calm = handset, False

    def told(self):
        return " ".join(c.text for c in self.handset.captions if c.final and c.who == "voice")

    async def hears(self, words):
        async with asyncio.timeout(PATIENCE_S):
            while words not in self.told():
                if not self.calm and EAGER in self.told():
                    self.calm = True
                    self.writes("non")
                assert not self.handset.gone.is_set(), self.told()
                await asyncio.sleep(0.05)

    def writes(self, text):
        self.handset._channel.send(json.dumps({"type": "text", "text": text}))

    async def answers(self, said, *heard):
        for line, words in zip(said, heard, strict=False):
            self.writes(line)
            await self.hears(words)


EAGER = "Est-ce que c'est urgent ?"
"""Asked of whoever writes before the greeting has ended."""
HEARD = ("Lequel préférez-vous", "À quel numéro", "C'est bien cela", "C'est noté")


def said_by(name):
    return [line.format(name=name) for line in BOOKING]


async def booked(postgres):
    """Who has an appointment that a caller made, and on which day."""
    return await postgres.rows(
        "SELECT first_name, last_name, starts::date FROM appointment JOIN patient ON patient = patient.id"
        " JOIN action ON appointment = appointment.id"
        " WHERE state = 'confirmed' AND key NOT LIKE 'demo:%' ORDER BY starts"
    )


async def held(postgres):
    return await postgres.rows("SELECT id FROM appointment WHERE state = 'held'")


@pytest.fixture
async def running(tmp_path, postgres):
    service = Service(tmp_path, postgres)
    await service.start()
    yield service
    if service.process.poll() is None:
        service.stop()


async def test_pages_answer_a_call_books_and_a_killed_service_comes_back_with_all_it_owes(running, postgres):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await postgres.rows("SELECT 1", password="guessed")
    for path in ("/", "/appel/demo", "/direct"):
        assert "Cabinet" in await running.page(path)
    async with running.call() as caller:
        await caller.answers(said_by("Marie Dubois"), *HEARD)
    assert len(await booked(postgres)) == 1
    async with running.call() as second:
        await second.answers(said_by("Anne Lefort")[:3], *HEARD)
        assert len(await held(postgres)) == 1
        running.kill()
    await running.start()
    assert "appel(s) coupé(s)" in running.log
    assert len(await booked(postgres)) == 1, "kept, and not made twice"
    assert await held(postgres) == [], "the hold of the call that died is given back"
    assert "Appel coupé par une panne" in await running.page("/direct?cabinet=demo")
    assert not await postgres.rows("SELECT 1 FROM call WHERE ended_by IS NULL")
    async with running.call() as third:
        await third.answers(said_by("Anne Lefort"), *HEARD)
    assert len(await booked(postgres)) == 2
    running.stop()
    assert "Traceback" not in running.log


@asynccontextmanager
async def redis_container(service):
    process = subprocess.Popen(  # noqa: ASYNC220  # it takes no time
        ["sh", ROOT / "docker/redis-start.sh"], env=service.environment, stdout=subprocess.DEVNULL
    )
    client = Redis(unix_socket_path=service.environment["REDIS_SOCKET"], password=service.postgres.password)
    try:
        yield client
    finally:
        client.close()
        process.kill()
        process.wait()


def notes(client):
    """What this machine tells the others; nothing while Redis is not there."""
    try:
        return [json.loads(client.get(key)) for key in client.keys("voicebot:note:essai-*")]
    except RedisConnectionError:
        return []


async def test_redis_comes_and_goes_while_people_call(running):
    async with running.call() as caller:
        async with redis_container(running) as client:
            async with asyncio.timeout(PATIENCE_S):
                while not (told := notes(client)):  # noqa: ASYNC110  # another process writes them
                    await asyncio.sleep(0.1)
            assert [call["phase"] for call in told[0]["calls"]] == ["automatic"]
        await caller.answers(said_by("Marie Dubois"), *HEARD)
    running.stop()
    assert running.log.count("Redis does not answer") == 2, "lost at the start and once more: one line each"


async def test_a_database_killed_in_a_call_costs_no_false_confirmation_and_is_found_again(running, postgres):
    async with running.call() as caller:
        await caller.answers(said_by("Marie Dubois")[:3], *HEARD)
        postgres.kill()
        caller.writes("oui c'est ça")
        await caller.hears("problème technique")
        assert "C'est noté" not in caller.told()
    postgres.start()
    assert await booked(postgres) == []
    async with running.call() as again:
        await again.answers(said_by("Marie Dubois"), *HEARD)
    ((first_name, last_name, day),) = await booked(postgres)
    assert f"{first_name} {last_name}" in await running.page(f"/direct/agenda/demo?jour={day}")
    running.stop()
    assert "Traceback" not in running.log
