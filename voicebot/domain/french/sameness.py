"""Whether two names are one person's, as a recogniser and a secretary may each have written them."""

import re
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from voicebot.domain.french.first_names import FIRST_NAMES, PARTICLES
from voicebot.domain.french.wordforms import fold

SAME = 0.88
"""From here on `same_person` means yes: chosen so that homophones and one misheard letter pass while
"Jean" and "Jeanne", "Martin" and "Marin" do not."""
NEARLY = 0.7
"""From here on a surname that was heard with doubt may be the known one, where first name and birth date are
the known one's: "Ira" for Girard, "Lombard" for Lambert, and not "Dupont" for Dubois."""
OUTRIGHT = 0.95
"""From here on a first name is the known one, or sounds like it."""

_SOUND = (
    (r"[^a-z]", ""), (r"(?:eaux|eau|aux|aud|ault|aut|ot|os|op|haut)$", "o"), (r"eau|au", "o"), (r"^h", ""),
    (r"([^cps])h", r"\1"), (r"ph", "f"),
    (r"(?:ain|ein|aim|in|im|yn|ym)(?![aeiouynm])", "I"), (r"(?:on|om)(?![aeiouynm])", "O"),
    (r"(?:ai|ei|ay|ey)(?=n|m)", "e"), (r"(?:ai|ei|ay|ey|et|ez|er|es|ets|ait|ais)$", "e"),
    (r"ai|ei|ay|ey", "e"), (r"bv", "v"), (r"qu|q|ck|cqu", "k"), (r"c(?=[eiy])", "s"), (r"sch|ch", "S"),
    (r"c", "k"), (r"ge(?=[aou])|g(?=[eiy])", "j"), (r"gu(?=[eiy])", "g"), (r"y", "i"), (r"w", "v"),
    (r"z", "s"), (r"x", "ks"), (r"ill", "y"),
    (r"(?:an|am|en|em)(?![aeiouynm])", "A"), (r"(.)\1+", r"\1"), (r"[dtpsg]+$", ""), (r"e$", ""),
    (r"ks$", ""),
)  # fmt: skip
_LETTER_OF = {"johan": "yohan", "johann": "yohan", "joan": "yohan", "john": "djone", "jean": "jan"}
"""First names that their letters do not tell."""
_SOUNDS = tuple((re.compile(p), r) for p, r in _SOUND)


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """A rough key of how a French name sounds: equal for Dupond and Dupont, Lefèvre and Lefebvre."""
    key = fold(name).replace(" ", "")
    key = _LETTER_OF.get(key, key)
    for rule, put in _SOUNDS:
        key = rule.sub(put, key)
    return key


def _run_on(name: str) -> str:
    return "".join(fold(name).split())


def _parts(name: str) -> set[str]:
    """The whole name and, for a double or married one, each half without particles."""
    words = [w for w in fold(name).split() if w not in PARTICLES and w not in ("nee", "epouse")]
    return {"".join(words), *words} - {""}


def _closeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if sound(one) == sound(other) and len(sound(one)) > 1:
        return 0.97
    likeness = JaroWinkler.similarity(one, other)
    # Two names that both exist and sound different are two names, however near in letters.
    if one in FIRST_NAMES and other in FIRST_NAMES:
        return min(likeness, 0.8)
    # In short names one letter is much.
    return likeness - (0.05 if min(len(one), len(other)) <= 4 else 0.0)


def _alike(one: str, other: str) -> float:
    """Best likeness of the names or their halves; a matching half of a double name counts a little less."""
    mine, yours = _parts(one), _parts(other)
    whole = _closeness(_run_on(one), _run_on(other)) if mine and yours else 0.0
    halves = max((_closeness(a, b) for a in mine for b in yours), default=0.0)
    return max(whole, halves - 0.02 if len(mine) != len(yours) else halves)


def same_person(spoken_first: str, spoken_last: str, known_first: str, known_last: str) -> float:
    """How sure that the spoken name is the known one, 0..1; `SAME` and above means yes.

    The weaker of first and last name decides; a first name not said costs little; swapped order passes."""
    if not fold(spoken_last) and not fold(spoken_first):
        return 0.0
    if not fold(spoken_first):
        return _alike(spoken_last, known_last) * 0.95
    if not fold(spoken_last):
        return min(_alike(spoken_first, known_first), 0.8)
    straight = min(_alike(spoken_last, known_last), _alike(spoken_first, known_first))
    swapped = min(_alike(spoken_first, known_last), _alike(spoken_last, known_first)) * 0.98
    return max(straight, swapped)


def nearly_person(spoken_first: str, spoken_last: str, known_first: str, known_last: str) -> bool:
    """Whether a name that was heard with doubt may be the known one's, whose birth date it has."""
    if _closeness(_run_on(spoken_first), _run_on(known_first)) < OUTRIGHT:
        return False
    return _alike(spoken_last, known_last) >= NEARLY
