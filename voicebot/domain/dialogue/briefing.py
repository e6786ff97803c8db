"""What a human hears before they accept a call: facts, and the caller's own words; never a model's.

Kokoro speaks 18 to 20 characters of written-out French a second, 16.5 with the pauses between clauses
(measured on three briefings); 12 s are counted at 15. The exchange itself says, after it, which key accepts
and which declines: that sentence is counted in.
"""

from collections.abc import Iterator, Sequence

from voicebot.domain.call import Person
from voicebot.domain.dialogue.state import State, tell
from voicebot.domain.dialogue.wording import Phrases, clauses
from voicebot.domain.effects import Say
from voicebot.domain.french import fold
from voicebot.domain.french.spoken import spoken

CHARACTERS_PER_S = 15
LONGEST_S = 12
ACCEPT = len("Pour prendre l'appel, tapez un. Pour le refuser, tapez deux.")
"""Characters of what the exchange says after the briefing (`telephony/asterisk/sounds/accept.wav`)."""
WORDS_AT_MOST = 60
"""Characters of the caller's own words."""
WORDS_BEFORE = 6
"""Of them, before the ones that fired a rule."""
BY_WEIGHT = (
    "brief_urgent", "brief_words", "brief_practice", "brief_who", "brief_wish_booking", "brief_wish_move",
    "brief_wish_cancellation", "brief_wish_message", "brief_reason", "brief_booked", "brief_moved",
    "brief_cancelled", "brief_message", "brief_callback",
)  # fmt: skip
"""What is kept first when not everything can be said in time."""
DONE = {
    "Book": "brief_booked",
    "Move": "brief_moved",
    "Cancel": "brief_cancelled",
    "SaveTicket": "brief_message",
    "callback": "brief_callback",
}
WISH = {
    "booking": "brief_wish_booking",
    "same_day": "brief_wish_booking",
    "move": "brief_wish_move",
    "cancellation": "brief_wish_cancellation",
    "message": "brief_wish_message",
}
TOPICS = {"booking": "booking", "reschedule": "move", "cancellation": "cancellation"}
"""What a wish that waits its turn will be served as; the others are messages."""


def facts(state: State, reason: str) -> tuple[Say, ...]:
    """What is known, in the order it is said. Nothing for an emergency: it is joined at once."""
    return () if state.level == "emergency" else tuple(_facts(state, reason))


def worded(phrases: Phrases, said: Sequence[Say]) -> tuple[str, ...]:
    """The clauses that can be spoken in 12 s: the weightiest facts first, in the order they were given."""
    room = LONGEST_S * CHARACTERS_PER_S - ACCEPT
    kept: dict[str, tuple[str, ...]] = {}
    for say in sorted(said, key=lambda s: BY_WEIGHT.index(s.phrase)):
        words = clauses(phrases, say)
        length = sum(len(spoken(clause)) + 1 for clause in words)
        if length <= room:
            kept[say.phrase] = words
            room -= length
    return tuple(clause for say in said for clause in kept.get(say.phrase, ()))


def _facts(state: State, reason: str) -> Iterator[Say]:
    yield tell("brief_practice", practice=state.practice.name)
    if state.level == "urgent":
        yield tell("brief_urgent")
    flagged = next((e.words for e in state.verdict.evidence if e.words), "")
    if flagged and not state.objected:
        yield tell("brief_words", words=_quoted(flagged, state.words))
    elif not state.level:
        yield tell("brief_reason", reason=reason)
    if name := _name(state.form.person):
        yield tell("brief_who", name=name)
    wishes = dict.fromkeys((state.topic, *(TOPICS.get(wish.kind, "message") for wish in state.queue)))
    yield from (tell(WISH[topic]) for topic in wishes if topic in WISH)
    yield from (tell(phrase) for what, phrase in DONE.items() if what in state.done)


def _name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def _quoted(flagged: str, said: Sequence[str]) -> str:
    """The caller's words around those that fired the rule, as far as there is room."""
    sentence = next((s for s in reversed(said) if fold(flagged) in fold(s)), flagged)
    words = sentence.replace("|", " ").split()
    first_flagged = fold(flagged).split()[0]
    at = next((i for i, word in enumerate(words) if first_flagged in fold(word).split()), 0)
    start = max(0, at - WORDS_BEFORE) if len(sentence) > WORDS_AT_MOST else 0
    kept = words[start:]
    while len(" ".join(kept)) > WORDS_AT_MOST and len(kept) > 1:
        kept.pop()
    return " ".join(kept).rstrip(" ,.;:!?")
