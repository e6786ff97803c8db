"""A caller who has lost patience with us: one calm sentence, then a human."""

import re

from voicebot.domain.french import fold

_LOST = re.compile(
    r"\b(?:connard|connasse|salope|salaud|encule\w*|abruti\w*|imbecile\w*|cretin\w*|debile\w*)\b"
    r"|\b(?:bande|espece|tas) d(?:e|es)? (?:nuls?|cons?|incapables?|idiots?|voleurs?|incompetents?)\b"
    r"|\bta gueule\b|\bferme(?:z)? la\b|\b(?:va|allez) (?:te|vous) faire\b"
    r"|\b(?:vous etes|t es|etes vous|tous|tas) (?:vraiment |tous |completement |qu |que )?(?:une? |des )?"
    r"(?:nuls?|nulles?|cons?|conne|incapables?|idiote?s?|incompetente?s?)\b"
    r"|\bfout(?:ez|re|ent|age) (?:\w+ )?(?:de (?:ma|moi|nous|la gueule)|gueule)\b|\b(?:de|machine de) merde\b"
    r"|\bc est (?:vraiment |franchement )?"
    r"(?:inadmissible|scandaleux|honteux|une honte|insupportable|inacceptable|n importe quoi"
    r"|du foutage)\b|\bras le bol\b|\bje vais (?:porter plainte|tout casser)\b"
)


def lost(text: str) -> bool:
    """They insult us or say that it cannot go on so."""
    return _LOST.search(fold(text)) is not None
