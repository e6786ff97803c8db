"""What is asked of an errand, what is said of it first, and to whom new patients are sent."""

from dataclasses import replace
from functools import lru_cache

import pytest

from tests.domain.caller_from_chaos import Chaos
from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.call import Reading
from voicebot.domain.dialogue import child, errands, newcomers, temper
from voicebot.domain.dialogue.farewell import said as last_words
from voicebot.domain.dialogue.state import Form, Setting, State, tell, with_person
from voicebot.domain.dialogue.topics import waits
from voicebot.domain.french import fold
from voicebot.domain.languages import FRENCH
from voicebot.domain.practice import Motif
from voicebot.settings import Settings


@lru_cache
def setting() -> Setting:
    settings = Settings()
    return Setting(practice_yaml.load_all(settings.practices)["demo"], rules_yaml.load(settings.rules))


def asks(kind: str, message: str, *details: tuple[str, str]) -> str | None:
    state = State(setting(), "call-1", form=Form(kind=kind, message=message, details=details))
    question = errands.missing(state)
    return question[1][0].phrase if question else None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("message", "phrase"),
    [
        ("je voudrais renouveler mon ordonnance", "ask_drug"),
        ("c'est pour le renouvellement de mon traitement habituel", "ask_drug"),
        ("il me faut une ordonnance pour mon Levothyrox", "ask_pharmacy"),
        ("renouveler mon traitement pour la tension", "ask_pharmacy"),
        ("renouveler ma pilule", "ask_pharmacy"),
        ("du Kardegic à la pharmacie des Lilas", None),
    ],
)
def test_a_renewal_is_asked_only_what_was_not_said(message, phrase):
    assert asks("renewal", message) == phrase


def test_an_answer_is_kept_whatever_it_is():
    assert asks("renewal", "mon ordonnance", ("Médicament", "je ne sais plus")) == "ask_pharmacy"
    given = (("Médicament", "je ne sais plus"), ("Pharmacie", "celle d'en bas"))
    assert asks("renewal", "mon ordonnance", *given) is None
    form = Form(kind="renewal", message="mon ordonnance", details=given)
    assert errands.written(form) == ("Médicament : je ne sais plus", "Pharmacie : celle d'en bas")


def test_a_practice_that_has_such_appointments_books_them():
    practice = setting().practice
    video = Motif("tele", "téléconsultation", 15, ("visio",))
    there = replace(practice, motifs=(*practice.motifs, video))
    wished = Reading("booking", "teleconsultation", 0.9)
    assert errands.served(practice, wished, "une téléconsultation") == wished
    booked = errands.served(there, wished, "une téléconsultation")
    assert (booked.category, booked.kind, booked.entities.motif) == ("booking", None, "tele")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("une prolongation de mon arrêt de travail", "booking"),
        ("il faudrait renouveler mon arrêt", "booking"),
        ("j'ai besoin d'un arrêt", "booking"),
        ("j'ai perdu mon arrêt de travail il me faut un duplicata", "message"),
        ("la CPAM n'a pas reçu mon arrêt", "message"),
    ],
)
def test_a_sick_leave_is_seen_by_the_doctor_and_its_paper_is_not(text, category):
    reading = Reading("message", "sick_leave", 0.9)
    assert errands.served(setting().practice, reading, text).category == category


ASKED_OF_A_RECORD = (
    "ma femme a bien rendez-vous ?", "est-ce que monsieur Martin est patient chez vous ?",
    "il est venu hier mon mari ?", "est-ce que ma fille est suivie chez vous ?",
    "à quelle heure est le rendez-vous de mon mari ?", "est-ce que j'ai bien rendez-vous jeudi ?",
    "madame Dubois est passée ce matin ?", "c'est quand le rendez-vous de ma mère ?",
    "quand est mon rendez-vous ?", "ma voisine est une de vos patientes ?",
)  # fmt: skip
ORDINARY = (
    "je voudrais un rendez-vous jeudi", "mon mari a besoin d'un rendez-vous",
    "j'ai rendez-vous jeudi et je voudrais l'annuler", "le docteur est arrivé ?", "quels sont vos horaires ?",
    "ma fille est malade depuis hier", "je suis suivie par le docteur Moreau, je voudrais le voir",
)  # fmt: skip


@pytest.mark.parametrize("text", ASKED_OF_A_RECORD)
def test_nothing_of_a_record_is_told_and_the_caller_knows_it(text):
    assert errands.DISCLOSURE.search(fold(text))
    told = errands.said_first(Reading("message", "information", 0.9), text)
    assert told == (tell("nothing_disclosed"),)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_asks_for_no_record_is_simply_served(text):
    reading = Reading("booking", None, 0.9)
    assert not errands.DISCLOSURE.search(fold(text)) or not errands.said_first(reading, text)


def newcomer(policy: str) -> Chaos:
    practice = replace(setting().practice, new_patients=policy)
    call = Chaos(replace(setting(), practice=practice), lambda *_: None)
    call.happen(on.FellSilent(call.now))
    return call


def phrases(call: Chaos, text: str) -> list[str]:
    said: list[str] = []
    call.look = lambda _c, _b, _e, wanted: said.extend(e.phrase for e in wanted if isinstance(e, do.Say))
    call.happen(on.Said(call.now, text))
    return said


WISH = "un rendez-vous jeudi matin avec le docteur Moreau"


def test_where_new_patients_are_taken_nobody_is_asked():
    assert phrases(newcomer("yes"), WISH) == []


@pytest.mark.parametrize("policy", ["no", "waitlist"])
def test_everybody_is_asked_and_who_was_seen_before_books(policy):
    call = newcomer(policy)
    assert phrases(call, WISH) == ["ask_followed"]
    assert phrases(call, "oui bien sûr") == []
    assert call.state.waiting == "slots"


def test_who_is_new_is_refused_with_regret_and_nothing_is_left():
    call = newcomer("no")
    phrases(call, WISH)
    assert phrases(call, "non c'est la première fois") == ["new_patients_refused", "ask_more"]
    assert call.state.topic is None


def test_who_is_new_is_written_on_the_waiting_list():
    call = newcomer("waitlist")
    phrases(call, WISH)
    assert phrases(call, "non") == ["new_patients_listed", "ask_name"]
    for text in ("Marie Dubois", "12 mars 1972"):
        call.happen(on.Said(call.now, text))
    call.go_on("answer", 0)
    assert phrases(call, "06 12 34 56 78") == ["confirm_listed"]
    call.happen(on.Said(call.now, "oui"))
    ticket = call.asked[-1].ticket  # type: ignore[union-attr]
    assert (ticket.kind, ticket.person.last_name) == ("waitlist", "Dubois")
    assert not [e for e in call.asked if isinstance(e, do.Book | do.Hold)]


@pytest.mark.parametrize(
    ("text", "answer", "followed"),
    [
        ("oui c'est la première fois", "yes", False),
        ("non", "no", False),
        ("oui", "yes", True),
        ("je suis nouvelle patiente", None, False),
        ("oui je suis déjà venu", "yes", True),
        ("jeudi matin", None, None),
    ],
)
def test_whether_they_were_seen_before(text, answer, followed):
    assert newcomers.says_followed(text, answer) is followed


def test_a_practice_says_in_french_whether_it_takes_new_patients(tmp_path):
    path = Settings().practices / "demo.yaml"
    said = path.read_text(encoding="utf8")
    for written, meant in (("oui", "yes"), ("non", "no"), ("liste d'attente", "waitlist")):
        (tmp_path / "demo.yaml").write_text(f"{said}\nnouveaux_patients: {written}\n", encoding="utf8")
        assert practice_yaml.load_all(tmp_path)["demo"].new_patients == meant


def test_the_appointment_is_said_again_where_no_text_message_is_read():
    state = replace(State(setting(), "call-1"), booked=tell("summary"))
    for number, again in (
        ("+33145678901", True),
        ("+33945678901", True),
        ("+33612345678", False),
        ("", False),
    ):
        heard = [say.phrase for say in last_words(with_person(state, phone=number))]
        assert ("summary" in heard) is again, number
    assert "summary" in [say.phrase for say in last_words(replace(state, manner=do.Manner(rate=0.85)))]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("vous êtes des incapables", True), ("c'est inadmissible", True), ("allez vous faire voir", True),
        ("bande de nuls", True), ("j'en ai marre", False), ("je me sens nulle", False),
        ("c'est pas grave", False), ("mince j'ai oublié mon numéro", False),
    ],
)  # fmt: skip
def test_who_has_lost_patience(text, lost):
    assert temper.lost(text) is lost


def test_a_child_alone_is_known_by_their_own_words():
    assert child.alone(["bonjour j'ai neuf ans"])
    assert not child.alone(["maman elle voudrait un rendez-vous"])
    assert not child.alone(["mon fils a neuf ans"])


@pytest.mark.parametrize(
    "text", ["je cherche ma carte vitale", "attendez je prends un stylo", "je vais chercher mes lunettes"]
)
def test_who_goes_for_something_is_waited_for(text):
    assert waits(text)


@pytest.mark.parametrize(
    "text", ["je cherche un médecin", "je prends du doliprane", "je note", "je regarde la télé"]
)
def test_who_goes_for_nothing_is_not(text):
    assert not waits(text)


def test_who_begins_again_says_nothing_besides():
    assert FRENCH.talk.restarts.search(fold("attendez, je recommence"))
    assert FRENCH.talk.restarts.search(fold("on reprend depuis le début"))["all"]  # type: ignore[index]
    assert not FRENCH.talk.restarts.search(fold("je recommence zéro six douze"))
    assert not FRENCH.talk.restarts.search(fold("je recommence à tousser"))


def test_a_question_is_put_again_in_fewer_words_and_repeated_in_full():
    call = newcomer("yes")
    phrases(call, WISH)
    while call.state.asked != "choice":
        call.go_on("answer", 2)
    call.happen(on.Said(call.now, "le premier"))
    call.go_on("answer", 2)
    assert call.state.asked == "name"
    assert phrases(call, "euh") == ["not_understood", "ask_name_short"]
    assert phrases(call, "pardon ?") == ["ask_name"]
    assert phrases(call, "Marie Dubois") == ["ask_birth_date"]
