"""What a written word sounds like, as keys: "saigne", "seigne" and "saignent" meet.

A key needs to be the same for words that a listener takes for each other, not to be good phonetics.
"""

import re
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from voicebot.domain.triage.language import ITSELF, Sounding

SHORTEST = 3
"""Sounds that an ending must leave."""


class Sounds(NamedTuple):
    """How a word sounds: all of it, without the sound of an inflection ("saigné" and "saigne" meet), and both
    with the sounds that a telephone mixes up made one."""

    whole: str = ""
    root: str = ""
    whole_alike: str = ""
    root_alike: str = ""
    liaison: str = ""
    """The silent letter that sounds before a vowel."""
    liaison_alike: str = ""


SILENT = Sounds()


@lru_cache(maxsize=16384)
def sounds(word: str, how: Sounding) -> Sounds:
    """Of a lower-case word with its accents. Linear in its length: no pattern looks further than a few
    letters."""
    whole = how.words.get(word) or _read(word, how)
    root = whole
    for ending in how.endings:
        if whole.endswith(ending) and len(whole) - len(ending) >= SHORTEST:
            root = whole[: -len(ending)]
            break
    liaison = how.liaisons.get(word[-1:], "") if whole[-1:] in how.vowels else ""
    return Sounds(
        whole,
        root,
        whole.translate(how.alike),
        root.translate(how.alike),
        liaison,
        liaison.translate(how.alike),
    )


def _read(word: str, how: Sounding) -> str:
    heard = ""
    for found in _reader(how).finditer(word):
        written = how.graphemes[int((found.lastgroup or "g0")[1:])][1]
        heard += found.group() if written == ITSELF else written
    return "".join(letter for letter, _ in groupby(heard))


@lru_cache(maxsize=8)
def _reader(how: Sounding) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<g{n}>{letters})" for n, (letters, _) in enumerate(how.graphemes)))
