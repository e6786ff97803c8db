"""Who is spoken of: the patient, and the caller when that is somebody else ("c'est pour ma mère")."""

import re

from voicebot.domain.call import People
from voicebot.domain.french.names import person_name
from voicebot.domain.french.wordforms import bare

KIN = (
    r"(?:beau[ -]fils|belle[ -]fille|beau[ -]pere|belle[ -]mere|beau[ -]frere|belle[ -]s(?:oe|œ)ur"
    r"|petit[ -]fils|petite[ -]fille|arriere[ -]petite?[ -]\w+|grand[ -]?pere|grand[ -]?mere"
    r"|fils|fille|mari|femme|pere|mere|frere|soeur|bebe|enfants?|conjointe?|compagne|compagnon|epouse?|oncle"
    r"|tante|papa|maman|mamie|papi|papy|cousine?|voisine?|neveu|niece|petite?|garcon|gamine?|ami|amie|copine"
    r"|copain|jumeaux|jumelles|parents|filleule?|patiente?|resident|residente|protegee?)"
)
_ROLE = (
    rf"(?:{KIN}|tut(?:eur|rice)|curat(?:eur|rice)|aide(?:[ -]soignante?|[ -]a domicile)?|auxiliaire de vie"
    r"|infirmiere?|nounou|assistante maternelle|garde[ -]malade|assistante sociale|educat(?:eur|rice)|parrain"
    r"|marraine|secretaire|kine)"
)
_MY = r"(?:mon|ma|mes|notre|nos)(?: (?:propre|vieille|vieux|jeune|petite?|grande?|cher|chere|tout petit))?"
_FOR = re.compile(
    rf"\b(?P<to>pour|concernant|au sujet de|a propos de"
    rf"|c est(?: pas (?:pour )?moi,? c est)?(?: pour)?|il s agit de"
    rf"|de la part de|au nom de|le patient,? c est|la patiente,? c est|le malade,? c est)"
    rf" {_MY} (?P<kin>{KIN})\b(?! (?:m|qui m|nous) )"
)
_ILL = re.compile(
    rf"\b{_MY} (?P<kin>{KIN})\b(?= (?:qui )?(?:(?:n|ne) )?"
    rf"(?:a (?:de|la|le|un|une|mal|du|tres|besoin|eu|ete|pris|rendez|plus|toujours|encore|fait)"
    rf"|est (?:malade|tombee?|fatiguee?|enrhumee?|en|tres|toujours)|tousse|vomit|souffre|voudrait"
    rf"|aurait|aimerait|doit|se plaint|va (?:pas|mal)|fait (?:de|une|un)|s appelle"
    rf"|(?:(?:est )?nee? )|ne va|prend|s est)\b)"
)
_BARE_KIN = re.compile(rf"^[ ,]*(?:euh |oui |alors |donc |bonjour )*[ ,]*{_MY} (?P<kin>{KIN})\b")
_BEING = re.compile(
    rf"\b(?:je suis|c est|moi c est|ici c est|ici|ici,? \w+|moi|appelle),?"
    rf" (?:(?:le|la|l|une?|son|sa) ?)(?P<role>{_ROLE})"
    rf" (?:liberale? |de vie )?(?:de |d |du |des )(?!soins|garde|l hopital|la |votre)"
)
_OF = re.compile(rf"\b(?P<role>{_ROLE}) (?:de |d )(?=(?:madame|monsieur|mme|m|mlle|mademoiselle)\b)")
_HERS = re.compile(rf"\b(?:je suis|c est|moi c est),? (?:son|sa) (?P<role>{_ROLE})\b")
_OWN = re.compile(r"\bpour (?:moi|moi meme|nous)\b(?! ou)|\bc est moi\b(?! qui)")
_SELF = re.compile(
    r"\b(?:je m appelle|j m appelle|je me (?:pre)?nomme|moi,? c est|mon nom,? (?:a moi )?(?:c est|est))\b"
)
_ERRAND = re.compile(
    r"(?i)\b(?:mais|et|le rendez-vous est|j'appelle|je vous appelle)\b.*$|\bl'$|\b(?:la|le|une?)\s*$"
)
_THIRD = re.compile(
    r"\b(?:elle|il|lui|elle,)(?: c)? (?:s appelle|se (?:pre)?nomme|est)\b|\b(?:elle|lui),? c est\b"
    r"|\b(?:le rendez vous|la consultation|le rdv) (?:est|c est|serait) pour\b|\bson (?:pre)?nom\b"
)
_UNION = re.compile(
    r"(?P<how>\b(?:nee?|veuve)\b|\b(?<!mon )(?<!son )(?<!notre )(?<!l )(?<!ton )epouse\b|\bep\b"
    r"|\b(?:de )?(?:mon |son )?nom de (?:jeune fille|naissance|famille de naissance)(?:,? c est| est)?"
    r"|\bnom (?:d epouse|marital|de femme mariee|d usage)(?:,? c est| est)?)"
    r"[ ,]+(?!le\b|la\b|en\b|a\b|au\b|aux\b|ce\b|il\b|elle\b|et\b|un\b|sous\b)"
    r"(?P<name>(?:(?:de la|de|du|des|le|la|ben|el|d) )?[^\W\d]{2,}(?:-[^\W\d]+)*)"
)
_BY_MARRIAGE = ("epouse", "ep", "nom d epouse", "nom marital", "nom de femme", "nom d usage")
_FEMININE = (
    r"(?:mere|fille|femme|soeur|tante|epouse|compagne|conjointe|voisine|niece|cousine|maman|mamie|petite|amie"
    r"|copine|gamine|patiente|residente|protegee|filleule)$"
)
_ACCENTED = {
    "soeur": "sœur", "pere": "père", "mere": "mère", "frere": "frère", "bebe": "bébé", "niece": "nièce",
    "infirmiere": "infirmière", "infirmier": "infirmier", "educateur": "éducateur",
    "educatrice": "éducatrice",
    "secretaire": "secrétaire", "a": "à", "epouse": "épouse", "kine": "kiné", "protege": "protégé",
    "protegee": "protégée", "resident": "résident", "residente": "résidente", "arriere": "arrière",
}  # fmt: skip
"""Kin and roles in letters as a secretary reads them."""


def people(text: str, asked: bool = False, for_other: bool = False) -> People:
    """Everybody named in `text`. `asked`: it answers the question of the patient's name; `for_other`: it is
    known that the caller is not the patient, so who says "je m'appelle" tells their own name."""
    text, other = _married(text.replace("œ", "oe").replace("Œ", "Oe"))
    line = _even(text)
    found = _patient_in(line)
    if found is not None:
        relation, start, end = found
        about, late = _but_self(text[end:])
        caller = _own_name(text[:start]) or late
        return People(*_patient(about, asked), other, caller, relation)
    if for_other and _SELF.search(line):
        about, caller = _but_self(text)
        third = _THIRD.search(_even(about))
        named = person_name(about[third.start() :], True) if third else (None, None)
        return People(*named, other, caller, None)
    return People(*person_name(text, asked), other)


def _even(text: str) -> str:
    """Accents and case away, every character in its place."""
    line = bare(text)
    return re.sub(r"['’\-]", " ", line if len(line) == len(text) else text.lower())


def _married(text: str) -> tuple[str, str | None]:
    """The text with the surname a married person uses now, and the other one: "Dubois née Martin" and
    "Martin épouse Dubois" are both called Dubois."""
    m = _UNION.search(_even(text))
    if m is None:
        return text, None
    named = person_name(text[m.start("name") : m.end("name")], asked=True)
    said, before, after = named[1] or named[0], text[: m.start()].rstrip(" ,"), text[m.end() :]
    first, last = person_name(before, asked=True)
    if said is None or not (first or last):
        return text, None
    if not m["how"].startswith(_BY_MARRIAGE):
        return f"{before},{after}", said
    return (f"{before.replace(last, said, 1)},{after}", last) if last and last in before else (text, None)


def _patient_in(line: str) -> tuple[str, int, int] | None:
    """(relation, where the words about the patient begin, where their name may begin), if it is another."""
    if m := _BEING.search(line) or _OF.search(line):
        return _shown(m["role"]), m.start("role"), m.end()
    if m := _FOR.search(line):
        return _whose(m["kin"]), m.start("to"), m.end()
    if m := _HERS.search(line):
        return _shown(m["role"]), m.start(), m.end()
    if _OWN.search(line):
        return None
    m = _BARE_KIN.search(line) or _ILL.search(line)
    return (_whose(m["kin"]), m.start("kin"), m.end("kin")) if m else None


def _whose(kin: str) -> str:
    """ "mere" gives "pour sa mère", as the ticket tells it."""
    several = re.search(r"(?:enfants|parents|jumeaux|jumelles)$", kin)
    sa = re.search(_FEMININE, kin) and kin[0] not in "ae"
    return f"pour {'ses' if several else 'sa' if sa else 'son'} {_shown(kin)}"


def _shown(word: str) -> str:
    parts = re.split(r"[ -]", word)
    joint = "-" if parts[0] in ("beau", "belle", "petit", "petite", "grand", "arriere") else " "
    return joint.join(_ACCENTED.get(part, part) for part in parts)


def _own_name(before: str) -> str | None:
    """The caller's own name, in the words before those about the patient."""
    first, last = person_name(before)
    if not first and not last:
        first, last = person_name(_ERRAND.sub("", before), asked=True)
    return " ".join(part for part in (first, last) if part) or None


def _but_self(about: str) -> tuple[str, str | None]:
    """The words about the patient, and the caller's own name if they tell it among them."""
    m = _SELF.search(_even(about))
    first, last = person_name(about[m.start() :], asked=True) if m else (None, None)
    name = " ".join(part for part in (first, last) if part)
    return (about[: m.start()], name) if m and name else (about, None)


def _patient(about: str, asked: bool) -> tuple[str | None, str | None]:
    """The patient's name, which follows the words that announced them."""
    words = about.strip(" ,")
    first, last = person_name(words, asked=True) if asked else person_name(f"pour {words}")
    if not first and not last and words[:1].isupper():
        first, last = person_name(re.split(r"[,;.!?]", words)[0], asked=True)
    return (first, last) if first or last else person_name(about)
