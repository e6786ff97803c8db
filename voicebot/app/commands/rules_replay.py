"""Past calls on changed rules: the first decision of each that would have been another. Nothing is written.

What callers said is shown on the terminal this runs on, and only there: a file or a program that reads the
output gets everything but their words.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from voicebot.adapters import practice_yaml, rules_yaml
from voicebot.adapters.database import Database
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.sealing import sealer
from voicebot.app import rule_versions
from voicebot.app.pages.french import day, hour
from voicebot.app.replay import Decision, Fate, Replayed, RulesOf, replayed
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules
from voicebot.errors import Faulty, FaultyFile, Unavailable
from voicebot.settings import Settings

KEY = "words.key"
"""In the service's state: what seals the callers' words."""
LEVELS = {"emergency": "urgence vitale", "urgent": "urgent, jour même"}
COUNTED: Mapping[Fate, str] = {
    "same": "décidés de même",
    "other_rule": "décidés de même, par une autre règle",
    "changed": "décidés autrement",
    "objected": "sans paroles (la personne refuse la transcription)",
    "unreadable": "illisibles",
    "running": "en cours, laissés de côté",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--since`, `--rules`, `--practice`, `--json`."""
    add = parser.add_argument
    add("--since", required=True, metavar="DATE", help="calls begun since then, e.g. 2026-11-01")
    add(
        "--rules",
        required=True,
        type=Path,
        metavar="PATH",
        help="the changed rules: a folder like triage_rules/",
    )
    add("--practice", default="", help="only this practice's calls; default: everybody's")
    add("--json", action="store_true", help="one JSON object instead of text")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0 once every call was compared. Raises Faulty: no such day or practice, faulty rules, no records."""
    practices = practice_yaml.load_all(settings.practices)
    if args.practice and args.practice not in practices:
        raise Faulty(f"cabinet inconnu : {args.practice} (connus : {', '.join(sorted(practices))})")
    require_records(settings)
    chosen = [practices[args.practice]] if args.practice else list(practices.values())
    try:
        found = asyncio.run(_replay(chosen, args, settings))
    except Unavailable as error:
        raise Faulty(f"Les appels passés ne se lisent pas : {error}") from error
    words = sys.stdout.isatty()
    if args.json:
        print(json.dumps([as_json(*each, words) for each in found], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(as_text(*each, words)) for each in found))
        if not words:
            print("\n(Les paroles ne s'affichent que sur un terminal.)")
    return 0


def since(said: str, zone: tzinfo) -> datetime:
    """Midnight of a day, or a moment, on the practice's clock. Raises Faulty."""
    try:
        when = datetime.fromisoformat(said)
    except ValueError as wrong:
        raise Faulty(f"--since {said!r} : écrivez une date comme 2026-11-01") from wrong
    return when if when.tzinfo else when.replace(tzinfo=zone)


def require_records(settings: Settings) -> None:
    """Raises Faulty when there are none: neither a database nor a key is made by looking for them."""
    url = make_url(settings.database)
    recorded = url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
    if not recorded or not (settings.state / KEY).is_file():
        raise Faulty(f"Aucun appel enregistré dans {settings.state} (VOICEBOT_STATE, VOICEBOT_DATABASE_URL).")


async def _replay(
    practices: Sequence[Practice], args: argparse.Namespace, settings: Settings
) -> Sequence[tuple[Practice, datetime, Sequence[Replayed]]]:
    zones = {practice.id: practice.zone for practice in practices}
    database = Database(settings.database)
    journal = SqlJournal(database, sealer(settings.state / KEY), lambda practice: zones[practice])
    try:
        return [
            (
                practice,
                from_then := since(args.since, practice.zone),
                await replayed(journal, practice, from_then, *_rules(practice, args.rules, settings)),
            )
            for practice in practices
        ]
    finally:
        await database.close()


def _rules(practice: Practice, changed: Path, settings: Settings) -> tuple[Rules, Rules, RulesOf]:
    """In force, changed, and those of a version that is kept. Raises FaultyFile."""
    chain = rule_versions.read(settings.state / rule_versions.FOLDER)
    texts = rule_versions.concerning(rule_versions.texts_of(settings.rules), practice.id)
    signed_now = rule_versions.standing(chain, practice.id, texts).signed
    in_force = rules_yaml.load(settings.rules, practice.id, signed=signed_now)

    @cache
    def kept(version: str) -> Rules | None:
        for signed in chain.versions if not chain.damage else ():
            if signed.covers(practice.id) and version in signed.rules.values():
                with tempfile.TemporaryDirectory() as folder:
                    again = rule_versions.written(signed.texts, Path(folder))
                    try:
                        rules = rules_yaml.load(again, practice.id, signed=True)
                    except FaultyFile:  # signed for an older service: it says something else to this one
                        return None
                if rules.version == version:
                    return rules
        return None

    # As they would be once signed: what they disable is what somebody wants to see the effect of.
    return in_force, rules_yaml.load(changed, practice.id, signed=True), kept


# What is shown


def as_text(practice: Practice, begun: datetime, calls: Sequence[Replayed], words: bool) -> Iterator[str]:
    """The report of one practice, in French; `words`: with what the callers said."""
    yield f"{practice.name} ({practice.id}) : {len(calls)} appels depuis le {day(begun.date())} {begun.year}"
    for fate, told in COUNTED.items():
        if count := sum(each.fate == fate for each in calls):
            yield f"  {count} {told}"
    if lost := sum(not each.as_then for each in calls if each.fate in ("same", "other_rule", "changed")):
        yield (
            f"  ({lost} sont passés par une version des règles qui n'est plus là : "
            "comparés aux règles en service aujourd'hui.)"
        )
    for rule, changed in by_rule(calls).items():
        yield ""
        yield f"{rule or 'sans règle'} : {len(changed)}"
        for each in changed:
            found = each.divergence
            assert found is not None
            started = each.call.started
            when = f"{started:%d/%m/%Y}, {hour(started, practice.zone)}"
            yield f"  {when}, appel {each.call.id}, phrase {found.utterance}"
            yield f"    {sentence(found.before)}  →  {sentence(found.after)}"
            yield from (f"      {line}" for line in details(found.before, found.after))
            if words:
                yield f"    « {found.words} »"


def sentence(decision: Decision) -> str:
    """What was decided, in French, and by which rule."""
    by = f" [{decision.rule}]" if decision.rule else ""
    if decision.asked:
        return f"question{by}"
    if decision.level is None:
        return "calme"
    advice = f", {decision.advice}" if decision.advice else ""
    return f"{LEVELS[decision.level]}{advice}{by}"


def details(before: Decision, after: Decision) -> Iterator[str]:
    """What else changed of a decision that bears the same name, in French."""
    if before.level == after.level and before.asked != after.asked and before.asked and after.asked:
        yield f"question : « {before.asked} » → « {after.asked} »"
    if before.level == after.level and before.level:
        if before.say != after.say:
            yield f"dit : {_own(before.say)} → {_own(after.say)}"
        if before.reach != after.reach:
            first, then = (reach or "l’ordre du cabinet" for reach in (before.reach, after.reach))
            yield f"appelle d'abord : {first} → {then}"


def _own(say: str) -> str:
    return f"« {say} »" if say else "la phrase du numéro"


def by_rule(calls: Sequence[Replayed]) -> Mapping[str, Sequence[Replayed]]:
    """The calls that were decided otherwise, by the rule to look at; the most frequent first."""
    found: dict[str, list[Replayed]] = {}
    for each in calls:
        if each.divergence is not None:
            found.setdefault(each.divergence.rule, []).append(each)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def as_json(practice: Practice, begun: datetime, calls: Sequence[Replayed], words: bool) -> Mapping[str, Any]:
    """The same, for programs."""
    return {
        "practice": practice.id,
        "since": begun.isoformat(),
        "calls": len(calls),
        **{fate: sum(each.fate == fate for each in calls) for fate in COUNTED},
        "rules": {rule: [_json(each, words) for each in same] for rule, same in by_rule(calls).items()},
    }


def _json(each: Replayed, words: bool) -> Mapping[str, Any]:
    found = each.divergence
    assert found is not None
    return {
        "call": each.call.id,
        "started": each.call.started.isoformat(),
        "rules": each.rules,
        "compared_with_rules_of_then": each.as_then,
        "utterance": found.utterance,
        "before": asdict(found.before),
        "after": asdict(found.after),
        **({"words": found.words} if words else {}),
    }
