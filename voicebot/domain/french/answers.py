"""Short answers: yes or no, and which of the offers."""

import re
from typing import Literal

from voicebot.domain.french.wordforms import digits, fold

_NO = re.compile(
    r"\b(?:non|nan|nope|negatif|pas (?:du tout|vraiment|maintenant|ca|possible|d accord|question)|surtout pas"
    r"|(?:ne )?(?:c est|ce n est|n est|ca ne|ca n|ca me|ca|je ne"
    r"|je|j) (?:\w+ )?(?:\w+ )?pas\b(?! (?:contre|non|mal))"
    r"|jamais|aucun\w*|incorrect|faux|absolument pas|certainement pas"
    r"|je refuse|laissez tomber|c est l inverse)\b"
)
_YES = re.compile(
    r"\b(?:oui|ouais|ouai|ui|mouais|ok|okay|d accord|dac|exact"
    r"|exactement|tout a fait|absolument|parfait|parfaitement"
    r"|c est (?:bien )?(?:ca|cela|exact|juste|bon|correct|parfait)"
    r"|voila|volontiers|bien sur|evidemment|certainement"
    r"|entendu|si si|affirmatif|correct|ca marche|ca roule|ca (?:me )?(?:va"
    r"|convient)|je (?:confirme|veux bien|prends)"
    r"|pas de (?:probleme|souci)|pourquoi pas|avec plaisir|effectivement"
    r"|en effet|tres bien|impeccable|nickel|super"
    r"|je suis d accord|bien entendu|c est note)\b"
)
_NOT_YES = re.compile(
    r"\b(?:pas|plus|jamais) (?:(?:bien|tout a fait|vraiment|trop"
    r"|du tout) )?(?:exact(?:ement)?|tout a fait|absolument"
    r"|parfait|d accord|ok|sur|correct|super|bon|certain|ca|cela|c est ca)\b"
    r"|\bca (?:ne |n )?(?:me )?(?:va|convient|marche|ira|colle) pas\b"
)
_SHRUG = re.compile(
    r"\b(?:je (?:ne )?sais (?:pas|plus)|aucune idee|peut etre|ca depend|bof|je crois pas savoir)\b"
)
_BACK = re.compile(r"\b(?:mais|enfin|quoique|sauf que|attendez|ah)\b")
_NO_THANKS_GOOD = re.compile(r"\bnon\b.*\bc est bon\b|\bnon\b.*\bca (?:va|ira)\b")


def answer(text: str) -> Literal["yes", "no"] | None:
    """What a closed question got. None = neither, both ("oui mais non") or open to both readings
    ("non non c'est bon")."""
    line = fold(text)
    if not line or _SHRUG.search(line) or _NO_THANKS_GOOD.search(line):
        return None
    without = _NOT_YES.sub(" non ", line)
    agreeable = re.sub(
        r"\b(?:pas de (?:probleme|souci)|pourquoi pas|non (?:pas de|aucun) (?:probleme|souci))\b",
        " oui ",
        without,
    )
    yes = bool(_YES.search(agreeable))
    no = bool(_NO.search(agreeable))
    if yes and no:
        return None
    return "yes" if yes else "no" if no else None


_ORDINALS = {
    "premier": 0, "premiere": 0, "1er": 0, "1ere": 0,
    "second": 1, "seconde": 1, "deuxieme": 1, "2eme": 1, "2e": 1, "2nd": 1, "2nde": 1,
    "troisieme": 2, "3eme": 2, "3e": 2,
    "quatrieme": 3, "4eme": 3, "4e": 3,
    "cinquieme": 4, "5eme": 4, "5e": 4,
}  # fmt: skip
_CARDINALS = {"un": 0, "une": 0, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4}
_ORDINAL = re.compile(
    r"\b(?:le|la|au|du|l|les|numero|option|proposition)? ?(" + "|".join(_ORDINALS) + r")\b"
    r"(?! (?:fois|janvier|fevrier|mars|avril|mai|juin|juillet|aout"
    r"|septembre|octobre|novembre|decembre|jour|semaine"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|heure|du mois|du nom))"
)
_CARDINAL = re.compile(
    r"(?:\b(?:le|la|numero|option|choix|proposition|creneau) (?:numero )?"
    r"|^(?:plutot |numero )?)(un|une|[1-5])"
    r"(?=$| (?:ou|s il|svp|merci|plutot|ca|c est|me|m|alors|oui|de preference|pour moi|si)\b)"
)
_LAST = re.compile(r"\b(?:le|la) (?:tout )?(?:dernier|derniere)\b(?! (?:fois|jour|semaine|mois))")


def choice(text: str, count: int) -> int | None:
    """Which of `count` offers was chosen by its place, 0-based; "le dernier" is `count - 1`. None = not
    a choice by place, two different ones, or beyond the offers."""
    line = re.sub(r"\b(\d) (er|ere|e|eme|nde?)\b", r"\1\2", digits(text))
    line = re.sub(r"\b(?:pas|sauf|non pas) (?:le|la) \w+|\bla premier\b", " ", line)  # that is "l'après-midi"
    found = {_ORDINALS[m[1]] for m in _ORDINAL.finditer(line)}
    if not found:
        found = {_CARDINALS[m[1]] for m in _CARDINAL.finditer(line)}
    if _LAST.search(line):
        found.add(count - 1)
    if len(found) != 1:
        return None
    place = found.pop()
    return place if 0 <= place < count else None
