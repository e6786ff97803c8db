"""What is found in a call's words before any rule is asked: concepts and figures; their doubts on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from voicebot.domain.triage.clauses import breaths, clauses, numbered
from voicebot.domain.triage.measures import figures
from voicebot.domain.triage.phrases import IDIOM, Hit, Index, find, index
from voicebot.domain.triage.qualifiers import Context, Doubt, context, doubts
from voicebot.domain.triage.rules import Rules
from voicebot.domain.triage.tokens import Token, clean, tokenise

BETWEEN = " … "
"""Between two utterances: a breath, not a sentence's end, for people pause inside what they say."""
_FACTS = ("âge", "grossesse")
"""Measures that no qualifier makes doubtful: an age is an age whatever surrounds it."""


class Sign(NamedTuple):
    """A concept or a figure said by tokens `[start, end)`; `words` are those of them that say it."""

    start: int
    end: int
    words: tuple[int, ...]


@dataclass(frozen=True)
class Signs:
    """All that was found in a call's words."""

    text: str
    tokens: Sequence[Token]
    clause: Sequence[int]
    heard: Mapping[str, Sequence[Sign]]
    """By concept, in order."""
    figures: Mapping[str, Sequence[tuple[float, Sign]]]
    """By measure, in order."""
    context: Context
    around: Mapping[int, Sequence[Hit]]
    """The phrases of several words each token belongs to."""
    known: dict[tuple[int, ...], Doubt] = field(default_factory=dict)

    @property
    def regulated(self) -> bool:
        """The caller says the 15 has already judged this."""
        return bool(self.context.said.get("regulated"))

    def doubt(self, sign: Sign) -> Doubt:
        """What makes a sign doubtful; worked out once, and only for signs a pattern needs."""
        if not sign.words:
            return Doubt.NONE
        found = self.known.get(sign.words)
        if found is None:
            found = doubts(self.context, Hit("", sign.start, sign.end, sign.words))
            if len(sign.words) == 1 and Doubt.DENIED not in found:
                # In a longer phrase that is denied, a word is in doubt without being what is denied: the
                # "respirer" of "pas de mal à respirer".
                for hit in self.around.get(sign.start, ()):
                    if Doubt.DENIED in doubts(self.context, hit):
                        found |= Doubt.SUPPOSED
            self.known[sign.words] = found
        return found


@lru_cache(maxsize=8)
def _index(rules: Rules) -> Index:
    return index(rules.concepts, rules.idioms)


def read(rules: Rules, utterances: Sequence[str]) -> Signs:
    """The signs in a call's words. Linear in their length."""
    text = clean(BETWEEN.join(utterances))
    tokens = tokenise(text)
    clause, breath = numbered(clauses(tokens)), numbered(breaths(tokens))
    hits = _plain(tuple(find(_index(rules), tokens, clause)))
    heard: dict[str, list[Sign]] = {}
    around: dict[int, list[Hit]] = {}
    for hit in hits:
        heard.setdefault(hit.concept, []).append(Sign(hit.start, hit.end, hit.words))
        if len(hit.words) > 1:
            for i in hit.words:
                around.setdefault(i, []).append(hit)
    measured: dict[str, list[tuple[float, Sign]]] = {}
    for figure in figures(tokens):
        words = () if figure.measure in _FACTS else tuple(range(figure.start, figure.end))
        sign = Sign(figure.start, figure.end, words)
        measured.setdefault(figure.measure, []).append((figure.value, sign))
    return Signs(text, tokens, clause, heard, measured, context(tokens, clause, breath, hits), around)


def _plain(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits that do not lie inside an idiom."""
    spent = {i for hit in hits if hit.concept == IDIOM for i in hit.words}
    return tuple(hit for hit in hits if hit.concept != IDIOM and not spent.issuperset(hit.words))
