"""The languages there are, which one a caller speaks, and how a clause tells its own to the voice."""

import re
from collections.abc import Mapping, Sequence

from voicebot.domain import french
from voicebot.domain.english.language import ENGLISH
from voicebot.domain.french import dates, talk, wording
from voicebot.domain.french.corrections import corrected
from voicebot.domain.french.halves import goes_on, value_only
from voicebot.domain.french.people import people
from voicebot.domain.french.spoken import spoken
from voicebot.domain.language import Language, Values
from voicebot.domain.understanding import cues

FRENCH = Language(
    code="fr",
    values=Values(
        windows=dates.windows,
        asap=dates.asap,
        birth_date=dates.birth_date,
        phone=french.phone,
        person_name=french.person_name,
        spelled=french.spelled,
        choice=french.choice,
        answer=french.answer,
        incomplete=french.incomplete,  # type: ignore[arg-type]  # narrower: one of Expects
        weigh=cues.weigh,
        spoken=spoken,
        people=people,
        corrected=corrected,
        goes_on=goes_on,
        value_only=value_only,
    ),
    talk=talk.TALK,
    wording=wording.WORDING,
    hint=talk.HINT,
)
LANGUAGES: Mapping[str, Language] = {language.code: language for language in (FRENCH, ENGLISH)}
MARK = re.compile(r"<([a-z]{2})>")
FEWEST = 3
"""Small words of another language that show it, where none is of the one spoken so far."""


def spoken_in(text: str, spoken: Language, others: Sequence[Language]) -> Language:
    """The language of the call after these words: `spoken` until one of the `others` is asked for, or the
    words are plainly its own."""
    line = french.fold(text)
    said = set(line.split())
    for other in others:
        if other is spoken:
            continue
        if other.hint.asks.search(line):
            return other
        own = said & spoken.hint.words
        if len(said & other.hint.words) >= FEWEST and not own:
            return other
    return spoken


def marked(clause: str, code: str) -> str:
    """The clause as the voice is given it: "<en>Goodbye."; French, which most are, stays as it is."""
    return clause if code == FRENCH.code else f"<{code}>{clause}"


def unmarked(clause: str) -> tuple[str, str]:
    """(language code, clause) of a clause that may be marked."""
    mark = MARK.match(clause)
    return (mark[1], clause[mark.end() :]) if mark else (FRENCH.code, clause)
