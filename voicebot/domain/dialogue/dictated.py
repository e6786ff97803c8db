"""A value told in several goes: the first half of a number, a day and a month before the year. What was said
is kept, the caller is asked to go on, and the halves are read together."""

from dataclasses import replace
from datetime import date

from voicebot.domain.call import Reading
from voicebot.domain.dialogue.state import EXPECTS, Outcome, Question, State
from voicebot.domain.effects import Say
from voicebot.domain.understanding.reading import Context, read

VALUES: frozenset[Question] = frozenset({"phone", "birth_date", "name", "spelling"})
"""Questions whose answer may come in several goes."""
FIGURES: frozenset[Question] = frozenset({"phone", "shown_phone", "birth_date", "confirm", "correction"})
"""Questions that a number or a date may answer."""
MOST = 3
"""Goes; then it is asked for again."""


def plain(state: State, text: str, today: date) -> str:
    """What was said, or, where a value was asked for and nothing else said, its figures in one piece: what
    rules and ears for urgency must not take for a measure."""
    if state.asked not in FIGURES:
        return text
    births = state.asked != "shown_phone"
    return state.language.values.value_only(state.begun, text, state.form.person, today, births) or text


def together(state: State, text: str, reading: Reading, context: Context) -> Reading:
    """The reading with the value that this and what was begun before make up together."""
    if not state.begun or state.asked not in VALUES:
        return reading
    said, whole = reading.entities, read(f"{state.begun}, {text}", {}, context).entities
    match state.asked:
        case "phone" if said.phone is None:
            return replace(reading, entities=replace(said, phone=whole.phone))
        case "birth_date" if said.birth_date is None:
            return replace(reading, entities=replace(said, birth_date=whole.birth_date))
        case "name" | "spelling" if len(whole.last_name or "") > len(said.last_name or ""):
            return replace(reading, entities=whole)
    return reading


def unfinished(state: State, text: str, reading: Reading) -> Outcome | None:
    """Patience while a value has begun and is not complete; None when there is nothing to wait for."""
    said, expects = reading.entities, EXPECTS[state.asked]
    if state.asked not in VALUES or reading.category is not None or said.phone or said.birth_date:
        return None
    joined = f"{state.begun}, {text}" if state.begun else text
    goes = state.begun.count(", ") + 1
    if goes >= MOST or not state.language.values.goes_on(state.begun, text, expects):
        return None
    return replace(state, begun=joined), (Say("ask_open_more", expects=expects),)
