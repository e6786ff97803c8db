"""How the caller wants to be spoken to: once more, slower, louder. Kept for the rest of the call.

Whoever cannot follow after all is passed to a human: nobody says "comment ?" for ever.
"""

import re
from dataclasses import replace
from datetime import datetime

from voicebot.domain.dialogue.escalation import seek
from voicebot.domain.dialogue.script import SHORT
from voicebot.domain.dialogue.state import Outcome, State
from voicebot.domain.effects import Manner, Say
from voicebot.domain.french import fold

RATES = (1.0, 0.85, 0.72)
"""Of the usual speed, one step for each time it is asked for; below 0.7 a stretched voice sounds ill."""
GAINS_DB = (0.0, 6.0, 10.0)
"""On a voice at -20 dBFS: 10 dB is as much as peaks limited below full scale take without sounding harsh."""
PATIENT = 3
"""The same question is said again so many times, less one; then a human is sought."""
_ALONE = 9
"""Words: more say something besides, which comes first."""
_SLOWER = re.compile(
    r"\bplus lentement\b|\bmoins vite\b|\bmoins rapidement\b|\barticul\w+|^(?:plus )?doucement\b"
    r"|\b(?:parle[rz]?|dites|allez|va|c est|c etait) (?:\w+ )?(?:trop|tres|si|beaucoup) (?:vite|rapide)\b"
    r"|\b(?:parle[rz]?|dites|redites|repete[rz]?|allez y)(?: \w+){0,2} doucement\b"
    r"|\bcomprends (?:rien|pas|plus|mal)(?: (?:bien|tout))?"
    r"(?: (?:a |de )?ce que vous (?:me )?(?:dites|racontez))?$"
    r"|\b(?:arrive|peux) pas a? ?vous (?:suivre|comprendre)\b"
)
_LOUDER = re.compile(
    r"\b(?:parle[rz]?|dites|redites|repete[rz]?|mettez|montez)(?: \w+){0,3} (?:fort|haut|le son|le volume)\b"
    r"|^(?:(?:un peu|pardon|non|oui|euh|allo) )*plus (?:fort|haut)\b"
    r"|\bentend[sz]?(?: \w+)? (?:rien|pas|mal|tres mal)(?: du tout| bien| tres bien| grand chose| rien)?"
    r"(?: (?:ce que vous (?:me )?dites|madame|monsieur))?$"
    r"|\bentends (?:tres |vraiment |assez )?mal\b(?!.*\boreille)"
    r"|\bsuis (?:\w+ ){0,2}(?:sourde?|malentendante?|dure? d oreille)\b"
)
"""Said of our voice. What may be said of an ear ("je n'entends plus") is not found."""
_REPEAT = re.compile(
    r"^(?:pardon|comment|hein|quoi)(?: (?:pardon|comment|quoi|madame|monsieur|ca|deja|vous dites|vous disiez"
    r"|vous avez dit|s il vous plait))*$|(?<!\bse )\b(?:repete[rz]?|redites|redire)\b"
    r"|\b(?:pas|rien) (?:bien |tout |trop )?(?:compris|entendu|saisi)\b(?! parler)"
    r"|^(?:pardon |et )?(?:vous avez dit|vous dites|vous disiez|c est|c etait) (?:quoi|comment)(?: deja)?$"
    r"|\bqu (?:est ce que|avez) vous (?:avez )?(?:dit|dites)\b|\bquelle etait la question\b"
)


def heeded(state: State, text: str) -> State:
    """The state after these words: one step slower or louder for who asks it."""
    said = fold(text)
    rate, gain = state.manner.rate, state.manner.gain_db
    if _SLOWER.search(said):
        rate = next((r for r in RATES if r < rate), RATES[-1])
    if _LOUDER.search(said):
        gain = next((g for g in GAINS_DB if g > gain), GAINS_DB[-1])
    return replace(state, manner=Manner(rate, gain))


def again(text: str) -> bool:
    """They want to hear the last question once more, and say nothing besides."""
    return bool(_REPEAT.search(fold(text))) or of_our_voice(text)


def of_our_voice(text: str) -> bool:
    """It is said of what they hear of us, and of nothing else: no sign of an illness."""
    said = fold(text)
    return len(said.split()) <= _ALONE and bool(_SLOWER.search(said) or _LOUDER.search(said))


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
    return replace(state.manner, rate=1.0) if say.whole else state.manner
