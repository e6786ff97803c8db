"""Several wishes in one call: the first is served, the others wait their turn, and none is lost.

Instead of "Puis-je faire autre chose ?" the next one is begun. What is still waiting when the call breaks or
goes to a human is in the ticket and in the briefing.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.call import Person, Reading
from voicebot.domain.dialogue import errands, topics
from voicebot.domain.dialogue.state import EXPECTS, Form, Outcome, State, first, local, tell
from voicebot.domain.effects import Say
from voicebot.domain.understanding.reading import KINDS, PLAIN, SAME_TIME_WORDS, SEARCHING, Context, read
from voicebot.domain.understanding.several import Wish, added, several

WHAT_ELSE = ("ask_more", "ask_more_short")
"""Questions that end what was served; the others of "more" are answers to something odd."""


def heard(state: State, text: str, confidence: float, reading: Reading, at: datetime) -> Outcome:
    """One utterance that is not urgent, with however many wishes it has."""
    if state.asked in ("open", "more"):
        wishes = several(text)
        if not wishes:
            return topics.heard(state, text, confidence, reading, at)
        wish, *rest = sorted(wishes, key=lambda w: w.kind != "human")  # whoever wants a person has them first
        mine = _identified(reading_of(state, wish, at), reading)
        return topics.heard(_queued(state, tuple(rest)), wish.text, confidence, mine, at)
    dictated = EXPECTS[state.asked] == "message"
    answer, wishes = added(text) if state.topic and not dictated else (text, ())
    wishes = tuple(w for w in wishes if w.another or not _same_subject(state, w))
    question = state.question
    if not wishes or question is None:
        return topics.heard(state, text, confidence, reading, at)
    state = _queued(state, wishes)
    after = tell("after_this")
    if not answer:
        return state, (after, question)
    context = Context(
        state.practice, local(state, at), EXPECTS[state.asked], state.topic, language=state.language
    )
    return first(after, topics.heard(state, answer, confidence, read(answer, {}, context), at))


def onward(outcome: Outcome, at: datetime) -> Outcome:
    """The same outcome; where it would ask what else there is, the next wish is begun."""
    state, effects = outcome
    asks = effects[-1] if effects else None
    if not state.one_of_several or not isinstance(asks, Say) or asks.phrase not in WHAT_ELSE:
        return outcome
    if not state.queue or state.done[-1:] == ("callback",):  # that ticket holds whatever was still waiting
        return replace(state, queue=(), one_of_several=False), effects
    wish, *rest = state.queue
    state = replace(topics.finished(state), queue=tuple(rest))
    state = replace(state, form=_cleared(state.form, wish))
    reading = reading_of(state, wish, at)
    noted = topics.with_note(state, wish.text, reading, True)
    ahead = (*effects[:-1], tell(f"next_{topics.topic_of(reading)}"))
    return onward(first(ahead, topics.start(noted, wish.text, reading, at)), at)


def reading_of(state: State, wish: Wish, at: datetime) -> Reading:
    """The wish as if it had been said alone."""
    reading = read(wish.text, {}, Context(state.practice, local(state, at), language=state.language))
    kind = None if wish.kind in PLAIN else wish.kind
    return errands.served(state.practice, replace(reading, category=KINDS[wish.kind], kind=kind), wish.text)


def _queued(state: State, wishes: tuple[Wish, ...]) -> State:
    queue = (*state.queue, *(w for w in wishes if w not in state.queue))
    return replace(state, queue=queue, one_of_several=bool(queue))


def _same_subject(state: State, wish: Wish) -> bool:
    """Words about the time that is being looked for, or once more what is being served."""
    if wish.kind in SAME_TIME_WORDS and state.topic in SEARCHING:
        return True
    return topics.topic_of(Reading(KINDS[wish.kind], wish.kind)) == state.topic != "message"


def _identified(mine: Reading, whole: Reading) -> Reading:
    """Who it is may be said with any of the wishes."""
    said = whole.entities
    entities = replace(
        mine.entities,
        birth_date=said.birth_date,
        phone=said.phone,
        first_name=said.first_name,
        last_name=said.last_name,
    )
    return replace(mine, entities=entities)


def _cleared(form: Form, wish: Wish) -> Form:
    """Who is calling stays known, unless the wish is for somebody else; the last wish's words are gone."""
    form = replace(form, doctor=None, motif=None)
    if not wish.another:
        return form
    return replace(
        form, person=Person(phone=form.person.phone), looked_up=False, unsure_name=False, renamed=0
    )
