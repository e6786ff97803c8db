"""Finding the caller's own appointment, to cancel or move it. The caller says, we check.

Whether the patient is unknown, has no appointment, or named another day, the caller hears the
same sentence: nothing is disclosed.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Appointment, Window
from voicebot.domain.dialogue.escalation import ticket
from voicebot.domain.dialogue.identity import missing, unchecked
from voicebot.domain.dialogue.state import Outcome, State, ask, first, local, tell, with_form
from voicebot.domain.effects import Cancel, Effect, FindAppointments, SaveTicket
from voicebot.domain.french import fold
from voicebot.domain.language import Language
from voicebot.domain.languages import FRENCH


def named(text: str, now: datetime, school_zone: str, language: Language = FRENCH) -> tuple[Window, ...]:
    """When the appointment is that the caller already has, in their words; empty = not said."""
    return next(
        (
            w
            for said in language.talk.which.findall(text)
            if (w := language.values.windows(said, now, school_zone, ()))
        ),
        (),
    )


def identify(state: State, at: datetime) -> Outcome | None:
    """The next step towards the appointment; None when it is known."""
    form = state.form
    if form.appointment is not None:
        return None
    if question := missing(state, phone=False):
        return question
    if not form.which:
        return ask(state, "which")
    if form.person.id is None:
        return unverified(state, at)
    return replace(state, waiting="appointments"), (FindAppointments(form.person.id),)


def found(state: State, appointments: tuple[Appointment, ...], at: datetime) -> State | None:
    """The state with the one appointment that fits the caller's words; None when none or several do."""
    state = replace(state, waiting=None)
    fitting = [a for a in appointments if any(w.admits(local(state, a.slot.start)) for w in state.form.which)]
    if len(fitting) != 1:
        return None
    return with_form(
        state,
        appointment=fitting[0],
        motif=fitting[0].slot.motif,
        doctor=state.form.doctor or fitting[0].slot.doctor,
    )


def unverified(state: State, at: datetime) -> Outcome:
    """It could not be checked: the request goes to the humans, in words that disclose nothing."""
    state = replace(state, waiting=None)
    if not state.form.person.phone and not state.form.phone_kept:
        return ask(state, "phone", "ask_unverified_phone")
    if (question := unchecked(state)) is not None:
        return question
    move = state.topic == "move"
    subject = "Déplacement de rendez-vous à vérifier" if move else "Annulation de rendez-vous à vérifier"
    state = replace(state, waiting="write", keys=state.keys + 1)
    return state, (SaveTicket(ticket(state, "move" if move else "cancellation", subject, at)),)


def cancel(state: State, at: datetime) -> Outcome:
    """The next thing a cancellation needs."""
    step = identify(state, at)
    if step is not None:
        return step
    appointment = state.form.appointment
    assert appointment is not None
    if not state.form.confirmed:
        return ask(state, "confirm", "confirm_cancel", slot=appointment.slot)
    state = replace(state, waiting="write", keys=state.keys + 1)
    return first(tell("cancelling"), (state, (Cancel(state.key("cancel"), appointment),)))


def to_tell(state: State, at: datetime) -> tuple[Effect, ...]:
    """What the doctor is told of a cancellation: that the patient left with an ambulance, or died."""
    if not any(state.talk.without_them.search(fold(said)) for said in state.words):
        return ()
    subject = "Rendez-vous annulé : secours, hôpital ou décès, le médecin doit le savoir"
    return (SaveTicket(ticket(state, "message", subject, at)),)


def left(state: State, at: datetime) -> Outcome:
    """A cancellation wished in an emergency: nothing is changed in that call, humans are told, once."""
    if "cancellation" in state.left:
        return state, ()
    state = replace(state, keys=state.keys + 1, left=state.left | {"cancellation"})
    subject = "Annulation demandée pendant une urgence : à voir avec le patient"
    return state, (SaveTicket(ticket(state, "cancellation", subject, at)),)
