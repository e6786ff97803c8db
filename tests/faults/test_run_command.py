"""`voicebot run` on what people get wrong: every fault named, at once, exit code 2."""

import asyncio
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from voicebot.app.commands.run import alone

ROOT = Path(__file__).parents[2]


async def voicebot_run(state: Path, **settings: object) -> tuple[int, str]:
    """Exit code and everything it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
    ours = {f"VOICEBOT_{name.upper()}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "voicebot", "run"),
        env=inherited | ours | {"VOICEBOT_STATE": str(state)},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(120):
        told, _ = await process.communicate()
    return process.returncode, told.decode()


@pytest.fixture
def taken():
    """A port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_every_fault_of_every_file_is_named_before_anything_is_loaded(tmp_path):
    practices, rules = tmp_path / "practices", tmp_path / "rules"
    shutil.copytree(ROOT / "practices", practices)
    shutil.copytree(ROOT / "triage_rules", rules)
    demo = (practices / "demo.yaml").read_text(encoding="utf8")
    (practices / "demo.yaml").write_text(f"telefone: 12\n{demo}", encoding="utf8")
    (rules / "mine.yaml").write_text("rules: [\n", encoding="utf8")
    code, told = await voicebot_run(tmp_path / "state", practices=practices, rules=rules, port=0)
    assert code == 2, told
    assert f"{practices / 'demo.yaml'}:1:1: " in told
    assert f"{rules / 'mine.yaml'}:" in told
    assert "Traceback" not in told
    assert "Chargement" not in told


async def test_a_port_in_use_is_said_before_anything_is_loaded(tmp_path, taken):
    code, told = await voicebot_run(tmp_path / "state", port=taken)
    assert code == 2, told
    assert f"VOICEBOT_PORT={taken} : impossible d'écouter" in told
    assert len(told.strip().splitlines()) == 1


async def test_two_services_never_share_their_records(tmp_path):
    with alone(tmp_path / "state"):
        code, told = await voicebot_run(tmp_path / "state", port=0)
    assert code == 2, told
    assert "un autre service y tient déjà ses données" in told
    assert len(told.strip().splitlines()) == 1
