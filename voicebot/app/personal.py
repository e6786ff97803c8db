"""What in a sentence may tell who somebody is, to be taken out before others read it."""

import re
from collections.abc import Iterator

from voicebot.domain.call import Person
from voicebot.domain.french import fold, person_name, phone
from voicebot.domain.french.first_names import FIRST_NAMES
from voicebot.domain.french.ordinary_words import ORDINARY

NOBODY = Person()
STREET = re.compile(r"\b(?:rue|avenue|boulevard|impasse|allée|chemin|quai|résidence)\b[^,.;]*", re.IGNORECASE)
FIGURES = re.compile(r"\+?\d(?:[ .\-/]?\d)*")
CAPITAL = re.compile(r"(?<=[^.!?…\s])\s+([A-ZÀ-ÖØ-Þ][\w'’-]+)")


def personal(sentence: str, person: Person = NOBODY) -> tuple[str, ...]:
    """Names, numbers and addresses in a sentence; each once, as it stands there.

    It errs by pointing out too much: 39 of fever is a figure too. Who reads the list decides.
    """
    return tuple(dict.fromkeys(part.strip() for part in _personal(sentence, person) if part.strip()))


def _personal(sentence: str, person: Person) -> Iterator[str]:
    yield from (found[0] for found in FIGURES.finditer(sentence))
    yield from (found[0] for found in STREET.finditer(sentence))
    yield from (found[1] for found in CAPITAL.finditer(sentence))
    names = FIRST_NAMES - ORDINARY
    known = {word for name in (person.first_name, person.last_name) for word in fold(name).split()}
    stated = {word for name in person_name(sentence) if name for word in fold(name).split()}
    for word in re.findall(r"[\w'’-]+", sentence):
        if {*fold(word).split()} & (known | stated | names):
            yield word
    if phone(sentence):
        yield "un numéro de téléphone"
