"""Reads `lines.yaml`, the accounts with telephone operators; the file that ships explains itself."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from voicebot.adapters.practice_model import Dialled, Section, TargetId, YesNo
from voicebot.adapters.yaml_source import read
from voicebot.domain.trunk import Dialling, Trunk

DIALLING: dict[str, Dialling] = {"06…": "national", "0033…": "international", "+33…": "plus"}


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", text):
        raise ValueError(f"« {text} » n'est pas une adresse : écrivez par exemple sip.operateur.fr")
    return text


def _source(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]+(/\d{1,3})?", text):
        raise ValueError(
            f"« {text} » n'est pas une adresse : écrivez par exemple 203.0.113.4 ou 203.0.113.0/24"
        )
    return text


def _user(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.+_-]*", text):
        raise ValueError(f"« {text} » n'est pas un identifiant de ligne : lettres, chiffres, . + _ -")
    return text


class TrunkSection(Section):
    """One account."""

    host: Annotated[str, AfterValidator(_host)] = Field(alias="opérateur")
    user: Annotated[str, AfterValidator(_user)] = Field("", alias="identifiant")
    addresses: tuple[Annotated[str, AfterValidator(_source)], ...] = Field((), alias="adresses")
    numbers: tuple[Dialled, ...] = Field((), alias="numéros")
    dialling: Literal["06…", "0033…", "+33…"] = Field("0033…", alias="compose")
    encrypted: YesNo = Field(False, alias="chiffrée")


class TrunksSection(Section):
    """A whole file."""

    lines: dict[TargetId, TrunkSection] = Field({}, alias="lignes")


def load(path: Path) -> tuple[Trunk, ...]:
    """The accounts, in order; none when there is no file. Raises FaultyFile with every fault."""
    if not path.exists():
        return ()
    section, _ = read(path, TrunksSection)
    return tuple(
        Trunk(key, t.host, t.user, t.addresses, t.numbers, DIALLING[t.dialling], t.encrypted)
        for key, t in section.lines.items()
    )
