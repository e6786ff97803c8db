"""One utterance a line on stdin, one JSON object a line on stdout, in the same order."""

import argparse
import io
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from voicebot.adapters import practice_yaml, reader_tfidf, rules_yaml
from voicebot.domain.call import Reading, Verdict, Window
from voicebot.domain.french import fold
from voicebot.domain.languages import spoken_in
from voicebot.domain.practice import Practice
from voicebot.domain.triage.judging import judge
from voicebot.domain.understanding.reading import Context, read
from voicebot.errors import Faulty
from voicebot.settings import Settings

MOST_WINDOWS = 31


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--practice`, `--now`."""
    parser.add_argument("--practice", default="demo", help="its id: the file's name in practices/")
    parser.add_argument(
        "--now", metavar="ISO", help="when it is said, e.g. 2026-10-07T09:30; default: this moment"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer every line as it comes. Raises Faulty for an unknown practice, an unreadable time or file."""
    path = settings.practices / f"{args.practice}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in settings.practices.glob("*.yaml")))
        raise Faulty(f"cabinet inconnu : {args.practice} (connus : {known})")
    practice = practice_yaml.load(path)
    answer = understander(practice, settings, moment(args.now, practice))
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf8", errors="replace", newline="\n")
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf8", newline="\n")
    for line in lines:
        print(json.dumps(answer(line.rstrip("\r\n")), ensure_ascii=False), file=out, flush=True)
    lines.detach()
    out.detach()
    return 0


def moment(said: str | None, practice: Practice) -> datetime:
    """`--now` in the practice's clock; without an offset it is taken to be local there."""
    if said is None:
        return datetime.now(practice.zone)
    try:
        when = datetime.fromisoformat(said)
    except ValueError as wrong:
        raise Faulty(f"--now {said!r} : écrivez une date comme 2026-10-07T09:30") from wrong
    return when.replace(tzinfo=practice.zone) if when.tzinfo is None else when.astimezone(practice.zone)


def understander(practice: Practice, settings: Settings, now: datetime) -> Callable[[str], dict[str, Any]]:
    """What turns one utterance, said out of the blue, into the object that is printed."""
    rules = rules_yaml.beside(
        rules_yaml.load(settings.rules), settings.rules, (spoken.code for spoken in practice.languages)
    )
    reader = reader_tfidf.load(settings.cache, (spoken.code for spoken in practice.languages))
    context = Context(practice, now)

    def answer(text: str) -> dict[str, Any]:
        speaking = spoken_in(text, practice.languages[0], practice.languages)
        verdict = judge(rules, [text], speaking.code) if fold(text) else Verdict()
        scores = reader.scores(text, speaking.code)
        return shown(text, verdict, read(text, scores, replace(context, language=speaking)))

    return answer


def shown(text: str, verdict: Verdict, reading: Reading) -> dict[str, Any]:
    """The printed object. Urgency comes before any other wish."""
    return {
        "text": text,
        "category": "urgent" if verdict.level else reading.category,
        "kind": reading.kind,
        "level": verdict.level,
        "action": verdict.action,
        "rules": [{"id": e.rule, "status": e.status, "words": e.words} for e in verdict.evidence],
        "windows": [_window(w) for w in reading.windows[:MOST_WINDOWS]],
        "entities": _entities(reading),
        "confidence": 1.0 if verdict.level else reading.confidence,
    }


def _window(window: Window) -> dict[str, str | None]:
    return {
        "day": window.day.isoformat() if window.day else None,
        "from": window.start.strftime("%H:%M") if window.start else None,
        "to": window.end.strftime("%H:%M") if window.end else None,
    }


def _entities(reading: Reading) -> Mapping[str, str | bool | int]:
    """Only what was said."""
    found = reading.entities
    named = {
        "name": " ".join(n for n in (found.first_name, found.last_name) if n),
        "first_name": found.first_name,
        "last_name": found.last_name,
        "birth_date": found.birth_date.isoformat() if found.birth_date else None,
        "phone": found.phone,
        "doctor": found.doctor,
        "motif": found.motif,
        "asap": found.asap,
        "answer": found.answer,
    }
    return {key: value for key, value in named.items() if value}
