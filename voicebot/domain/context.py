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
    ("from", re.compile(rf"\b(?:pas (?:(?:possible|libre|disponible|dispo|la|de retour|rentree?|en ville|venir|venir vous voir|me deplacer) )?avant|a partir|a compter|des|au plus tot|plutot a partir|pas plus tot que|qu a partir) ?{_ARTICLE}$")),
    ("until", re.compile(rf"\b(?:d ici(?: a)?|jusqu (?:a|au|en)|jusque|au plus tard|pas plus tard que|pas apres|maximum|dernier delai) ?{_ARTICLE}$")),
    ("after", re.compile(rf"\b(?:(?:rentre|rentrons|de retour)(?: de \w+)?|apres|au dela|passe|au retour|a la fin|a l issue|une fois) ?{_ARTICLE}$")),
    ("before", re.compile(rf"\bavant ?{_ARTICLE}$")),
)  # fmt: skip

_REFUSING = r"(?:pas|sauf|excepte|hors|hormis|sans|ni|a part|a l exception|en dehors|jamais|plutot que|autre que|autre jour que|qu importe sauf|mieux que|travaille|bosse|absente?|en deplacement|occupee?|suis prise?|evite[rz]?|eviter|surtout pas)"
_FILL = (
    r"(?:(?:que|possible|libre|disponible|dispo|la|venir|le|les|l|de|du|d|ce|cet|cette|un|en|pour|dans|au|aux|trop"
    r"|vraiment|tout|etre|pendant|non|plus|tous|avant|arrivee|me|deplacer|prendre|tot|y|aller|si|meme|ca|soit|ou)\b ?)*"
)
_REFUSED_BEFORE = re.compile(rf"(?<!pourquoi )(?<!n est ce )\b(?P<word>{_REFUSING}) ?{_FILL}$")
_REFUSED_CHAIN = re.compile(r"^ (?:et|ou|ni)(?: (?:le|la|les|l|pas|aussi|du))* ?$")
_RATHER_THAN = re.compile(r"^(?: (?:matin|soir))? (?:plutot )?(?:que|qu)(?: (?:le|la|les|l|de|du))* ?$")
_REFUSED_AFTER = re.compile(
    r"^(?: ,)?(?: (?:non|c est|ce n est|n est|est|ca|cela|je|j|on|nous|ne|n|c|ce|sera|va|vais|peux|peut|pourrai|pourrais|suis|serai|ai"
    r"|me|m|l|arrange|convient|ira|irait|il|elle|y|marche|faire|aller|trop|bien))*"
    r" (?:pas\b(?! (?:avant|apres|mal|de probleme|de souci|contre|plus tard))|impossible|complique|mort|travaille|bosse|absente?|prise?\b|occupee?)"
    r"|^(?: ,)? non\b(?! plus de)"
)  # fmt: skip
_PAST = re.compile(
    r"\b(?:depuis|il y a|ca fait|cela fait|remonte|c etait|n etait|etait|etais|etions|avais|avait|avions|datant|date"
    r"|(?:j ai|m a|t a|l a|il a|elle a|on a|nous avons|vous avez|ils ont|elles ont|a|ont|ai|s est|me suis|suis|est|m avez|m ont|lui a)"
    r" (?:\w+ment |deja |bien |pas |plus |ete |encore |mal |tout |aussi |ete )*"
    r"(?:vue?s?|eue?|ete|pris|faite?s?|tombee?s?|operee?|vomi|commencee?|debute|appelee?s?|telephone|passee?|recue?s?"
    r"|consultee?|attrape|blessee?|cognee?|accouche|mange|dormi|saigne|demarre|arrive|sortie?|rentree?|hospitalisee?|perdue?"
    r"|ratee?|manquee?|loupee?|oublie|revenue?|partie?|morte?|decedee?|prescrite?|donnee?s?|examinee?|dit|laisse|envoyee?s?"
    r"|parlee?|essayee?|voulu|pu|senti|evanoui|brule|mordue?|pique|fini|tousse|vaccinee?|venue?s?|depose|casse|coupe|remarque"
    r"|attendu|prevenue?|conseille|annulee?|rappelee?|soignee?|reveille)\b)"
    r"(?:(?! (?:voudrais|voudrait|aimerais|souhaite|souhaiterais|besoin|possible|peux|peut|pourrais|pour un|pour le|rdv pour|faudrait|"
    r"dispo|libre|rappeler|revenir|revoir|de \w+(?:er|ir|oir|dre)|qu il faut|que je)\b).)*$"
)  # fmt: skip
_DATED_THING = re.compile(
    r"\b(?:ordonnance|resultats?|analyses?|prise de sang|bilan|radio|irm|scanner|echographie|echo|courrier|lettre|message|appel|consultation"
    r"|visite|passage|compte rendu|operation|intervention|examens?|facture|feuille|hospitalisation|sortie|chute|accident|urgences"
    r"|date|dates|arret|certificat)(?: \w+){0,4} (?:du|de|d|date du) (?:(?:le|la|l|ce) )?$"
    r"|\b(?:ne|nee|nes|nees|naissance|anniversaire|naquit)(?: c est| est| le| la| en)* $"
    r"|\b(?:arret|traitement|medicaments?|plaquette|boite|vacances|conges|contrat|ordonnance)(?: \w+){0,4} (?:jusqu (?:au|a)|finit|se termine|s arrete|se finit|expire)(?: le)? $"
    r"|\b(?:pars|part|partons|demenage|m en vais|me fais operer|se fait operer|accouche|hospitalisee?|entre a l hopital|suis en vacances)"
    r"(?: \w+){0,4} (?:le|l|la|en|ce)? ?$|\b(?:pars|part|partons|demenage|accouche|suis en vacances) $"
    r"|\b(?:appelle[rz]?|appel(?:e|ez)|compose[rz]?|faire|fait|faites|contacte[rz]?|numero|joindre|par|chambre|porte|batiment|appartement)(?: \w+)? le $"
    r"|^le (?=1[578]\b)(?=\S+ (?:m a|nous a|a dit|m ont))$"
)  # fmt: skip
_VISIT = r"(?:rdv|consultation|visite|creneau|teleconsultation|controle)"
_EXISTING = re.compile(
    rf"(?:\b(?:mon|notre|son|leur|ce|mes|nos|votre) (?:\w+ )?{_VISIT}s?"
    rf"|\b(?:le|du|au) {_VISIT}(?= (?:du|de|d|que|qui|prevue?|fixee?|pris|est|initial|a)\b)"
    rf"|\b(?:j ai|j avais|on a|on avait|nous avons|avoir pris|(?:il|elle|mari|femme|fils|fille|mere|pere|maman|papa) (?:a|avait)|ai|ayant)"
    rf" (?:deja |bien |donc |normalement |aussi |pris |eu |un |une |mon )*{_VISIT}"
    rf"|\b(?:celui|celle|prevue?|fixee?|programmee?|place|noter?|notee?|confirmer|annuler|maintenir|honorer)\b)"
    r"(?: (?:que j ai|que j avais|qui est|qui etait|est|etait|a ete|avec|le docteur|la docteure?|dr|docteur \w+|chez vous|medical|pris|prevu"
    r"|fixe|programme|initialement|normalement|c est|chez|dans|pour|vous|initial|ma|mon|fils|fille|ce|cet))*"
    r"(?: (?:du|de|d|le|la|l|a|ce|cet|pour|au|prevu))* ?$"
)
MOVING = re.compile(
    r"\b(?:decal\w+|deplac\w+|report\w+|chang\w+|avanc\w+|repouss\w+|recul\w+|modifi\w+|intervert\w+|remett\w+|echang\w+|a la place|au lieu|plutot que)\b"
)
_AWAY_FROM = re.compile(r"\b(?:de|du|au lieu (?:de|du)|a la place (?:de|du)|remplacer) (?:le |la |l )?$")
_SHIFTS = ((re.compile(r"\bsurlendemain (?:de|du|d) ?(?:la |le |l )?$"), 2), (re.compile(r"\blendemain (?:de|du|d) ?(?:la |le |l )?$"), 1),
           (re.compile(r"\bveille (?:de|du|d) ?(?:la |le |l )?$"), -1))  # fmt: skip
_CORRECTING = re.compile(
    r"\b(?:non|pardon|enfin|je veux dire|je voulais dire|je me trompe|me suis trompee?|excusez moi|ou plutot|rectification)\b"
)


_TOLD = re.compile(
    r"\b(?:mal|douleurs?|douloureux|fievre|temperature|pleure|tousse|vomi[ts]?|saigne|dors|dort|comprimes?|cachets?|gouttes|dose|gelules?"
    r"|doliprane|antibiotiques?|sirop|piqures?|injections?|mange|respire|vertiges?|fatiguee?|prends (?:du|un|une|des|mon|mes|\d)"
    r"|prend (?:du|un|une|des|son|ses|le|la|\d)|gonfle|brule|gratte|demange|reveille|insomnies?|crises?|malade|leve|couche"
    r"|nausees?|diarrhee|nuit)\b"
    r"(?:(?!\b(?:voudrais|voudrait|aimerais|souhaite|souhaiterais|besoin|possible|peux|peut|pouvez|pourrais|pour|rdv|faudrait|dispo|disponible"
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
    return next((days for rule, days in _SHIFTS if rule.search(before)), 0)


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
    return bool(_REFUSED_BEFORE.search(gap)) and not re.match(r"(?: ,)? ?si\b", clause)


def refused_with(gap: str) -> bool:
    """Refused together with the refused one before: "ni", "et", "ou"."""
    return bool(_REFUSED_CHAIN.match(gap))


def rather_than(gap: str, clause: str) -> bool:
    """ "plutôt mercredi que jeudi"."""
    return bool(_RATHER_THAN.match(gap)) and (
        "plutot" in gap or bool(re.search(r"\b(?:plutot|mieux|prefer\w+)\b", clause))
    )


def refused_after(gap: str, clause: str) -> bool:
    """ "mardi je ne peux pas", "mardi non"."""
    return bool(_REFUSED_AFTER.match(gap)) and not re.search(r"\bsi\b", clause)


def corrects(gap: str) -> bool:
    """The next expression replaces the one before: "mardi, non, mercredi"."""
    return len(gap) < 45 and bool(_CORRECTING.search(gap))
