"""What the pages need of the running service; `wiring` fills it, tests fake it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from voicebot.adapters.register_sql import Entry
from voicebot.adapters.sounds_sealed import Sounds
from voicebot.app.accounts import Accounts
from voicebot.app.desk_data import Desk
from voicebot.app.feedback import Feedback
from voicebot.app.live import Hub
from voicebot.app.past_calls import PastCalls
from voicebot.app.rule_trial import RuleTrial
from voicebot.domain.practice import Practice
from voicebot.ports import Line

Description = Mapping[str, str]
"""A WebRTC session description, `{"sdp": …, "type": "offer" | "answer"}`."""


async def _everybody(_: str) -> bool:
    return True


async def _at_once() -> None:
    pass


@dataclass(frozen=True)
class Service:
    """Everything behind the pages, as functions."""

    practices: Callable[[], Mapping[str, Practice]]
    """By id, as last read without a fault."""
    hub: Hub
    desk: Desk
    accounts: Accounts
    place_call: Callable[[Practice, Description], Awaitable[Description]]
    """Starts a patient's call and answers their offer. Raises Faulty (garbage), Unavailable (no capacity)."""
    join: Callable[[Description], Awaitable[tuple[Description, Callable[[], Awaitable[Line]]]]]
    """Answers a secretary's offer. The function gives their line once its audio flows (deadline: the
    caller's). Raises Faulty; the function raises Unavailable."""
    unreviewed: Callable[[str], Sequence[str]]
    """Why the rules that this practice's calls go through are not validated, in French, the reason first and
    what changed since the last signature after it; empty when a doctor has signed exactly these."""
    clock: Callable[[], datetime]
    """Now, aware."""
    trouble: Callable[[], str] = str
    """French, empty when all is well: alarms that do not reach anybody (`Paging.trouble`)."""
    past: PastCalls | None = None
    """Calls that are over."""
    feedback: Feedback | None = None
    """What they teach the practice's rules."""
    trial: RuleTrial | None = None
    """A doctor's own sentences, put to the rules."""
    sounds: Sounds | None = None
    """Messages left on the answering machine."""
    register: Callable[[], Awaitable[Sequence[Entry]]] | None = None
    """What was destroyed, oldest first. Deadline 3 s. Raises Unavailable."""
    admits: Callable[[str], Awaitable[bool]] = _everybody
    """Whether this caller (`registry.address_of`) may call again so soon. At most 0.2 s."""
    drain: Callable[[], Awaitable[None]] = _at_once
    """Take no more calls and wait for those in progress, within a deadline."""
    latency: Callable[[], Mapping[str, object]] = dict
    """`turns` answered so far; `stages` and `stages_p95`: median and slow milliseconds of each stage."""
    reasoner: Callable[[], Mapping[str, object]] = dict
    """What came of asking the language model, counted; empty when none is configured."""
