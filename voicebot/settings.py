"""Every setting, typed and documented, read once by `load`; nothing else reads the environment.

Set them as environment variables: `VOICEBOT_` + the field's name in capitals, e.g. `VOICEBOT_PORT=8443`.
A secret better lies in a file: `VOICEBOT_DATABASE_PASSWORD_FILE=/run/secrets/…` is read, without the blanks
around it, as if its content had been given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from voicebot.errors import Faulty

HERE = Path(__file__).parent.parent
FROM_FILE = "_FILE"


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
    database_password: str = ""
    """Put into `database_url`, which then needs none."""
    redis_url: str = ""
    """`redis://`, `rediss://` or `unix://`: machines show each other's calls; empty = this one only."""
    redis_password: str = ""
    machine: str = ""
    """Its name among those that share a database, `[a-z0-9-]`, never changed; empty = it is the only one."""
    public_url: str = ""
    """Where people open this machine's pages, e.g. `https://voix-1.example.fr`; the others link to it."""
    calls_per_caller: int = 30
    """One number's or address's calls within ten minutes, on all machines together; 0 = no limit."""
    cache: Path = Path.home() / ".cache" / "voicebot"
    """Models and rendered speech; can be deleted, is made again."""
    whisper: str = "base"
    """`base`, a folder holding a CTranslate2 model, or a hub name such as `large-v3-turbo`."""
    calls_at_once: int = 8
    """Above it the next caller is told at once that every line is taken."""
    drain_s: int = 120
    """Told to stop (SIGTERM), calls in progress have that long to end; then telephone calls go to humans."""
    whisper_workers: int = 2
    """Decodes at once, one thread each."""
    kokoro_workers: int = 1
    """Syntheses at once, one thread each."""
    speech_speed: float = 1.0
    retention_days: int = 30
    """How long a call's words are kept."""
    voicemail_days: int = 30
    """How long a message left on the answering machine can be listened to."""
    briefing_days: int = 1
    """How long the sound that told a human why somebody is passed to them is kept."""
    clips_days: int = 1
    """How long the sound of what was said to one caller stays in `cache`; sentences for everybody stay."""
    recordings_days: int = 7
    """How long a recorded call is kept; nothing is recorded unless it is asked for."""
    pager_webhook_url: str = ""
    """POSTed to, signed as Standard Webhooks, when a ticket raises an alarm; empty = no webhook."""
    pager_webhook_secret: str = ""
    """`whsec_…`, the base64 of 24 to 64 random bytes; the receiver has the same."""
    pager_email_to: str = ""
    """Addresses told of an alarm, separated by commas; empty = no mail."""
    smtp_host: str = ""
    smtp_port: int = 587
    """465 speaks TLS from the first byte; any other must offer STARTTLS, except on this very machine."""
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    """The mails' sender; empty = `smtp_user`."""
    llm_url: str = ""
    """Of a language model that reads beside us (docs/llm.md): `http://127.0.0.1:11434/v1`; empty = none."""
    llm_key: str = ""
    llm_model: str = ""
    """Its name, as that server calls it."""
    llm_deadline_s: float = 1.2
    """A caller whom we did not understand waits for it at most this long."""
    llm_masks: str = "yes"
    """`yes`: names, telephone numbers and birth dates are not sent; `no`: words go as they are said."""
    telephone: str = "auto"
    """`auto`: Asterisk is found or installed, started and watched over once a practice has numbers; `own`:
    somebody else runs it with our configuration (a container, your PBX); `no`: web calls only."""
    asterisk: str = ""
    """Program to start; empty = what `telephony/asterisk/install.sh` finds."""
    lines: Path = HERE / "lines.yaml"
    """Accounts with telephone operators; the file explains itself."""
    line_secrets: str = ""
    """Folder with one password a file, `line_ID`; empty = `secrets` in `state`."""
    sip_host: str = "0.0.0.0"
    """Where phones and operators reach us; the ports of AMI, ARI and media are always loopback."""
    sip_port: int = 5060
    """UDP and TCP."""
    sips_port: int = 0
    """SIP over TLS with `tls_cert` and `tls_key`; 0 = off."""
    wss_port: int = 0
    """The browser's softphone, with `tls_cert` and `tls_key`; 0 = off."""
    sip_public: str = ""
    """Our public address when a router stands between us and the operator; empty = none does."""
    sip_local: str = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
    """Networks our own phones may register from."""
    rtp_first: int = 11000
    rtp_last: int = 11999
    """UDP ports of the sound, both included; four a call."""
    media_port: int = 8765
    ami_port: int = 5038
    ari_port: int = 8088

    @property
    def exchange(self) -> Path:
        """Where Asterisk's configuration, spool, sounds and logs are."""
        return self.state / "asterisk"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.state / 'voicebot.db'}"
        return _with_password(self.database_url, self.database_password)


def load(environment: Mapping[str, str]) -> Settings:
    """Settings from `VOICEBOT_*` variables. Raises Faulty naming every unknown or unreadable one."""
    kinds = {f"VOICEBOT_{f.name.upper()}": f for f in fields(Settings)}
    values: dict[str, object] = {}
    wrong = []
    for name, text in environment.items():
        if not name.startswith("VOICEBOT_"):
            continue
        if (bare := name.removesuffix(FROM_FILE)) != name and bare in kinds:
            if bare in environment:
                wrong.append(f"{bare} and {name}: give one of them")
                continue
            try:
                name, text = bare, Path(text).read_text(encoding="utf8").strip()
            except (OSError, UnicodeDecodeError) as error:
                wrong.append(f"{name}: {text} cannot be read ({error})")
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


def _with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not (password and at):
        return url
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{quote(password, safe='')}@{host}"))
