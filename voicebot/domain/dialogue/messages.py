"""Messages and callbacks: what is left for the practice's humans to read."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.dialogue.escalation import ticket
from voicebot.domain.dialogue.identity import missing, read_back
from voicebot.domain.dialogue.state import Outcome, State, ask, tell
from voicebot.domain.effects import SaveTicket

SUBJECTS = {
    "renewal": "Renouvellement d'ordonnance",
    "results": "Résultats d'examens",
    "callback": "Demande de rappel",
    "professional": "Appel d'un professionnel de santé",
    "home_visit": "Demande de visite à domicile",
    "teleconsultation": "Demande de téléconsultation",
    "information": "Demande de renseignement",
    "letter": "Courrier ou certificat",
    "sick_leave": "Arrêt de travail",
    "invoice": "Facture ou feuille de soins",
    "question": "Question médicale",
}


def advance(state: State, at: datetime) -> Outcome:
    """The next thing a message needs: its words, who it is from, a number, a read-back."""
    form = state.form
    if not form.message:
        return ask(state, "message")
    if form.kind == "professional":
        if not form.person.last_name:
            return ask(state, "name", "ask_professional_name")
        if not form.person.phone and not form.phone_kept:
            return ask(state, "phone")
    elif question := missing(state, phone=True):
        return question
    if not form.confirmed and not state.voiceless:  # a name could not be read back: humans will check it
        return ask(state, "confirm", "confirm_message", subject=subject(state), person=read_back(form))
    state = replace(state, waiting="write", keys=state.keys + 1)
    return state, (tell("saving"), SaveTicket(ticket(state, "message", subject(state), at)))


def subject(state: State) -> str:
    """What the message is about, as the live page and the read-back say it."""
    return SUBJECTS.get(state.form.kind or "", "Message")
