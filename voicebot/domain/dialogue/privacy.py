"""Who asks that the family learn nothing is not rung back at a number that was only shown."""

from dataclasses import replace

from voicebot.domain.dialogue.state import State, with_person
from voicebot.domain.french import fold

NOTE = "Confidentiel : ne rien dire à la famille ; n'appeler que le numéro donné pour cela."
"""What every ticket of the call begins with."""


def respected(state: State, text: str) -> State:
    """The state after these words; a number that was only shown is forgotten once they ask for discretion."""
    if state.confidential or not state.talk.private.search(fold(text)):
        return state
    shown = state.number and state.form.person.phone == state.number and not state.form.phone_said
    state = replace(state, confidential=True, number=None)
    return with_person(state, phone="") if shown else state
