"""Everything Asterisk needs on disk, put in place: folders, secrets, sounds, configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from telephony.asterisk import configuration, secret_words, sounds
from telephony.asterisk.configuration import Installation, Secrets
from telephony.asterisk.written import Written, write
from voicebot.domain.practice import Practice
from voicebot.domain.trunk import Trunk
from voicebot.settings import Settings


@dataclass(frozen=True)
class Assembled:
    """What stands ready in `Settings.exchange`."""

    folder: Path
    secrets: Secrets
    written: Written
    warnings: tuple[str, ...]


def assemble(
    practices: Sequence[Practice],
    settings: Settings,
    trunks: Sequence[Trunk],
    installation: Installation | None = None,
    *,
    out: Path | None = None,
    force: bool = False,
) -> Assembled:
    """Blocking. `out`: another folder for the configuration files. Raises Faulty, OSError."""
    folder = settings.exchange.resolve()
    for place in configuration.PLACES:
        (folder / place).mkdir(parents=True, exist_ok=True, mode=0o700)
    line_secrets = Path(settings.line_secrets) if settings.line_secrets else settings.state / "secrets"
    secrets = secret_words.load(folder, configuration.phones(practices), trunks, line_secrets)
    files = configuration.files(practices, settings, trunks, secrets, installation)
    sounds.prepare(folder / "sounds")
    written = write(out or folder / "etc", files, force=force)
    return Assembled(folder, secrets, written, configuration.unreachable(practices, trunks))
