"""Names and numbers taken out of what a caller said before anybody else's machine reads it.

What wishes and urgency are read from stays: days, hours, ages, symptoms, and the practice's own doctors. When
in doubt a word goes: a town masked costs nothing. A surname written small, said without anything that
announces a name, is not seen.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from voicebot.domain.french import digits, fold
from voicebot.domain.french.almanac import MONTHS
from voicebot.domain.french.first_names import FIRST_NAMES, PARTICLES
from voicebot.domain.french.ordinary_words import ALSO_NAMES, ORDINARY
from voicebot.domain.understanding.reading import Context

NAME, NUMBER, BIRTH, MAIL = "[nom]", "[numéro]", "[date de naissance]", "[adresse]"
FIGURES = 6
"""As many make a number that somebody can be found by."""
LETTERS = 3
"""As many in a row are a name being spelled."""
_WORD = re.compile(r"[^\W_]+")
_MAIL = re.compile(r"\S+@\S+|(?:\S+\s+){1,3}arobase(?:\s+\S+){1,4}", re.IGNORECASE)
_PAUSE = re.compile(r"[.?!…]\s|,")
_BETWEEN_LETTERS = re.compile(r"[\s.,-]*")
_BETWEEN_FIGURES = re.compile(r"[\s.,/()+-]*")
_FIGURE_WORDS = frozenset(
    "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "vingt vingts trente quarante cinquante soixante septante octante nonante cent cents mille double "
    "oh one two three four five seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "triple".split()
)
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december".split()
)
"""Written with a capital in English."""
_TITLES = frozenset("monsieur madame mademoiselle mme mlle mr mrs miss ms mister".split())
_JOINING = ("et", "puis", "euh")
_SPEAKING = ("a", "l", "appareil")
"""Said after one's own name."""
_DOCTORS = frozenset("docteur docteure dr professeur doctoresse doctor professor".split())
_PLAIN = ORDINARY | _CALENDAR | _TITLES | _DOCTORS


@dataclass(frozen=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int
    opens: bool
    """First of a sentence: its capital says nothing."""


def masked(text: str, context: Context) -> str:
    """`text` with placeholders; `context` tells what was asked and who works there."""
    text = _MAIL.sub(MAIL, text)
    tokens = list(_tokens(text))
    labels: dict[int, str] = {}
    for label, hidden in (
        (BIRTH, _births(text, tokens, context, asked=context.expects == "birth_date")),
        (NUMBER, _numbers(text, tokens, context.now.year, asked=context.expects == "phone")),
        (NAME, _names(text, tokens, context)),
    ):
        for place in hidden:
            labels.setdefault(place, label)
    return _written(text, tokens, labels)


def _tokens(text: str) -> Iterator[_Token]:
    opens, last = True, 0
    for found in _WORD.finditer(text):
        opens = opens or bool(re.search(r"[.?!…]", text[last : found.start()]))
        yield _Token(found[0], fold(found[0]), found.start(), found.end(), opens)
        opens, last = False, found.end()


def _written(text: str, tokens: list[_Token], labels: dict[int, str]) -> str:
    out, at, before = "", 0, ""
    for place, token in enumerate(tokens):
        label = labels.get(place, "")
        if not label:
            out += text[at : token.end]
        elif label != before or _PAUSE.search(text[at : token.start]):
            out += text[at : token.start] + label
        at, before = token.end, label
    return out + text[at:]


def _births(text: str, tokens: list[_Token], context: Context, *, asked: bool) -> Iterator[int]:
    """Words of a past date with its year; when it was asked for, everything that dates are made of."""
    if asked:
        yield from (n for n, t in enumerate(tokens) if _is_figure(t) or t.folded in MONTHS)
    first, last = 0, len(tokens)

    def born(begin: int, end: int) -> date | None:
        if begin >= end:
            return None
        said = text[tokens[begin].start : tokens[end - 1].end]
        return context.spoken.values.birth_date(said, context.now.date())

    while (found := born(first, last)) is not None:
        begin, end = first, last
        while born(begin + 1, end) == found:
            begin += 1
        while born(begin, end - 1) == found:
            end -= 1
        yield from range(begin, end)
        last = begin


def _numbers(text: str, tokens: list[_Token], year: int, *, asked: bool) -> Iterator[int]:
    """Words of telephone and other long numbers, and of bygone years; every figure when one was asked for."""
    if asked:
        yield from (n for n, t in enumerate(tokens) if _is_figure(t))
    for begin, end in _runs(text, tokens, _is_figure, _BETWEEN_FIGURES):
        said = digits(text[tokens[begin].start : tokens[end - 1].end])
        figures = "".join(c for c in said if c.isdigit())
        bygone = said.isdigit() and len(said) == 4 and 1900 <= int(said) < year
        if len(figures) >= FIGURES or end - begin >= FIGURES or bygone:
            yield from range(begin, end)


def _names(text: str, tokens: list[_Token], context: Context) -> Iterator[int]:
    asked = context.expects == "name"
    known = _known(context)
    said = " ".join(filter(None, context.spoken.values.person_name(text, asked)))
    theirs = frozenset(fold(said).split()) - PARTICLES
    speaking = {n - back for n in _places(tokens, _SPEAKING) for back in (1, 2)}
    titled = False
    for n, token in enumerate(tokens):
        before = tokens[n - 1].folded if n else ""
        titled = before in _TITLES or (titled and before in PARTICLES)
        if before in _DOCTORS or (token.folded in known and token.folded not in theirs):
            continue
        capital = token.text[0].isupper() and (not token.opens or _capital(tokens, n + 1))
        ordinary = token.folded in _PLAIN and not (capital and token.folded in ALSO_NAMES)
        unusual = not ordinary and token.text.isalpha() and len(token.text) > 1
        named = (
            titled
            or capital
            or n in speaking
            or token.folded in FIRST_NAMES
            or (asked and not _is_figure(token))
        )
        if token.folded in theirs or (unusual and named):
            yield n

    def letter(token: _Token) -> bool:
        return len(token.text) == 1 and token.text.isalpha() and (asked or token.text.isupper())

    for begin, end in _runs(text, tokens, letter, _BETWEEN_LETTERS):
        if end - begin >= LETTERS:
            yield from range(begin, end)
    for n in range(1, len(tokens) - 1):
        if tokens[n].folded == "comme" and letter(tokens[n - 1]):
            yield from (n - 1, n, n + 1)


def _places(tokens: list[_Token], words: tuple[str, ...]) -> Iterator[int]:
    """Where these words begin."""
    for n in range(len(tokens) - len(words) + 1):
        if all(tokens[n + k].folded == word for k, word in enumerate(words)):
            yield n


def _known(context: Context) -> frozenset[str]:
    """Words of the practice's own: its doctors, and what its recognition is told to expect."""
    practice = context.practice
    own = (*(doctor.name for doctor in practice.doctors), *practice.vocabulary)
    return frozenset(word for each in own for word in fold(each).split())


def _capital(tokens: list[_Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].text[0].isupper() and not tokens[place].opens


def _is_figure(token: _Token) -> bool:
    return token.text[0].isdigit() or token.folded in _FIGURE_WORDS


def _runs(
    text: str, tokens: list[_Token], belongs: Callable[[_Token], bool], between: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """`[begin, end)` of the longest rows of such words with nothing else between them; an "et" joins two."""
    begin = 0
    while begin < len(tokens):
        end = begin
        while end < len(tokens) and belongs(tokens[end]):
            end += 1
            gap = text[tokens[end - 1].end : tokens[end].start] if end < len(tokens) else ""
            if not between.fullmatch(gap):
                break
            joined = end + 1 < len(tokens) and tokens[end].folded in _JOINING and belongs(tokens[end + 1])
            end += joined
        if end > begin:
            yield begin, end
        begin = max(end, begin + 1)
