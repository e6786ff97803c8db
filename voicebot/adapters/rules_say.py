"""Checks what a rule says: placeholders, length, whom an emergency is to call, nothing left to fill in."""

import re
from collections.abc import Iterator

from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.domain.triage.rules import SAY_PLACES
from voicebot.errors import Told

LONGEST = 90
"""Characters of an emergency's sentence: six seconds, at the fifteen a second that the voice speaks."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_LIKELY = {"numéro": "01 99 00 00 00", "cabinet": "Cabinet médical des Tilleuls"}
"""What a placeholder is counted as, where its value is only known to a practice."""


_LATER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|\?\?\?|\b(?i:à (?:compléter|remplir|définir))\b")
"""Left by an author for a later day, which for a caller never comes."""


def left_open(text: str) -> Told | None:
    """What still has to be filled in, if something has."""
    found = _LATER.search(text)
    return told("text_later", what=found[0]) if found else None


def unfilled(question: str) -> Iterator[Told]:
    """A question is read out as it is written."""
    for name in re.findall(r"\{[^{}]*\}|[{}]", question):
        yield told("question_place", name=name)


def faults_of(say: str, level: str, advice: str) -> Iterator[Told]:
    """What is wrong with the sentence of a rule of that level and number."""
    for name in _FIELD.findall(say):
        if name not in SAY_PLACES:
            known = choices(f"{{{place}}}" for place in SAY_PLACES)
            yield told("say_place", name=f"{{{name}}}", hint=hint(name, SAY_PLACES, known))
    if re.search(r"[{}]", _FIELD.sub("", say)):
        yield told("say_brace")
    if say and not say.strip():
        yield told("value_empty")
    if not say or level != "emergency":
        return
    if not _names(say, advice):
        yield told("say_number" if advice.isdigit() else "say_helpline", number=advice)
    spoken = _spoken(say, advice)
    if len(spoken) > LONGEST:
        yield told("say_long", length=len(spoken), most=LONGEST)


def _names(say: str, advice: str) -> bool:
    """A helpline is another number in each practice, or the 15 where there is none: only {numéro} says it."""
    digits = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", _FIELD.sub("", say))
    return "{numéro}" in say or (advice.isdigit() and re.search(rf"\b{advice}\b", digits) is not None)


def _spoken(say: str, advice: str) -> str:
    values = {**_LIKELY, **({"numéro": advice} if advice.isdigit() else {})}
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), say)
