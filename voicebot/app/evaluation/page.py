"""The report as one HTML page in French that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from voicebot.app.evaluation.figures import FIGURES
from voicebot.app.evaluation.plots import Row, intervals
from voicebot.app.evaluation.report import Report

EXPECTED = {
    "emergency": "urgence vitale",
    "urgent": "urgence du jour",
    "calm": "appel calme",
    "decoy": "leurre",
}
SEVERAL = {
    "emergency": "urgences vitales",
    "urgent": "urgences du jour",
    "calm": "appels calmes",
    "decoy": "leurres",
}
PERSONAS = {
    "minimising": "minimise",
    "third": "pour un tiers",
    "third_person": "pour un tiers",
    "elderly": "personne âgée",
    "adolescent": "adolescent",
    "foreigner": "étranger",
    "panicked": "paniqué",
    "professional": "professionnel",
    "verbose": "bavard",
    "parent": "parent",
    "adult": "adulte",
    "dry": "laconique",
    "recogniser": "mal transcrit",
    "misspelt": "mal orthographié",
    "pregnant": "enceinte",
    "postop": "opéré",
    "child": "enfant",
    "whisper": "voix basse",
}
STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1c1c1c;background:#fff}
table{border-collapse:collapse;margin:1rem 0;width:100%;font-size:.92em}
th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
th[scope=row]{min-width:13rem}
td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
.ok::after{content:" ✓";color:#1a6b2f}.no::after{content:" ✗";color:#a3131b}
.wrap{overflow-x:auto}small{color:#555}
svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}
.grid{stroke:#ddd}.span{stroke:#5b7a99;stroke-width:3}.point{fill:#12406b}
.aim{stroke:#a3131b;stroke-width:2}.second{fill:#fff;stroke:#12406b;stroke-width:2}
"""


def comma(number: float) -> str:
    """As French writes it."""
    return f"{number:g}".replace(".", ",")


def day(iso: str) -> str:
    """22/11/2026."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y")


def page(report: Report) -> str:
    """Self-contained."""
    conditions: list[Report] = report["conditions"]
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Évaluation du tri des urgences</title><style>{STYLE}</style></head><body><main>"
        "<h1>Évaluation du tri des urgences</h1>"
        f"{_made(report['made'])}{_by_condition(conditions)}"
        f"{''.join(_details(condition) for condition in conditions)}</main></body></html>\n"
    )


def _made(made: Report) -> str:
    files = "".join(
        f"<li>{escape(s['name'])} : {s['lines']} phrases <small>sha256 {s['sha256'][:16]}…</small></li>"
        for s in made["sources"]
    )
    counts = ", ".join(f"{n} {(SEVERAL if n > 1 else EXPECTED)[kind]}" for kind, n in made["lines"].items())
    ear = made["ear"]
    second = f"oreille statistique, seuil {comma(ear['threshold'])}" if ear else "sans oreille statistique"
    unsigned = "" if made["reviewed"] else " Règles non validées par un médecin."
    rules = f"{made['rules']['number']} règles (version {made['rules']['version'] or '—'})"
    return (
        f"<p>Mesuré le {day(made['on'])} sur la version {made['version']} "
        f"({made['commit'] or 'sans dépôt'}), {rules}, {second}, cabinet "
        f"« {escape(made['practice'])} », reconnaissance Whisper « {escape(made['whisper'])} », voix Kokoro "
        f"{made['kokoro']}.{unsigned}</p>"
        f"<p>Phrases inventées, dites comme premiers mots d'un appel : {counts}. "
        f"Aucun médecin n'a vérifié leur classement. {_learnt(made)}</p><ul>{files}</ul>"
        "<p><small>Refaire ce rapport : <code>voicebot evaluate triage --data FICHIER…</code>. La question "
        "posée à tous (« est-ce urgent ? ») n'est pas comptée. Entre parenthèses, l'intervalle de Wilson à "
        "95 % ; il ne dit que le hasard du tirage, pas ce que de vrais appels changeraient.</small></p>"
    )


def _learnt(made: Report) -> str:
    if made["ear"] is None:
        return ""
    if not made["learnt_by_ear"]:
        return "L'oreille statistique n'a appris d'aucune d'elles."
    return (
        f"L'oreille statistique a appris de {made['learnt_by_ear']} d'entre elles, et les règles ont pu être "
        "réglées sur elles : ces chiffres-ci sont donc trop beaux."
    )


def _by_condition(conditions: Sequence[Report]) -> str:
    rows = []
    for figure in FIGURES:
        cells = "".join(f"<td class=n>{_share(c['figures'][figure.key])}</td>" for c in conditions)
        aim = _aim(figure.at_least, figure.at_most)
        rows.append(f"<tr><th scope=row>{escape(figure.title)}{aim}</th>{cells}</tr>")
    heads = "".join(
        f"<th scope=col>{escape(c['title'])}<br><small>{c['lines']} phrases</small></th>" for c in conditions
    )
    how = "".join(f"<li><b>{escape(c['title'])}</b> : {escape(c['how'])}</li>" for c in conditions)
    drawn = intervals(
        "Urgences vitales repérées, par condition",
        [
            _row(c["title"], c["figures"]["emergency_noticed"], c["figures"]["emergency_acted"]["share"])
            for c in conditions
            if c["figures"]["emergency_noticed"]["of"]
        ],
    )
    return (
        "<h2>Par condition d'écoute</h2><p>Point plein : urgences vitales repérées ; point creux : prises en "
        f"charge aussitôt, comme telles ; trait rouge : ce qui est visé.</p>{drawn}"
        f"<div class=wrap><table><tr><th></th>{heads}</tr>{''.join(rows)}</table></div><ul>{how}</ul>"
    )


def _details(condition: Report) -> str:
    title = escape(condition["title"])
    return (
        f"<h2>{title}</h2><h3>Par personnage</h3>{_groups(condition['personas'], PERSONAS)}"
        f"<details><summary>Par motif</summary>{_groups(condition['flags'], EXPECTED, plot=False)}</details>"
        f"<h3>Passées inaperçues ({len(condition['missed'])})</h3>{_lines(condition['missed'])}"
        f"<h3>Prises en charge à tort ({len(condition['alarmed'])})</h3>{_lines(condition['alarmed'])}"
    )


def _groups(groups: Mapping[str, Report], names: Mapping[str, str], *, plot: bool = True) -> str:
    shown = (
        "emergency_noticed",
        "emergency_acted",
        "urgent_noticed",
        "calm_acted",
        "calm_asked",
        "decoy_acted",
    )
    titles = {figure.key: figure.title for figure in FIGURES}
    heads = "".join(f"<th scope=col>{escape(titles[key])}</th>" for key in shown)
    rows = []
    for name, figures in groups.items():
        cells = "".join(f"<td class=n>{_share(figures[key]) if key in figures else ''}</td>" for key in shown)
        rows.append(f"<tr><th scope=row>{escape(_named(name, names))}</th>{cells}</tr>")
    drawn = [
        _row(_named(name, names), figures["emergency_noticed"], None)
        for name, figures in groups.items()
        if "emergency_noticed" in figures
    ]
    picture = intervals("Urgences vitales repérées, par personnage", drawn) if plot and drawn else ""
    return f"{picture}<div class=wrap><table><tr><th></th>{heads}</tr>{''.join(rows)}</table></div>"


def _named(name: str, names: Mapping[str, str]) -> str:
    first, _, rest = name.partition(" ")
    return " : ".join(filter(None, (names.get(first, first), rest)))


def _row(label: str, figure: Mapping[str, Any], second: float | None) -> Row:
    return Row(label, figure["share"], figure["low"], figure["high"], figure.get("at_least"), second)


def _share(figure: Mapping[str, Any]) -> str:
    if not figure["of"]:
        return "—"
    kept = {True: ' class="ok"', False: ' class="no"', None: ""}[figure.get("kept")]
    low, high = round(100 * figure["low"]), round(100 * figure["high"])
    return (
        f"<span{kept}>{comma(round(100 * figure['share'], 1))} %</span><br>"
        f"<small>{figure['n']}/{figure['of']} ({low}-{high})</small>"
    )


def _aim(at_least: float | None, at_most: float | None) -> str:
    if at_least is not None:
        return f"<br><small>visé : au moins {100 * at_least:.0f} %</small>"
    return f"<br><small>visé : au plus {100 * at_most:.0f} %</small>" if at_most is not None else ""


def _lines(lines: Iterable[Report]) -> str:
    items = "".join(f"<li>{_line(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else "<p>Aucune.</p>"


def _line(line: Report) -> str:
    told = f"<small>{EXPECTED[line['expected']]}, {escape(line['flag'])}</small> « {escape(line['text'])} »"
    if line["heard"] != line["text"]:
        told += f" <small>entendu : « {escape(line['heard'])} »</small>"
    if line["repeat"]:
        told += " <small>(prié de répéter)</small>"
    return told + (f" <small>{escape(', '.join(line['by']))}</small>" if line["by"] else "")
