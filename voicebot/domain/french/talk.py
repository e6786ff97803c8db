"""How French callers put what the dialogue listens for, besides values and wishes."""

import re

from voicebot.domain.language import Hint, Mentions, Routine, Talk

_SLOWER = re.compile(
    r"\bplus lentement\b|\bmoins vite\b|\bmoins rapidement\b|\barticul\w+|^(?:plus )?doucement\b"
    r"|\b(?:parle[rz]?|dites|allez|va|c est|c etait) (?:\w+ )?(?:trop|tres|si|beaucoup) (?:vite|rapide)\b"
    r"|\b(?:parle[rz]?|dites|redites|repete[rz]?|allez y)(?: \w+){0,2} doucement\b"
    r"|\bcomprends (?:rien|pas|plus|mal)(?: (?:bien|tout))?"
    r"(?: (?:a |de )?ce que vous (?:me )?(?:dites|racontez))?$"
    r"|\b(?:arrive|peux) pas a? ?vous (?:suivre|comprendre)\b"
)
_LOUDER = re.compile(
    r"\b(?:parle[rz]?|dites|redites|repete[rz]?|mettez|montez)(?: \w+){0,3} (?:fort|haut|le son|le volume)\b"
    r"|^(?:(?:un peu|pardon|non|oui|euh|allo) )*plus (?:fort|haut)\b"
    r"|\bentend[sz]?(?: \w+)? (?:rien|pas|mal|tres mal)(?: du tout| bien| tres bien| grand chose| rien)?"
    r"(?: (?:ce que vous (?:me )?dites|madame|monsieur))?$"
    r"|\bentends (?:tres |vraiment |assez )?mal\b(?!.*\boreille)"
    r"|\bsuis (?:\w+ ){0,2}(?:sourde?|malentendante?|dure? d oreille)\b"
)
"""Said of our voice. "je n'entends plus de l'oreille droite" is said of an ear, and is not found."""
_REPEAT = re.compile(
    r"^(?:pardon|comment|hein|quoi)(?: (?:pardon|comment|quoi|madame|monsieur|ca|deja|vous dites|vous disiez"
    r"|vous avez dit|s il vous plait))*$|(?<!\bse )\b(?:repete[rz]?|redites|redire)\b"
    r"|\b(?:pas|rien) (?:bien |tout |trop )?(?:compris|entendu|saisi)\b(?! parler)"
    r"|^(?:pardon |et )?(?:vous avez dit|vous dites|vous disiez|c est|c etait) (?:quoi|comment)(?: deja)?$"
    r"|\bqu (?:est ce que|avez) vous (?:avez )?(?:dit|dites)\b|\bquelle etait la question\b"
)
_OBJECTION = re.compile(
    r"\b(?:refuse|contre|oppose|arretez|cessez|coupez|sans|interdi[st]|derange|gene)\b"
    r".{0,40}\b(?:enregistr|transcri)"
    r"|\b(?:veu[xt]|voudrais|souhaite|desire|accepte|aime|autorise|permets|consens)\b.{0,12}\bpas\b"
    r".{0,40}\b(?:enregistr|transcri)"
    r"|\bpas (?:d accord|envie|le droit)\b.{0,40}\b(?:enregistr|transcri)"
    r"|\bpas (?:d |que |qu )?(?:etre|on|vous|me|m|nous)\b.{0,20}\b(?:enregistr|transcri)"
    r"|(?:\bn|\bne(?: m| me| nous)?|\bm|^) ?(?:enregistre[zs]?|transcri(?:vez|s|t))(?: moi)? pas\b"
    r"(?!.{0,30}\b(?:rendez vous|rdv|annulation|nom|numero|message)\b)"
    r"|\bpas (?:d |de )(?:enregistrement|transcription)"
)
"""Said of the call, not of what was or was not noted: "mon rendez-vous n'est pas enregistré" is none."""
_GOODBYE = re.compile(r"\b(au revoir|bonne journee|bonne soiree|c est tout|ca sera tout|merci c est bon)\b")
_KEPT = re.compile(
    r"\b(?:vous|le cabinet|docteur|secretaire) (?:l |les |me |m )?a(?:vez)?\b(?!.*\d)"
    r"|\bdossier|\bfiche\b|deja donne"
    r"|\bpas de (?:telephone|numero|portable)|(?:prefere|veux|voudrais|souhaite|tiens)\b.{0,8} pas\b"
)
_INFORMATION = {
    "address": re.compile(r"\b(adresse|situe|se trouve|trouver le cabinet|quelle rue|etage)\b"),
    "hours": re.compile(r"\b(horaires?|ouverts?|ouvrez|ferme[sz]?|fermez)\b"),
    "parking": re.compile(r"\b(parking|garer|stationn\w+|metro|bus|tram)\b"),
    "price": re.compile(r"\b(prix|tarifs?|coute|combien|carte vitale|tiers payant|paye[rz]?|depassement)\b"),
}
_CORRECTIONS = (
    (re.compile(r"\bnaissance|ne le|nee le\b"), "birth_date"),
    (re.compile(r"\b(nom|prenom|orthographe)\b"), "name"),
    (re.compile(r"\b(telephone|numero|portable)\b"), "phone"),
    (re.compile(r"\b(jour|heure|horaire|date|rendez vous|creneau)\b"), "wish"),
    (re.compile(r"\bmessage\b"), "message"),
)
_LATER = re.compile(r"\b(plus tard|apres|plus loin)\b")
_EARLIER = re.compile(r"\b(plus tot|avant|plus proche)\b")
_OTHER = re.compile(
    r"\b(autre|autres|aucun|aucune|ni l un|ne m arrange|me convient pas|m arrange pas|pas possible)\b"
)
_WHICHEVER = re.compile(r"\b(peu importe|n importe|comme vous voulez|au choix|egal)\b")
_NAMED = re.compile(
    r"\b(?:rendez[ -]vous|rdv|consultation|visite|créneau|celui|celle|place)\b"
    r"(.*?)(?=\b(?:à|a|au|pour|vers|mais|plutôt|plutot|on|vous|est-ce|finalement|je|faut|il)\b|[.?!,]|$)",
    re.IGNORECASE,
)
"""An appointment that exists and the words that say which: "mon rendez-vous de jeudi … à vendredi"."""
_WITHOUT_THEM = re.compile(
    r"\b(?:pompiers?|samu|smur|ambulance\w*|ambulanciers?|hospitalis\w+|hopital|urgences|reanimation|coma"
    r"|decede\w*|morte?|deces)\b"
)
"""Why somebody does not come that their doctor should know, whatever became of the appointment."""
_CHILD = re.compile(
    r"\b(?:maman|papa|mamie|papi|papy|mamy|nounou|tata|tonton)"
    r" (?:elle|il|y|est (?:par terre|tombee?|morte?))\b"
    r"|\bj ai (?:[4-9]|1[0-3]|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize) ans\b"
    r"|\b(?:je suis|suis) (?:une? enfant|une petite fille|un petit garcon|trop petite?)\b"
)
"""« Maman, elle… » as a child says it; an adult who does hears a sentence that is right for them too."""
_FAMILY = (
    r"(?:mes|ses|leurs?|nos) (?:parents|enfants)|(?:ma|sa) (?:mere|famille|femme|fille)|maman|papa"
    r"|(?:mon|son) (?:pere|mari|copain|conjoint|compagnon|ex|fils)|personne|quelqu un|(?:mes|ses) proches"
)
_PRIVATE = re.compile(
    rf"\bsans (?:que |qu )?(?:{_FAMILY}|on|ils|elle|il) (?:le |la |l )?(?:sach\w+|soi\w*|appren\w+)"
    rf"|\b(?:{_FAMILY}|ils|elle|il) (?:ne )?(?:doi(?:t|vent)|faut) (?:pas|rien|jamais)"
    r" (?:le )?(?:savoir|etre)"
    rf"|\bpas (?:que |qu )?(?:{_FAMILY}|ils|on) (?:le |l )?(?:sach\w+|soi\w*|appren\w+)"
    rf"|\b(?:le |rien )?(?:dites|dire|direz|parle[rz]?)(?: \w+)? (?:pas|rien) a (?:{_FAMILY})"
    rf"|\b(?:pas|rien) (?:le )?(?:dire|parler) a (?:{_FAMILY})"
    r"|\ben (?:cachette|secret|toute discretion)\b|\bdiscretement\b|\bconfidentiel\w*|\bentre nous\b"
)
_CAN_TALK = re.compile(
    r"\b(?:je suis|suis|toute?) seule?\b|\b(?:vous pouvez|je peux|on peut) (?:y aller|parler|me parler)\b"
    r"|\b(?:il|elle) (?:est|vient d etre|vient de) (?:parti|partie|sorti|sortie|partir|sortir|au travail)\b"
)
_CANNOT = re.compile(r"\b(?:pas|plus|pas encore|jamais) (?:toute? )?(?:seule?|parler|parti\w*|sorti\w*)\b")
_FRAGMENTS = frozenset(
    "a ai au aux avec c ca ce ces d dans de des du elle en est et euh eu hein heu hum il j je l la le les m "
    "ma me mes mmm mon n ne on pour qu que qui s sa se ses si son sur t ta te tu un une y".split()
)
_SOUNDS = frozenset("euh eu heu hum hein mmm".split())
_GREETING = r"(?:bonjour|bonsoir|allo|madame|monsieur|docteur|mademoiselle)"
_FILLER = r"(?:euh|heu|ben|bah|ah|oh|alors|bon|eh|hein|mais|donc)"
_NOT_URGENT = re.compile(
    r"\b(?:pas|rien|plus|sans|aucune?|ni|non)"
    r"(?: (?:vraiment|tres|trop|si|forcement|du tout|d|de|une?|l|bien|super|specialement|hyper))*"
    r" (?:urgen\w+|presse\w*|grave)\b"
    r"|(?<!ne )(?<!n )\b(?:peut|peux) (?:bien |tout a fait |largement )?attendre\b"
    r"|\bpas le feu\b|\bpas pour aujourd hui\b|\brien de special\b|\bje (?:ne )?(?:pense|crois) pas\b"
    r"|^(?:pas|rien) (?:vraiment|trop|tellement|specialement|particulierement|du tout)\b"
)
_NO = re.compile(
    rf"^(?:{_FILLER} |{_GREETING} |oui )*(?:non|nan)"
    rf"(?: (?:non|nan|merci|{_GREETING}|pas du tout|pas vraiment|pas specialement|ca va))*(?: |$)"
)
_YES_WORDS = frozenset(
    "oui ouais ouai ui si tout a fait absolument exactement effectivement en effet voila assez plutot un peu "
    "tres bien sur certainement je pense crois que ca l est c peut etre sais ne pas trop moyennement quand "
    "meme vraiment pour aujourd hui maintenant de suite ce matin soir s il vous plait svp madame monsieur "
    "euh heu ben bah ah oh alors bon eh hein mais donc".split()
)
_YES = re.compile(
    r"\b(?:oui|ouais|ouai|ui|si|tout a fait|absolument|exactement|effectivement|en effet|assez|plutot|un peu"
    r"|je (?:pense|crois)|peut etre|sais pas|sais pas trop|moyennement|certainement)\b"
)
_COMPLAINT = re.compile(
    r"^(?!.*\b(?:rendez vous|rdv|ordonnance|certificat|resultats?|vaccin)\b)"
    rf"(?:{_FILLER} )*(?:oui|ouais)(?: oui| {_FILLER}| parce que| car)* "
    r"(?:j ai (?!besoin|un rendez|rendez|une question|appele|rappele|recu|oublie|perdu|pris|eu un appel)"
    r"|je (?:me sens|n arrive|saigne|tousse|vomis|souffre|suis (?:malade|tombee?|enceinte))"
    r"|(?:mon|ma|mes|notre) \w+(?: \w+)? (?:a|ont|est|n|ne|s|se|va|vomit|tousse|saigne|pleure|souffre)\b"
    r"|(?:il|elle|on) (?:a|n|ne|s|se|va|vomit|tousse|saigne|pleure|souffre)\b"
    r"|ca (?:va (?:pas|mal)|fait|me|saigne|gonfle|brule)\b)"
)
_WAITS = re.compile(
    r"^(?:(?:euh|oui|alors|bon|ah|pardon|attendez|attends|excusez moi) )*"
    r"(?:je (?:\w+ )?(?:cherche|vais chercher|prends|attrape|regarde|retrouve|note)|laissez moi"
    r"|le temps (?:de|que)|il faut que je (?:cherche|retrouve))\b.*"
    r"\b(?:carte|papiers?|lunettes|stylo|crayon|agenda|calendrier|sac|dossier|noter|retrouver"
    r"|chercher|seconde"
    r"|minute|instant)\b"
)

_RESTARTS = re.compile(
    r"^(?:(?:non|attendez|pardon|bon|alors|euh|oh|ah|je me suis trompee?|excusez moi) )*"
    r"(?:je|on|nous) (?:recommence|recommencons|reprend|reprends|reprenons|repart)(?: (?:tout"
    r"|si vous voulez|donc))*"
    r"(?P<all> (?:depuis le|du|au) debut| a zero)?$"
)

_ANOTHER_DAY = re.compile(r"\b(?:autre|autres) (?:jours?|dates?)\b")

_WITHIN = re.compile(r"\bplus (?:tard|tot) (?:dans|en|le|la|cet|ce)\b")

_YOUNG = re.compile(
    r"\bj ai (?:[4-9]|1[0-3]|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize) ans\b(?! de)"
    r"|\b(?:je suis|suis) (?:une? enfant|une petite fille|un petit garcon|trop petite?)\b"
)
"""A child's own words only: "maman, elle…" is also how grown children speak."""
TALK = Talk(
    waits=_WAITS,
    restarts=_RESTARTS,
    another_day=_ANOTHER_DAY,
    within=_WITHIN,
    young=_YOUNG,
    repeat=_REPEAT,
    slower=_SLOWER,
    louder=_LOUDER,
    goodbye=_GOODBYE,
    objection=_OBJECTION,
    kept=_KEPT,
    information=_INFORMATION,
    corrections=_CORRECTIONS,
    later=_LATER,
    earlier=_EARLIER,
    other=_OTHER,
    whichever=_WHICHEVER,
    which=_NAMED,
    without_them=_WITHOUT_THEM,
    child=_CHILD,
    private=_PRIVATE,
    can_talk=_CAN_TALK,
    cannot_talk=_CANNOT,
    fragments=_FRAGMENTS,
    hesitations=_SOUNDS,
    keys={
        "0": "une secrétaire",
        "1": "le premier",
        "2": "le deuxième",
        "3": "le troisième",
        "yes": "oui",
        "no": "non",
        "menu 1": "je voudrais prendre un rendez-vous pour voir le docteur",
        "menu 2": "je voudrais déplacer mon rendez-vous",
        "menu 3": "je voudrais annuler mon rendez-vous",
        "menu 4": "je voudrais laisser un message",
    },
    routine=Routine(
        no=_NO,
        not_urgent=_NOT_URGENT,
        yes=_YES,
        yes_words=_YES_WORDS,
        complaint=_COMPLAINT,
        apart=re.compile(
            r"[,.;:!?…]+| (?=(?:mais |c['’]est (?:juste )?pour |je (?:voudrais|souhaite) |j['’]appelle ))"
        ),
        filler=re.compile(rf"(?:{_FILLER}|{_GREETING}|oui| )+"),
    ),
    mentions=Mentions(
        announces=frozenset(
            "docteur docteure dr doctoresse doc toubib avec chez voir pour madame monsieur mme".split()
        ),
        courtesy=frozenset(("madame", "monsieur", "mme")),
        before_patient=re.compile(r"\b(?:au nom d[eu]|je m appelle|je suis|c est|nom de famille)\s*$"),
    ),
)
HINT = Hint(
    asks=re.compile(r"\b(?:parlez|parlez vous|parle|parler|en) francais\b|\bspeak french\b"),
    words=frozenset(
        "je j vous est un une le la les des du mon ma mes pour avec oui bonjour merci il voudrais rendez et "
        "dans qui que pas ne au aux ce cette elle suis ai".split()
    ),
)
