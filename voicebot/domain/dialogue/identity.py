"""Who the patient is: gathered from the caller, checked against known patients, never proposed aloud."""

from collections.abc import Sequence
from dataclasses import replace

from voicebot.domain.call import Person, Reading
from voicebot.domain.dialogue.state import Form, Outcome, State, ask, with_form, with_person
from voicebot.domain.dialogue.wording import telephone
from voicebot.domain.effects import FindPatients
from voicebot.domain.french import SAME, nearly_person, same_person

CLEARLY = 0.05
"""By how much likelier one of several must be, to be the one: a homophone stands before a near name."""

UNSURE_NAME = "Nom entendu sans certitude : à vérifier"
SPELLED_AFTER = 2
"""How often a name is put right before its letters are asked for, when it is still heard with doubt. Whisper
base heard none of 36 spelled names over a telephone, and 22 of 60 names: letters come last."""


def known(
    person: Person, candidates: Sequence[Person], other_name: str = "", *, unsure: bool = False
) -> Person | None:
    """The one known patient the caller described, under either surname of a married one; None when nobody or
    several fit. `unsure`: the name was heard with doubt, so a near one will do, if only one person's is."""
    fitting = sorted(
        (
            (likeness(person, c, other_name), i)
            for i, c in enumerate(candidates)
            if c.birth_date == person.birth_date
        ),
        reverse=True,
    )
    if not fitting or fitting[0][0] < SAME:
        near = [candidates[i] for _, i in fitting if unsure and _nearly(person, candidates[i])]
        return near[0] if len(near) == 1 else None
    alone = len(fitting) == 1 or fitting[1][0] < SAME or fitting[0][0] - fitting[1][0] >= CLEARLY
    return candidates[fitting[0][1]] if alone else None


def _nearly(person: Person, record: Person) -> bool:
    return nearly_person(person.first_name, person.last_name, record.first_name, record.last_name)


def likeness(person: Person, record: Person, other_name: str = "") -> float:
    """How sure that the record is of the person described, 0..1."""
    surnames = (person.last_name, *((other_name,) if other_name else ()))
    return max(same_person(person.first_name, s, record.first_name, record.last_name) for s in surnames)


def found(state: State, candidates: Sequence[Person]) -> State:
    """The state after the look-up. A match lends its id and spelling, and not its telephone number: whoever
    was asked for theirs would learn that the practice does not know them."""
    state = with_form(replace(state, waiting=None), looked_up=True)
    form = state.form
    match = known(form.person, candidates, form.other_name, unsure=form.unsure_name)
    if match is None:
        return with_person(state, id=None)
    called = (form.person.first_name, form.person.last_name)
    return with_form(state, person=replace(match, phone=form.person.phone), called=called)


def described(form: Form) -> Person:
    """The patient in the caller's own words: what the record says otherwise is left out."""
    if not any(form.called):
        return form.person
    return replace(form.person, first_name=form.called[0], last_name=form.called[1])


def doubtful_name(form: Form) -> bool:
    """Whether humans must look at the name: it was heard with doubt, and is nobody's whom the practice knows,
    or only nearly theirs."""
    if not form.unsure_name or not form.person.last_name:
        return False
    return not form.person.id or likeness(described(form), form.person, form.other_name) < SAME


def note(form: Form, reading: Reading, sure: bool) -> Form:
    """The form with what this utterance says about the patient; who changed is looked up anew."""
    form = _for_another(form, reading)
    e, person = reading.entities, described(form)
    first_name, last_name = _halves(person, e.first_name, e.last_name)
    new = replace(
        person,
        first_name=first_name or person.first_name,
        last_name=last_name or person.last_name,
        birth_date=e.birth_date or person.birth_date,
        phone=e.phone or person.phone,
    )
    other_name = e.other_name or form.other_name
    if new == person and other_name == form.other_name:
        return form
    who = ("first_name", "last_name", "birth_date")
    same = all(getattr(new, f) == getattr(person, f) for f in who) and other_name == form.other_name
    named, called = last_name is not None, (person.first_name, person.last_name)
    return replace(
        form,
        phone_said=form.phone_said or e.phone is not None,
        phone_checked=form.phone_checked and new.phone == person.phone,
        phone_unsure=form.phone_unsure and new.phone == person.phone,
        person=replace(form.person, phone=new.phone) if same else replace(new, id=None),
        called=form.called if same else ("", ""),
        other_name=other_name,
        looked_up=form.looked_up and same,
        unsure_name=(not sure and not form.letters_lost) if named else form.unsure_name,
        renamed=form.renamed + bool(person.last_name and named and called != (new.first_name, new.last_name)),
    )


def next_person(form: Form, reading: Reading) -> Form:
    """The form for a new wish: of somebody else than the last one's patient only the number is known."""
    first_name, person = reading.entities.first_name, form.person
    if not first_name or not person.first_name:
        return form
    if same_person(first_name, person.last_name, person.first_name, person.last_name) >= SAME:
        return form
    anew = replace(form, called=("", ""), other_name="", caller="", relation="")
    return replace(anew, person=Person(phone=person.phone), looked_up=False, unsure_name=False, renamed=0)


def _for_another(form: Form, reading: Reading) -> Form:
    """Who gave their own name and then says "c'est pour ma mère" is the caller; the patient is another."""
    e = reading.entities
    if e.relation is None and e.caller is None:
        return form
    own = "" if form.relation else f"{form.person.first_name} {form.person.last_name}".strip()
    form = replace(form, caller=e.caller or form.caller or own)
    if form.relation:
        return form
    relation = e.relation or ""
    patient = Person(phone=form.person.phone) if own else form.person
    looked_up = form.looked_up and not own
    return replace(
        form, relation=relation, person=patient, called=("", ""), other_name="", looked_up=looked_up
    )


def calling(form: Form) -> tuple[str, ...]:
    """Who rang for the patient, for humans: "Appel de Claire Dubois (pour sa mère)"; empty = the patient."""
    if not form.relation:
        return ()
    return (
        f"Appel de {form.caller} ({form.relation})"
        if form.caller
        else f"Appel d'un proche ({form.relation})",
    )


def booked_for(form: Form) -> Person:
    """The patient as they are written down: the number of who rings for them does not replace their own."""
    return replace(form.person, phone="") if form.relation and form.person.id else form.person


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
    if form.unsure_name and form.renamed >= SPELLED_AFTER:
        # Before the look-up: the known and the unknown are asked alike.
        return ask(state, "spelling")
    if not form.looked_up:
        return replace(state, waiting="patients"), (FindPatients(person.birth_date),)
    if phone and not person.phone and not form.phone_kept:
        return ask(state, "phone")
    return None


def unchecked(state: State) -> Outcome | None:
    """The question that reads back a number the caller dictated, where nothing else will before humans are
    left to ring it; None when it was agreed to, was given up, or our voice fails. One
    in three is misheard."""
    form, phone = state.form, state.form.person.phone
    if not phone or not form.phone_said or form.phone_checked or form.phone_unsure or state.voiceless:
        return None
    return ask(state, "shown_phone", "ask_said_phone", number=telephone(phone))


def read_back(state: State) -> Person:
    """The patient as the caller described them: what only the practice knows is left out. The number that the
    network showed is offered with the rest."""
    person = described(state.form)
    shown = bool(state.number) and person.phone == state.number
    return person if state.form.phone_said or shown else replace(person, phone="")
