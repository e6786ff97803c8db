"""A name put right by one letter: "Martin avec un T", "Gautier sans H", "Dupond, D à la fin", "deux N"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from voicebot.domain.french.sameness import sound
from voicebot.domain.french.wordforms import bare

_NAMED = {
    "be": "b", "ce": "c", "de": "d", "effe": "f", "ge": "g", "hache": "h", "ache": "h", "ji": "j", "ka": "k",
    "elle": "l", "aime": "m", "emme": "m", "haine": "n", "enne": "n", "pe": "p", "cu": "q", "erre": "r",
    "esse": "s", "te": "t", "the": "t", "ve": "v", "double v": "w", "ixe": "x", "i grec": "y", "zed": "z",
    "zede": "z",
}  # fmt: skip
_LETTER = r"(?P<letter>i grec|double v|[a-z]\b|" + "|".join(sorted(_NAMED, key=len, reverse=True)) + r")\b"
_END = r"(?P<end>,? (?:a la fin|au bout|final|pour finir))"
_MARK = r"(?: (?:comme \w+|majuscule))?"
_HINT = re.compile(
    rf"[,.]? *\b(?:et |mais )?(?:(?P<without>sans)(?: le| la| de)?"
    rf"|(?:avec|il y a|ca prend|ca s ecrit avec|et)"
    rf"(?: (?P<count>un seul|une seule|une?|deux|2|double|les?))?)"
    rf" {_LETTER}{_MARK}{_END}?"
)
_FINAL = re.compile(
    rf"[,.]? *\b(?:et |mais )?(?:(?:ca |qui )?(?:finit|termine) par )?(?:(?P<count>une?|deux|2|le) )?"
    rf"{_LETTER}{_MARK}(?P<end>,? (?:a la fin|au bout|final|pour finir))"
)
_TWO_FINAL = re.compile(r"[,.]? *\b(?P<letters>[a-z]{1,2} [a-z])(?P<end>,? (?:a la fin|au bout))")
_ENDS = re.compile(rf"[,.]? *\b(?:ca |qui |il )?(?:finit|(?:se )?termine) (?:par|avec)(?: une?)? {_LETTER}")
_STARTS = re.compile(rf"[,.]? *\b(?:ca |qui |il )?commence (?:par|avec)(?: une?)? {_LETTER}{_MARK}")
_SILENT = "dtszxp"
_LOST = "bcdfghjklmnpqrstvwxyz"


@dataclass(frozen=True)
class Hint:
    """`count`: 0 = not in the name, 1 = it is, 2 = doubled; `place`: where; `word`: the bare word before."""

    letter: str
    count: int
    place: Literal["", "start", "end"] = ""
    word: str = ""

    def holds(self, name: str) -> bool:
        """Whether a bare name is as the hint says."""
        if self.place == "start":
            return name.startswith(self.letter)
        if self.place == "end":
            return name.endswith(self.letter * max(1, self.count))
        if self.count == 2:
            return self.letter * 2 in name
        if not self.count:
            return self.letter not in name
        return self.letter in name


def hinted(text: str) -> tuple[tuple[Hint, ...], str]:
    """What is said of single letters, and the text without it."""
    plain = bare(text)
    same = plain.replace("'", " ").replace("-", " ")
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("æ", "ae")
    if len(same) != len(text):  # the places would not agree
        return (), text
    found: list[Hint] = []
    cut: list[tuple[int, int]] = []
    for pattern in (_HINT, _TWO_FINAL, _FINAL, _ENDS, _STARTS):
        for m in pattern.finditer(same):
            if any(m.start() < end and start < m.end() for start, end in cut):
                continue
            cut.append(m.span())
            before = re.findall(r"[a-z]+", same[: m.start()])
            found.append(replace(_hint(m, pattern), word=before[-1] if before else ""))
    for start, end in sorted(cut, reverse=True):
        text = text[:start] + "," + text[end:]
    return tuple(found), text.strip(" ,")


def _hint(m: re.Match[str], pattern: re.Pattern[str]) -> Hint:
    groups = m.groupdict()
    if letters := groups.get("letters"):
        return Hint(letters.replace(" ", ""), 1, "end")
    letter = _NAMED.get(groups["letter"], groups["letter"])
    if groups.get("without"):
        return Hint(letter, 0)
    count = 2 if groups.get("count") in ("deux", "2", "double") else 1
    ends = groups.get("end") or pattern is _ENDS
    return Hint(letter, count, "end" if ends else "start" if pattern is _STARTS else "")


def righted(name: str, hints: tuple[Hint, ...]) -> str:
    """The name with its letters as the hints say: the smallest change that sounds the same. A hint that fits
    no such change is of another word, and changes nothing."""
    for hint in hints:
        plain = bare(name)
        shut = hint.count == 1 and not hint.place and hint.letter in _SILENT and plain[-1:] in _SILENT
        hint = replace(hint, place="end") if shut else hint
        single = hint.count == 1 and not hint.place and hint.letter * 2 in plain
        if hint.holds(plain) and not single:
            continue
        wanted = [new for new in _changes(name, hint) if hint.holds(bare(new)) and sound(new) == sound(name)]
        name = min(wanted, key=lambda new: abs(len(new) - len(name)), default=name)
    return name


def _changes(name: str, hint: Hint) -> Iterator[str]:
    for i in range(len(name) + 1):
        here = bare(name[i : i + 1])
        if here == hint.letter and name[i : i + 1].islower():
            yield name[:i] + name[i + 1 :]
            yield name[:i] + name[i] + name[i:]
        if hint.count:
            yield name[:i] + hint.letter * hint.count + name[i:]
        if hint.count and i and here in _LOST + "iy":
            yield name[:i] + hint.letter * hint.count + name[i + 1 :]
