"""Several wishes in one utterance: "annuler jeudi et renouveler mon traitement" → two texts with their kinds.

Cut only where a new request begins and both sides say outright what they want; a wish cut in two would be
served as two. An appointment given up for another is one wish, and so are the purposes of one appointment.
"""

import re
from dataclasses import dataclass

from voicebot.domain.french import fold
from voicebot.domain.understanding import cues
from voicebot.domain.understanding.reading import KINDS

_ADDING = (
    r"(?:et |ah |oh |mais |alors |sinon )*(?:aussi|egalement|puis|ensuite|apres(?: ca)?|par ailleurs"
    r"|par contre|d autre part|deuxiemement|au passage|en meme temps|en plus|en profite\w*|j en profite\w*"
    r"|(?:par|a) la meme occasion|tant que (?:j y suis|je vous (?:ai|tiens)|vous y etes)|autre chose"
    r"|ainsi que|sinon|au fait|pendant que j y (?:suis|pense)|il (?:me |nous )?(?:faut|faudrait) aussi)"
)
_VERB = (
    r"(?:annuler|supprimer|decommander|decaler|deplacer|reporter|changer|renouveler|prendre|reprendre|avoir|savoir"
    r"|recuperer|laisser|demander|prolonger|refaire|connaitre|parler|obtenir|reserver|fixer"
    r"|annulez|supprimez|decalez|deplacez|reportez|renouvelez|mettez|donnez|dites|demandez)"
)
_REQUEST = (
    r"(?:je (?:voudrais|veux|souhaite\w*|dois|viens|prends|desire)|j (?:aimerais|aurais besoin|ai besoin)"
    r"|j annule|il (?:me |nous )?(?:faut|faudrait)|faudrait|est ce que|vous (?:pouvez|pourriez|auriez|avez)"
    r"|pouvez vous|auriez vous|c est pour|ce serait pour|pour"
    rf"|{_VERB}|celui|celle)"
)
_NEW = re.compile(rf"^(?:{_ADDING}\b|et (?:\w+ )?(?:{_REQUEST}|mon|ma|mes|une? autre)\b|{_VERB}\b)")
"""How a further request begins, folded."""
_ONLY_ADDING = re.compile(rf"(?:{_ADDING}|et|ah|oh|mais|alors|{{}})*".replace("{}", " "))
_ADDED = re.compile(rf"^{_ADDING}\b|\baussi\b|\begalement\b")
_JOINT = re.compile(
    r"(?:\s*[,.;!?…]+\s*|\s+)(?=(?:et|ah|oh|puis|ensuite|mais|sinon|par|au|à|en|j['’]en|tant|ainsi"
    r"|autre|pendant|deuxièmement|après|il (?:me |nous )?(?:faut|faudrait) aussi)\b)|\s*[,.;!?…]+\s+",
    re.IGNORECASE,
)
_OTHER_PERSON = re.compile(
    r"\b(?:mon|ma|mes|notre|nos|celui|celle) (?:mari|femme|fils|fille|mere|pere|frere|soeur|petite?|bebe"
    r"|enfants?|garcon|conjointe?|compagn\w+|grand mere|grand pere|ami|amie|voisine?|tante|oncle)\b"
    r"|\bpour moi\b"
)
_SAME = re.compile(
    r"^(?:et |aussi |puis |ah )*(?:celui|celle|une? autre|une?|le mien|la mienne) (?:\w+ ){0,4}?"
    rf"(?:{_OTHER_PERSON.pattern}|$)"
)
"""The same wish again, for somebody else: "et celui de ma fille"."""
_ANOTHER = re.compile(
    r"\b(?:un|d|une) autre|\bre(?:prendre|fixer|donner|mettre|placer)\b|\ben (?:prendre|avoir)\b"
)
_SOMEBODY = re.compile(r"\b(?:il|elle)\b(?! (?:me |nous )?(?:faut|faudrait|y a))")
"""They were spoken of before: whoever is named next may be the same."""
_PURPOSE = re.compile(r"\bpour (?:mes|mon|ma|les?|la|l|une?|des|parler|montrer|renouvel\w+|refaire|faire)\b")
_ASKED = re.compile(rf"\b{_REQUEST}\b")
"""Without it, what comes before "et je voudrais" only explains it: "j'ai reçu mes résultats"."""
_EXCHANGED = re.compile(r"\b(?:invers|echang|intervert)")
_ASKS = re.compile(r"\b(?:je|j|vous|est ce que|faudrait|dites|demandez)\b")
WHOLE = frozenset({"professional", "late"})
"""Kinds whose words are one message, whatever it asks for."""
PLAIN_ENOUGH = 1.0
"""Log-odds the cues must give a side that an adding word announces ("et aussi"), and the one before it."""
OUTRIGHT = 1.5
"""The same where a bare "et" stands between."""


@dataclass(frozen=True)
class Wish:
    """One of several. `kind`: a key of KINDS that belongs to a category."""

    text: str
    kind: str
    another: bool = False
    """It names whom it is for: not, or not surely, who the wish before it was for."""


def several(text: str) -> tuple[Wish, ...]:
    """The wishes of an utterance, in the order spoken; empty unless there are two at least."""
    if _whole(text):
        return ()
    wishes: list[Wish] = []
    said = ""
    for piece in _pieces(text):
        least = PLAIN_ENOUGH if _ADDED.search(fold(piece)) else OUTRIGHT
        wish = stated(said, least)
        after = stated(piece, least) or (wish if _SAME.search(fold(piece)) else None)
        if wish and after and _apart(wish, said, after, piece):
            wishes.append(Wish(said, wish, bool(wishes and _OTHER_PERSON.search(fold(said)))))
            said = piece
        else:
            said = f"{said} {piece}".strip()
    if not wishes:
        return ()
    last = stated(said, PLAIN_ENOUGH) or wishes[-1].kind
    return (*wishes, Wish(said, last, bool(_OTHER_PERSON.search(fold(said)))))


def added(text: str) -> tuple[str, tuple[Wish, ...]]:
    """(the answer, the wishes added to it): "Marie Dubois, et aussi mes résultats". The first may be ""."""
    pieces = _pieces(text)
    for place, piece in enumerate(pieces):
        rest = " ".join(pieces[place:])
        if _ADDED.search(fold(piece)) and (kind := stated(piece, PLAIN_ENOUGH)):
            wishes = several(rest) or (Wish(rest, kind, bool(_OTHER_PERSON.search(fold(rest)))),)
            return " ".join(pieces[:place]), wishes
    return text, ()


def stated(text: str, least: float) -> str | None:
    """The one kind with a category that the words say outright; None when none or two do."""
    weights = {kind: weight for kind, weight in cues.weigh(text).items() if KINDS[kind] is not None}
    if not weights:
        return None
    kind = max(weights, key=lambda k: weights[k])
    rival = max((w for k, w in weights.items() if KINDS[k] != KINDS[kind]), default=0.0)
    return kind if weights[kind] >= least and weights[kind] > rival else None


def _pieces(text: str) -> list[str]:
    """Cut where a further request may begin; the words of adding go with what they add."""
    pieces: list[str] = []
    start = 0
    for joint in _JOINT.finditer(text):
        adding = _ONLY_ADDING.fullmatch(fold(text[start : joint.start()]))
        if not adding and _NEW.search(fold(text[joint.end() :])):
            pieces.append(text[start : joint.start()].strip())
            start = joint.end()
    return [piece for piece in (*pieces, text[start:].strip()) if piece]


def _whole(text: str) -> bool:
    weights = cues.weigh(text)
    return bool(weights) and max(weights, key=lambda k: weights[k]) in WHOLE


def _apart(kind: str, before: str, other: str, after: str) -> bool:
    """Whether these are two wishes, and not two halves of one."""
    one, two = fold(before), fold(after)
    different_person = bool(_OTHER_PERSON.search(two)) and not _SOMEBODY.search(one)
    if {KINDS[kind], KINDS[other]} == {"cancellation", "booking"} or kind == "reschedule" == other:
        return different_person and not _ANOTHER.search(two) and not _EXCHANGED.search(one)
    if KINDS[kind] == KINDS[other] == "booking":
        return different_person and bool(re.search(r"\b(?:aussi|autre|egalement|une?|deuxieme)\b", two))
    if kind == other:
        return bool(_SAME.search(two))
    if KINDS[kind] == "booking" and kind != "reschedule" and not _ADDED.search(two):
        return not _PURPOSE.search(one) or bool(_ASKS.search(two))
    if KINDS[kind] == "message" and KINDS[other] == "booking" and not _ADDED.search(two):
        return bool(_ASKED.search(one))
    return True
