"""French telephone numbers as people dictate them."""

import re
from itertools import islice

import phonenumbers

from voicebot.domain.french.groups import readings
from voicebot.domain.french.wordforms import digits

_CORRECTION = re.compile(
    r"\b(?:non|pardon|enfin|je me (?:suis )?trompee?|excusez moi|rectification|attendez|je veux dire"
    r"|je voulais dire|plutot)\b(?: (?:non|pardon|c est|plutot|attendez|je me (?:suis )?trompee?))*"
)
_ANEW = re.compile(r"\b(?:je (?:re)?commence|je reprends|on (?:re)?commence|on reprend|depuis le debut)\b")
"""What was dictated before is no longer meant."""
_DENIED = re.compile(r"\b(?:et )?(?:non )?pas (?:le )?\d+(?: \d+)*\b")
_COUNTRY = re.compile(
    r"\bdouble 0 ?33 ?(?:0 )?|\bplus ?33\b ?(?:0 )?|(?<!\d )\b00 ?33\b ?(?:0 )?|(?<!\d)0033 ?"
    r"|\+ ?33 ?(?:\(?0\)? ?)?"
)
"""Never after another figure: the "00 33" of "06 00 33 12 12" is part of the number."""
_TWICE = re.compile(r"\b(?:2 fois|deux fois)(?= \d| le)")
_REPEATS = {"double": 2, "triple": 3}
_LENGTH = 10
MOST_CUTS = 64
"""Ways to cut the same words into groups that are looked at; real numbers have two or three."""
FICTION = ("019900", "026191", "035301", "046571", "053649", "063998")
"""Ranges kept for films and trials (Arcep, plan de numérotation, décision 2018-0881 modifiée): nobody's, and
the demonstration's patients have them."""


def _read(text: str) -> str:
    """Figures of one stretch, in order, "double zéro" doubled."""
    out = ""
    repeat = 1
    for word in text.split():
        if word in _REPEATS:
            repeat = _REPEATS[word]
        elif word.isdigit():
            out += word[0] * (repeat - 1) + word
            repeat = 1
        elif word in ("un", "une"):
            out += "1" * repeat
            repeat = 1
        elif word != "fois":
            repeat = 1
    return out


def _corrected(said: str, better: str) -> str:
    """The number after "non pardon 79": a whole new number replaces all; fewer figures replace as many of
    the last as make ten in all, else as many as were said."""
    if len(better) >= _LENGTH or (better.startswith("0") and len(better) >= 8):
        return better
    surplus = len(said) + len(better) - _LENGTH
    return said[: -min(len(said), surplus if surplus > 0 else len(better)) or None] + better


def _prepare(text: str) -> str:
    """One line of words and figures; the country code becomes the leading 0."""
    plussed = text.replace("+", " plus ")
    line = _ANEW.split(digits(plussed))[-1]
    line = re.sub(r"\b(?:o|oh)(?= [1-9])", "0", _TWICE.sub("double", line))
    return _DENIED.sub(" ", _COUNTRY.sub(" 0 ", line))


def phone_figures(text: str) -> str:
    """All figures of the last number dictated that begins with 0, as far as it was; empty = none."""
    line = _prepare(text)
    # What is no number parts candidates; small words between groups do not.
    parts = re.split(
        r"\b(?!double\b|triple\b|fois\b|un\b|une\b|et\b|puis\b|euh\b|alors\b|donc\b|ensuite\b|voila\b"
        r"|non\b|pardon\b|enfin\b|je\b|me\b|suis\b|trompee?\b|c\b|est\b|excusez\b|moi\b|attendez\b|veux\b"
        r"|voulais\b|dire\b|plutot\b|oui\b|fois\b|apres\b|la\b|virgule\b)[a-z]+\b",
        line,
    )
    best = ""
    for part in parts:
        pieces = _CORRECTION.split(part)
        number = _read(pieces[0])
        for piece in pieces[1:]:
            number = _corrected(number, _read(piece))
        if len(number) == _LENGTH - 1 and number[0] in "67":
            number = "0" + number  # the first zero was swallowed
        if number.startswith("0") and len(number) >= len(best) and not _is_second(number, best):
            best = number
    return best


def _is_second(number: str, best: str) -> bool:
    """A landline named besides a mobile number: the mobile one is what reaches people."""
    return len(best) == len(number) == _LENGTH and best[1] in "67" and number[1] not in "67"


def phone(text: str) -> str | None:
    """The French number dictated or written in `text`, E.164; None unless it has its ten figures and
    its range is in use (libphonenumber) or kept for fiction."""
    number = phone_figures(text)
    if len(number) > _LENGTH and number == (number[:_LENGTH] * len(number))[: len(number)]:
        number = number[:_LENGTH]  # people say it twice, and so does a recogniser that was heard out too long
    if len(number) == _LENGTH:
        return _in_use(number)
    if (
        number
        and len(number) > _LENGTH - 3
        and not _CORRECTION.search(line := digits(text))
        and "double" not in line
    ):
        cut = (_in_use(other) for other in islice(readings(text, _LENGTH), MOST_CUTS) if other[0] == "0")
        return next((e164 for e164 in cut if e164), None)
    return None


def _in_use(number: str) -> str | None:
    """E.164 of ten figures whose range is somebody's."""
    parsed = phonenumbers.parse(number, "FR")
    if not number.startswith(FICTION) and not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_progress(text: str) -> int:
    """How many figures of a number beginning with 0 have been said so far; 0 = none begun."""
    return len(phone_figures(text))
