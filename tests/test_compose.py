"""The containers' description: valid, nothing open, no password in it, and every start script really runs.

No Docker engine runs here: what an engine would do with these files is not tested (docs/deployment.md).
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from voicebot.settings import Settings, load

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))


@pytest.fixture(scope="module")
def services():
    return YAML(typ="safe").load(COMPOSE)["services"]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "secrets"
    subprocess.run([ROOT / "docker/make-secrets.sh", folder], check=True, stdout=subprocess.PIPE)
    return folder


def test_the_file_is_what_compose_reads():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_images_are_pinned(services):
    images = [service["image"] for service in services.values()]
    images += [
        image for file in DOCKERFILES for image in re.findall(r"^FROM (\S+)", file.read_text(), re.MULTILINE)
    ]
    assert len(images) == 7
    for image in images:
        assert re.fullmatch(r"[a-z-]+:\S*\d\S*", image), image


def test_every_service_has_a_health_check_and_comes_back(services):
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["restart"] == "unless-stopped", name


def test_the_voice_is_left_the_time_to_finish_its_calls(services):
    assert int(services["voicebot"]["stop_grace_period"].removesuffix("s")) > Settings().drain_s + 60


def test_nothing_is_published_and_the_stores_have_no_network(services):
    assert not [name for name, service in services.items() if "ports" in service]
    assert {service["network_mode"] for service in (services["postgres"], services["redis"])} == {"none"}
    assert "listen_addresses=" in services["postgres"]["command"]


def test_the_page_is_on_loopback_until_somebody_says_otherwise(services):
    assert services["voicebot"]["environment"]["VOICEBOT_HOST"] == "${VOICEBOT_HOST:-127.0.0.1}"


def test_no_password_is_in_the_file(services):
    given = [(name, value) for s in services.values() for name, value in s.get("environment", {}).items()]
    spoken_of = [(name, value) for name, value in given if re.search("PASSWORD|SECRET(?!S)|KEY$", name)]
    assert [name for name, _ in spoken_of] == [
        *("VOICEBOT_TLS_KEY", "VOICEBOT_DATABASE_PASSWORD_FILE", "VOICEBOT_REDIS_PASSWORD_FILE"),
        *("POSTGRES_PASSWORD_FILE", "REDIS_PASSWORD_FILE"),
    ]
    assert all(value.startswith("/run/secrets/") for name, value in spoken_of if name.endswith("_FILE"))
    assert ":@" not in COMPOSE.read_text()
    assert "/secrets/" in (ROOT / ".gitignore").read_text().split()
    assert "secrets" in (ROOT / ".dockerignore").read_text().split()


def test_the_service_understands_its_environment(services, secrets):
    environment = {
        name: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", str(value)).replace("/run/secrets", str(secrets))
        for name, value in services["voicebot"]["environment"].items()
    }
    settings = load(environment)
    password = (secrets / "postgres_password").read_text()
    assert settings.database == f"postgresql+asyncpg://voicebot:{password}@/voicebot?host=/run/postgresql"
    assert settings.redis_password == (secrets / "redis_password").read_text()


def test_what_is_copied_or_mounted_exists(services):
    copied = [
        source
        for file in DOCKERFILES
        for line in re.findall(r"^COPY (?!--from)(.*)$", file.read_text(), re.MULTILINE)
        for source in line.split()[:-1]
    ]
    mounted = [
        volume.split(":")[0] for s in services.values() for volume in s["volumes"] if volume.startswith("./")
    ]
    assert len(copied) > 10
    missing = [path for path in (*copied, *mounted) if not (ROOT / path).exists()]
    assert missing == ["./secrets/voicebot", "./certificates"], (
        "made by make-secrets.sh, and by whoever has one"
    )


def test_the_requirements_of_the_image_exist():
    wanted = re.findall(r"-r (requirements/\S+)", (ROOT / "docker/voicebot.Dockerfile").read_text())
    assert wanted == ["requirements/build.txt", "requirements/run.txt", "requirements/fleet.txt"]
    assert all((ROOT / path).is_file() for path in wanted)


def test_every_start_and_health_script_is_there_and_can_be_run(services):
    words = [
        word
        for service in services.values()
        for word in (*service["command"], *service["healthcheck"]["test"])
        if str(word).endswith(".sh")
    ]
    assert len(words) == 6
    for word in words:
        script = ROOT / "docker" / Path(word).name
        assert os.access(script, os.X_OK), script


def test_passwords_are_made_once_and_only_we_can_reach_them(secrets):
    made = {path.name: path.read_text() for path in secrets.iterdir() if path.is_file()}
    assert set(made) == {"postgres_password", "redis_password"}
    assert all(re.fullmatch("[0-9a-f]{48}", password) for password in made.values())
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    again = subprocess.run([ROOT / "docker/make-secrets.sh", secrets], check=True, capture_output=True)
    assert again.stdout == b""
    assert made == {path.name: path.read_text() for path in secrets.iterdir() if path.is_file()}
    assert (secrets / "voicebot").is_dir()


# The start scripts, run


def wait_for(true, process):
    for _ in range(500):
        if true():
            return
        assert process.poll() is None, f"ended with {process.returncode}"
        time.sleep(0.02)
    raise AssertionError("nothing happened")


@pytest.fixture
def redis_container(secrets, tmp_path):
    if not shutil.which("redis-server"):
        pytest.fail("redis-server is not installed: apt-get install redis-server")
    environment = os.environ | {
        "REDIS_SOCKET": str(tmp_path / "redis.sock"),
        "REDIS_PASSWORD_FILE": str(secrets / "redis_password"),
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            ["sh", ROOT / "docker/redis-start.sh"], env=environment, stdout=log, stderr=log
        )
    yield environment, process
    process.kill()
    process.wait()


def test_redis_starts_is_healthy_and_lets_nobody_in_without_the_password(redis_container):
    environment, process = redis_container
    healthy = ["sh", ROOT / "docker/redis-healthy.sh"]
    wait_for(lambda: subprocess.run(healthy, env=environment, capture_output=True).returncode == 0, process)
    socket = environment["REDIS_SOCKET"]
    asked = subprocess.run(["redis-cli", "-s", socket, "keys", "*"], capture_output=True, text=True)
    assert "NOAUTH" in asked.stdout + asked.stderr
    words = Path(f"/proc/{process.pid}/cmdline").read_text()
    assert words.startswith("redis-server"), "the script's place is taken: signals reach the server"
    assert Path(environment["REDIS_PASSWORD_FILE"]).read_text() not in words
    process.terminate()
    assert process.wait(10) == 0
    assert subprocess.run(healthy, env=environment, capture_output=True).returncode != 0


def test_redis_does_not_start_with_an_empty_password(tmp_path):
    (tmp_path / "password").touch()
    environment = os.environ | {
        "REDIS_SOCKET": str(tmp_path / "s"),
        "REDIS_PASSWORD_FILE": str(tmp_path / "password"),
    }
    refused = subprocess.run(
        ["sh", ROOT / "docker/redis-start.sh"], env=environment, capture_output=True, timeout=10
    )
    assert refused.returncode == 1


def stub(folder, name, *lines):
    """A program that writes what it was asked, and as whom, before it does `lines`."""
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", f'echo "$$ $*" >>{folder}/asked', *lines]) + "\n")
    path.chmod(0o755)
    return str(path)


def asked_of(folder):
    path = folder / "asked"
    return [line.partition(" ")[::2] for line in path.read_text().splitlines()] if path.exists() else []


def test_asterisk_waits_for_its_first_configuration_and_then_takes_the_script_s_place(tmp_path):
    environment = os.environ | {"VOICEBOT_STATE": str(tmp_path), "ASTERISK": stub(tmp_path, "exchange")}
    process = subprocess.Popen(
        [ROOT / "docker/asterisk-start.sh"], env=environment, stderr=subprocess.PIPE, text=True
    )
    assert "Waiting for" in process.stderr.readline()
    assert asked_of(tmp_path) == []
    configuration = tmp_path / "asterisk/etc/asterisk.conf"
    configuration.parent.mkdir(parents=True)
    configuration.write_text("[directories]\n")
    wait_for(lambda: asked_of(tmp_path), process)
    assert asked_of(tmp_path) == [(str(process.pid), f"-f -C {configuration}")]
    process.wait(5)
    process.stderr.close()


@pytest.mark.parametrize("configured", [True, False])
def test_the_voice_starts_even_when_the_exchange_s_configuration_cannot_be_written(tmp_path, configured):
    python = stub(tmp_path, "python", "" if configured else 'case "$*" in *asterisk*) exit 2;; esac')
    process = subprocess.Popen(
        [ROOT / "docker/voicebot-start.sh"], env=os.environ | {"PYTHON": python, "VOICEBOT_TELEPHONE": "own"}
    )
    assert process.wait(10) == 0
    (_, first), (pid, last) = asked_of(tmp_path)
    assert first == "-m voicebot asterisk config"
    assert (pid, last) == (str(process.pid), "-m voicebot run")
