"""Measure the service from outside, with synthetic callers over real WebRTC calls."""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from telephony.handset import calling, decoded
from voicebot.app import callers, onsets
from voicebot.app.private_service import PrivateService, private_service
from voicebot.errors import Unavailable
from voicebot.settings import Settings

PRACTICE = "bench"
TURNS = 24
QUIET_S = 1.5
"""Silence after which a caller takes their turn; the pauses inside an answer are shorter."""
GREETING_S, ANSWER_S = 20.0, 10.0
STAGGER_S = 1.7
"""Between the first words of two calls."""
PREPARE_S = 3600.0
"""Rendering a whole practice beforehand on a busy machine."""
METRICS_S = 5.0
NICE = -10
"""The client's stamps must be prompt, and it computes next to nothing; without the right to, it goes on."""

Figures = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """One call's turns; `complete` False: the service hung up before all was said."""

    turns: list[onsets.Turn]
    complete: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`bench latency`."""
    parser.add_argument(
        "what", choices=["latency"], help="from the end of speech to the answer's first sound"
    )
    parser.add_argument("--calls", type=int, default=1, metavar="N", help="calls at once")
    parser.add_argument("--turns", type=int, default=TURNS, metavar="N", help="turns of each call")
    parser.add_argument("--seed", type=int, default=0, help="who says what in which order")
    parser.add_argument("--url", help="a running service; without it one is started, and stopped afterwards")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--detail", action="store_true", help="every turn, on stderr")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 when nothing was answered."""
    studio, every = callers.Studio(settings), callers.sentences()
    scripts = [callers.script(every, arguments.turns, arguments.seed + n) for n in range(arguments.calls)]
    lines = [Script.of(studio, script, arguments.seed + n) for n, script in enumerate(scripts)]
    del studio  # and the model with it: from here on this process only plays and listens
    try:
        with _measured_service(arguments.url, settings) as url:
            with contextlib.suppress(OSError):
                os.nice(NICE)
            figures, calls = asyncio.run(_measure(url, lines))
    except Unavailable as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    if arguments.detail:
        print(detail(calls), file=sys.stderr)
    print(json.dumps(figures) if arguments.json else table(figures))
    return 0 if figures["p50_ms"] is not None else 1


@dataclass(frozen=True)
class Script:
    """One caller: (what is said, seconds of hesitation before, s16le mono 16 kHz) by turn, and their line."""

    turns: list[tuple[callers.Sentence, float, bytes]]
    noise: bytes

    @classmethod
    def of(
        cls, studio: callers.Studio, script: Sequence[tuple[callers.Sentence, float]], seed: int
    ) -> "Script":
        """Rendered, before anything is measured."""
        sounds = callers.recordings(studio, [said for said, _ in script], seed)
        turns = [(said, wait, sound) for (said, wait), sound in zip(script, sounds, strict=True)]
        return cls(turns, callers.silence_on_the_line(seed))


@contextlib.contextmanager
def _measured_service(url: str | None, settings: Settings) -> Iterator[str]:
    """`url`, or a service started for this, once everything is rendered that can be."""
    if url:
        yield url.rstrip("/")
        return
    with private_service(settings) as service:
        _await_phrases(service)
        yield service.url


def _await_phrases(service: PrivateService) -> None:
    deadline, told = time.monotonic() + PREPARE_S, None
    while time.monotonic() < deadline:
        if (now := service.prepared()) != told and now is not None:
            told = now
            print(f"phrases rendered beforehand: {now[0]} of {now[1]}", file=sys.stderr, flush=True)
        if told is not None and told[0] >= told[1]:
            return
        time.sleep(1)
    raise Unavailable("the phrases were not rendered in time")


async def _measure(url: str, scripts: Sequence[Script]) -> tuple[Figures, list[Measured]]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=METRICS_S)) as http:
        before, load = await _metrics(http, url), os.getloadavg()[0]
        placed = [_one_call(url, script, n * STAGGER_S) for n, script in enumerate(scripts)]
        calls = await asyncio.gather(*placed)
        after = await _metrics(http, url)
    return figures_of(calls, before, after, max(load, os.getloadavg()[0])), list(calls)


async def _metrics(http: aiohttp.ClientSession, url: str) -> Mapping[str, Any]:
    """What the service knows of itself; nothing when it does not tell us."""
    try:
        async with http.get(f"{url}/metrics/latency") as response:
            return await response.json() if response.status == 200 else {}
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return {}


async def _one_call(url: str, script: Script, wait_s: float) -> Measured:
    await asyncio.sleep(wait_s)
    spoken: list[onsets.Spoken] = []
    async with calling(f"{url}/api/call/{PRACTICE}", script.noise) as handset:
        await handset.until_quiet(time.monotonic(), QUIET_S, GREETING_S)
        for said, hesitation, pcm in script.turns:
            await asyncio.sleep(hesitation)
            span = await handset.say(pcm)
            if span is None:
                break
            spoken.append(onsets.Spoken(f"{said.voice}/{said.id}", span.start, span.end, said.paused))
            await handset.until_quiet(time.monotonic(), QUIET_S, ANSWER_S)
    heard = await asyncio.to_thread(lambda: onsets.levels(decoded(handset.packets), 48000))
    return Measured(onsets.turns(spoken, heard), len(spoken) == len(script.turns))


def figures_of(
    calls: Sequence[Measured], before: Mapping[str, Any], after: Mapping[str, Any], load: float
) -> Figures:
    """The one JSON object. Percentiles are over clean turns; the others are counted beside them."""
    turns = [turn for call in calls for turn in call.turns]
    clean = [turn for turn in turns if turn.clean]
    used = after["cpu_s"] - before["cpu_s"] if "cpu_s" in before and "cpu_s" in after else None
    latency = [t.latency for t in clean if t.latency is not None]
    paused = [t.latency for t in clean if t.latency is not None and t.paused]
    return {
        "p50_ms": onsets.percentile_ms(latency, 50),
        "p95_ms": onsets.percentile_ms(latency, 95),
        "max_ms": onsets.percentile_ms(latency, 100),
        "p50_with_a_pause_ms": onsets.percentile_ms(paused, 50),
        "calls": len(calls),
        "turns": len(turns),
        "clean_turns": len(clean),
        "unanswered": sum(turn.latency is None for turn in turns),
        "barge_ins": sum(turn.barge_ins for turn in turns),
        "talking_at_start": sum(turn.talking_at_start for turn in turns),
        "talking_at_end": sum(turn.talking_at_end for turn in turns),
        "gaps_over_300_ms": sum(len(turn.gaps) for turn in turns),
        "calls_cut_short": sum(not call.complete for call in calls),
        "stages": after.get("stages", {}),
        "stages_p95": after.get("stages_p95", {}),
        "cpu_s_per_turn": round(used / len(turns), 2) if used is not None and turns else None,
        "rss_mb": after.get("rss_peak_mb"),
        "load_average": round(load, 2),
    }


def table(figures: Figures) -> str:
    """For people."""
    rows = [(name, value) for name, value in figures.items() if not name.startswith("stages")]
    slow = figures["stages_p95"]
    stages = [(f"  {s}", f"{ms:7.1f} {slow.get(s, ms):7.1f}") for s, ms in figures["stages"].items()]
    return "\n".join(f"{name:<24} {value}" for name, value in [*rows, ("stages, ms", "P50, P95"), *stages])


def detail(calls: Sequence[Measured]) -> str:
    """Every turn, with what was wrong with it."""
    lines = []
    for number, call in enumerate(calls):
        for turn in call.turns:
            took = "none" if turn.latency is None else f"{turn.latency * 1000:.0f} ms"
            faults = [f"barge-in x{turn.barge_ins}"] * bool(turn.barge_ins)
            faults += ["talking at its start"] * turn.talking_at_start + [
                "talking at its end"
            ] * turn.talking_at_end
            faults += [f"gap {gap * 1000:.0f} ms" for gap in turn.gaps]
            lines.append(f"call {number} {turn.name:<24} {took:>8}  {', '.join(faults)}".rstrip())
    return "\n".join(lines)
