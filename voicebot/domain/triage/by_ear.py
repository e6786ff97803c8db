"""Words of the doctors that a caller's words sound like, when a recogniser wrote something else.

"seigne" is "saigne", "mal aise" is "malaise", "s'est ouf" is "s'étouffe", "amal" is "a mal", "poitrie" is
"poitrine". The doctors' words are indexed by sound once; a word heard, alone and with the one before, costs a
few look-ups, whatever the number of the doctors' words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from voicebot.domain.triage.language import Language, Sounding
from voicebot.domain.triage.phrases import keys, written
from voicebot.domain.triage.sounds import SILENT, Sounds, sounds
from voicebot.domain.triage.tokens import Keys, Token

ALONE, JOINED, STUCK, NEAR = 4, 4, 3, 5
"""Sounds that a word must have to be taken for another, two words for one, what is left of a word that a
small one sticks to, and a word that only nearly sounds like another."""
SURE = 5
"""Sounds from which a word that sounds the same is the same, and not a reason to ask."""
REMEMBERED = 16384
"""Words of callers, in one ear."""


class Meant(NamedTuple):
    """What a word may have been meant as."""

    keys: Keys
    sure: bool
    guessed: bool = False
    """One of its sounds is another."""


class Misheard(NamedTuple):
    """Tokens `[start, end)` may have been meant as a word matched by `keys`."""

    start: int
    end: int
    keys: Keys
    sure: bool
    guessed: bool = False


@dataclass(frozen=True, eq=False)
class Ear:
    """The doctors' words by how they sound."""

    language: Language
    known: Set[str]
    """Their stems."""
    same: Mapping[str, Keys]
    """By their sounds without an inflection's, what they are matched by."""
    alike: Mapping[str, Keys]
    """The same with sounds that a telephone mixes up made one."""
    near: Mapping[str, Keys]
    """Those without any one of these sounds."""
    words: dict[str, tuple[Meant | None, Meant | None]] = field(default_factory=dict)
    """What callers' words were taken for so far, by their sounds."""

    def alone(self, spoken: Sounds, how: Sounding) -> tuple[Meant | None, Meant | None]:
        """What a word alone may be, when it is spelt as it sounds or a neighbour lent it a sound; and what it
        may be if it is nobody's: a small one stuck to another, or one sound wrong."""
        found = self.words.get(spoken.whole)
        if found is None:
            meant = self._meant(spoken.root, spoken.root_alike, spoken.whole)
            if meant is None and spoken.root[:1] in how.elided and spoken.root[1:2] in how.vowels:
                meant = self._meant(spoken.root[1:], spoken.root_alike[1:], spoken.whole[1:])
            found = meant, self._unstuck(spoken, how) or self._nearly(spoken.root_alike)
            if len(self.words) >= REMEMBERED:
                self.words.clear()
            self.words[spoken.whole] = found
        return found

    def joined(self, spoken: str, alike: str) -> Meant | None:
        """What two words in one may be."""
        return self._meant(spoken, alike, "") if len(spoken) >= JOINED and alike in self.alike else None

    def _meant(self, spoken: str, alike: str, whole: str) -> Meant | None:
        if len(spoken) < ALONE:
            found = self.same.get(_short(whole)) if len(whole) >= ALONE else None
            return Meant(found, sure=False) if found else None
        if found := self.same.get(spoken):
            return Meant(found, len(spoken) >= SURE)
        found = self.alike.get(alike)
        return Meant(found, sure=False) if found else None

    def _unstuck(self, spoken: Sounds, how: Sounding) -> Meant | None:
        for small in how.stuck:
            rest = spoken.root.removeprefix(small)
            if len(spoken.root) > len(rest) >= STUCK:
                found = self.same.get(rest) or self.same.get(_short(spoken.whole.removeprefix(small)))
                if found:
                    return Meant(found, sure=False)
        return None

    def _nearly(self, alike: str) -> Meant | None:
        if len(alike) < NEAR - 1:
            return None
        for one in (alike, *_shortened(alike)):
            if found := self.near.get(one):
                return Meant(found, sure=False, guessed=True)
        return None


def listen(concepts: Mapping[str, Iterable[str]], language: Language) -> Ear:
    """Index the words of all ways to say all concepts."""
    same: dict[str, dict[str, None]] = {}
    alike: dict[str, dict[str, None]] = {}
    near: dict[str, dict[str, None]] = {}
    known: set[str] = set()
    done: set[tuple[str, Sounds]] = set()
    forms: dict[str, list[str]] = {}
    for form, lemma in language.stemming.lemmas.items():
        forms.setdefault(lemma, []).append(form)
    for way in chain.from_iterable(concepts.values()):
        wanted = set(keys(way, language))
        for token in written(way, language):
            known.add(token.stem)
            for key in wanted.intersection(token.keys):
                if (key, token.sounds) in done:
                    continue
                done.add((key, token.sounds))
                spoken = [token.sounds]
                if key[0] != "=" and language.sounding:
                    spoken += [sounds(form, language.sounding) for form in forms.get(key, ())]
                for one in spoken:
                    if len(one.root) >= ALONE:
                        same.setdefault(one.root, {})[key] = None
                        alike.setdefault(one.root_alike, {})[key] = None
                    elif len(one.whole) >= STUCK:
                        same.setdefault(_short(one.whole), {})[key] = None
                    if len(one.root) >= NEAR:
                        for less in (one.root_alike, *_shortened(one.root_alike)):
                            near.setdefault(less, {})[key] = None
    return Ear(language, known, _frozen(same), _frozen(alike), _frozen(near))


def _frozen(table: Mapping[str, Iterable[str]]) -> dict[str, Keys]:
    return {spoken: tuple(found) for spoken, found in table.items()}


def _short(whole: str) -> str:
    """How a word of few sounds is indexed: by all of them."""
    return f"={whole}"


def _shortened(spoken: str) -> Iterator[str]:
    """Without each of its sounds."""
    return (spoken[:n] + spoken[n + 1 :] for n in range(len(spoken)))


def misheard(tokens: Sequence[Token], ear: Ear) -> Iterator[Misheard]:
    """Every token, and every two, that sound like a doctor's word they are not."""
    language = ear.language
    how = language.sounding
    if how is None:
        return
    before = SILENT
    for i, token in enumerate(tokens):
        here = token.sounds
        if here is not SILENT and token.text not in language.light:
            if token.text not in language.common:
                found, guess = ear.alone(here, how)
                found = found or _lent(before, here, ear, how)
                if found is None and token.stem not in ear.known:
                    found = guess
                if found and (other := _other(found.keys, token)):
                    yield Misheard(i, i + 1, other, found.sure, found.guessed)
            # "avec le" is no "aveugle": nobody writes the end of a word as "le".
            found = _together(before, here, ear)
            if found and (other := _other(_other(found.keys, token), tokens[i - 1])):
                yield Misheard(i - 1, i + 1, other, found.sure)
        before = here


def _other(found: Keys, token: Token) -> Keys:
    """Those that the token is not matched by anyway; of a form of its own word, only the other words."""
    if token.stem not in found:
        return found
    return tuple(key for key in found if key != token.stem and key[0] != "=")


def _lent(before: Sounds, here: Sounds, ear: Ear, how: Sounding) -> Meant | None:
    """With the last sound of the word before: "cet ordre" → "tordre"."""
    if before is SILENT or here.whole[:1] not in how.vowels or before.whole[-1:] in how.vowels:
        return None
    return ear.joined(before.whole[-1] + here.root, before.whole_alike[-1] + here.root_alike)


def _together(before: Sounds, here: Sounds, ear: Ear) -> Meant | None:
    """Both as one word, also with the liaison between them: "est ouf" → "étouffe"."""
    if before is SILENT:
        return None
    found = ear.joined(before.whole + here.root, before.whole_alike + here.root_alike)
    if found is None and before.liaison:
        found = ear.joined(
            before.whole + before.liaison + here.root,
            before.whole_alike + before.liaison_alike + here.root_alike,
        )
    return found
