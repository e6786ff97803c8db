"""Numbers dictated in groups, where the same words can be cut in several ways: "vingt quatre vingt douze" is
20-92, 24-20-12, 80-12… The pauses and hyphens heard, and how many figures there must be, decide."""

import re
from collections.abc import Iterator

from voicebot.domain.french.wordforms import bare

_UNITS = {
    "zero": 0, "o": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
    "seize": 16,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80,
    "huitante": 80, "nonante": 90,
}  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d+|[,.;]+")


def readings(text: str, figures: int) -> Iterator[str]:
    """Every way to read the number words of `text` as that many figures, the longest groups first. Words
    that are no numbers are stepped over; a comma ends a group, a hyphen never does."""
    tokens: list[str] = []
    joined: set[int] = set()
    line = bare(text).replace("zeros", "zero").replace("vingts", "vingt")
    for found in _WORD.finditer(line):
        word = found[0]
        if word in _UNITS or word in _TENS or word == "et" or word.isdigit() or not word[0].isalpha():
            if tokens and line[found.start() - 1 : found.start()] == "-":
                joined.add(len(tokens))
            tokens.append(word)
    yield from _rest(tokens, 0, joined, figures)


def _rest(tokens: list[str], at: int, joined: set[int], left: int) -> Iterator[str]:
    while at < len(tokens) and (tokens[at] == "et" or not tokens[at].isalnum()):
        at += 1
    if at == len(tokens):
        if not left:
            yield ""
        return
    for group, following in _groups(tokens, at):
        if len(group) <= left and following not in joined:
            for rest in _rest(tokens, following, joined, left - len(group)):
                yield group + rest


def _groups(tokens: list[str], at: int) -> Iterator[tuple[str, int]]:
    """Numbers below a hundred that begin at a word, the longest first: (figures, where the next begins)."""
    word = tokens[at]
    if word.isdigit():
        yield word, at + 1
        return
    if word == "quatre" and tokens[at + 1 : at + 2] == ["vingt"]:
        yield from _with_unit(tokens, at + 2, 80)
    if word in _TENS:
        yield from _with_unit(tokens, at + 1, _TENS[word])
    if word == "dix" and (unit := _unit(tokens, at + 1)) in (7, 8, 9):
        yield str(10 + unit), at + 2
    if word in _UNITS:
        yield str(_UNITS[word]), at + 1


def _with_unit(tokens: list[str], at: int, ten: int) -> Iterator[tuple[str, int]]:
    """What may follow "soixante": nothing, "deux", "et un", "dix", "douze", "dix-sept"."""
    first = at + 1 if tokens[at : at + 1] == ["et"] else at
    unit = _unit(tokens, first)
    if (
        unit is not None
        and ten in (60, 80)
        and unit == 10
        and (more := _unit(tokens, first + 1)) in (7, 8, 9)
    ):
        yield str(ten + 10 + more), first + 2
    highest = 16 if ten in (60, 80) else 9
    if unit and unit <= highest and (first == at or unit in (1, 11)):
        yield str(ten + unit), first + 1
    yield str(ten), at


def _unit(tokens: list[str], at: int) -> int | None:
    return _UNITS.get(tokens[at]) if at < len(tokens) and tokens[at] != "o" else None
