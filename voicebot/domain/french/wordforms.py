"""French text brought to one shape: accents, apostrophes, hyphens, and numbers said in words."""

import re
import unicodedata

from text_to_num import alpha2digit

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ʼ": "'", "‘": "'"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_JOINING_ET = re.compile(
    r"(?<!vingt)(?<!trente)(?<!quarante)(?<!cinquante)(?<!soixante) et | et (?!une?\b|onze\b)"
)
_DIGIT_RUN = re.compile(r"\b(1900|2000) (\d{1,2})\b")


def bare(text: str) -> str:
    """Lower-case without accents; punctuation untouched."""
    spread = unicodedata.normalize("NFD", text.lower().translate(_LIGATURES))
    return "".join(c for c in spread if unicodedata.category(c) != "Mn")


def fold(text: str) -> str:
    """Lower-case words parted by single spaces: no accents, apostrophes, hyphens or punctuation.

    "L'Haÿ-les-Roses !" gives "l hay les roses".
    """
    return _NOT_WORD.sub(" ", bare(text)).strip()


def numbered(folded: str) -> str:
    """Spoken numbers of an already folded text as figures; "un", "une" and ordinals stay words."""
    accented = re.sub(r"\bzeros?\b", "zéro", folded)
    # "entre dix et dix-huit" is two numbers; only "vingt et un", "soixante et onze" are one.
    apart = _JOINING_ET.sub(" & ", accented)
    figures: str = alpha2digit(apart, "fr").replace(" & ", " et ") if apart.strip() else apart
    figures = re.sub(r"\bzéro\b", "0", figures)
    figures = re.sub(r"\bdeux\b", "2", figures)
    # text2num takes "25 à neuf heures" for the adjective.
    figures = re.sub(r"\bneuf(?= h(?:eures?)?\b)", "9", figures)
    # Recognisers write half of a year in figures: "mille neuf cent 72".
    return _DIGIT_RUN.sub(lambda m: str(int(m[1]) + int(m[2])), figures)


def digits(text: str) -> str:
    """Folded text with spoken numbers in figures: "Vingt-deux octobre" gives "22 octobre"."""
    spaced = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", fold(text))
    return re.sub(r"\b1 ere?\b", "1er", numbered(spaced))
