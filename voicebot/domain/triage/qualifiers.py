"""What spoken French does to a sign: denied, over, long ago, only feared, somebody's history.

A qualifier never silences: the matcher turns a qualified sign into a doubt. Each looks only around the
sign it touches, inside its clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag, auto

from voicebot.domain.triage.phrases import NEGATORS, Hit, find, index
from voicebot.domain.triage.stems import stem
from voicebot.domain.triage.tokens import LIGHT, Token


class Doubt(Flag):
    """Why a sign may not be there now."""

    NONE = 0
    DENIED = auto()
    """ "pas de fièvre", "elle saigne plus"."""
    OVER = auto()
    """ "c'est passé", "j'avais mal"."""
    LONG_AGO = auto()
    """ "l'an dernier", "il y a trois ans"."""
    SUPPOSED = auto()
    """ "si j'ai mal", "peur de faire un AVC", "mort d'un AVC", "radio de la poitrine"."""


_FORWARD = NEGATORS - {"rien"}
_COMPARED = frozenset(
    "fort forte forts vite gros grosse souvent haut bas tard tot grave petit petite longtemps loin "
    "rapidement "
    "jeune age agee grand grande que qu ou intense importante".split()
)
_SWALLOWED = frozenset(
    "pour que qu normal normale normalement bien mieux seulement sur sure beaucoup".split()
)
"""After "pas" one of these is what is denied."""
_CARRIERS = frozenset(
    "eu avoir senti sentir ressenti ressentir fait faire perdu vu remarque constate presente non "
    "specialement particulierement vrai vraie gros grosse forte fort grand grande grosses autre signe "
    "impression reussi reussir pu capable arriver arrive parvenir moyen possible".split()
)
_BETWEEN = frozenset(
    "le la les y en lui se s me m toujours vraiment quasiment presque pratiquement carrement meme du tout "
    "bien".split()
)
"""What may stand between a verb and its "pas"."""
_STOPPED = frozenset(stem(verb) for verb in ("arreter", "cesser"))
PHRASES = index(
    {
        "supposed": (
            "=est =ce pouvoir",
            "au cas", "en cas", "peur =de", "peur =d", "peur =que", "peur =qu", "crainte =de", "risque =de",
            "risque =d", "des fois =que", "pouvoir donner", "pouvoir provoquer", "pouvoir entrainer",
            "éviter",
            "prévenir =les", "prévenir =un", "=mort =d", "=morte =d", "=mort =de", "=morte =de", "décéder =d",
            "décéder =de", "mourir =d", "mourir =de", "=dans famille", "héréditaire", "antécédent",
            "rappeler =si",
            "revenir =si", "facteur risque", "soupçon =de", "prévention", "film", "=suite =a =un",
        ),
        "exam": (
            "=prise", "radio", "échographie", "écho", "scanner", "irm", "vaccin", "bilan", "dépistage",
            "certificat", "analyse", "test", "examen", "ordonnance", "séance", "suivi", "appareil",
            "assurance", "formation", "stage",
        ),
        "long_ago": (
            "an dernier", "année dernière", "mois dernier", "an passé", "année passée",
            "mois passé", "quand petit", "quand jeune", "quand enfant", "quand bébé", "quand ado",
            "quand gamin", "=a =des =annees",
            "=a longtemps", "=a =quelques =annees", "=a =plusieurs =annees",
            "autrefois", "à l'époque", "dans le temps", "première grossesse", "dernière grossesse",
            "grossesse précédente", "premier trimestre", "avant opération", "dans ma jeunesse", "été dernier",
            "hiver dernier", "noel dernier", "ancien", "dans l'enfance", "antécédent",
        ),
        "over": (
            "=est fini", "=est finie", "=est terminé", "=est passé", "=est passée", "=va mieux",
            "=allait =mieux",
            "maintenant =ca =va", "guérir", "dégonfler", "disparu", "=est =partie", "=est =parti =tout",
            "=est tombée =depuis", "=est rentré ordre", "ressortir", "fievre =est =tombee",
            "temperature =est =tombee",
            "=est =retombee", "est =redescendue", "tout =va =bien", "=a =cesse", "=est contrôlé",
        ),
        "recent": (
            "hier", "matin", "midi", "soir", "nuit", "heure", "minute", "aujourd'hui", "seconde", "instant",
            "maintenant", "à l'instant", "vient =de",
        ),
        "regulated": (
            "15 dire", "15 conseiller", "15 demander", "15 renvoyer", "samu dire", "samu conseiller",
            "samu demander", "pompier dire", "régulateur dire", "15 orienter",
        ),
    }
)  # fmt: skip
_HOURS = {
    "minute": 1 / 60,
    "heure": 1.0,
    "jour": 24.0,
    "semaine": 168.0,
    "mois": 720.0,
    "an": 8760.0,
    "annee": 8760.0,
}
FAR_HOURS = 14 * 24.0
"""Further back than this is history; nearer is still this illness."""


@dataclass(frozen=True)
class Context:
    """What surrounds the signs of one text: its tokens, clauses, and the qualifying words in it."""

    tokens: Sequence[Token]
    clause: Sequence[int]
    breath: Sequence[int]
    said: dict[str, dict[int, tuple[Hit, ...]]]
    """Qualifying phrases by kind, then by clause."""
    denies: frozenset[int]
    """Tokens that deny what follows or precedes them."""

    def near(self, kind: str, clause: int) -> tuple[Hit, ...]:
        """The qualifying phrases of that kind in a clause."""
        return self.said.get(kind, {}).get(clause, ())


def context(
    tokens: Sequence[Token], clause: Sequence[int], breath: Sequence[int], hits: Sequence[Hit]
) -> Context:
    """Gather it once for all signs of a text; linear."""
    said: dict[str, dict[int, list[Hit]]] = {}
    for hit in find(PHRASES, tokens, clause):
        said.setdefault(hit.concept, {}).setdefault(clause[hit.start], []).append(hit)
    for i in range(len(tokens)):
        if _far(tokens, i):
            said.setdefault("long_ago", {}).setdefault(clause[i], []).append(Hit("long_ago", i, i + 1))
    return Context(
        tokens,
        clause,
        breath,
        {kind: {c: tuple(h) for c, h in by.items()} for kind, by in said.items()},
        frozenset(i for i in range(len(tokens)) if _denies(tokens, i)) - _spent(hits),
    )


def _spent(hits: Sequence[Hit]) -> frozenset[int]:
    """Negations that belong to a longer saying ("jamais eu aussi mal") deny nothing else."""
    return frozenset(i for hit in hits if len(hit.words) >= 3 for i in hit.words)


def doubts(ctx: Context, hit: Hit) -> Doubt:
    """Everything that qualifies one sign."""
    found = Doubt.NONE
    if _denied(ctx, hit):
        found |= Doubt.DENIED
    if _over(ctx, hit):
        found |= Doubt.OVER
    if _long_ago(ctx, hit):
        found |= Doubt.LONG_AGO
    if _supposed(ctx, hit):
        found |= Doubt.SUPPOSED
    return found


def _denies(tokens: Sequence[Token], i: int) -> bool:
    """Whether this "pas" or "plus" denies: not in "de plus en plus", "plus fort", "pas mal de"."""
    text = tokens[i].text
    if text not in NEGATORS:
        return False
    before = tokens[i - 1].text if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    later = tokens[i + 2] if i + 2 < len(tokens) else None
    if text == "plus":
        if before in ("de", "en", "encore", "beaucoup", "bien", "d", "le", "la", "les", "non", "une", "un"):
            return False
        if after and (after.text in _COMPARED or after.number is not None):
            return False
        return not (
            after and later and after.text in ("de", "d", "en") and (later.number or later.text == "plus")
        )
    return not (text == "pas" and after and later and after.text == "mal" and later.text in ("de", "d"))


def _swallowed(tokens: Sequence[Token], i: int) -> bool:
    """ "pas normal", "pas pour": what is denied is that word, not what comes after."""
    return tokens[i].text == "pas" and i + 1 < len(tokens) and tokens[i + 1].text in _SWALLOWED


def _denied(ctx: Context, hit: Hit) -> bool:
    if any(i in ctx.denies and i not in hit.words for i in range(hit.start + 1, hit.end - 1)):
        return True
    return _denied_before(ctx, hit.start) or _denied_after(ctx, hit)


def _denied_before(ctx: Context, start: int) -> bool:
    """A negator whose next meaningful word is the sign: "pas de fièvre", "arrive plus à respirer"."""
    tokens = ctx.tokens
    for i in range(start - 1, max(start - 8, -1), -1):
        if ctx.breath[i] != ctx.breath[start] and tokens[i].text != "ni":
            return False
        if i in ctx.denies and tokens[i].text in _FORWARD:
            return not (_endless_before(ctx, i) or _swallowed(tokens, i))
        if tokens[i].text not in LIGHT and tokens[i].text not in _CARRIERS:
            return False
    return False


def _endless_before(ctx: Context, negator: int) -> bool:
    """ "n'arrête pas de saigner": what is denied is the stopping. "n'arrive pas" is not one of these."""
    for i in range(negator - 1, max(negator - 4, -1), -1):
        if ctx.clause[i] != ctx.clause[negator]:
            return False
        if ctx.tokens[i].stem in _STOPPED:
            return True
        if ctx.tokens[i].text not in LIGHT:
            return False
    return False


def _denied_after(ctx: Context, hit: Hit) -> bool:
    """A negator right behind the verb: "elle saigne pas", "il respire plus"."""
    tokens = ctx.tokens
    for i in range(hit.end, min(hit.end + 3, len(tokens))):
        if ctx.breath[i] != ctx.breath[hit.end - 1]:
            return False
        if i in ctx.denies and tokens[i].text not in ("sans", "ni", "aucun", "aucune"):
            after = tokens[i + 1].text if i + 1 < len(tokens) else ""
            same = i + 1 < len(tokens) and ctx.breath[i + 1] == ctx.breath[i]
            later = tokens[i + 2].text if i + 2 < len(tokens) else ""
            # "saigne plus de la main" denies the verb; "vois plus de médecin" the noun.
            noun = after in ("de", "d", "mal") and later not in ("la", "l", "mon", "ma", "mes")
            return not (same and noun and tokens[i].text != "rien")
        if tokens[i].text not in _BETWEEN:
            return False
    return False


def _over(ctx: Context, hit: Hit) -> bool:
    """Said to be over, in its clause or the next two, or told in the past without a recent time."""
    here = ctx.clause[hit.start]
    if any(phrase.start >= hit.end for phrase in ctx.near("over", here)):
        return True
    if ctx.near("over", here + 1) or _stopped(ctx, hit.start):
        return True
    return not ctx.near("recent", here) and _was(ctx, hit)


def _stopped(ctx: Context, start: int) -> bool:
    """ "ça s'est arrêté de saigner", and not "ça n'arrête pas de saigner"."""
    for i in range(start - 1, max(start - 4, -1), -1):
        if ctx.clause[i] != ctx.clause[start] or i in ctx.denies:
            return False
        if ctx.tokens[i].stem in _STOPPED:
            return not ctx.denies & {i - 1, i - 2}
        if ctx.tokens[i].text not in LIGHT:
            return False
    return False


def _was(ctx: Context, hit: Hit) -> bool:
    """ "j'avais mal", "ça avait gonflé"."""
    for i in range(hit.start - 1, max(hit.start - 6, -1), -1):
        if ctx.clause[i] != ctx.clause[hit.start]:
            return False
        if ctx.tokens[i].text in ("avais", "avait", "avaient"):
            return True
        if ctx.tokens[i].text not in LIGHT:
            return False
    return False


def _far(tokens: Sequence[Token], i: int) -> bool:
    """ "il y a trois ans", "ça fait six mois que", "en 2010"."""
    value = tokens[i].number
    if value is None:
        return _as_a_child(tokens, i)
    if 1900 <= value <= 2100 and i and tokens[i - 1].text in ("en", "depuis"):
        return tokens[i - 1].text == "en"
    after = tokens[i + 1].text.rstrip("s") if i + 1 < len(tokens) else ""
    hours = _HOURS.get("mois" if after == "moi" else after)
    before = [t.text for t in tokens[max(i - 3, 0) : i]]
    return hours is not None and "a" in before and "y" in before and value * hours > FAR_HOURS


def _as_a_child(tokens: Sequence[Token], i: int) -> bool:
    """ "opéré enfant", "a fait des convulsions bébé": the age at which, said bare at the end."""
    if tokens[i].text not in ("bebe", "enfant", "petit", "petite", "jeune") or i < 3:
        return False
    before, last = (
        tokens[i - 1],
        i + 1 == len(tokens) or tokens[i + 1].mark or tokens[i + 1].text in ("c", "je", "j"),
    )
    return last and not before.mark and before.text not in LIGHT and before.number is None


def _long_ago(ctx: Context, hit: Hit) -> bool:
    here = ctx.clause[hit.start]
    if ctx.near("long_ago", here):
        return True
    # "c'était l'an dernier que j'avais mal", "… quand il était petit": a clause that is only the date
    # lends it to its neighbour.
    after = any(_opens(ctx, phrase, ("quand", "c", "y")) for phrase in ctx.near("long_ago", here + 1))
    return after or any(
        _opens(ctx, phrase, ("c", "il", "y", "ca")) for phrase in ctx.near("long_ago", here - 1)
    )


def _opens(ctx: Context, phrase: Hit, words: tuple[str, ...]) -> bool:
    """Whether one of `words` begins the phrase's clause, close before it."""
    for i in range(phrase.start, max(phrase.start - 5, -1), -1):
        if ctx.clause[i] != ctx.clause[phrase.start]:
            return False
        if ctx.tokens[i].text in words and (i == 0 or ctx.clause[i - 1] != ctx.clause[i]):
            return True
    return False


def _supposed(ctx: Context, hit: Hit) -> bool:
    here = ctx.clause[hit.start]
    if any(phrase.start < hit.start for phrase in ctx.near("supposed", here)):
        return True
    for phrase in ctx.near("exam", here):
        gap = ctx.tokens[hit.start].place - ctx.tokens[phrase.end - 1].place
        if 0 < gap <= 1 and phrase.end <= hit.start:
            return True
    return _conditional(ctx, hit)


def _conditional(ctx: Context, hit: Hit) -> bool:
    """Its clause begins with "si"."""
    i = hit.start
    while i > 0 and ctx.clause[i - 1] == ctx.clause[hit.start] and hit.start - i < 12:
        i -= 1
    first = ctx.tokens[i].text
    return first == "si" or (
        first == "s" and ctx.tokens[min(i + 1, len(ctx.tokens) - 1)].text in ("il", "ils")
    )
