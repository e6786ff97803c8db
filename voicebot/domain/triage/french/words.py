"""French words that carry no sign, slips of writing, and spoken figures."""

from voicebot.domain.triage.language import Numbers, Respelt

GRAMMAR = frozenset(
    "le la les l un une des du de d au aux a mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs "
    "ce cet cette ces ca c j je tu il elle on nous vous ils elles me m te t se s lui y en qu que qui et "
    "est ai as avons avez ont suis sont etait ete etre avoir avait".split()
)
LIGHT = GRAMMAR | frozenset(
    "euh heu ben bah hein bon alors donc voila la genre quoi enfin tres trop tout toute tous toutes vraiment "
    "tellement super hyper assez bien peu aussi meme encore toujours deja juste carrement completement "
    "presque quasiment pratiquement plutot franchement vachement totalement limite sacrement".split()
)
COMMON = frozenset(
    "mari attendez crois oreille oreilles passez sante mettez cachet cachets vienne entendez demenage greve "
    "accompagne depose avenue maitre espacer disons decommande deranger egare deposer rallonge tarif "
    "apporter ferry ravoir aimerait allaite allaitement contrat attention savez reseau sourit traitements "
    "aprem voulez pourrez arretez montant bellevue stage pizza cerumen ennuie volet rallonger "
    "annulez visio excusez accueil rembourse remboursee remboursement propose patron printemps convient "
    "aptitude scolaire scolaires envoie dispense moyen reprogrammer reporte avertir presenter parking "
    "parfait egal appetit convoque convenu reservation connaitre exactement ouverture salut ausculte "
    "ausculter compatible compatibles facilement facile sieste insiste orientation mycoses minuit "
    "bureau equipe ascenseur ordi taxi taxis dispo dispos prolongation recontacte recontacter recontactez "
    "solution solutions "
    "adresse adresses allo annee annees annulation annule annuler appele appeler appelle apres "
    "attendre attends aujourd auriez avance avancer avant avion avis bernard besoin bonjour bonsoir "
    "cabinet celle celui certificat changer chaque cherche combien comment complet conduire conge "
    "conseil consultation consulter contente controle courrier creneau date decaler decembre "
    "decommander demain demande demander demie deplacer dermatologue dernier derniere desiste desole "
    "desolee deuxieme devis disponible docteur dois domicile donne donner dossier dubois ecole embete "
    "emmenager encore enfin ensuite entendu envoye envoyer essaye expliquer facture faudrait fevrier "
    "formation formulaire generaliste gentil habite habitude horaire horaires infirmier infirmiere "
    "information internet janvier jeudi joindre journee juillet juin jusque laboratoire lettre libre "
    "lundi lunettes lycee madame mademoiselle mairie maison maitresse mardi martin matinee meilleur "
    "meilleure merci mercredi message mettre moment monsieur montrer mutuelle mycose noel normal "
    "novembre numero octobre ordinateur ordonnance ouvert ouverte papier papiers pardon parle parler pascal "
    "passage passer pendant permis personne pharmacie pharmacien place plait possible pourrai "
    "pourrais pourrait pouvez premier premiere prendre prescription presque probleme prochain "
    "prochaine professeur prolonger quelque quelques question quinzaine rappel rappeler reclame "
    "recommande refaire remplacant rendez renouveler renouvellement renseignement reporter repousser "
    "reprendre reserver resultat resultats retard revenir revoir roussel samedi seance secretaire "
    "secretariat secu semaine semaines septembre service souhaite souhaiterais specialiste sujet surtout "
    "teleconsultation telephone thyroide traitement travail traverse trouver urgence vacances "
    "vendredi verifier veuillez viendrai visite vitale voila voiture voudrais voudrait voulais "
    "voulait".split()
)
ACCENTED = dict.fromkeys(("mémé", "mémés"), "mamie") | dict.fromkeys(
    ("tète", "tètes", "tètent", "téter", "teter", "tété", "tétée", "tétées", "tetee", "tetees", "tétait"),
    "allaiter",
)
COMPARED = {
    "plus": frozenset(
        "tot tard vite loin longtemps souvent simple simples facile facilement pratique court courte recent "
        "recente proche proches cher chere jeune age agee ancien ancienne".split()
    )
}
TOO_COMMON = frozenset(("avoir", "etre", "aller", "faire"))
_PU = Respelt(
    "plus",
    not_behind=frozenset(
        "ai as a avons avez ont avais avait avaient aurait aurais pas jamais rien plus n ne".split()
    ),
)
RESPELT = {"pu": _PU, "plu": _PU}
NUMBERS = Numbers(
    code="fr",
    words=frozenset(
        "zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
        "vingt vingts trente quarante cinquante soixante septante huitante nonante cent cents mille".split()
    ),
    articles=frozenset(("un", "une")),
    article_joins=frozenset(("et", "vingt", "virgule")),
    joins=frozenset(("et", "virgule")),
    not_joined=frozenset(("deux", "trois")),
    as_number={"une": "un"},
    left_as_words={"un": 1.0, "deux": 2.0, "trois": 3.0},
    units=frozenset(
        "an ans annee annees mois semaine semaines jour jours heure heures gramme grammes minute "
        "minutes".split()
    ),
)
