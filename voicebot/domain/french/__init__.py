"""French values in speech, one door to them: text forms, numbers, phones, spelled and said names, short
answers, and whether a dictated value is complete. Dates are in `voicebot.domain.french.dates`."""

from voicebot.domain.french.answers import answer, choice
from voicebot.domain.french.dictation import incomplete, names_day, picks, told
from voicebot.domain.french.names import person_name
from voicebot.domain.french.phones import phone, phone_progress
from voicebot.domain.french.sameness import SAME, nearly_person, same_person
from voicebot.domain.french.spelling import spelled
from voicebot.domain.french.wordforms import digits, fold

__all__ = [
    "SAME",
    "answer",
    "choice",
    "digits",
    "fold",
    "incomplete",
    "person_name",
    "phone",
    "phone_progress",
    "names_day",
    "picks",
    "nearly_person",
    "same_person",
    "spelled",
    "told",
]
