"""Asterisk's configuration, from the practices: a pure function; `written` puts it on disk.

`files` gives `{file name: text}` from the templates beside this file. Whatever a person wrote (a practice's
name, a password) is checked or escaped on its way in: a configuration file is a program.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from voicebot.domain.practice import Hours, Practice, Target
from voicebot.domain.trunk import Trunk
from voicebot.errors import Faulty
from voicebot.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HARMLESS = re.compile(r"[\w .:/+,*()@-]*", re.ASCII)
"""What a value may be made of once it is in a file: nothing that ends a line or begins an expression."""
EMPTY = (
    "acl",
    "ccss",
    "cel",
    "chan_websocket",
    "codecs",
    "features",
    "pjproject",
    "stasis",
    "statsd",
    "udptl",
)
"""Files that Asterisk asks for and that need not say anything."""
PLACES = ("etc", "lib/keys", "log", "run", "sounds", "spool")
"""Folders of `Settings.exchange`."""


@dataclass(frozen=True)
class Installation:
    """Where an Asterisk that is not in its distribution's place keeps its own."""

    program: Path
    modules: Path
    data: Path


@dataclass(frozen=True)
class Secrets:
    """Passwords: ours by AMI and ARI, the telephones' by target id, the operators' by trunk id."""

    ami: str
    ari: str
    phones: Mapping[str, str] = field(default_factory=dict)
    trunks: Mapping[str, str] = field(default_factory=dict)


def files(
    practices: Sequence[Practice],
    settings: Settings,
    trunks: Sequence[Trunk],
    secrets: Secrets,
    installation: Installation | None = None,
) -> dict[str, str]:
    """Every file of the configuration folder. Raises Faulty for what cannot be a telephone exchange."""
    if wrong := list(_contradictions(practices, settings, trunks)):
        raise Faulty("\n".join(wrong))
    house = _environment(trunks)
    numbers = [number.e164 for practice in practices for number in practice.numbers]
    tls = bool(settings.sips_port and settings.tls_cert)
    wss = bool(settings.wss_port and settings.tls_cert)
    answering = [practice for practice in practices if practice.numbers]
    values = {
        "practices": answering,
        "settings": settings,
        "trunks": trunks,
        "secrets": secrets,
        "installation": installation,
        "folder": settings.exchange.resolve(),
        "phones": phones(answering),
        "modules": (TEMPLATES / "modules.txt").read_text(encoding="ascii").split(),
        "local": [net.strip() for net in settings.sip_local.split(",")],
        "tls": tls,
        "wss": wss,
        "ways": ("", *("-tls",) * tls, *("-web",) * wss),
        "only_number": numbers[0] if len(answering) == 1 else "",
    }
    made = {f"{name}.conf": "" for name in EMPTY}
    for path in sorted(TEMPLATES.glob("*.j2")):
        made[path.stem] = house.get_template(path.name).render(values)
    return made


def phones(practices: Sequence[Practice]) -> tuple[str, ...]:
    """Ids of the telephones that register with us; the same id in two practices is one telephone."""
    return tuple(dict.fromkeys(t.id for p in practices if p.numbers for t in p.targets if not t.number))


def unreachable(practices: Sequence[Practice], trunks: Sequence[Trunk]) -> tuple[str, ...]:
    """Sentences about what the files ask for and no line can do."""
    if trunks:
        return ()
    mobiles = [f"{t.name} ({p.name})" for p in practices if p.numbers for t in p.targets if t.number]
    alone = (
        "Sans ligne d'opérateur (lines.yaml), seuls les téléphones du cabinet peuvent appeler l'assistant."
    )
    unheard = f"Sans ligne d'opérateur, ces mobiles ne sonneront pas : {', '.join(mobiles)}."
    return (unheard,) * bool(mobiles) + (alone,) * any(p.numbers for p in practices)


def plain(text: str, length: int) -> str:
    """For a telephone's display: ASCII, short, nothing that a dialplan could read as its own."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", "'"))
    kept = re.sub(r"[^A-Za-z0-9 .-]+", " ", folded.encode("ascii", "ignore").decode().replace("'", " "))
    return " ".join(kept.split())[:length].strip()


def spans(target: Target, practice: Practice) -> tuple[str, ...]:
    """`GotoIfTime` conditions under which one may be rung; none = always, or never if `emergencies_only`."""
    if target.emergencies_only:
        return ()
    return tuple(_span(hours, practice.timezone) for hours in target.hours or practice.humans)


def _span(hours: Hours, zone: str) -> str:
    # Asterisk counts the last minute in
    last = (datetime.combine(datetime.min, hours.end) + timedelta(days=1, minutes=-1)).time()
    return f"{hours.start:%H:%M}-{last:%H:%M},{DAYS[hours.weekday]},*,*,{zone}"


def _environment(trunks: Sequence[Trunk]) -> Environment:
    house = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # not HTML: `_harmless` stands in its place
        finalize=_harmless,
    )
    house.filters |= {
        "plain": plain,
        "spans": spans,
        "secret": _secret,
        "uri": _uri,
        "main_number": lambda trunk: trunk.numbers[0] if trunk.numbers else trunk.user,
        "over_a_trunk": partial(_over_a_trunk, trunks=trunks),
    }
    return house


@dataclass(frozen=True)
class _Escaped:
    """A value that was made harmless by other means."""

    text: str

    def __str__(self) -> str:
        return self.text


def _harmless(value: object) -> object:
    if not isinstance(value, _Escaped) and not HARMLESS.fullmatch(str(value)):
        raise Faulty(f"« {value} » ne peut pas être écrit dans la configuration d'Asterisk")
    return value


def _secret(password: str) -> _Escaped:
    if not password or not password.isprintable() or password != password.strip():
        raise Faulty("un mot de passe de ligne est vide, ou contient un caractère qui ne s'écrit pas")
    return _Escaped(password.replace("\\", "\\\\").replace(";", "\\;"))


def _uri(trunk: Trunk, user: str = "") -> _Escaped:
    address = f"sip:{user}@{trunk.host}" if user else f"sip:{trunk.host}"
    _harmless(address)
    return _Escaped(f"{address}\\;transport=tls" if trunk.encrypted else address)


def _over_a_trunk(target: Target, practice: Practice, trunks: Sequence[Trunk]) -> str:
    """The dial string of a mobile, on the line that carries the practice's number; empty without a line."""
    ours = {number.e164 for number in practice.numbers}
    best = sorted(trunks, key=lambda trunk: not ours & set(trunk.numbers))
    return f"PJSIP/{best[0].dialled(target.number)}@trunk-{best[0].id}" if best else ""


def _contradictions(
    practices: Sequence[Practice], settings: Settings, trunks: Sequence[Trunk]
) -> Iterator[str]:
    if any(trunk.encrypted for trunk in trunks) and not (settings.sips_port and settings.tls_cert):
        yield "Une ligne est chiffrée : donnez VOICEBOT_SIPS_PORT, VOICEBOT_TLS_CERT et VOICEBOT_TLS_KEY."
    if settings.rtp_last - settings.rtp_first < 8:
        yield "VOICEBOT_RTP_FIRST et VOICEBOT_RTP_LAST : il faut au moins dix ports pour le son."
    # two practices may ring the same person, under one name for one number
    known: dict[str, tuple[str, str]] = {}
    for practice in practices:
        for target in practice.targets if practice.numbers else ():
            number, where = known.setdefault(target.id, (target.number, practice.id))
            if bool(number) != bool(target.number):
                yield (
                    f"« {target.id} » est un téléphone du cabinet chez l'un, un numéro chez l'autre "
                    f"({where}, {practice.id}) : donnez-leur deux noms."
                )
