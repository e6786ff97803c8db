"""New patients where the practice takes none: refused, or written on its waiting list.

Only what the caller says counts. Were it looked up, the answer would tell who is a patient here.
"""

import re
from dataclasses import replace

from voicebot.domain.dialogue.identity import missing, read_back
from voicebot.domain.dialogue.state import Outcome, State, ask, first, tell
from voicebot.domain.effects import Effect, Release
from voicebot.domain.french import fold

LISTED = "waitlist"
"""The kind of such a message, and of its ticket."""
_NEVER_SEEN = re.compile(
    r"\bnouve(?:au|lle|aux) patiente?s?\b|\bjamais (?:venue?|consulte|ete (?:recue?|suivie?))\b"
    r"|\bpremiere (?:fois|visite|consultation)\b|\b(?:pas|ni) (?:encore )?(?:patiente?"
    r"|suivie?) (?:chez|ici|au|du|par)\b"
    r"|\b(?:cherche|trouver|besoin d un|plus de|pas de|sans|changer de) (?:un |une "
    r"|nouveau )?medecin traitant\b"
    r"|\bviens? d (?:emmenager|arriver)\b"
)
_SEEN = re.compile(
    r"\b(?:suis|est) (?:deja )?(?:une? )?(?:de vos )?(?:patiente?|suivie?)\b|\bmon medecin traitant\b"
    r"|\bcomme d habitude\b"
    r"|\bdeja (?:patiente?|venue?|suivie?|consulte)\b"
)


def says_followed(text: str, answer: str | None = None) -> bool | None:
    """Whether the patient was seen here before: what the words tell, else the yes or no they are; None:
    neither. "oui, c'est la première fois" is no yes."""
    said = fold(text)
    if _NEVER_SEEN.search(said):
        return False
    return True if _SEEN.search(said) else None if answer is None else answer == "yes"


def gate(state: State) -> Outcome | None:
    """Before a booking where no new patients are taken: asked of everybody alike. None: go on."""
    if state.practice.new_patients == "yes" or state.topic != "booking":
        return None
    if state.form.followed is None:
        return ask(state, "followed")
    return None if state.form.followed else _turned_away(state)


def _turned_away(state: State) -> Outcome:
    given_back: tuple[Effect, ...] = (Release(state.hold),) if state.hold else ()
    state = replace(state, hold=None, offers=())
    if state.practice.new_patients == "no":
        said = (*given_back, tell("new_patients_refused"))
        return first(said, ask(replace(state, topic=None), "more"))
    form = replace(state.form, kind=LISTED, message="Souhaite devenir patient du cabinet", slot=None)
    state = replace(state, topic="message", form=form)
    return first((*given_back, tell("new_patients_listed")), _who(state))


def _who(state: State) -> Outcome:
    """Who is to be written down, as far as it is not known yet; the rest is the message's own business."""
    return missing(state, phone=True) or ask(state, "confirm", "confirm_listed", person=read_back(state))
