"""The urgency gate: before anything else, on every partial and final utterance."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Evidence, Level, Verdict
from voicebot.domain.dialogue.escalation import begun, reason, ring, whom_to_call
from voicebot.domain.dialogue.state import Outcome, State, ask, first, tell
from voicebot.domain.effects import Effect, Release
from voicebot.domain.events import PartlySaid, Said
from voicebot.domain.french import answer
from voicebot.domain.triage.judging import judge

SOUNDS_URGENT = "semble_urgent"
"""Stands for a rule where only the statistical reading was alarmed."""
RANK: dict[Level | None, int] = {None: 0, "urgent": 1, "emergency": 2}


def gate(state: State, said: Said) -> Outcome | None:
    """Act or ask on a final utterance; None: nothing urgent in it, the dialogue may go on.

    `state.words` already ends with its text. After the closed question, unclear counts as yes.
    """
    text = said.text
    verdict = _undenied(state, judge(state.setting.rules, state.words), text)
    if state.level == "emergency":
        return again(state)
    if verdict.action == "act" and RANK[verdict.level] > RANK[state.level]:
        return act(state, verdict, said.at)
    if state.asked == "urgency":
        return None if answer(text) == "no" else act(state, state.verdict, said.at)
    if verdict.action == "ask" and RANK[verdict.level] > RANK[state.level]:
        state = replace(state, verdict=verdict, asked="urgency", parked=said, silences=0)
        return ask(state, "urgency", "urgency_question", question=verdict.question)
    return None


def partly(state: State, heard: PartlySaid) -> Outcome:
    """Act on a partial transcript only when two in a row fire the same emergency ("j'ai … plus mal")."""
    if state.level == "emergency":
        return state, ()
    text = heard.text
    verdict = _undenied(state, judge(state.setting.rules, (*state.words, text)), text)
    fired = frozenset(
        e.rule
        for e in verdict.evidence
        if verdict.action == "act" and e.level == "emergency" and e.status == "present"
    )
    if fired & state.partial_rules:
        return act(replace(state, words=(*state.words, text)), verdict, heard.at)
    return replace(state, partial_rules=fired), ()


def doubt(state: State, said: Said) -> Outcome | None:
    """It sounds alarming though no rule fired: one closed question, once a call."""
    if state.level or SOUNDS_URGENT in state.denied:
        return None
    evidence = Evidence(SOUNDS_URGENT, "urgent", "uncertain", said.text)
    verdict = Verdict("urgent", "ask", (evidence,))
    return ask(replace(state, verdict=verdict, parked=said), "urgency", "urgency_doubt")


def denied(state: State) -> State:
    """The caller clearly said no: the call is unlocked, the flag stays visible to humans."""
    rules = {e.rule for e in state.verdict.evidence}
    return replace(state, denied=state.denied | rules, verdict=Verdict(), asked="open", parked=None)


def unanswered(state: State, at: datetime) -> Outcome:
    """The urgency question met silence or noise: that counts as yes."""
    return act(state, state.verdict, at)


def act(state: State, verdict: Verdict, at: datetime) -> Outcome:
    """Do what an emergency or an urgent call needs, whatever was going on."""
    level = verdict.level
    effects: list[Effect] = [Release(state.hold)] if state.hold else []
    state = replace(
        state, level=level, verdict=verdict, advice=state.practice.sends_to(verdict.advice),
        hold=None, offers=(), asked="open", before=None,
    )  # fmt: skip
    if state.with_human:
        return replace(state, waiting=None), tuple(effects)
    if level == "emergency":
        effects.append(whom_to_call(state, again=False))
    else:
        effects.append(tell("urgent"))
    return first(effects, ring(begun(state, reason(level), at)))


def insist(state: State, at: datetime) -> Outcome:
    """An emergency caller is still here and nobody has come: say it again, and ring again."""
    _, say = again(state)
    if state.waiting == "human":
        return state, say
    return first(say, ring(begun(state, reason("emergency"), at)))


def again(state: State) -> Outcome:
    """An emergency caller who is with nobody hears again whom to call."""
    if state.with_human:
        return state, ()
    return state, (whom_to_call(state),)


def _undenied(state: State, verdict: Verdict, text: str) -> Verdict:
    """The verdict without what the caller said no to, unless these very words affirm it anew."""
    if not state.denied:
        return verdict
    anew = {e.rule for e in judge(state.setting.rules, (text,)).evidence if e.status == "present"}
    left = tuple(e for e in verdict.evidence if e.rule not in state.denied or e.rule in anew)
    if left == verdict.evidence:
        return verdict
    if not left:
        return Verdict()
    level = max((e.level for e in left), key=lambda level: RANK[level])
    sure = any(e.status == "present" and e.level == level for e in left)
    return replace(verdict, level=level, action="act" if sure else "ask", evidence=left)
