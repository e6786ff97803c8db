"""What a secretary reads on a ticket: the message, what was established, and what the caller told.

Whoever rings back goes on where the call ended, and asks nothing again.
"""

import re
from collections.abc import Iterator

from voicebot.domain.call import Slot
from voicebot.domain.dialogue import errands, privacy
from voicebot.domain.dialogue.identity import UNSURE_NAME, calling, doubtful_name
from voicebot.domain.dialogue.state import State, Topic, local
from voicebot.domain.french import fold
from voicebot.domain.french.wording import MONTHS, day, hour

WISH = "Voulait"
_WISHES: dict[Topic | None, str] = {
    "booking": "un rendez-vous",
    "same_day": "un rendez-vous aujourd'hui",
    "move": "déplacer un rendez-vous",
    "cancellation": "annuler un rendez-vous",
}
_LEFT = {"booking": "rendez-vous", "reschedule": "rendez-vous à déplacer", "cancellation": "annulation"}
"""Of whoever does not want their words kept."""
_SHORT_ANSWER = re.compile(
    r"(?:(?:oui|non|merci|ok|d accord|c est|ca|bien|exact|tout|parfait|voila|euh|bonjour|allo|au revoir"
    r"|madame|le|la|l un|premier|premiere|deuxieme|troisieme|dernier|un|une|deux|trois|s il vous plait) ?)+"
)
_MONTHS = "|".join(map(fold, MONTHS))
UNSURE = "Numéro mal entendu : l'appelant ne l'a pas confirmé"
_VALUE = re.compile(rf"(?:(?:le|c est|mon numero|je suis|nee?|au|numero|et|premier|{_MONTHS}|\w*\d\w*) ?)+")


def text(state: State) -> str:
    """The note; without the caller's words if they do not want them kept."""
    form = state.form
    private = (privacy.NOTE,) if state.confidential else ()
    words = () if state.objected else tuple(said for said in state.words if _tells(state, said))
    message = (form.message,) if form.message and form.message not in words else ()
    number = (UNSURE,) if form.phone_unsure else ()
    name = (UNSURE_NAME,) if doubtful_name(form) else ()
    rest = (*errands.written(form), *_left(state), *words)
    return "\n".join((*private, *calling(form), *name, *number, *message, *rest))


def with_wish(state: State) -> tuple[tuple[str, str], ...]:
    """The details with what the caller had called for, where a human takes over before it was done."""
    details = state.form.details
    wish = _WISHES.get(state.topic)
    if wish is None or any(label == WISH for label, _ in details):
        return details
    chosen = f" {_spoken(state, state.form.slot)}, pas encore pris" if state.form.slot else ""
    return (*details, (WISH, wish + chosen))


def _left(state: State) -> Iterator[str]:
    """What else they wanted and was not served yet."""
    for wish in state.queue:
        words = "" if state.objected else f" : « {wish.text} »"
        yield f"Autre demande, à traiter aussi{words or ' : ' + _LEFT.get(wish.kind, 'message')}"


def _spoken(state: State, slot: Slot) -> str:
    start = local(state, slot.start)
    doctor = state.practice.doctor(slot.doctor).spoken
    return f"{day(start.date())} {hour(start.time())}, {doctor}"


def _tells(state: State, said: str) -> bool:
    """Whether a human learns anything from it that the ticket does not show besides. Where something urgent
    was in doubt, every word is kept."""
    if state.level or state.flags:
        return True
    folded = fold(said)
    person = state.form.person
    named = {*fold(person.first_name).split(), *fold(person.last_name).split()}
    known = any(said == answer for _, answer in state.form.details)
    only_named = bool(named) and set(folded.split()) <= named
    return not (known or only_named or _SHORT_ANSWER.fullmatch(folded) or _VALUE.fullmatch(folded))
