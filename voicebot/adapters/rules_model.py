"""The shape of `triage_rules/*.yaml` and of a practice's layer over them; and what editors are told of it."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from voicebot.domain.triage.rules import Advice

LEVELS = ("emergency", "urgent")
PARTS = ("all", "near", "call", "unless", "ask")
"""What an entry of `when` may hold; a bare list is `all`."""

_LINES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_PATTERN = {
    "anyOf": [
        *_LINES["anyOf"],
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "all": {**_LINES, "description": "Entendu dans la même phrase."},
                "near": {**_LINES, "description": "Entendu à quelques mots près."},
                "call": {**_LINES, "description": "Entendu n'importe où dans l'appel."},
                "unless": {
                    **_LINES,
                    "description": "Entendu tout près, laisse un doute : on pose la question.",
                },
                "ask": {"type": "boolean", "description": "true : jamais sans poser la question."},
            },
        },
    ]
}
Id = Annotated[str, Field(min_length=1, max_length=80)]
Text = Annotated[str, Field(min_length=1)]
Level = Annotated[str, Field(json_schema_extra={"enum": list(LEVELS)})]
When = Annotated[tuple[Any, ...], Field(json_schema_extra={"items": _PATTERN})]
Words = tuple[str, ...]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RuleSection(_Section):
    """Une règle : si l'on entend ceci, c'est une urgence vitale, ou c'est pour aujourd'hui."""

    id: Id = Field(description="Son nom, jamais changé ensuite : les appels passés le citent.")
    title: Text = Field(description="Ce que la règle reconnaît, en une ligne.")
    level: Level = Field(description="emergency : urgence vitale ; urgent : à voir aujourd'hui.")
    words: Words = Field((), description="Ce qu'il suffit d'entendre.")
    when: When = Field((), description="Ce qu'il faut entendre ensemble.")
    unless: Words = Field((), description="Entendu tout près, laisse un doute : on pose la question.")
    question: str = Field("", description="La question fermée, en cas de doute.")
    advice: Advice = Field("15", description="Le numéro à appeler.")
    say: str = Field(
        "", description="Sa propre phrase, avec {numéro} et {cabinet} ; 90 caractères pour le 15."
    )
    reach: str = Field("", description="Le téléphone du cabinet à faire sonner d'abord (transferts).")
    same_day: bool = Field(
        True, description="false : si personne ne répond, rappeler plutôt que proposer une place aujourd'hui."
    )
    vanished_counts: bool = Field(False, description="true : un signe disparu compte encore.")
    source: str = Field("", description="D'où vient la règle.")
    reviewed_by: str | None = Field(None, description="Le médecin qui l'a relue ; absent : personne.")
    reviewed_on: date | None = Field(None, description="Le jour de cette relecture.")
    examples: Words = Field((), description="Doivent déclencher la règle.")
    counter_examples: Words = Field((), description="Ne doivent pas la déclencher.")


class BookSection(_Section):
    """Un fichier de règles."""

    question: str = Field("", description="La question fermée des règles qui n'en ont pas.")
    idioms: Words = Field((), description="Expressions qui ne veulent pas dire ce qu'elles contiennent.")
    concepts: dict[str, Words] = Field({}, description="Une chose, et toutes les façons de la dire.")
    rules: tuple[RuleSection, ...] = ()


class ChangeSection(_Section):
    """Ce qu'un cabinet ajoute à une règle livrée ; elle ne peut qu'entendre plus et être plus urgente."""

    rule: Id = Field(description="L'id de la règle.")
    level: Level | None = Field(None, description="Peut monter (emergency), jamais descendre.")
    words: Words = Field((), description="Ajoutés à ce qu'il suffit d'entendre.")
    when: When = Field((), description="Ajouté à ce qu'il faut entendre ensemble.")
    question: str | None = None
    advice: Advice | None = None
    say: str | None = None
    reach: str | None = None
    reviewed_by: str | None = Field(None, description="Le médecin qui a relu la règle ainsi changée.")
    reviewed_on: date | None = None
    examples: Words = Field((), description="Ajoutés aux exemples.")
    counter_examples: Words = Field((), description="Ajoutés aux contre-exemples.")


class DisableSection(_Section):
    """Une règle livrée dont un cabinet ne veut pas ; sans signature, une urgence reste en service."""

    rule: Id = Field(description="L'id de la règle.")
    reason: Text = Field(description="Pourquoi.")
    by: Text = Field(description="Qui l'a décidé.")
    on: date = Field(description="Quel jour.")


class LayerSection(_Section):
    """Ce qu'un cabinet ajoute aux règles livrées, change ou désactive."""

    concepts: dict[str, Words] = Field({}, description="Nouveaux concepts, ou mots de plus.")
    rules: tuple[RuleSection, ...] = ()
    change: tuple[ChangeSection, ...] = ()
    disable: tuple[DisableSection, ...] = ()
