"""Every setting, typed and documented, read once by `load`; nothing else reads the environment.

Set them as environment variables: `VOICEBOT_` + the field's name in capitals, e.g. `VOICEBOT_PORT=8443`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from voicebot.errors import Faulty

HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Settings:
    """Units are in the names."""

    host: str = "127.0.0.1"
    """Browsers give the microphone only to localhost or HTTPS: change it together with `tls_cert`."""
    port: int = 8080
    tls_cert: str = ""
    """PEM file; with `tls_key` the service speaks HTTPS."""
    tls_key: str = ""
    practices: Path = HERE / "practices"
    rules: Path = HERE / "triage_rules"
    prompts: Path = HERE / "prompts"
    state: Path = Path("var")
    """Where the service keeps its database, its keys and its first password."""
    database_url: str = ""
    """SQLAlchemy URL; empty = SQLite in `state`."""
    cache: Path = Path.home() / ".cache" / "voicebot"
    """Models and rendered speech; can be deleted, is made again."""
    whisper: str = "base"
    """`base`, a folder holding a CTranslate2 model, or a hub name such as `large-v3-turbo`."""
    calls_at_once: int = 8
    """Above it the next caller is told at once that every line is taken."""
    whisper_workers: int = 2
    """Decodes at once, one thread each."""
    kokoro_workers: int = 1
    """Syntheses at once, one thread each."""
    speech_speed: float = 1.0
    retention_days: int = 30
    """How long a call's words are kept."""

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.state / 'voicebot.db'}"


def load(environment: Mapping[str, str]) -> Settings:
    """Settings from `VOICEBOT_*` variables. Raises Faulty naming every unknown or unreadable one."""
    kinds = {f"VOICEBOT_{f.name.upper()}": f for f in fields(Settings)}
    values: dict[str, object] = {}
    wrong = []
    for name, text in environment.items():
        if not name.startswith("VOICEBOT_"):
            continue
        if name not in kinds:
            wrong.append(f"{name}: no such setting; known: {', '.join(sorted(kinds))}")
            continue
        kind: type[str] | type[int] | type[float] | type[Path]
        kind = Path if isinstance(kinds[name].default, Path) else type(kinds[name].default)  # type: ignore[assignment]
        try:
            values[kinds[name].name] = kind(text)
        except ValueError:
            wrong.append(f"{name}: {text!r} is not a {kind.__name__}")
    if wrong:
        raise Faulty("\n".join(wrong))
    return Settings(**values)  # type: ignore[arg-type]  # types were checked field by field above
