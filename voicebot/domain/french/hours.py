"""Times of day as people say them on the phone, found in canonical text (see `timeline.canonical`)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Literal

DAY_BEGINS, DAY_ENDS = 8 * 60, 21 * 60
"""A wish bounded on one side only ("après 17 h") reaches to these minutes of the day."""

Part = Literal["morning", "afternoon", "evening"]
Span = tuple[int, int]
"""Minutes of the day, half-open; equal = an exact time."""


@dataclass(frozen=True)
class Hours:
    """A time expression at `[start, end)` of the text. `spans` are alternatives as said, before
    "3 heures" is read as 15:00; `part` is the part of day the words themselves name."""

    start: int
    end: int
    spans: tuple[Span, ...]
    part: Part | None = None
    clock: bool = False
    """Said on the clock, so open to both halves of the day."""
    sure: bool = False
    """The half of the day was said with it ("du soir", "07 h")."""


_MONTH = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_CLOCK = re.compile(
    rf"(?:(?P<h>\d{{1,2}}|une?(?= h\b)) h\b(?: (?P<m>[0-5]?\d)\b(?! (?:h"
    rf"|{_MONTH})\b))?(?: min(?:ute)?s?\b)?|(?P<word>midi|minuit)\b(?: (?P<past>[0-5]\d"
    rf"|5)\b(?! ?(?:h\b|\d)))?)"
    r"(?: (?:(?P<half>et demie?|30)|(?P<quarter>et (?:quart|4|car|le quart|un quart)|1? ?quart)"
    r"|(?P<third>et 3 quarts?|3 quarts?)|moins (?P<less>le quart|le 4|le car|un quart|quart|le car|\d{1,2})"
    r"|et (?P<more>[1-5]?\d)(?! ?(?:h|\d)))\b)?"
    r"(?: (?:(?P<am>du mat(?:in)?)|(?P<pm>(?:de |d )?(?:l )?(?:apres midi"
    r"|aprem))|(?P<eve>du soir|de soiree|le soir))\b)?"
    r"(?: (?:piles?|environ|precises?|tapantes?|a peu pres)\b)?"
)
_BARE = re.compile(
    r"(?P<h>\d{1,2})\b(?! ?(?:jours?|semaines?|mois|ans?|minutes?"
    r"|%|degres?|h\b|/|enfants?|personnes?|fois|\d))"
)
_NOT_A_TIME = re.compile(
    r"(?:depuis|pendant|durant|toutes? les|tous les|il y a|ca fait|cela fait|voila|attendu|dure|dormi|chaque)"
    r"(?: (?:plus de|environ|au moins|presque|bien|deja|a peu pres))? (?:\d+"
    r"|une?|des|quelques|les) (?:ou \d+ )?h\b(?: \d+)?(?: et demie?)?"
    r"|(?:\d+|une|quelques|des) h (?:de |d )?(?:retard|route|trajet"
    r"|attente|sommeil|avance|par|apres|plus|avant le|sur|trop)\b"
    r"|(?:commence|commencent|embauche|ouvrez|ouvrent|ouvre|fermez"
    r"|ferme|ferment)(?: \w+)? (?:a|vers|qu a) \d+ h\b(?: \d+)?"
    r"|d une h\b|(?:demi|quart d|quarts d) h\b"
    r"|\d+ h sur \d+|depuis (?:ce |hier |le )?(?:matin|midi|soir"
    r"|apres midi)|depuis \d+ h\b(?: \d+)?|depuis la (?:matinee|journee|soiree)"
    r"|apres midi (?:et )?soir"
)
_AFTER = re.compile(
    r"(?:(?:mais |plutot )?pas avant|(?:plutot |juste )?apres|a partir de"
    r"|a compter de|des|au plus tot(?: a)?|plus tard que|au dela de|passe)(?: les)? (?=\d"
    r"|une? h|midi|minuit)"
)
_WORK = re.compile(
    r"(?:travaille|bosse|quitte|finis?|termine|debauche|sors|sort|libre"
    r"|dispo(?:nible)?|occupee?|prise?|cours|ecole|en reunion|rentre)"
    r"(?: (?:qu|que|seulement|pas|(?:du|le|mon|ma|mes|de l|de la|de|des) \w+))?(?: avant)? (?:jusqu a"
    r"|a partir de|a|vers"
    r"|qu a|avant)(?: les)? (?=\d|une? h|midi)"
)
_BEFORE = re.compile(
    r"(?:(?:plutot |juste )?avant|jusqu a|jusque|pas apres|pas plus tard que"
    r"|au plus tard(?: a| vers)?|d ici|pas au dela de)(?: les)? (?=\d|une? h|midi|minuit)"
)
_AT_MOST = re.compile(r" (?:maximum|max|grand maximum|dernier delai|au plus tard|dernier carat)\b")
_AND_LATER = re.compile(
    r" (?:et plus(?: tard)?|ou (?:plus tard|apres)|et apres|minimum|au plus tot|passees?)\b"
)
_BETWEEN = re.compile(r"(?:entre|de|d) (?=\d|une? h|midi|minuit|h)")
_DAY_BEFORE = re.compile(r"\b(?:(?:lun|mar|mercre|jeu|vendre|same)di|demain) $")
_LINK = re.compile(r" (?:et|a|jusqu a|h a)(?: les)? ")
_EITHER = re.compile(r"(?P<a>\d{1,2}) (?P<link>(?:h )?(?:ou|et|a) |)(?=\d{1,2} h\b)")
_AROUND = re.compile(
    r"(?:(?:vers|a|pour|sur|autour de|aux alentours de|aux environs de"
    r"|dans les|sur les coups de)(?: les| l)? )?(?:environ )?(?=\d|une? h|midi|minuit)"
)

_PARTS: tuple[tuple[str, Span, Part], ...] = (
    (
        r"(?:debut|premiere partie|tout debut) (?:de |d )?(?:l |la "
        r"|cet |cette )?(?:apres midi|aprem)",
        (780, 900),
        "afternoon",
    ),
    (r"milieu (?:de |d )?(?:l |cet )?(?:apres midi|aprem)", (870, 990), "afternoon"),
    (r"(?:toute )?fin (?:de |d )?(?:l |cet )?(?:apres midi|aprem)", (960, 1080), "afternoon"),
    (r"(?:tard|tardivement) (?:dans )?(?:l |en )?(?:apres midi|aprem)", (960, 1080), "afternoon"),
    (
        r"(?:fin|bout) de (?:la |cette )?mat(?:inee|in)|tard (?:dans "
        r"|en |le )?(?:la )?mat(?:inee|in)",
        (630, 750),
        "morning",
    ),
    (r"(?:le )?plus tard possible(?: (?:dans la journee|le soir))?", (1020, 1260), "evening"),
    (r"(?:h du gouter|(?:a )?l h du gouter|le gouter)", (960, 1020), "afternoon"),
    (
        r"(?:derniere?s? )(?:rdv|creneau|horaire|consultation) (?:de la journee|du soir)",
        (1020, 1200),
        "evening",
    ),
    (
        r"(?:derniere?s? )(?:rdv|creneau|horaire|consultation) (?:de la matinee|du matin)",
        (630, 750),
        "morning",
    ),
    (r"milieu de (?:la )?matinee", (570, 660), "morning"),
    (r"debut de (?:la )?mat(?:inee|in)", (480, 600), "morning"),
    (
        r"(?:toute )?fin de (?:la )?journee|(?:apres|a la sortie d"
        r"|en sortant d)(?:u| mon| le| son)? (?:travail|boulot|bureau)",
        (1020, 1200),
        "evening",
    ),
    (r"debut de (?:la )?journee", (480, 600), "morning"),
    (r"debut de (?:la )?soiree", (1020, 1140), "evening"),
    (r"fin de (?:la )?soiree", (1140, 1260), "evening"),
    (
        r"(?:apres|a la sortie de|a la fin de) (?:l ecole|la classe"
        r"|les cours|le lycee|le college|la creche)",
        (990, 1140),
        "evening",
    ),
    (
        r"(?:a )?(?:la|aux) premieres? h\b(?: (?:du matin|de la journee"
        r"|du jour))?|de (?:tres )?bonne h\b|(?:tres |assez )?tot (?:le|dans la|en) mat(?:in"
        r"|inee)"
        r"|aux aurores|des l ouverture|a l ouverture|(?:le|un) matin (?:tres |assez |le plus )?tot",
        (480, 570),
        "morning",
    ),
    (
        r"(?:pendant |a |sur |durant )?(?:l h du (?:dejeuner|midi|repas)"
        r"|l h de midi|h du dejeuner|(?:la |ma )?pause (?:de )?(?:midi|dejeuner|du midi)"
        r"|le temps de midi|le dejeuner)"
        r"|entre midi et (?:2|14 h|deux)(?: h)?\b",
        (720, 840),
        "afternoon",
    ),
    (
        r"(?:juste )?apres (?:le |mon )?(?:dejeuner|repas(?: de midi"
        r"| du midi)?|manger)",
        (780, 900),
        "afternoon",
    ),
    (r"(?:apres midis?|aprem|apresmidi|apm)", (720, 1080), "afternoon"),
    (r"mat(?:in|inee) (?:tres |assez )?tot", (480, 570), "morning"),
    (r"mat(?:inees?|ins?)", (480, 720), "morning"),
    (
        r"(?<!trop )(?<!plus )(?:(?:assez |tres )?tard (?:dans la journee|le soir|dans la soiree)"
        r"|(?:assez|plutot) tard(?! (?:que|dans)))"
        r"|(?<=demain )tard",
        (1020, 1260),
        "evening",
    ),
    (r"soir(?:s|ees?|ee)?", (1020, 1260), "evening"),
)
_PART_RULES = tuple(
    (re.compile(rf"(?:(?:en|dans|plutot|a|des) )?(?:l |la |le |les |un |cette |d )?(?:{p})\b"), span, part)
    for p, span, part in _PARTS
)


def _clock(m: re.Match[str]) -> tuple[int, bool] | None:
    """(minutes of the day as said, half of the day known) of a `_CLOCK` match."""
    g = m.groupdict()
    said = g["h"] or ""
    if g["word"]:
        minutes, sure = (720 if g["word"] == "midi" else 1440) + int(g["past"] or 0), True
    else:
        hour = 1 if said.startswith("un") else int(said)
        if hour > 23:
            return None
        minutes, sure = hour * 60, hour > 12 or len(said) == 2 and said[0] == "0"
        minutes += int(g["m"]) if g["m"] else 0
    minutes += 30 if g["half"] else 15 if g["quarter"] else 45 if g["third"] else int(g["more"] or 0)
    if g["less"]:
        minutes -= int(g["less"]) if g["less"].isdigit() else 15
    if g["am"]:
        sure = True
    elif (g["pm"] and minutes < 720) or (g["eve"] and 240 <= minutes < 720):
        minutes, sure = minutes + 720, True
    return (minutes % 1440, sure) if 0 <= minutes <= 1440 + 59 else None


def _time_at(text: str, at: int, bare: bool = False) -> tuple[int, bool, int] | None:
    """(minutes, sure, end) of a clock time at `at`; `bare` also takes a number without "heures"."""
    if (m := _CLOCK.match(text, at)) and (read := _clock(m)):
        return read[0], read[1], m.end()
    if bare and (m := _BARE.match(text, at)) and int(m["h"]) <= 24:
        return int(m["h"]) * 60 % 1440, int(m["h"]) > 12, m.end()
    return None


def _between(text: str, at: int) -> Hours | None:
    """ "entre 10 et 11 heures", "de 14 h à 16 h", "entre midi et deux"."""
    opening = _BETWEEN.match(text, at)
    if not opening or not (first := _time_at(text, opening.end(), bare=True)):
        return None
    link = _LINK.match(text, first[2])
    between = opening[0].startswith("entre")
    after_day = bool(_DAY_BEFORE.search(text[:at])) and first[0] >= 420
    if not link or not (second := _time_at(text, link.end(), bare=between or after_day)):
        return None
    bare = text[opening.end() : first[2]].isdigit() and "h" not in text[link.end() : second[2]]
    if not between and bare and not (after_day and first[0] < second[0]):
        return None
    follows = text[second[2] :].lstrip()
    if re.match(rf"(?:{_MONTH}|jours?|semaines?|mois|ans)\b", follows):
        return None
    return Hours(at, second[2], ((first[0], second[0]),), clock=True, sure=first[1] and second[1])


def _bounded(text: str, at: int) -> Hours | None:
    """ "après 17 h", "avant 10 heures", "pas avant midi", "je travaille jusqu'à 18 h"."""
    for rule, later in ((_WORK, True), (_AFTER, True), (_BEFORE, False)):
        if (m := rule.match(text, at)) and (t := _time_at(text, m.end())):
            if (
                rule is _AFTER
                and text.startswith("apres midi", at)
                and not re.match(" et demie?", text[at + 10 :])
            ):
                return None
            if (
                rule is _WORK
                and re.search(r"(?:libre|dispo|disponible)\b.*(?:jusqu a|avant) $", m[0])
                and "pas" not in m[0]
            ):
                later = False
            return Hours(at, t[2], ((t[0], -1) if later else (-1, t[0]),), clock=True, sure=t[1])
    return None


def _exact(text: str, at: int) -> Hours | None:
    """ "à 10 heures", "vers 16 h", "10 ou 11 heures", "14 h maximum"."""
    opening = _AROUND.match(text, at)
    begin = opening.end() if opening else at
    if (m := _EITHER.match(text, begin)) and int(m["a"]) <= 23:
        second = _time_at(text, m.end())
        gap = bool(m["link"].strip())
        before = text[:at].rsplit(" ", 2)[-2:] if not gap else []
        if second and (
            gap
            or (
                int(m["a"]) * 60 < second[0] <= int(m["a"]) * 60 + 120
                and not re.search(r"(?:le|di|dis|dimanche) ?$", " ".join(before))
            )
        ):
            first = int(m["a"]) * 60
            spans: tuple[Span, ...] = ((first, first), (second[0], second[0]))
            if not re.search(r"\bou\b|\bet\b", m["link"]):
                spans = ((first, second[0]),)
            return Hours(at, second[2], spans, clock=True, sure=second[1] and first > 720)
    t = _time_at(text, begin)
    if not t:
        return None
    if text[t[2] : t[2] + 1] == " " and (then := _time_at(text, t[2] + 1)) and t[0] < then[0] <= t[0] + 240:
        # "10 h 11 h", "10h-12h": a span said without its "entre".
        return Hours(at, then[2], ((t[0], then[0]),), clock=True, sure=t[1] and then[1])
    if m := _AT_MOST.match(text, t[2]):
        return Hours(at, m.end(), ((-1, t[0]),), clock=True, sure=t[1])
    if m := _AND_LATER.match(text, t[2]):
        return Hours(at, m.end(), ((t[0], -1),), clock=True, sure=t[1])
    return Hours(at, t[2], ((t[0], t[0]),), clock=True, sure=t[1])


def _part(text: str, at: int) -> Hours | None:
    for rule, span, part in _PART_RULES:
        if m := rule.match(text, at):
            return Hours(at, m.end(), (span,), part=part)
    return None


ALL_DAY: Span = (0, 1439)
"""Said to be the whole day: closes a day without narrowing it."""
_WHOLE = re.compile(
    r"(?:(?:pendant )?(?:toute|dans) la journee|a n importe quelle h"
    r"|n importe quand dans la journee)\b(?! (?:de|du|d)\b)"
)


def _whole(text: str, at: int) -> Hours | None:
    m = _WHOLE.match(text, at)
    return Hours(at, m.end(), (ALL_DAY,), sure=True) if m else None


_READERS: tuple[Callable[[str, int], Hours | None], ...] = (_whole, _between, _bounded, _part, _exact)


def hours_at(text: str, at: int) -> Hours | None:
    """The time expression that begins at `at`; one without spans is a duration to step over."""
    if m := _NOT_A_TIME.match(text, at):
        return Hours(at, m.end(), ())
    for reader in _READERS:
        if found := reader(text, at):
            return found
    return None


def _shift(minutes: int, part: Part | None, sure: bool) -> int:
    """Which half of the day a clock time means: a practice's "3 heures" is 15:00."""
    if sure or minutes < 0:
        return minutes
    if part == "morning":
        return minutes
    if part == "evening":
        return minutes + 720 if 300 <= minutes < 720 else minutes
    return minutes + 720 if minutes < 480 else minutes


def _resolved(span: Span, part: Part | None, sure: bool) -> Span:
    """Bounds filled in and halves of the day decided."""
    start, end = _shift(span[0], part, sure), _shift(span[1], part, sure)
    if end == -1:
        end = DAY_ENDS if start < DAY_ENDS else 1439
    if start == -1:
        start = min(DAY_BEGINS, max(0, end - 60))
    if start > end:
        start = span[0] if span[0] < end else start
    return start, end


def together(said: tuple[Hours, ...]) -> tuple[Span, ...]:
    """Spans meant by expressions said of the same moment ("le matin", "à 9 heures"): their common part."""
    part = next((h.part for h in said if h.part), None)
    spans: tuple[Span, ...] = ()
    for hours in sorted(said, key=lambda h: h.clock):
        mine = tuple(_resolved(s, part if hours.clock else hours.part, hours.sure) for s in hours.spans)
        common = tuple(c for s in spans for m in mine if (c := _common(s, m)))
        # "après-midi" with "à 18 h 30": the exact words win over the part of day.
        spans = common or (mine if hours.clock or not spans else spans)
    return tuple(s for s in spans if s[0] <= s[1])


def overlap(spans: tuple[Span, ...], limit: Span) -> tuple[Span, ...]:
    """What of `spans` is inside of `limit`."""
    return tuple(c for s in spans if (c := _common(s, limit)))


def _common(a: Span, b: Span) -> Span | None:
    start, end = max(a[0], b[0]), min(a[1], b[1])
    exact = a[0] == a[1] or b[0] == b[1]
    return (start, end) if start < end or (exact and start == end) else None


def as_time(minutes: int) -> time:
    """Minutes of the day as a time; midnight at the end of the day as 23:59."""
    return time(*divmod(min(minutes, 1439), 60))
