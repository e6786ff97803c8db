"""What begins a new statement in spoken French, which has no full stops."""

from voicebot.domain.triage.language import Where

_SUBJECTS = frozenset("je j tu il elle on nous vous ils elles ca c y".split())
_CARRY_ON = frozenset(
    "je j tu il elle on nous vous ils elles me m te t se s lui leur en y n ne "
    "chez pour avec contre sur entre sans apres vers devant derriere rendez et est".split()
)
"""After one of these a pronoun is an object, or belongs to the clause already begun."""
_OPENERS = frozenset("mais donc car sinon puis quand lorsque lorsqu parce puisque si s sauf".split())
_VERBS = frozenset("a est ne n s se ont sont fait va vient peut veut perd etait avait m".split())
PEOPLE = frozenset(
    "pere mere papa maman mari femme fils fille bebe enfant enfants garcon mamie papi papy mami grand "
    "frere soeur "
    "petit petite voisin voisine ami amie copain copine conjoint compagnon compagne epoux epouse oncle tante "
    "patient patiente dame monsieur nourrisson gamin gamine ado gosse belle beau cousin cousine neveu niece "
    "collegue homme bonhomme loulou puce chou".split()
)
_INSIDE = _CARRY_ON | _OPENERS | {"que", "qu", "comme", "dont", "ou", "si jamais"}
_OWNER = Where(not_behind=_CARRY_ON | {"a", "de", "d", "que", "qu", "comme", "si"}, before=(PEOPLE, _VERBS))
BREATH_WORDS = frozenset("et ou voila alors".split())
OPENINGS = (
    {word: Where() for word in _OPENERS}
    | dict.fromkeys("mon ma mes notre nos son sa ses".split(), _OWNER)
    | {word: Where(not_behind=_INSIDE) for word in _SUBJECTS}
    | {
        # "s'il", not "comme s'il"; "si j'ai mal", not "même si", "si mal".
        "s": Where(not_behind=frozenset(("comme",)), before=(frozenset(("il", "ils")),)),
        "si": Where(
            not_behind=frozenset(("comme", "meme")),
            before=(_SUBJECTS | {"jamais", "un", "une", "le", "la", "mon", "ma"},),
        ),
        "ca": Where(not_behind=_INSIDE | {"eu", "fait", "vu", "dit", "pris"}),
        "c": Where(not_behind=_INSIDE, before=(frozenset(("est", "etait", "a", "t")),)),
        "y": Where(not_behind=_INSIDE | {"il", "n"}, before=(frozenset(("a", "avait")),)),
        # "il y a trois ans" is a date, "il y a du sang" a statement.
        "il": Where(
            not_behind=_INSIDE,
            not_before_phrases=(
                ("y", "*", "#"),
                *(("y", "*", word) for word in "longtemps quelques plusieurs un une".split()),
                *(("y", "*", "des", unit) for unit in "annees mois semaines jours".split()),
            ),
        ),
    }
)
