"""The two databases every SQL contract holds on: a SQLite file, and a real PostgreSQL of our own."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.database import Database, migrate

PARIS = ZoneInfo("Europe/Paris")
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.database)]


def unprivileged() -> tuple[list[str], str | None]:
    """PostgreSQL refuses to run as root: the words before a command, and whom its folder belongs to."""
    if os.geteuid():
        return [], None
    users = {user.pw_name for user in pwd.getpwall()}
    user = "postgres" if "postgres" in users else "nobody"
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"], user


@pytest.fixture(scope="session")
def postgresql_url():
    """A migrated database in a cluster that lives as long as the tests, on a Unix socket."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if not installed:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    bin_dir, folder = installed[-1], Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    words, owner = unprivileged()
    if owner:
        shutil.chown(folder, owner)
    data = folder / "data"
    subprocess.run(
        [*words, bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(
            [*words, bin_dir / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd="/"
        )
    try:
        ready = [bin_dir / "pg_isready", "-q", "-h", folder]
        for _ in range(200):
            if subprocess.run(ready).returncode == 0:
                break
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        url = f"postgresql+asyncpg://postgres@/postgres?host={folder}"
        asyncio.run(migrate(url))
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(params=BACKENDS)
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "voicebot.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}"


@pytest.fixture
async def database(url):
    # Patient: a contract is about what is done, not how fast a loaded machine does it.
    database = Database(url, deadline_s=30)
    yield database
    await database.close()


@pytest.fixture
def practice():
    """A practice of this test's own: rows never cross practices, so the tests can share a database."""
    return uuid4().hex
