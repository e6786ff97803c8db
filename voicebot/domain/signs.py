"""What is found in a call's words before any rule is asked: concepts and figures, each with its doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from voicebot.domain.clauses import breaths, clauses, numbered
from voicebot.domain.measures import Figure, figures
from voicebot.domain.phrases import IDIOM, Hit, Index, find, index
from voicebot.domain.qualifiers import Context, Doubt, context, doubts
from voicebot.domain.rules import Rules
from voicebot.domain.tokens import Token, clean, tokenise

BETWEEN = " … "
"""Between two utterances: a breath, not a sentence's end, for people pause inside what they say."""


class Sign(NamedTuple):
    """A concept or a figure said by tokens `[start, end)`, and what makes it doubtful."""

    start: int
    end: int
    doubt: Doubt


@dataclass(frozen=True)
class Signs:
    """All that was found in a call's words."""

    text: str
    tokens: Sequence[Token]
    clause: Sequence[int]
    heard: Mapping[str, tuple[Sign, ...]]
    """By concept, in order."""
    figures: Mapping[str, tuple[tuple[float, Sign], ...]]
    """By measure, in order."""
    regulated: bool
    """The caller says the 15 has already judged this."""


@lru_cache(maxsize=8)
def _index(rules: Rules) -> Index:
    return index(rules.concepts, rules.idioms)


def read(rules: Rules, utterances: Sequence[str]) -> Signs:
    """The signs in a call's words. Linear in their length."""
    text = clean(BETWEEN.join(utterances))
    tokens = tokenise(text)
    clause, breath = numbered(clauses(tokens)), numbered(breaths(tokens))
    hits = _plain(tuple(find(_index(rules), tokens, clause)))
    ctx = context(tokens, clause, breath, hits)
    known = _doubts(ctx, hits)
    heard: dict[str, list[Sign]] = {}
    for hit in hits:
        heard.setdefault(hit.concept, []).append(Sign(hit.start, hit.end, known[hit.words]))
    measured: dict[str, list[tuple[float, Sign]]] = {}
    for figure in figures(tokens):
        sign = Sign(figure.start, figure.end, _figure_doubt(ctx, figure))
        measured.setdefault(figure.measure, []).append((figure.value, sign))
    return Signs(
        text,
        tokens,
        clause,
        {concept: tuple(signs) for concept, signs in heard.items()},
        {measure: tuple(values) for measure, values in measured.items()},
        bool(ctx.said.get("regulated")),
    )


def _doubts(ctx: Context, hits: Sequence[Hit]) -> dict[tuple[int, ...], Doubt]:
    """By the words that were said; a word shares the doubt of a longer phrase around it ("pas d'idées noires")."""
    known = {words: doubts(ctx, hit) for words, hit in {hit.words: hit for hit in hits}.items()}
    denied = {i for words, doubt in known.items() if Doubt.DENIED in doubt and len(words) > 1 for i in words}
    return {
        words: doubt | Doubt.DENIED if len(words) == 1 and words[0] in denied else doubt
        for words, doubt in known.items()
    }


def _plain(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits that do not lie inside an idiom."""
    spent = {i for hit in hits if hit.concept == IDIOM for i in hit.words}
    return tuple(hit for hit in hits if hit.concept != IDIOM and not spent.issuperset(hit.words))


def _figure_doubt(ctx: Context, figure: Figure) -> Doubt:
    # An age is a fact whatever surrounds it; a measured value can be last week's.
    if figure.measure in ("âge", "grossesse"):
        return Doubt.NONE
    return doubts(ctx, Hit("", figure.start, figure.end))
