"""Words of the doctors that a caller's words sound like, when a recogniser wrote something else.

"seigne" is "saigne", "mal aise" is "malaise", "chez touffe" is "j'étouffe". The doctors' words are indexed
by sound once; each word heard, alone and joined with the next, costs a few look-ups.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from voicebot.domain.triage.language import Language, Sounding
from voicebot.domain.triage.phrases import keys
from voicebot.domain.triage.sounds import SILENT, sounds
from voicebot.domain.triage.tokens import Keys, Token, clean, tokenise

ALONE, JOINED = 4, 5
"""Sounds a word must have to be taken for another, and two words for one."""
SURE = 5
"""Sounds from which a word that sounds the same is the same, and not a reason to ask."""


class Ear(NamedTuple):
    """The doctors' words by how they sound."""

    same: Mapping[str, Keys]
    """By their sounds without an inflection's, what they are matched by."""
    alike: Mapping[str, Keys]
    """The same with sounds that a telephone mixes up made one."""


class Misheard(NamedTuple):
    """Tokens `[start, end)` may have been meant as a word matched by `keys`."""

    start: int
    end: int
    keys: Keys
    sure: bool


def listen(concepts: Mapping[str, Iterable[str]], language: Language) -> Ear:
    """Index the words of all ways to say all concepts."""
    same: dict[str, dict[str, None]] = {}
    alike: dict[str, dict[str, None]] = {}
    forms: dict[str, list[str]] = {}
    for form, lemma in language.stemming.lemmas.items():
        forms.setdefault(lemma, []).append(form)
    for way in chain.from_iterable(concepts.values()):
        wanted = set(keys(way, language))
        for token in tokenise(clean(way).replace("=", " "), language):
            for key in wanted.intersection(token.keys):
                spoken = [token.sounds]
                if key[0] != "=" and language.sounding:
                    spoken += [sounds(form, language.sounding) for form in forms.get(key, ())]
                for one in spoken:
                    if len(one.root) >= ALONE:
                        same.setdefault(one.root, {})[key] = None
                        alike.setdefault(one.root_alike, {})[key] = None
    return Ear(
        {spoken: tuple(found) for spoken, found in same.items()},
        {spoken: tuple(found) for spoken, found in alike.items()},
    )


def misheard(tokens: Sequence[Token], ear: Ear, language: Language) -> Iterator[Misheard]:
    """Every token, and every two, that sound like a doctor's word they are not."""
    how, alike = language.sounding, ear.alike
    if how is None:
        return
    before = SILENT
    for i, token in enumerate(tokens):
        here = token.sounds
        root = here.root_alike
        if not root:
            before = SILENT
            continue
        if (root in alike or (root[0] in how.elided and _lent(root, how) in alike)) and (
            token.text not in language.light
        ):
            yield from _taken(here.root, root, ear, tokens, i, i + 1, how)
        # "avec le" is no "aveugle": nobody writes the end of a word as "le".
        if before is not SILENT and token.text not in language.light:
            both = before.whole_alike + root
            if both in alike or (both[0] in how.elided and _lent(both, how) in alike):
                yield from _taken(before.whole + here.root, both, ear, tokens, i - 1, i + 1, how)
        before = here


def _lent(spoken: str, how: Sounding) -> str:
    """Without a first sound that belongs to the word before: "j'étouffe" → "étouffe"."""
    return spoken[1:] if spoken[:1] in how.elided and spoken[1:2] in how.vowels else ""


def _taken(
    spoken: str, alike: str, ear: Ear, tokens: Sequence[Token], start: int, end: int, how: Sounding
) -> Iterator[Misheard]:
    if end > start + 1 and len(spoken) < JOINED:
        return
    if alike not in ear.alike:
        spoken, alike = _lent(spoken, how), _lent(alike, how)
    own = {key for token in tokens[start:end] for key in token.keys}
    if own.isdisjoint(ear.alike[alike]):
        same = ear.same.get(spoken)
        yield Misheard(start, end, same or ear.alike[alike], same is not None and len(spoken) >= SURE)
