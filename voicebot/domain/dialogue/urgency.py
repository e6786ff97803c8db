"""The urgency gate: before anything else, on every partial and final utterance."""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Evidence, Level, Verdict
from voicebot.domain.dialogue import dictated, manner, overheard, rule_words
from voicebot.domain.dialogue.closed import sends_to
from voicebot.domain.dialogue.escalation import begun, reason, ring, whom_to_call
from voicebot.domain.dialogue.state import EXPECTS, Outcome, State, ask, first, tell
from voicebot.domain.effects import Effect, Release, Say
from voicebot.domain.events import PartlySaid, Said, Warned
from voicebot.domain.triage.judging import judge

SOUNDS_URGENT = "semble_urgent"
"""Stands for a rule where only the statistical reading was alarmed."""
READ_URGENT = "lu_urgent"
"""Stands for a rule where only a language model read something urgent."""
RANK: dict[Level | None, int] = {None: 0, "urgent": 1, "emergency": 2}
GRAVEST = frozenset({"15", "112"})
"""Numbers that no later words lead away from."""


def gate(state: State, said: Said) -> Outcome | None:
    """Act or ask on a final utterance; None: nothing urgent in it, the dialogue may go on.

    `state.words` already ends with its text. After the closed question, unclear counts as yes.
    """
    text = said.text
    verdict = _undenied(state, judge(state.setting.rules, state.words, state.language.code), text)
    if state.level == "emergency" and (graver := _graver(state, verdict)):
        return act(state, graver, said.at)
    if verdict.action == "act" and RANK[verdict.level] > RANK[state.level]:
        return act(state, verdict, said.at)
    if state.overheard and not state.with_human:
        return _may_they_talk(state, text)
    if state.level == "emergency":
        return again(state)
    if state.asked == "urgency":
        if manner.again(text, state.talk) and state.silences == 0 and state.question:
            return replace(state, silences=1), (manner.full(state.question),)
        return (
            _besides(state, said)
            if state.language.values.answer(text) == "no"
            else act(state, state.verdict, said.at)
        )
    if verdict.action == "ask" and RANK[verdict.level] > RANK[state.level]:
        return put(state, verdict, said)
    return None


def put(state: State, verdict: Verdict, said: Said, phrase: str = "urgency_question") -> Outcome:
    """The one closed question of a verdict in doubt; what was said waits for its answer."""
    state = replace(state, verdict=verdict, parked=said, silences=0, routine="settled")
    values = {"question": verdict.question} if phrase == "urgency_question" else {}
    return ask(state, "urgency", phrase, **values)


def partly(state: State, heard: PartlySaid) -> Outcome:
    """Act on a partial transcript only when two in a row fire the same emergency ("j'ai … plus mal"), and
    never on the letters of a name: how surely they were heard is known at their end."""
    if state.level == "emergency":
        return state, ()
    text = dictated.plain(state, heard.text, heard.at.date())
    verdict = _undenied(state, judge(state.setting.rules, (*state.words, text), state.language.code), text)
    fired = frozenset(
        e.rule
        for e in verdict.evidence
        if verdict.action == "act" and e.level == "emergency" and e.status == "present"
    )
    if fired & state.partial_rules and EXPECTS[state.asked] != "name":
        return act(replace(state, words=(*state.words, text)), verdict, heard.at)
    return replace(state, partial_rules=fired, half_heard=heard), ()


def half_heard(state: State, at: datetime) -> Outcome | None:
    """A turn that could not be read clearly: what it sounds like is never acted on, but where that would be
    urgent it is asked about rather than asked to be said again. None: nothing urgent in it."""
    heard = state.half_heard
    if heard is None:
        return None
    said = Said(at, heard.text, 0.0, alarming=heard.alarming)
    verdict = _undenied(
        state, judge(state.setting.rules, (*state.words, heard.text), state.language.code), heard.text
    )
    question: Outcome | None = None
    if RANK[verdict.level] > RANK[state.level]:
        asked = verdict.question or state.setting.rules.spoken(state.language.code).question
        question = put(state, replace(verdict, action="ask", question=asked), said)
    elif heard.alarming:
        question = doubt(state, said)
    if question is None:
        return None
    # After a "non" nothing is served on words that were hardly heard.
    return replace(question[0], parked=None, half_heard=None), question[1]


def doubt(state: State, said: Said, source: str = SOUNDS_URGENT, level: Level = "urgent") -> Outcome | None:
    """It sounds alarming to a model though no rule fired: one closed question, once a call for each kind of
    model. Who does not say no to it is served at `level`."""
    if state.level or source in state.denied:
        return None
    evidence = Evidence(source, level, "uncertain", said.text)
    return put(state, Verdict(level, "ask", (evidence,)), said, "urgency_doubt")


def suspected(state: State, said: Said, *, alarming: bool) -> Outcome | None:
    """The question of whichever model is alarmed, at the higher level where both are."""
    read = said.opinion.level if said.opinion else None
    question = doubt(state, said, READ_URGENT, read) if read else None
    return question or (doubt(state, said) if alarming else None)


def warned(state: State, warning: Warned) -> Outcome:
    """A language model takes for urgent what was served already: the question now, and what was being asked
    comes again after a no. Where the other model's is open, a yes to that counts for this level too."""
    at, level = warning.at, warning.level
    if state.waiting == "human" or state.with_human or not 0 < warning.utterance <= len(state.words):
        return state, ()
    known = state.verdict.evidence
    if state.asked in ("urgency", "what"):
        if any(e.rule == SOUNDS_URGENT for e in known) and RANK[level] > RANK[state.verdict.level]:
            graver = tuple(replace(e, level=level) if e.rule == SOUNDS_URGENT else e for e in known)
            state = replace(state, verdict=replace(state.verdict, level=level, evidence=graver))
        return state, ()
    said = Said(at, state.words[warning.utterance - 1])
    question = doubt(state, said, READ_URGENT, level)
    if question is None:
        return state, ()
    # The words were served: only what waits for everybody's question is understood after a no.
    return replace(question[0], parked=state.parked), question[1]


def denied(state: State) -> State:
    """The caller clearly said no: the call is unlocked, the flag stays visible to humans. They said it of
    what was asked; another emergency that was in doubt has its own question."""
    evidence = state.verdict.evidence
    put = evidence and rule_words.question(state.setting.rules, evidence[0].rule, state.language.code)
    rules = {
        e.rule
        for e in evidence
        if e.status == "uncertain"
        and (
            e.level != "emergency"
            or rule_words.question(state.setting.rules, e.rule, state.language.code) == put
        )
    }
    return replace(state, denied=state.denied | rules, verdict=Verdict(), asked="open", parked=None)


def unanswered(state: State, at: datetime) -> Outcome:
    """The urgency question met silence or noise: that counts as yes."""
    return act(state, state.verdict, at)


def act(state: State, verdict: Verdict, at: datetime) -> Outcome:
    """Do what an emergency or an urgent call needs, whatever was going on.

    A wound that surely needs the 15 is told so aloud, also by who may be overheard: that number is anybody's.
    """
    level, rule = verdict.level, rule_words.leading(state.setting.rules, verdict)
    effects: list[Effect] = [Release(state.hold)] if state.hold else []
    state = replace(
        state, level=level, verdict=verdict, rule=rule.id if rule else "",
        advice=sends_to(state.practice, verdict.advice, at), overheard=verdict.advice in overheard.ADVICE,
        routine="settled", hold=None, offers=(), asked="open", before=None,
    )  # fmt: skip
    if state.with_human:
        return replace(state, waiting=None), tuple(effects)
    if state.overheard:
        state, said = overheard.asked(state)
        return first((*effects, *said), ring(begun(state, overheard.REASON, at)))
    return first((*effects, *_told(state)), ring(begun(state, reason(level), at)))


def insist(state: State, at: datetime) -> Outcome:
    """An emergency caller is still here and nobody has come: say it again, and ring again."""
    state, say = again(state)
    if state.waiting == "human":
        return state, say
    return first(say, ring(begun(state, overheard.REASON if state.overheard else reason(state.level), at)))


def again(state: State) -> Outcome:
    """An emergency caller who is with nobody hears again whom to call."""
    if state.with_human:
        return state, ()
    return overheard.asked(state, again=True) if state.overheard else (state, (whom_to_call(state),))


def _besides(state: State, said: Said) -> Outcome | None:
    """After a clear no: what else was heard that they did not say no to; None: nothing, the call is unlocked.
    An urgent fall is no less one because the head took no blow."""
    parked, state = state.parked, denied(state)
    rest = _undenied(state, judge(state.setting.rules, state.words, state.language.code), said.text)
    if RANK[rest.level] <= RANK[state.level]:
        return None
    if rest.action == "act":
        return act(state, rest, said.at)
    return put(state, rest, parked or said) if rest.level == "emergency" else None


def _told(state: State) -> tuple[Say, ...]:
    """What is said at once. Urgent: the rule's own sentence, or its number and that somebody is rung."""
    if state.level == "emergency":
        return (whom_to_call(state, again=False),)
    rule = state.acted_on
    if rule and rule.say and rule in state.setting.rules.spoken(state.language.code).rules:
        return (whom_to_call(state, again=False),)
    number = (whom_to_call(state, again=False),) if rule and rule.advice != "15" else ()
    return (*number, tell("urgent"))


def _may_they_talk(state: State, text: str) -> Outcome:
    """The answer of a caller who may be overheard; whatever is not a yes keeps the number unsaid."""
    free = overheard.can_talk(text, state.language)
    if free is None:
        return overheard.asked(state, again=True)
    if not free:
        return overheard.not_free(state)
    state = replace(state, overheard=False, asked="open")
    told = whom_to_call(state, again=False)
    if state.level == "emergency" or state.waiting == "human":
        return state, (told,)
    return first(told, ask(state, "more"))


def _graver(state: State, verdict: Verdict) -> Verdict | None:
    """What else an emergency's caller says may need the 15 instead of another number: a means or an act after
    dark thoughts, a wound after a blow. In doubt too, unless saying it aloud could harm them."""
    if state.advice in GRAVEST:
        return None
    known, rules = state.verdict.evidence, state.setting.rules
    heard = {(e.rule, status) for e in known for status in {e.status, "uncertain"}}
    grave = {rule.id for rule in rules.every if rule.level == "emergency" and rule.advice in GRAVEST}
    new = tuple(
        e
        for e in verdict.evidence
        if e.rule in grave
        and (e.rule, e.status) not in heard
        and (e.status == "present" or not state.overheard)
    )
    return (
        replace(rule_words.weighed(rules, new, state.language.code), evidence=(*new, *known)) if new else None
    )


def _undenied(state: State, verdict: Verdict, text: str) -> Verdict:
    """The verdict without what the caller said no to, unless these very words affirm it anew."""
    if not state.denied:
        return verdict
    anew = {
        e.rule
        for e in judge(state.setting.rules, (text,), state.language.code).evidence
        if e.status == "present"
    }
    left = tuple(e for e in verdict.evidence if e.rule not in state.denied or e.rule in anew)
    return (
        verdict
        if left == verdict.evidence
        else rule_words.weighed(state.setting.rules, left, state.language.code)
    )
