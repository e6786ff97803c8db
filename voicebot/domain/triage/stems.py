"""What a word is reduced to so that its inflections meet: "saigne", "saignements" → "saign".

Light on purpose: no accents, no doubled letters, common endings off, irregular words by table. Both the
doctor's words and the caller's pass here, so a stem needs to be the same on both sides, not to be right.
"""

import unicodedata
from functools import lru_cache

from voicebot.domain.triage.language import Language


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """Lower case, no accents, no ligatures: "Œdème" → "oedeme"."""
    if word.isascii():
        return word.lower()
    word = word.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=8192)
def stem(folded: str, language: Language) -> str:
    """The stem of a folded word; short and irregular words keep their own."""
    how = language.stemming
    plural = folded[-1:] in how.plurals
    for form in (folded, folded[:-1] if plural else folded):
        if form in how.lemmas:
            return how.lemmas[form]
    word = folded[:-1] if plural and len(folded) > how.shortest else folded
    for written, sounded in how.spellings:
        word = written.sub(sounded, word)
    for ending in how.endings:
        if word.endswith(ending) and len(word) - len(ending) >= how.shortest:
            word = word[: -len(ending)]
            break
    while len(word) > how.shortest and word[-1] in how.last:
        word = word[:-1]
    return word
