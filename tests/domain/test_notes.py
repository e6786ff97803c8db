"""A ticket as the secretary reads it: what is needed to go on, and nothing twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.domain import effects as do
from voicebot.domain.call import Person, Slot
from voicebot.domain.dialogue import notes
from voicebot.domain.dialogue.escalation import call_back
from voicebot.domain.dialogue.state import Form, Setting, State
from voicebot.settings import Settings

MARIE = Person("Marie", "Dubois", date(1972, 3, 12), "+33612345678")
RENEWAL = "je voudrais renouveler mon ordonnance, il me reste deux jours"
WORDS = (
    RENEWAL, "du Kardegic", "la pharmacie des Lilas", "Marie Dubois", "le 12 mars 1972", "06 12 34 56 78",
    "oui c'est ça", "et dites-lui que j'ai des vertiges", "non merci",
)  # fmt: skip


@lru_cache
def setting() -> Setting:
    settings = Settings()
    return Setting(practice_yaml.load_all(settings.practices)["demo"], rules_yaml.load(settings.rules))


def call() -> State:
    details = (("Médicament", "du Kardegic"), ("Pharmacie", "la pharmacie des Lilas"))
    form = Form(person=MARIE, kind="renewal", message=RENEWAL, details=details)
    return State(setting(), "call-1", words=WORDS, form=form, topic="message")


def test_the_story_is_there_once_and_answers_that_are_fields_are_not():
    assert notes.text(call()).split("\n") == [
        "Médicament : du Kardegic",
        "Pharmacie : la pharmacie des Lilas",
        RENEWAL,
        "et dites-lui que j'ai des vertiges",
    ]


def test_where_something_urgent_was_in_doubt_every_word_is_kept():
    text = notes.text(replace(call(), denied=frozenset({"urgence_dite"})))
    assert [said for said in WORDS if said not in text] == []


def test_who_does_not_want_their_words_kept_leaves_none_but_the_message():
    assert notes.text(replace(call(), objected=True)).startswith(RENEWAL)
    assert "vertiges" not in notes.text(replace(call(), objected=True))


def test_a_booking_that_a_human_must_finish_says_which_time_was_chosen():
    now = datetime(2026, 12, 1, 9, tzinfo=setting().practice.zone)
    slot = Slot("moreau", "consultation", now + timedelta(days=2), 15)
    state = replace(
        call(),
        topic="booking",
        form=Form(person=MARIE, slot=slot, phone_said=True, phone_checked=True),
        hold="h1",
    )
    _, wanted = call_back(state, "Demande à parler à quelqu'un", now)
    (ticket,) = [effect.ticket for effect in wanted if isinstance(effect, do.SaveTicket)]
    assert "Voulait : un rendez-vous jeudi 3 décembre à 9 h, docteur Moreau, pas encore pris" in ticket.text
    assert [effect.hold for effect in wanted if isinstance(effect, do.Release)] == ["h1"]
