"""The telephone's keys, as the words they stand for: 0 is a person, digits are a value when one was asked."""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.domain.dialogue.state import EXPECTS, Outcome, Question, State
from voicebot.domain.effects import WakeAt

BETWEEN_KEYS = timedelta(seconds=3)
"""A lone 0 while a number is asked for begins the number, or, after this, calls for a person."""
LENGTH: dict[Question, int] = {"phone": 10, "birth_date": 8}
YES_NO = {"1": "yes", "2": "no"}

MENU_PHRASE = "ask_menu"
"""Put to who was not understood twice, on a telephone, before a human is rung."""


def menu(state: State) -> bool:
    """The menu is what was put to them last."""
    return state.question is not None and state.question.phrase == MENU_PHRASE


def words(state: State, key: str) -> str | None:
    """What the caller says by pressing this key now; None: nothing, or not yet."""
    if state.asked in LENGTH and key.isdigit():
        keyed = state.keyed + key
        if len(keyed) < LENGTH[state.asked]:
            return None
        return keyed if state.asked == "phone" else f"{keyed[:2]}/{keyed[2:4]}/{keyed[4:]}"
    if key == "0":
        return person(state)
    if menu(state):
        return state.talk.keys.get(f"menu {key}")
    if state.asked == "choice":
        return state.talk.keys.get(key) if key in "123" else None
    return (
        state.talk.keys.get(YES_NO.get(key, "")) if EXPECTS[state.asked] in ("yes_no", "read_back") else None
    )


def person(state: State) -> str:
    """What asks for a human."""
    return state.talk.keys.get("0", "")


def keyed(state: State, key: str, at: datetime) -> Outcome:
    """A digit of a value that is not complete yet."""
    if state.asked not in LENGTH or not key.isdigit():
        return state, ()
    alarms = (WakeAt("keys", at + BETWEEN_KEYS), WakeAt("silence", at + 2 * BETWEEN_KEYS))
    return replace(state, keyed=state.keyed + key), alarms
