"""Prints what matching by sound gains and costs: `python tests/triage/by_ear.py`.

On every typed set, and on tests/data/triage_heard.tsv (see hear.py), with and without.
"""

from collections import Counter, defaultdict
from dataclasses import replace

from figures import ROOT, lines

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.judging import judge


def main() -> None:
    rules = load(ROOT / "triage_rules")
    deaf = replace(rules, language=replace(rules.language, sounding=None))
    sets = defaultdict(list)
    for path in sorted((ROOT / "tests/data").glob("triage_*.tsv")):
        for expected, condition, _, said in lines(path):
            sets[condition if path.stem == "triage_heard" else "typed"].append((expected, said))
    for name, said in sets.items():
        for how, book in (("written", deaf), ("by ear", rules)):
            counted = Counter()
            for expected, text in said:
                verdict = judge(book, (text,))
                counted[expected, f"{verdict.level} {verdict.action}" if verdict.level else "nothing"] += 1
            for expected in ("emergency", "urgent", "calm", "decoy"):
                outcomes = {got: n for (kind, got), n in counted.most_common() if kind == expected}
                print(f"{name:10} {how:8} {expected:9} {sum(outcomes.values()):5} {outcomes}")


if __name__ == "__main__":
    main()
