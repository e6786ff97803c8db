"""French telephone numbers as people dictate them."""

import re

import phonenumbers

from voicebot.domain.french.wordforms import digits

_CORRECTION = re.compile(
    r"\b(?:non|pardon|enfin|je me trompe|excusez moi|rectification)\b(?: (?:non|pardon|c est))*"
)
_COUNTRY = re.compile(
    r"\bdouble 0 ?33 ?(?:0 )?|\bplus ?33\b ?(?:0 )?|(?<!\d )\b00 ?33\b ?(?:0 )?|(?<!\d)0033 ?"
    r"|\+ ?33 ?(?:\(?0\)? ?)?"
)
"""Never after another figure: the "00 33" of "06 00 33 12 12" is part of the number."""
_REPEATS = {"double": 2, "triple": 3}
_LENGTH = 10
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
    line = digits(plussed)
    return _COUNTRY.sub(" 0 ", line)


def _figures(text: str) -> str:
    """All figures of the last number dictated."""
    line = _prepare(text)
    # What is no number parts candidates; small words between groups do not.
    parts = re.split(
        r"\b(?!double\b|triple\b|fois\b|un\b|une\b|et\b|puis\b|euh\b|alors\b|donc\b|ensuite\b|voila\b"
        r"|non\b|pardon\b|enfin\b|je\b|me\b|trompe\b|c\b|est\b|excusez\b|moi\b)[a-z]+\b",
        line,
    )
    best = ""
    for part in parts:
        pieces = _CORRECTION.split(part)
        number = _read(pieces[0])
        for piece in pieces[1:]:
            number = _corrected(number, _read(piece))
        if number.startswith("0") and len(number) >= len(best):
            best = number
    return best


def phone(text: str) -> str | None:
    """The French number dictated or written in `text`, E.164; None unless it has its ten figures and
    its range is in use (libphonenumber) or kept for fiction."""
    number = _figures(text)
    if len(number) > _LENGTH and number == (number[:_LENGTH] * len(number))[: len(number)]:
        number = number[:_LENGTH]  # people say it twice, and so does a recogniser that was heard out too long
    if len(number) != _LENGTH:
        return None
    parsed = phonenumbers.parse(number, "FR")
    if not number.startswith(FICTION) and not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_progress(text: str) -> int:
    """How many figures of a number beginning with 0 have been said so far; 0 = none begun."""
    return len(_figures(text))
