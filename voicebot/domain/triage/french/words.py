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
