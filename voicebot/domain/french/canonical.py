"""Speech about time in one written shape, so that few patterns suffice: figures, "h" for hours, slashes
in numeric dates, " , " for every pause, and what recognisers mishear put right."""

import re

from voicebot.domain.french.wordforms import bare, numbered

_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MONTH = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_OTHER = (
    rf"(?:(?:celui|celle) (?:d apres|de la semaine d apres|suivante?)"
    rf"|(?:le|la) (?:(?:{_DAYS}) |semaine )?(?:suivante?|d apres)|l autre(?: d apres| {_DAYS}"
    rf"| semaine)?)"
)
_BEFORE_NUMBERS = (
    (r"(?<![\d./-])(\d{4})-(\d{2})-(\d{2})(?![\d./-])", r" \3/\2/\1 "),
    (
        r"(?<![\d./-])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}"
        r"|\d{2})(?![\d./-]|[ ./-]\d\d[ ./-]\d\d)",
        r" \1/\2/\3 ",
    ),
    (r"(?<![\d./-])(\d{1,2})[./](0?[1-9]|1[0-2])(?![\d./-])", r" \1/\2 "),
    (r"(\d{1,2}) ?[:h] ?(\d{2})(?!\d)", r" \1 h \2 "),
    (r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " "),
    (r"['\-_]", " "),
    (r"[,.;:!?…\n]+", " , "),
    (r"[^a-z0-9/, ]+", " "),
    (r"\s+", " "),
)
_AFTER_NUMBERS = (
    (r"\b(?:heures?|h)\b", "h"),
    (r"\b(?:minutes?|mn)\b", "min"),
    (r"\b(?:1 (?:ere?|er)|premiers?)\b", "1er"),
    (r"\b(?:premieres)\b", "premiere"),
    (r"\b(?:rendez vous|rendezvous|rv)\b", "rdv"),
    (r"\b(?:week end|weekend)s?\b", "weekend"),
    (r"\b(?:lundit|lun di|lundy)\b", "lundi"),
    (r"\b(?:mardit|mar di|mare di|mardie)\b", "mardi"),
    (r"\b(?:mercredit|mercre di|mercredie)\b", "mercredi"),
    (
        rf"\b(?:je dis|jeu dis?|jeudit|jeudie)\b(?= (?:\d+ h|\d+ (?:{_MONTH})"
        rf"|matin|apres midi|prochain|soir|en \d|\d+$))",
        "jeudi",
    ),
    (r"\b(?:jeu di|jeudit|judi)\b", "jeudi"),
    (r"\b(?:vendre dit?|vendredit|vendredie)\b", "vendredi"),
    (r"\b(?:sam di|same dit?|samedit|samedie|ca me dit)\b(?= |$)", "samedi"),
    (r"\b(?:dimanches)\b", "dimanche"),
    # "à 10 h" at the end of a sentence is heard as "à 10." and "à 10 a"
    (rf"\b({_MONTH}|{_DAYS}) a (\d{{1,2}})(?: a)?(?= ?,| ?$)", r"\1 a \2 h"),
    (rf"\b((?:{_DAYS}) \d{{1,2}} (?:{_MONTH})) ([7-9]|1\d|20)(?= ?,| ?$)", r"\1 a \2 h"),
    # "mille neuf cent soixante-trois" is heard as "1969-63", "1979 1963" and "1999 sont 63"
    (rf"\b({_MONTH}) 19\d\d (?:, |sont |cent )?(?:19|1)?(\d\d)(?= ?$| ,(?! ?\d))", r"\1 19\2"),
    (r"\b(?:le|du|au) (\d{1,2}) out?\b(?=$| ,| (?:a|vers|au|20\d\d|\d+ h)\b)", r"le \1 aout"),
    (
        r"\b(?:fin|debut|mi|en|courant|mois d) (?:ou|out)\b(?=$| ,)",
        lambda m: m[0].rsplit(" ", 1)[0] + " aout",
    ),
    (rf"\bpas (?:ce |le )?({_DAYS})(?: prochain| qui vient)?(?: ,| mais)* {_OTHER}", r"\1 en 8"),
    (
        rf"\b({_DAYS})(?: prochain| qui vient)?(?: ,| mais)* pas (?:demain|aujourd hui|celui(?: ci"
        rf"| la| qui vient)?|le prochain|ce \1)(?: ,| mais)* {_OTHER}",
        r"\1 en 8",
    ),
    (rf"\bpas (?:la |cette )?semaine(?: prochaine| qui vient)(?: ,| mais)* {_OTHER}", "la semaine en 8"),
    (rf"\bpas cette semaine(?: ,| mais)* {_OTHER}", "la semaine prochaine"),
    (
        r"((?:(?:pendant|durant|dans|sur) )?les vacances(?: scolaires)?(?: (?:de la |de l |d "
        r"|de )\w+)?)(?: ,)*"
        r"(?: plutot| de preference| mais)* (?:pendant |dans |sur )?la (premiere|deuxieme|2eme|2e|seconde"
        r"|derniere) semaine"
        r"(?! (?:de|d|des)\b)",
        lambda m: f"la {m[2]} semaine des {m[1].split('les ', 1)[1]}",
    ),
    (
        rf"\b(?:en |au mois de |au mois d |courant )({_MONTH})(?: ,)*(?: plutot)* (?:pendant |dans )?la"
        rf" (premiere|deuxieme|2eme|2e|seconde|troisieme|3eme|3e|derniere) semaine(?! (?:de|d|des)\b)",
        r"la \2 semaine de \1",
    ),
    (r"\bpacques?\b|\bpaque\b", "paques"),
    (r"\b(\d{1,2} h(?: \d\d?| et demie?| et quart)?)\b(.{0,60}?) a la meme h\b", r"\1\2 a \1"),
    (
        r"\b(\d{1,2} h)((?: ,)? (?:ou|non|pardon|enfin|plutot)(?: (?:plutot|pardon|non"
        r"|,))*) (\d{1,2})(?= ,|$)",
        r"\1\2 \3 h",
    ),
    (r"\b(ou|et) (?:celle|celui) (de|du)\b", r"\1 \2"),
    (r"\bmoins (le quart|\d{1,2}) de (\d{1,2}) h\b", r"\2 h moins \1"),
    (r"\b(?:la )?demie? de (\d{1,2}) h\b", r"\1 h et demie"),
    (r"\bh (?:et 4|et car|et cart|et kart|de quart)\b", "h et quart"),
    (r"\bh de demie?\b", "h et demie"),
    (r"\bla (?:premier|1er) (?:dit|vie)\b", "l apres midi"),
    (r"\bmoins (?:le )?(?:4|car|cart|kart)\b", "moins le quart"),
    (
        r"\b(?:mercredi|jeudi|lundi|mardi|vendredi|samedi|dimanche) en (?:8 aine"
        r"|huitaine|huit)\b",
        lambda m: m[0].split()[0] + " en 8",
    ),
    (
        r"\b(?:euh|heu|hein|ben|bah|quoi|voyons|disons|on va dire|s il vous plait"
        r"|svp|si possible|de preference)\b",
        " ",
    ),
    (r"\b(le|la|les|a|de|du|vers|je|et|au) (?:\1 )+", r"\1 "),
    (r" {2,}", " "),
)
_FIRST = tuple((re.compile(p), r) for p, r in _BEFORE_NUMBERS)
_THEN = tuple((re.compile(p), r) for p, r in _AFTER_NUMBERS)


def canonical(text: str) -> str:
    """`text` in the shape the date and hour patterns read."""
    line = bare(text)
    for pattern, better in _FIRST:
        line = pattern.sub(better, line)
    line = numbered(line.strip())
    for pattern, put in _THEN:
        line = pattern.sub(put, line)
    return line.strip(" ,") if line.strip(" ,") else ""
