"""Words at rest: unreadable without the key, and nowhere but in their own row."""

import os
import stat

import pytest

from voicebot.adapters.sealing import sealer
from voicebot.errors import Faulty, Unavailable


def test_what_is_sealed_opens_in_its_own_row_only(tmp_path):
    box = sealer(tmp_path / "key")
    sealed = box.seal(b"j'ai mal", "demo", "call", 3)
    assert b"mal" not in sealed
    assert box.open(sealed, "demo", "call", 3) == b"j'ai mal"
    for elsewhere in (("demo", "call", 4), ("demo", "other", 3), ("bench", "call", 3), ("democall", 3)):
        with pytest.raises(Unavailable):
            box.open(sealed, *elsewhere)


@pytest.mark.parametrize("spoilt", [b"", b"abc", b"\0" * 40])
def test_an_altered_value_does_not_open(tmp_path, spoilt):
    box = sealer(tmp_path / "key")
    with pytest.raises(Unavailable):
        box.open(spoilt, "demo")
    sealed = bytearray(box.seal(b"secret", "demo"))
    sealed[-1] ^= 1
    with pytest.raises(Unavailable):
        box.open(bytes(sealed), "demo")


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path):
    path = tmp_path / "key"
    before = sealer(path).seal(b"old", "demo")
    path.write_text(os.urandom(32).hex() + "\n" + path.read_text())
    rotated = sealer(path)
    assert rotated.open(before, "demo") == b"old"
    assert rotated.seal(b"new", "demo")[:4] != before[:4]


def test_the_key_file_is_ours_alone_and_kept(tmp_path):
    path = tmp_path / "state" / "key"
    assert sealer(path) == sealer(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "not hexadecimal", "abcd"])
def test_a_spoilt_key_file_is_told_not_replaced(tmp_path, text):
    (tmp_path / "key").write_text(text)
    with pytest.raises(Faulty):
        sealer(tmp_path / "key")
    assert (tmp_path / "key").read_text() == text
