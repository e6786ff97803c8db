"""Whole calls by invented callers: which end in the right agenda and tickets, and where others are lost."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from voicebot.app.simulation import journeys
from voicebot.app.simulation.judging import judged
from voicebot.app.simulation.page import page
from voicebot.app.simulation.playing import open_house, play
from voicebot.app.simulation.report import Played, Report, report
from voicebot.app.simulation.telephone import HOW, Telephone
from voicebot.settings import Settings

TYPED = "dont les mots sont lus tels quels, sans reconnaissance vocale"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which journeys, and where the report goes."""
    parser.add_argument(
        "journeys",
        nargs="*",
        metavar="JOURNEY",
        help=f"YAML files, folders of them, or words of a name; default: those in {journeys.FOLDER}",
    )
    parser.add_argument(
        "--audio",
        action="store_true",
        help=f"said aloud in a street, over a telephone, and heard; default: those in {journeys.SPOKEN}",
    )
    parser.add_argument(
        "--times", type=int, default=1, metavar="N", help="run them N times in a row: each must end right"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON; - prints it")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the report as a page, in French")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 when every call ended as it must, else 1. Raises Faulty."""
    wanted = journeys.wanted(arguments.journeys, journeys.SPOKEN if arguments.audio else None)
    telephone = Telephone(settings) if arguments.audio else None
    calls = asyncio.run(_played(wanted * arguments.times, settings, telephone))
    made = report(calls, "audio" if telephone else "text", HOW if telephone else TYPED)
    told(made, arguments)
    return 0 if all(call["right"] for call in made["calls"]) else 1


async def _played(
    wanted: Sequence[journeys.Journey], settings: Settings, telephone: Telephone | None
) -> list[Played]:
    with tempfile.TemporaryDirectory() as name:
        folder, calls = Path(name), []
        house = await open_house(folder, settings)
        for journey in wanted:
            left = await play(journey, house, folder, telephone)
            calls.append(Played(journey, left, judged(journey, left)))
            if telephone:
                right = "lost" if calls[-1].judgement.faults else "right"
                print(f"{len(calls)} / {len(wanted)} {right}: {journey.name}", file=sys.stderr, flush=True)
        return calls


def told(made: Report, arguments: argparse.Namespace) -> None:
    """To the files asked for, and to the terminal."""
    written = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if arguments.json == Path("-"):
        print(written, end="")
    elif arguments.json:
        arguments.json.write_text(written, encoding="utf8")
    if arguments.html:
        arguments.html.write_text(page(made), encoding="utf8")
    print(summary(made), file=sys.stderr if arguments.json == Path("-") else sys.stdout)


def _line(line: Report) -> str:
    meant = f"  (said: {line['meant']})" if line["meant"] else ""
    return f"    {line['at_s']:6.1f} s {line['who']:>6}  {line['words']}{meant}"


def summary(made: Report) -> str:
    """For a terminal: every lost call with its conversation, then the figures."""
    lines = []
    for call in made["calls"]:
        if not call["right"]:
            lines += [f"LOST {call['file']}: {call['name']}", *(f"  {fault}" for fault in call["faults"])]
            lines += [f"  lost at {call['lost']['asked']!r} after {call['lost']['after']!r}"]
            lines += [_line(line) for line in call["lines"]]
    shares = {key: share for key, share in made["figures"].items() if share["of"]}
    lines += [f"{key:<12} {s['n']}/{s['of']} {100 * s['share']:.1f} %" for key, s in shares.items()]
    bookings = made["bookings"]
    if bookings["number"]:
        lines.append(f"bookings     median {bookings['median_s']:g} s, {bookings['median_turns']:g} turns")
    return "\n".join(lines)
