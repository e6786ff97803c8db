"""Figures as they are said in English, and telephone numbers of France as English speakers dictate them."""

import re

import phonenumbers
from text_to_num import alpha2digit

from voicebot.domain.french.phones import FICTION
from voicebot.domain.french.wordforms import fold

_SMALL = {"one": "1", "two": "2", "three": "3", "first": "1st", "second": "2nd", "third": "3rd"}
"""What text2num leaves in words when it stands alone."""
_ALONE = re.compile(
    r"(?<!that )(?<!this )(?<!first )(?<!second )(?<!third )(?<!last )(?<!which )(?<!no )(?<!any )(?<!some )"
    r"(?<!every )(?<!earlier )(?<!later )(?<!other )(?<!new )(?<!the )(?<!just a )(?<!just 1 )"
    r"\b(one|two|three)\b|\b(first|third)\b|(?<!a )(?<!one )\b(second)\b"
)
_REPEATS = {"double": 2, "triple": 3, "treble": 3}
_NOUGHTS = frozenset("oh o zero nought naught".split())
_BETWEEN = frozenset("and then uh um er erm dash space is it s".split())
_COUNTRY = re.compile(r"\b(?:plus|0 ?0|double 0|double oh) ?3 ?3(?: ?0)?(?= ?[1-9])")
_CORRECTION = re.compile(r"\b(?:sorry|no|i mean|correction|my mistake|let me start again|start again)\b")
LENGTH = 10
"""Figures of a French number, the leading 0 included."""


def digits(text: str) -> str:
    """Folded text with spoken numbers in figures: "the third of May" gives "the 3rd of may"."""
    line = re.sub(r"(?<=\d)(?=(?!st|nd|rd|th)[a-z])|(?<=[a-z])(?=\d)", " ", fold(text))
    line = re.sub(r"\bo clock\b", "oclock", line)  # text2num takes the "o" for a nought
    figures: str = alpha2digit(line, "en") if line else line
    return _ALONE.sub(lambda m: _SMALL[m[0]], figures)


def _read(line: str) -> str:
    """The figures of one stretch, in order: "oh six double three" gives "0633"; the longest run counts."""
    best = run = ""
    repeat = 1
    for word in line.split():
        if word in _REPEATS:
            repeat = _REPEATS[word]
            continue
        figure = "0" if word in _NOUGHTS else word
        if figure.isdigit():
            run += figure[0] * (repeat - 1) + figure
            best = max(best, run, key=len)
        elif word not in _BETWEEN:
            run = ""
        repeat = 1
    return best


def _figures(text: str) -> str:
    """All figures of the last number dictated; after "sorry" a whole one replaces what came before."""
    line = _COUNTRY.sub("0", digits(text.replace("+", " plus ")))
    said = ""
    for piece in _CORRECTION.split(line):
        better = _read(piece)
        whole = len(better) >= LENGTH or not said
        said = better if whole else said[: -len(better) or None] + better if better else said
    return said if said.startswith("0") else ""


def phone(text: str) -> str | None:
    """The French number dictated in `text`, E.164; None unless it has its ten figures and can exist."""
    number = _figures(text)
    if len(number) != LENGTH:
        return None
    parsed = phonenumbers.parse(number, "FR")
    if not number.startswith(FICTION) and not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_progress(text: str) -> int:
    """How many figures of a number that begins with 0 have been said so far."""
    return len(_figures(text))
