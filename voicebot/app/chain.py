"""Tries the whole chain as a caller would: a loop-back call through the running service, told in French.

It asks for the opening hours: nothing is booked, no ticket is left. Each link is told as soon as it is known;
the first that does not hold ends the trial, for those behind it cannot be tried.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from rapidfuzz import fuzz

from telephony.asterisk.ami import Ami, AmiAddress, Message
from telephony.handset import Handset, calling, decoded
from voicebot.app import callers, onsets
from voicebot.domain.french.canonical import canonical
from voicebot.errors import Unavailable
from voicebot.settings import Settings

QUESTION = "Bonjour, quels sont vos horaires d'ouverture, s'il vous plaît ?"
CALLER = "siwis_low"
ALIKE = 70
"""Of 100: how much of the question must have been understood; Whisper gets a word or two wrong."""
PROBE_S = 3.0
HEARD_S = 8.0
"""For the exchange to place its call and hear the voice; the dialplan's own ear waits 6 s."""
GREETING_S, ANSWER_S, QUIET_S = 15.0, 12.0, 1.5
SLOW_S = 1.5
"""Above it an answer is told to be slow: people begin to speak again."""


@dataclass(frozen=True)
class Link:
    """One part of the chain: whether it holds, and a French sentence that says so or what to do."""

    holds: bool
    sentence: str


def address(settings: Settings) -> str:
    """Where the service on this machine answers; its certificate is for the public name."""
    if settings.tls_cert and settings.public_url:
        return settings.public_url.rstrip("/")
    return f"{'https' if settings.tls_cert else 'http'}://127.0.0.1:{settings.port}"


def question(settings: Settings) -> bytes:
    """What the caller says, as it sounds on a telephone: s16le mono 16 kHz. Raises FaultyModel."""
    return callers.on_the_line(
        callers.Studio(settings).recorded(callers.sentence("chain", CALLER, QUESTION)), 0
    )


async def web(url: str, practice: str, said: bytes) -> AsyncIterator[Link]:
    """The links of a web call to `practice`, in order; `said` as `question` makes it."""
    if not await _answers(url):
        yield Link(
            False, f"Le service ne répond pas à {url} : démarrez-le avec « make run », puis recommencez."
        )
        return
    yield Link(True, f"Le service répond à {url}.")
    began = time.monotonic()
    try:
        async with calling(f"{url}/api/call/{practice}", callers.silence_on_the_line(seed=0)) as handset:
            yield Link(True, "L'appel par le web est accepté.")
            async for link in _conversation(handset, began, said):
                yield link
    except Unavailable as error:
        yield Link(False, f"L'appel par le web n'est pas accepté : {error}.")


async def telephone(exchange: AmiAddress, number: str) -> AsyncIterator[Link]:
    """The links of a call that the exchange places to `number` (E.164) of the practice, as an operator would.

    Only for a number that the voice answers: the others ring people. The call ends when the voice is heard.
    """
    heard: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def happened(message: Message) -> None:
        if message.get("userevent") == "VoiceHeard" and not heard.done():
            heard.set_result(message.get("status") == "NOISE")

    ami, ears = Ami(exchange, happened), f"check-{secrets.token_hex(4)}"
    caller = (
        f"{int(time.time())}.{secrets.randbelow(10**9)}"  # its unique id names the call, as for any other
    )
    running = asyncio.create_task(ami.run())
    try:
        await ami.until_connected(PROBE_S)
        yield Link(True, "L'autocommutateur répond.")
        began = time.monotonic()
        line = {"Channel": f"Local/{number}@from-trunk/n", "ChannelId": ears, "OtherChannelId": caller}
        await ami.act("Originate", **line, Async="true", Context="check", Exten="ears", Priority="1")
        speaks = bool((await asyncio.wait({heard}, timeout=HEARD_S))[0]) and heard.result()
        seconds = _seconds(time.monotonic() - began)
        speaker = await ami.act("Getvar", Channel=caller, Variable="CALL_STATE") if speaks else {}
        with suppress(Unavailable):  # the call may be over already
            await ami.hang_up(ears)
        if speaker.get("value") == "agent":  # and not the exchange's own recordings
            yield Link(True, f"Au {number}, la voix s'entend {seconds} après l'appel.")
        else:
            yield Link(False, f"Au {number}, la voix ne s'entend pas : le service tourne-t-il ?")
    except Unavailable as error:
        yield Link(False, f"L'autocommutateur ne répond pas : {error}.")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _conversation(handset: Handset, began: float, said: bytes) -> AsyncIterator[Link]:
    if not await handset.until_quiet(began, QUIET_S, GREETING_S):
        yield Link(False, "L'accueil ne s'entend pas : le son n'arrive pas jusqu'à l'appelant.")
        return
    yield Link(True, f"L'accueil s'entend : {_seconds(_first_sound(handset) - began)} après l'appel.")
    spoken = await handset.say(said)
    if spoken is None:
        yield Link(False, "Le service a raccroché pendant que l'appelant parlait.")
        return
    answered = await handset.until_quiet(spoken.end, QUIET_S, ANSWER_S)
    heard = " ".join(c.text for c in handset.captions if c.final and c.who == "caller")
    alike = fuzz.ratio(canonical(heard), canonical(QUESTION))
    understood = f"On a dit « {QUESTION} », le service a entendu « {heard} »"
    if alike < ALIKE:
        yield Link(False, f"{understood} : c'est trop différent.")
        return
    yield Link(True, f"{understood}.")
    (turn,) = onsets.turns(
        [onsets.Spoken(QUESTION, spoken.start, spoken.end)], onsets.levels(decoded(handset.packets), 48000)
    )
    if not answered or turn.latency is None:
        yield Link(False, "Aucune réponse ne s'est fait entendre.")
        return
    slow = ", c'est lent : la machine fait-elle autre chose ?" if turn.latency > SLOW_S else "."
    yield Link(True, f"La réponse commence {_seconds(turn.latency)} après la question{slow}")


def _first_sound(handset: Handset) -> float:
    heard = onsets.sounds(onsets.levels(decoded(handset.packets), 48000))
    return heard[0].on if heard else time.monotonic()


def _seconds(value: float) -> str:
    return f"{value:.1f} s".replace(".", ",")


async def _answers(url: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=PROBE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(f"{url}/healthz") as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
