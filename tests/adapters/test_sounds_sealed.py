"""Messages at rest: sealed, found by their call, and playable even when their recorder died."""

import io
import wave
from datetime import UTC, datetime

import pytest

from voicebot.adapters.sealing import sealer
from voicebot.adapters.sounds_sealed import Sounds, samples_of, wav
from voicebot.errors import Unavailable

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)
PCM = bytes(range(256)) * 20


@pytest.fixture
def sounds(tmp_path):
    return Sounds(tmp_path / "voicemail", sealer(tmp_path / "key"))


def test_a_sound_is_kept_sealed_with_the_time_it_was_made(sounds):
    sounds.put("demo", "1-2", PCM, AT)
    (path,) = sounds.folder.glob("*/*")
    assert PCM[:64] not in path.read_bytes()
    assert path.stat().st_mtime == AT.timestamp()
    assert path.stat().st_mode & 0o077 == 0
    assert sounds.get("demo", "1-2") == PCM
    assert sounds.calls("demo") == {"1-2"}
    assert sounds.get("autre", "1-2") is None
    assert sounds.calls("autre") == frozenset()


def test_a_sound_moved_to_another_call_does_not_open(sounds):
    sounds.put("demo", "1-2", PCM, AT)
    path = next(sounds.folder.glob("*/*"))
    path.rename(path.with_name("1-3.sealed"))
    with pytest.raises(Unavailable):
        sounds.get("demo", "1-3")


@pytest.mark.parametrize("name", ["../key", "..", "a/b", "", "a.b"])
def test_no_name_leads_out_of_the_folder(sounds, name):
    assert sounds.get("demo", name) is None
    assert sounds.get(name, "1-2") is None
    assert sounds.calls(name) == frozenset()
    with pytest.raises(Unavailable):
        sounds.put("demo", name, PCM, AT)


def test_a_recording_is_read_whole():
    assert samples_of(wav(PCM, 8000)) == (PCM, 8000)


@pytest.mark.parametrize("length", [0, 2**32 - 1])
def test_a_recording_whose_writer_died_is_read_to_its_end(length):
    whole = bytearray(wav(PCM, 8000))
    whole[40:44] = length.to_bytes(4, "little")
    assert samples_of(bytes(whole) + b"x") == (PCM, 8000)


@pytest.mark.parametrize("cut", range(44))
def test_whatever_is_no_recording_is_refused(cut):
    with pytest.raises(ValueError, match="WAV"):
        samples_of(wav(PCM, 8000)[:cut])


def test_stereo_is_refused():
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((2, 2, 8000, 0, "NONE", ""))
        writer.writeframes(PCM)
    with pytest.raises(ValueError, match="mono"):
        samples_of(file.getvalue())
