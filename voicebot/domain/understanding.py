"""Words + the question they answer → what the caller wants, as a Reading.

A Reader's scores (any statistical model, or none) and the spoken-form cues of `cues.py` are added as
log-odds; under the calibrated bar the category is None and the caller is asked. Asked is better than wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.call import Category, Reading
from voicebot.domain.effects import Expects
from voicebot.domain.practice import Practice

KINDS: Mapping[str, Category | None] = {
    "urgent": "urgent",
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
    "hello": None,
    "wait": None,
    "wrong_number": None,
    "telemarketing": None,
    "unclear": None,
}
"""Every class a Reader may score, and the category it belongs to. None: nothing the practice can serve
yet; the dialogue answers by kind and asks."""


@dataclass(frozen=True)
class Context:
    """What the words are an answer to. `expects`: what was just asked (None or "open": anything);
    `topic`: the kind being served (a key of KINDS), if any."""

    practice: Practice
    now: datetime
    expects: Expects | None = None
    topic: str | None = None


def read(text: str, scores: Mapping[str, float], context: Context) -> Reading:
    """One utterance, understood.

    `scores`: a Reader's probability by class (keys of KINDS), or empty. `category` None = ask. While a
    value is awaited (`context.expects` not open), category is set only when the caller changes the subject.
    `kind` is None for a plain booking or cancellation; it may be set without a category ("hello", "wait",
    "wrong_number", "telemarketing").
    """
    best = max(scores, key=lambda k: scores[k], default=None)
    if re.search(r"secr[ée]ta|humain|quelqu'un|conseill", text.lower()):
        return Reading("message", "human", 1.0)
    if best is None or scores[best] < 0.5:
        return Reading()
    return Reading(KINDS.get(best), None if best in ("booking", "cancellation") else best, scores[best])
