"""What spoken French says outright: patterns over folded words, each with its weight in log-odds.

Few and general on purpose: lists of phrases were measured not to generalise, verbs and nouns of the trade do.
A pattern sees the utterance folded: lower case, no accents, words separated by one space.
Order is of no importance; every cue that matches counts once.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voicebot.domain.french import fold

APPOINTMENT = r"(?:rendez vous|rdv|consultation|creneau|visite|seance|vaccin\w*|controle)"
DOCTOR = r"(?:docteure?|doctoresse|medecin|dr|toubib|generaliste|sage femme|remplacante?)"
SPORT = (
    r"(?:sport\w*|licence|clubs?|foot\w*|rugby|basket|hand(?:ball)?|volley|danse|judo|karate|boxe"
    r"|tennis|natation"
    r"|gym\w*|escalade|equitation|athletisme|marathon|course|courir|plongee|ski|velo|cyclisme|trail"
    r"|musculation)"
)
EXAM = (
    r"(?:resultats?|analyses?|compte rendu|bilan|radio\w*|irm|scanner|echo\w*|prise de sang|examens?"
    r"|frottis|biopsie"
    r"|mammographie|prelevement|test|doppler|holter|coloscopie|serologie|cliches?)"
)
PERSON = (
    r"(?:quelqu un|personne|etre humain|humaine?|secretaire|secretariat|accueil|standard(?:iste)?"
    r"|operat(?:eur|rice)"
    r"|conseill(?:er|ere)|assistante?|responsable|dame|agent|collegue|hotesse)"
)
MACHINE = r"(?:machines?|robots?|repondeur|automate|ordinateur|boite vocale|intelligence artificielle|ia)"
POLITE = (
    r"(?:allo|bonjour|bonsoir|oui|euh|alors|voila|madame|monsieur|donc|bien|c est|ici|je suis"
    r"|je m appelle) "
)


@dataclass(frozen=True)
class Cue:
    """`weights`: log-odds added to each class when `pattern` is found."""

    pattern: re.Pattern[str]
    weights: Mapping[str, float]


def cue_of(pattern: str, **weights: float) -> Cue:
    """A cue of whole words."""
    return Cue(re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), weights)


_cue = cue_of
CUES: tuple[Cue, ...] = (
    # Giving an appointment up
    _cue(r"(?<!m )annul\w+", cancellation=3.5),
    _cue(r"(?:m|pas) annul\w+ pas|n annul\w+ (?:pas|rien)", cancellation=-4),
    _cue(r"decomm(?:and|ent)\w+|(?:me|nous) desist\w+|desistement", cancellation=3.5),
    _cue(r"si [\w ]{0,40}(?:desist\w+|annul\w+|se libere)", cancellation=-5, reschedule=3),
    _cue(
        r"(?:supprim|effac|ray|barr|enlev|retir|ot|sort)(?:er|ez|e|ons) (?:\w+ ){0,4}"
        r"(?:rendez vous|rdv|consultation|creneau|planning|agenda|liste|reservation|nom|place)"
        r"|(?:renonc|maintiens pas|honorer)\w*|(?:mon|ma|le|la) (?:\w+ ){0,4}(?:decede|mort)e?",
        cancellation=2.5,
    ),
    _cue(
        r"en (?:veux|voulons) (?:plus|pas)|(?:rendez vous|rdv) [\w ]*l (?:enlever|annuler|effacer|oter)",
        cancellation=3,
    ),
    _cue(
        r"(?:liber|rend|redonn|donn|laiss)(?:e|er|s|re|ez) (?:\w+ ){0,2}(?:ma|mon|sa|son|notre|le"
        r"|la) (?:place|creneau)",
        cancellation=3,
    ),
    _cue(r"(?:plus|pas) (?:besoin|l utilite|necessaire|la peine|utile)", cancellation=2),
    _cue(r"(?:pas|plus) (?:la peine de )?(?:m|nous|l) attend\w+|(?:m|nous|l) attend\w+ pas", cancellation=3),
    _cue(
        r"(?:viendr|ser|ir|pourr)(?:ai|a|ons|ont) (?:pas|plus)|(?:viens|vient|vais|peux|peut) (?:pas|plus) "
        r"(?:etre|venir|aller|y aller|me rendre|assister)",
        cancellation=1.5,
        reschedule=0.7,
    ),
    _cue(r"impossibilite|absente? (?:a|au|le|pour|demain)", cancellation=1.5),
    # Another time for an appointment one has
    _cue(
        r"(?<!se )(?<!me )(?<!nous )(?<!en )(?:deplac(?:er|e|ez|ee?)|decal\w+|report(?:er|e|ez)?"
        r"|repouss\w+|reprogramm\w+"
        r"|replac\w+|bascul\w+|intervert\w+|refixer|rechanger)",
        reschedule=3,
    ),
    _cue(
        r"(?:chang|modifi|boug|avanc|rapproch|invers|echang|retard)(?:er?|ez|ement|ation) (?:\w+ ){0,5}"
        r"(?:rendez vous|rdv|consultation|visite|heure|horaires?|date|jour|creneau)",
        reschedule=3,
    ),
    _cue(
        r"(?:remettre|remettez|mettre|mettez|passer|avancer|retarder) (?:\w+ ){0,4}(?:plus tot"
        r"|plus tard|autre jour|la semaine d apres)",
        reschedule=2,
    ),
    _cue(r"(?:une?|d) autres? (?:jour|date|heure|horaire|moment|semaine|creneau)", reschedule=2),
    _cue(r"(?:au lieu|a la place) d\w*", reschedule=1.5),
    _cue(
        r"(?:(?:m )?arrange (?:plus|pas)|tombe (?:mal|en meme temps|pile)|pas bonne? heure|convient pas)",
        reschedule=2,
    ),
    _cue(
        r"annul\w+ [\w ]*(?:re(?:prendre|donn\w+|mett\w+|plac\w+|fix\w+)|autre|en prendre un)",
        reschedule=5,
        cancellation=-2,
    ),
    _cue(rf"(?:rate|loupe|manque|oublie) (?:mon|ma|le|notre|son|sa) {APPOINTMENT}", reschedule=2.5),
    _cue(
        r"(?:en|du|de|petit|leger) retard|a la bourre|embouteillages?|bouchons", late=2.5, cancellation=-0.5
    ),
    _cue(
        r"(?:faut|faudrait|peux|pouvez|pourriez|voudrais|souhaite) (?:le|la|les|l) "
        r"(?:annuler|supprimer|effacer|barrer|rayer|decommander)",
        cancellation=1.5,
    ),
    # A first or a new appointment
    _cue(
        r"(?:prendre|prends|fixer|avoir|obtenir|donne[rz](?: moi)?|poser|caler|reserver|mette[rz](?: moi)?"
        r"|faudrait|voudrais|veux"
        r"|souhait\w+|besoin d|cherche|pour|aimerais|trouve[rz](?: moi)?|serait) (?:aussi |bien |juste )?"
        r"(?:un|une|le|mon)? ?(?:premiere?|petite?)? ?"
        r"(?:rendez vous|rdv|consultation|creneau|place)(?! pour (?:annul|chang|decal|report|deplac))",
        booking=2,
        teleconsultation=1,
        home_visit=0.5,
    ),
    _cue(
        rf"(?:voir|voie|consulter|rencontrer|montrer|recevoir|examine[rz]?"
        rf"|ausculte[rz]?) (?:\w+ ){{0,3}}{DOCTOR}",
        booking=1.5,
    ),
    _cue(
        rf"{DOCTOR} (?:\w+ ){{0,3}}(?:me |le |la |m )(?:recevoir|prendre|voie|voir|regarde|examine"
        rf"|ausculte)",
        booking=2,
    ),
    _cue(
        r"(?:de la|une|des|encore|quoi comme|prochaines?) (?:petite )?(?:places?|dispo\w*|creneaux?"
        r"|rendez vous|rdv|dates?)",
        booking=1.5,
    ),
    _cue(
        r"(?:vous|il|elle) (?:me|nous|le|la) (?:prenez|prendrait|prend|recevez)|(?:me|le"
        r"|la) (?:recevoir|prendre)",
        booking=1.5,
    ),
    _cue(
        r"quand (?:\w+ ){0,5}(?:passer?|venir|recevoir|consulter)|(?:passer|venir) (?:vous voir )?quand",
        booking=1.5,
    ),
    _cue(rf"certificats? (?:\w+ ){{0,5}}{SPORT}|{SPORT} (?:\w+ ){{0,5}}certificat", booking=3.5, letter=-2),
    _cue(r"jamais venu|premiere (?:visite|consultation|fois)|nouve(?:au|lle) patiente?", booking=1.5),
    _cue(
        r"(?:rendez vous|rdv|consultation|venir|voir le docteur) (?:\w+ ){0,6}(?:renouvel\w+|analyses"
        r"|resultats)",
        booking=2.5,
    ),
    _cue(
        r"(?:visite|consultation|passe[rz]?|passage|venir|vienn?e|viens|vient|venez|deplace[rz]?"
        r"|monter) (?:\w+ ){0,6}"
        r"(?:a (?:la maison|domicile|mon domicile)|chez (?:moi|lui|elle|eux|nous|mon|ma|mes|son))"
        r"|visites? a (?:la maison|domicile)",
        home_visit=2.5,
    ),
    _cue(rf"{DOCTOR} (?:\w+ ){{0,3}}(?:se )?deplac\w+|alite|grabataire|ne se leve plus", home_visit=2),
    _cue(
        r"tele ?consult\w*|visio\w*|(?:en|par|la|consultation|rendez vous) video|a distance|webcam|camera",
        teleconsultation=3,
    ),
    _cue(rf"^(?:{POLITE}|alors |deux choses )*(?:un|une) (?:rendez vous|rdv|consultation)", booking=1.5),
    # Messages
    _cue(
        r"(?:renouvel\w+|refaire|refasse|prepar\w+|envoy\w+|prolonge\w*) (?:\w+ ){0,4}(?:ordonnance"
        r"|traitement|medicaments?|pilule|cachets)",
        renewal=2,
    ),
    _cue(r"renouvel\w+|ordonnance|represcri\w+", renewal=1),
    _cue(
        r"(?:faut|faudrait|besoin|manque|n ai plus|plus|fin) (?:que |d |de |du |mon |mes |ma |le |la )*"
        r"(?:traitement|medicaments?|pilule|cachets|comprimes)",
        renewal=1,
    ),
    _cue(
        rf"(?:recu|arrivee?s?|eue?s?|connaitre|savoir|avez|reviennent|pour|mes|ses) (?:\w+ ){{0,5}}{EXAM}"
        rf"|{EXAM} (?:\w+ ){{0,6}}(?:recue?s?|arrivee?s?|eue?s?|revenue?s?|donne|bonn?e?s?)",
        results=1.5,
    ),
    _cue(
        r"(?:me|nous) (?:rappel(?:er|le)|telephone[rz]?|recontacter?|passer un coup de fil)"
        r"|rappelez moi|etre rappelee?",
        callback=2.5,
    ),
    _cue(
        r"(?:laisse|transmett|transmet|prend|pren|note|passe)\w* (?:\w+ ){0,3}(?:message|mot)|(?:dites"
        r"|direz|dire) (?:lui|au docteur) (?:que|qu)",
        callback=2.5,
    ),
    _cue(
        rf"(?:parler|joindre|echanger|avoir"
        rf"|passez moi) (?:\w+ ){{0,2}}{DOCTOR}(?! (?:pour un rendez vous))",
        callback=1.5,
    ),
    _cue(r"(?:m avez|m a|m ont|nous a) (?:appelee?|telephone|laisse un message|contactee?)", callback=2),
    _cue(
        r"arret (?:de travail|maladie)|(?:mon|son|l) arret|prolongation"
        r"|mi temps therapeutique",
        sick_leave=2,
    ),
    _cue(
        r"factures?|feuilles? de soins?|rembours\w+|tele ?transmi\w+|(?:ai|a) (?:paye|regle)|prelevee?"
        r"|tiers payant",
        invoice=1.5,
    ),
    _cue(
        r"courrier|lettre|attestation|justificatif|formulaire|questionnaire|bon de (?:transport|taxi)"
        r"|mdph|(?:mon|le|son) dossier",
        letter=1.5,
    ),
    _cue(
        r"horaires? (?:d|du|de|le|vous|sont)|vos horaires|(?:est|etes|sera) (?:ouvert|ferme)e?s?"
        r"|adresse|parking|garer|tarifs?"
        r"|coute\w*|carte (?:bleue|vitale)|cheques?|especes|conventionnee?|secteur (?:un|deux|1|2)"
        r"|etage|ascenseur|de garde",
        information=1.5,
    ),
    _cue(
        rf"(?:ai|a|avons|aurait) bien (?:un |une )?{APPOINTMENT}|(?:confirm\w+|verifi\w+|savoir si"
        rf"|sais plus) (?:\w+ ){{0,5}}{APPOINTMENT}",
        information=3.5,
        booking=-1,
    ),
    _cue(
        rf"^(?:{POLITE})*(?:(?:la|le|l|les|un|une|du|de) )?(?:pharmacie|pharmacien\w*|laboratoire|labo"
        rf"|infirmi\w+|ehpad|clinique"
        r"|hopital|service d\w+|centre hospitalier|kine\w*|cabinet d\w+|cabinet infirmier|ambulanc\w+"
        r"|orthophon\w+|had|maison de retraite"
        r"|imagerie|secretariat d\w+|confrere|aide soignante|assistante sociale|gendarmerie|police"
        r"|samu)(?! (?:m|me|ne|n|dit|a(?! domicile)|est) )",
        professional=2.5,
        human=-4,
    ),
    _cue(
        r"confreres?|consoeur|(?:une?|de) (?:de )?vos patiente?s?|votre patiente?|residente?s?"
        r"|je suis (?:le )?(?:docteur|dr|interne)",
        professional=2.5,
    ),
    # A person
    _cue(
        r"(?:parler|discuter|expliquer|causer|passe[rz]?(?: moi)?|avoir|donnez moi|transfer\w+|relation"
        r"|contact|joindre|veux|voudrais"
        rf"|prefer\w+|aimerais|y a|il y a) (?:(?:a|avec|directement|au|a l|pas|moi|avoir|plutot|une?|la"
        rf"|le|l|les|du|votre|vrai|vraie|autre) )*{PERSON}",
        human=6,
    ),
    _cue(rf"(?:une?|vraie?|pas de|la|le) (?:vraie? )?{PERSON} (?:s il|svp|est la|merci|reelle)", human=5),
    _cue(
        rf"^(?:{POLITE}|non |mais |je |stop )*(?:(?:une?|la|le|l|vraie?) )*{PERSON}(?: s il (?:vous"
        rf"|te) plait)?$",
        human=6,
    ),
    _cue(r"quelqu un (?:de vrai|de vivant|de reel|d humain)|personne (?:reelle|humaine|en vrai)", human=5),
    _cue(
        rf"(?:parl\w+|pas|plus|encore|marre|aime|deteste|a|avec|votre|cette|etes"
        rf"|est) (?:\w+ ){{0,3}}{MACHINE}",
        human=4,
    ),
    _cue(
        r"(?:suis|est|sommes) (?:\w+ ){0,3}(?:en bas|devant|dehors|a la porte|sur le palier|dans la rue)"
        r" (?:\w+ ){0,6}(?:fermee?|ouvre|ouvrez|ouvert|ouvrir|sonne|code|porte|personne|repond)",
        human=7,
        information=-3,
    ),
    _cue(rf"(?:voir|regler|traiter|discuter)(?: de)?(?: ca| cela)? avec {PERSON}", human=5),
    _cue(r"n y a (?:plus |pas )?personne", human=-6),
    _cue(rf"{PERSON} (?:qui|m a|m avait|nous a|vous a|a dit|du docteur|d en face)", human=-4),
    # Nothing to serve yet
    _cue(rf"(?:{POLITE})*(?:vous m entendez|y a quelqu un|qui est la)(?: bien)?", hello=3),
    _cue(
        r"^(?:euh |oui |non |ah |bon |attendez |alors )*(?:attend(?:s|ez)?|une (?:petite )?(?:seconde"
        r"|minute)|deux (?:secondes|minutes)"
        r"|un (?:petit )?instant|ne quittez pas|quittez pas|patientez|je reviens)",
        wait=4,
    ),
    _cue(
        r"(?:trompee? de (?:numero|correspondant)|(?:mauvais|faux) numero"
        r"|pas le bon numero)",
        wrong_number=6,
    ),
    _cue(
        r"abonn(?:ez|ement)|offre|promotion|panneaux|sondage|enquete|gratuite?|audit|contrat d"
        r"|fournisseur|commercial\w*|nous proposons|vous propose[rz]?",
        telemarketing=1.5,
    ),
    _cue(
        r"sous titr\w+|merci d avoir regarde|abonnez vous|amara|prochaine video",
        unclear=6,
        teleconsultation=-2,
        telemarketing=-2,
    ),
    _cue(
        r"^(?:(?:euh|hum|mmh|ah|oh|bon|ben|bah|alors|oui|ouais|non|ok|d accord|voila|merci|beaucoup"
        r"|tres bien|parfait|je|hein|donc|si"
        r"|c est ca|c est pour|c est bon|au revoir|bonne journee|je sais (?:pas|plus)|peut etre"
        r"|exactement|la|test|un|deux|trois) ?)*$",
        unclear=5,
    ),
    _cue(
        r"^(?:(?:allo|bonjour|bonsoir|oui|madame|monsieur|docteur|salut|coucou|euh|vous m entendez"
        r"|y a quelqu un|bien) ?)+$",
        hello=6,
    ),
    _cue(
        r"coiffeur|restaurant|mairie|veterinaire|veto|chien|chat|pizzas?|garage|garagiste|plombier"
        r"|boulangerie|taxi|fleuriste|banque|hotel"
        r"|controle technique|prefecture",
        wrong_number=1,
    ),
)


def weigh(text: str, cues: Iterable[Cue] = CUES) -> dict[str, float]:
    """Log-odds by class that the words say outright; empty when nothing does."""
    said = fold(text)
    total: dict[str, float] = {}
    for cue in cues:
        if cue.pattern.search(said):
            for kind, weight in cue.weights.items():
                total[kind] = total.get(kind, 0.0) + weight
    return total
