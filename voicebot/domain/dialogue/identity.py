"""Who the patient is: gathered from the caller, checked against known patients, never proposed aloud."""

from collections.abc import Sequence
from dataclasses import replace

from voicebot.domain.call import Person, Reading
from voicebot.domain.dialogue.state import Form, Outcome, State, ask, with_form, with_person
from voicebot.domain.effects import FindPatients
from voicebot.domain.french import SAME, same_person


def known(person: Person, candidates: Sequence[Person]) -> Person | None:
    """The one known patient the caller described; None when nobody or several fit."""
    fitting = [
        c
        for c in candidates
        if c.birth_date == person.birth_date
        and same_person(person.first_name, person.last_name, c.first_name, c.last_name) >= SAME
    ]
    return fitting[0] if len(fitting) == 1 else None


def found(state: State, candidates: Sequence[Person]) -> State:
    """The state after the look-up. A match lends its id and spelling, and not its telephone number: whoever
    was asked for theirs would learn that the practice does not know them."""
    state = with_form(replace(state, waiting=None), looked_up=True)
    person = state.form.person
    match = known(person, candidates)
    if match is None:
        return with_person(state, id=None)
    return with_form(state, person=replace(match, phone=person.phone), unsure_name=False)


def note(form: Form, reading: Reading, sure: bool) -> Form:
    """The form with what this utterance says about the patient; who changed is looked up anew."""
    e, person = reading.entities, form.person
    first_name, last_name = _halves(person, e.first_name, e.last_name)
    new = replace(
        person,
        first_name=first_name or person.first_name,
        last_name=last_name or person.last_name,
        birth_date=e.birth_date or person.birth_date,
        phone=e.phone or person.phone,
    )
    if new == person:
        return form
    who = ("first_name", "last_name", "birth_date")
    same = all(getattr(new, f) == getattr(person, f) for f in who)
    named = last_name is not None
    return replace(
        form,
        phone_said=form.phone_said or e.phone is not None,
        person=new if same else replace(new, id=None),
        looked_up=form.looked_up and same,
        unsure_name=(not sure) if named else form.unsure_name,
    )


def next_person(form: Form, reading: Reading) -> Form:
    """The form for a new wish: of somebody else than the last one's patient only the number is known."""
    first_name, person = reading.entities.first_name, form.person
    if not first_name or not person.first_name:
        return form
    if same_person(first_name, person.last_name, person.first_name, person.last_name) >= SAME:
        return form
    return replace(form, person=Person(phone=person.phone), looked_up=False, unsure_name=False)


def _halves(person: Person, first: str | None, last: str | None) -> tuple[str | None, str | None]:
    """First and last name; a lone one said while one half is known is the other half."""
    lone = first if last is None else last if first is None else None
    if lone and bool(person.first_name) != bool(person.last_name):
        return (None, lone) if person.first_name else (lone, None)
    return first, last


def missing(state: State, *, phone: bool) -> Outcome | None:
    """The next question about the patient, or the look-up, or None when it is all there."""
    person, form = state.form.person, state.form
    if not person.last_name or not person.first_name:
        half = "ask_first_name" if person.last_name else "ask_last_name" if person.first_name else "ask_name"
        return ask(state, "name", half)
    if person.birth_date is None:
        return ask(state, "birth_date")
    if not form.looked_up:
        return replace(state, waiting="patients"), (FindPatients(person.birth_date),)
    if form.unsure_name:
        return ask(state, "spelling")
    if phone and not person.phone and not form.phone_kept:
        return ask(state, "phone")
    return None


def read_back(form: Form) -> Person:
    """The patient as the caller described them: what only the practice knows is left out."""
    return form.person if form.phone_said else replace(form.person, phone="")
