"""Prints what the shipped rules catch: `python tests/triage/figures.py [FILE …] [--misses]`.

A file is a TSV of `expected, persona, flag, utterance`; without one, the project's own sets.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]


def lines(path: Path):
    for line in path.read_text(encoding="utf8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def main(paths: list[Path], misses: bool) -> None:
    rules = load(ROOT / "triage_rules")
    for path in paths:
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for expected, _, flag, text in lines(path):
            verdict = judge(rules, (text,))
            got = f"{verdict.level} {verdict.action}" if verdict.level else "nothing"
            table[expected][got] += 1
            wrong = {
                "emergency": got not in ("emergency act",),
                "urgent": not verdict.level,
                "decoy": verdict.action == "act",
                "calm": bool(verdict.level),
            }[expected]
            if misses and wrong:
                print(
                    f"  {expected:9} {got:14} {flag}: {text}  {[(e.rule, e.words) for e in verdict.evidence]}"
                )
        print(path.name)
        for expected, counts in table.items():
            total = sum(counts.values())
            said = ", ".join(f"{got} {n} ({100 * n / total:.0f} %)" for got, n in counts.most_common())
            print(f"  {expected:9} {total:4}: {said}")


if __name__ == "__main__":
    chosen = [Path(a) for a in sys.argv[1:] if not a.startswith("-")]
    main(chosen or sorted((ROOT / "tests/data").glob("triage_*.tsv")), "--misses" in sys.argv)
