"""Reaching a human: whom, when, and what is left for them when nobody can be reached."""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.domain.call import Level, Ticket
from voicebot.domain.dialogue.state import Outcome, State, ask, first, tell, with_form
from voicebot.domain.effects import Effect, FindSlots, Release, SaveTicket, Say, Transfer

URGENT_CALLBACK = timedelta(minutes=15)


def seek(state: State, reason: str, at: datetime, phrase: str = "transfer") -> Outcome:
    """Ring a human; when that already failed in this call, leave them a ticket instead."""
    if state.tried_human:
        return call_back(state, reason, at)
    state = replace(state, waiting="human", tried_human=True, misses=0)
    return state, (tell(phrase), Transfer(reason, state.level))


def nobody(state: State, at: datetime) -> Outcome:
    """No human could be reached: say so, and do the next best thing."""
    state = replace(state, waiting=None)
    if state.level == "emergency":
        return state, (tell("emergency_nobody"),)
    if state.level == "urgent" and state.topic != "same_day":
        state = replace(state, topic="same_day", waiting="slots", asked="open")
        alert = ticket(state, "alert", "Appel urgent : personne n'a pu répondre", at)
        search = FindSlots(motif=_shortest_motif(state), same_day=True)
        return state, (tell("urgent_nobody"), SaveTicket(alert), search)
    return first(tell("nobody"), call_back(state, "Demande à parler à quelqu'un", at))


def cut_off(state: State) -> Outcome:
    """The line of whoever had taken the call broke: the caller is told, and humans are rung again."""
    owed = "Communication coupée avec la personne qui avait pris l'appel"
    state = replace(
        state, with_human=False, waiting="human", tried_human=True, asked="open", before=None, owed=owed
    )
    if state.level == "emergency":
        again = Say(f"emergency_{state.advice}_again", whole=True)
        return state, (again, Transfer(reason("emergency"), "emergency"))
    return state, (tell("cut_off"), Transfer(owed, state.level))


def call_back(state: State, reason: str, at: datetime) -> Outcome:
    """Leave a callback ticket; the number to ring is all it needs. A time that was held is free again."""
    if state.hold:
        return first(Release(state.hold), call_back(replace(state, hold=None), reason, at))
    state = replace(state, topic="callback", waiting=None, offers=())
    state = with_form(state, message=state.form.message or reason)
    if not state.form.person.phone:
        return ask(state, "phone", "ask_callback_phone")
    state = replace(state, waiting="write", keys=state.keys + 1)
    return state, (SaveTicket(ticket(state, "callback", reason, at)),)


def no_number(state: State, at: datetime) -> Outcome:
    """Nobody answers and no number was given: what was said is kept, and the caller told the truth."""
    state = replace(state, topic=None, waiting=None, misses=0, keys=state.keys + 1, owed="")
    saved = SaveTicket(ticket(state, "callback", "Demande de rappel, sans numéro", at))
    return first(saved, ask(state, "more", "no_number", phone=state.practice.phone))


def ticket(state: State, kind: str, subject: str, at: datetime) -> Ticket:
    """What a human needs to go on without asking the caller again."""
    within = URGENT_CALLBACK if state.level else state.practice.callback_within
    return Ticket(
        key=state.key(kind),
        kind=kind,  # type: ignore[arg-type]  # literals at every call site
        subject=subject,
        text="\n".join((*((state.form.message,) if state.form.message else ()), *state.words)),
        person=state.form.person,
        due=at + within,
        level=state.level,
        flags=state.flags,
    )


def gone(state: State, at: datetime) -> tuple[Effect, ...]:
    """What is left to do when the caller is no longer there."""
    effects: list[Effect] = []
    if state.hold:
        effects.append(Release(state.hold))
    flagged = state.verdict.level if state.asked == "urgency" else state.level
    served = flagged != "emergency" and bool(state.done)
    if flagged and not state.with_human and not served:
        subject = "Appel interrompu après un signe d'urgence : rappeler tout de suite"
        kind = "emergency" if flagged == "emergency" else "callback"
        effects.append(SaveTicket(ticket(replace(state, level=flagged), kind, subject, at)))
    elif state.topic and state.waiting == "write":
        subject = "Appel interrompu pendant un enregistrement : vérifier avec le patient"
        effects.append(SaveTicket(ticket(state, "callback", subject, at)))
    elif state.owed:
        subject = state.owed if state.form.person.phone else f"{state.owed}, sans numéro"
        effects.append(SaveTicket(ticket(replace(state, keys=state.keys + 1), "callback", subject, at)))
    return tuple(effects)


def reason(level: Level | None) -> str:
    """Why a human is sought, as the live page shows it."""
    return {"emergency": "Urgence vitale", "urgent": "Urgent"}.get(level or "", "Demande de l'appelant")


def _shortest_motif(state: State) -> str:
    return state.form.motif or min(state.practice.motifs, key=lambda m: m.minutes).id
