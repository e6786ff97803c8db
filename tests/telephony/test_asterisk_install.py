"""The installer, where it may not install."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from telephony.asterisk.installation import SCRIPT, of
from tests.contracts.conftest import unprivileged
from voicebot.errors import Faulty


@pytest.fixture
def folder():
    """One that anybody may look into."""
    made = Path(tempfile.mkdtemp(prefix="vb-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_without_root_it_says_in_one_sentence_what_to_do(folder):
    script = folder / "install.sh"
    shutil.copy(SCRIPT, script)
    words, _ = unprivileged()
    tried = subprocess.run(
        [*words, "bash", script, folder / "asterisk"],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        check=False,
    )
    assert tried.returncode == 1
    assert tried.stdout == ""
    assert tried.stderr.count("\n") == 1
    assert "sudo" in tried.stderr
    assert "seuls les appels par le web fonctionnent" in tried.stderr
    assert os.listdir(folder) == ["install.sh"]


def test_one_that_is_there_already_is_taken(folder):
    program = folder / "asterisk"
    program.write_text("#!/bin/sh\necho Asterisk 22.10.1+dfsg\n")
    program.chmod(0o755)
    tried = subprocess.run(
        ["bash", SCRIPT, folder],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
        check=True,
    )
    assert tried.stdout == f"{program}\n"


def test_a_program_without_its_modules_is_refused(folder):
    (folder / "root").mkdir()
    (folder / "asterisk").touch()
    with pytest.raises(Faulty, match="modules"):
        of(folder / "asterisk")
