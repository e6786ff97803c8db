"""What a doctor reads when a file of theirs has mistakes."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from voicebot.adapters.yaml_source import parse_text, read, read_all, validate
from voicebot.errors import FaultyFile


class Animal(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(alias="nom", min_length=1)
    kind: Literal["chat", "chien"] = Field("chat", alias="espèce")
    age: int | None = Field(None, alias="âge", ge=0)


class Farm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    phone: str = Field(alias="téléphone")
    animals: tuple[Animal, ...] = Field((), alias="animaux")
    by_pen: dict[str, Animal] = Field({}, alias="enclos")


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        validate(parse_text(text, "ferme.yaml"), Farm)
    return [str(fault) for fault in caught.value.faults]


def test_every_fault_is_told_at_once_where_it_stands():
    assert faults(
        "téléphone: 0199001234\n"
        "animaux:\n"
        "  - nom: Rex\n"
        "    espece: chien\n"
        "  - espèce: chein\n"
        "    nom: Minou\n"
        "    âge: -1\n"
        "enclos:\n"
        "  nord:\n"
        "    name: Fifi\n"
    ) == [
        'ferme.yaml:1:12: « 0199001234 » doit être écrit entre guillemets : "0199001234"',
        "ferme.yaml:4:5: « espece » n'est pas une clé connue ; vouliez-vous dire « espèce » ?",
        "ferme.yaml:5:13: « chein » n'est pas un choix possible ; vouliez-vous dire « chien » ?",
        "ferme.yaml:7:10: doit être au moins 0",
        "ferme.yaml:9:3: il manque « nom »",
        "ferme.yaml:10:5: « name » n'est pas une clé connue ; clés possibles : espèce, nom, âge",
    ]


def test_a_key_written_twice_is_never_silently_dropped():
    assert faults('téléphone: "1"\nanimaux: []\ntéléphone: "2"\nanimaux: []\n') == [
        "ferme.yaml:3:1: « téléphone » est écrit deux fois (déjà à la ligne 1)",
        "ferme.yaml:4:1: « animaux » est écrit deux fois (déjà à la ligne 2)",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('téléphone: "01\n', 2, "guillemet"),
        ("téléphone: a\n\tanimaux: 1\n", 2, "tabulation"),
        ("téléphone: a: b\n", 1, "« : » inattendu"),
        ("téléphone: a\n  animaux: b\n", 2, "« : » inattendu"),
        ("animaux: [1, 2\n", 2, "crochet"),
        ("téléphone: *secours\n", 1, "« * »"),
        ("téléphone: !secours 1\n", 1, "« ! »"),
        ("téléphone: @secours\n", 1, "guillemets"),
        ("", 1, "vide"),
        ("- a\n", 1, "clé: valeur"),
        ("a: &x [*x]\n", 1, "« & »"),
        ("- a\n--- 2\n", 2, "document"),
        ("[a]: b\n", 1, "mot simple"),
        ("a: 'b\x07'\n", 1, "caractère invisible"),
        ("a: b\n\x07\n", 2, "caractère invisible"),
        ('a: "\\UFFFFFFFF"\n', 0, "ne se lit pas"),
        ("a: " + 5000 * "b", 1, "5000 caractères"),
        ("a: " + 1_000_001 * "b", 0, "1000004 caractères"),
        ("a: " + 30 * "[" + 30 * "]", 1, "les unes dans les autres"),
        (100_000 * "[", 1, "les unes dans les autres"),
        (100_000 * "{a: ", 1, "les unes dans les autres"),
        ("- " * 100_000, 1, "les unes dans les autres"),
    ],
)
def test_broken_yaml_is_told_in_plain_french(text, line, words):
    first = faults(text)[0]
    assert first.startswith(f"ferme.yaml:{line}:")
    assert words in first


def test_a_file_that_cannot_be_read_is_a_fault_too(tmp_path):
    (tmp_path / "latin.yaml").write_bytes('a: b\ntéléphone: "1"\n'.encode("latin-1"))
    with pytest.raises(FaultyFile) as caught:
        read_all([tmp_path / "latin.yaml", tmp_path / "absent.yaml"], lambda path: read(path, Farm))
    assert [(fault.line, fault.message.split(" ")[0]) for fault in caught.value.faults] == [
        (2, "caractère"),
        (0, "fichier"),
    ]
