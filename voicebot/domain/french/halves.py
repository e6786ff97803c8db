"""Values told in several goes, and utterances that are a value and nothing else."""

import re
from datetime import date

from voicebot.domain.call import Person
from voicebot.domain.french.almanac import MONTHS
from voicebot.domain.french.corrections import corrected_phone
from voicebot.domain.french.dates import birth_date
from voicebot.domain.french.dictation import incomplete
from voicebot.domain.french.phones import phone, phone_figures, phone_progress
from voicebot.domain.french.spelling import spelled
from voicebot.domain.french.wordforms import digits, fold
from voicebot.domain.french.wording import of_month

MANY = 6
"""Figures, however they are strung together: no measure has so many ("0,6 à 8 à 9 de 0 de 1")."""
FIGURES = 4
"""Of a telephone number, from which on it is one."""
_HANGING = re.compile(r"(?:\bcomme|\bdeux|\bdouble|\bavec un|\btrait d union|\btiret|\bapostrophe|\bpuis)$")
_ASIDE = frozenset(
    "a alors annee appelez apres attendez au bah ben bien bonjour c ca cela corriger d dans date de des "
    "deja donc double du elle en est et etait euh fin finit fixe fois il j je joindre l la le les ma "
    "madame me mes mobile moi mois mon monsieur naissance ne nee non numero oui par pardon pas plutot "
    "plus portable pouvez premier puis rappelez sa son sur telephone trompe trompee trente un une voila "
    "vous".split()
) | frozenset(MONTHS)
"""Words besides the figures of a number or a date."""


def goes_on(begun: str, text: str, expects: str) -> bool:
    """Whether `text` is a further part of the value expected, of which `begun` was said before, and more must
    come: "zéro six, trente-neuf", "le douze mars", "D comme"."""
    joined = f"{begun}, {text}" if begun else text
    match expects:
        case "phone":
            return phone(joined) is None and phone_progress(begun) < phone_progress(joined) < 10
        case "birth_date":
            return re.search(r"\d", digits(text)) is not None and incomplete(joined, "birth_date")
        case "name":
            return _HANGING.search(fold(text)) is not None and spelled(joined + " a b c") is not None
    return False


def value_only(begun: str, text: str, about: Person, today: date, births: bool) -> str | None:
    """A telephone number or a date of birth in plain figures, when nothing else was said; else None.

    "Trente-neuf" and "zéro quarante" in it are no fever and no blood sugar, and who reads a ticket reads it
    at once. `births`: a date may be one of birth."""
    if any(word not in _ASIDE for word in digits(text).split() if not word.isdigit()):
        return None
    put_right = corrected_phone(text, about.phone) if about.phone else None
    figures = "0" + put_right[3:] if put_right else phone_figures(f"{begun}, {text}" if begun else text)
    if len(figures) >= FIGURES:
        return figures
    born = birth_date(text, today) if births else None
    every = "".join(re.findall(r"\d", digits(text)))
    return f"{of_month(born)} {born.year}" if born else every if len(every) >= MANY else None
