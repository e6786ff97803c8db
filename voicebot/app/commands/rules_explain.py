"""What the rules make of a sentence, and why: which words matched what, why a level, why a question.

Several sentences are one caller's, one after the other.
"""

import argparse
import json

from voicebot.adapters import ear_tfidf, practice_yaml, rules_yaml
from voicebot.app.rule_trial import LEVELS, STATUS, RuleTrial, Tried, meaning, why
from voicebot.errors import Faulty
from voicebot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sentences, and whose rules."""
    parser.add_argument("sentence", nargs="+", help="as a caller says it")
    parser.add_argument("--practice", default="demo", metavar="ID", help="whose rules; default: demo")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """0. Raises FaultyFile for rules that cannot be read, Faulty for an unknown practice."""
    known = practice_yaml.load_all(settings.practices)
    if args.practice not in known:
        raise Faulty(f"cabinet inconnu : {args.practice} (connus : {', '.join(sorted(known))})")
    ear = ear_tfidf.load(settings.cache)
    trial = RuleTrial(lambda practice: rules_yaml.load(settings.rules, practice), ear.alarmed)
    tried = trial.tried(args.practice, args.sentence)
    print(json.dumps(as_data(tried), ensure_ascii=False, indent=2) if args.json else as_text(tried))
    return 0


def as_text(tried: Tried) -> str:
    """For a terminal."""
    lines = [f"→ {tried.decision}"]
    for reason in tried.explanation.reasons:
        rule = reason.rule
        lines += ["", f"{rule.id} ({LEVELS[rule.level]}) : {STATUS[reason.status]}", f"    {rule.title}"]
        lines += [f"    « {part.words} » : {meaning(part.meaning)}" for part in reason.parts]
        lines += [f"    mais {doubt}" for doubt in why(reason)]
    return "\n".join(lines)


def as_data(tried: Tried) -> dict[str, object]:
    """The same for a program."""
    verdict = tried.explanation.verdict
    return {
        "level": verdict.level,
        "action": verdict.action,
        "question": verdict.question,
        "advice": verdict.advice if verdict.level else None,
        "ear": tried.alarmed,
        "rules": [
            {
                "id": reason.rule.id,
                "level": reason.rule.level,
                "status": reason.status,
                "words": [{"said": part.words, "means": meaning(part.meaning)} for part in reason.parts],
                "why": list(reason.why),
            }
            for reason in tried.explanation.reasons
        ],
    }
