"""Words + the question they answer → what the caller wants, as a Reading.

A Reader's scores (any statistical model, or none) and the spoken-form cues of `cues.py` are added as
log-odds; under the calibrated bar the category is None and the caller is asked. Asked is better than wrong.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.call import Category, Entities, People, Person, Reading
from voicebot.domain.effects import Expects
from voicebot.domain.language import Language
from voicebot.domain.practice import Practice
from voicebot.domain.understanding.mentions import doctor_named, motif_named

KINDS: Mapping[str, Category | None] = {
    "urgent": None,
    "booking": "booking",
    "home_visit": "booking",
    "teleconsultation": "booking",
    "reschedule": "booking",
    "late": "booking",
    "cancellation": "cancellation",
    "renewal": "message",
    "results": "message",
    "callback": "message",
    "question": "message",
    "letter": "message",
    "sick_leave": "message",
    "invoice": "message",
    "information": "message",
    "professional": "message",
    "human": "message",
    "existing": None,
    "hello": None,
    "wait": None,
    "wrong_number": None,
    "telemarketing": None,
    "unclear": None,
}
"""Every class a Reader may score, and the category it belongs to. None: nothing the practice can serve
yet; the dialogue answers by kind and asks. "urgent" is a topic only: the level is triage's word, and a
topic never decides it; it keeps an alarming sentence from being booked."""
PLAIN = ("booking", "cancellation", "unclear")
"""Classes that say no more than their category: `kind` stays None."""
DOUBT = 0.05
"""Share of a Reader's certainty given back to all classes: it has not read every word that exists."""
BAR = 0.5
"""A category is believed from this probability. Chosen on `blind_understanding/calibration_intents.tsv`
before any of it was learnt from (91 % right, 5 % wrong; at 0.6, 89 and 3); reported on other sentences."""
SWITCH = 0.85
"""The same while a value is awaited: an odd answer must not end the booking."""
STATED = 1.0
"""Log-odds a cue must give before such a switch is believed: the classifier alone never makes it."""
MOST_OFFERS = 9
"""More than are ever offered at once, so that "le dernier" is known from "le troisième"."""
VALUES: frozenset[Expects] = frozenset(
    {"yes_no", "read_back", "choice", "wish", "name", "birth_date", "phone"}
)
SAME_TIME_WORDS = frozenset({"booking", "reschedule", "late", "information"})
"""Classes whose words ("un autre jour", "plus tard", "vous auriez une place") are, during a search for
a time, refusals and wishes; they never change the subject there."""
SEARCHING = frozenset({"booking", "move", "same_day", "reschedule", "home_visit", "teleconsultation"})


@dataclass(frozen=True)
class Context:
    """What the words are an answer to. `expects`: what was just asked (None or "open": anything);
    `topic`: what is being served (the dialogue's topic or a key of KINDS), if anything."""

    practice: Practice
    now: datetime
    expects: Expects | None = None
    topic: str | None = None
    offered: tuple[datetime, ...] = ()
    """Local times the caller was just offered."""
    language: Language | None = None
    """None: the practice's."""
    about: Person = Person()
    """The patient as far as known: a correction may say only what is wrong."""
    for_other: bool = False
    """The caller is known not to be the patient."""
    mended: str = ""
    """The words with known slips about days and hours put right; used only when one of these is awaited."""

    @property
    def spoken(self) -> Language:
        """What the words are in."""
        return self.language or self.practice.languages[0]


def read(text: str, scores: Mapping[str, float], context: Context) -> Reading:
    """One utterance, understood.

    `scores`: a Reader's probability by class (keys of KINDS), or empty. `category` None = ask. While a
    value is awaited (`context.expects` not open), category is set only when the caller plainly changes
    the subject; while a message is dictated, only when a person is asked for. `kind` is None for a plain
    booking or cancellation; it may be set without a category ("hello", "wait", "wrong_number",
    "telemarketing", and "urgent": it sounds alarming though no rule fired).
    """
    stated = context.spoken.values.weigh(text)
    category, kind, confidence = _wanted(stated, scores, context)
    entities = _entities(text, context)
    if category is None and (entities.birth_date or entities.phone):
        kind = None  # "mon numéro, c'est le …" is not a wrong number
    answering = context.expects in ("birth_date", "phone", "name")
    timely = context.mended if context.mended and context.expects in ("wish", "choice") else text
    wished = (
        ()
        if answering and category is None
        else context.spoken.values.windows(timely, context.now, context.practice.school_zone, context.offered)
    )
    return Reading(category, kind, round(confidence, 3), wished, entities)


def chances(stated: Mapping[str, float], scores: Mapping[str, float]) -> dict[str, float]:
    """Probability by class: the Reader's (uniform when empty), moved by what the words say outright."""
    even = 1 / len(KINDS)
    odds = {
        kind: math.log((1 - DOUBT) * (scores.get(kind, 0.0) if scores else even) + DOUBT * even)
        + stated.get(kind, 0.0)
        for kind in KINDS
    }
    top = max(odds.values())
    exp = {kind: math.exp(value - top) for kind, value in odds.items()}
    whole = sum(exp.values())
    return {kind: value / whole for kind, value in exp.items()}


def _wanted(
    stated: Mapping[str, float], scores: Mapping[str, float], context: Context
) -> tuple[Category | None, str | None, float]:
    """(category, kind, confidence) for the question asked."""
    by_kind = chances(stated, scores)
    if context.expects == "message" or context.expects in VALUES:
        return _aside(stated, by_kind, context)
    kind, confidence = _best(by_kind)
    if confidence < BAR:
        return None, None, confidence
    return KINDS[kind], None if kind in PLAIN else kind, confidence


def _best(by_kind: Mapping[str, float]) -> tuple[str, float]:
    """(the likeliest kind of the likeliest category, that category's probability)."""
    groups: dict[str, float] = {}
    for kind, chance in by_kind.items():
        groups[_group(kind)] = groups.get(_group(kind), 0.0) + chance
    group = max(groups, key=lambda g: groups[g])
    kind = max((k for k in by_kind if _group(k) == group), key=lambda k: by_kind[k])
    return kind, groups[group]


def _group(kind: str) -> str:
    """Kinds of one category stand together; so do those without any, except "urgent"."""
    return KINDS[kind] or ("urgent" if kind == "urgent" else "nothing")


def _aside(
    stated: Mapping[str, float], by_kind: Mapping[str, float], context: Context
) -> tuple[Category | None, str | None, float]:
    """A change of subject in the middle of a question, or none."""
    kind, confidence = _best(by_kind)
    said_outright = stated.get(kind, 0.0) >= STATED
    if kind in ("human", "wait") and said_outright and confidence >= BAR:
        return KINDS[kind], kind, confidence
    same_subject = kind in SAME_TIME_WORDS and context.topic in SEARCHING
    if context.expects == "message" or same_subject or not said_outright or confidence < SWITCH:
        return None, None, confidence
    return KINDS[kind], None if kind in PLAIN or KINDS[kind] is None else kind, confidence


def _entities(text: str, context: Context) -> Entities:
    """Values said, whatever was asked; a bare name only when it was."""
    asked, values, about = context.expects == "name", context.spoken.values, context.about
    today = context.now.date()
    read_people = values.people or (lambda text, asked, _: People(*values.person_name(text, asked)))
    named = read_people(text, asked, context.for_other)
    first, last = named.first_name, named.last_name
    born, phone = values.birth_date(text, today), values.phone(text)
    if phone and not any(letter.isalpha() for letter in text):
        born = None  # "0-143-2109-86" is a number and no date
    doctor = doctor_named(
        text,
        context.practice,
        context.spoken.talk.mentions,
        bare=context.expects in ("choice", "wish", "yes_no", "read_back"),
    )
    if about.last_name:
        better = values.corrected(text, about, today)
        born, phone = better.birth_date or born, better.phone or phone
        if not (born or phone or doctor):
            first, last = better.first_name or None, better.last_name or None
    offered = values.choice(text, MOST_OFFERS) if context.expects == "choice" else None
    return Entities(
        birth_date=born,
        phone=phone,
        first_name=first,
        last_name=last,
        other_name=named.other_name,
        caller=named.caller,
        relation=named.relation,
        doctor=doctor,
        motif=motif_named(text, context.practice),
        asap=values.asap(text),
        choice=-1 if offered == MOST_OFFERS - 1 else offered,
        answer=values.answer(text),
    )
