"""Who asks that the family learn nothing is not rung back at a number that was only shown."""

import re
from dataclasses import replace

from voicebot.domain.dialogue.state import State, with_person
from voicebot.domain.french import fold

NOTE = "Confidentiel : ne rien dire à la famille ; n'appeler que le numéro donné pour cela."
"""What every ticket of the call begins with."""
_FAMILY = (
    r"(?:mes|ses|leurs?|nos) (?:parents|enfants)|(?:ma|sa) (?:mere|famille|femme|fille)|maman|papa"
    r"|(?:mon|son) (?:pere|mari|copain|conjoint|compagnon|ex|fils)|personne|quelqu un|(?:mes|ses) proches"
)
_PRIVATE = re.compile(
    rf"\bsans (?:que |qu )?(?:{_FAMILY}|on|ils|elle|il) (?:le |la |l )?(?:sach\w+|soi\w*|appren\w+)"
    rf"|\b(?:{_FAMILY}|ils|elle|il) (?:ne )?(?:doi(?:t|vent)|faut) (?:pas|rien|jamais)"
    r" (?:le )?(?:savoir|etre)"
    rf"|\bpas (?:que |qu )?(?:{_FAMILY}|ils|on) (?:le |l )?(?:sach\w+|soi\w*|appren\w+)"
    rf"|\b(?:le |rien )?(?:dites|dire|direz|parle[rz]?)(?: \w+)? (?:pas|rien) a (?:{_FAMILY})"
    rf"|\b(?:pas|rien) (?:le )?(?:dire|parler) a (?:{_FAMILY})"
    r"|\ben (?:cachette|secret|toute discretion)\b|\bdiscretement\b|\bconfidentiel\w*|\bentre nous\b"
)


def respected(state: State, text: str) -> State:
    """The state after these words; a number that was only shown is forgotten once they ask for discretion."""
    if state.confidential or not _PRIVATE.search(fold(text)):
        return state
    shown = state.number and state.form.person.phone == state.number and not state.form.phone_said
    state = replace(state, confidential=True, number=None)
    return with_person(state, phone="") if shown else state
