"""Messages and callbacks: what is left for the practice's humans to read."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.dialogue import errands, newcomers
from voicebot.domain.dialogue.escalation import ticket
from voicebot.domain.dialogue.identity import missing, read_back
from voicebot.domain.dialogue.state import Outcome, State, ask, tell
from voicebot.domain.dialogue.wording import telephone
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
    newcomers.LISTED: "Liste d'attente : nouveau patient",
}


def advance(state: State, at: datetime) -> Outcome:
    """The next thing a message needs: its words, who it is from, a number, a read-back."""
    form = state.form
    if not form.message:
        return ask(state, "message")
    if question := errands.missing(state):
        return question
    if form.kind == "professional":
        if not form.person.phone and not form.phone_kept:
            return ask(state, "phone")
    elif question := missing(state, phone=True):
        return question
    nothing_to_check = form.kind == "professional" and not form.person.phone
    if (
        not form.confirmed and not nothing_to_check and not state.voiceless
    ):  # a name could not be read back: humans will check it
        return confirm(state)
    state = replace(state, waiting="write", keys=state.keys + 1)
    kind = "waitlist" if form.kind == newcomers.LISTED else "message"
    return state, (tell("saving"), SaveTicket(ticket(state, kind, subject(state), at)))


def confirm(state: State) -> Outcome:
    """Read back what will be left: of a professional, whom they all know, only where to ring them."""
    form = state.form
    if form.kind == newcomers.LISTED:
        return ask(state, "confirm", "confirm_listed", person=read_back(state))
    if form.kind == "professional":
        return ask(state, "confirm", "confirm_professional", number=telephone(form.person.phone))
    return ask(state, "confirm", "confirm_message", subject=subject(state), person=read_back(state))


def subject(state: State) -> str:
    """What the message is about, as the live page and the read-back say it."""
    return SUBJECTS.get(state.form.kind or "", "Message")
