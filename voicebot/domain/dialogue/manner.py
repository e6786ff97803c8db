"""How the caller wants to be spoken to: once more, slower, louder. Kept for the rest of the call.

Whoever cannot follow after all is passed to a human: nobody says "comment ?" for ever.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.dialogue.escalation import seek
from voicebot.domain.dialogue.script import SHORT
from voicebot.domain.dialogue.state import Outcome, State
from voicebot.domain.effects import Manner, Say
from voicebot.domain.french import fold
from voicebot.domain.language import Talk
from voicebot.domain.languages import FRENCH

RATES = (1.0, 0.85, 0.72)
"""Of the usual speed, one step for each time it is asked for; below 0.7 a stretched voice sounds ill."""
GAINS_DB = (0.0, 6.0, 10.0)
"""On a voice at -20 dBFS: 10 dB is as much as peaks limited below full scale take without sounding harsh."""
PATIENT = 3
"""The same question is said again so many times, less one; then a human is sought."""
_ALONE = 9
"""Words: more say something besides, which comes first."""
_AROUND = frozenset(
    "je j n ne vous m me moi un une peu s il te plait svp madame monsieur docteur bonjour allo oui non "
    "pardon excusez desole desolee pouvez pourriez peux est ce que c et mais ca a bien tres trop vraiment du "
    "tout parce car pour i can t cannot could would you please sorry hello bit to me it s is am not yes no "
    "the and but very".split()
)
"""Small words that may stand around it, and say nothing; any other is heard as what it may be: a sign."""


def heeded(state: State, text: str) -> State:
    """The state after these words: one step slower or louder for who asks it."""
    said = fold(text)
    rate, gain = state.manner.rate, state.manner.gain_db
    if state.talk.slower.search(said):
        rate = next((r for r in RATES if r < rate), RATES[-1])
    if state.talk.louder.search(said):
        gain = next((g for g in GAINS_DB if g > gain), GAINS_DB[-1])
    return replace(state, manner=Manner(rate, gain))


def again(text: str, talk: Talk = FRENCH.talk) -> bool:
    """They want to hear the last question once more, and say nothing besides."""
    return bool(talk.repeat.search(fold(text))) or of_our_voice(text, talk)


def of_our_voice(text: str, talk: Talk = FRENCH.talk) -> bool:
    """It is said of what they hear of us, and of nothing else: no sign of an illness. "Parlez plus fort, il
    ne respire plus" says something else."""
    said = fold(text)
    if len(said.split()) > _ALONE or not (talk.slower.search(said) or talk.louder.search(said)):
        return False
    rest = talk.louder.sub(" ", talk.slower.sub(" ", said)).split()
    return all(word in _AROUND or word in talk.hesitations for word in rest)


def once_more(state: State, at: datetime) -> Outcome:
    """The last question in full; slower the second time, and then a human."""
    question = state.question
    assert question is not None
    state = replace(state, repeats=state.repeats + 1)
    if state.repeats >= PATIENT:
        return seek(replace(state, repeats=0), "L'appelant entend ou comprend mal", at)
    if state.repeats > 1 and state.manner.rate == RATES[0]:
        state = replace(state, manner=replace(state.manner, rate=RATES[1]))
    return state, (full(question),)


def full(question: Say) -> Say:
    """The question as it was put the first time."""
    return replace(question, phrase=question.phrase.removesuffix(SHORT))


def wanted(state: State, say: Say) -> Manner:
    """How this is said. What is never interrupted keeps its speed: in danger it is heard in six seconds."""
    how = replace(state.manner, rate=1.0) if say.whole else state.manner
    return replace(how, language=say.language.code) if say.language else how
