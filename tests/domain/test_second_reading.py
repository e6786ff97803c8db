"""A language model's opinion in a call: it fills gaps and raises questions; it decides and lowers nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.caller_from_chaos import CALM, KINDS, URGENT, Chaos
from voicebot.adapters import practice_yaml, reader_tfidf, rules_yaml
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.call import Entities, Opinion, Person, Reading, Slot, Window
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.second_reading import need
from voicebot.domain.dialogue.state import Form, Setting, State
from voicebot.domain.dialogue.urgency import RANK, READ_URGENT, SOUNDS_URGENT
from voicebot.domain.french import answer
from voicebot.domain.understanding.opinion import merged
from voicebot.domain.understanding.reading import KINDS as WISHES
from voicebot.domain.understanding.reading import PLAIN, Context
from voicebot.settings import Settings

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ODD = "le facteur a laissé un paquet chez la gardienne"
"""Nothing to any rule, and nothing a practice can serve."""


@lru_cache
def setting() -> Setting:
    s = Settings()
    return Setting(practice_yaml.load_all(s.practices)["demo"], rules_yaml.load(s.rules))


@lru_cache
def begun() -> State:
    state = step(State(setting(), "call-1"), on.Started(NOW, "web"))[0]
    return replace(state, routine="settled")


@lru_cache
def reader():
    return reader_tfidf.load(Settings().cache)


@lru_cache
def scores(text):
    return reader().scores(text)


def said(text, opinion=None, *, alarming=False):
    return on.Said(NOW, text, scores=scores(text), alarming=alarming, opinion=opinion)


def hears(state, text, opinion=None, *, alarming=False):
    return step(state, said(text, opinion, alarming=alarming))


def phrases(effects):
    return [e.phrase for e in effects if isinstance(e, do.Say)]


def reads(kind=None, level=None, windows=(), **entities):
    category = WISHES[kind] if kind else None
    return Opinion(
        Reading(category, kind if kind != "booking" else None, 0.0, windows, Entities(**entities)), level
    )


CANCELS = reads("cancellation")
CANCELS = replace(CANCELS, reading=replace(CANCELS.reading, kind=None))
WILD = st.builds(
    Opinion,
    st.builds(
        Reading,
        st.sampled_from([None, "urgent", "booking", "cancellation", "message"]),
        st.sampled_from([None, *WISHES, "confirm"]),
        st.just(1.0),
        st.lists(
            st.builds(
                Window,
                st.sampled_from([None, date(2020, 1, 1), date(2026, 12, 3), date(2026, 12, 8)]),
                st.sampled_from([None, time(8), time(14)]),
                st.sampled_from([None, time(12), time(18)]),
            ),
            max_size=2,
        ).map(tuple),
        st.builds(
            Entities,
            birth_date=st.sampled_from([None, date(1972, 3, 12), date(2030, 1, 1)]),
            phone=st.sampled_from([None, "+33612345678"]),
            first_name=st.sampled_from([None, "Marie"]),
            last_name=st.sampled_from([None, "Dubois", "Martin"]),
            doctor=st.sampled_from([None, "moreau", "house"]),
            motif=st.sampled_from([None, "consultation", "greffe"]),
            asap=st.booleans(),
            choice=st.sampled_from([None, 0, 1, -1, 99]),
            answer=st.sampled_from([None, "yes", "no"]),
        ),
    ),
    st.sampled_from([None, "urgent", "emergency"]),
)
"""Whatever a model may answer, checked by nobody before."""
TAME = st.builds(
    lambda kind, level, said, choice: Opinion(
        Reading(WISHES[kind], None if kind in PLAIN else kind, entities=Entities(answer=said, choice=choice)),
        level,
    ),
    st.sampled_from(["booking", "cancellation", "callback", "reschedule"]),
    st.sampled_from([None, None, None, "urgent", "emergency"]),
    st.sampled_from([None, "yes"]),
    st.sampled_from([None, 0, 1]),
)
"""What may be believed, but for the yes."""


def test_what_we_did_not_understand_is_served_as_it_was_read():
    state, effects = hears(begun(), ODD, CANCELS)
    assert state.topic == "cancellation"
    assert hears(begun(), ODD)[0].misses == 1
    assert state.misses == 0
    assert phrases(effects)


def test_what_we_understood_stays_ours():
    text = "je voudrais prendre rendez-vous jeudi matin"
    ours, _ = hears(begun(), text)
    assert ours.topic == "booking"
    assert hears(begun(), text, CANCELS)[0].topic == "booking"
    more = reads("booking", doctor="moreau", windows=(Window(date(2027, 1, 4)),))
    theirs, _ = hears(begun(), text, more)
    assert theirs.form.windows == ours.form.windows
    assert (ours.form.doctor, theirs.form.doctor) == (None, "moreau")


def test_a_gap_is_filled_only_by_what_speaks_of_the_same():
    local, context = Reading("booking"), Context(setting().practice, NOW)
    assert merged(local, reads("booking", asap=True), ODD, context).entities.asap
    assert merged(local, reads("renewal", asap=True), ODD, context) == local
    assert merged(local, reads("booking", asap=True, doctor="house"), ODD, context) == local
    assert merged(local, Opinion(Reading("booking", entities=Entities(answer="yes"))), ODD, context) == local


@pytest.mark.parametrize(("level", "acted"), [("urgent", "urgent"), ("emergency", "emergency")])
def test_something_urgent_it_reads_is_asked_about_and_a_yes_is_of_its_level(level, acted):
    state, effects = hears(begun(), ODD, reads(level=level))
    assert (state.level, state.asked, phrases(effects)) == (None, "urgency", ["urgency_doubt"])
    assert hears(state, "oui")[0].level == acted
    assert hears(state, "euh je sais pas")[0].level == acted
    calm, _ = hears(state, "non pas du tout")
    assert calm.level is None
    assert READ_URGENT in calm.flags
    assert "urgency_doubt" not in phrases(hears(calm, ODD, reads(level="emergency"))[1])


def test_after_a_no_the_words_are_served_as_it_read_them():
    asked, _ = hears(begun(), ODD, replace(CANCELS, level="urgent"))
    assert hears(asked, "non")[0].topic == "cancellation"


def test_a_warning_comes_after_the_turn_was_served():
    served, _ = hears(begun(), "je voudrais un rendez-vous")
    assert served.asked == "wish"
    warned, effects = step(served, on.Warned(NOW, 1, "emergency"))
    assert (warned.asked, phrases(effects)) == ("urgency", ["urgency_doubt"])
    calm, effects = hears(warned, "non")
    assert (calm.asked, calm.level) == ("wish", None)
    assert hears(warned, "oui")[0].level == "emergency"


def test_a_warning_about_words_that_were_taken_back_is_none():
    served, _ = hears(begun(), "je voudrais un rendez-vous")
    assert step(served, on.Warned(NOW, 2, "emergency")) == (served, ())
    assert step(served, on.Warned(NOW, 0, "emergency")) == (served, ())


def test_a_warning_while_the_other_model_asks_makes_its_yes_graver():
    asked, _ = hears(begun(), ODD, alarming=True)
    warned, effects = step(asked, on.Warned(NOW, 1, "emergency"))
    assert (warned.asked, effects) == ("urgency", ())
    assert hears(warned, "oui")[0].level == "emergency"
    assert hears(step(warned, on.Warned(NOW, 1, "urgent"))[0], "oui")[0].level == "emergency"
    assert SOUNDS_URGENT in hears(warned, "non")[0].flags


def test_a_warning_before_everybodys_question_does_not_lose_the_wish():
    owed = replace(begun(), routine="owed")
    alone, _ = hears(owed, "je voudrais annuler mon rendez-vous de jeudi")
    assert alone.asked == "routine"
    warned, _ = step(alone, on.Warned(NOW, 1, "urgent"))
    assert warned.asked == "urgency"
    assert hears(warned, "non")[0].topic == "cancellation"


def test_found_slots_do_not_speak_over_the_question():
    searching, _ = hears(begun(), "je voudrais un rendez-vous jeudi matin")
    assert searching.waiting == "slots"
    warned, _ = step(searching, on.Warned(NOW, 1, "emergency"))
    found, effects = step(warned, on.SlotsFound(NOW, ()))
    assert (found.asked, phrases(effects)) == ("urgency", [])
    calm, effects = hears(found, "non")
    assert calm.waiting == "slots"
    assert any(isinstance(e, do.FindSlots) for e in effects)


def test_after_a_write_the_question_is_put_again_instead_of_another():
    """Of the statistical ear's and the rules' questions too."""
    writing = replace(begun(), waiting="write", topic="message", form=Form(message="merci"))
    asked, _ = hears(writing, ODD, alarming=True)
    done, effects = step(asked, on.TicketSaved(NOW, "k"))
    assert (done.asked, phrases(effects)) == ("urgency", ["ticket_saved", "urgency_doubt"])
    assert hears(done, "je ne sais pas")[0].level == "urgent"


SERVED = "je voudrais un rendez-vous"


@pytest.mark.parametrize(
    ("asked", "text", "wanted"),
    [
        ("open", ODD, "reading"),
        ("open", SERVED, "warning"),
        ("wish", ODD, "reading"),
        ("wish", "jeudi matin", "warning"),
        ("confirm", "oui c'est ça", "none"),
        ("confirm", ODD, "reading"),
        ("name", "Marie Dubois", "none"),
        ("birth_date", "le 12 mars 1972", "none"),
        ("phone", "06 12 34 56 78", "none"),
        ("open", "j'ai très mal à la poitrine et ça me serre", "none"),
        ("open", "je refuse d'être transcrit", "none"),
        ("open", "je voudrais parler à une secrétaire", "none"),
        ("urgency", "je ne sais pas", "none"),
    ],
)
def test_it_is_asked_only_where_it_may_help(asked, text, wanted):
    state = begun() if asked == "open" else hears(begun(), SERVED)[0]
    state = replace(state, asked=asked)
    heard = said(text)
    assert need(state, heard, *step(state, heard)) == wanted


def test_a_models_yes_confirms_nothing():
    slot = Slot("moreau", "consultation", NOW, 15)
    form = Form(
        slot=slot, person=Person("Marie", "Dubois", date(1972, 3, 12), "+33612345678"), looked_up=True
    )
    state = replace(begun(), topic="booking", form=form, hold="h", asked="confirm")
    assert any(isinstance(e, do.Book) for e in hears(state, "oui")[1])
    for answered in (None, "yes"):
        opinion = Opinion(Reading("booking", entities=Entities(answer=answered, choice=0, asap=True)))
        after, effects = hears(state, ODD, opinion)
        assert not any(isinstance(e, do.Book | do.Move | do.Cancel) for e in effects)
        assert not after.form.confirmed


def test_giving_up_waits_too():
    state = replace(begun(), misses=setting().practice.give_up_after - 1)
    heard = said(ODD)
    assert "transfer_not_understood" in phrases(step(state, heard)[1])
    assert need(state, heard, *step(state, heard)) == "reading"
    assert hears(state, ODD, CANCELS)[0].topic == "cancellation"


ANY = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
WORDS = st.sampled_from([*CALM, *URGENT, ODD])


@ANY
@given(st.lists(st.tuples(WORDS, st.one_of(WILD, TAME), st.booleans()), min_size=1, max_size=6))
def test_with_a_model_a_call_is_never_taken_less_seriously(turns):
    """Turn by turn from the same state."""
    state = begun()
    for text, opinion, alarming in turns:
        without, _ = hears(state, text, alarming=alarming)
        state, _ = hears(state, text, opinion, alarming=alarming)
        assert RANK[state.level] >= RANK[without.level]
        if without.asked == "urgency" and not state.level:
            assert state.asked == "urgency"
            assert RANK[state.verdict.level] >= RANK[without.verdict.level]


class WithModel(Chaos):
    """A chaotic call in which a model answers whatever it likes, in time or late."""

    opinions: list = []
    yes = read = 0
    steps = 0

    def happen(self, event):
        self.steps += 1
        before = self.state
        if isinstance(event, on.Said):
            opinion = self.opinions[self.steps % len(self.opinions)]
            informed = replace(event, opinion=opinion)
            if step(before, event) != step(before, informed):
                self.read = self.steps
            event = informed
        asked = before.asked in ("confirm", "correction")
        yes = isinstance(event, on.Said) and answer(event.text) == "yes"
        if asked and (yes or isinstance(event, on.Pressed)):
            self.yes = self.steps
        super().happen(event)

    def _warned(self, n):
        self.happen(on.Warned(self.now, len(self.state.words) - n % 2, ("urgent", "emergency")[n % 2]))


HAPPENINGS = st.lists(
    st.tuples(st.sampled_from([*KINDS, "warned"]), st.integers(0, 10**4)), min_size=8, max_size=60
)


@ANY
@given(HAPPENINGS, st.lists(st.one_of(WILD, TAME), min_size=1, max_size=8))
def test_nothing_is_written_but_on_the_callers_own_yes(happenings, opinions):
    def look(call, before, event, wanted):
        writes = [e for e in wanted if isinstance(e, do.Book | do.Move | do.Cancel)]
        if writes and not before.voiceless:
            assert call.yes > call.read or call.yes == call.steps, (event, writes)
        if isinstance(event, on.Warned):
            assert not writes
            assert RANK[call.state.level] == RANK[before.level]
        assert RANK[call.state.level] >= RANK[before.level] or isinstance(event, on.TurnRetracted)
        if before.asked == "urgency" and not call.state.level and isinstance(event, on.SlotsFound | on.Held):
            assert call.state.asked == "urgency"

    call = WithModel(setting(), look)
    call.opinions = opinions
    for kind, n in happenings:
        call.go_on(kind, n)
