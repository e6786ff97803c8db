"""What spoken French does to a sign: denied, over, long ago, only feared, somebody's history.

A qualifier never silences: the matcher turns a qualified sign into a doubt. Each looks only around the
sign it touches, inside its clause; but for an errand, which is the whole utterance's.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import Flag, auto
from functools import lru_cache

from voicebot.domain.triage.clauses import Grains
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.phrases import Hit
from voicebot.domain.triage.stems import stem
from voicebot.domain.triage.tokens import Token, fits


class Doubt(Flag):
    """Why a sign may not be there now."""

    NONE = 0
    DENIED = auto()
    """ "pas de fièvre", "elle saigne plus"."""
    OVER = auto()
    """ "c'est passé", "j'avais mal"."""
    LONG_AGO = auto()
    """ "l'an dernier", "il y a trois ans"."""
    SUPPOSED = auto()
    """ "si j'ai mal", "peur de faire un AVC", "mort d'un AVC", "radio de la poitrine"."""
    MISHEARD = auto()
    """It only sounds like the sign: "seigne"."""
    ERRAND = auto()
    """The caller's errand is a paper, a renewal or advice, and no word of theirs says that it is now: "il me
    faut le certificat de mon accident"."""


FAR_HOURS = 14 * 24.0
"""Further back than this is history; nearer is still this illness."""
PUERPERAL_HOURS = 60 * 24.0
"""A birth is of now for two months: the newborn's age, the six weeks after it and some."""


@dataclass(frozen=True)
class Context:
    """What surrounds the signs of one text: its tokens, clauses, and the qualifying words in it."""

    tokens: Sequence[Token]
    clause: Sequence[int]
    breath: Sequence[int]
    language: Language
    said: Mapping[str, Mapping[int, Sequence[Hit]]]
    """Qualifying phrases by kind, then by clause."""
    denies: Set[int]
    """Tokens that deny what follows or precedes them."""
    stopped: Set[int]
    """Tokens that are verbs of stopping."""
    negators: Set[int]
    """`denies` and those that belong to a longer saying: what no longer works may be said by these too."""
    errands: Set[int]
    """Tokens of the utterances that are an errand."""
    qualified: Set[int]
    """The clauses in which anything can be in doubt."""

    def near(self, kind: str, clause: int) -> Sequence[Hit]:
        """The qualifying phrases of that kind in a clause."""
        return self.said[kind].get(clause, ()) if kind in self.said else ()


def context(
    tokens: Sequence[Token], grains: Grains, hits: Sequence[Hit], kinds: Iterable[Hit], language: Language
) -> Context:
    """Gather it once for all signs of a text; linear. `kinds`: the qualifying phrases (`qualifying`)
    among what was found, `hits` the rest."""
    how = language.doubting
    clause = grains.clause
    said: dict[str, dict[int, list[Hit]]] = {}
    for hit in kinds:
        said.setdefault(hit.concept[1:-1], {}).setdefault(clause[hit.start], []).append(hit)
    denies: set[int] = set()
    stopped: set[int] = set()
    qualified: set[int] = set()
    stops, plain = _stems(language), how.was | how.conditions.keys()
    for i, token in enumerate(tokens):
        text = token.text
        if text in how.negators and fits(how.negators[text], tokens, i):
            denies.add(i)
            # "ni" reaches over a clause's end.
            qualified.update(clause[i : i + 2])
        elif token.stem in stops:
            stopped.add(i)
            qualified.add(clause[i])
        elif (token.number is not None or text in how.as_a) and _far(tokens, i, language):
            said.setdefault("long_ago", {}).setdefault(clause[i], []).append(Hit("long_ago", i, i + 1))
        elif text in plain:
            qualified.update((clause[i], clause[i] + 1))
    for clauses in said.values():
        qualified.update(c + n for c in clauses for n in (-1, 0, 1))
    left = denies - _spent(hits) if denies else denies
    errands = _errands(tokens, clause, said)
    qualified.update(clause[i] for i in errands)
    return Context(tokens, clause, grains.breath, language, said, left, stopped, denies, errands, qualified)


def _errands(
    tokens: Sequence[Token], clause: Sequence[int], said: Mapping[str, Mapping[int, Sequence[Hit]]]
) -> Set[int]:
    """The tokens of the utterances in which an errand is named and nothing says that it is now."""
    if "errand" not in said:
        return frozenset()
    ends = [*(i for i, token in enumerate(tokens) if token.mark and token.text == "…"), len(tokens)]
    found: set[int] = set()
    start = 0
    for end in ends:
        kinds = {
            kind for kind in ("errand", "recent", "now") for c in clause[start:end] if c in said.get(kind, ())
        }
        if kinds == {"errand"}:
            found.update(range(start, end))
        start = end + 1
    return found


def qualifying(language: Language) -> dict[str, tuple[str, ...]]:
    """The phrases that qualify, by kind in brackets, which no doctor's concept is named."""
    return {f"({kind})": ways for kind, ways in language.doubting.phrases.items()}


@lru_cache(maxsize=8)
def _stems(language: Language) -> frozenset[str]:
    """Of the verbs of stopping."""
    return frozenset(stem(word, language) for word in language.doubting.stopped)


def _spent(hits: Sequence[Hit]) -> frozenset[int]:
    """Negations that belong to a longer saying ("jamais eu aussi mal") deny nothing else."""
    return frozenset(i for hit in hits if len(hit.words) >= 3 for i in hit.words)


def doubts(ctx: Context, hit: Hit) -> Doubt:
    """Everything that qualifies one sign."""
    found = Doubt.NONE
    if ctx.clause[hit.start] not in ctx.qualified:
        return found
    if _denied(ctx, hit):
        found |= Doubt.DENIED
    if _over(ctx, hit):
        found |= Doubt.OVER
    if _long_ago(ctx, hit):
        found |= Doubt.LONG_AGO
    if _supposed(ctx, hit):
        found |= Doubt.SUPPOSED
    if hit.start in ctx.errands:
        found |= Doubt.ERRAND
    return found


def lost(ctx: Context, hit: Hit) -> bool:
    """Whether a sign is said to work no longer, also inside a longer saying ("plus avaler ma salive")."""
    return _denied(replace(ctx, denies=ctx.negators), hit)


def _denied(ctx: Context, hit: Hit) -> bool:
    if any(i in ctx.denies and i not in hit.words for i in range(hit.start + 1, hit.end - 1)):
        return True
    return _denied_before(ctx, hit.start) or _denied_after(ctx, hit)


def _denied_before(ctx: Context, start: int) -> bool:
    """A negator whose next meaningful word is the sign: "pas de fièvre", "arrive plus à respirer"."""
    tokens, how = ctx.tokens, ctx.language.doubting
    if start > 1 and tokens[start - 2].text in how.nothing.get(tokens[start - 1].text, ()):
        return ctx.breath[start - 1] == ctx.breath[start]
    for i in range(start - 1, max(start - 8, -1), -1):
        if ctx.breath[i] != ctx.breath[start] and tokens[i].text not in how.across:
            return False
        if i in ctx.denies and tokens[i].text in how.forward:
            return not (_endless_before(ctx, i) or _swallowed(ctx, i))
        if tokens[i].text not in ctx.language.light and tokens[i].text not in how.carriers:
            return False
    return False


def _swallowed(ctx: Context, i: int) -> bool:
    """ "pas normal", "pas pour": what is denied is that word, not what comes after."""
    words = ctx.language.doubting.swallowed.get(ctx.tokens[i].text, ())
    return i + 1 < len(ctx.tokens) and ctx.tokens[i + 1].text in words


def _endless_before(ctx: Context, negator: int) -> bool:
    """ "n'arrête pas de saigner": what is denied is the stopping. "n'arrive pas" is not one of these."""
    for i in range(negator - 1, max(negator - 4, -1), -1):
        if ctx.clause[i] != ctx.clause[negator]:
            return False
        if i in ctx.stopped:
            return True
        if ctx.tokens[i].text not in ctx.language.light:
            return False
    return False


def _denied_after(ctx: Context, hit: Hit) -> bool:
    """A negator right behind the verb: "elle saigne pas", "il respire plus"."""
    tokens, how = ctx.tokens, ctx.language.doubting
    for i in range(hit.end, min(hit.end + 3, len(tokens))):
        if ctx.breath[i] != ctx.breath[hit.end - 1]:
            return False
        if i in ctx.denies and tokens[i].text in how.backward:
            after = tokens[i + 1].text if i + 1 < len(tokens) else ""
            same = i + 1 < len(tokens) and ctx.breath[i + 1] == ctx.breath[i]
            later = tokens[i + 2].text if i + 2 < len(tokens) else ""
            # "saigne plus de la main" denies the verb; "vois plus de médecin" the noun.
            noun = after in how.objects and later not in how.not_objects
            return not (same and noun and tokens[i].text not in how.without_object)
        if tokens[i].text not in how.between:
            return False
    return False


def _over(ctx: Context, hit: Hit) -> bool:
    """Said to be over, in its clause or the next two, or told in the past without a recent time."""
    here = ctx.clause[hit.start]
    if any(phrase.start >= hit.end for phrase in ctx.near("over", here)):
        return True
    if ctx.near("over", here + 1) or _stopped(ctx, hit.start):
        return True
    # "des coliques, j'en ai eu il y a deux ans": its clause speaks of what the one before it named.
    if ctx.near("resumed", here + 1) and ctx.near("long_ago", here + 1):
        return True
    return not ctx.near("recent", here) and _was(ctx, hit)


def _stopped(ctx: Context, start: int) -> bool:
    """ "ça s'est arrêté de saigner", and not "ça n'arrête pas de saigner"."""
    for i in range(start - 1, max(start - 4, -1), -1):
        if ctx.clause[i] != ctx.clause[start] or i in ctx.denies:
            return False
        if i in ctx.stopped:
            return not ctx.denies & {i - 1, i - 2}
        if ctx.tokens[i].text not in ctx.language.light:
            return False
    return False


def _was(ctx: Context, hit: Hit) -> bool:
    """ "j'avais mal", "ça avait gonflé"."""
    for i in range(hit.start - 1, max(hit.start - 6, -1), -1):
        if ctx.clause[i] != ctx.clause[hit.start]:
            return False
        if ctx.tokens[i].text in ctx.language.doubting.was:
            return True
        if ctx.tokens[i].text not in ctx.language.light:
            return False
    return False


def _far(tokens: Sequence[Token], i: int, language: Language) -> bool:
    """ "il y a trois ans", "ça fait six mois que", "en 2010"; "bébé" said bare."""
    how = language.doubting
    value = tokens[i].number
    if value is None:
        return _as_a_child(tokens, i, language)
    if 1900 <= value <= 2100 and i and tokens[i - 1].text in how.in_year:
        return True
    hours = how.hours.get(tokens[i + 1].text.rstrip("s")) if i + 1 < len(tokens) else None
    if hours is None or value * hours <= FAR_HOURS:
        return False
    if value * hours <= PUERPERAL_HOURS and how.births & {t.text for t in tokens[max(i - 5, 0) : i]}:
        return False
    if i + 2 < len(tokens) and tokens[i + 2].text in how.ago_before:
        return True
    before = {t.text for t in tokens[max(i - 3, 0) : i]}
    return bool(how.ago_behind) and all(before & words for words in how.ago_behind)


def _as_a_child(tokens: Sequence[Token], i: int, language: Language) -> bool:
    """ "opéré enfant", "a fait des convulsions bébé": the age at which, said bare at the end."""
    if i < 3:
        return False
    how = language.doubting
    before = tokens[i - 1]
    last = i + 1 == len(tokens) or tokens[i + 1].mark or tokens[i + 1].text in how.as_a_before
    return last and not before.mark and before.text not in language.light and before.number is None


def _long_ago(ctx: Context, hit: Hit) -> bool:
    how, here = ctx.language.doubting, ctx.clause[hit.start]
    if ctx.near("long_ago", here):
        return True
    # "c'était l'an dernier que j'avais mal", "… quand il était petit": a clause that is only the date
    # lends it to its neighbour.
    behind, before = ctx.near("long_ago", here + 1), ctx.near("long_ago", here - 1)
    if any(_opens(ctx, phrase, how.dates_before) for phrase in behind):
        return True
    return any(_opens(ctx, phrase, how.dates_behind) or _fills(ctx, phrase) for phrase in before)


def _fills(ctx: Context, phrase: Hit) -> bool:
    """Whether the phrase is all of its clause, but for a preposition: "en 2020 | j'ai eu …"."""
    clause, start, end = ctx.clause[phrase.start], max(phrase.start - 2, -1), phrase.end
    begins = start < 0 or ctx.clause[start] != clause
    return begins and (end == len(ctx.clause) or ctx.clause[end] != clause)


def _opens(ctx: Context, phrase: Hit, words: Set[str]) -> bool:
    """Whether one of `words` begins the phrase's clause, close before it."""
    for i in range(phrase.start, max(phrase.start - 5, -1), -1):
        if ctx.clause[i] != ctx.clause[phrase.start]:
            return False
        if ctx.tokens[i].text in words and (i == 0 or ctx.clause[i - 1] != ctx.clause[i]):
            return True
    return False


def _supposed(ctx: Context, hit: Hit) -> bool:
    here = ctx.clause[hit.start]
    if any(phrase.start < hit.start for phrase in ctx.near("supposed", here)):
        return True
    for phrase in ctx.near("exam", here):
        gap = ctx.tokens[hit.start].place - ctx.tokens[phrase.end - 1].place
        if 0 < gap <= 1 and phrase.end <= hit.start:
            return True
    return _conditional(ctx, hit)


def _conditional(ctx: Context, hit: Hit) -> bool:
    """Its clause begins with "si", or follows one that is no more than that: "si jamais un jour | je …"."""
    first = _first(ctx, hit.start)
    if not first or _is_condition(ctx, first):
        return _is_condition(ctx, first)
    before, bare = _first(ctx, first - 1), ctx.language.doubting.only_if
    return _is_condition(ctx, before) and all(token.text in bare for token in ctx.tokens[before:first])


def _first(ctx: Context, i: int) -> int:
    """The token that begins the clause of `i`, or one twelve tokens before it."""
    first = i
    while first > 0 and ctx.clause[first - 1] == ctx.clause[i] and i - first < 12:
        first -= 1
    return first


def _is_condition(ctx: Context, i: int) -> bool:
    where = ctx.language.doubting.conditions.get(ctx.tokens[i].text)
    return where is not None and fits(where, ctx.tokens, i)
