"""The forms in which callers name days, in canonical text, each with its reader. Order decides: the first
that fits wins, so longer and safer forms stand first."""

import re
from dataclasses import replace

from voicebot.domain.french import day_readings as read
from voicebot.domain.french import holiday_readings as holiday
from voicebot.domain.french import month_readings as monthly
from voicebot.domain.french.almanac import MONTHS, WEEKDAYS
from voicebot.domain.french.days import Days, Reader, Today

_WD = "|".join(WEEKDAYS)
_MONTH = "|".join(MONTHS)
_W = r"(?P<wd>" + "|".join(WEEKDAYS) + ")"
_M = r"(?P<month>" + "|".join(MONTHS) + r")\b"
_Y = r"(?: (?P<year>20\d\d))?(?! ?\d)"
_N = r"(?P<n>3[01]|[12]\d|0?[1-9]|1er)\b"
_ORD = (
    r"(?P<ord>1er|premiere|2eme|2e|deuxieme|second|seconde|3eme"
    r"|troisieme|3e|quatrieme|4eme|4e|dernier|derniere)"
)
_NEXT = r"(?:prochaine?s?|suivante?s?|d apres|qui vient|qui suit|a venir)"
_B = r"(?P<break>toussaint|noel|fin d annee|hiver|fevrier|ski|printemps|paques|avril|ete)"
_COUNT = r"(?P<a>\d{1,2}|une?|(?:une )?(?P<about>quinzaine|dizaine|huitaine|vingtaine) de)"

_OF_MONTH = (
    rf"(?:d |de |du |du mois d |du mois de |en )?(?:{_M}|(?P<next>(?:mois )?prochain)"
    rf"|(?P<this>mois(?: ci| en cours)?|ce mois(?: ci)?))"
)
_FEAST = (
    r"(?P<feast>lundi de paques|paques|ascension|lundi de (?:la )?pentecote"
    r"|pentecote|toussaint|assomption|armistice|noel|jour de l an|nouvel an|1er de l an"
    r"|fete nationale|fete du travail|mardi gras|vendredi saint)"
)
_NOT_OF = (
    r"(?! (?:le |la |les |l |mon |ma |mes )?(?:\d|1er|noel|paques|toussaint|ascension|pentecote|vacances"
    r"|rentree"
    r"|fetes))"
)
"""After "d'après", "suivant": nothing that it could be said of."""
_A = r"(?:le |la |les |l |ce |cette |un |une |au |du |des |aux |de |d ){0,3}"

_RULES: tuple[tuple[str, Reader], ...] = (
    # What is past, lasts or recurs is no wish.
    (rf"{_A}{_W}s? (?:dernier|passe|d avant|precedent)\b(?! l?e? ?\d)", read.void),
    (rf"{_A}(?:en |mois de |mois d )?(?:{_MONTH}) dernier\b", read.void),
    (
        rf"{_A}(?:semaine|mois|annee|weekend|ete|hiver|fois)s? (?:derniere?"
        rf"|passee?|d avant|precedente?)\b",
        read.void,
    ),
    (r"(?:avant )?hier\b(?: (?:matin|soir|apres midi))?", read.void),
    (
        r"(?:depuis|il y a|ca fait|cela fait|ca va faire|voila|pendant"
        r"|durant|tou(?:te)?s les|sur|encore)(?: (?:environ|bien|deja|presque|plus de|au moins"
        r"|bientot|les))? (?:\d+|une?|des|quelques)(?: (?:ou|a) \d+)? (?:bons? |bonnes? )?(?:jours?"
        r"|semaines?|mois|ans?|annees?)\b",
        read.void,
    ),
    (r"(?:a |de |d )?(?:\d+|un) (?:ans|an et demi|mois et demi)\b(?! ?(?:et|apres))", read.void),
    (
        r"(?:bebe|enfant|fils|fille|petite?|garcon|nourrisson|age|agee"
        r"|enceinte|grossesse)(?: qui a)? (?:de |d )(?:\d+|une?) (?:jours?|semaines?|mois)\b",
        read.void,
    ),
    # Sets of days.
    (
        r"(?:n importe quel jour|tous les jours|n importe quand|un jour) (?:de la|dans la|en) semaine"
        r"(?! (?:pro|du|d apres|qui|suiv|\d))",
        read.working,
    ),
    (r"(?:tous )?les autres jours|le reste de la semaine|tout le reste|le reste du temps", read.any_day),
    (
        r"(?:a )?n importe (?:quel jour|quand|lequel)\b|peu importe (?:le jour"
        r"|quand|la date)\b|quand vous (?:voulez|voudrez|pouvez)\b|tous les jours\b(?! de la semaine pendant)"
        r"|chaque jour\b|(?:le jour|la date) (?:m est egal|n a pas d importance)\b"
        r"|toute la semaine\b(?! prochaine)"
        r"|n importe quelle date\b",
        read.any_day,
    ),
    (
        rf"(?:tous les|les|n importe quel|n importe lequel des|chaque"
        rf"|un|uniquement les) {_W}s?\b(?! {_N})(?! ?(?:{_NEXT}|en \d|1er))",
        read.every,
    ),
    (rf"{_W}s\b(?! ?(?:{_NEXT}|\d))", read.every),
    (
        r"(?:la |pendant la )?en semaine\b|(?:un |les )?jours? (?:de semaine"
        r"|ouvres?|ouvrables?)\b",
        read.working,
    ),
    (rf"{_A}(?P<ord>dernier|derniere) {_W} de (?:l |cette )annee(?! prochaine)", monthly.last_of_year),
    # Weeks.
    (
        rf"(?:(?:la |dans la )?semaine )?(?:du|entre le|de (?=\d+(?: \w+)? au \d)"
        rf"|entre (?=\d+(?: \w+)? et (?:le )?\d+ (?:{_MONTH}))) (?:(?:{_WD}) )?(?P<n1>3[01]"
        rf"|[12]\d|0?[1-9]|1er)(?: (?P<month1>{_MONTH}))? (?:au|et le|jusqu au"
        rf"|a|et) (?:(?:{_WD}) )?(?P<n2>3[01]|[12]\d|0?[1-9]|1er)\b(?: (?P<month2>{_MONTH})\b)?"
        r"(?! h\b)(?! \w* ?h\b)",
        read.from_to,
    ),
    (
        rf"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?P<third>debut"
        rf"|milieu|mi|fin) (?:de |d )?(?:la |cette )?semaine (?P<next>{_NEXT})",
        read.in_week,
    ),
    (
        rf"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?:(?P<third>debut"
        rf"|milieu|mi|fin) (?:de |d )?(?:la )?)?semaine (?:qui commence )?(?:du"
        rf"|le) (?:(?:{_WD}) )?{_N}(?: {_M})?",
        read.in_week,
    ),
    (
        r"(?:en |le |au |vers (?:le )?|a (?:la )?|la )?(?P<third>debut"
        r"|milieu|fin) (?:de |d )?(?:la |cette )?semaine\b",
        read.in_week,
    ),
    (
        rf"{_A}{_ORD} (?:{_W}|(?P<day>jour))(?: (?:des|de mes|de nos|de ces|du)) (?:grandes )?(?:vacances"
        rf"|conges)"
        rf"(?: scolaires)?(?: (?:de la |de l |d |de |des? )?{_B})?",
        holiday.school_day,
    ),
    (rf"{_A}{_ORD} jour(?P<works> (?:ouvrable|ouvre|de travail|ouvert))? {_OF_MONTH}", monthly.edge_day),
    (rf"{_A}{_ORD} semaine (?:des )?(?:vacances )(?:d |de |de la |des? l )?{_B}?", holiday.school),
    (rf"{_A}{_ORD} semaine {_OF_MONTH}", monthly.ordinal_week),
    (
        r"(?:(?:dans |de |en |pour )?la )?semaine (?:numero )?(?P<iso>[1-5]?\d)\b(?! (?:h|jours?))",
        read.in_week,
    ),
    (
        r"(?P<after>la semaine (?:apres la (?:semaine )?prochaine|d apres la (?:semaine )?prochaine)"
        r"|la semaine prochaine en 8|(?:dans )?la semaine en 8)\b",
        read.in_week,
    ),
    (
        rf"(?:dans |sur |pour |pendant |au cours de |de )?{_A}semaine (?P<next>{_NEXT}){_NOT_OF}",
        read.in_week,
    ),
    (
        r"(?:dans |sur |pour |pendant |au cours de |courant |dans le courant de )?(?:cette semaine"
        r"|la semaine en cours|la semaine(?! (?:en|du|de|d|avant|juste|apres|suivant|precedant"
        r"|pro|que|pas|der|pass)))\b(?: ci\b)?",
        read.in_week,
    ),
    (rf"{_A}weekend (?:du|le|des) (?:samedi )?{_N}(?: (?:et )?(?:au )?\d\d?)?(?: {_M})?", read.weekend),
    (rf"{_A}weekend (?P<next>{_NEXT})", read.weekend),
    (r"(?:ce |le |du |au |pendant le )?weekend\b", read.weekend),
    # Counted from today.
    (
        rf"(?:dans|d ici|sous) {_COUNT} (?P<unit1>jours?|semaines?|mois) (?:a "
        rf"|ou |, )*(?P<b>\d{{1,2}}|une?) (?P<unit>jours?|semaines?|mois)\b",
        read.in_time,
    ),
    (
        r"(?:dans|d ici) (?:environ |a peu pres )?(?P<a>\d{1,2}|une?)(?: ou"
        r"| a| ,|(?= \d)) ?(?P<b>\d{1,2}) (?P<unit>jours?|semaines?|mois)\b",
        read.in_time,
    ),
    (
        r"(?:dans|d ici) (?:environ )?(?P<a>\d{1,2}|une?) (?P<unit>semaines?|mois|jours?) (?:ou"
        r"|a) (?P<b>\d{1,2})"
        r"(?! ?(?:h|jours?|semaines?|mois))",
        read.in_time,
    ),
    (rf"dans (?P<n>[1-9]|une?) {_W}s?\b", read.nth),
    (
        rf"dans (?:environ |a peu pres |a peine )?(?:une (?:petite|bonne|grosse) (?=semaine)(?P<one>))?"
        rf"(?:(?<=petite )|(?<=bonne )|(?<=grosse )|{_COUNT} )(?:petits? )?(?P<unit>jours?"
        rf"|semaines?|mois|ans?)\b(?P<half> et demie?\b)?",
        read.in_time,
    ),
    (
        rf"(?:d ici(?: a)?|sous|dans les|au cours des|avant|dans un delai de"
        rf"|d ici environ) {_COUNT} (?:prochaine?s? )?(?P<unit>jours?|semaines?|mois|h)\b(?: (?:qui viennent"
        rf"|a venir|maximum|max))?",
        read.within,
    ),
    (
        rf"(?:pas|rien|jamais) avant (?:environ |au moins )?{_COUNT} (?P<unit>jours?|semaines?|mois)\b",
        read.not_before,
    ),
    (rf"(?:dans|d ici)(?: environ)? {_COUNT} (?P<unit>h)\b(?: (?:ou \d|et demie?))?", read.in_hours),
    (r"dans une (?P<about>quinzaine|huitaine|dizaine)\b(?! de)(?P<a>)(?P<unit>)", read.in_time),
    (r"(?:dans la|sous|d ici(?: une)?) (?P<about>quinzaine|huitaine)(?P<unit>(?! de))(?P<a>)", read.within),
    (
        r"dans les (?:prochains jours|jours (?:qui viennent|a venir"
        r"|prochains|qui suivent))|ces jours ci|ces prochains jours",
        read.reach(0, 7),
    ),
    (r"dans quelques jours", read.reach(2, 7)),
    (r"(?:dans|d ici) (?:les )?(?:prochaines|quelques) semaines", read.reach(7, 30)),
    # Ends of weeks, months and years.
    (
        rf"(?:avant|d ici|jusqu a|d ici a)(?: la)? fin (?:(?:de )?(?:la "
        rf"|cette )?(?P<sem>semaine)(?: (?P<next>{_NEXT}))?|(?:du |de ce "
        rf"|de )?(?P<mois>mois)(?: (?P<nextm>{_NEXT}))?"
        rf"|(?P<an>(?:de )?(?:l |cette )?annee)|(?:de |d |du mois de |du mois d )?{_M})",
        read.end_of,
    ),
    # Months.
    (
        rf"(?:en |vers (?:la )?|a (?:la )?|au |le |la |tout )?(?:tout )?(?P<third>debut"
        rf"|milieu|mi|fin)(?: (?:de|d|du))?(?: mois)?(?: (?:de|d))? {_M}{_Y}",
        monthly.in_month,
    ),
    (
        r"(?:en |vers (?:la )?|a (?:la )?|au |le |la )?(?P<third>debut"
        r"|milieu|mi|fin) (?:du |de |de ce )?(?P<month>(?!))?(?P<nextmonth>)(?:mois"
        r"|le mois) (?P<next>prochain"
        r"|suivant|d apres|qui vient)",
        monthly.in_month,
    ),
    (
        r"(?:en |vers (?:la )?|a (?:la )?|au |le |la )?(?P<third>debut"
        r"|milieu|mi|fin) (?:du |de |de ce |ce )?(?P<month>(?!))?(?P<this>mois)\b(?: ci)?",
        monthly.in_month,
    ),
    (rf"{_A}{_ORD} quinzaine {_OF_MONTH}", monthly.fortnight),
    (
        r"(?:dans |courant |au cours du |pendant |sur |pour |dans le courant du )?(?:le "
        r"|du )?(?P<month>(?!))?mois (?P<next>prochain|suivant|d apres|qui vient)",
        monthly.in_month,
    ),
    (
        r"(?:dans le|ce|courant|courant de ce|dans le courant du|au cours du"
        r"|le|avant la fin du) (?P<month>(?!))?(?P<this>mois(?: ci| en cours)?)\b(?! (?:de"
        r"|d|pro|der|pass))",
        monthly.in_month,
    ),
    # Holidays.
    (rf"{_A}{_ORD} semaine (?:des |de )(?:grandes )?vacances", holiday.school),
    (
        rf"(?:(?P<edge>debut|fin) des|{_A}(?:pendant|durant|dans|sur"
        rf"|pour)? ?(?:les|aux|des|nos|mes|leurs|ses)) (?P<grandes>grandes )?(?:vacances"
        rf"|conges)(?: scolaires)?(?: (?:de la |de l |d |de |des? )?{_B})?",
        holiday.school,
    ),
    (rf"(?:pendant|durant) (?:les )?vacances(?: (?:de la |de l |d |de ){_B})?", holiday.school),
    (
        rf"(?:a |pour |des |{_A})?(?:(?P<rel>lendemain de )|{_W} de (?=la rentree))?(?:le "
        rf"|au )?(?:jour )?(?:de )?"
        rf"(?:la )?rentree(?: (?:scolaire"
        rf"|des classes))?(?: (?:de |d |des vacances de |des vacances d |de la )?(?:{_M}"
        rf"|la )?{_B}?)?",
        holiday.back,
    ),
    (
        r"entre (?:les )?(?:2 )?fetes|entre noel et (?:le )?(?:jour de l an"
        r"|nouvel an|1er de l an|1er)|apres les fetes(?: de fin d annee)?",
        holiday.feasts,
    ),
    (r"(?:pendant |durant )?les fetes(?: de fin d annee)?", holiday.the_feasts),
    (
        rf"(?:a |pour |{_A})?(?:(?P<rel>lendemain|surlendemain|(?:avant )?veille) (?:de "
        rf"|d |du )(?:l |la |le )?|(?P<pont>(?:weekend|pont) de l ?)|{_W} (?:de |d )(?:l "
        rf"|la )?)?(?:l |la |le )?{_FEAST}\b",
        holiday.public,
    ),
    # Dates.
    (
        r"(?:le |au )(?P<d>3[01]|[12]\d|0?[1-9])(?P<y>)(?: du (?P<m>0?[1-9]"
        r"|1[0-2])| (?P<mm>0[1-9]|1[0-2]))(?=$| ,| (?:a|vers|au|en|le) )",
        read.numeric,
    ),
    (r"(?:le |au |du |pour le )?(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<mm>)(?:/(?P<y>\d{4}|\d{2}))?", read.numeric),
    (rf"{_A}{_ORD} {_W}s? {_OF_MONTH}", monthly.ordinal_weekday),
    (
        rf"{_A}{_W} (?:le )?{_N}(?! (?:h|min|ans|rue|fois)\b)(?: (?:de "
        rf"|du mois de )?{_M}{_Y}| du (?:(?P<next>mois prochain)|(?P<this>mois))\b)?",
        read.dated,
    ),
    (
        rf"(?:le |du |au |pour le )?(?P<list>(?:\d{{1,2}}|1er)(?:(?: ,)?(?: ou"
        rf"| et| ou bien| ,)(?: le| du)? \d{{1,2}})+)(?: (?:de )?{_M})",
        read.several,
    ),
    (
        r"(?:le |au )(?P<list>(?:\d{1,2}|1er)(?:(?: ou| et"
        r"| ou bien) (?:le )?\d{1,2})+)(?P<month>(?!))?(?! ?(?:\d"
        r"|h\b|rue|ans|heures|min|euros|mois|jours|semaines|fois|ne repond|repond))",
        read.several,
    ),
    (
        rf"(?:vers le |autour du |aux alentours du |{_A}(?:pour le )?){_N} (?:(?:de |du mois de "
        rf"|du mois d )?{_M}{_Y}"
        rf"|(?:du )(?:(?P<next>mois prochain)|(?P<this>mois(?: ci)?|mois en cours)))",
        read.dated,
    ),
    (
        r"(?:le|au|du|pour le|vers le|autour du) (?P<n>3[01]|[12]\d"
        r"|0?[2-9]|1er(?= (?:a|vers) \d| au (?:matin|soir)| dans l apres| apres midi| matin| en )"
        r"|(?<=ou le )1er(?=$| ,))\b(?! ?\d(?!\d? h\b))(?! ?(?:h\b|ne repond|repond"
        r"|min|ans?\b|rue|avenue|boulevard|bis|fois|mg|pour 100|euros|m a|m ont|me |nous "
        r"|vous |a dit|ont|a repondu|avant d|place|chemin|allee|impasse|mois|jours|semaines"
        r"|e\b|eme))(?: (?P<month>(?!)))?",
        read.dated,
    ),
    (
        rf"(?:en |courant |au mois de |au mois d |dans le mois de |dans le mois d "
        rf"|dans le courant du mois de |dans le courant du mois d |tout le mois de |tout le mois d "
        rf"|pour le mois de |pour |sur le mois de |le mois de |le mois d |du mois de |du mois d "
        rf"|dans le courant de |sur |de |d ){_M}{_Y}",
        monthly.in_month,
    ),
    (
        rf"(?:(?<=avant )|(?<=apres )|(?<=ici )|(?<=des )|(?<=plutot ))(?:le mois de |le mois d )?{_M}{_Y}"
        rf"|(?P<month2>janvier|fevrier|juin|juillet|septembre|octobre|novembre|decembre)\b(?! ?\d)",
        monthly.in_month,
    ),
    # Weekdays.
    (r"(?:(?:d |de )?aujourd hui|(?:de )?demain) en (?P<w8>8|15)\b", read.days_after),
    (rf"{_A}{_W} en (?P<weeks>8|15)\b", read.weekday),
    (rf"{_A}{_W} (?P<next>{_NEXT}){_NOT_OF}", read.weekday),
    (rf"{_A}(?P<ce>ce ){_W}\b", read.weekday),
    (rf"{_A}{_W}s?\b", read.weekday),
    (r"dans la journee\b(?! (?:de|du|d)\b)", read.during),
    (r"apres demain\b", read.plain(2)),
    (r"(?:de |des |pour )?demain\b", read.plain(1)),
    (
        r"aujourd hui\b|ce jour\b|(?:ce|cet)(?= (?:matin|midi|soir"
        r"|apres midi|aprem))|tout a l h\b",
        read.plain(0),
    ),
    (r"dans l h(?: qui (?:vient|suit))?(?! de)", read.plain(0)),
)
# Small words before a day stay outside of it: its context needs them ("résultats DE lundi").
_LEADING = re.compile(r"(?:(?:le|la|les|l|au|du|des(?! demain)|aux|de|d|pour|a)\b ?){0,4}(?=\w)")
_COMPILED = tuple((re.compile(rf"(?:{pattern})(?!\w)"), reader) for pattern, reader in _RULES)


def day_at(text: str, at: int, today: Today) -> Days | None:
    """The day expression that begins at `at`, if one does."""
    for rule, reader in _COMPILED:
        m = rule.match(text, at)
        if not m or m.end() == at or not (found := reader(m, today)):
            continue
        named = m.groupdict().get("wd")
        small = _LEADING.match(m[0])
        start = at + (small.end() if small else 0)
        days = Days(start, m.end(), found[0], found[1], weekday=WEEKDAYS.index(named) if named else None)
        return replace(days, scope=found[2]) if len(found) == 3 else days
    return None
