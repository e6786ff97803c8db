"""What begins a new statement in spoken English."""

from voicebot.domain.triage.language import Where

PEOPLE = frozenset(
    "mother father mum mom dad husband wife son daughter baby child children kid boy girl grandmother "
    "grandfather nan gran grandad grandpa brother sister neighbour neighbor friend partner boyfriend "
    "girlfriend uncle aunt patient man woman lady gentleman toddler newborn infant little".split()
)
_SUBJECTS = frozenset("i you he she it we they there".split())
_IT_VERBS = frozenset("is s was has had hurts won feels keeps started doesn isn burns stings just".split())
_VERBS = frozenset("is s has was had can keeps won isn hasn just went fell".split())
_OPENERS = frozenset("but because then if unless when".split())
_INSIDE = _OPENERS | frozenset(
    "that which who what how why where whether as than and or so do does did is are was has have had will "
    "would can could should whenever while".split()
)
BREATH_WORDS = frozenset(("and", "or", "so"))
OPENINGS = (
    {word: Where() for word in _OPENERS}
    | {word: Where(not_behind=_INSIDE) for word in _SUBJECTS}
    | {word: Where(not_behind=_INSIDE, before=(PEOPLE, _VERBS)) for word in ("my", "our", "his", "her")}
    # "it" and "you" are objects too: "end it all".
    | {"it": Where(not_behind=_INSIDE, before=(_IT_VERBS,))}
    | {"you": Where(not_behind=_INSIDE, before=(frozenset("are re can have could".split()),))}
    # "as if he was drunk" says how, "if he falls" supposes.
    | {"if": Where(not_behind=frozenset(("as", "even", "like")))}
)
