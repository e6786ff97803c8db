"""Booking and moving: a wish, an offer, a hold, a read-back, and only then a write."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Appointment, Reading, Slot
from voicebot.domain.dialogue import newcomers
from voicebot.domain.dialogue.escalation import call_back, ticket
from voicebot.domain.dialogue.identity import (
    UNSURE_NAME,
    booked_for,
    calling,
    doubtful_name,
    missing,
    read_back,
)
from voicebot.domain.dialogue.offers import Refusal, any_day, choose, combine
from voicebot.domain.dialogue.state import Outcome, State, ask, first, local, tell, with_form
from voicebot.domain.effects import Book, Effect, FindSlots, Hold, Move, Release, SaveTicket
from voicebot.domain.french.wording import day, hour


def advance(state: State, at: datetime) -> Outcome:
    """The next thing a booking or move needs."""
    form = state.form
    if (refused := newcomers.gate(state)) is not None:
        return refused
    if form.slot is None:
        if state.offers:
            return offer(state)
        if not form.windows and not form.asap and state.topic != "same_day":
            return ask(state, "wish")
        return search(state)
    if state.hold is None:
        state = replace(state, waiting="hold", keys=state.keys + 1)
        return state, (Hold(state.key("hold"), form.slot),)
    if state.topic != "move" and (question := missing(state, phone=True)):
        return question
    if not form.confirmed:
        return unspoken(state, at) if state.voiceless and state.topic != "move" else confirm(state)
    return write(state)


def search(state: State, refusal: Refusal | None = None) -> Outcome:
    """Look for free times by the wish."""
    form, refusal = state.form, refusal or Refusal()
    request = FindSlots(
        motif=motif(state),
        windows=form.windows,
        doctor=form.doctor,
        same_day=state.topic == "same_day",
        after=refusal.after,
        before=refusal.before,
    )
    return replace(state, waiting="slots", offers=()), (request,)


def found(state: State, slots: tuple[Slot, ...], wished: bool, at: datetime) -> Outcome:
    """Offer what was found, or say truthfully that there is nothing."""
    state = replace(state, waiting=None, offers=slots)
    if slots:
        phrase = "same_day_offer" if state.topic == "same_day" else "offer" if wished else "offer_other"
        return offer(state, phrase)
    if state.topic == "same_day":
        return first(tell("same_day_none"), call_back(state, "Urgent : aucun créneau aujourd'hui", at))
    state = with_form(state, windows=(), asap=False)
    return ask(state, "wish", "no_slot")


def offer(state: State, phrase: str = "offer") -> Outcome:
    """Two or three times to choose from; a single one is a yes/no question."""
    one = len(state.offers) == 1
    wished = state.form.doctor
    doctors = {s.doctor: state.practice.doctor(s.doctor) for s in state.offers if s.doctor != wished}
    return ask(state, "choice", phrase + ("_one" if one else ""), offers=state.offers, doctors=doctors)


def chosen(state: State, text: str, reading: Reading, at: datetime) -> Outcome | None:
    """What the answer to an offer leads to; None when it was not understood."""
    pick = choose(state.offers, text, reading, state.talk) if state.offers else None
    if isinstance(pick, Slot):
        return advance(replace(with_form(state, slot=pick), offers=(), misses=0), at)
    if isinstance(pick, Refusal):
        if pick.after is None and pick.before is None and not reading.windows:
            return ask(replace(with_form(state, windows=(), asap=False), offers=()), "wish", "ask_wish_again")
        if pick.another_day:
            state = with_form(state, windows=any_day(state.form.windows))
        elif reading.windows:
            state = with_form(state, windows=combine(state.form.windows, reading.windows))
        return search(state, pick)
    if reading.windows or reading.entities.asap:
        return wish_again(state, reading, at)
    if state.offers and reading.entities.doctor not in (None, *(slot.doctor for slot in state.offers)):
        return search(with_form(state, doctor=reading.entities.doctor))
    if not state.offers and state.waiting:
        return state, (tell("one_moment"),)  # said while we search: there is nothing to choose from yet
    return ask(state, "choice", "ask_choice") if reading.entities.answer == "yes" else None


def wish_again(state: State, reading: Reading, at: datetime) -> Outcome:
    """« Non, plutôt mercredi »: the hold is given back and the search starts anew."""
    effects: tuple[Effect, ...] = (Release(state.hold),) if state.hold else ()
    state = replace(state, hold=None, offers=(), misses=0)
    windows = combine(state.form.windows, reading.windows)
    state = with_form(state, windows=windows, asap=reading.entities.asap, slot=None, confirmed=False)
    return first(effects, search(state))


def taken(state: State, at: datetime) -> Outcome:
    """Somebody else was faster: say so, look again."""
    state = with_form(replace(state, waiting=None, hold=None, offers=()), slot=None, confirmed=False)
    return first(tell("slot_gone"), search(state))


def confirm(state: State) -> Outcome:
    """Read back what will be written."""
    form = state.form
    assert form.slot is not None
    doctor = state.practice.doctor(form.slot.doctor)
    if state.topic == "move":
        return ask(state, "confirm", "confirm_move", slot=form.slot, doctor=doctor)
    return ask(state, "confirm", "confirm_booking", slot=form.slot, doctor=doctor, person=read_back(state))


def unspoken(state: State, at: datetime) -> Outcome:
    """A voice that fails cannot read a name back, and nothing is booked unheard: the wish goes to humans."""
    assert state.form.slot is not None
    start = local(state, state.form.slot.start)
    wish = f"Rendez-vous souhaité {day(start.date())} {hour(start.time())}, pas encore pris"
    state = with_form(state, slot=None, message=wish)
    return first(tell("trouble"), call_back(state, "Rendez-vous à prendre : panne de la voix", at))


def write(state: State) -> Outcome:
    """Everything is confirmed: the write, and a sentence that does not claim it yet."""
    form = state.form
    hold = state.hold
    assert form.slot is not None
    assert hold is not None
    state = replace(state, waiting="write", keys=state.keys + 1)
    if state.topic == "move":
        assert form.appointment is not None
        return state, (
            tell("moving"),
            Move(state.key("move"), form.appointment, hold, form.slot),
        )
    heard = (UNSURE_NAME,) if doubtful_name(form) else ()
    note = "; ".join((*state.flags, *calling(form), *heard))
    return state, (tell("booking"), Book(state.key("book"), hold, form.slot, booked_for(form), note))


def to_check(state: State, booked: Appointment, at: datetime) -> tuple[Effect, ...]:
    """What humans must look at: a motif for the practice's own patients, taken by somebody we did not know.

    The caller hears what a known patient hears: anything else would tell who is one. And the name may only
    have been heard wrongly.
    """
    reason = state.practice.motif(booked.slot.motif)
    if state.form.person.id or (reason.new_patients and state.practice.new_patients == "yes"):
        return ()
    start = local(state, booked.slot.start)
    taken = with_form(state, message=f"Pris : {day(start.date())} {hour(start.time())}")
    subject = f"Rendez-vous à vérifier : {reason.name}, réservé aux patients déjà suivis"
    if reason.new_patients:
        subject = "Rendez-vous à vérifier : le cabinet ne prend pas de nouveaux patients"
    return (SaveTicket(ticket(taken, "booking", subject, at)),)


def motif(state: State) -> str:
    """The motif named by the caller, else the practice's first."""
    return state.form.motif or state.practice.motifs[0].id
