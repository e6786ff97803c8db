"""Of urgency, what holds in every call: whatever is said, answered, taken back or comes late."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.caller_from_chaos import CALM, KINDS, URGENT, WISHES, Chaos
from tests.domain.test_dialogue_properties import ANY_CALL, HAPPENINGS, LINES, phrases, play, said, setting
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.call import Appointment, Person, Slot
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.rule_words import question
from voicebot.domain.dialogue.state import EXPECTS
from voicebot.domain.dialogue.urgency import RANK
from voicebot.domain.dialogue.wording import clauses
from voicebot.domain.understanding.reading import KINDS as READINGS

WRITES = do.Book | do.Move | do.Cancel | do.Hold
EMERGENCIES = (
    "j'ai très mal à la poitrine et ça me serre", "mon mari n'arrive plus à respirer il devient bleu",
    "j'ai envie de mourir", "elle a la bouche de travers", "il m'a frappée et il est dans la pièce à côté",
    "maman elle se réveille pas", "annulez ça va mieux j'avais juste le bras mort hier",
)  # fmt: skip
AFTERWARDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("say"), st.sampled_from((*CALM, *WISHES, *URGENT, "non c'est rien", "annulez tout"))
        ),
        st.tuples(st.just("press"), st.sampled_from("0123456789*#")),
        st.tuples(
            st.just("late"), st.sampled_from(("slots", "held", "booked", "moved", "cancelled", "patients"))
        ),
        st.tuples(st.just("event"), st.sampled_from(KINDS)),
    ),
    min_size=5,
    max_size=40,
)
ALARMING = st.sampled_from((*URGENT, *EMERGENCIES, *CALM))
SCORES = st.fixed_dictionaries({kind: st.floats(0, 1) for kind in READINGS})


def late(call: Chaos, what: str) -> on.Event:
    """A result of something asked for before the emergency, or never."""
    slot = call._slot(3)
    apt = Appointment("a1", slot, Person("Marie", "Dubois"))
    return {
        "slots": on.SlotsFound(call.now, (slot,)),
        "held": on.Held(call.now, "h", slot, call.now),
        "booked": on.Booked(call.now, apt),
        "moved": on.Moved(call.now, apt),
        "cancelled": on.Cancelled(call.now, apt),
        "patients": on.PatientsFound(call.now, (apt.patient,)),
    }[what]


@ANY_CALL
@given(HAPPENINGS, LINES, st.sampled_from(EMERGENCIES), AFTERWARDS)
def test_after_an_acted_emergency_the_agenda_is_not_touched_whatever_follows(before, line, text, after):
    call = play(before, lambda *_: None, line)
    if call.state.ended:
        return
    call.happen(on.Said(call.now, text))
    if call.state.level != "emergency":
        return

    def look(call, before, event, wanted):
        assert call.state.level == "emergency"
        assert not [e for e in wanted if isinstance(e, WRITES | do.FindSlots | do.HangUp)]
        assert not said(wanted) & {"booked", "moved", "cancelled", "offer", "same_day_offer", "goodbye"}

    call.look = look
    for n, (kind, what) in enumerate(after, len(after)):
        if call.state.ended:
            return
        match kind:
            case "say":
                call.happen(on.Said(call.now, what))
            case "press":
                call.happen(on.Pressed(call.now, what))
            case "late":
                call.happen(late(call, what))
            case "event":
                call.go_on(what, n)


@ANY_CALL
@given(HAPPENINGS, LINES, ALARMING, SCORES)
def test_no_reading_lowers_a_level(happenings, line, text, scores):
    """The same words with any scores of a model: never less urgent than without."""
    call = play(happenings, lambda *_: None, line)
    if call.state.ended:
        return
    plain, _ = step(call.state, on.Said(call.now, text))
    read, _ = step(call.state, on.Said(call.now, text, scores=scores))
    assert RANK[read.level] >= RANK[call.state.level]
    assert RANK[read.level] >= RANK[plain.level]
    if plain.asked == "urgency" and call.state.asked != "urgency":
        assert read.asked == "urgency" or RANK[read.level] > RANK[plain.level]


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_the_level_is_never_lowered(happenings, line):
    def look(call, before, event, wanted):
        assert RANK[call.state.level] >= RANK[before.level]

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_an_urgency_question_is_asked_aloud_and_not_again_after_its_no(happenings, line):
    """A rule that was denied is asked about only if the caller affirms it anew."""

    def look(call, before, event, wanted):
        state = call.state
        if state.asked == "urgency" and state.question is not before.question:
            (asked,) = (e for e in wanted if isinstance(e, do.Say) and e == state.question)
            assert "".join(clauses(phrases(), asked)).strip()
            assert state.verdict.level
            assert state.verdict.action == "ask"
            lead = state.verdict.evidence[0]
            assert lead.rule not in state.denied or lead.status == "present"
            if asked.phrase == "urgency_question":
                assert asked.values["question"] == question(setting().rules, lead.rule)

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES, ALARMING)
def test_an_emergency_that_is_heard_is_acted_on_or_asked_about(happenings, line, text):
    call = play(happenings, lambda *_: None, line)
    state = replace(call.state, denied=frozenset())
    if state.ended or state.with_human or state.level == "emergency" or state.asked == "urgency":
        return
    after, wanted = step(state, on.Said(call.now, text))
    if text in URGENT[:3] or text in EMERGENCIES:
        assert after.level == "emergency" or after.asked in ("urgency", "free")
        assert [e for e in wanted if isinstance(e, do.Say)]


@ANY_CALL
@given(
    HAPPENINGS,
    LINES,
    st.sampled_from(["bah", "je sais pas trop", "blablabla", "euh oui et non", "", "ça dépend"]),
)
def test_unclear_counts_as_yes(happenings, line, text):
    call = play(happenings, lambda *_: None, line)
    if call.state.ended or call.state.level or call.state.with_human or call.state.denied:
        return
    state, _ = step(call.state, on.Said(call.now, "c'est rien un poids quand je monte l'escalier"))
    assert state.asked == "urgency" or state.level
    after, _ = step(state, on.Said(call.now, text))
    assert RANK[after.level] >= RANK[state.verdict.level]


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_a_pending_urgency_question_blocks_every_write(happenings, line):
    pending = ("urgency", "routine", "what", "free")

    def look(call, before, event, wanted):
        if call.state.asked in pending and before.asked in pending:
            assert not [e for e in wanted if isinstance(e, do.Book | do.Move | do.Cancel)]

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_everybody_is_asked_once_at_most_and_nobody_after_an_urgency_question(happenings, line):
    times = 0

    def look(call, before, event, wanted):
        nonlocal times
        new = call.state.asked == "routine" and before.asked != "routine"
        if new and not isinstance(event, on.TurnRetracted):
            assert before.routine == "owed"
            assert before.level is None
            times += 1
        if isinstance(event, on.TurnRetracted) and call.state.routine == "owed":
            times = 0  # the turn in which it was asked never was

    play(happenings, look, line)
    assert times <= 1


@ANY_CALL
@given(HAPPENINGS, LINES, AFTERWARDS)
def test_no_number_is_said_to_whoever_may_be_overheard(happenings, line, after):
    call = play(happenings, lambda *_: None, line)
    if call.state.ended or call.state.level:
        return

    def look(call, before, event, wanted):
        if before.overheard and call.state.overheard:
            for effect in wanted:
                if isinstance(effect, do.Say):
                    words = "".join(clauses(phrases(), effect))
                    assert not [c for c in words if c.isdigit()], words

    call.look = look
    call.happen(on.Said(call.now, "il m'a frappée et il est dans la pièce à côté"))
    for n, (kind, what) in enumerate(after, len(after)):
        if kind == "say" and not call.state.ended:
            call.happen(on.Said(call.now, what))
        elif kind == "event":
            call.go_on(what, n)


def test_a_key_answers_every_question_that_is_yes_or_no():
    assert {q for q, expects in EXPECTS.items() if expects in ("yes_no", "read_back")} == {
        "followed", "shown_phone", "confirm", "urgency", "routine", "free",
    }  # fmt: skip


def test_slots_that_come_late_are_not_offered_in_an_emergency():
    call = Chaos(setting(), lambda *_: None)
    call.happen(on.Said(call.now, "j'ai très mal à la poitrine et ça me serre"))
    state, wanted = step(call.state, on.SlotsFound(call.now, (Slot("moreau", "consultation", call.now, 15),)))
    assert (state, wanted) == (call.state, ())
