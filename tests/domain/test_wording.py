"""What is said, clause by clause, and what can be made ready before anybody calls."""

from datetime import UTC, date, datetime

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml
from voicebot.domain.call import Person, Slot
from voicebot.domain.dialogue.wording import clauses, closed, sentences, values
from voicebot.domain.effects import Say
from voicebot.domain.french.spoken import spoken
from voicebot.domain.french.wording import one_of
from voicebot.settings import Settings

NINE = Slot("moreau", "consultation", datetime(2026, 12, 3, 9, tzinfo=UTC), 15)
TEN = Slot("moreau", "consultation", datetime(2026, 12, 3, 10, 30, tzinfo=UTC), 15)
NOON = Slot("lefevre", "consultation", datetime(2026, 12, 4, 12, tzinfo=UTC), 15)
MARIE = Person("Marie", "Dubois", date(1972, 3, 1), "+33612345678")


@pytest.fixture(scope="module")
def practice():
    return practice_yaml.load(Settings().practices / "demo.yaml")


@pytest.fixture(scope="module")
def phrases():
    return prompts_yaml.load(Settings().prompts)


def test_an_answer_to_an_offer_is_written_as_the_recogniser_writes_it():
    assert one_of([NINE.start, TEN.start, NOON.start], ["docteur Moreau", "docteur Lefèvre"]) == (
        "Le premier, s'il vous plaît. Celui de 9 heures, 10 heures 30, midi, jeudi 3 décembre ou vendredi 4 "
        "décembre, avec docteur Moreau ou docteur Lefèvre. Non, plus tard, un autre jour"
    )


def offered(phrases, practice, *slots):
    doctors = {s.doctor: practice.doctor(s.doctor) for s in slots}
    return " ".join(clauses(phrases, Say("offer", {"offers": slots, "doctors": doctors})))


def test_a_day_is_said_once_and_each_doctor_after_their_times(phrases, practice):
    assert offered(phrases, practice, NINE, TEN, NOON) == (
        "Je peux vous proposer jeudi 3 décembre, à 9 h, à 10 h 30, avec le docteur Moreau, "
        "ou vendredi 4 décembre, à midi, avec le docteur Lefèvre. Lequel préférez-vous ?"
    )


def test_a_read_back_holds_all_that_was_said(phrases, practice):
    say = Say("confirm_booking", {"slot": NINE, "doctor": practice.doctor("moreau"), "person": MARIE})
    assert " ".join(clauses(phrases, say)) == (
        "Je récapitule : jeudi 3 décembre à 9 h, avec le docteur Moreau, pour Marie Dubois, "
        "né ou née le 1er mars 1972, joignable au 06 12 34 56 78. C'est bien cela ?"
    )


def test_all_of_a_read_back_but_the_name_is_ready_beforehand(phrases, practice):
    ready = {closed(c) for c in sentences(phrases, practice)}
    ready |= {closed(c) for c in values(practice, date(2026, 12, 1))}
    say = Say("confirm_booking", {"slot": NINE, "doctor": practice.doctor("moreau"), "person": MARIE})
    assert [c for c in clauses(phrases, say) if closed(c) not in ready] == ["Marie Dubois,"]


@pytest.mark.parametrize(
    "phrase",
    [
        *("trouble", "voiceless", "transfer", "transfer_silent", "transfer_not_understood", "still_ringing"),
        *("nobody", "ask_callback_phone", "no_number", "callback_saved", "ticket_saved", "ticket_failed"),
        *("urgent", "urgent_nobody", "emergency_nobody", "urgency_doubt", "not_understood", "one_moment"),
        *("cut_off", "broken_nobody", "still_there", "ask_more", "goodbye", "goodbye_silent"),
    ],
)
def test_the_way_to_a_human_or_a_ticket_needs_no_voice_that_works(phrases, practice, phrase):
    ready = {closed(c) for c in sentences(phrases, practice)}
    said = clauses(phrases, Say(phrase, {"phone": practice.phone}))
    assert {closed(clause) for clause in said} <= ready


def test_every_emergency_sentence_can_be_said_in_six_seconds(phrases, practice):
    """Nineteen characters of written-out French a second: the 109 of the maternity's sentence took Kokoro
    5.67 s, 3.85 of them for the number."""
    for phrase, text in phrases.items():
        if phrase.startswith("emergency") and not phrase.endswith("again"):
            whole = text.replace("{number}", practice.helplines["maternité"]).replace(" |", "")
            assert len(spoken(whole)) / 19 <= 6, phrase


def test_an_unknown_value_is_an_error_not_a_gap(phrases):
    with pytest.raises(KeyError):
        clauses(phrases, Say("offer"))
