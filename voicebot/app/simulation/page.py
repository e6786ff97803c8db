"""The report as one HTML page in French that needs nothing else."""

from collections.abc import Mapping, Sequence
from html import escape

from voicebot.app.evaluation.page import STYLE, comma, day
from voicebot.app.simulation.report import Report

FIGURES = {
    "right": "Appels où tout est comme il faut",
    "right_end": "Agenda et tickets exactement justes à la fin",
    "entities": "Valeurs justes à la fin, toutes ensemble",
    "slot": "dont le jour et l'heure",
    "doctor": "dont le médecin",
    "name": "dont le nom",
    "birth_date": "dont la date de naissance",
    "phone": "dont le téléphone",
}
ASKED = {
    "open": "que puis-je faire pour vous",
    "routine": "est-ce urgent",
    "what": "dites-moi ce qui se passe",
    "urgency": "une question sur l'urgence",
    "wish": "quel jour, quel moment",
    "choice": "lequel préférez-vous",
    "name": "prénom et nom",
    "spelling": "épeler le nom",
    "birth_date": "date de naissance",
    "phone": "numéro de téléphone",
    "shown_phone": "le numéro qui s'affiche",
    "which": "de quel jour est le rendez-vous",
    "message": "quel message",
    "confirm": "c'est bien cela",
    "correction": "que faut-il corriger",
    "free": "pouvez-vous parler librement",
    "more": "puis-je faire autre chose",
}
"""What a caller was answering; a question that is not here has its own name."""
WHO = {"voice": "la voix", "caller": "l'appelant"}
OWN_STYLE = ".voice{color:#12406b}.missed{background:#fbe9e7}pre{white-space:pre-wrap;margin:0}"


def page(report: Report) -> str:
    """Self-contained."""
    calls: list[Report] = report["calls"]
    wrong = [call for call in calls if not call["right"]]
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Appels simulés</title><style>{STYLE}{OWN_STYLE}</style></head><body><main>"
        f"<h1>Appels simulés</h1>{_made(report)}{_figures(report)}{_questions(report)}"
        f"<h2>Appels perdus ({len(wrong)})</h2>{''.join(map(_told, wrong)) or '<p>Aucun.</p>'}"
        f"<h2>Tous les appels</h2>{_every(calls)}</main></body></html>\n"
    )


def _made(report: Report) -> str:
    made = report["made"]
    return (
        f"<p>Mesuré le {day(made['on'])} sur la version {made['version']} "
        f"({made['commit'] or 'sans dépôt'}) : {len(report['calls'])} appels d'appelants inventés, "
        f"{escape(made['how'])}.</p>"
        "<p><small>Les durées sont estimées : les mots de chacun à la vitesse de la voix, et 1,5 s avant "
        "chaque réponse de l'appelant. Entre parenthèses, l'intervalle de Wilson à 95 %.</small></p>"
    )


def _figures(report: Report) -> str:
    rows = [
        f"<tr><th scope=row>{title}{_aim(report['figures'][key])}</th>"
        f"<td class=n>{_share(report['figures'][key])}</td></tr>"
        for key, title in FIGURES.items()
        if report["figures"][key]["of"]
    ]
    bookings = report["bookings"]
    if bookings["number"]:
        rows += [
            _median("Durée médiane d'une prise de rendez-vous", bookings, "median_s", "at_most_s", "s"),
            _median("Prises de parole de la voix, médiane", bookings, "median_turns", "at_most_turns", ""),
        ]
    return f"<h2>En bref</h2><table>{''.join(rows)}</table>"


def _median(title: str, bookings: Report, key: str, most: str, unit: str) -> str:
    kept = "ok" if bookings[key] <= bookings[most] else "no"
    return (
        f"<tr><th scope=row>{title}<br><small>visé : au plus {comma(bookings[most])} {unit}</small></th>"
        f'<td class=n><span class="{kept}">{comma(bookings[key])} {unit}</span><br>'
        f"<small>{bookings['number']} rendez-vous pris</small></td></tr>"
    )


def _share(figure: Mapping[str, float]) -> str:
    aim = figure["at_least"]
    kept = "" if aim is None else ' class="ok"' if figure["share"] >= aim else ' class="no"'
    low, high = round(100 * figure["low"]), round(100 * figure["high"])
    return (
        f"<span{kept}>{comma(round(100 * figure['share'], 1))} %</span><br>"
        f"<small>{figure['n']}/{figure['of']} ({low}-{high})</small>"
    )


def _aim(figure: Mapping[str, float]) -> str:
    aim = figure["at_least"]
    return "" if aim is None else f"<br><small>visé par téléphone : au moins {100 * aim:.0f} %</small>"


def _questions(report: Report) -> str:
    rows = "".join(
        f"<tr><th scope=row>{_asked(asked)}</th><td class=n>{share['of']}</td><td class=n>{share['n']}</td>"
        f"<td class=n>{report['lost'].get(asked, 0)}</td></tr>"
        for asked, share in report["misunderstood"].items()
    )
    return (
        "<h2>Question par question</h2><table><tr><th></th><th scope=col>réponses</th>"
        f"<th scope=col>non comprises</th><th scope=col>appels perdus là</th></tr>{rows}</table>"
    )


def _told(call: Report) -> str:
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in call["faults"])
    lost = call["lost"]
    return (
        f"<h3>{_name(call)}</h3><ul>{faults}</ul>"
        f"<p>Perdu à « {_asked(lost['asked'])} », après « {escape(lost['after'])} ».</p>{_conversation(call)}"
    )


def _conversation(call: Report) -> str:
    lines = "".join(
        f'<div class="{line["who"]}{" missed" if line["missed"] else ""}">'
        f"{line['at_s']:.0f} s, {WHO[line['who']]} : {escape(line['words'])}{_meant(line)}</div>"
        for line in call["lines"]
    )
    return f"<details><summary>La conversation</summary>{lines}</details>"


def _meant(line: Report) -> str:
    return f" <small>(avait dit : {escape(line['meant'])})</small>" if line["meant"] else ""


def _every(calls: Sequence[Report]) -> str:
    rows = "".join(
        f'<tr><th scope=row><span class="{"ok" if call["right"] else "no"}">{_name(call)}</span></th>'
        f"<td class=n>{comma(call['seconds'])} s</td><td class=n>{call['turns']}</td>"
        f"<td>{_conversation(call)}</td></tr>"
        for call in calls
    )
    return (
        "<div class=wrap><table><tr><th></th><th scope=col>durée</th><th scope=col>prises de parole</th>"
        f"<th></th></tr>{rows}</table></div>"
    )


def _name(call: Report) -> str:
    file = f" <small>{escape(call['file'])}</small>" if call["file"] else ""
    return f"{escape(call['name'])}{file}"


def _asked(asked: str) -> str:
    return escape(ASKED.get(asked, asked))
