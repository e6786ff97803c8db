"""Every phrase the dialogue may say, and the values it is given: what a prompts file must hold."""

from collections.abc import Iterator, Mapping
from typing import get_args

from voicebot.domain.triage.rules import Advice

ADVICE: tuple[str, ...] = get_args(Advice)
"""Whom an emergency may be sent to: each has its sentence and its repetition."""
ESSENTIAL = frozenset({"offers", "question", "text", "slot", "person", "number", "words", "reason", "name"})
"""A phrase that is given one of these and leaves it out says nothing."""
SHORT = "_short"
"""Ends the id of the phrase that puts a question again, in fewer words."""
LINES = """
greeting practice
consigne text
closed
closed_own text
closed_116117
closed_15
ask_first
ask_first_switched
ask_routine
ask_what
ask_open
ask_open_again
ask_open_more
ask_existing
ask_menu
ask_open_hello
ask_open_calm
still_there
take_your_time
not_understood
one_moment
ask_more
ask_more_short
summary slot doctor
next_booking
next_move
next_cancellation
next_message
after_this
goodbye
goodbye_silent phone
wrong_number
telemarketing
information text
emergency_nobody
urgency_question question
urgency_doubt
urgency_speech
rule_says text
overheard
overheard_again
overheard_wait
emergency_child
emergency_child_again
not_urgent
urgent
urgent_nobody
urgent_call_back
urgent_closed_116117
urgent_closed_15
same_day_offer offers doctors
same_day_offer_one offers doctors
same_day_none
transfer
transfer_not_understood
transfer_silent
transfer_calm
transfer_child
still_ringing
transfer_next tried target
transfer_other tried
returned
nobody
nobody_again
ask_callback_phone
ask_callback_phone_short
ask_shown_phone number
ask_said_phone number
ask_said_phone_short number
no_number phone
callback_saved
callback_saved_gently
ask_wish
ask_wish_again
no_slot
slot_gone
offer offers doctors
offer_one offers doctors
offer_other offers doctors
offer_other_one offers doctors
ask_choice
ask_name
ask_first_name
ask_last_name
ask_name_short
ask_professional_name
ask_about
ask_drug
ask_pharmacy
ask_address
ask_followed
new_patients_refused
new_patients_listed
results_not_read
sick_leave_seen
nothing_disclosed
ask_spelling
ask_spelling_short
ask_birth_date
ask_birth_date_short
ask_phone
ask_phone_short
confirm_booking slot doctor person
confirm_booking_short slot doctor person
ask_correction
booking
booked slot doctor
ask_which
ask_unverified_phone
confirm_cancel slot
cancelling
cancelled
confirm_move slot doctor
moving
moved slot doctor
ask_message
confirm_message person subject
confirm_listed person
confirm_professional number
saving
ticket_saved
ticket_saved_unsure phone
trouble
voiceless
broken_nobody phone
cut_off
fate_unknown
ticket_failed phone
brief_practice practice
brief_urgent
brief_words words
brief_reason reason
brief_who name
brief_wish_booking
brief_wish_move
brief_wish_cancellation
brief_wish_message
brief_booked
brief_moved
brief_cancelled
brief_message
brief_callback
"""
SCRIPT: Mapping[str, tuple[str, ...]] = {
    **{line.split()[0]: tuple(line.split()[1:]) for line in LINES.split("\n") if line},
    **{
        f"emergency_{number}{again}": () if number.isdigit() else ("number",)
        for number in ADVICE
        for again in ("", "_again")
    },
}
"""Phrase id → the values it is given."""


def faults_of(phrase: str, used: frozenset[str]) -> Iterator[str]:
    """What is wrong with a phrase of the script that uses these values, in French."""
    given = SCRIPT[phrase]
    for value in sorted(used - set(given)):
        known = ", ".join(f"{{{name}}}" for name in given) or "aucune"
        yield f"la phrase « {phrase} » ne reçoit pas {{{value}}} (valeurs possibles : {known})"
    for value in sorted(ESSENTIAL & set(given) - used):
        yield f"la phrase « {phrase} » doit contenir {{{value}}}"
