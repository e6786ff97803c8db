"""What the world answers: results, failures, and writes whose fate nobody knows."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.dialogue import appointment, booking, escalation, identity, topics, urgency
from voicebot.domain.dialogue.state import Outcome, Question, State, ask, first, local, tell
from voicebot.domain.effects import Effect, Release, SaveTicket
from voicebot.domain.events import (
    AppointmentsFound,
    Booked,
    Cancelled,
    Event,
    Failed,
    Held,
    Moved,
    PatientsFound,
    SlotGone,
    SlotsFound,
    TicketSaved,
)

OPEN: frozenset[Question] = frozenset({"urgency", "what"})
"""Questions about an urgency: no other is put before they are answered."""
LOOKED_FOR = PatientsFound | AppointmentsFound | SlotsFound | Held


def result(state: State, event: Event) -> Outcome:
    """What came back from the world. After an emergency nothing is built on it any more."""
    if state.level == "emergency":
        return state, late(event)
    if state.waiting and state.asked in OPEN and isinstance(event, LOOKED_FOR):
        # Nothing is asked over it: what was looked for is looked for again after a no.
        return replace(state, waiting=None), late(event)
    match event, state.waiting:
        case PatientsFound(patients=patients, at=at), "patients":
            return topics.advance(identity.found(state, patients), at)
        case AppointmentsFound(appointments=appointments, at=at), "appointments":
            known = appointment.found(state, appointments, at)
            return topics.advance(known, at) if known else appointment.unverified(state, at)
        case SlotsFound(slots=slots, wished=wished, at=at), "slots":
            slots = tuple(replace(s, start=local(state, s.start)) for s in slots)
            return booking.found(state, slots, wished, at)
        case Held(hold=hold, slot=slot, at=at), "hold" if slot == state.form.slot:
            return topics.advance(replace(state, hold=hold, waiting=None), at)
        case SlotGone(at=at), "hold" | "write":
            return booking.taken(state, at)
        case Booked(appointment=booked, at=at), "write":
            doctor = state.practice.doctor(booked.slot.doctor)
            done = _done(state, "booked", "Book", slot=booked.slot, doctor=doctor)
            return first(booking.to_check(state, booked, at), done)
        case Moved(appointment=moved), "write":
            doctor = state.practice.doctor(moved.slot.doctor)
            return _done(state, "moved", "Move", slot=moved.slot, doctor=doctor)
        case Cancelled(at=at), "write":
            return first(appointment.to_tell(state, at), _done(state, "cancelled", "Cancel"))
        case TicketSaved(), "write" if state.form.phone_unsure:
            what = "callback" if state.topic == "callback" else "SaveTicket"
            return _done(state, "ticket_saved_unsure", what, phone=state.practice.phone)
        case TicketSaved(), "write":
            if state.topic == "callback":
                gently = "" if escalation.offers_today(state) else "_gently"
                return _done(state, f"callback_saved{gently}", "callback")
            return _done(state, "ticket_saved", "SaveTicket")
    return state, late(event)


def _done(state: State, phrase: str, what: str, **values: object) -> Outcome:
    if "slot" in values:
        values["slot"] = replace(values["slot"], start=local(state, values["slot"].start))  # type: ignore
    booked = tell("summary", **values) if what in ("Book", "Move") else state.booked
    state = replace(topics.finished(state), done=(*state.done, what), owed="", booked=booked)
    if state.asked in OPEN and state.question:
        return state, (tell(phrase, **values), state.question)
    return first(tell(phrase, **values), ask(state, "more"))


def late(event: Event) -> tuple[Effect, ...]:
    """A result nobody waits for any more: a hold is given back, the rest is history."""
    return (Release(event.hold),) if isinstance(event, Held) else ()


def failed(state: State, event: Failed) -> Outcome:
    """An effect did not happen, surely; or an engine, or the human's line, broke."""
    at = event.at
    match event.what:
        case "Transfer":
            return escalation.ended(state, "failed", state.handover.ringing, at)
        case "SaveTicket" if state.level == "emergency" or state.overheard:
            # Nothing is said but whom to call; the alarm is tried again with the next ring.
            return replace(state, handover=replace(state.handover, alarmed=False)), ()
        case "SaveTicket" if state.waiting == "write" or state.tried_human:
            state = replace(state, waiting=None, topic=None)
            apology = tell("ticket_failed", phone=state.practice.phone)
            return first(
                apology, ask(state, "more") if state.tried_human else escalation.seek(state, "Panne", at)
            )
        case "Release" | "SaveTicket" | "Forget" | "audio":  # "audio" only names what the line was like
            return state, ()
        case "human":
            return escalation.cut_off(state, at) if state.with_human else (state, ())
        case "hearing" if _only_the_number(state):
            return topics.missed(state, at)  # the keys are left; it is not asked without end
        case "hearing" | "speaking":
            return _engine_failed(state, event)
    return _unwritten(state, "trouble", "Demande non enregistrée : panne technique", at)


def _engine_failed(state: State, event: Failed) -> Outcome:
    """We are deaf or dumb: a human, in sentences that are ready; whoever leaves first is on record."""
    if state.with_human:
        return state, ()
    voiceless = state.voiceless or event.what == "speaking"
    state = replace(state, voiceless=voiceless, owed="Panne technique pendant l'appel")
    if state.level == "emergency" or state.overheard or state.waiting == "human":
        return state, ()
    if state.asked in ("urgency", "what"):
        # What could not be asked or heard is unclear, and that counts as yes.
        return urgency.unanswered(state, event.at)
    return first(tell("trouble"), escalation.seek(state, "Panne technique", event.at, "transfer"))


def _only_the_number(state: State) -> bool:
    """Nobody answered, and the question is where to ring back."""
    sought = state.with_human or state.waiting == "human" or state.level == "emergency" or state.overheard
    return state.topic == "callback" and state.asked in ("phone", "shown_phone") and not sought


def unknown(state: State, what: str, at: datetime) -> Outcome:
    """A write whose fate could not be learnt."""
    if what == "SaveTicket":
        return failed(state, Failed(at, what, "fate unknown"))
    return _unwritten(state, "fate_unknown", "Enregistrement incertain : vérifier l'agenda", at)


def _unwritten(state: State, phrase: str, subject: str, at: datetime) -> Outcome:
    """Neither success nor failure is dressed up: a ticket, and a human."""
    if state.level == "emergency" or state.overheard or state.ended:
        return state, ()
    state = replace(state, waiting=None, keys=state.keys + 1)
    kind = {"booking": "booking", "same_day": "booking", "move": "move", "cancellation": "cancellation"}
    saved = SaveTicket(escalation.ticket(state, kind.get(state.topic or "", "callback"), subject, at))
    released = topics.given_back(state)
    state = replace(state, hold=None, offers=())
    return first((*released, tell(phrase), saved), escalation.seek(state, subject, at))
