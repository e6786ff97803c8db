"""Signed versions of the rules: who signed, when, and the exact files, in a chain that shows any change.

A folder of the service's state holds one file a version, never written again. Each has the hash of the one
before: nobody can alter, remove or slip one in without its place being named here. Whoever has noted the last
hash somewhere else can tell a chain that was made anew as well. (The register of what was destroyed counts
deeds and has no room for what was signed: this chain is its own.)
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicebot.adapters.rules_yaml import LAYERS
from voicebot.app.rule_changes import Change, Texts, changes
from voicebot.errors import Fault, Faulty, FaultyFile

FOLDER = "rule_versions"
"""In the service's state."""
FIRST = "0" * 64
"""What stands for the version before the first."""


@dataclass(frozen=True)
class Version:
    """What somebody signed. `practice` "" = the rules of every practice."""

    position: int
    """From 1, without gaps."""
    by: str
    at: datetime
    """UTC."""
    practice: str
    rules: Mapping[str, str]
    """`Rules.version` by practice, "" for one without a layer: what its calls' journals name."""
    sha256: Mapping[str, str]
    """Of each file, by its path in the rules' folder."""
    previous: str
    hash: str
    texts: Texts = field(default_factory=dict, repr=False)

    def covers(self, practice: str) -> bool:
        """Whether it was signed for that practice."""
        return self.practice in ("", practice)

    def texts_of(self, practice: str) -> Texts:
        """The files that practice's calls go through."""
        return concerning(self.texts, practice)


@dataclass(frozen=True)
class Chain:
    """Every version, oldest first. `damage`: what is not as it was written, in French; then none counts."""

    versions: tuple[Version, ...] = ()
    damage: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """Hash of the newest."""
        return self.versions[-1].hash if self.versions else FIRST

    def last(self, practice: str) -> Version | None:
        """The newest that was signed for that practice."""
        return next((version for version in reversed(self.versions) if version.covers(practice)), None)


@dataclass(frozen=True)
class Standing:
    """How the rules a practice's calls go through stand to what a doctor has signed."""

    version: Version | None = None
    """The last one signed for it."""
    changed: tuple[Change, ...] = ()
    """What is no longer as it was signed."""
    damage: tuple[str, ...] = ()

    @property
    def signed(self) -> bool:
        """Exactly these files, by somebody, in a chain that nobody touched."""
        return self.version is not None and not self.changed and not self.damage


def standing(chain: Chain, practice: str, now: Texts) -> Standing:
    """`now`: the files `concerning` that practice."""
    last = chain.last(practice)
    if last is None or chain.damage:
        return Standing(last, damage=chain.damage)
    then = last.texts_of(practice)
    if then == now:
        return Standing(last)
    found = changes(then, now)
    # What is written otherwise but says the same (a comment, an empty line) was not signed either.
    told = {change.file for change in found}
    files = sorted(path for path in {*then, *now} - told if then.get(path) != now.get(path))
    return Standing(last, (*found, *(Change("présentation", "Changement", path) for path in files)))


def concerning(texts: Texts, practice: str) -> Texts:
    """Those of the files that a practice's calls go through."""
    own = f"{LAYERS}/{practice}.yaml"
    return {path: text for path, text in texts.items() if "/" not in path or path == own}


def texts_of(folder: Path) -> Texts:
    """Every file of the rules' folder that a call may go through. Raises FaultyFile."""
    found: dict[str, str] = {}
    for path in (*sorted(folder.glob("*.yaml")), *sorted((folder / LAYERS).glob("*.yaml"))):
        try:
            found[path.relative_to(folder).as_posix()] = path.read_bytes().decode("utf8")
        except OSError as error:
            raise FaultyFile((Fault(str(path), 0, 0, f"fichier illisible ({error.strerror})"),)) from error
        except UnicodeDecodeError as error:
            message = "caractère illisible : enregistrez le fichier en UTF-8"
            raise FaultyFile((Fault(str(path), 0, 0, message),)) from error
    return found


def written(texts: Texts, folder: Path) -> Path:
    """The files, put back into an empty folder."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf8"))
    return folder


def sign(
    folder: Path, by: str, at: datetime, practice: str, texts: Texts, rules: Mapping[str, str]
) -> Version:
    """Write the next version, on disk when it returns. Raises Faulty: the chain was touched, somebody else
    signed at the same moment, or the folder cannot be written to."""
    chain = read(folder)
    if chain.damage:
        raise Faulty(
            "\n".join(chain.damage)
            + f"\nRien n'est signé. Gardez le dossier {folder} comme preuve, sous un autre nom, puis "
            "recommencez : une nouvelle suite de versions commencera."
        )
    sha256 = {path: _sha256(text) for path, text in texts.items()}
    version = Version(
        len(chain.versions) + 1, by, at.astimezone(UTC), practice, rules, sha256, chain.head, ""
    )
    stored = {**_header(version), "hash": _hash(version), "texts": dict(texts)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(stored, ensure_ascii=False, indent=1)
        if not _written_once(folder / f"{version.position:04}.json", text):
            raise Faulty("Quelqu'un d'autre vient de signer une version. Relisez-la, puis recommencez.")
    except OSError as error:
        raise Faulty(f"{folder} : la version n'a pas pu être écrite ({error.strerror}).") from error
    return read(folder).versions[-1]


def read(folder: Path) -> Chain:
    """Every version, and whatever is not as it was written."""
    versions: list[Version] = []
    damage: list[str] = []
    previous = FIRST
    for expected, path in enumerate(sorted(folder.glob("*.json")), 1):
        version = _read(path)
        if version is None:
            return Chain(tuple(versions), (*damage, f"Version {path.stem} : son fichier ne se lit plus."))
        damage += _damage(version, expected, previous)
        if version.position != expected:
            return Chain(tuple(versions), tuple(damage))
        previous = version.hash
        versions.append(version)
    return Chain(tuple(versions), tuple(damage))


def _damage(version: Version, position: int, previous: str) -> Iterator[str]:
    named = f"Version {version.position}, signée par {version.by}"
    if version.position != position:
        yield f"Il manque la version {position} : quelqu'un l'a retirée."
        return
    if version.previous != previous:
        yield f"{named} : ne suit plus la version {position - 1}, l'une des deux a été remplacée."
    if _hash(version) != version.hash:
        yield f"{named} : l'auteur, la date ou la liste des fichiers a été modifié après coup."
    for path in sorted({*version.texts, *version.sha256}):
        if path not in version.texts or _sha256(version.texts[path]) != version.sha256.get(path):
            yield f"{named} : le texte de {path} a été modifié après coup."


def _read(path: Path) -> Version | None:
    try:
        stored = json.loads(path.read_text(encoding="utf8"))
        at = datetime.fromisoformat(stored.pop("at"))
        return Version(at=at, **stored) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _header(version: Version) -> dict[str, Any]:
    """What is signed: everything but the texts, which stand in it by their hashes."""
    return {
        "position": version.position,
        "by": version.by,
        "at": version.at.isoformat(timespec="microseconds"),
        "practice": version.practice,
        "rules": dict(sorted(version.rules.items())),
        "sha256": dict(sorted(version.sha256.items())),
        "previous": version.previous,
    }


def _hash(version: Version) -> str:
    return _sha256(json.dumps(_header(version), sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _written_once(path: Path, text: str) -> bool:
    """The whole file or none of it; False: there is one already. Raises OSError."""
    draft = path.with_suffix(f".{os.getpid()}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def told(standing: Standing, most: int = 5) -> tuple[str, ...]:
    """Why the rules are not validated, in French, what to look at last; empty when they are."""
    if standing.signed:
        return ()
    if standing.damage:
        return (
            "Règles d’urgence non validées : le dossier des versions signées a été modifié.",
            *standing.damage,
        )
    if standing.version is None:
        return ("Règles d’urgence non validées par un médecin.",)
    version = standing.version
    last = f"la signature de {version.by} (version {version.position})"
    since = f"Règles d’urgence non validées : changées depuis {last}."
    more = len(standing.changed) - most
    return (
        since,
        *map(str, standing.changed[:most]),
        *([f"… et {more} autres changements"] if more > 0 else []),
    )
