"""Which of the practice's doctors and motifs an utterance names, however it was spelled by the recogniser."""

import re

from rapidfuzz import fuzz

from voicebot.domain.french import fold
from voicebot.domain.french.sameness import sound
from voicebot.domain.language import Mentions
from voicebot.domain.languages import FRENCH
from voicebot.domain.practice import Practice

COURTESY = frozenset(("madame", "monsieur"))
"""Titles of the practice's file that patients have too."""
LONGEST = 3
"""Words a recogniser makes of one surname ("le fèvre", "de la porte")."""
ALIKE = 86
"""rapidfuzz ratio of two keys of sound that are one name misheard; "moreau" and "morel" stay apart."""


def doctor_named(
    text: str, practice: Practice, how: Mentions = FRENCH.talk.mentions, *, bare: bool = False
) -> str | None:
    """The id of the one doctor named; None if none or several are. `bare`: the name alone may be one."""
    words = fold(text).split()
    found = {
        doctor.id
        for doctor in practice.doctors
        for start in range(len(words))
        if _announced(words, start, doctor.title, how) or (bare and len(words) <= LONGEST)
        if any(
            _same(" ".join(words[start : start + length]), doctor.name) for length in range(1, LONGEST + 1)
        )
    }
    return found.pop() if len(found) == 1 else None


def _announced(words: list[str], start: int, title: str, how: Mentions) -> bool:
    if start == 0 or words[start - 1] not in how.announces:
        return False
    word, before = words[start - 1], " ".join(words[: start - 1])
    if word in how.courtesy:
        return fold(title) in COURTESY and not how.before_patient.search(before)
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
