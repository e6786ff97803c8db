"""What a language model is asked for, as a JSON schema, and its answer as an Opinion."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from voicebot.domain.call import Entities, Opinion, Reading, Window
from voicebot.domain.effects import Expects
from voicebot.domain.understanding.opinion import MODEL_READS
from voicebot.domain.understanding.reading import KINDS, PLAIN, Context

NAME = "lecture"
IDENTITY: Mapping[Expects, tuple[str, ...]] = {
    "name": ("first_name", "last_name"),
    "birth_date": ("birth_date",),
    "phone": ("phone",),
}
"""Who somebody is, is read only where it was asked for."""


class Invalid(ValueError):
    """The model did not answer what it was asked for; its text names no word of anybody."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _When(_Strict):
    day: date | None = None
    start: time | None = None
    end: time | None = None


class _Answer(_Strict):
    wish: str | None = None
    windows: list[_When] = []
    doctor: str | None = None
    motif: str | None = None
    asap: bool = False
    choice: int | None = None
    level: Literal["urgent", "emergency"] | None = None
    first_name: str | None = None
    last_name: str | None = None
    birth_date: date | None = None
    phone: str | None = None


def schema(context: Context, *, masked: bool) -> Mapping[str, Any]:
    """JSON Schema within what strict servers know: every property required, none besides, no patterns."""
    practice = context.practice
    text = {"type": ["string", "null"]}
    when = {"day": text, "start": text, "end": text}
    identity = () if masked else IDENTITY.get(context.expects or "open", ())
    return _object(
        {
            "wish": _one_of(MODEL_READS),
            "windows": {"type": "array", "items": _object(when)},
            "doctor": _one_of(doctor.id for doctor in practice.doctors),
            "motif": _one_of(motif.id for motif in practice.motifs),
            "asap": {"type": "boolean"},
            "choice": {"type": ["integer", "null"]},
            "level": _one_of(("urgent", "emergency")),
            **dict.fromkeys(identity, text),
        }
    )


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _one_of(values: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], "enum": [*values, None]}


def parsed(content: str, context: Context, *, masked: bool) -> Opinion:
    """The answer to `schema`. Raises Invalid for anything else, text before or after it included."""
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError as error:
        raise Invalid(f"{error.error_count()} faults, the first: {error.errors()[0]['type']}") from None
    allowed = () if masked else IDENTITY.get(context.expects or "open", ())
    given = {name for names in IDENTITY.values() for name in names if getattr(answer, name) is not None}
    if not given <= set(allowed):
        raise Invalid("a value that was not asked for")
    if answer.wish is not None and answer.wish not in MODEL_READS:
        raise Invalid("an unknown wish")
    if any(at is not None and at.tzinfo is not None for w in answer.windows for at in (w.start, w.end)):
        raise Invalid("an hour of another zone")
    kind = None if answer.wish in PLAIN else answer.wish
    return Opinion(
        Reading(
            category=KINDS[answer.wish] if answer.wish else None,
            kind=kind,
            windows=tuple(Window(w.day, w.start, w.end) for w in answer.windows),
            entities=Entities(
                birth_date=answer.birth_date,
                phone=_e164(answer.phone),
                first_name=answer.first_name or None,
                last_name=answer.last_name or None,
                doctor=answer.doctor,
                motif=answer.motif,
                asap=answer.asap,
                choice=answer.choice,
            ),
        ),
        answer.level,
    )


def _e164(said: str | None) -> str | None:
    """A French number as a model writes it; None when it is none."""
    if not said:
        return None
    figures = "".join(c for c in said if c.isdigit())
    national = figures.removeprefix("0033").removeprefix("33") if said.strip()[:1] in "+0" else figures
    national = national.removeprefix("0")
    if len(national) != 9:
        raise Invalid("a telephone number of another length")
    return f"+33{national}"
