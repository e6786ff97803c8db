"""The end of a call that was served: who has nothing written to keep hears their appointment once more."""

import re

from voicebot.domain.dialogue.state import State, tell
from voicebot.domain.effects import Say

_LANDLINE = re.compile(r"\+33[1-59]\d{8}")
"""01 to 05 and 09: no text message is read there."""


def said(state: State) -> tuple[Say, ...]:
    """The last words. The appointment again on a landline, and for who asked to be spoken to slower."""
    phone = state.form.person.phone or state.number or ""
    needed = _LANDLINE.fullmatch(phone) or state.manner.rate < 1
    return (*((state.booked,) if state.booked and needed else ()), tell("goodbye"))
