"""Where one statement ends and the next begins, in speech that has no punctuation.

Two grains. A *clause* ("hard") holds what is said about one thing: a concept and its place in the body
are looked for inside it. A *breath* ("soft") is what a negation can reach.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from voicebot.domain.triage.tokens import Token


class Span(NamedTuple):
    """One clause: its tokens are `[start, end)`."""

    start: int
    end: int


_SUBJECTS = frozenset("je j tu il elle on nous vous ils elles ca c y".split())
_CARRY_ON = frozenset(
    "je j tu il elle on nous vous ils elles me m te t se s lui leur en y n ne "
    "chez pour avec contre sur entre sans apres vers devant derriere rendez et est".split()
)
"""After one of these a pronoun is an object, or belongs to the clause already begun."""
_OPENERS = frozenset("mais donc car sinon puis quand lorsque lorsqu parce puisque si s sauf".split())
_STRONG = frozenset(".!?;")
_WEAK = frozenset(",:…")
_WEAK_WORDS = frozenset("et ou voila alors".split())
_VERBS = frozenset("a est ne n s se ont sont fait va vient peut veut perd etait avait m".split())
_OWNERS = frozenset("mon ma mes notre nos son sa ses".split())
PEOPLE = frozenset(
    "pere mere papa maman mari femme fils fille bebe enfant enfants garcon mamie papi papy mami grand "
    "frere soeur "
    "petit petite voisin voisine ami amie copain copine conjoint compagnon compagne epoux epouse oncle tante "
    "patient patiente dame monsieur nourrisson gamin gamine ado gosse belle beau cousin cousine neveu niece "
    "collegue homme bonhomme loulou puce chou".split()
)


def clauses(tokens: Sequence[Token]) -> tuple[Span, ...]:
    """The hard clauses, in order; they cover every token."""
    return _cut(tokens, _opens_clause)


def breaths(tokens: Sequence[Token]) -> tuple[Span, ...]:
    """The soft clauses: hard ones, cut again at commas and "et"."""
    return _cut(tokens, lambda t, i: _opens_clause(t, i) or _opens_breath(t, i))


def numbered(spans: Sequence[Span]) -> tuple[int, ...]:
    """For each token, the index of its span."""
    return tuple(n for n, span in enumerate(spans) for _ in range(span.start, span.end))


def _cut(tokens: Sequence[Token], opens: Callable[[Sequence[Token], int], bool]) -> tuple[Span, ...]:
    starts = [i for i in range(len(tokens)) if i == 0 or opens(tokens, i)]
    return tuple(Span(a, b) for a, b in pairwise([*starts, len(tokens)]))


def _opens_breath(tokens: Sequence[Token], i: int) -> bool:
    before = tokens[i - 1]
    if before.mark and before.text in _WEAK:
        return True
    return tokens[i].text in _WEAK_WORDS and not tokens[i].number


def _opens_clause(tokens: Sequence[Token], i: int) -> bool:
    here, before = tokens[i], tokens[i - 1]
    if before.mark and before.text in _STRONG:
        return True
    if here.mark or here.joined:
        return False
    if here.text in _OPENERS:
        return _opener(tokens, i)
    if here.text in _OWNERS:
        after, later = (tokens[j].text if j < len(tokens) else "" for j in (i + 1, i + 2))
        joined = before.text in _CARRY_ON | {"a", "de", "d", "que", "qu", "comme", "si"}
        return after in PEOPLE and later in _VERBS and not joined
    return here.text in _SUBJECTS and _subject(tokens, i)


def _opener(tokens: Sequence[Token], i: int) -> bool:
    """ "si", "quand" open a clause; "comme si", "même si", "si mal" do not; "s" only in "s'il"."""
    here, before = tokens[i].text, tokens[i - 1].text
    after = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if here == "s":
        return after in ("il", "ils") and before != "comme"
    if here == "si":
        return before not in ("comme", "meme") and after in _SUBJECTS | {
            "jamais",
            "un",
            "une",
            "le",
            "la",
            "mon",
            "ma",
        }
    return True


def _subject(tokens: Sequence[Token], i: int) -> bool:
    here, before = tokens[i].text, tokens[i - 1].text
    after = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if before in _CARRY_ON or before in _OPENERS or before in ("que", "qu", "comme", "dont", "ou"):
        return False
    if here == "ca" and before in ("eu", "fait", "vu", "dit", "pris"):
        return False
    if before == "jamais" and i > 1 and tokens[i - 2].text == "si":
        return False
    if here == "y":
        return after in ("a", "avait") and before not in ("il", "n")
    if here == "il" and after == "y":
        return not _dates(tokens[i + 3 : i + 5])
    return here != "c" or after in ("est", "etait", "a", "t")


def _dates(after: Sequence[Token]) -> bool:
    """Whether what follows "il y a" makes it a date ("trois ans",
    "des années") and not a statement ("du sang")."""
    if not after:
        return False
    if after[0].number is not None or after[0].text in ("longtemps", "quelques", "plusieurs", "un", "une"):
        return True
    return (
        after[0].text == "des" and len(after) > 1 and after[1].text in ("annees", "mois", "semaines", "jours")
    )
