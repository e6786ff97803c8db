"""`step(state, event) -> (state, effects)`: the whole call is this fold.

Order of every final utterance: urgency gate → understanding → form → next question or write.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.domain.call import Person, Reading, Verdict
from voicebot.domain.dialogue import (
    appointment,
    closed,
    dictated,
    escalation,
    halting,
    in_turn,
    keypad,
    manner,
    privacy,
    results,
    routine,
    topics,
    urgency,
)
from voicebot.domain.dialogue.identity import described
from voicebot.domain.dialogue.state import (
    EXPECTS,
    Outcome,
    State,
    ask,
    ask_again,
    first,
    local,
    tell,
    with_person,
)
from voicebot.domain.dialogue.transfer import after
from voicebot.domain.effects import Effect, Forget, HangUp, Release, Say, WakeAt
from voicebot.domain.events import (
    Event,
    Failed,
    FellSilent,
    HungUp,
    PartlySaid,
    Pressed,
    Said,
    SpeechStarted,
    Started,
    TransferEnded,
    TurnRetracted,
    Unheard,
    Unknown,
    Warned,
    Woke,
)
from voicebot.domain.languages import FRENCH, spoken_in
from voicebot.domain.understanding.opinion import merged
from voicebot.domain.understanding.reading import KINDS, Context, read
from voicebot.domain.understanding.several import several
from voicebot.errors import Unfoldable, boundary

PATIENCE = timedelta(seconds=5)
"""Silence from our side before we speak again; with synthesis it stays under 6 s."""
UNHURRIED = timedelta(seconds=12)
"""The same for who asked for time: "attendez, je cherche ma carte"."""


def step(state: State, event: Event) -> Outcome:
    """What the event makes of the call, and what is to be done now, said in its language."""
    state, wanted = in_turn.onward(_step(state, event), event.at)
    if state.language is FRENCH:
        return state, wanted
    return state, tuple(replace(e, language=state.language) if isinstance(e, Say) else e for e in wanted)


def _step(state: State, event: Event) -> Outcome:
    if state.ended:
        return state, results.late(event)
    match event:
        case Started():
            return _started(state, event)
        case SpeechStarted():
            return replace(state, listening=True, half_heard=None), (WakeAt("silence", None),)
        case PartlySaid():
            return urgency.partly(state, event)
        case Said():
            return _said(state, event)
        case Warned():
            return urgency.warned(state, event)
        case TurnRetracted():
            return _retracted(state)
        case Unheard():
            return _unheard(state, event)
        case Pressed():
            return _pressed(state, event)
        case FellSilent(at=at):
            return replace(routine.heard_out(state), listening=True), _alarm(state, at)
        case Woke(alarm="silence", at=at):
            return _silence(state, at)
        case Woke(alarm="keys", at=at):
            return (
                _said(replace(state, keyed=""), Said(at, keypad.person(state)))
                if state.keyed == "0"
                else (state, ())
            )
        case TransferEnded(outcome="returned"):
            return _returned(state, event)
        case TransferEnded(outcome=outcome, target=target, at=at):
            return escalation.ended(state, outcome, target, at)
        case HungUp(at=at):
            forget = (Forget(),) if state.objected else ()
            return replace(state, ended=True, hold=None), (*escalation.gone(state, at), *forget)
        case Failed():
            return results.failed(state, event)
        case Unknown(what=what, at=at):
            return results.unknown(state, what, at)
        case _:
            return results.result(state, event)


def again(state: State, event: Event) -> Outcome:
    """`step` on an event of the record. Raises Unfoldable.

    A boundary, the call's own met again: the bug that broke a call breaks it anew whenever it is folded, and
    so may what another version recorded. Neither may keep a caller from a ticket, a service from starting,
    or a doctor from reading the other calls.
    """
    with boundary(Unfoldable):
        return step(state, event)


def _started(state: State, event: Started) -> Outcome:
    state = replace(state, channel=event.channel, number=event.number)
    if event.number:
        state = with_person(state, phone=event.number)
    now = [c.text for c in state.practice.consignes if event.at < c.until]
    greeting = (
        tell("greeting", practice=state.practice.name),
        *closed.announced(state.practice, event.at),
        *(tell("consigne", text=text) for text in now),
    )
    return first(greeting, ask(state, "open", routine.FIRST))


def _said(state: State, said: Said) -> Outcome:
    """What they said; whoever objects to being transcribed is obeyed whatever else their words lead to."""
    if (question := _hardly_heard(state, said)) is not None:
        return question
    spoken = spoken_in(said.text, state.language, state.practice.languages)
    switched = spoken is not state.language
    state = replace(state, heard_in=spoken) if switched else state
    objects = topics.objects(said.text, state.talk)
    outcome = _heard(state, said, objects=objects, switched=switched)
    if objects and Forget() not in outcome[1]:
        return first(Forget(), outcome)
    return outcome


def _hardly_heard(state: State, said: Said) -> Outcome | None:
    """Words that count only because a name was asked for ("R, E" as "plus d'air"): what sounds urgent in them
    is asked about, as in any others heard with such doubt. None: nothing does, or they were clear."""
    sought = state.with_human or state.waiting == "human"
    if EXPECTS[state.asked] != "name" or said.confidence >= topics.DOUBTFUL or sought:
        return None
    heard = PartlySaid(said.at, said.text, said.alarming)
    before = replace(state, before=None)
    heard_so = replace(state, half_heard=heard, before=before, listening=False, unhurried=False)
    return urgency.half_heard(heard_so, said.at)


def _heard(state: State, said: Said, *, objects: bool, switched: bool) -> Outcome:
    before = replace(state, before=None)
    words = dictated.plain(state, said.text, said.at.date())
    state = replace(
        state,
        # "je n'entends rien" is said of us: read as a sign, it would be asked about for the rest of the call.
        words=state.words if manner.of_our_voice(said.text, state.talk) else (*state.words, words),
        objected=state.objected or objects,
        partial_rules=frozenset(),
        half_heard=None,
        before=before,
        listening=False,
        unhurried=False,
    )
    state = manner.heeded(privacy.respected(state, said.text), said.text)
    urgent = urgency.gate(state, said)
    if urgent is None and state.asked == "urgency" and objects:
        urgent = urgency.unanswered(state, said.at)  # "je refuse d'être enregistré" is not the answer "non"
    if urgent is not None:
        return _besides(urgent, said)
    if state.with_human:
        return state, ()
    if state.asked == "urgency":
        return _denied(state, said)
    if state.waiting == "human":
        return state, (tell("still_ringing"),)
    if state.waiting == "write":
        alarmed = urgency.suspected(state, said, alarming=bool(said.alarming))
        return alarmed or (state, (tell("one_moment"),))
    if switched and (greeted := _greeted(state, said)) is not None:
        return greeted
    if (broken := halting.heard(state, said)) is not None:
        return broken
    return _answered(replace(state, halting=False), said)


def _greeted(state: State, said: Said) -> Outcome | None:
    """In the caller's own language from now on: what was asked, or what the greeting ends with. None: they
    said at once what they want."""
    if _read(replace(state, asked="open"), said).category is not None:
        return None
    if state.topic and state.question:
        return state, (state.question,)
    return ask(replace(state, routine="owed"), "open", routine.SWITCHED)


def _answered(state: State, said: Said) -> Outcome:
    """The answers to everybody's question, and to what comes of it, first."""
    if state.asked in ("routine", "what"):
        if manner.again(said.text, state.talk) and state.question and state.silences == 0:
            return replace(state, silences=1), (state.question,)
        if _read(replace(state, asked="open"), said).kind == "human":
            wanted = replace(state, asked="open", parked=None)
            return (
                _understood(wanted, said) if state.asked == "routine" else urgency.unanswered(wanted, said.at)
            )
    match state.asked:
        case "routine":
            return _resumed(routine.to_question(state, said), replace(state, asked="open", parked=None))
        case "what":
            return _resumed(routine.told(state, said), replace(state, asked="open", verdict=Verdict()))
        case "open" if state.routine == "put" and not state.topic and not manner.again(said.text, state.talk):
            return _resumed(routine.to_greeting(state, said), replace(state, routine="settled"))
    return _understood(state, said)


def _resumed(next_: Outcome | Said, state: State) -> Outcome:
    """What is left to understand, in the state in which it is; or what is done instead."""
    return _understood(state, next_) if isinstance(next_, Said) else next_


def _pressed(state: State, event: Pressed) -> Outcome:
    said = keypad.words(state, event.key)
    if said is None:
        return keypad.keyed(state, event.key, event.at)
    return _said(replace(state, keyed=""), Said(event.at, said))


def _denied(state: State, said: Said) -> Outcome:
    parked, topic = state.parked, state.topic
    state = urgency.denied(state)
    if parked is None or (topic and parked.confidence < topics.DOUBTFUL):
        calm = topics.advance(state, said.at) if topic else ask(state, "open", "ask_open_calm")
        return first(tell("not_urgent"), calm)
    if parked.alarming or parked.opinion:
        opinion = parked.opinion and replace(parked.opinion, level=None)
        parked = replace(parked, alarming=False, opinion=opinion)  # these words were asked about
    outcome = _understood(replace(state, misses=0), replace(parked, at=said.at))
    if outcome[0].misses or outcome[0].waiting == "human":
        outcome = topics.advance(state, said.at) if topic else ask(state, "open", "ask_open_calm")
    return first(tell("not_urgent"), outcome)


def _understood(state: State, said: Said) -> Outcome:
    reading = _read(state, said)
    alarming = reading.kind == "urgent" if said.alarming is None else said.alarming
    alarming = alarming and not _expected(state, said)
    if (question := urgency.suspected(state, said, alarming=alarming)) is not None:
        return question
    if (question := routine.alone(state, said, reading)) is not None:
        return question
    return in_turn.heard(state, said.text, said.confidence, reading, said.at)


def _expected(state: State, said: Said) -> bool:
    """Names of drugs and pharmacies, numbers, and words about our voice, sound alarming to an ear that does
    not know what was asked. The rules have heard them all the same."""
    drug = state.asked == "detail" and state.form.kind == "renewal"
    number = dictated.plain(state, said.text, said.at.date()) != said.text
    return drug or number or manner.again(said.text, state.talk)


def _besides(outcome: Outcome, said: Said) -> Outcome:
    """What else an emergency's caller wanted is not lost: an appointment to cancel is left to humans."""
    state, effects = outcome
    if state.level != "emergency" or state.with_human:
        return outcome
    told = (state.parked, said) if state.parked else (said,)
    kinds = {_read(replace(state, asked="open", topic=None), each).category for each in told}
    kinds |= {KINDS[wish.kind] for each in told for wish in several(each.text)}
    kinds |= {KINDS[wish.kind] for wish in state.queue}
    if "cancellation" not in kinds:
        return outcome
    state, left = appointment.left(state, said.at)
    return state, (*effects, *left)


def _read(state: State, said: Said) -> Reading:
    where = replace(context(state, said.at), mended=said.mended)
    if state.asked == "detail":  # any words may answer it, but for an appointment that is plainly asked for
        turned = read(said.text, said.scores, replace(where, expects="wish"))
        if turned.category in ("booking", "cancellation"):
            return turned
    local_reading = read(said.text, said.scores, where)
    together = dictated.together(state, said.text, local_reading, where)
    return merged(together, said.opinion, said.text, where)


def context(state: State, at: datetime) -> Context:
    """What an utterance now would be an answer to."""
    form = state.form
    slots = state.offers or ((form.slot,) if form.slot else ())
    return Context(
        state.practice,
        local(state, at),
        EXPECTS[state.asked],
        state.topic,
        tuple(local(state, slot.start) for slot in slots),
        state.language,
        about=described(form) if state.asked in ("confirm", "correction") else Person(),
        for_other=bool(form.relation),
    )


def _retracted(state: State) -> Outcome:
    """The caller had not finished: the turn is undone, but never an emergency."""
    before = state.before
    if before is None or state.level != before.level or state.with_human:
        return state, ()
    new_hold = (Release(state.hold),) if state.hold and state.hold != before.hold else ()
    before = replace(before, owed=state.owed, voiceless=state.voiceless)  # our faults are not taken back
    return replace(before, listening=True), (*new_hold, WakeAt("silence", None))


def _unheard(state: State, event: Unheard) -> Outcome:
    if event.why == "noise" or state.with_human or state.waiting == "human":
        return state, _alarm(state, event.at) if state.listening else ()
    if state.level == "emergency" or state.overheard:
        return urgency.insist(state, event.at)
    if state.asked in ("urgency", "what"):
        return _unanswered(state, event.at)
    if (question := urgency.half_heard(state, event.at)) is not None:
        return question
    if state.halting:
        return halting.question(state, Said(event.at, state.words[-1]))
    return topics.missed(replace(state, half_heard=None), event.at)


def _alarm(state: State, at: datetime) -> tuple[Effect, ...]:
    patience = UNHURRIED if state.unhurried else PATIENCE
    return () if state.with_human else (WakeAt("silence", at + patience),)


def _silence(state: State, at: datetime) -> Outcome:
    if state.with_human:
        return state, ()
    if state.level == "emergency" or state.overheard:
        return urgency.insist(state, at)
    if state.waiting == "human":
        return state, (tell("still_ringing"),)
    if state.waiting:
        return state, (tell("one_moment"),)
    if state.asked in ("urgency", "what"):
        return _unanswered(state, at)
    if state.halting:
        return halting.question(state, Said(at, state.words[-1]))
    if state.unhurried:
        return replace(state, unhurried=False), (tell("still_there"), *ask_again(state))
    return _nothing_said(replace(state, silences=state.silences + 1), at)


def _nothing_said(state: State, at: datetime) -> Outcome:
    limit = max(3, state.practice.give_up_after)
    if state.silences < limit:
        again = ask_again(state) if state.silences > 1 else ()
        return state, (tell("still_there"), *again)
    if not state.tried_human:
        return escalation.seek(state, "L'appelant ne parle pas", at, "transfer_silent")
    return state, (tell("goodbye_silent", phone=state.practice.phone), HangUp())


def _unanswered(state: State, at: datetime) -> Outcome:
    if state.silences == 0 and state.question:
        return replace(state, silences=1), (state.question,)
    return urgency.unanswered(state, at)


def _returned(state: State, event: TransferEnded) -> Outcome:
    """A human gave the caller back: we are there again. What was under way before is over."""
    handover = after(state.handover, event.outcome, event.target)
    given_back = topics.given_back(state)
    state = replace(
        topics.finished(state), handover=handover, queue=(), one_of_several=False, before=None, parked=None,
        overheard=False, misses=0, silences=0,
    )  # fmt: skip
    if state.level == "emergency":
        return first(given_back, urgency.again(state))
    return first((*given_back, tell("returned")), ask(state, "more"))
