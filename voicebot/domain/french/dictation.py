"""Whether a value being dictated is complete, so that hearing knows when to wait."""

import re
from datetime import date

from voicebot.domain.effects import Expects
from voicebot.domain.french.almanac import MONTHS, WEEKDAYS
from voicebot.domain.french.answers import answer, choice
from voicebot.domain.french.births import births_in
from voicebot.domain.french.canonical import canonical
from voicebot.domain.french.phones import phone, phone_progress
from voicebot.domain.french.spelling import spelling_open
from voicebot.domain.french.wordforms import fold

_HANGING = re.compile(
    r"\b(?:de|du|des|d|le|la|les|l|un|une|et|ou|a|au|aux|en|je|j|c est|est|mon|ma|mes|pour|que|qu|avec|chez"
    r"|dans|sur|entre|vers|avant|apres|nee? le|ne|nee|euh|heu|hum|alors|donc|parce"
    r"|parce que|m appelle|je m|mais|sinon"
    r"|plutot|depuis|numero)$"
)
_COMPLETE = re.compile(r"\b(?:non|oui|c est ca|merci|vas y|a ne pas|pas)$")
_DAY, _MONTH = r"(?:3[01]|[12]?\d|1er)", "(?:" + "|".join(MONTHS) + ")"
_STARTED = re.compile(rf"\b{_DAY} {_MONTH}\b|\b(?:{_DAY}|{_MONTH}|1900|2000|ne le|nee le)$")
"""A day and its month, or words that end inside a date. Any other number ("six mois", "trois jours") is no
birth date: who answers something else than what they were asked must not wait for their answer."""
_FAR = date(2199, 12, 31)
_PAIR = 2
"""Figures of a number that are its beginning: "zéro six"."""
_OFFERS = 3
"""Times offered at once, at most."""
_HOUR = re.compile(r"\b(?:(\d{1,2}) h(?: (\d{2}|et (?:quart|demie?)))?|(?<!apres )midi)\b")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b")
_DAY_HEARD = re.compile(rf"{_WEEKDAY.pattern}|\b(?:demain|je dis)\b")
""" "je dis" is what Whisper most often makes of "jeudi" (`slips_fr.tsv`)."""
_MINUTES = {"et quart": "15", "et demi": "30", "et demie": "30"}


def _birth_open(text: str) -> bool:
    """A birth date begun: day or month said, year missing or likely cut ("mille neuf cent", "soixante")."""
    line = canonical(text)
    found = list(births_in(line, _FAR, oldest=400))
    if not found:
        return bool(_STARTED.search(line)) and answer(text) is None
    tail = line[found[-1][1] : found[-1][2]].split()[-1]
    return line.endswith(tail) and (tail in ("1900", "2000", "19", "20", "60", "80", "1960", "1980"))


def incomplete(text: str, expects: Expects) -> bool:
    """True while what is `expects`-ed has begun and more must come ("le douze mars", "zéro six douze",
    "D comme Denis, U,"), or the words hang in the air ("je… le…")."""
    line = fold(text)
    if not line:
        return False
    if expects == "birth_date" and _birth_open(text):
        return True
    if expects == "phone" and phone(text) is None and 0 < phone_progress(text) < 10:
        return True
    if expects == "name" and spelling_open(text):
        return True
    if expects in ("yes_no", "read_back") and answer(text):
        return False
    return bool(_HANGING.search(line)) and not _COMPLETE.search(line)


def told(text: str, expects: Expects) -> bool:
    """Whether what was said counts where `expects` was asked for, though the words were heard with doubt:
    asked again, it would only be told again. A name is never clear, and is spelled; a number, a birth date,
    the beginning of one, a day wished for and a place among the offers are read back before anything is done
    with them, or (a birth date or a day, to cancel) held against the record. A yes never counts; a no does
    where something was read back, which is then put right, and nowhere else."""
    match expects:
        case "name":
            return True
        case "phone":
            return phone_progress(text) >= _PAIR
        case "birth_date":
            return any(births_in(canonical(text), _FAR, oldest=400)) or _birth_open(text)
        case "wish":
            return _DAY_HEARD.search(canonical(text)) is not None
        case "read_back":
            return answer(text) == "no"
        case "choice":
            return choice(text, _OFFERS) is not None or _HOUR.search(canonical(text)) is not None
    return False


def names_day(text: str) -> bool:
    """Whether a day of the week is named. Not "demain", which "de la main" sounds like."""
    return _WEEKDAY.search(canonical(text)) is not None


def picks(text: str, offered: str) -> bool:
    """Whether one of the times that `offered` names is chosen, by its place or by its hour."""
    return choice(text, _OFFERS) is not None or not _hours(text).isdisjoint(_hours(offered))


def _hours(text: str) -> set[tuple[str, str]]:
    """The hours named, each with its minutes; noon has neither."""
    return {(hour, _MINUTES.get(past, past)) for hour, past in _HOUR.findall(canonical(text))}
