"""Call the service without a browser, say sentences or WAV files, print the exchange with times."""

import argparse
import asyncio
import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp
import soundfile

from telephony.handset import Caption, Handset, calling, decoded
from telephony.wav_line import read_wav
from voicebot.app import callers, onsets
from voicebot.app.private_service import private_service
from voicebot.errors import Faulty, Unavailable
from voicebot.settings import Settings

VOICE = "siwis_low"
QUIET_S = 1.5
"""Silence after which an answer is over; pauses between its clauses are shorter."""
GREETING_S, ANSWER_S = 15.0, 12.0
"""Patience for the first word, and for an answer."""
LAST_S = 0.3
"""For the last caption to arrive."""
PROBE_S = 2.0
KEYS = "0123456789*#"


@dataclass(frozen=True)
class Step:
    """One thing the caller does: `words` is a sentence, a file's name or a key; `pcm` what is said."""

    kind: Literal["say", "wav", "key"]
    words: str
    pcm: bytes = b""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is said, in the order given."""
    parser.set_defaults(steps=[])
    add = parser.add_argument
    add(
        "--say",
        dest="steps",
        action=_Kept,
        metavar="SENTENCE",
        help='said by a synthetic voice; " | " pauses',
    )
    add("--wav", dest="steps", action=_Kept, nargs="+", metavar="FILE", help="any rate, any channels")
    add("--key", dest="steps", action=_Kept, choices=KEYS, metavar="KEY", help="press a key: 0-9 * #")
    add("--practice", default="demo", help="id of the practice that is called")
    add("--url", help="a running service, e.g. http://127.0.0.1:8080; without it the one on our port, if any")


class _Kept(argparse.Action):
    """Keeps --say, --wav and --key in the order they were given."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:
        kind = (option or "").removeprefix("--")
        given = values if isinstance(values, list) else [values]
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), *((kind, v) for v in given)])


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 when the service answered something that was said, 1 when it never did."""
    if not arguments.steps:
        raise Faulty("nothing to say: give --say, --wav or --key")
    steps = prepared(arguments.steps, settings)
    try:
        with reachable(arguments.url, settings) as url:
            return asyncio.run(_call(f"{url}/api/call/{arguments.practice}", steps))
    except Unavailable as error:
        print(f"no answer: {error}", file=sys.stderr)
        return 1


def prepared(steps: Sequence[tuple[Literal["say", "wav", "key"], str]], settings: Settings) -> list[Step]:
    """The steps with their sound, made before anybody is called. Raises Faulty naming a file."""
    studio = callers.Studio(settings)
    done = []
    for number, (kind, words) in enumerate(steps):
        pcm = b""
        if kind == "say":
            pcm = callers.on_the_line(studio.recorded(callers.sentence("said", VOICE, words)), number)
        elif kind == "wav":
            try:
                pcm = read_wav(Path(words))
            except (OSError, soundfile.LibsndfileError) as error:
                raise Faulty(f"{words}: not a sound file that can be read ({error})") from error
            if not pcm:
                raise Faulty(f"{words}: holds no sound")
        done.append(Step(kind, words, pcm))
    return done


@contextlib.contextmanager
def reachable(url: str | None, settings: Settings) -> Iterator[str]:
    """`url`, or the service on the configured port, or else one started for this. Raises Unavailable."""
    usual = f"{'https' if settings.tls_cert else 'http'}://127.0.0.1:{settings.port}"
    if url or asyncio.run(_listening(usual)):
        yield (url or usual).rstrip("/")
        return
    print(f"nothing answers at {usual}: starting a service for this call…", file=sys.stderr)
    with private_service(settings) as service:
        yield service.url


async def _listening(url: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=PROBE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(f"{url}/healthz") as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


async def _call(url: str, steps: Sequence[Step]) -> int:
    noise = callers.silence_on_the_line(seed=0)
    began = time.monotonic()
    answered = 0
    async with calling(url, noise) as handset:
        exchange = Exchange(handset, began)
        exchange.note(began, "", f"calling {url}")
        if not await handset.until_quiet(began, QUIET_S, GREETING_S):
            exchange.note(time.monotonic(), "", "no greeting was heard")
        exchange.show()
        for step in steps:
            if handset.gone.is_set():
                exchange.note(time.monotonic(), "", "the service has hung up")
                break
            answered += await _step(handset, step, exchange)
            exchange.show()
        exchange.show()
    return 0 if answered else 1


async def _step(handset: Handset, step: Step, exchange: "Exchange") -> bool:
    """Do one step; whether it was answered."""
    start = time.monotonic()
    if step.kind == "key":
        handset.press(step.words)
        span = onsets.Spoken(step.words, start, start)
        exchange.note(start, "key", step.words)
    else:
        said = await handset.say(step.pcm)
        if said is None:
            exchange.note(start, "", f"hung up on while saying: {step.words}")
            return False
        span = onsets.Spoken(step.words, said.start, said.end)
        exchange.note(said.start, "says", step.words)
    await handset.until_quiet(max(span.end, time.monotonic()), QUIET_S, ANSWER_S)
    await asyncio.sleep(LAST_S)
    (turn,) = onsets.turns([span], onsets.levels(decoded(handset.packets), 48000))
    if turn.latency is None:
        exchange.note(time.monotonic(), "", "no answer")
        return False
    notes = [f"answered {turn.latency * 1000:.0f} ms after the end"]
    notes += ["the voice spoke into it"] * bool(turn.barge_ins)
    notes += [f"a silence of {gap * 1000:.0f} ms inside" for gap in turn.gaps]
    exchange.note(span.end + turn.latency, "", ", ".join(notes))
    return True


class Exchange:
    """Prints who said what, in order, with seconds since the call was placed."""

    def __init__(self, handset: Handset, began: float) -> None:
        self._handset, self._began, self._shown = handset, began, 0
        self._lines: list[tuple[float, str, str]] = []

    def note(self, at: float, who: str, what: str) -> None:
        """Something happened."""
        self._lines.append((at, who, what))

    def show(self) -> None:
        """Print what has happened since the last time; of captions the final wordings."""
        captions = self._handset.captions[self._shown :]
        self._shown += len(captions)
        self._lines += [(caption.at, _who(caption), caption.text) for caption in captions if caption.final]
        for at, who, what in sorted(self._lines):
            print(f"{at - self._began:7.2f} s  {who:<6} {what}", flush=True)
        self._lines.clear()


def _who(caption: Caption) -> str:
    return "voice" if caption.who == "voice" else "heard"
