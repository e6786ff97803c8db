"""Which of the practice's doctors and motifs an utterance names, however it was spelled by the recogniser."""

import re

from rapidfuzz import fuzz

from voicebot.domain.french import fold
from voicebot.domain.french.sameness import sound
from voicebot.domain.practice import Practice

ANNOUNCES = frozenset(
    "docteur docteure dr doctoresse doc toubib avec chez voir pour madame monsieur mme".split()
)
"""A surname counts as the doctor's only after one of these: patients share surnames with doctors."""
BEFORE_PATIENT = re.compile(r"\b(?:au nom d[eu]|je m appelle|je suis|c est|nom de famille)\s*$")
LONGEST = 3
"""Words a recogniser makes of one surname ("le fèvre", "de la porte")."""
ALIKE = 86
"""rapidfuzz ratio of two keys of sound that are one name misheard; "moreau" and "morel" stay apart."""


def doctor_named(text: str, practice: Practice, *, bare: bool = False) -> str | None:
    """The id of the one doctor named; None if none or several are. `bare`: the name alone may be one."""
    words = fold(text).split()
    found = {
        doctor.id
        for doctor in practice.doctors
        for start in range(len(words))
        if _announced(words, start, doctor.title) or (bare and len(words) <= LONGEST)
        if any(
            _same(" ".join(words[start : start + length]), doctor.name) for length in range(1, LONGEST + 1)
        )
    }
    return found.pop() if len(found) == 1 else None


def _announced(words: list[str], start: int, title: str) -> bool:
    if start == 0 or words[start - 1] not in ANNOUNCES:
        return False
    word, before = words[start - 1], " ".join(words[: start - 1])
    if word in ("madame", "monsieur", "mme"):
        return fold(title) in ("madame", "monsieur") and not BEFORE_PATIENT.search(before)
    return True


def _same(said: str, name: str) -> bool:
    if fold(name) == said:
        return True
    one, other = sound(said), sound(name)
    if min(len(one), len(other)) < 3:
        return False
    return one == other or (
        min(len(one), len(other)) >= 5 and one[0] == other[0] and fuzz.ratio(one, other) >= ALIKE
    )


def motif_named(text: str, practice: Practice) -> str | None:
    """The id of the motif whose words are said: the longest, and the practice's first motif (the plain
    consultation) only when no other is."""
    said = f" {fold(text)} "
    found = [
        (place > 0, len(word), -place, motif.id)
        for place, motif in enumerate(practice.motifs)
        for word in (fold(w) for w in (*motif.words, motif.name))
        if word and re.search(rf" {re.escape(word)}s? ", said)
    ]
    return max(found)[3] if found else None
