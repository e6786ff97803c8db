"""Whether a value being dictated in English is complete."""

import re

from voicebot.domain.effects import Expects
from voicebot.domain.english.answers import answer
from voicebot.domain.english.births import begun
from voicebot.domain.english.names import spelling_open
from voicebot.domain.english.numbers import LENGTH, phone, phone_progress
from voicebot.domain.french.wordforms import fold

_HANGING = re.compile(
    r"\b(?:the|a|an|of|to|and|or|but|my|is|i|i m|i d|at|on|in|for|with|from|because|between|before|after"
    r"|uh|um"
    r"|er|erm|so|it s|number|born)$"
)


def incomplete(text: str, expects: Expects) -> bool:
    """True while what is `expects`-ed has begun and more must come, or the words hang in the air."""
    line = fold(text)
    if not line:
        return False
    if expects == "birth_date" and begun(text):
        return True
    if expects == "phone" and phone(text) is None and 0 < phone_progress(text) < LENGTH:
        return True
    if expects == "name" and spelling_open(text):
        return True
    if expects in ("yes_no", "read_back") and answer(text):
        return False
    return bool(_HANGING.search(line))
