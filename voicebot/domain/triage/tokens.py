"""An utterance cut into folded words, numbers and marks, each knowing its place in the caller's text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from text_to_num import alpha2digit

from voicebot.domain.triage.language import Language, Numbers, Where
from voicebot.domain.triage.sounds import SILENT, Sounds, sounds
from voicebot.domain.triage.stems import fold, stem

Keys = tuple[str, ...]
"""What a token can be matched by: its stem, and "=" with the very word."""


class Token(NamedTuple):
    """A word, number or mark. `start`, `end`: its characters in the utterance (`[start, end)`).

    `place` counts only words that carry meaning, so "mal", "là", "à", "la", "poitrine" are one step apart.
    """

    text: str
    stem: str
    start: int
    end: int
    place: int
    keys: Keys
    number: float | None = None
    mark: bool = False
    sounds: Sounds = SILENT
    joined: bool = False
    """Hangs on the word before by a hyphen: the pronoun of "avez-vous", not a new subject."""


class _Word(NamedTuple):
    """What is known of a written word wherever it stands."""

    text: str
    stem: str
    step: int
    keys: Keys
    number: float | None
    mark: bool
    sounds: Sounds
    joined: bool
    counts: bool
    """It may begin a spoken figure."""


PIECE = re.compile(r"-?(?:\d+(?:[.,]\d+)?|[^\W\d_]+)|[.!?;:,…/°%]")
_LONGEST_FIGURE = 12
"""Digits; more are no quantity."""


def tokenise(utterance: str, language: Language) -> tuple[Token, ...]:
    """Linear in the text's length; `utterance` must be NFC (`clean`). Spoken numbers become numbers:
    "trente-neuf cinq" → 39, 5; "zéro trente-huit" → 0, 38."""
    raws = PIECE.findall(utterance)
    words = _words(raws, language)
    how = language.numbers
    tokens: list[Token] = []
    place = end = at = 0
    while at < len(words):
        text, root, step, keys, number, mark, sound, joined, counts = words[at]
        start = utterance.index(raws[at], end)
        end = start + len(raws[at])
        start += joined
        if counts and (after := _figure_end(words, at, how)):
            for raw in raws[at + 1 : after]:
                end = utterance.index(raw, end) + len(raw)
            for value in _values(words[at:after], how):
                place += 1
                said = f"{value:g}"
                tokens.append(Token(said, said, start, end, place, (said, f"={said}"), value))
            at = after
        else:
            place += step
            tokens.append(Token(text, root, start, end, place, keys, number, mark, sound, joined))
            at += 1
    return tuple(tokens)


def clean(utterance: str) -> str:
    """NFC and plain apostrophes, so that offsets in the result are the evidence's."""
    return unicodedata.normalize("NFC", utterance).replace("’", "'")


def fits(where: Where, tokens: Sequence[Token], i: int) -> bool:
    """Whether token `i` stands between the neighbours it needs."""
    if i and where.not_behind:
        before = tokens[i - 1].text
        if before in where.not_behind or (i > 1 and f"{tokens[i - 2].text} {before}" in where.not_behind):
            return False
    for n, wanted in enumerate(where.before, i + 1):
        if n >= len(tokens) or tokens[n].text not in wanted:
            return False
    if where.not_before and i + 1 < len(tokens) and tokens[i + 1].text in where.not_before:
        return False
    return not any(_follows(phrase, tokens, i + 1) for phrase in where.not_before_phrases)


def _follows(phrase: Sequence[str], tokens: Sequence[Token], start: int) -> bool:
    if start + len(phrase) > len(tokens):
        return False
    for word, token in zip(phrase, tokens[start : start + len(phrase)], strict=True):
        if word != "*" and word != ("#" if token.number is not None else token.text):
            return False
    return True


def _words(raws: Sequence[str], language: Language) -> list[_Word]:
    words = [_word(raw, language) for raw in raws]
    for i, word in enumerate(words):
        if word.text in language.respelt:
            slip = language.respelt[word.text]
            if not (i and words[i - 1].text in slip.not_behind):
                words[i] = _word(slip.meant, language)
        elif word.text in language.compared:
            after = words[i + 1].text if i + 1 < len(words) else ""
            if after in language.compared[word.text]:
                words[i] = _compared(word)
    return words


def _compared(word: _Word) -> _Word:
    """The same word where it compares: no phrase with its other meaning holds it."""
    return word._replace(stem=f"{word.stem}+", keys=(f"{word.stem}+", f"={word.text}"))


@lru_cache(maxsize=16384)
def _word(written: str, language: Language) -> _Word:
    raw, how = written.removeprefix("-"), language.sounding
    digit = raw[0].isdecimal()
    mark = not digit and not raw[0].isalnum()
    # Folded, "…" would be three points.
    text = raw if mark else language.accented.get(raw.lower()) or fold(raw)
    root = text if digit or mark else stem(text, language)
    return _Word(
        text,
        root,
        int(not mark and text not in language.light),
        (root, f"={text}"),
        float(raw.replace(",", ".")) if digit and len(raw) < _LONGEST_FIGURE else None,
        mark,
        SILENT if digit or mark or how is None else sounds(raw.lower(), how),
        raw != written,
        text in language.numbers.words,
    )


def _figure_end(words: Sequence[_Word], at: int, how: Numbers) -> int:
    """Where the spoken figure that begins at `at` ends; 0 if there is none: a lone "un" is an article
    unless a unit follows."""
    end = at + 1
    while end < len(words) and _continues(words, end, how):
        end += 1
    if end > at + 1 or words[at].text not in how.articles:
        return end
    return end if end < len(words) and words[end].text in how.units else 0


def _continues(words: Sequence[_Word], here: int, how: Numbers) -> bool:
    word = words[here]
    if word.counts:
        return word.text not in how.articles or words[here - 1].text in how.article_joins
    if word.text not in how.joins or here + 1 == len(words):
        return False
    after = words[here + 1]
    return after.counts and after.text not in how.not_joined


def _values(run: Sequence[_Word], how: Numbers) -> Iterator[float]:
    words: list[str] = []
    for text in (*(word.text for word in run), ""):
        if text in ("", how.zero):
            if words:
                yield from _spoken(" ".join(words), how)
            if text:
                yield 0.0
            words = []
        else:
            words.append(how.as_number.get(text, text))


@lru_cache(maxsize=1024)
def _spoken(words: str, how: Numbers) -> tuple[float, ...]:
    values = []
    for piece in str(alpha2digit(words, how.code)).split():
        if piece in how.left_as_words:
            values.append(how.left_as_words[piece])
        elif piece.replace(",", "").replace(".", "").isdecimal():
            values.append(float(piece.replace(",", ".")))
    return tuple(values)
