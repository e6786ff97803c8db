"""Messages left on the answering machine, and calls that nobody took, become tickets.

The dialplan leaves them in the exchange's spool while we may be dead: `message-<call>.wav` with the sound,
`message-<call>.json` or `missed-<call>.json` with what it knew. A file stays there until its ticket is filed,
its sound sealed and its words read, so that whatever is cut here is done again, on the same ticket.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from logging import getLogger
from pathlib import Path

from voicebot.adapters.sounds_sealed import Sounds, samples_of
from voicebot.app.books import Books
from voicebot.app.recovery import replay
from voicebot.app.voicemail_spool import Left, at_16_khz, lying_in, playable, remove, windows
from voicebot.conversation import Ports
from voicebot.domain.call import Level, Person, Ticket, Verdict
from voicebot.domain.dialogue.escalation import URGENT_CALLBACK
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.transfer import due
from voicebot.domain.practice import Practice
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Bug, EngineFailed, Unavailable, VoicebotError, boundary
from voicebot.ports import Transcript

LOOK_S = 3.0
DONE = -1.0
"""Instead of a time: nothing is left to do, even if the file is still there because we may not remove it."""
BUSY_S = 120.0
"""How long callers who are on the line come before a message's words."""
HEAR_S, TRIES = 10.0, 3
SHORTEST_S = 0.4
"""Less holds no word: whoever hung up at the tone has still called."""
SUFFIX = ":voicemail"
"""Of the key of a ticket that may have a sound."""
URGENT = "Message vocal, signe d’urgence : rappeler tout de suite"
MISSED = "Appel manqué : personne n’a pu répondre"
MISSED_URGENT = "Appel manqué après un signe d’urgence : rappeler tout de suite"

Hear = Callable[[bytes], Awaitable[Transcript]]
"""s16le mono 16 kHz, at most 28 s. Raises EngineFailed, TimeoutError."""

log = getLogger(__name__)


@dataclass(frozen=True)
class Voicemail:
    """Files what is in the spool; `run` it for as long as the service lives, after `recover`."""

    spool: Path
    sounds: Sounds
    ports: Ports
    books: Callable[[], Books]
    hear: Hear
    idle: Callable[[], bool]
    """Nobody on the line is being listened to."""
    changed: Callable[[], None]
    """A ticket was saved."""

    async def run(self) -> None:
        """Look, file, and read the words when callers leave the time for it."""
        filed: dict[str, float] = {}
        while True:
            await self.look(filed)
            await asyncio.sleep(LOOK_S)

    async def look(self, filed: dict[str, float]) -> None:
        """One look. `filed`: when the ticket of a message whose words are still to be read was filed."""
        lying = await asyncio.to_thread(lying_in, self.spool)
        for gone in filed.keys() - {left.call for left in lying}:
            del filed[gone]
        for left in lying:
            if left.call not in filed and await self._settled(self._file(left)):
                filed[left.call] = time.monotonic()
        for left in lying:
            since = filed.get(left.call, DONE)
            if since == DONE or not (self.idle() or time.monotonic() - since > BUSY_S):
                continue
            if await self._settled(self._finish(left)):
                filed[left.call] = DONE

    async def _settled(self, work: Awaitable[None]) -> bool:
        """False: a store does not take it now; it stays in the spool and is tried again."""
        try:
            with boundary():  # one strange file must not stop the service
                await work
        except VoicebotError as error:
            why = str(error) if isinstance(error, Bug) else type(error).__name__
            log.error("a message in the spool waits: %s", why)
            return False
        return True

    async def _file(self, left: Left) -> None:
        """The ticket, at once, and the sound sealed."""
        practice, state = await self._known(left)
        await self._save(practice, left, ticket(practice, left, state))
        if left.sound is not None:
            sound = await asyncio.to_thread(playable, left.sound)
            await asyncio.to_thread(self.sounds.put, practice.id, left.call, sound, left.at)
        if left.sound is None or (state and state.objected):
            await asyncio.to_thread(remove, left.files)

    async def _finish(self, left: Left) -> None:
        """The words, if they can be read; then nothing of it stays in the spool."""
        if left.sound is not None and left.sound.exists():
            practice, state = await self._known(left)
            words, heard = await self._words(left.sound)
            rules = self.books().rules_of(practice.id)
            read = with_words(ticket(practice, left, state), words, heard, rules, left.at)
            await self._save(practice, left, read)
        await asyncio.to_thread(remove, left.files)

    async def _save(self, practice: Practice, left: Left, what: Ticket) -> None:
        await self.ports.tickets.save(practice.id, left.call, what, left.at)
        self.changed()

    async def _known(self, left: Left) -> tuple[Practice, State | None]:
        """Whose call it is, and how far it had come with us; None: we never had it."""
        books = self.books()
        practice = of_practice(books, left)
        try:
            past = await replay(self.ports, Setting(practice, books.rules_of(practice.id)), left.call)
        except Unavailable:
            return practice, None
        return practice, past.state if past.length else None

    async def _words(self, path: Path) -> tuple[str, bool]:
        """(what was said, whether it could be read to the end)."""
        try:
            pcm, rate = await asyncio.to_thread(lambda: samples_of(path.read_bytes()))
        except ValueError:
            return "", False
        if len(pcm) < SHORTEST_S * rate * 2:
            return "", True
        words, heard = [], True
        for window in windows(await asyncio.to_thread(at_16_khz, pcm, rate)):
            transcript = await self._transcript(window)
            if transcript is None:
                heard = False
            elif transcript.speech and transcript.text:
                words.append(transcript.text)
                heard = heard and transcript.clear
        return " ".join(words), heard

    async def _transcript(self, window: bytes) -> Transcript | None:
        """A message can wait, so it is tried again when the engine was busy."""
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(HEAR_S):
                    return await self.hear(window)
            except (EngineFailed, TimeoutError) as error:
                log.warning("a message is not read at once: %s", type(error).__name__)
        return None


def of_practice(books: Books, left: Left) -> Practice:
    """By its id, else by the number dialled, else the first: a message is nowhere lost."""
    if left.practice in books.practices:
        return books.practices[left.practice]
    for practice in books.practices.values():
        if any(number.e164 == left.dialled for number in practice.numbers):
            return practice
    return next(iter(books.practices.values()))


def ticket(practice: Practice, left: Left, state: State | None) -> Ticket:
    """What is known before anybody has listened. A flag of the call it ended rings the pager."""
    before: Level | None = _level(state) if state else None
    level: Level | None = "emergency" if left.urgent else before
    flags = state.flags if state else ()
    person = state.form.person if state else Person()
    calm, urgent = ("Message vocal", URGENT) if left.sound is not None else (MISSED, MISSED_URGENT)
    return Ticket(
        key=f"{left.call}{SUFFIX}",
        kind="callback",
        subject=urgent if level else calm,
        text="",
        person=replace(person, phone=person.phone or left.number),
        due=left.at + URGENT_CALLBACK if level else due(practice, left.at, practice.callback_within),
        level=level,
        flags=flags,
        alarm=bool(level or flags),
    )


def _level(state: State) -> Level | None:
    """An urgency question nobody answered counts as a yes."""
    return state.verdict.level if state.asked == "urgency" else state.level


def with_words(known: Ticket, words: str, heard: bool, rules: Rules, at: datetime) -> Ticket:
    """The ticket with what was said. The doctor's rules see it too; what could not be read rings as well."""
    verdict = judge(rules, [words]) if words else Verdict()
    level = "emergency" if "emergency" in (known.level, verdict.level) else known.level or verdict.level
    flags = tuple(sorted({*known.flags, *(each.rule for each in verdict.evidence)}))
    doubt = "" if heard else "(Mal entendu : écoutez le message.)"
    silent = "" if words or not heard else "(Aucune parole.)"
    return replace(
        known,
        subject=URGENT if level else known.subject,
        text="\n".join(part for part in (f"« {words} »" if words else silent, doubt) if part),
        due=min(known.due, at + URGENT_CALLBACK) if level else known.due,
        level=level,
        flags=flags,
        alarm=bool(level or flags or not heard),
    )
