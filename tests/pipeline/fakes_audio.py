"""Fake engines that hear and speak tones: a phrase is a frequency, so what was said is told from the audio.

Calls run in virtual time: a call of minutes takes as long as its arithmetic.
"""

import asyncio
import functools
import heapq
import itertools
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from telephony.bridge import bridge
from telephony.transport import LineTransport
from telephony.wav_line import WavLine
from voicebot.domain import events as on
from voicebot.domain.call import TransferOutcome
from voicebot.domain.effects import PLAIN, Expects, Transfer
from voicebot.errors import EngineFailed
from voicebot.pipeline.call import Call, House
from voicebot.pipeline.engines import DECODE_S
from voicebot.pipeline.hearing import Watch
from voicebot.pipeline.speaking import Speech
from voicebot.ports import Line, Transcript, Voice

RATE, FRAME = 16000, 640
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
NOISE_HZ = 7500
PITCHES = [hz for hz in range(625, RATE // 2, 125) if abs(hz - NOISE_HZ) >= 125]


class Phrases:
    """A frequency for each phrase of a test, both ways."""

    def __init__(self) -> None:
        self._hz: dict[str, int] = {}

    def hz(self, phrase: str) -> int:
        if phrase not in self._hz:
            assert len(self._hz) < len(PITCHES), "more phrases than 16 kHz can tell apart: say fewer"
            self._hz[phrase] = PITCHES[len(self._hz)]
        return self._hz[phrase]

    def at(self, hz: float) -> str:
        return min(self._hz, key=lambda phrase: abs(self._hz[phrase] - hz))

    def forget(self) -> None:
        """What other tests said: a pitch shall not depend on which of them ran before."""
        self._hz.clear()


PHRASES = Phrases()


def tone(hz: float, seconds: float, level: float = 0.3) -> bytes:
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * 32767 * np.sin(2 * np.pi * hz * t)).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def speech(phrase: str, seconds: float = 0.8) -> bytes:
    return tone(PHRASES.hz(phrase), seconds)


def noise(seconds: float) -> bytes:
    return tone(NOISE_HZ, seconds)


def pitches(pcm: bytes, size: int = 512) -> list[float]:
    """The loudest frequency of each window; 0 where it is silent."""
    x = np.frombuffer(pcm, "<i2").astype(float)
    x = x[: len(x) // size * size].reshape(-1, size)
    found = np.abs(np.fft.rfft(x * np.hanning(size), axis=1)).argmax(axis=1) * RATE / size
    return [hz if row.std() > 300 else 0.0 for hz, row in zip(found, x, strict=True)]


class FakeActivity:
    def confidence(self, window: bytes) -> float:
        hz = pitches(window)[0]
        return 0.0 if not hz else 0.4 if abs(hz - NOISE_HZ) < 60 else 0.95


class FakeEars:
    """Hears the phrases whose tones are in the audio, in order."""

    def __init__(self) -> None:
        self.over = 1.0
        self.clear = True
        self.broken: type[Exception] | None = None
        self.hangs = False
        self.decodes: list[str] = []
        self.expected: list[str] = []

    def activity(self) -> FakeActivity:
        return FakeActivity()

    @property
    def idle(self) -> bool:
        return True

    async def transcribe(
        self, audio: bytes, hotwords: str, expects: Expects | None, languages=("fr",)
    ) -> Transcript:
        if self.broken:
            raise self.broken("no")
        async with asyncio.timeout(DECODE_S):
            await asyncio.sleep(3600 if self.hangs else 0.25)
        heard = [hz for hz in pitches(audio) if hz]
        runs = [(hz, len(list(run))) for hz, run in itertools.groupby(heard)]
        spoken = [hz for hz, length in runs if length >= 4 and abs(hz - NOISE_HZ) > 60]
        text = " ".join(phrase for phrase, _ in itertools.groupby(PHRASES.at(hz) for hz in spoken))
        self.decodes.append(text)
        self.expected.append(hotwords)
        return Transcript(text, speech=bool(text), clear=self.clear, confidence=0.9)

    async def turn_over(self, audio: bytes) -> float:
        return self.over


class FakeSynthesizer:
    """Speaks every clause as its tone, 0.1 s a word plus 0.3 s."""

    rate = RATE

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = self.hangs = False
        self.slow: dict[str, float] = {}

    async def synthesize(self, text: str) -> bytes:
        self.asked.append(text)
        if self.broken:
            raise EngineFailed("no")
        await asyncio.sleep(3600 if self.hangs else self.slow.get(text, 0))
        return speech(text, 0.3 + 0.1 * len(text.split()))


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer as soon as nothing else is left to do. It stands still
    while a thread works: threads live in real time, and on a busy machine would be overtaken."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual, self._in_threads = 0.0, 0

    def time(self) -> float:
        return self._virtual

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        self._in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._out_of_thread)
        return future

    def _out_of_thread(self, _: object) -> None:
        self._in_threads -= 1

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            handle = heapq.heappop(self._scheduled)
            handle._scheduled = False
            self._timer_cancelled_count -= 1
        if not self._ready and self._scheduled and not self._in_threads:
            self._virtual = max(self._virtual, self._scheduled[0].when())
        super()._run_once()


def virtual_time(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test without waiting, and without what others said."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        PHRASES.forget()
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


class Now:
    """ports.Clock on the running loop's time."""

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Callable[[], None]:
        delay = max(timedelta(0), when - self.now()).total_seconds()
        return asyncio.get_running_loop().call_later(delay, callback).cancel


class FakeConversation:
    """Greets, then answers what it hears by a table; keeps the events."""

    def __init__(self, voice: Voice, answers: dict[str, Sequence[str]], greeting: Sequence[str]) -> None:
        self.voice, self.answers, self.greeting = voice, answers, greeting
        self.events: list[on.Event] = []
        self.expects: Expects | None = None
        self.likely = ""
        self.manner = PLAIN
        self.whole: set[str] = set()
        self.fails_on: str | None = None
        self.any_answer: Sequence[str] = ()
        self._inbox: asyncio.Queue[on.Event] = asyncio.Queue()
        self.ended = False

    def hear(self, event: on.Event) -> None:
        self._inbox.put_nowait(event)

    def preview(self, text: str) -> tuple[str, ...]:
        return tuple(self.answers.get(text, ()))

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def said(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, on.Said)]

    async def say(self, clauses: Sequence[str]) -> None:
        whole = any(clause in self.whole for clause in clauses)
        await self.voice.say(
            clauses, whole=whole, expects=self.expects, likely=self.likely, manner=self.manner
        )

    async def run(self) -> None:
        while not self.ended:
            event = await self._inbox.get()
            self.events.append(event)
            match event:
                case on.Started():
                    await self.say(self.greeting)
                case on.Said(text=text):
                    if text == self.fails_on:
                        raise RuntimeError("the fold broke")
                    await self.voice.hush()
                    await self._answer(text)
                case on.HungUp():
                    self.ended = True

    async def _answer(self, text: str) -> None:
        match text:
            case "au revoir":
                await self.say(["bonne journée."])
                await self.voice.hang_up()
            case "une secrétaire":
                outcome = await self.voice.transfer(Transfer("demandé"))
                self.hear(on.TransferEnded(Now().now(), outcome))
            case _:
                await self.say(self.answers.get(text, self.any_answer))


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for something to have happened; fails the test when it does not."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for is in the audio
            await asyncio.sleep(0.1)


class FakeCall:
    """A call in a test: the caller's line, the conversation, and the engines to break."""

    def __init__(
        self,
        answers: dict[str, Sequence[str]],
        greeting: Sequence[str] = (),
        watch: Watch | None = None,
        line: Line | None = None,
    ) -> None:
        self.line = WavLine()
        self.ears, self.voice = FakeEars(), FakeSynthesizer()
        clips = {"apology": speech("désolé", 0.3), "emergency": speech("composez le quinze", 0.3)}
        self.house = House(
            ears=self.ears,
            speech=Speech(self.voice, clips=clips),
            clock=Now(),
            transport=LineTransport,
            bridge=bridge,
            watch=watch or Watch(),
            told=lambda text, expects: (text, expects) == ("un mobile", "phone"),
        )
        self.captions: list[tuple[str, str, bool]] = []
        self.rings: list[Transfer] = []
        self.outcome: TransferOutcome = "no_answer"
        self.rung = asyncio.Event()
        self.call = Call(line or self.line, self.house, self._ring, lambda *seen: self.captions.append(seen))
        self.talk = FakeConversation(None, answers, greeting)  # type: ignore[arg-type]
        self.task: asyncio.Task[None] | None = None

    async def _ring(self, transfer: Transfer) -> TransferOutcome:
        self.rings.append(transfer)
        await self.rung.wait()
        return self.outcome

    def _conversation(self, voice: Voice) -> FakeConversation:
        self.talk.voice = voice
        return self.talk

    async def __aenter__(self) -> "FakeCall":
        self.task = asyncio.create_task(self.call.run(self._conversation, "web"))
        await until(lambda: self.talk.events)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.task is not None
        self.line.leave()
        async with asyncio.timeout(5):
            await self.task

    async def silent(self, seconds: float) -> None:
        """Let the caller's line run on in silence."""
        self.line.play(silence(seconds))
        await self.played()

    async def played(self) -> None:
        await until(lambda: self.line.waiting == 0, 30)

    def heard(self) -> list[str]:
        """Phrases the caller heard from our voice, in order; one that was cut and resumed is there twice."""
        return heard_by(self.line)

    def clock(self) -> int:
        """Frames the caller has heard."""
        return len(self.line.heard) // FRAME

    def frames_of(self, phrase: str) -> list[int]:
        """The frames in which the caller heard the phrase."""
        found = pitches(bytes(self.line.heard), FRAME // 2)
        return [at for at, hz in enumerate(found) if hz and PHRASES.at(hz) == phrase]


def heard_by(line: WavLine) -> list[str]:
    runs = [(hz, len(list(run))) for hz, run in itertools.groupby(pitches(bytes(line.heard)))]
    return [PHRASES.at(hz) for hz, length in runs if hz and length >= 3]
