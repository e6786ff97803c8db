"""French values in speech, one door to them: text forms, numbers, phones, spelled and said names, short
answers, and whether a dictated value is complete. Dates are in `voicebot.domain.dates`."""

from voicebot.domain.answers import answer, choice
from voicebot.domain.dictation import incomplete
from voicebot.domain.names import person_name
from voicebot.domain.phones import phone, phone_progress
from voicebot.domain.sameness import SAME, same_person
from voicebot.domain.spelling import spelled
from voicebot.domain.wordforms import digits, fold

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
    "same_person",
    "spelled",
]
