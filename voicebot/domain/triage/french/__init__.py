"""French, as callers speak it."""

from voicebot.domain.triage.french.clauses import BREATH_WORDS, OPENINGS, PEOPLE
from voicebot.domain.triage.french.doubting import DOUBTING
from voicebot.domain.triage.french.names import NAMES
from voicebot.domain.triage.french.sounds import SOUNDING
from voicebot.domain.triage.french.stems import STEMMING
from voicebot.domain.triage.french.units import UNITS
from voicebot.domain.triage.french.words import (
    ACCENTED,
    COMMON,
    COMPARED,
    GRAMMAR,
    LIGHT,
    NUMBERS,
    RESPELT,
    TOO_COMMON,
)
from voicebot.domain.triage.language import Language

FRENCH = Language(
    code="fr",
    grammar=GRAMMAR,
    light=LIGHT,
    common=COMMON | NAMES,
    too_common=TOO_COMMON,
    respelt=RESPELT,
    accented=ACCENTED,
    compared=COMPARED,
    stemming=STEMMING,
    numbers=NUMBERS,
    openings=OPENINGS,
    breath_words=BREATH_WORDS,
    people=PEOPLE,
    doubting=DOUBTING,
    units=UNITS,
    sounding=SOUNDING,
)
