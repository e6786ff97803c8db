"""Names spelled on the phone: "D comme Denis", "deux L", "accent aigu", or the letters' sounds."""

import re
import unicodedata
from dataclasses import dataclass

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
_UNSAID = re.compile(r"\bcomme\W*$")
_TOKEN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ]+|\d")
LEAST = 3
"""Letters that make a spelling: fewer are chance ("j'ai", "a", "y")."""


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text)
    return "".join(c for c in spread if unicodedata.category(c) != "Mn")


def _tokens(text: str) -> list[str]:
    """Lower-case words and single characters; "D.U.B." and "d-u-b" come apart. A capital alone keeps its
    case: nobody but a speller writes it."""
    normal = unicodedata.normalize("NFC", text.replace("’", "'"))
    spaced = re.sub(r"(?<=\b[A-Za-zà-ÿ])[-.](?=[A-Za-zà-ÿ]\b)", " ", normal)
    found = _TOKEN.findall(spaced.replace("'", " ").replace("-", " "))
    alone = len([t for t in found if len(t) == 1 and t.isupper()]) > 1
    return [t if alone and len(t) == 1 and t.isupper() else t.lower() for t in found]


@dataclass
class _Run:
    """Letters in a row. `proofs`: those that no ordinary sentence contains; `singles`: written alone."""

    letters: str = ""
    proofs: int = 0
    singles: int = 0

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
        if run.letters and (mark := _matched(tokens, at, _MARKS)):
            run.letters = unicodedata.normalize("NFC", run.letters + mark[0])
            run.proofs += 1
            at += mark[1]
        elif run.letters and (join := _matched(tokens, at, _JOINS)):
            run.letters += join[0]
            at += join[1]
        elif token in _TWICE and not _matched(tokens, at, _DOUBLE_V):
            repeat, at = _TWICE[token], at + 1
        elif letter := _letter(tokens, at):
            at = _added(run, letter, tokens, at, repeat)
            repeat = 1
        elif token in _SKIPPED and (run.letters or repeat > 1):
            at += 1
        else:
            if run.letters:
                runs.append(_Run())
            at, repeat = at + 1, 1
    return [run for run in runs if run.letters]


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


def spelled(text: str) -> str | None:
    """The name spelled in `text`, capitalised; None when nothing was spelled.

    Letters, their French names ("esse", "i grec"), "D comme Denis", "deux L", accents, hyphen and
    apostrophe are understood. Sounds alone ("dé u bé") count only in a long enough run."""
    best = ""
    for run in _runs(_tokens(text)):
        if run.convincing() and len(run.letters) > len(best):
            best = run.letters.strip(" -'")
    return capitalised(best) if best else None


_HANGING = re.compile(
    r"(?:\bcomme|\bdeux|\bdouble|\baccent|\btrait(?: d'| d)?|\btrait d'union"
    r"|\btiret|\bapostrophe|\bi|\bet|\bpuis|,)\W*$"
)


def spelling_open(text: str) -> bool:
    """A name is being spelled and more letters may come: it hangs on "comme", a comma, or few letters."""
    if _UNSAID.search(text.lower()):
        return True
    runs = _runs(_tokens(text))
    if not runs or not runs[-1].proofs:
        return False
    named = bool(re.search(r"\bcomme \w+\W*$", text.lower()))
    few = runs[-1].singles < 4 and bool(re.search(r"(?:^|[\s,.'-])[a-zà-ÿ]\W*$", text.lower()))
    return bool(_HANGING.search(text.lower())) or named or few
