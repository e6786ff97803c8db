"""Short answers in English: yes or no, which of the offers, as soon as possible."""

import re
from typing import Literal

from voicebot.domain.english.numbers import digits
from voicebot.domain.french.wordforms import fold

_YES = re.compile(
    r"\b(?:yes|yeah|yep|yup|aye|ok|okay|sure|certainly|absolutely|definitely|of course|correct|exactly|indeed"
    r"|perfect|fine|lovely|great|please do|go ahead|that s (?:right|it|correct|fine|perfect|good|me)"
    r"|that (?:works|suits|will do|would be)|i (?:do|can|am|would|will)$|sounds good|all right|alright"
    r"|no (?:problem|worries)|why not|with pleasure|it is$)\b"
)
_NO = re.compile(
    r"\b(?:no|nope|nah|never|neither|none|wrong|incorrect|negative|not (?:really|at all|quite|now|correct"
    r"|right|that|possible|exactly|for me|good)|(?:don|doesn|isn|won|can|wouldn|didn) t(?! (?:mind"
    r"|worry))|i d rather not)\b"
)
_AGREED = re.compile(r"\b(?:no (?:problem|worries)|(?:don|doesn) t mind|why not)\b")
_NOT_YES = re.compile(
    r"\bnot (?:really |quite |at all )?(?:ok|okay|sure|fine|correct|exactly|good|great|perfect|right)\b"
)
_SHRUG = re.compile(
    r"\b(?:(?:don t|do not) (?:really )?know|not sure|no idea|maybe|perhaps|it depends|can t (?:say|tell"
    r"|remember))\b"
)
_PLACES = {
    "1st": 0, "earliest": 0, "earlier one": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "1": 0, "2": 1, "3": 2,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(1st|2nd|3rd|4th|5th)\b(?! (?:of|time|name|january|february|march|april|may|june|july|august"
    r"|september"
    r"|october|november|december|week|day))"
)
_CARDINAL = re.compile(
    r"\b(?:number|option|choice) ([123])\b|^(?:the )?(earlier one|earliest)\b"
    r"|^([123])(?: please| thanks| thank you)?$"
)
_LAST = re.compile(r"\bthe (?:very )?(?:last|latest|later one)\b(?! (?:time|week|day|month|name))")
_ASAP = re.compile(
    r"\b(?:as soon as (?:possible|you can)|asap|(?:at )?the (?:earliest|soonest)(?: possible)?"
    r"|the (?:first|next) "
    r"(?:available|free|appointment|slot|opening|one you have|possible)|as (?:early"
    r"|quickly) as (?:possible|you can)"
    r"|right away|straight away|whenever you can|the sooner the better|quickly|soonest)\b"
)
_NOT_ASAP = re.compile(
    r"\b(?:no|not|isn t|nothing|don t)(?: \w+){0,3} (?:rush|urgent|as soon as possible|quickly|right away"
    r"|straight away)\b"
)


def answer(text: str) -> Literal["yes", "no"] | None:
    """What a closed question got. None = neither, or both."""
    line = fold(text)
    if _SHRUG.search(line):
        return None
    line = _NOT_YES.sub(" no ", _AGREED.sub(" yes ", line))
    yes, no = bool(_YES.search(line)), bool(_NO.search(line))
    return None if yes == no else "yes" if yes else "no"


def choice(text: str, count: int) -> int | None:
    """Which of `count` offers was chosen by its place, 0-based. None = none, several, or beyond them."""
    line = re.sub(r"\b(?:not|except) the \w+", " ", digits(text))
    found = {_PLACES[m[1]] for m in _ORDINAL.finditer(line)}
    if not found:
        found = {_PLACES[next(filter(None, m.groups()))] for m in _CARDINAL.finditer(line)}
    if _LAST.search(line):
        found.add(count - 1)
    place = found.pop() if len(found) == 1 else None
    return place if place is not None and place < count else None


def asap(text: str) -> bool:
    """The soonest is wanted."""
    return bool(_ASAP.search(_NOT_ASAP.sub(" ", fold(text))))
