"""How well urgency is noticed and wishes understood, on labelled sentences; the ear's threshold."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from voicebot.adapters import ear_tfidf
from voicebot.app.commands import evaluate_understanding
from voicebot.app.evaluation.calibrating import calibrated
from voicebot.app.evaluation.cases import Case, cases, sample
from voicebot.app.evaluation.conditions import ALIASES, BY_KEY, CONDITIONS, TYPED_AGAIN, Condition
from voicebot.app.evaluation.figures import FIGURES, Result
from voicebot.app.evaluation.listening import Listening
from voicebot.app.evaluation.page import page
from voicebot.app.evaluation.product import Product, product
from voicebot.app.evaluation.report import Report, report, source
from voicebot.errors import Faulty
from voicebot.settings import HERE, Settings

CHOICES = [condition.key for condition in CONDITIONS]
OUT = HERE / "docs" / "evaluation"
OWN = HERE / "tests" / "data"
HEARD = "triage_heard.tsv"
"""Not sentences but what a recogniser made of some."""
BUDGET = 0.03
"""Share of calm callers whom the ear may have a question put to; everyone is asked once anyway."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`triage`, `ear`, `understanding`."""
    parser.add_argument(
        "what",
        choices=["triage", "ear", "understanding"],
        help="triage: the report; ear: calibrate the statistical ear; understanding: wishes",
    )
    parser.add_argument(
        "--set",
        type=Path,
        nargs="+",
        metavar="FILE",
        dest="sets",
        help="understanding: TSV of text, category, perhaps another right one; default: the project's own",
    )
    parser.add_argument("--counts", action="store_true", help="understanding: show no sentence, only counts")
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="TSV: expected, persona, flag, utterance; default: the project's own development sets",
    )
    parser.add_argument(
        "--conditions", default="typed", metavar="A,B", help=f"all, or some of {', '.join(CHOICES)}"
    )
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="of what is spoken, N lines only")
    parser.add_argument("--practice", default="demo", help="whose rules")
    parser.add_argument("--no-ear", action="store_true", help="by the rules and the intents alone")
    parser.add_argument(
        "--out", type=Path, default=OUT, metavar="DIR", help="for triage.html and triage.json"
    )
    parser.add_argument("--json", action="store_true", help="print the report instead of writing files")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="sentences listened to at once")
    parser.add_argument("--budget", type=float, default=BUDGET, help="ear: share of calm callers asked")
    parser.add_argument("--write", action="store_true", help="ear: keep the threshold found")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 also when an aim is missed: it is a measurement. Raises Faulty."""
    if arguments.what == "understanding":
        return evaluate_understanding.report(
            arguments, arguments.sets or sorted(OWN.glob("understanding_*.tsv")), settings
        )
    paths = arguments.data or sorted(path for path in OWN.glob("triage_*.tsv") if path.name != HEARD)
    if not paths:
        raise Faulty("no sentences: name files with --data")
    if arguments.what == "ear":
        return _calibrate(arguments, paths, settings)
    made = measured(arguments, paths, settings)
    if arguments.json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    written = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    (arguments.out / "triage.json").write_text(written, encoding="utf8")
    (arguments.out / "triage.html").write_text(page(made), encoding="utf8")
    print(summary(made))
    print(arguments.out / "triage.html")
    return 0


def conditions(named: str) -> tuple[Condition, ...]:
    """From `--conditions`. Raises Faulty."""
    if named == "all":
        return CONDITIONS
    keys = [ALIASES.get(name.strip(), name.strip()) for name in named.split(",")]
    if unknown := [key for key in keys if key not in CHOICES]:
        raise Faulty(f"--conditions: {', '.join(unknown)} unknown; known: {', '.join(CHOICES)}")
    return tuple(BY_KEY[key] for key in dict.fromkeys(keys))


def summary(made: Report) -> str:
    """For a terminal: a line a figure, a column a condition."""
    lines = [f"{'':<46}" + "".join(f"{c['key']:>16}" for c in made["conditions"])]
    for figure in FIGURES:
        cells = "".join(f"{_cell(c['figures'][figure.key]):>16}" for c in made["conditions"])
        lines.append(f"{figure.title[:45]:<46}{cells}")
    return "\n".join(lines)


def _cell(figure: Report) -> str:
    mark = {True: " ✓", False: " ✗", None: ""}[figure["kept"]]
    return f"{figure['n']}/{figure['of']} {100 * figure['share']:.0f} %{mark}" if figure["of"] else "–"


def measured(arguments: argparse.Namespace, paths: Sequence[Path], settings: Settings) -> Report:
    """The report of `evaluate triage` with these arguments on these files. Raises Faulty."""
    wanted = conditions(arguments.conditions)
    by_path = {path: cases([path]) for path in paths}
    every = tuple(dict.fromkeys(case for these in by_path.values() for case in these))
    ear = None if arguments.no_ear else ear_tfidf.load(settings.cache)
    service = product(settings, arguments.practice, ear)
    results: dict[str, list[Result]] = {}
    if any(condition.speaker is None for condition in wanted):
        results["typed"] = [Result(case, service.typed(case.text), case.text) for case in every]
    spoken = [condition for condition in wanted if condition.speaker]
    if spoken:
        these = sample(every, arguments.sample)
        if "typed" in results and len(these) < len(every):
            same = set(these)
            results[TYPED_AGAIN.key] = [result for result in results["typed"] if result.case in same]
        results |= _spoken(service, spoken, these, arguments.jobs, settings)
    return report(results, [source(path, len(these)) for path, these in by_path.items()], service, settings)


def _spoken(
    service: Product, spoken: Sequence[Condition], these: Sequence[Case], jobs: int, settings: Settings
) -> dict[str, list[Result]]:
    practice = service.setting.practice
    heard = Listening(settings, practice.hotwords, jobs).read(spoken, these)
    return {
        condition.key: [
            Result(case, service.heard(heard[condition.key, case]), heard[condition.key, case].text)
            for case in these
        ]
        for condition in spoken
    }


def _calibrate(arguments: argparse.Namespace, paths: Sequence[Path], settings: Settings) -> int:
    """The sentences must be others than the ear has learnt from. Raises Faulty when they are not."""
    every, learnt = cases(paths), ear_tfidf.sentences()
    known = {said for _, said in learnt} & {case.text for case in every}
    if known:
        raise Faulty(f"{len(known)} of these sentences are among those the ear has learnt from")
    ear = ear_tfidf.fresh(settings.cache)
    by_rules = product(settings, arguments.practice, ear)
    found = calibrated(every, lambda text: by_rules.typed(text).action is None, ear.score, arguments.budget)
    kept = {
        **asdict(found),
        "sentences": ear_tfidf.digest(learnt),
        "on": date.today().isoformat(),
        "rules": by_rules.setting.rules.version,
        "budget": arguments.budget,
        "data": [asdict(source(path, len(cases([path])))) for path in paths],
    }
    written = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    print(written, end="")
    if arguments.write:
        (Path(ear_tfidf.__file__).parent.parent / "data" / ear_tfidf.CALIBRATION).write_text(written, "utf8")
        print("kept", file=sys.stderr)
    return 0
