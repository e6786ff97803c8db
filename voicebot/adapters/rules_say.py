"""Checks a rule's own sentence: its placeholders, its length, and that an emergency hears whom to call."""

import re
from collections.abc import Iterator

from voicebot.adapters.yaml_source import suggest
from voicebot.domain.triage.rules import SAY_PLACES

LONGEST = 90
"""Characters of an emergency's sentence: six seconds, at the fifteen a second that the voice speaks."""
_FIELD = re.compile(r"\{([^{}]*)\}")
_LIKELY = {"numéro": "01 99 00 00 00", "cabinet": "Cabinet médical des Tilleuls"}
"""What a placeholder is counted as, where its value is only known to a practice."""


def faults_of(say: str, level: str, advice: str) -> Iterator[str]:
    """What is wrong with the sentence of a rule of that level and number, in French."""
    for name in _FIELD.findall(say):
        if name not in SAY_PLACES:
            known = ", ".join(f"{{{place}}}" for place in SAY_PLACES)
            yield f"{{{name}}} n'est pas connu{suggest(name, SAY_PLACES) or f' ; possibles : {known}'}"
    if not say or level != "emergency":
        return
    if not _names(say, advice):
        yield f"la phrase d'une urgence doit dire quel numéro appeler : {_how(advice)}"
    spoken = _spoken(say, advice)
    if len(spoken) > LONGEST:
        yield f"{len(spoken)} caractères, la phrase d'une urgence en a au plus {LONGEST} (6 secondes)"


def _names(say: str, advice: str) -> bool:
    """A helpline is another number in each practice, or the 15 where there is none: only {numéro} says it."""
    digits = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", _FIELD.sub("", say))
    return "{numéro}" in say or (advice.isdigit() and re.search(rf"\b{advice}\b", digits) is not None)


def _how(advice: str) -> str:
    return f"écrivez le {advice}, ou {{numéro}}" if advice.isdigit() else "écrivez {numéro}"


def _spoken(say: str, advice: str) -> str:
    values = {**_LIKELY, **({"numéro": advice} if advice.isdigit() else {})}
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), say)
