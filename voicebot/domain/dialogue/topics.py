"""What an utterance does to the form, and where the call goes next; the urgency gate lies before."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Person, Reading
from voicebot.domain.dialogue import (
    appointment,
    booking,
    child,
    dictated,
    errands,
    farewell,
    keypad,
    manner,
    messages,
    newcomers,
    temper,
)
from voicebot.domain.dialogue.escalation import call_back, no_number, seek
from voicebot.domain.dialogue.identity import next_person, note
from voicebot.domain.dialogue.state import (
    EXPECTS,
    Form,
    Outcome,
    Question,
    State,
    Topic,
    ask,
    ask_again,
    first,
    local,
    tell,
    with_form,
    with_person,
)
from voicebot.domain.effects import Forget, HangUp, Release
from voicebot.domain.french import fold
from voicebot.domain.language import Talk
from voicebot.domain.languages import FRENCH

SURE = 0.8
"""Confidence (exp of the mean log-probability) from which a heard name need not be spelled."""
DOUBTFUL = 0.6
"""Confidence below which other words are asked for again (`stt_whisper.UNCLEAR`): a name is let through, and
letters heard as words speak of anything."""
MOST_CORRECTIONS = 3
"""Of what is read back: name, birth date and number may each have been misheard once."""
VALUES: frozenset[Question] = frozenset({"name", "spelling", "birth_date", "phone", "confirm", "correction"})


def heard(state: State, text: str, confidence: float, reading: Reading, at: datetime) -> Outcome:
    """One utterance that is not urgent."""
    state = replace(state, silences=0)
    if reading.kind == "human":
        return seek(state, "L'appelant demande une personne", at)
    if objects(text, state.talk):
        return first(Forget(), seek(state, "L'appelant ne veut pas être transcrit", at))
    if manner.again(text, state.talk) and state.question:
        return manner.once_more(state, at)
    state = replace(state, repeats=0)
    reading = errands.served(state.practice, reading, text)
    complains = reading.category is None or reading.kind == "callback"
    if temper.lost(text) and complains and not reading.windows and not state.tried_human:
        return seek(state, "L'appelant est en colère", at, "transfer_calm")
    if (answer := _small_talk(state, text, reading, at)) is not None:
        return answer
    if (patience := dictated.unfinished(state, text, reading)) is not None:
        return patience
    state = replace(state, begun="")
    if state.asked == "spelling" and confidence < SURE and not state.language.values.spelled(text):
        reading = _unnamed(reading)
    gathered = with_note(state, text, reading, confidence >= SURE)
    if _changes_subject(state, reading, confidence) and not (
        state.asked == "phone" and _keeps_phone(state, text, reading)
    ):
        return start(_fresh(gathered), text, reading, at)
    answered = _answered(state, gathered, text, reading, at)
    if answered is not None:
        return replace(answered[0], misses=0), answered[1]
    if gathered.form != state.form and state.topic:
        return advance(replace(gathered, misses=0), at)
    return missed(state, at)


def waits(text: str, talk: Talk = FRENCH.talk) -> bool:
    """They went for something and will be back: "je cherche ma carte"."""
    return talk.waits.search(fold(text)) is not None


def objects(text: str, talk: Talk = FRENCH.talk) -> bool:
    """The caller does not want their words kept."""
    return talk.objection.search(fold(text)) is not None


def start(state: State, text: str, reading: Reading, at: datetime) -> Outcome:
    """A new wish: its topic, and what the sentence already holds of it."""
    if reading.kind == "information" and (facts := _information(state, text)):
        return first(tell("information", text=facts), ask(state, "more"))
    topic = topic_of(reading)
    if state.level == "urgent" and topic in ("booking", "move"):
        topic = "same_day"
    state = replace(state, topic=topic, misses=0)
    form = replace(state.form, kind=reading.kind)
    if topic == "message" and reading.kind:
        form = replace(form, message=text)
    if topic == "booking":
        known = newcomers.says_followed(text)
        followed = form.followed if known is None else known
        form = replace(form, windows=reading.windows or form.windows, followed=followed)
    if topic in ("cancellation", "move"):
        now = local(state, at)
        which = appointment.named(text, now, state.practice.school_zone, state.language)
        wish = reading.windows if topic == "move" else ()
        which = which or (() if wish else reading.windows) or form.which
        form = replace(form, which=which, windows=wish)
    return first(errands.said_first(reading, text), advance(replace(state, form=form), at))


def advance(state: State, at: datetime) -> Outcome:
    """The next step of the topic under way."""
    match state.topic:
        case "booking" | "same_day":
            return booking.advance(state, at)
        case "move":
            return appointment.identify(state, at) or booking.advance(state, at)
        case "cancellation":
            return appointment.cancel(state, at)
        case "message":
            return messages.advance(state, at)
        case "callback":
            return call_back(state, "Demande de rappel", at)
        case None:
            return ask(state, "open")


def topic_of(reading: Reading) -> Topic:
    """Which form serves this wish."""
    if reading.kind == "reschedule":
        return "move"
    if reading.category == "booking" and reading.kind in (None, "sick_leave"):
        return "booking"
    return "cancellation" if reading.category == "cancellation" else "message"


def missed(state: State, at: datetime) -> Outcome:
    """Not understood: once more in other words, then a human."""
    misses = state.misses + 1
    if misses >= state.practice.give_up_after:
        if state.asked == "shown_phone":
            doubt = state.form.phone_said  # what the network showed is none
            return advance(with_form(state, phone_said=True, phone_checked=not doubt, phone_unsure=doubt), at)
        if state.topic == "callback":
            return no_number(state, at)
        if state.asked in ("open", "more") and state.channel == "phone" and not keypad.menu(state):
            return ask(replace(state, misses=misses), "open", keypad.MENU_PHRASE)
        return seek(state, "L'assistant n'a pas compris", at, "transfer_not_understood")
    state = replace(state, misses=misses)
    if state.asked in ("open", "more") or state.question is None:
        return ask(state, "open", "ask_open_again")
    return state, (tell("not_understood"), *ask_again(state))


def with_note(state: State, text: str, reading: Reading, sure: bool) -> State:
    """The state with every value of the utterance noted, whatever question it answers."""
    known = next_person(state.form, reading) if state.asked in ("open", "more") else state.form
    form = note(known, reading, sure)
    if state.asked == "spelling" and reading.entities.last_name:
        form = replace(form, unsure_name=False)
    form = replace(
        form,
        doctor=reading.entities.doctor or form.doctor,
        motif=reading.entities.motif or form.motif,
        asap=form.asap or reading.entities.asap,
        message=text if state.asked == "message" else form.message,
    )
    form = errands.noted(form, state.asked, text)
    if state.asked == "detail" and form.kind == "professional":  # whom it is about is not who calls
        form = replace(form, person=replace(state.form.person, phone=form.person.phone))
    if reading.windows and state.asked not in ("choice", *VALUES):
        form = _with_windows(state, form, reading)
    return replace(state, form=form)


def _unnamed(reading: Reading) -> Reading:
    """Letters heard as a doubtful word ("D, U, B" as "des UB") are no name: the one said before stays."""
    return replace(reading, entities=replace(reading.entities, first_name=None, last_name=None))


def _with_windows(state: State, form: Form, reading: Reading) -> Form:
    if state.topic == "cancellation" or state.asked == "which":
        return replace(form, which=reading.windows)
    return replace(form, windows=reading.windows)


def _answered(state: State, gathered: State, text: str, reading: Reading, at: datetime) -> Outcome | None:
    """What the utterance means as an answer to the question put; None when it is none."""
    changed = gathered.form != state.form
    if state.asked in VALUES and _other_time(state, text, reading):
        return booking.wish_again(gathered, reading, at)
    match state.asked:
        case "open" | "more":
            return _opened(state, gathered, text, reading, at)
        case "choice":
            return booking.chosen(gathered, text, reading, at)
        case "message" | "detail":
            return advance(gathered, at)
        case "wish" if state.talk.whichever.search(fold(text)) and not reading.windows:
            return advance(with_form(gathered, asap=True), at)
        case "followed" if (followed := newcomers.says_followed(text, reading.entities.answer)) is not None:
            return advance(with_form(gathered, followed=followed), at)
        case "shown_phone":
            return _shown(gathered, state.form.person.phone, reading, at)
        case "phone" if state.topic != "callback" and _keeps_phone(state, text, reading):
            return advance(with_form(gathered, phone_kept=True), at)
        case "confirm":
            return _confirmed(gathered, changed, reading, at)
        case "correction":
            return _corrected(gathered, changed, text, reading, at)
        case "spelling" if reading.entities.answer or (
            not changed and (state.form.letters_lost or reading.entities.last_name)
        ):
            return advance(with_form(state, unsure_name=False), at)
        case "spelling" if not changed:
            return missed(with_form(state, letters_lost=True), at)
        case "which" if not changed:
            return appointment.unverified(state, at)
    return None


def _opened(state: State, gathered: State, text: str, reading: Reading, at: datetime) -> Outcome | None:
    if reading.category is not None and reading.category != "urgent":
        return start(gathered, text, reading, at)
    if state.topic is None and reading.windows and (reading.entities.doctor or reading.entities.motif):
        return start(gathered, text, replace(reading, category="booking", kind=None), at)
    if state.asked == "more" and reading.entities.answer == "yes":
        return ask(state, "open", "ask_open_more")
    if state.asked == "more" and (reading.entities.answer == "no" or state.talk.goodbye.search(fold(text))):
        return state, (*farewell.said(state), HangUp())
    if state.topic == "same_day" or (state.topic and gathered.form != state.form):
        return advance(gathered, at)
    return None


def _shown(state: State, shown: str, reading: Reading, at: datetime) -> Outcome | None:
    """Whether to ring back at the number that was read to them; another one may be said at once, and the same
    one again is a yes. After a no it is the recogniser that hears another number as the same."""
    said, answer = reading.entities.phone, reading.entities.answer
    if (said == shown and answer != "no") or (answer == "yes" and not said):
        return advance(with_form(state, phone_said=True, phone_checked=True), at)
    if not said and answer != "no":
        return None
    state = with_form(state, corrections=state.form.corrections + 1)
    enough = state.form.corrections > MOST_CORRECTIONS
    if said and (enough or said != shown):
        return advance(with_form(state, phone_said=True, phone_unsure=enough), at)
    state = with_person(state, phone="")
    if enough and state.topic == "callback":
        return no_number(state, at)
    return advance(with_form(state, phone_kept=enough), at)


def _keeps_phone(state: State, text: str, reading: Reading) -> bool:
    """No number is going to be said: "vous l'avez déjà", "je n'ai pas de téléphone", "non"."""
    return not reading.entities.phone and (
        reading.entities.answer == "no" or bool(state.talk.kept.search(fold(text)))
    )


def _confirmed(state: State, changed: bool, reading: Reading, at: datetime) -> Outcome | None:
    answer = reading.entities.answer
    if changed:
        return _put_right(state, at)
    if answer == "yes":
        heard = state.form.phone_said and state.topic != "move"  # no number is read back to who moves
        state = with_form(state, phone_unsure=False) if heard else state
        return advance(with_form(state, confirmed=True, phone_checked=heard or state.form.phone_checked), at)
    return _put_right(state, at, "correction") if answer == "no" else None


def _put_right(state: State, at: datetime, then: Question | None = None) -> Outcome:
    """What was read back was wrong; whoever puts it right again and again is better heard by a human. `then`:
    the question that finds out what it was."""
    corrections = state.form.corrections + 1
    if corrections > MOST_CORRECTIONS:
        tired = with_form(state, corrections=0)
        return seek(tired, "L'assistant n'a pas compris", at, "transfer_not_understood")
    state = with_form(state, corrections=corrections)
    return ask(state, then) if then else advance(state, at)


def _corrected(state: State, changed: bool, text: str, reading: Reading, at: datetime) -> Outcome | None:
    if changed:
        return advance(state, at)  # the no before it was counted
    for pattern, question in state.talk.corrections:
        if pattern.search(fold(text)):
            return ask(_forget(state, question), question)  # type: ignore[arg-type]
    return advance(with_form(state, confirmed=True), at) if reading.entities.answer == "yes" else None


def _forget(state: State, question: Question) -> State:
    """The state without the value the caller wants to give again."""
    person = state.form.person
    match question:
        case "name":
            person = replace(person, first_name="", last_name="", id=None)
            again = state.form.renamed + 1
            return with_form(state, person=person, called=("", ""), renamed=again, looked_up=False)
        case "birth_date":
            return with_form(state, person=replace(person, birth_date=None, id=None), looked_up=False)
        case "phone":
            return with_form(state, person=replace(person, phone=""))
        case "message":
            return with_form(state, message="")
        case _:
            return with_form(state, windows=(), asap=False)


def _other_time(state: State, text: str, reading: Reading) -> bool:
    """Another time is named while a slot is already chosen; a birth date or a number misheard is none."""
    slot = state.form.slot
    figures = [named for named, asked in state.talk.corrections if asked in ("birth_date", "phone")]
    if any(named.search(fold(text)) for named in figures):
        return False
    if slot is None or not reading.windows or reading.entities.birth_date or reading.entities.phone:
        return False
    return not any(w.admits(local(state, slot.start)) for w in reading.windows)


def _changes_subject(state: State, reading: Reading, confidence: float) -> bool:
    if EXPECTS[state.asked] == "name" and confidence < DOUBTFUL:
        return False
    if state.topic is None or state.asked in ("open", "more", "message") or reading.category is None:
        return False
    if state.asked == "shown_phone" and (reading.entities.answer or reading.kind == "callback"):
        return False
    return reading.category != "urgent" and topic_of(reading) != state.topic and state.topic != "same_day"


def _fresh(state: State) -> State:
    form = Form(person=state.form.person, doctor=state.form.doctor, motif=state.form.motif)
    form = replace(
        form,
        called=state.form.called,
        other_name=state.form.other_name,
        caller=state.form.caller,
        relation=state.form.relation,
        looked_up=state.form.looked_up,
        phone_said=state.form.phone_said,
        phone_checked=state.form.phone_checked,
        phone_unsure=state.form.phone_unsure,
        phone_kept=state.form.phone_kept,
        unsure_name=state.form.unsure_name,
        letters_lost=state.form.letters_lost,
        followed=state.form.followed,
    )
    return replace(state, form=form, offers=(), topic=None)


def _small_talk(state: State, text: str, reading: Reading, at: datetime) -> Outcome | None:
    if reading.kind == "wait" or waits(text, state.talk):
        return replace(state, unhurried=True), (tell("take_your_time"),)
    if restarts := state.talk.restarts.search(fold(text)):
        return _afresh(state) if restarts["all"] else (replace(state, begun=""), ask_again(state))
    if child.alone(state.words, state.talk) and not state.tried_human:
        return seek(state, "Un enfant appelle seul", at, "transfer_child")
    if reading.category is not None or state.asked not in ("open", "more"):
        return None
    if reading.kind == "hello":
        return ask(state, "open", "ask_open_hello")
    if reading.kind == "existing":
        which = appointment.named(text, local(state, at), state.practice.school_zone) or reading.windows
        return ask(with_form(state, which=which), "open", "ask_existing")
    if reading.kind in ("wrong_number", "telemarketing"):
        return ask(state, "more", reading.kind)
    return None


def _afresh(state: State) -> Outcome:
    """From the beginning: nothing of what was said is kept but the number that shows."""
    released = given_back(state)
    person = Person(phone=state.number or "")
    state = replace(finished(state), form=Form(person=person), misses=0)
    return first(released, ask(state, "open", "ask_open_calm"))


def _information(state: State, text: str) -> str | None:
    """The practice's own sentence; it is written in its own language."""
    words, answers = fold(text), {} if state.heard_in else state.practice.information
    asked = state.talk.information
    return next((answers[k] for k, p in asked.items() if k in answers and p.search(words)), None)


def finished(state: State) -> State:
    """A wish is served: the next one starts with a clean form, the person stays known."""
    return replace(_fresh(state), hold=None, waiting=None)


def given_back(state: State) -> tuple[Release, ...]:
    """The hold, if there is one."""
    return (Release(state.hold),) if state.hold else ()
