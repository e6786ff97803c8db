"""How spoken French denies, dates, supposes and ends things."""

from voicebot.domain.triage.language import Doubting, Where

_NEGATORS = frozenset("pas plus jamais aucun aucune ni sans rien".split())
_COMPARED = frozenset(
    "fort forte forts vite gros grosse souvent haut bas tard tot grave petit petite longtemps loin "
    "rapidement "
    "jeune age agee grand grande que qu ou intense importante".split()
)
_PHRASES: dict[str, tuple[str, ...]] = {
    "supposed": (
        "=est =ce pouvoir", "=qu =un =jour", "=si =un =jour", "=perdu =son =pere", "=perdu =sa =mere",
        "=perdu =mon =pere", "=perdu =ma =mere", "raconté histoire",
        "au cas", "en cas", "peur =de", "peur =d", "peur =que", "peur =qu", "crainte =de", "risque =de",
        "risque =d", "des fois =que", "pouvoir donner", "pouvoir provoquer", "pouvoir entrainer",
        "éviter",
        "prévenir =les", "prévenir =un", "=mort =d", "=morte =d", "=mort =de", "=morte =de", "décéder =d",
        "décéder =de", "mourir =d", "mourir =de", "=dans famille", "héréditaire", "antécédent",
        "rappeler =si",
        "revenir =si", "facteur risque", "soupçon =de", "prévention", "film", "=suite =a =un",
        "=un =exposé", "=mon =exposé", "=exposé =sur", "documentaire", "=votre =protocole", "=à =reconnaître",
        "=apprendre =à",
        "exercice incendie", "exercice évacuation", "exercice alerte", "=faux =blessés", "fausses victimes",
        "=quand =j =aurai", "=quand =elle =aura", "=quand =il =aura",
    ),
    "exam": (
        "=prise", "radio", "échographie", "écho", "scanner", "irm", "vaccin", "bilan", "dépistage",
        "certificat", "analyse", "test", "examen", "ordonnance", "séance", "suivi", "appareil",
        "assurance", "formation", "stage",
    ),
    "long_ago": (
        "an dernier", "année dernière", "mois dernier", "an passé", "année passée", "mois passé",
        "quand petit", "quand jeune", "quand enfant", "quand bébé", "quand ado", "quand gamin",
        "=a =des =annees", "=a longtemps", "=a =quelques =annees", "=a =plusieurs =annees", "autrefois",
        "à l'époque", "dans le temps", "première grossesse", "dernière grossesse", "grossesse précédente",
        "premier trimestre", "=avant =l =operation", "=avant =mon =operation", "dans ma jeunesse",
        "=l =été =dernier", "hiver dernier",
        "noel dernier", "printemps dernier", "automne dernier", "=ca =va =faire =dix =ans", "=en =janvier",
        "=en =février", "=en =mars", "=en =avril", "=en =mai", "=en =juin", "=en =juillet", "=en =août",
        "=en =septembre", "=en =octobre", "=en =novembre", "=en =décembre", "ancien", "dans l'enfance",
        "antécédent", "=une =fois =a", "plus jamais eu", "plus jamais refait", "jamais refait",
        "jamais recommencé", "=avant =dans =mon", "=avant =j =avais", "il =y =a =tres longtemps",
        "=en =a =six =maintenant", "quand plus jeune", "toute petite", "au lycée", "au service militaire",
        "pendant ma grossesse", "accouchement précédent", "dans une autre vie", "à la naissance", "guerre",
    ),
    "over": (
        "=est fini", "=est finie", "=s =est =arrete", "=s =est =arretee",
        "=est terminé", "=est passé", "=est passée", "=va mieux",
        "=allait =mieux", "maintenant =ca =va", "guérir", "dégonfler", "disparu", "=est =partie",
        "=est =parti =tout", "=est tombée =depuis", "=est rentré ordre", "ressortir", "fievre =est =tombee",
        "temperature =est =tombee", "=est =retombee", "est =redescendue", "tout =va =bien", "=a =cesse",
        "=est contrôlé", "guéri", "guérie", "va nickel", "va très bien", "pète la forme", "=est =remis",
        "=est =remise", "=en =pleine =forme", "=rien =de =grave finalement", "finalement rien",
        "fausse alerte", "=va =bien =maintenant", "sorti hôpital", "tout est rentré ordre", "en rémission",
        "jamais recommencé", "plus jamais refait", "jamais récidivé", "pas recommencé", "pas récidivé",
        "=l =ont =emmené", "=l =ont =emmenée", "ressoudé", "=est refermée", "=est refermé",
        "=est cicatrisé", "=est cicatrisée", "ongle repoussé", "consolidé", "consolidée",
    ),
    "resumed": (
        "=en =ai =eu", "=en =a =eu", "=en =ai =fait", "=en =a =fait",
    ),
    "recent": (
        "hier", "matin", "midi", "soir", "nuit", "heure", "minute", "aujourd'hui", "seconde", "instant",
        "maintenant", "à l'instant", "vient =de",
    ),
    "now": (
        "maintenant", "en ce moment", "actuellement", "tout de suite", "vite", "urgent", "urgence",
        "secours", "aggraver", "empirer", "pire", "de plus en plus", "d'un coup", "soudain", "brutalement",
        "venez", "tout à l'heure", "aider-moi", "depuis jour", "depuis semaine", "commencer", "recommencer",
        "revenir",
    ),
    "errand": (
        "certificat", "attestation", "duplicata", "=le =papier", "=un =papier", "=papier =pour", "dossier",
        "compte rendu", "formulaire", "courrier", "=ordonnance", "=ordonnances", "renouveler",
        "renouvellement", "mutuelle", "assurance", "avocat", "expert", "licence", "=le suivi", "=mon suivi",
        "=pour suivi", "kiné", "séance", "rééducation", "arrêt de travail", "prolonger", "=faut =il",
        "il faut-il", "=peut =on", "colo", "fiche", "pas urgent", "=rien d'urgent", "visite contrôle",
        "rendez-vous annuel", "consultation annuelle", "bilan annuel", "vaccin", "prendre contre", "=ald",
        "=mdph", "dossier médical", "carte", "photocopie", "scanner contrôle", "employeur", "patron",
        "facture", "remboursement", "semelle", "question générale", "=c est pour refaire",
        "voudrais savoir", "voulais savoir", "aimerais savoir", "savoir si", "savoir quand",
        "savoir comment", "savoir partir", "=a =noter", "notice", "brochure", "reportage", "émission",
        "internet", "lu que", "dépistage", "carnet", "=des conseils", "conseil =pour", "voyage",
        "partir vacances", "=pour un contrôle", "juste contrôle", "visite médicale", "médecine travail",
        "aptitude", "maîtresse demande", "école demande", "projet accueil", "=pai", "dossard",
        "compétition", "don sang", "stock", "commande", "livraison", "périmer", "rupture stock",
        "formation secourisme", "stage secourisme", "exercice", "simulation", "déménager",
        "changer médecin", "=en =théâtre", "cours théâtre", "pièce théâtre", "fiction", "tournage",
        "saynète", "déguisement", "=exposé =sur", "=oral =sur", "cours français", "=nous =forme",
    ),
    "regulated": (
        "15 dire", "15 conseiller", "15 demander", "15 renvoyer", "samu dire", "samu conseiller",
        "samu demander", "pompier dire", "régulateur dire", "15 orienter",
    ),
}  # fmt: skip
DOUBTING = Doubting(
    negators={
        **{word: Where() for word in _NEGATORS},
        # Not in "de plus en plus", "plus fort", "plus de trois", "pas mal de".
        "plus": Where(
            not_behind=frozenset("de en encore beaucoup bien d le la les non une un".split()),
            not_before=_COMPARED,
            not_before_phrases=(
                ("#",),
                *((small, what) for small in ("de", "d", "en") for what in ("#", "plus")),
            ),
        ),
        "pas": Where(not_before_phrases=(("mal", "de"), ("mal", "d"))),
    },
    forward=_NEGATORS - {"rien"},
    backward=frozenset("pas plus jamais rien".split()),
    across=frozenset(("ni",)),
    swallowed={
        "pas": frozenset(
            "pour que qu normal normale normalement bien mieux seulement sur sure beaucoup".split()
        )
    },
    carriers=frozenset(
        "eu avoir senti sentir ressenti ressentir fait faire perdu vu remarque constate presente non "
        "specialement particulierement vrai vraie gros grosse forte fort grand grande grosses autre signe "
        "impression reussi reussir pu capable arriver arrive parvenir moyen possible".split()
    ),
    between=frozenset(
        "le la les y en lui se s me m toujours vraiment quasiment presque pratiquement carrement meme du "
        "tout bien".split()
    ),
    objects=frozenset(("de", "d", "mal")),
    not_objects=frozenset("la l mon ma mes".split()),
    without_object=frozenset(("rien",)),
    stopped=frozenset(("arreter", "cesser")),
    nothing={"rien": frozenset("a ai as ont avons avez avait avais".split())},
    was=frozenset(("avais", "avait", "avaient")),
    hours={
        "minute": 1 / 60,
        "heure": 1.0,
        "jour": 24.0,
        "semaine": 168.0,
        "moi": 720.0,
        "an": 8760.0,
        "annee": 8760.0,
    },
    ago_behind=(frozenset("a"), frozenset("y")),
    ago_before=frozenset(),
    in_year=frozenset(("en", "de")),
    as_a=frozenset("bebe enfant petit petite jeune".split()),
    as_a_before=frozenset(("c", "je", "j")),
    dates_before=frozenset(("quand", "c", "y")),
    dates_behind=frozenset(("c", "il", "y", "ca", "l")),
    conditions={"si": Where(), "s": Where(before=(frozenset(("il", "ils")),))},
    only_if=frozenset("si jamais un 1 jour une fois par malheur des".split()),
    phrases=_PHRASES,
    births=frozenset("ne nee nes accouche accouchee accouchement cesarienne".split()),
)
