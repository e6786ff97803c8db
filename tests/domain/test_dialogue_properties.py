"""What holds in every call, whatever is said and whatever breaks, in any order."""

import os
from dataclasses import replace
from functools import lru_cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.caller_from_chaos import KINDS, Chaos
from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.dialogue.briefing import CHARACTERS_PER_S, LONGEST_S, worded
from voicebot.domain.dialogue.fold import PATIENCE, UNHURRIED, step
from voicebot.domain.dialogue.script import SCRIPT
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.wording import clauses
from voicebot.domain.french.spoken import spoken
from voicebot.domain.practice import Target
from voicebot.settings import Settings

CALLS = int(os.environ.get("RANDOM_CALLS", "0"))
"""Set by `make soak`: that many, each time others."""
ANY_CALL = settings(
    max_examples=CALLS or 60,
    derandomize=not CALLS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
HAPPENINGS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 10**4)), min_size=8, max_size=60)
LINES = st.sampled_from([("web", None), ("phone", None), ("phone", "+33699001122")])
TARGETS = (
    Target("poste_1", "le secrétariat"),
    Target("poste_2", "le secrétariat"),
    Target("moreau", "le docteur Moreau", "+33699003344", emergencies_only=True),
)


@lru_cache
def setting() -> Setting:
    s = Settings()
    practice = practice_yaml.load_all(s.practices)["demo"]
    return Setting(replace(practice, targets=TARGETS), rules_yaml.load(s.rules))


@lru_cache
def phrases():
    return prompts_yaml.load(Settings().prompts)


def play(happenings, look, line=("web", None)) -> Chaos:
    call = Chaos(setting(), look, *line)
    for kind, n in happenings:
        call.go_on(kind, n)
    return call


def said(wanted):
    return {effect.phrase for effect in wanted if isinstance(effect, do.Say)}


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_everything_said_has_its_words(happenings, line):
    def look(call, before, event, wanted):
        for effect in wanted:
            if isinstance(effect, do.Say):
                assert clauses(phrases(), effect), effect.phrase
                assert set(effect.values) <= set(SCRIPT[effect.phrase]), effect.phrase

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_after_an_emergency_nothing_is_written_offered_or_hung_up(happenings, line):
    never = do.Book | do.Move | do.Cancel | do.Hold | do.HangUp | do.FindSlots

    def look(call, before, event, wanted):
        if before.level != "emergency":
            return
        assert call.state.level == "emergency"
        assert not [effect for effect in wanted if isinstance(effect, never)]
        assert not said(wanted) & {"callback_saved", "ask_callback_phone", "nobody", "goodbye"}
        if not call.state.ended:
            assert not [e for e in wanted if isinstance(e, do.SaveTicket) and e.ticket.kind == "callback"]

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_a_caller_who_goes_after_a_flag_is_on_a_humans_list(happenings, line):
    def look(call, before, event, wanted):
        flagged = before.level == "emergency" or (
            before.asked == "urgency" and before.verdict.level == "emergency"
        )
        if isinstance(event, on.HungUp) and flagged and not before.with_human:
            assert [e for e in wanted if isinstance(e, do.SaveTicket) and e.ticket.level == "emergency"]

    play([*happenings, ("hang_up", 0)], look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_a_pending_urgency_question_blocks_writes(happenings, line):
    def look(call, before, event, wanted):
        if before.asked == call.state.asked == "urgency":
            assert not [e for e in wanted if isinstance(e, do.Book | do.Move)]

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_a_confirmation_is_said_only_because_of_what_was_committed(happenings, line):
    committed = {
        "booked": on.Booked,
        "moved": on.Moved,
        "cancelled": on.Cancelled,
        "ticket_saved": on.TicketSaved,
        "callback_saved": on.TicketSaved,
    }

    def look(call, before, event, wanted):
        for phrase in said(wanted) & set(committed):
            assert isinstance(event, committed[phrase]), phrase

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_nobody_is_left_in_silence(happenings, line):
    """Somebody speaks, somebody is being rung or asked, or an alarm is set that ends the silence."""

    def look(call, before, event, wanted):
        state = call.state
        if state.ended or state.with_human or call.caller_talks:
            return
        if isinstance(event, on.FellSilent):
            patience = UNHURRIED if before.unhurried else PATIENCE  # who asked for time is given some
            assert call.now < call.alarms["silence"] <= call.now + patience
        assert call.talking or call.hanging_up or call.asked or "silence" in call.alarms

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_an_alarm_that_comes_is_answered(happenings, line):
    def look(call, before, event, wanted):
        if isinstance(event, on.Woke) and event.alarm == "silence" and not before.with_human:
            assert [e for e in wanted if isinstance(e, do.Say | do.HangUp | do.WakeAt)]

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES, st.sampled_from(["oui", "non", "jeudi matin", "Marie Dubois", "06 12 34 56 78"]))
def test_a_turn_taken_back_never_was(happenings, line, text):
    call = play(happenings, lambda *_: None, line)
    if call.state.ended:
        return
    before = call.state
    after, _ = step(before, on.Said(call.now, text))
    undone, _ = step(after, on.TurnRetracted(call.now))
    if after.level == before.level and not before.with_human:
        for name in ("words", "topic", "form", "asked", "question", "offers", "hold", "keys", "misses"):
            assert getattr(undone, name) == getattr(before, name), name
    else:
        assert undone == after


def test_later_said_again_while_we_still_search_is_no_choice_from_nothing():
    call = Chaos(setting(), lambda *_: None)
    call.happen(on.Said(call.now, "un rendez-vous jeudi matin avec le docteur Moreau"))
    call.go_on("answer", 2)
    assert call.state.asked == "choice"
    for _ in range(2):
        call.happen(on.Said(call.now, "plus tard"))
    assert call.state.waiting == "slots"


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_a_human_is_rung_only_where_they_may_be_and_told_only_what_can_be_said_in_time(happenings, line):
    def look(call, before, event, wanted):
        for ring in (effect for effect in wanted if isinstance(effect, do.Transfer)):
            assert ring.target == "" if line[0] == "web" else ring.target in ("", *(t.id for t in TARGETS))
            assert ring.target != "moreau" or ring.level
            assert bool(ring.facts) == (ring.level != "emergency")
            said_to_human = sum(len(spoken(clause)) + 1 for clause in worded(phrases(), ring.facts))
            assert said_to_human / CHARACTERS_PER_S <= LONGEST_S

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES)
def test_an_emergency_that_nobody_takes_leaves_an_alarm_at_once(happenings, line):
    def look(call, before, event, wanted):
        if before.level == call.state.level == "emergency" and "emergency_nobody" in said(wanted):
            alarms = [e for e in wanted if isinstance(e, do.SaveTicket) and e.ticket.alarm]
            assert alarms or before.handover.alarmed

    play(happenings, look, line)


@ANY_CALL
@given(HAPPENINGS, LINES, st.sampled_from(["no_answer", "declined", "failed", "answered", "returned"]))
def test_a_call_folded_again_comes_back_from_its_transfer_with_a_word_or_a_human(happenings, line, outcome):
    """A new process folds the journal and is told how the transfer ended: nothing else."""
    journal = []
    call = play(happenings, lambda call, before, event, wanted: journal.append(event), line)
    again = State(setting(), "call-1")
    for event in journal:
        again, _ = step(again, event)
    assert again == call.state
    if again.ended:
        return
    state, wanted = step(again, on.TransferEnded(call.now, outcome, again.handover.ringing))
    assert state.with_human or [e for e in wanted if isinstance(e, do.Say | do.WakeAt)]
