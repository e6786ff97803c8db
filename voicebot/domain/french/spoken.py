"""Written French → French as it must be read aloud: hours, dates, telephone numbers, titles, spelled letters.

espeak, which turns text into sounds for Kokoro, reads "9h30" as "neuf ash trente" and "M." as "èm". Every
rule is a pattern and what to say instead; they run in order, the most particular first, and leave no digit.
"""

import re
from collections.abc import Callable
from re import Match

UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
).split()
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTH = "|".join(MONTHS)
LETTERS = {
    "A": "a", "B": "bé", "C": "cé", "D": "dé", "E": "e", "F": "effe", "G": "gé", "H": "ache", "I": "i",
    "J": "ji", "K": "ka", "L": "elle", "M": "emme", "N": "enne", "O": "o", "P": "pé", "Q": "ku", "R": "erre",
    "S": "esse", "T": "té", "U": "u", "V": "vé", "W": "double vé", "X": "ixe", "Y": "i grec", "Z": "zède",
    "É": "e accent aigu", "È": "e accent grave", "Ê": "e accent circonflexe", "Ë": "e tréma",
    "À": "a accent grave", "Â": "a accent circonflexe", "Ç": "cé cédille", "Î": "i accent circonflexe",
    "Ï": "i tréma", "Ô": "o accent circonflexe", "Ö": "o tréma", "Ù": "u accent grave",
    "Û": "u accent circonflexe", "Ü": "u tréma", "Ÿ": "i grec tréma", "Œ": "e dans l'o", "-": "tiret",
    "'": "apostrophe",
}  # fmt: skip
"""How a letter is named when a word is spelled."""
LETTER = "[A-ZÉÈÊËÀÂÇÎÏÔÖÙÛÜŸŒ]"
SHORT = {
    "Dr": "docteur", "Drs": "docteurs", "Dre": "docteure", "Pr": "professeur", "Pre": "professeure",
    "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle", "Mgr": "monseigneur",
    "n°": "numéro", "N°": "numéro", "av.": "avenue", "bd": "boulevard", "bld": "boulevard", "Bd": "boulevard",
    "pl.": "place", "rdv": "rendez-vous", "RDV": "rendez-vous", "tél.": "téléphone", "Tél.": "téléphone",
    "etc.": "et cétéra", "St": "saint", "Ste": "sainte", "c.-à-d.": "c'est-à-dire", "svp": "s'il vous plaît",
}  # fmt: skip
UNITS_OF = {
    "min": "minute", "mn": "minute", "j": "jour", "km": "kilomètre", "m": "mètre", "cm": "centimètre",
    "kg": "kilo", "g": "gramme", "mg": "milligramme", "ml": "millilitre", "°C": "degré", "°": "degré",
    "€": "euro", "ans": "an",
}  # fmt: skip
FEMININE = "heure|minute|seconde|semaine|année|personne|place|fois|question|secrétaire|ordonnance|réponse"


def cardinal(n: int, *, feminine: bool = False) -> str:
    """A whole number below a thousand million in words, as said in France."""
    if n < 20:
        return "une" if n == 1 and feminine else UNITS[n]
    if n < 100:
        return _below_hundred(n, feminine)
    for size, name in ((1_000_000, "million"), (1000, "mille"), (100, "cent")):
        if n >= size:
            return _large(n, size, name, feminine)
    raise AssertionError("unreachable")


def _below_hundred(n: int, feminine: bool) -> str:
    ten, unit = divmod(n, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    if not unit:
        return "quatre-vingts" if ten == 8 else TENS[ten]
    joint = " et " if unit in (1, 11) and ten != 8 else "-"
    return TENS[ten] + joint + cardinal(unit, feminine=feminine)


def _large(n: int, size: int, name: str, feminine: bool) -> str:
    many, rest = divmod(n, size)
    after = f" {cardinal(rest, feminine=feminine)}" if rest else ""
    if name == "million":
        return f"{cardinal(many)} million{'s' if many > 1 else ''}{after}"
    if many == 1:
        return name + after
    count = cardinal(many)
    if name == "mille":
        return f"{count[:-1] if count.endswith(('cents', 'vingts')) else count} mille{after}"
    return f"{count} cent{after or 's'}"


def ordinal(n: int, *, feminine: bool = False) -> str:
    """`premier`, `deuxième`, `vingt et unième`."""
    if n == 1:
        return "première" if feminine else "premier"
    word = cardinal(n)
    for ending, instead in (("cinq", "cinqu"), ("neuf", "neuv"), ("vingts", "vingt"), ("cents", "cent")):
        if word.endswith(ending):
            word = word.removesuffix(ending) + instead
    return word.removesuffix("e") + "ième"


def hour(hours: int, minutes: int = 0) -> str:
    """A time of day: `neuf heures trente`, `midi`, `minuit`."""
    if not minutes and hours in (0, 12):
        return "midi" if hours else "minuit"
    said = f"{cardinal(hours, feminine=True)} heure{'s' if hours > 1 else ''}"
    return f"{said} {cardinal(minutes, feminine=True)}" if minutes else said


def digits(text: str) -> str:
    """Two by two as telephone numbers are said, a zero at the head of a pair spoken: `zéro six, douze`."""
    pairs = re.findall(r"\d\d?", re.sub(r"\D", "", text))
    return ", ".join(
        f"zéro {UNITS[int(p[1])]}" if len(p) == 2 and p[0] == "0" else cardinal(int(p)) for p in pairs
    )


def _number(text: str, *, feminine: bool = False) -> str:
    """Digits, with spaces between thousands, a decimal comma, or zeros at the head."""
    whole, _, decimals = re.sub(r"\s", "", text).partition(",")
    if len(whole) > 9 or (len(whole) > 1 and whole[0] == "0"):
        said = digits(whole)
    else:
        said = cardinal(int(whole), feminine=feminine)
    if not decimals:
        return said
    zeros = len(decimals) - len(decimals.lstrip("0"))
    rest = " ".join(["zéro"] * zeros + ([_number(decimals[zeros:])] if decimals[zeros:] else []))
    return f"{said} virgule {rest}"


def _phone(m: Match[str]) -> str:
    return digits("0" + m["national"])


def _day(m: Match[str]) -> str:
    return "premier" if int(m[1]) == 1 else cardinal(int(m[1]))


def _date(m: Match[str]) -> str:
    day, month, year = int(m["d"]), int(m["m"]), m["y"]
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return m[0].replace("/", " ").replace("-", " ")
    said = f"{'premier' if day == 1 else cardinal(day)} {MONTHS[month - 1]}"
    return f"{said} {cardinal(int(year))}" if year else said


def _hour(m: Match[str]) -> str:
    if int(m[1]) > 24:  # a duration, not a time of day
        return f"{cardinal(int(m[1]), feminine=True)} heures" + (f" {cardinal(int(m[2]))}" if m[2] else "")
    return hour(int(m[1]), int(m[2] or 0))


def _measure(m: Match[str]) -> str:
    name = UNITS_OF[m["unit"]]
    plural = "s" if float(re.sub(r"\s", "", m["n"]).replace(",", ".")) >= 2 else ""
    if name == "euro" and "," in m["n"]:
        whole, cents = m["n"].split(",")
        plural = "s" if int(re.sub(r"\s", "", whole)) > 1 else ""
        return f"{_number(whole)} euro{plural} {cardinal(int(cents.ljust(2, '0')[:2]))}"
    return f"{_number(m['n'], feminine=name == 'minute')} {name}{plural}"


def _email(m: Match[str]) -> str:
    named = {"@": " arobase ", ".": " point ", "-": " tiret ", "_": " tiret bas "}
    return "".join(named.get(c, c) for c in m[0])


ABBREVIATION = "|".join(map(re.escape, sorted(SHORT, key=len, reverse=True)))
N = r"\d+(?:,\d+)?"
RULES: tuple[tuple[re.Pattern[str], Callable[[Match[str]], str]], ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (r"[\s\u00a0\u202f]+", lambda m: " "),
        (r"\b[\w.+-]+@[\w-]+(?:\.\w+)+", _email),
        (r"(?<!\d)(?:\+33 ?(?:\(0\) ?)?|0)(?P<national>[1-9](?:[ .-]?\d\d){4})(?!\d)", _phone),
        (r"\b116 ?117\b", lambda m: "cent seize, cent dix-sept"),
        (r"\b3[0-9]\d\d\b(?! ?(?:€|euros))", lambda m: digits(m[0]).replace(", ", " ")),
        (r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b", _date),
        (r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:/(?P<y>\d{4}))?\b", _date),
        (r"\b24 ?h(?:eures)? ?(?:/|sur) ?24\b", lambda m: "vingt-quatre heures sur vingt-quatre"),
        (r"\b7 ?j(?:ours)? ?(?:/|sur) ?7\b", lambda m: "sept jours sur sept"),
        (r"\b(\d{1,2}) ?(?:h|H|heures?)(?: ?([0-5]\d))?\b", _hour),
        (r"\b(\d{1,2}):([0-5]\d)\b", _hour),
        (rf"\b(\d{{1,2}})(?:er)?(?= (?:{MONTH})\b)", _day),
        (r"\b1(?:re|ère)\b", lambda m: "première"),
        (r"\b(\d+)(?:ers?|e|ème|es|èmes|nd|nde)\b", lambda m: ordinal(int(m[1]))),
        (r"\bM\. (?=[A-ZÉÈ]|et )", lambda m: "monsieur "),
        (r"\bMM\. (?=[A-ZÉÈ])", lambda m: "messieurs "),
        (
            rf"(?<![\w-])(?:{ABBREVIATION})(?!\w)\.?(?= |-|,|$)",
            lambda m: SHORT.get(m[0]) or SHORT[m[0].removesuffix(".")],
        ),
        (
            rf"(?<![\w'’-]){LETTER}(?:-{LETTER})+(?![\w'’-])",
            lambda m: ", ".join(LETTERS[c] for c in m[0][::2]),
        ),
        (rf"(?<!\w){LETTER}(?: {LETTER}){{2,}}(?!\w)", lambda m: ", ".join(LETTERS[c] for c in m[0][::2])),
        (r"(\d+) ?°(\d)(?: ?C\b)?", lambda m: f"{_number(m[1])} degrés {cardinal(int(m[2]))}"),
        (
            rf"(?P<n>(?:\d{{1,3}}(?: \d{{3}})+(?!\d)|\d+)(?:,\d+)?) ?(?P<unit>{'|'.join(UNITS_OF)})(?!\w)",
            _measure,
        ),
        (rf"({N}) ?%", lambda m: f"{_number(m[1])} pour cent"),
        (rf"\b(\d+)(?= (?:{FEMININE})s?\b)", lambda m: _number(m[1], feminine=True)),
        (r"(?<!\d)\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)", lambda m: _number(m[0])),
        (r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", lambda m: " "),
        (r"\d+,\d+", lambda m: _number(m[0])),
        (r"\d+", lambda m: _number(m[0])),
        (r" ?[«»“”\"] ?", lambda m: " "),
        (r" [–—-] ", lambda m: ", "),
        (r" ?& ?", lambda m: " et "),
        (r" {2,}", lambda m: " "),
    )
)


def spoken(text: str) -> str:
    """`text` as it must be read aloud; never raises, and leaves no digit."""
    for pattern, say in RULES:
        text = pattern.sub(say, text)
    return text.strip()
