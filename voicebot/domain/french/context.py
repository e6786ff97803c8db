"""What the words around a time expression make of it: refused, past, an appointment that already
exists, or a bound ("avant", "à partir de")."""

import re
from typing import Literal

Bound = Literal["after", "from", "before", "until"]

_PAUSE = re.compile(
    r" , | (?:mais|donc|parce que|puis|alors|et (?=j |je |il |elle |on |c |est ce|vous )|est ce que)\b"
)
_ARTICLE = r"(?:(?:le|la|les|l|du|de|d|des|au|aux|ce|cet|cette|jour)\b ?)*"
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "from",
        re.compile(
            rf"\b(?:(?:pas|rien|jamais) (?:(?:possible|libre|disponible|dispo|la|de retour"
            rf"|rentree?|en ville|venir|venir vous voir|me deplacer) )?avant|a partir|a compter"
            rf"|(?<!retour )des|au plus tot|plutot a partir|pas plus tot que|qu a partir) ?{_ARTICLE}$"
        ),
    ),
    (
        "until",
        re.compile(
            rf"\b(?:d ici(?: a)?|jusqu (?:a|au|en)|jusque|au plus tard|pas plus tard que"
            rf"|pas apres|maximum|dernier delai) ?{_ARTICLE}$"
        ),
    ),
    (
        "after",
        re.compile(
            rf"\b(?:apres|au dela|plus tard que"
            rf"|passe|au retour|a la fin|a l issue|une fois) ?{_ARTICLE}$"
        ),
    ),
    ("before", re.compile(rf"\b(?:avant|plus tot que) ?{_ARTICLE}$")),
)

_REFUSING = (
    r"(?:pas|sauf|excepte|hors|hormis|sans|ni|a part|a l exception"
    r"|en dehors|jamais|plutot que|autre que|au lieu|a la place|autre jour que|qu importe sauf"
    r"|mieux que|travaille|bosse|absente?|en deplacement|occupee?|suis prise?|empechement"
    r"|contretemps|imprevu|evite[rz]?|eviter|surtout pas"
    r"|(?:j ai|il a|elle a|on a) (?:(?:mon|ma|le|la|un|une|mes|du|de la) )?(?:kine|cours|reunions?|ecole"
    r"|judo|danse"
    r"|dialyse|piscine|orthophoniste|osteo))"
)
_FILL = (
    r"(?:(?:que|possible|libre|disponible|dispo|la|venir|le|les"
    r"|l|de|du|d|ce|cet|cette|un|en|pour|dans|au|aux|trop"
    r"|vraiment|tout|etre|pendant|non|plus|tous|avant|arrivee|me"
    r"|deplacer|prendre|tot|y|aller|si|meme|ca|soit|ou|se|presenter|rendre|passer|mon"
    r"|notre|son|rdv|consultation)\b ?)*"
)
_REFUSED_BEFORE = re.compile(rf"(?<!pourquoi )(?<!n est ce )\b(?P<word>{_REFUSING}) ?{_FILL}$")
_FREE = re.compile(r"\b(?:travaill\w+|bosse) pas|pas (?:d |de )?(?:ecole|cours|classe|travail)\b")
"""Who does not work that day can come."""
_REFUSED_CHAIN = re.compile(r"^ (?:et|ou|ni)(?: (?:le|la|les|l|pas|aussi|du))* ?$")
_NOT_NEXT = re.compile(r"(?: ,)? (?:et |mais )?(?:surtout )?pas (?:(?:le|la|les|l|a|de) )*")
_RATHER_THAN = re.compile(r"^(?: (?:matin|soir))? (?:plutot )?(?:que|qu)(?: (?:le|la|les|l|de|du))* ?$")
_REFUSED_AFTER = re.compile(
    r"^(?: ,)?(?: (?:non|c est|ce n est|n est|est|ca|cela|je|j"
    r"|on|nous|ne|n|c|ce|sera|va|vais|peux|peut|pourrai|pourrais|suis|serai|ai"
    r"|me|m|l|arrange|convient|ira|irait|il|elle|y|marche|faire|aller|trop|bien))*"
    r" (?:pas\b(?! (?:avant|apres|mal|de probleme|de souci|contre"
    r"|plus tard))|impossible|complique|mort|en deplacement|en vacances|en voyage|indisponible"
    r"|empechee?|travaille|bosse|absente?|prise?\b|occupee?|garde(?! le| ce| celui)"
    r"|(?:(?:mon|ma|le|la|un|une|mes|les|deja|du|de) )*(?:changement d h|ferie|jour ferie|anniversaire"
    r"|marche|kine|cours|reunions?|travail|boulot|ecole|dentiste|danse"
    r"|judo|osteo|formation|examens?|enfants|petits enfants|piscine|yoga|dialyse)\b)"
    r"|^(?: ,)?(?: (?:ca|c est|c|est|sera|serait|va etre|me|m|un peu|trop|plus|assez|le|la|jour))*"
    r" (?:tombe (?:tres |vraiment )?mal|mal tombe|moins (?:bien|pratique)|embete|gene|complique|difficile"
    r"|tendu|charge"
    r"|plein|surcharge)\b"
    r"|^(?: ,)? jamais\b"
    r"|^(?: ,)? non\b(?! plus de)"
)
_PAST = re.compile(
    r"\b(?:depuis|il y a|ca fait|cela fait|remonte|c etait|n etait|viens de|vient de|venons de"
    r"|etait|etais|etions|avais|avait|avions|datant|date"
    r"|(?:j ai|m a|t a|l a|il a|elle a|on a|nous avons|vous avez"
    r"|ils ont|elles ont|a|ont|ai|s est|me suis|suis|est|m avez|m ont|lui a)"
    r" (?:\w+ment |deja |bien |pas |plus |ete |encore |mal |tout |aussi |ete )*"
    r"(?:vue?s?|bue?|mise?|remise?|eue?|ete|pris|faite?s?|tombee?s?"
    r"|operee?|vomi|commencee?|debute|appelee?s?|telephone|passee?|recue?s?"
    r"|consultee?|attrape|blessee?|cognee?|accouche|mange|dormi"
    r"|saigne|demarre|arrive|sortie?|rentree?|hospitalisee?|perdue?"
    r"|ratee?|manquee?|loupee?|oublie|revenue?|partie?|morte?|decedee?"
    r"|prescrite?|donnee?s?|examinee?|dit|laisse|envoyee?s?"
    r"|parlee?|essayee?|voulu|pu|senti|evanoui|brule|mordue?|pique"
    r"|fini|tousse|vaccinee?|venue?s?|depose|casse|coupe|remarque"
    r"|arretee?|retiree?s?|enlevee?s?|posee?s?|platre|recousu\w*|suture|emmenee?|transportee?|renvoyee?"
    r"|gardee?|change"
    r"|attendu|prevenue?|conseille|annulee?|rappelee?|soignee?|reveille)\b)"
    r"(?:(?! (?:voudrais|voudrait|aimerais|souhaite|souhaiterais"
    r"|besoin|possible|peux|peut|pourrais|pour un|pour le|rdv pour|faudrait|"
    r"dispo|libre|rappeler|revenir|revoir|de \w+(?:er|ir|oir|dre|aire|ire|ttre)|qu il faut|que je)\b).)*$"
)
_DATED_THING = re.compile(
    r"\b(?:ordonnance|resultats?|analyses?|prise de sang|bilan"
    r"|radio|irm|scanner|echographie|echo|courrier|lettre|message|appel|consultation"
    r"|visite|passage|compte rendu|operation|intervention|examens?"
    r"|facture|feuille|hospitalisation|sortie|chute|accident|urgences"
    r"|date|dates|arret|certificat)(?: \w+){0,4} (?:du|de|d|date du) (?:(?:le|la|l|ce) )?$"
    r"|\b(?:ne|nee|nes|nees|naissance|anniversaire|naquit)(?: c est| est| le| la| en| un)* $"
    r"|\b(?:arret|traitement|medicaments?|plaquette|boite|vacances"
    r"|conges|contrat|ordonnance)(?: \w+){0,4} (?:jusqu (?:au|a)|finit|se termine|s arrete"
    r"|se finit|expire)(?: le)? $"
    r"|\b(?:pars|(?:on|il|elle) part|partons|demenage|m en vais"
    r"|me fais operer|se fait operer|accouche|hospitalisee?|entre a l hopital|suis en vacances)"
    r"(?: \w+){0,4} (?:le|l|la|en|ce)? ?$|\b(?:pars|partons|demenage|accouche|suis en vacances) $"
    r"|\brentre que (?:le )?$|\bsort(?: de (?:l |la )?\w+)? (?:le )?$"
    r"|\bil fait (?:\w+ ){1,3}$|\b(?:me|se|te|le|la) faire operer(?: \w+)? $"
    r"|\bplus (?:de |d )\w+(?: \w+){0,3} (?:a partir (?:de|du)"
    r"|jusqu (?:a|au)|pour|des)? ?(?:le |la )?$|\b(?:nous sommes|on est)(?: le| bien)* $"
    r"|\b(?:rue|avenue|boulevard|place|quai|square|allee)(?: \w+){0,2} du $"
    r"|\b(?:appelle[rz]?|appel(?:e|ez)|compose[rz]?|faire|fait"
    r"|faites|contacte[rz]?|numero|joindre|par|chambre|porte|batiment|appartement)(?: \w+)? le $"
    r"|\b(?:rentre|rentrons|reviens|revient|revenons|serai de retour|suis de retour|sera de retour)"
    r"(?: \w+){0,4} (?:le )?$|\b(?:rentre|rentrons|reviens|revient|revenons|de retour) (?:le )?$"
    r"|\bdit de (?:vous )?rappeler $"
    r"|\b(?:resultats?|analyses?|courrier|colis)(?: \w+){0,3} (?:arrivent?|arrive|tombent?|prets?"
    r"|prete)(?: le)? $"
    r"|\b(?:ai|a|avons|ont) (?:un|une|son|sa|mon|ma|notre|le|la) (?:\w+ )?(?:tournoi|match|competition"
    r"|stage|concours"
    r"|examen|vol|train|avion|mariage|operation|intervention|voyage|entretien|bapteme|enterrement|audience"
    r"|marathon"
    r"|course|permis|irm|scanner|concert|demenagement|depart)(?: \w+){0,2} (?:le )?$"
    r"|\bje (?:vous |te |le |la )?rappell?e(?:rai)? $"
    r"|\b(?:operation|intervention|irm|scanner|echographie|radio|mariage|vol|train|avion|examen|concours"
    r"|voyage|depart|retour)(?: \w+){0,3} (?:est|a lieu|aura lieu|prevue?|programmee?|fixee?|tombe|c est)"
    r"(?: le| pour le| pour)? $"
    r"|^le (?=1[578]\b)(?=\S+ (?:m a|nous a|a dit|m ont))$"
)
_VISIT = r"(?:rdv|consultation|visite|creneau|teleconsultation|controle)"
_EXISTING = re.compile(
    rf"(?:\b(?:mon|notre|son|leur|ce|mes|nos|votre) (?:\w+ )?{_VISIT}s?"
    rf"|\b(?:le|du|au) {_VISIT}(?= (?:du|de|d|que|qui|prevue?|fixee?|pris|est|initial|a)\b)"
    rf"|\b(?:j ai|j avais|on a|on avait|nous avons|avoir pris|(?:il"
    rf"|elle|mari|femme|fils|fille|mere|pere|maman|papa) (?:a|avait)|ai|ayant)"
    rf" (?:deja |bien |donc |normalement |aussi |pris |eu |un |une |mon )*{_VISIT}"
    rf"|\b(?:celui|celle|prevue?|fixee?|programmee?|noter?"
    rf"|notee?|confirmer|annuler|maintenir|honorer)\b)"
    r"(?: (?:chez (?:le |la |l |mon |ma )?\w+|que j ai|que j avais|qui est|qui etait|est|etait|a ete"
    r"|avec|le docteur|la docteure?|dr|docteur \w+|chez vous|medical|pris|prevu"
    r"|fixe|programme|initialement|normalement|c est|chez|dans|pour|vous|initial|ma|mon|fils|fille|ce|cet))*"
    r"(?: (?:du|de|d|le|la|l|a|ce|cet|pour|au|prevu))* ?$"
)
MOVING = re.compile(
    r"\b(?:decal\w+|deplac\w+|report\w+|chang\w+|avanc\w+|repouss\w+"
    r"|recul\w+|modifi\w+|intervert\w+|remett\w+|echang\w+|a la place|au lieu|plutot que)\b"
)
_AWAY_FROM = re.compile(r"\b(?:de|du|au lieu (?:de|du)|a la place (?:de|du)|remplacer) (?:le |la |l )?$")
_BESIDE = re.compile(
    r"\b(?P<count>\d+ |une? |dans la |la |)(?P<unit>semaine|jour)s? (?:juste )?"
    r"(?P<where>de|d|avant|apres|d avant|d apres|precedant|suivant"
    r"|qui suit|qui precede) ?(?:la |le |l |les )?$"
)
_SHIFTS = (
    (re.compile(r"\bavant veille (?:des|de|du|d) ?(?:la |le |l )?$"), -2),
    (re.compile(r"\bsurlendemain (?:de|du|d) ?(?:la |le |l )?$"), 2),
    (re.compile(r"\blendemain (?:des|de|du|d) ?(?:la |le |l )?$"), 1),
    (re.compile(r"\bveille (?:des|de|du|d) ?(?:la |le |l )?$"), -1),
)
_CORRECTING = re.compile(
    r"\b(?:non|pardon|enfin|je veux dire|je voulais dire|je me trompe"
    r"|me suis trompee?|excusez moi|ou plutot|rectification)\b"
)


_TOLD = re.compile(
    r"\b(?:mal|douleurs?|douloureux|fievre|temperature|pleure|tousse"
    r"|vomi[ts]?|saigne|dors|dort|comprimes?|cachets?|gouttes|dose|gelules?"
    r"|doliprane|antibiotiques?|sirop|piqures?|injections?|mange"
    r"|respire|fait \d+|vertiges?|fatiguee?|prends (?:du|un|une|des|mon|mes|\d)"
    r"|prend (?:du|un|une|des|son|ses|le|la|\d)|gonfle|brule|gratte"
    r"|demange|reveille|insomnies?|crises?|malade|leve|couche"
    r"|nausees?|diarrhee|nuit|yeux|collee?s?|d habitude|coups)\b"
    r"(?:(?!\b(?:voudrais|voudrait|aimerais|souhaite|souhaiterais"
    r"|besoin|possible|peux|peut|pouvez|pourrais|pour|rdv|faudrait|dispo|disponible"
    r"|libre|plutot|venir|voir|consultation|preference)\b).)*$"
)

_GOODBYE = re.compile(r"\bbon(?:ne)? (?:fin d |fin de )?$")


def is_told(before: str) -> bool:
    """A part of the day in a tale of symptoms or remedies, or in a good-bye ("bonne soirée")."""
    return bool(_TOLD.search(before) or _GOODBYE.search(before))


def clause_before(line: str, at: int) -> str:
    """The words of the same clause that come before `at`, at most 90 letters."""
    near = line[max(0, at - 90) : at]
    cuts = [m.end() for m in _PAUSE.finditer(near) if m.end() < len(near)]
    return near[cuts[-1] :] if cuts else near


def bound(before: str) -> Bound | None:
    """The bound the words just before a day put on it."""
    return next((kind for kind, rule in _BOUNDS if rule.search(before)), None)


def shift(before: str) -> int:
    """Days by which "le lendemain de", "la veille de" move what follows."""
    if (m := _BESIDE.search(before)) and m["unit"] == "jour" and m["count"].strip().isdigit():
        return int(m["count"]) * (-1 if "avant" in m["where"] else 1)
    return next((days for rule, days in _SHIFTS if rule.search(before)), 0)


def week_beside(before: str) -> int | None:
    """Weeks by which "la semaine de", "une semaine après" move what follows; None = no such words."""
    m = _BESIDE.search(before)
    if not m or m["unit"] != "semaine":
        return None
    count = int(m["count"]) if m["count"].strip().isdigit() else 1
    earlier = "avant" in m["where"] or "prec" in m["where"]
    return 0 if m["where"] in ("d", "de") else -count if earlier else count


def counted(before: str) -> bool:
    """ "une semaine après" names a day, "la semaine après" a week."""
    m = _BESIDE.search(before)
    return bool(m and m["count"].strip() not in ("", "la", "dans la"))


def is_past(before: str) -> bool:
    """Told of what was ("je suis tombé lundi"), or dated ("l'ordonnance du 12")."""
    return bool(_PAST.search(before) or _DATED_THING.search(before))


def is_existing(before: str) -> bool:
    """The day of an appointment that exists ("mon rendez-vous de mardi")."""
    return bool(_EXISTING.search(before))


def leaves(before: str) -> bool:
    """The day something is moved away from ("déplacer de mardi à jeudi")."""
    return bool(_AWAY_FROM.search(before))


def refused_before(gap: str, clause: str) -> bool:
    """ "pas mardi", "sauf le mercredi": `gap` is what stands between the expression and the one before."""
    found = _REFUSED_BEFORE.search(gap)
    if found is None or _FREE.search(gap):
        return False
    return found["word"].startswith("evite") or not re.match(r"(?: ,)? ?(?:et |ou |donc )?si\b", clause)


def refused_with(gap: str) -> bool:
    """Refused together with the refused one before: "ni", "et", "ou"."""
    return bool(_REFUSED_CHAIN.match(gap))


def not_the_next(after: str) -> bool:
    """ "Le vingt, pas le dix": it is the next one that is turned down."""
    return bool(_NOT_NEXT.fullmatch(after))


def as_well(after: str) -> bool:
    """ "Lundi je travaille, mardi aussi"."""
    return bool(re.match(r" (?:aussi|non plus|pareil|idem)\b", after))


def rather_than(gap: str, clause: str) -> bool:
    """ "plutôt mercredi que jeudi"."""
    return bool(_RATHER_THAN.match(gap)) and (
        "plutot" in gap or bool(re.search(r"\b(?:plutot|mieux|prefer\w+)\b", clause))
    )


def refused_after(gap: str, clause: str) -> bool:
    """ "mardi je ne peux pas", "mardi non"."""
    return bool(_REFUSED_AFTER.match(gap)) and not re.search(r"\bsi\b", clause)


_ABSENT = re.compile(
    r"\b(?:viendr\w+|pourr\w+|serai|sera|serons|venir|presenter"
    r"|annul\w+|honorer|etre la|empechement|imprevu)\b"
)
_HABITUAL = re.compile(r"\b(?:le|les|tous les) (?:lun|mar|mercre|jeu|vendre|same|diman)")


def only_absent(line: str) -> bool:
    """ "Je ne pourrai pas venir demain" cancels; it does not ask for any other day."""
    return bool(_ABSENT.search(line)) and not _HABITUAL.search(line)


def corrected_after(after: str) -> bool:
    """ "le 15, le 16 pardon": the apology comes last."""
    return bool(re.match(r"[ ,]*(?:pardon|excusez moi|je me (?:suis )?trompee?)\b", after))


def corrects(gap: str) -> bool:
    """The next expression replaces the one before: "mardi, non, mercredi"."""
    return len(gap) < 45 and bool(_CORRECTING.search(gap))
