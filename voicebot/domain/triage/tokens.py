"""An utterance cut into folded words, numbers and marks, each knowing its place in the caller's text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from text_to_num import alpha2digit

from voicebot.domain.triage.stems import fold, stem


class Token(NamedTuple):
    """A word, number or mark. `start`, `end`: its characters in the utterance (`[start, end)`).

    `place` counts only words that carry meaning, so "mal", "là", "à", "la", "poitrine" are one step apart.
    """

    text: str
    stem: str
    start: int
    end: int
    place: int
    number: float | None = None
    mark: bool = False
    joined: bool = False
    """Hangs on the word before by a hyphen: the pronoun of "avez-vous", not a new subject."""


GRAMMAR = frozenset(
    "le la les l un une des du de d au aux a mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs "
    "ce cet cette ces ca c j je tu il elle on nous vous ils elles me m te t se s lui y en qu que qui et "
    "est ai as avons avez ont suis sont etait ete etre avoir avait".split()
)
"""Words that only hold a sentence together: a doctor's phrase means the same without them."""
LIGHT = GRAMMAR | frozenset(
    "euh heu ben bah hein bon alors donc voila la genre quoi enfin tres trop tout toute tous toutes vraiment "
    "tellement super hyper assez bien peu aussi meme encore toujours deja juste carrement completement "
    "presque quasiment pratiquement plutot franchement vachement totalement limite sacrement".split()
)
"""Words that carry no sign: they do not count in distances."""
_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[.!?;:,…/°%-]")
_NUMBERS = frozenset(
    "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "vingts trente quarante cinquante soixante septante huitante nonante cent cents mille".split()
)
_LEFT_AS_WORDS = {"un": 1.0, "deux": 2.0, "trois": 3.0}
"""text2num writes these as words when they stand alone."""
_UNITS = frozenset(
    "an ans annee annees mois semaine semaines jour jours heure heures gramme grammes minute minutes".split()
)
_PU_AFTER = frozenset(
    "ai as a avons avez ont avais avait avaient aurait aurais pas jamais rien plus n ne".split()
)


def tokenise(utterance: str) -> tuple[Token, ...]:
    """Linear in the text's length; `utterance` must be NFC (`clean`)."""
    return _placed(_numbered(list(_pieces(utterance))))


def clean(utterance: str) -> str:
    """NFC and plain apostrophes, so that offsets in the result are the evidence's."""
    return unicodedata.normalize("NFC", utterance).replace("’", "'")


def _pieces(utterance: str) -> Iterator[Token]:
    hyphen, before = False, ""
    for found in _PIECE.finditer(utterance):
        raw = found.group()
        if raw == "-":
            hyphen = True
            continue
        text = fold(raw)
        digit = raw[0].isdecimal()
        if text in ("pu", "plu") and before not in _PU_AFTER:
            text = "plus"  # "j'arrive pu": as it is said
        yield Token(
            text,
            text if digit else stem(text),
            found.start(),
            found.end(),
            0,
            number=float(raw.replace(",", ".")) if digit and len(raw) < 12 else None,
            mark=not digit and not raw[0].isalnum(),
            joined=hyphen,
        )
        hyphen, before = False, text


def _numbered(tokens: Sequence[Token]) -> list[Token]:
    """Spoken numbers become numbers: "trente-neuf cinq" → 39, 5; "zéro trente-huit" → 0, 38."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and _continues(tokens, at, end):
            end += 1
        if end == at or (end == at + 1 and not _counts(tokens, at)):
            out.append(tokens[at])
            at += 1
            continue
        run = tokens[at:end]
        for value in _values(run):
            out.append(Token(f"{value:g}", f"{value:g}", run[0].start, run[-1].end, 0, number=value))
        at = end
    return out


def _continues(tokens: Sequence[Token], at: int, here: int) -> bool:
    text = tokens[here].text
    if text in _NUMBERS:
        return here == at or text not in ("un", "une") or tokens[here - 1].text in ("et", "vingt", "virgule")
    inside = here > at and here + 1 < len(tokens)
    return inside and text in ("et", "virgule") and tokens[here + 1].text in _NUMBERS - {"deux", "trois"}


def _counts(tokens: Sequence[Token], at: int) -> bool:
    """A lone "un" is an article unless a unit follows."""
    if tokens[at].text not in ("un", "une"):
        return True
    return at + 1 < len(tokens) and tokens[at + 1].text in _UNITS


def _values(run: Sequence[Token]) -> Iterator[float]:
    words: list[str] = []
    for token in (*run, None):
        if token is None or token.text == "zero":
            if words:
                yield from _spoken(" ".join(words))
            if token:
                yield 0.0
            words = []
        else:
            words.append(token.text)


def _spoken(words: str) -> Iterator[float]:
    for piece in str(alpha2digit(words.replace("une", "un"), "fr")).split():
        if piece in _LEFT_AS_WORDS:
            yield _LEFT_AS_WORDS[piece]
        elif piece.replace(",", "").isdecimal():
            yield float(piece.replace(",", "."))


def _placed(tokens: Sequence[Token]) -> tuple[Token, ...]:
    place, out = 0, []
    for token in tokens:
        place += not token.mark and token.text not in LIGHT
        out.append(token._replace(place=place))
    return tuple(out)
