"""Names spelled on the phone: "D comme Denis", "deux L", "accent aigu", or the letters' sounds."""

import re
import unicodedata

_SOUNDS = {
    "a": "a", "ah": "a", "ha": "a", "be": "b", "bes": "b", "bay": "b", "ce": "c", "ces": "c", "se": "c", "c est": "c",
    "de": "d", "des": "d", "e": "e", "eux": "e", "euh": "e", "effe": "f", "ef": "f", "ge": "g", "j ai": "g",
    "hache": "h", "ache": "h", "ash": "h", "i": "i", "hi": "i", "ji": "j", "gi": "j", "ka": "k", "cas": "k", "ca": "k",
    "elle": "l", "el": "l", "aile": "l", "ailes": "l", "elles": "l", "aime": "m", "em": "m", "emme": "m", "aimes": "m",
    "haine": "n", "enne": "n", "en": "n", "aine": "n", "o": "o", "oh": "o", "au": "o", "eau": "o", "haut": "o",
    "pe": "p", "paix": "p", "cu": "q", "ku": "q", "cul": "q", "queue": "q", "erre": "r", "air": "r", "ere": "r", "aire": "r",
    "esse": "s", "es": "s", "est ce": "s", "te": "t", "tes": "t", "the": "t", "u": "u", "hue": "u", "eu": "u", "ve": "v",
    "double ve": "w", "double v": "w", "double vet": "w", "ix": "x", "ixe": "x", "y": "y", "i grec": "y",
    "igrec": "y", "i grecque": "y", "ygrec": "y", "zed": "z", "zede": "z",
}  # fmt: skip
_MARKS = {
    "accent aigu": "\u0301", "aigu": "\u0301", "accent grave": "\u0300", "grave": "\u0300",
    "accent circonflexe": "\u0302", "circonflexe": "\u0302", "chapeau": "\u0302", "trema": "\u0308", "cedille": "\u0327",
}  # fmt: skip
_JOINS = {
    "trait d union": "-", "tiret": "-", "tiret du 6": "-", "trait": "-", "apostrophe": "'", "espace": " ",
    "plus loin": " ", "nouveau mot": " ", "en 2 mots": "", "en deux mots": "", "en un mot": "", "en un seul mot": "",
}  # fmt: skip
_TWICE = {"deux": 2, "2": 2, "double": 2, "trois": 3, "3": 3}
_SKIPPED = {
    "majuscule", "minuscule", "lettre", "la", "le", "l", "puis", "et", "ensuite", "apres", "voila", "alors", "donc", "avec",
    "un", "une", "sans", "comme",
}  # fmt: skip
_AS = {"comme"}
_TOKEN = re.compile(r"[a-zà-ÿœ]+|\d|[-']")
_ACCENTED = re.compile(r"^[à-ÿœ]$")
LEAST = 3
"""Letters that make a spelling: fewer are chance ("j'ai", "a", "y")."""


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text)
    return "".join(c for c in spread if unicodedata.category(c) != "Mn")


def _tokens(text: str) -> list[str]:
    """Lower-case words and single characters; "D.U.B." and "d-u-b" come apart."""
    lowered = unicodedata.normalize("NFC", text.lower().replace("’", "'"))
    spaced = re.sub(r"(?<=\b[a-zà-ÿ])[-.'](?=[a-zà-ÿ]\b)", " ", lowered)
    return [t for t in _TOKEN.findall(spaced.replace("'", " ").replace("-", " "))]


class _Reader:
    """Walks the tokens of one utterance and collects runs of letters."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.runs: list[tuple[str, int]] = []
        self.letters = ""
        self.certain = 0
        self.open = False

    def _close(self) -> None:
        if self.letters:
            self.runs.append((self.letters, self.certain))
        self.letters, self.certain = "", 0

    def _match(self, at: int, table: dict[str, str]) -> tuple[str, int] | None:
        for size in (3, 2, 1):
            words = " ".join(_plain(t) for t in self.tokens[at : at + size])
            if at + size <= len(self.tokens) and words in table:
                return table[words], size
        return None

    def _letter(self, at: int) -> tuple[str, int, bool] | None:
        """(letter, tokens used, certain) at a token."""
        if at >= len(self.tokens):
            return None
        token = self.tokens[at]
        if token == "i" and at + 1 < len(self.tokens) and self.tokens[at + 1].startswith("grec"):
            return "y", 2, True
        if len(token) == 1 and token.isalpha():
            return token, 1, True
        if token == "é" or _ACCENTED.match(token):
            return token, 1, True
        found = self._match(at, _SOUNDS)
        return (found[0], found[1], False) if found else None

    def read(self) -> list[tuple[str, int]]:
        """Runs of letters with how many of them were certain."""
        at, repeat = 0, 1
        while at < len(self.tokens):
            if self.letters and (mark := self._match(at, _MARKS)):
                self.letters = unicodedata.normalize("NFC", self.letters + mark[0])
                self.certain += 1
                at += mark[1]
            elif self.letters and (join := self._match(at, _JOINS)):
                self.letters += join[0]
                at += join[1]
            elif self.tokens[at] in _TWICE and not (
                self.tokens[at] == "double" and self._match(at, {"double v": "w", "double ve": "w"})
            ):
                repeat = _TWICE[self.tokens[at]]
                at += 1
            elif letter := self._letter(at):
                at = self._take(letter, at, repeat)
                repeat = 1
            elif self.tokens[at] in _SKIPPED and (self.letters or repeat > 1):
                at += 1
            else:
                self._close()
                at, repeat = at + 1, 1
        self._close()
        return self.runs

    def _take(self, letter: tuple[str, int, bool], at: int, repeat: int) -> int:
        """Adds a letter, stepping over "comme Denis"; gives the next place."""
        char, used, certain = letter
        following = at + used
        named = following + 1 < len(self.tokens) and self.tokens[following] in _AS
        if named:
            char = _plain(self.tokens[following + 1])[0] if not certain else char
            following += 2
            if self.tokens[following - 1] in ("le", "la", "l", "un", "une", "les") and following < len(
                self.tokens
            ):
                following += 1
            certain = True
        self.letters += char * repeat
        self.certain += repeat if certain else 0
        return following


def capitalised(name: str) -> str:
    """ "d'aubigné-le bihan" gives "D'Aubigné-Le Bihan"."""
    return re.sub(r"(^|[\s\-'])(\w)", lambda m: m[1] + m[2].upper(), name.lower())


def spelled(text: str) -> str | None:
    """The name spelled in `text`, capitalised; None when nothing was spelled.

    Letters, their French names ("esse", "i grec"), "D comme Denis", "deux L", accents, hyphen and
    apostrophe are understood. Sounds alone ("dé u bé") count only in a long enough run."""
    runs = _Reader(_tokens(text)).read()
    best = ""
    for letters, certain in runs:
        bare = letters.strip(" -'")
        count = sum(c.isalpha() for c in bare)
        if count >= LEAST and (certain * 2 >= count or count >= 5) and count > sum(c.isalpha() for c in best):
            best = bare
    return capitalised(best) if best else None


_HANGING = re.compile(
    r"(?:\bcomme|\bdeux|\bdouble|\baccent|\btrait(?: d'| d)?|\btrait d'union|\btiret|\bapostrophe|\bi|\bet|\bpuis|,)\W*$"
)


def spelling_open(text: str) -> bool:
    """A name is being spelled and more letters may come: it hangs on "comme", a comma or a lone letter
    while fewer than `LEAST` letters are certain."""
    runs = _Reader(_tokens(text)).read()
    spelling = bool(runs) and runs[-1][1] > 0
    lone = bool(re.search(r"(?:^|[\s,.])[a-z]\W*$", text.lower()))
    named = bool(re.search(r"\bcomme(?: \w+)?\W*$", text.lower()))
    return (
        spelling and (bool(_HANGING.search(text.lower())) or named or (lone and runs[-1][1] < 4))
    ) or bool(re.search(r"\bcomme\W*$", text.lower()))
