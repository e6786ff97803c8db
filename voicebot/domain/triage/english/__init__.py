"""English, as callers speak it: the proof that the engine is not French."""

from voicebot.domain.triage.english.clauses import BREATH_WORDS, OPENINGS, PEOPLE
from voicebot.domain.triage.english.doubting import DOUBTING
from voicebot.domain.triage.english.units import UNITS
from voicebot.domain.triage.english.words import (
    COMMON,
    GRAMMAR,
    LIGHT,
    NUMBERS,
    RESPELT,
    STEMMING,
    TOO_COMMON,
)
from voicebot.domain.triage.language import Language

ENGLISH = Language(
    code="en",
    grammar=GRAMMAR,
    light=LIGHT,
    common=COMMON,
    too_common=TOO_COMMON,
    respelt=RESPELT,
    accented={},
    compared={},
    stemming=STEMMING,
    numbers=NUMBERS,
    openings=OPENINGS,
    breath_words=BREATH_WORDS,
    people=PEOPLE,
    doubting=DOUBTING,
    units=UNITS,
    sounding=None,
)
