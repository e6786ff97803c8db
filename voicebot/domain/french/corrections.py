"""What is put right of a person read back, when only the wrong part is said: "le 13, pas le 12", "ça finit
par 42", "Martin avec un T". Nothing is corrected that the words do not point at."""

import re
from datetime import date

from rapidfuzz.distance import JaroWinkler

from voicebot.domain.call import Person
from voicebot.domain.french.almanac import MONTHS
from voicebot.domain.french.births import OLDEST, birth_date
from voicebot.domain.french.canonical import canonical
from voicebot.domain.french.letter_hints import hinted, righted
from voicebot.domain.french.names import person_name
from voicebot.domain.french.phones import phone
from voicebot.domain.french.sameness import sound
from voicebot.domain.french.wordforms import digits, fold

_MONTH = "|".join(MONTHS)
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|1er)"
_DENIED = re.compile(
    rf"\b(?:et )?(?:non )?pas (?:le |en |du )*(?P<day>{_DAY}\b)?(?: ?(?P<month>{_MONTH})\b)?"
)
_BIRTH = re.compile(r"\bnaissance\b|\bnee?\b|\bneee?\b")
_NEW_DAY = re.compile(
    rf"\b(?:le|au|c est|nee?) (?P<day>{_DAY})\b(?! ?(?:h\b|min\b))|^(?:non[ ,]*)*(?P<bare>{_DAY})\b(?=[ ,]*$)"
)
_NEW_MONTH = re.compile(rf"\b(?P<month>{_MONTH})\b")
_NEW_YEAR = re.compile(
    r"\b(?P<full>(?:19|20)\d\d)\b|\b(?:annee|an)[ ,]+(?:c est |est )?(?:en )?(?P<short>\d\d)\b"
)
_TAIL = re.compile(
    r"\b(?:finit|termine|terminait|finissait) (?:par|avec) (?P<after>\d[\d ]*)"
    r"|\b(?:derniers chiffres|fin|derniere paire)[ ,]*(?:c est|sont|est)[ ,]*(?:le )?(?P<last>\d[\d ]*)"
    r"|\b(?P<before>\d[\d ]*?) (?:a la fin|pour finir|en dernier)\b"
)
_INSTEAD = (
    re.compile(r"(?P<new>\d\d(?: \d\d)*)(?: (?:et|mais|non))* pas (?:le |du )?(?P<old>\d\d(?: \d\d)*)\b"),
    re.compile(
        r"\bpas (?:le |du )?(?P<old>\d\d(?: \d\d)*) (?:mais )?(?:c est )?(?:le )?(?P<new>\d\d(?: \d\d)*)\b"
    ),
)
_NAMED = re.compile(r"\b(?:nom|prenom|s appelle|m appelle|s ecrit|orthographe|epele\w*)\b")
_LEAD = re.compile(
    r"(?i)^(?:[\s,.]|\b(?:non|oui|si|presque|sauf que|mais|par contre|il y a une erreur|c'est pas ça|attendez"
    r"|pardon|enfin|en fait|alors|euh|à part que)\b)+"
)
_LIKE = 0.72
"""From here on a name said at the read-back is the one read back, put right (Jaro-Winkler: Anna/Anne 0.87,
Marin/Martin 0.96; Anne/Martin 0.47)."""


def corrected_birth(text: str, born: date, today: date) -> date | None:
    """The date of birth with the part that was said replaced; None when no part of it was meant."""
    if whole := birth_date(text, today):
        return whole
    line = canonical(text)
    denied = [m for m in _DENIED.finditer(line) if m["day"] or m["month"]]
    meant = bool(_BIRTH.search(line)) or any(_is_of(m, born) for m in denied)
    rest = _DENIED.sub(" ", line)
    day, month, year = born.day, born.month, born.year
    if m := _NEW_YEAR.search(rest):
        year = int(m["full"]) if m["full"] else _century(int(m["short"]), today)
        meant = meant or year < today.year
    if meant and (m := _NEW_MONTH.search(rest)):
        month = MONTHS[m["month"]]
    elif re.search(r"\bmois\b", rest) and (m := _NEW_MONTH.search(rest)):
        month, meant = MONTHS[m["month"]], True
    if meant and (m := _NEW_DAY.search(rest)):
        day = int((m["day"] or m["bare"]).removesuffix("er"))
    try:
        better = date(year, month, day)
    except ValueError:
        return None
    fits = meant and better != born and better <= today and better.year >= today.year - OLDEST
    return better if fits else None


def _is_of(denied: re.Match[str], born: date) -> bool:
    day = denied["day"]
    return (day is None or int(day.removesuffix("er")) == born.day) and (
        denied["month"] is None or MONTHS[denied["month"]] == born.month
    )


def _century(short: int, today: date) -> int:
    return 2000 + short if 2000 + short <= today.year else 1900 + short


def corrected_phone(text: str, number: str) -> str | None:
    """The number, E.164, with the figures that were said replaced; None when none of it were meant."""
    if whole := phone(text):
        return whole
    if not number.startswith("+33"):
        return None
    said, national = digits(text), "0" + number[3:]
    if m := _TAIL.search(said):
        tail = (m["after"] or m["last"] or m["before"]).replace(" ", "")
        return phone(national[: -len(tail)] + tail) if 1 < len(tail) < len(national) else None
    for pattern in _INSTEAD:
        if m := pattern.search(said):
            old, new = m["old"].replace(" ", ""), m["new"].replace(" ", "")
            places = [i for i in range(0, len(national), 2) if national.startswith(old, i)]
            if len(old) == len(new) and len(places) == 1:
                return phone(national[: places[0]] + new + national[places[0] + len(old) :])
    return None


def corrected_name(text: str, about: Person) -> tuple[str | None, str | None]:
    """(first name, last name) put right, each None when it was not."""
    rest = _LEAD.sub("", text)
    first, last = person_name(rest, asked=True)
    if first is None and last is None:
        return _by_letters(rest, about)
    if first and not last and _like(first, about.last_name) > _like(first, about.first_name):
        first, last = None, first
    elif last and not first and _like(last, about.first_name) > _like(last, about.last_name):
        first, last = last, None
    told = _NAMED.search(fold(text)) is not None
    first = first if first and (told or last or _like(first, about.first_name) >= _LIKE) else None
    last = last if last and (told or first or _like(last, about.last_name) >= _LIKE) else None
    return first, last


def _by_letters(text: str, about: Person) -> tuple[str | None, str | None]:
    """Only letters are told: "avec deux T", "sans H"."""
    hints, _ = hinted(text)
    last = righted(about.last_name, hints) if about.last_name else ""
    if last != about.last_name:
        return None, last
    first = righted(about.first_name, hints) if about.first_name else ""
    return (first, None) if first != about.first_name else (None, None)


def _like(one: str, other: str) -> float:
    if not other:
        return 0.0
    return 1.0 if sound(one) == sound(other) else JaroWinkler.similarity(fold(one), fold(other))


def corrected(text: str, about: Person, today: date) -> Person:
    """The fields of the person read back that `text` puts right; those it does not are empty."""
    whole = phone(text)
    born = corrected_birth(text, about.birth_date, today) if about.birth_date and not whole else None
    number = corrected_phone(text, about.phone) if about.phone and not born else None
    first, last = (None, None) if born or number else corrected_name(text, about)
    return Person(first or "", last or "", born, number or "")
