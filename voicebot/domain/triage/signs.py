"""What is found in a call's words before any rule is asked: concepts and figures; their doubts on demand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

from voicebot.domain.triage.by_ear import Ear, Misheard, listen, misheard
from voicebot.domain.triage.clauses import grains
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.measures import figures
from voicebot.domain.triage.phrases import IDIOM, REACH, Found, Hit, Index, find, index, line
from voicebot.domain.triage.qualifiers import Context, Doubt, context, doubts, lost, qualifying
from voicebot.domain.triage.rules import Rules
from voicebot.domain.triage.tokens import Keys, Token, clean, tokenise

BETWEEN = " … "
"""Between two utterances: a breath, not a sentence's end, for people pause inside what they say."""
_FACTS = ("âge", "grossesse")
"""Measures that no qualifier makes doubtful: an age is an age whatever surrounds it."""


class Placed(NamedTuple):
    """Signs of one kind in order, with the places of their first words."""

    signs: Sequence[Hit]
    places: Sequence[int]

    def any_between(self, first: int, last: int) -> bool:
        """Whether there are such."""
        low = bisect_left(self.places, first)
        return low < len(self.places) and self.places[low] <= last

    def between(self, first: int, last: int) -> Sequence[Hit]:
        """Those whose place is one of these."""
        low = bisect_left(self.places, first)
        return self.signs[low : bisect_right(self.places, last, low)]


NOWHERE = Placed((), ())


@dataclass(frozen=True)
class Signs:
    """All that was found in a call's words."""

    text: str
    tokens: Sequence[Token]
    clause: Sequence[int]
    alone: Mapping[str, Sequence[int]]
    """Tokens that are a concept by themselves, by concept, in order."""
    several: Mapping[str, Sequence[Hit]]
    """The phrases, and what is only heard by ear, by concept, in order."""
    spent: Set[int]
    """Tokens of idioms, which are nothing else."""
    figures: Mapping[str, Sequence[tuple[float, Hit]]]
    """By measure, in order."""
    context: Context
    around: Mapping[int, Sequence[Hit]]
    """The phrases of several words each token belongs to."""
    known: dict[tuple[int, ...], Doubt] = field(default_factory=dict)
    by_place: dict[str, Placed] = field(default_factory=dict)

    @property
    def said(self) -> Iterator[str]:
        """Every concept and measure that may be among them."""
        return chain(self.alone, self.several, self.figures)

    def mentions(self, name: str) -> bool:
        """Whether that concept or measure may be among them."""
        return name in self.alone or name in self.several or name in self.figures

    def placed(self, concept: str) -> Placed:
        """Where a concept is said; worked out once."""
        if concept not in self.alone and concept not in self.several:
            return NOWHERE
        found = self.by_place.get(concept)
        if found is None:
            alone = self.alone.get(concept, ())
            hits = [Hit(concept, i, i + 1, (i,)) for i in alone if i not in self.spent]
            if concept in self.several:
                hits = sorted([*hits, *self.several[concept]], key=attrgetter("start"))
            found = self.by_place[concept] = self.place(hits)
        return found

    def place(self, found: Sequence[Hit]) -> Placed:
        """Signs, in order, with their places."""
        return Placed(found, [self.tokens[sign.start].place for sign in found])

    @property
    def regulated(self) -> bool:
        """The caller says the 15 has already judged this."""
        return bool(self.context.said.get("regulated"))

    def apart(self, *signs: Hit) -> bool:
        """Whether they were not said in one utterance."""
        first, end = min(sign.start for sign in signs), max(sign.end for sign in signs)
        return any(token.text == BETWEEN.strip() for token in self.tokens[first:end])

    def doubt(self, sign: Hit) -> Doubt:
        """What makes a sign doubtful; worked out once, and only for signs a pattern needs."""
        if not sign.words:
            return Doubt.NONE
        unsure = Doubt.MISHEARD if sign.unsure else Doubt.NONE
        found = self.known.get(sign.words)
        if found is None:
            found = doubts(self.context, sign)
            if len(sign.words) == 1 and Doubt.DENIED not in found:
                # In a longer phrase that is denied, a word is in doubt without being what is denied: the
                # "respirer" of "pas de mal à respirer".
                for hit in self.around.get(sign.start, ()):
                    if Doubt.DENIED in doubts(self.context, hit):
                        found |= Doubt.SUPPOSED
            self.known[sign.words] = found
        return found | unsure

    def own_doubt(self, sign: Hit) -> Doubt:
        """The same, whatever longer phrases it belongs to."""
        if not sign.words:
            return Doubt.NONE
        return doubts(self.context, sign) | (Doubt.MISHEARD if sign.unsure else Doubt.NONE)

    def denied(self, sign: Hit) -> bool:
        """Whether it is what no longer works: denied, be it inside a longer phrase."""
        if not sign.words or Doubt.DENIED in self.doubt(sign):
            return bool(sign.words)
        return bool(self.context.negators) and lost(self.context, sign)


class _Book(NamedTuple):
    """A rule book ready to be heard."""

    phrases: Index
    ear: Ear


_BOOKS: WeakKeyDictionary[Rules, _Book] = WeakKeyDictionary()
"""Ready as long as it is in force: each practice may have one, and a reload makes new ones of all."""


def _compiled(rules: Rules) -> _Book:
    book = _BOOKS.get(rules)
    if book is None:
        kinds = qualifying(rules.language)
        book = _BOOKS[rules] = _Book(
            index({**rules.concepts, **kinds}, rules.idioms, language=rules.language),
            listen(rules.concepts, rules.language),
        )
    return book


def read(rules: Rules, utterances: Sequence[str]) -> Signs:
    """The signs in a call's words. Linear in their length."""
    language = rules.language
    text = clean(BETWEEN.join(utterances))
    tokens = tokenise(text, language)
    cut = grains(tokens, language)
    book = _compiled(rules)
    found = find(line(book.phrases, tokens, cut.clause))
    longer, kinds, spent = _sorted(found, list(_by_ear(book, tokens, cut.clause)), tokens, language)
    several: dict[str, list[Hit]] = {}
    around: dict[int, list[Hit]] = {}
    for hit in longer:
        several.setdefault(hit.concept, []).append(hit)
        if len(hit.words) > 1:
            for i in hit.words:
                around.setdefault(i, []).append(hit)
    measured: dict[str, list[tuple[float, Hit]]] = {}
    for figure in figures(tokens, language):
        words = () if figure.measure in _FACTS else tuple(range(figure.start, figure.end))
        sign = Hit(figure.measure, figure.start, figure.end, words)
        measured.setdefault(figure.measure, []).append((figure.value, sign))
    ctx = context(tokens, cut, longer, kinds, language)
    return Signs(text, tokens, cut.clause, found.alone, several, spent, measured, ctx, around)


def _by_ear(book: _Book, tokens: Sequence[Token], clause: Sequence[int]) -> Iterator[Hit]:
    """What is said if words that sound like the doctors' are the doctors'."""
    meant: dict[int, Keys] = {}
    taken: dict[int, Misheard] = {}
    for slip in misheard(tokens, book.ear):
        if taken.keys().isdisjoint(range(slip.start, slip.end)):
            taken |= dict.fromkeys(range(slip.start, slip.end), slip)
            meant |= {slip.start: slip.keys} | dict.fromkeys(range(slip.start + 1, slip.end), ())
    if not meant:
        return
    starts = {i for at in taken for i in range(max(at - REACH, 0), at + 1)}
    for hit in find(line(book.phrases, tokens, clause, meant), sorted(starts)).hits():
        slips = [taken[i] for i in hit.words if i in taken]
        if not slips or (hit.concept[0] == "(" and hit.concept != IDIOM):
            continue
        words = tuple(j for i in hit.words for j in (range(i, taken[i].end) if i in taken else (i,)))
        unsure, guessed = not all(slip.sure for slip in slips), any(slip.guessed for slip in slips)
        yield Hit(hit.concept, hit.start, words[-1] + 1, words, unsure, guessed)


def _sorted(
    found: Found, by_ear: Sequence[Hit], tokens: Sequence[Token], language: Language
) -> tuple[list[Hit], list[Hit], Set[int]]:
    """Phrases that are concepts, qualifiers, and the words of idioms; no concept lies inside an idiom."""
    longer = sorted([*found.longer, *by_ear], key=attrgetter("start")) if by_ear else found.longer
    kinds = [
        Hit(kind, i, i + 1, (i,))
        for kind, places in found.alone.items()
        if kind[0] == "(" and kind != IDIOM
        for i in places
    ]
    spent = set(found.alone.get(IDIOM, ()))
    hits: list[Hit] = []
    for hit in longer:
        if hit.concept[0] != "(":
            hits.append(hit)
        elif hit.concept == IDIOM:
            spent.update(hit.words)
        else:
            kinds.append(hit)
    if spent:
        hits = [hit for hit in hits if _free(hit, spent, tokens, language)]
    return hits, kinds, spent


def _free(hit: Hit, spent: Set[int], tokens: Sequence[Token], language: Language) -> bool:
    """Whether no word of it is an idiom's; its grammar may be: the "est" of "est tombée enceinte"."""
    meaning = [i for i in hit.words if tokens[i].text not in language.grammar]
    return spent.isdisjoint(meaning or hit.words)
