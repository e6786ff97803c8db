"""Reaching a human: what is said at each step of the search, and what is left when nobody can be reached."""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.domain.call import Level, Ticket, TransferOutcome
from voicebot.domain.dialogue import child, closed, notes, overheard, rule_words, transfer
from voicebot.domain.dialogue.briefing import facts
from voicebot.domain.dialogue.identity import unchecked
from voicebot.domain.dialogue.state import Outcome, State, ask, first, tell, with_form
from voicebot.domain.dialogue.wording import telephone
from voicebot.domain.effects import Effect, FindSlots, Release, SaveTicket, Say, Transfer, WakeAt

URGENT_CALLBACK = timedelta(minutes=15)
QUIET = timedelta(seconds=5)
"""Whoever is said to have left, or comes back from an attempt we know nothing of, is spoken to after this."""


def seek(state: State, reason: str, at: datetime, phrase: str = "transfer") -> Outcome:
    """Ring the humans who can be rung and were not yet; when there is none, leave a ticket instead."""
    state = begun(state, reason, at)
    if state.handover.phase == "ringing":
        return first(tell(phrase), ring(state))
    if "callback" in state.done:
        return first(tell("nobody_again"), ask(replace(state, topic=None, waiting=None), "more"))
    return first(tell("nobody"), call_back(state, reason, at))


def begun(state: State, why: str, at: datetime) -> State:
    """The search for a human has begun, from the first one."""
    wished = state.acted_on.reach if state.level and state.acted_on else ""
    candidates = transfer.order(state.practice, state.channel, state.level, at, wished)
    handover = transfer.begin(state.handover, why, state.level, candidates)
    return replace(state, handover=handover, misses=0)


def ring(state: State) -> Outcome:
    """Ring whoever is next."""
    handover = state.handover
    rung = Transfer(handover.reason, state.level, handover.ringing, facts=facts(state, handover.reason))
    return replace(state, waiting="human"), (rung,)


def ended(state: State, outcome: TransferOutcome, target: str, at: datetime) -> Outcome:
    """An attempt to reach a human is over: they are joined, the next one is rung, or nobody is left."""
    handover = transfer.after(state.handover, outcome, target)
    if state.with_human:
        return state, ()
    if handover == state.handover:
        return state, (WakeAt("silence", at + QUIET),)
    rung = state.handover.ringing
    # What a human's telephone answered no retraction undoes: the turn before it is settled.
    state = replace(state, handover=handover, before=None)
    match handover.phase:
        case "joined":
            return replace(state, waiting=None, owed=""), (WakeAt("silence", None),)
        case "ringing":
            return first(_between(state, rung), ring(state))
        case "gone":
            state = replace(state, waiting=None)
            alarm = (WakeAt("silence", at + QUIET),) if state.listening else ()
            return state, (*gone(state, at), *alarm)
    return nobody(state, at)


def _between(state: State, rung: str) -> Say:
    """Before the next one is rung. In an emergency there is one thing to say."""
    if state.level == "emergency" or state.overheard:
        return whom_to_call(state)
    tried, target = (transfer.name_of(state.practice, t) for t in (rung, state.handover.ringing))
    if not target or target == tried:
        return tell("transfer_other", tried=tried)
    return tell("transfer_next", tried=tried, target=target)


def whom_to_call(state: State, *, again: bool = True) -> Say:
    """The sentence of the number the caller is sent to: at first the rule's own, if it has one. Whoever may
    be overheard is asked again whether they can talk, and a child is told in a child's words."""
    if state.overheard:
        return tell("overheard_again")
    suffix, own = ("_again", "") if again else ("", _own_sentence(state))
    if own:
        return Say("rule_says", {"text": own}, whole=True)
    if state.advice == "15" and child.speaks(state.words, state.talk):
        return Say(f"emergency_child{suffix}", whole=True)
    number = state.practice.helplines.get(state.advice)
    values = {"number": number} if number else {}
    return Say(f"emergency_{state.advice}{suffix}", values, whole=True)


def _own_sentence(state: State) -> str:
    """Of the rule acted on, unless it names a number that does not answer now."""
    rule = state.acted_on
    silent = rule is not None and rule.advice.isdigit() and rule.advice != state.advice
    if rule is not None and rule not in state.setting.rules.spoken(state.language.code).rules:
        return ""  # it is written in another language than this call's
    return "" if rule is None or silent else rule_words.sentence(rule, state.practice)


def nobody(state: State, at: datetime) -> Outcome:
    """No human could be reached: say so, and do the next best thing."""
    state = replace(state, waiting=None)
    if state.level == "emergency" or state.overheard:
        left = () if state.handover.alarmed else (SaveTicket(_emergency(state, at)),)
        state = replace(state, handover=replace(state.handover, alarmed=True))
        return state, (tell("emergency_nobody"), whom_to_call(state), *left)
    if state.level == "urgent" and state.topic != "same_day":
        state = replace(state, topic="same_day", waiting="slots", asked="open")
        alert = ticket(state, "alert", "Appel urgent : personne n'a pu répondre", at)
        shut = closed.is_closed(state.practice, at)
        told = f"urgent_closed_{closed.on_call(state.practice, at)}" if shut else "urgent_nobody"
        if not offers_today(state):
            return first(tell(told if shut else "urgent_call_back"), call_back(state, alert.subject, at))
        search = FindSlots(motif=_shortest_motif(state), same_day=True)
        return state, (tell(told), SaveTicket(alert), search)
    return first(tell("nobody"), call_back(state, "Demande à parler à quelqu'un", at))


def offers_today(state: State) -> bool:
    """Whether an urgent caller whom nobody answers is helped by an appointment today."""
    return state.acted_on is None or state.acted_on.same_day


def cut_off(state: State, at: datetime) -> Outcome:
    """The line of whoever had taken the call broke: the caller is told, and humans are rung again."""
    owed = "Communication coupée avec la personne qui avait pris l'appel"
    why = reason("emergency") if state.level == "emergency" else owed
    state = replace(state, overheard=False)  # they have talked to somebody
    state = begun(replace(state, asked="open", before=None, owed=owed), why, at)
    told = whom_to_call(state) if state.level == "emergency" else tell("cut_off")
    return first(told, ring(state) if state.handover.phase == "ringing" else nobody(state, at))


def call_back(state: State, why: str, at: datetime) -> Outcome:
    """Leave a callback ticket; the number to ring is all it needs. One the network showed is asked about.
    A time that was held is free again."""
    if state.hold:
        return first(Release(state.hold), call_back(replace(state, hold=None), why, at))
    state = with_form(state, message=state.form.message or why, details=notes.with_wish(state))
    state = replace(state, topic="callback", waiting=None, offers=())
    phone = state.form.person.phone
    if not phone:
        return ask(state, "phone", "ask_callback_phone")
    if phone == state.number and not state.form.phone_said:
        return ask(state, "shown_phone", number=telephone(phone))
    if (question := unchecked(state)) is not None:
        return question
    state = replace(state, waiting="write", keys=state.keys + 1)
    return state, (SaveTicket(ticket(state, "callback", why, at)),)


def no_number(state: State, at: datetime) -> Outcome:
    """Nobody answers and no number was given: what was said is kept, and the caller told the truth."""
    state = replace(state, topic=None, waiting=None, misses=0, keys=state.keys + 1, owed="")
    saved = SaveTicket(ticket(state, "callback", "Demande de rappel, sans numéro", at))
    return first(saved, ask(state, "more", "no_number", phone=state.practice.phone))


def ticket(state: State, kind: str, subject: str, at: datetime) -> Ticket:
    """What a human needs to go on without asking the caller again."""
    urgent = state.level is not None
    return Ticket(
        key=state.key(kind),
        kind=kind,  # type: ignore[arg-type]  # literals at every call site
        subject=subject,
        text=notes.text(state),
        person=state.form.person,
        due=at + URGENT_CALLBACK
        if urgent
        else transfer.due(state.practice, at, state.practice.callback_within),
        level=state.level,
        flags=state.flags,
        alarm=urgent and kind in ("emergency", "alert", "callback"),
    )


def gone(state: State, at: datetime) -> tuple[Effect, ...]:
    """What is left to do when the caller is no longer there."""
    effects: list[Effect] = []
    if state.hold:
        effects.append(Release(state.hold))
    flagged = state.verdict.level if state.asked in ("urgency", "what") else state.level
    served = flagged != "emergency" and (bool(state.done) or state.handover.reached)
    if state.overheard and not state.with_human:
        effects.append(SaveTicket(ticket(state, "emergency", overheard.GONE, at)))
    elif flagged and not state.with_human and not served:
        subject = "Appel interrompu après un signe d'urgence : rappeler tout de suite"
        kind = "emergency" if flagged == "emergency" else "callback"
        effects.append(SaveTicket(ticket(replace(state, level=flagged), kind, subject, at)))
    elif state.topic and state.waiting == "write":
        subject = "Appel interrompu pendant un enregistrement : vérifier avec le patient"
        effects.append(SaveTicket(ticket(state, "callback", subject, at)))
    elif state.owed:
        subject = state.owed if state.form.person.phone else f"{state.owed}, sans numéro"
        effects.append(SaveTicket(ticket(replace(state, keys=state.keys + 1), "callback", subject, at)))
    elif state.one_of_several and not state.handover.reached and _reachable(state):
        subject = "Appel interrompu : demandes restées sans suite"
        effects.append(SaveTicket(ticket(replace(state, keys=state.keys + 1), "callback", subject, at)))
    elif _unreached(state):
        subject = "Appel interrompu avant d'avoir joint quelqu'un : rappeler"
        effects.append(SaveTicket(ticket(state, "callback", subject, at)))
    return tuple(effects)


def reason(level: Level | None) -> str:
    """Why a human is sought, as the live page shows it."""
    return {"emergency": "Urgence vitale", "urgent": "Urgent"}.get(level or "", "Demande de l'appelant")


def _emergency(state: State, at: datetime) -> Ticket:
    called = f"numéro {state.advice}" if state.advice in state.practice.helplines else state.advice
    return ticket(
        state, "emergency", f"Urgence vitale : personne n'a pu répondre, le {called} a été indiqué", at
    )


def _unreached(state: State) -> bool:
    """They wanted a human, have met none and have no ticket yet; and they can be rung back."""
    sought = state.topic == "callback" or state.handover.phase in ("ringing", "gone")
    return sought and not state.with_human and _reachable(state)


def _reachable(state: State) -> bool:
    """They can be rung back: by a number, or by a name the practice may know."""
    return bool(state.form.person.phone or state.form.person.last_name)


def _shortest_motif(state: State) -> str:
    return state.form.motif or min(state.practice.motifs, key=lambda m: m.minutes).id
