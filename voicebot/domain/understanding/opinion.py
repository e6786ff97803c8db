"""A language model's reading beside our own: what of it may be believed, and what of it counts.

The model fills what we could not read; it contradicts nothing, confirms nothing and lowers nothing.
"""

from dataclasses import fields, replace
from datetime import timedelta

from voicebot.domain.call import Entities, Opinion, Reading, Window
from voicebot.domain.french import digits, fold
from voicebot.domain.practice import Practice
from voicebot.domain.understanding.reading import KINDS, MOST_OFFERS, Context

HORIZON = timedelta(days=366)
"""Nobody books by telephone for later."""
MOST_WINDOWS = 31
"""A month of days, one by one."""
MODEL_READS = tuple(kind for kind in KINDS if kind not in ("urgent", "unclear"))
"""What a model may say is wanted: how urgent it is, it says apart."""


def merged(local: Reading, opinion: Opinion | None, text: str, context: Context) -> Reading:
    """Our reading, its gaps filled from the model's where that does not speak of another category.

    An `answer` is never taken from it: yes is what the caller said, or it was not said.
    """
    if opinion is None or absurd(opinion, text, context):
        return local
    theirs = opinion.reading
    mute = local.category is None and local.kind is None
    if not mute and theirs.category != local.category:
        return local
    ours = local.entities
    ignored = {"answer"} if context.expects == "choice" else {"answer", "choice"}
    gaps = {f.name: getattr(theirs.entities, f.name) for f in fields(Entities) if f.name not in ignored}
    filled = {name: value for name, value in gaps.items() if getattr(ours, name) in (None, False)}
    return replace(
        local,
        category=theirs.category if mute else local.category,
        kind=theirs.kind if mute else local.kind,
        windows=local.windows or theirs.windows,
        entities=replace(ours, **filled),
    )


def absurd(opinion: Opinion, text: str, context: Context) -> str | None:
    """What in it cannot have been read from `text`, as a word without any of the caller's; None: nothing."""
    reading, found = opinion.reading, opinion.reading.entities
    if reading.kind is not None and (reading.kind not in KINDS or KINDS[reading.kind] != reading.category):
        return "kind"
    if len(reading.windows) > MOST_WINDOWS or not all(_possible(w, context) for w in reading.windows):
        return "window"
    if found.answer is not None:
        return "answer"
    if found.choice is not None and found.choice not in range(-1, len(context.offered) or MOST_OFFERS):
        return "choice"
    return _unknown(found, context.practice) or _unsaid(found, text, context)


def _possible(window: Window, context: Context) -> bool:
    today = context.now.date()
    if window.day is not None and not today <= window.day <= today + HORIZON:
        return False
    if window.day is None and window.start is None and window.end is None:
        return False
    return window.start is None or window.end is None or window.start <= window.end


def _unknown(found: Entities, practice: Practice) -> str | None:
    if found.doctor is not None and found.doctor not in {doctor.id for doctor in practice.doctors}:
        return "doctor"
    if found.motif is not None and found.motif not in {motif.id for motif in practice.motifs}:
        return "motif"
    return None


def _unsaid(found: Entities, text: str, context: Context) -> str | None:
    """A value of identity must be in the words: figure by figure, letter by letter."""
    figures = "".join(c for c in digits(text) if c.isdigit())
    letters = fold(text).replace(" ", "")
    if found.phone is not None and not _in_order(found.phone.removeprefix("+33"), figures):
        return "phone"
    for name in (found.first_name, found.last_name):
        if name is not None and (not fold(name) or fold(name).replace(" ", "") not in letters):
            return "name"
    born = found.birth_date
    if born is None:
        return None
    today, said = context.now.date(), digits(text).split()
    spoken = {str(born.year), f"{born.year % 100:02}", str(born.year % 100)} & set(said)
    if not today - timedelta(days=44000) < born <= today or not spoken or str(born.day) not in _days(said):
        return "birth_date"
    return None


def _in_order(wanted: str, said: str) -> bool:
    rest = iter(said)
    return bool(wanted) and all(figure in rest for figure in wanted)


def _days(said: list[str]) -> set[str]:
    return {word.removesuffix("er").lstrip("0") for word in said}
