"""Names spelled on the phone: "D comme Denis", "deux L", "accent aigu", or the letters' sounds."""

import re
import unicodedata
from dataclasses import dataclass

from voicebot.domain.french.sameness import sound

_SOUNDS = {
    "a": "a", "ah": "a", "ha": "a", "be": "b", "bes": "b", "bay": "b", "ce": "c", "ces": "c", "se": "c",
    "c est": "c",
    "de": "d", "des": "d", "e": "e", "eux": "e", "euh": "e", "effe": "f", "ef": "f", "ge": "g", "j ai": "g",
    "hache": "h", "ache": "h", "ash": "h", "i": "i", "hi": "i", "ji": "j", "gi": "j", "ka": "k", "cas": "k",
    "ca": "k",
    "elle": "l", "el": "l", "aile": "l", "ailes": "l", "elles": "l", "aime": "m", "em": "m", "emme": "m",
    "aimes": "m",
    "haine": "n", "enne": "n", "en": "n", "aine": "n", "o": "o", "oh": "o", "au": "o", "eau": "o",
    "haut": "o",
    "pe": "p", "paix": "p", "cu": "q", "ku": "q", "cul": "q", "queue": "q", "erre": "r", "air": "r",
    "ere": "r", "aire": "r",
    "esse": "s", "es": "s", "est ce": "s", "te": "t", "tes": "t", "the": "t", "u": "u", "hue": "u",
    "eu": "u", "ve": "v",
    "double ve": "w", "double v": "w", "double vet": "w", "ix": "x", "ixe": "x", "y": "y", "i grec": "y",
    "igrec": "y", "i grecque": "y", "ygrec": "y", "zed": "z", "zede": "z",
}  # fmt: skip
_MARKS = {
    "avec un accent aigu": "\u0301", "avec accent aigu": "\u0301", "avec un accent grave": "\u0300",
    "avec accent grave": "\u0300", "avec un trema": "\u0308", "avec un accent circonflexe": "\u0302",
    "accent aigu": "\u0301", "aigu": "\u0301", "accent grave": "\u0300", "grave": "\u0300",
    "accent circonflexe": "\u0302", "circonflexe": "\u0302", "chapeau": "\u0302", "trema": "\u0308",
    "cedille": "\u0327",
}  # fmt: skip
_JOINS = {
    "trait d union": "-", "tiret": "-", "tiret du 6": "-", "trait": "-", "apostrophe": "'", "espace": " ",
    "en fait": "",
    "plus loin": " ", "nouveau mot": " ", "en 2 mots": "", "en deux mots": "", "en un mot": "",
    "en un seul mot": "",
}  # fmt: skip
_TWICE = {"deux": 2, "2": 2, "double": 2, "trois": 3, "3": 3}
_SKIPPED = {
    "majuscule", "minuscule", "lettre", "la", "le", "l", "puis", "et", "ensuite", "apres", "voila", "alors",
    "donc",
    "comme",
}  # fmt: skip
_DOUBLE_V = {"double v": "w", "double ve": "w", "double vet": "w"}
_ALSO_WORDS = frozenset("acdjlmnostyà")
"""Letters that ordinary sentences contain alone ("il y a", "l'a")."""
_ONLY_SOUNDS = frozenset(
    "be bes effe ef ge hache ka emme em enne erre esse pe cu ku te ve ixe zed zede igrec ygrec".split()
) | {"double ve", "double v", "i grec"}
"""Names of letters that are no other common word."""
_SELDOM = frozenset("haut au aux eau en ca ces se ai air aime et".split())
"""Words more often than letters, where a row of letters begins."""
_UNSAID = re.compile(r"\bcomme\W*$")
_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ]+|\d")
LEAST = 3
"""Letters that make a spelling: fewer are chance ("j'ai", "a", "y")."""


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text)
    return "".join(c for c in spread if unicodedata.category(c) != "Mn")


def _tokens(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Lower-case words and single characters, and where each stands; "D.U.B." and "d-u-b" come apart. A
    capital alone keeps its case: nobody but a speller writes it."""
    found = list(_TOKEN.finditer(text))
    words = [m[0] for m in found]
    alone = len([t for t in words if len(t) == 1 and t.isupper()]) > 1
    kept = [t if alone and len(t) == 1 and t.isupper() else t.lower() for t in words]
    return kept, [m.span() for m in found]


@dataclass
class _Run:
    """Letters in a row. `proofs`: those that no ordinary sentence contains; `singles`: written alone."""

    letters: str = ""
    proofs: int = 0
    singles: int = 0
    first: int = 0
    """Where its first token stands among all."""
    end: int = 0

    def convincing(self) -> bool:
        """Whether this was spelled rather than said by chance ("il y a eu")."""
        count = sum(c.isalpha() for c in self.letters)
        return count >= LEAST and self.proofs >= 2 and (self.singles * 2 >= count or count >= 5)


def _matched(tokens: list[str], at: int, table: dict[str, str]) -> tuple[str, int] | None:
    """(value, tokens used) of the longest entry of `table` that begins at `at`."""
    for size in (4, 3, 2, 1):
        words = " ".join(_plain(t.lower()) for t in tokens[at : at + size])
        if at + size <= len(tokens) and words in table:
            return table[words], size
    return None


def _letter(tokens: list[str], at: int) -> tuple[str, int, bool, bool] | None:
    """(letter, tokens used, written alone, proof of spelling) at a token."""
    token = tokens[at]
    if token.lower() == "i" and at + 1 < len(tokens) and tokens[at + 1].lower().startswith("grec"):
        return "y", 2, True, True
    if len(token) == 1 and token.isalpha():
        return token.lower(), 1, True, token.isupper() or token not in _ALSO_WORDS
    found = _matched(tokens, at, _SOUNDS)
    words = " ".join(_plain(t.lower()) for t in tokens[at : at + found[1]]) if found else ""
    return (found[0], found[1], False, words in _ONLY_SOUNDS) if found else None


def _runs(tokens: list[str]) -> list[_Run]:
    """Every run of letters of an utterance."""
    runs = [_Run()]
    at, repeat = 0, 1
    while at < len(tokens):
        run, token = runs[-1], tokens[at].lower()
        if not run.letters and repeat == 1:
            run.first = at
        if run.letters and (mark := _matched(tokens, at, _MARKS)):
            run.letters = unicodedata.normalize("NFC", run.letters + mark[0])
            run.proofs += 1
            at += mark[1]
        elif run.letters and (join := _matched(tokens, at, _JOINS)):
            run.letters += join[0]
            at += join[1]
        elif token in _TWICE and not _matched(tokens, at, _DOUBLE_V):
            repeat, at = _TWICE[token], at + 1
        elif (letter := _letter(tokens, at)) and not _word(tokens, at, letter, run):
            at = _added(run, letter, tokens, at, repeat)
            repeat = 1
        elif token in _SKIPPED and (run.letters or repeat > 1):
            at += 1
        else:
            if run.letters:
                runs.append(_Run())
            at, repeat = at + 1, 1
        if run.letters and run is runs[-1]:
            run.end = at
    return [run for run in runs if run.letters]


def _word(tokens: list[str], at: int, letter: tuple[str, int, bool, bool], run: _Run) -> bool:
    """A sound that is a word here: letters were written alone before, and no letter comes after
    ("L en fait"); or letters written alone begin after it ("du haut, F A R G")."""
    following = at + letter[1]
    if letter[2] and not letter[3] and any(t.isupper() for t in tokens[run.first : at]):
        return bool(run.letters)  # "C A M U S, c'est tout simple": a small letter among capitals
    if not run.letters and tokens[at] in _SELDOM:
        return all(len(t) == 1 for t in tokens[following : following + 3])
    if run.singles <= 2:
        return False
    nothing = following >= len(tokens) or (len(tokens[following]) > 1 and not _letter(tokens, following))
    return not letter[2] and not letter[3] and nothing


def _added(run: _Run, letter: tuple[str, int, bool, bool], tokens: list[str], at: int, repeat: int) -> int:
    """Adds a letter to the run, stepping over "comme Denis"; gives the next place."""
    char, used, alone, proof = letter
    following = at + used
    if following + 1 < len(tokens) and tokens[following].lower() == "comme":
        following += 1
        if tokens[following].lower() in ("le", "la", "l", "un", "une", "les") and following + 1 < len(tokens):
            following += 1
        char = char if alone else _plain(tokens[following].lower())[0]
        following, alone, proof = following + 1, True, True
    run.letters += char * repeat
    run.proofs += repeat if proof else 0
    run.singles += repeat if alone else 0
    return following


def capitalised(name: str) -> str:
    """ "d'aubigné-le bihan" gives "D'Aubigné-Le Bihan"."""
    return re.sub(r"(^|[\s\-'])(\w)", lambda m: m[1] + m[2].upper(), name.lower())


@dataclass(frozen=True)
class Spelling:
    """A name spelled, capitalised, and where in the text its letters stand."""

    name: str
    start: int
    end: int


def spellings(text: str) -> list[Spelling]:
    """Every name spelled in `text`, by place. What was spelled before "je recommence" is no longer meant."""
    text = unicodedata.normalize("NFC", text)
    begin = max((m.end() for m in _ANEW.finditer(text)), default=0)
    blanked = _ASIDE.sub(lambda m: " " * len(m[0]), text)
    if (m := _EXPLAINED.search(blanked)) and blanked.count("omme ") == 1:
        blanked = blanked[: m.start()] + " " * len(m[0])
    tokens, spans = _tokens(" " * begin + blanked[begin:])
    accent = _ACCENT_ON.search(_plain(text.lower()))
    found = []
    for run in _runs(tokens):
        if run.convincing():
            letters = re.sub(r"(\w)\1\1+", r"\1\1", run.letters.strip(" -'"))
            letters = _with_accent(letters, accent["letter"], _MARKS[accent["mark"]]) if accent else letters
            found.append(Spelling(capitalised(letters), spans[run.first][0], spans[run.end - 1][1]))
    return found


def spelled(text: str) -> str | None:
    """The name spelled in `text`, capitalised, the longest of several; None when nothing was spelled.

    Letters, their French names ("esse", "i grec"), "D comme Denis", "deux L", accents, hyphen and
    apostrophe are understood. Sounds alone ("dé u bé") count only in a long enough run."""
    return max((s.name for s in spellings(text)), key=len, default=None)


_ANEW = re.compile(r"\b(?:je (?:re)?commence|je reprends|on (?:re)?commence)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:\b(?:ça|ca|qui) (?:commence|finit|se termine) par (?:une? |le )?\w\b"
    r"|(?:(?:^|, ?|\bet )|avec )(?:un |une |le |deux |2 )?\w(?: \w)?(?: comme \w+)? (?:à|a) la fin"
    r"|\b(?:avec|sans) (?:une? |le |deux |2 )?\w\b(?: et (?:une? |deux |2 )?\w\b)*(?![ ,.-]*\w\b)"
    r"|\b(?:avec )?(?:un |une )?accent \w+ sur (?:le |la |l'|les )(?:premier |dernier |deuxième )?\w\b)",
    re.IGNORECASE,
)
"""Said about a letter, and no letter of the row."""
_EXPLAINED = re.compile(r"(?<=\b[A-Z] [A-Z])[,.;] ?[A-Z] comme \w+\W*$")
"""A letter of the row told again at its end: "W E I S S, W comme Wagon"."""
_ACCENT_ON = re.compile(
    r"\b(?P<mark>accent aigu|accent grave|accent circonflexe|trema|cedille) sur (?:le |la |l'|les )"
    r"(?:premier |dernier |deuxieme )?(?P<letter>[a-z])\b"
)


def _with_accent(name: str, letter: str, mark: str) -> str:
    """The mark on the last such letter."""
    at = name.rfind(letter)
    return unicodedata.normalize("NFC", name[: at + 1] + mark + name[at + 1 :]) if at >= 0 else name


def completed(said: str, letters: str) -> str:
    """The name said, as it was spelled: only its end may have been (« Lefèvre, F E B V R E » is Lefebvre),
    and who spells leaves accents out."""
    if _plain(said).lower() == _plain(letters).lower() == letters.lower():
        return said
    if sound(said) == sound(letters) or len(letters) >= len(said) + 1:
        return letters
    heads = (said[:n] for n in range(1, len(said)))
    return next((capitalised(h + letters) for h in heads if sound(h + letters) == sound(said)), letters)


_HANGING = re.compile(
    r"(?:\bcomme|\bdeux|\bdouble|\baccent|\btrait(?: d'| d)?|\btrait d'union"
    r"|\btiret|\bapostrophe|\bi|\bet|\bpuis|,)\W*$"
)


def spelling_open(text: str) -> bool:
    """A name is being spelled and more letters may come: it hangs on "comme", a comma, or few letters."""
    if _UNSAID.search(text.lower()):
        return True
    runs = _runs(_tokens(text)[0])
    if not runs or not runs[-1].proofs:
        return False
    named = bool(re.search(r"\bcomme \w+\W*$", text.lower()))
    few = runs[-1].singles < 4 and bool(re.search(r"(?:^|[\s,.'-])[a-zà-ÿ]\W*$", text.lower()))
    return bool(_HANGING.search(text.lower())) or named or few
