"""Who it is about: first and last names said in a sentence, and whether two names are one person's."""

import re
from bisect import bisect_left
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from voicebot.domain.almanac import MONTHS, WEEKDAYS
from voicebot.domain.first_names import FIRST_NAMES
from voicebot.domain.spelling import capitalised, spelled
from voicebot.domain.wordforms import fold

PARTICLES = frozenset(
    "de du des d la le l van von der den ben bin el al abd ait da dos di del della mc mac saint sainte o".split()
)
_ALWAYS_WITH_NEXT = PARTICLES - {"la", "le", "l", "o"}
_TITLES = frozenset("monsieur madame mademoiselle mme mlle m mr mrs".split())
_OTHERS = frozenset("docteur dr professeur docteure maitre".split())
_WORDS = frozenset(
    """a ai as avez avait avais au aux aussi alors apres avant avec bonjour bonsoir bien bon bonne ben bah c ca car ce cela cet cette
ces celui celle c est cest chez comme comment combien d dans de depuis des deux dernier dernieres dit dites docteur donc du elle elles en
encore enfin est et etes etait euh eux fait faire faut fille fils femme fils frere garcon grand gros hein heure heures hier hum ici il
ils j jai je jour jours juste l la le les leur leurs lui ma mais malade mal mari mari me medecin mere merci mes moi mon monsieur madame
mademoiselle n ne ni nom non nos notre nous numero on ont or ou oui par parce pas patient patiente pere petit petite peu peut peux plus plutot
pour pourquoi pouvez prendre prenom pres quand que quel quelle quelque quelqu qui quoi rdv rendez rendezvous rien s sa sans savoir se sera ses si
sinon soeur soir son sont sous suis sur ta te tel telephone tes toi ton tous tout toute toutes tres trois trop tu un une urgence urgent
urgente vais va veut veux venir vers vois voila votre vous voudrais voulais vu y zero ne nee date naissance appelle appelez rappeler appeler
prendrai aimerais souhaite souhaiterais besoin ordonnance resultats analyse analyses consultation visite annuler decaler deplacer reporter
changer confirmer pharmacie pharmacien pharmacienne infirmier infirmiere laboratoire labo ambulance ambulancier hopital ehpad secretaire
secretariat cabinet assistant assistante famille nom conge vacances grippe fievre toux douleur douleurs ventre tete gorge dos dent dents
enceinte tombe tombee fatigue fatiguee presse pressee stresse inquiet inquiete content contente desole desolee sur sure libre disponible
dispo possible pret prete seul seule perdu perdue bebe enfant enfants conjoint conjointe compagnon compagne epoux epouse cousin cousine
voisin voisine tante oncle grand grands papa maman papi mamie mamy papy beau belle ami amie copain copine patron collegue parent parents
matin midi apres midi aujourd hui demain semaine mois annee prochain prochaine vite tot tard possible rapidement cinq quatre six sept huit
neuf dix onze douze premier premiere nouveau nouvelle ancien ancienne suivi suivie toujours jamais parfois maintenant la bas attendez
allo allons alle quel aucun aucune rhume vaccin vaccins controle renouvellement certificat medical medicale question renseignement
adresse mail email internet lettre e majuscule minuscule accent tiret trait union double virgule point s appelle nomme prenomme
cest cetait sais sait pense crois veuillez svp plait plait-il hein dis disons dire exactement exact tout ca d accord correct parfait ok okay
ouais nan jeune fille epouse veuve divorcee marie mariee celibataire retraite retraitee francais francaise diabetique asthmatique allergique
bientot quinze vingt trente mille cent homme dame personne gens chose truc problem probleme souci rappel message laisser part
arret travail maladie accident kine dentiste osteo gyneco urgences samu pompiers police dehors route rue avenue boulevard""".split()
) | set(WEEKDAYS) | set(MONTHS)  # fmt: skip
_KIN = r"(?:fils|fille|mari|femme|pere|mere|frere|soeur|bebe|enfant|petit fils|petite fille|conjointe?|compagne|compagnon|epouse?|oncle|tante|papa|maman|grand pere|grand mere|cousine?|voisine?|neveu|niece|beau pere|belle mere|petit|petite|garcon|patiente?|ami|amie)"
_LOUD = re.compile(
    r"\b(?:je m appelle|j m appelle|m appelle|s appelle|je me (?:pre)?nomme|se nomme|au nom d(?:e|u)?|mon nom (?:c est|est|de famille (?:c est|est))|(?:le|son) nom (?:de famille )?(?:c est|est|du patient est|de la patiente est)"
    r"|le nom|mon nom|nom de famille(?: c est| est)?|nom(?: c est| est)?|rdv pour|a l appareil|de la part d(?:e|u)?|je soussignee?|on m appelle)\b(?: (?:c est|est|de|du|d|toujours))?"
)
_FIRST_IS = re.compile(
    r"\b(?:prenom(?: (?:de |du |d )?(?:\w+ )?(?:c est|est))?|mon prenom|prenommee?|petit nom)(?: (?:c est|est))?\b"
)
_QUIET = re.compile(
    rf"\b(?:je suis|c est|ici|moi c est|c est pour|pour|il s agit d(?:e|u)?|concernant|(?:mon|ma|notre|son|sa|le|la|un|une|mes|leur) (?:petite? )?{_KIN}|de|a|avec|oui)\b"
)
_TITLE = re.compile(r"\b(?:monsieur|madame|mademoiselle|mme|mlle)(?: et (?:monsieur|madame))?\b")
_NAMEY = re.compile(r"^[a-zà-ÿœ][a-zà-ÿœ'’.-]*$", re.IGNORECASE)
_MOST_WORDS = 6


def _is_first(folded: str) -> bool:
    """A known first name, also compound ("jean pierre")."""
    parts = folded.split()
    return bool(parts) and all(p in FIRST_NAMES for p in parts)


class _Said:
    """An utterance as parallel original and folded words, cut by punctuation."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.folded: list[str] = []
        self.cut_after: list[bool] = []
        for raw in re.findall(r"[^\s,;:.!?()…\"«»]+[,;:.!?()…\"«»]*", text.replace("’", "'")):
            word = re.sub(r"[,;:.!?()…\"«»]+$", "", raw)
            pieces = re.split(r"(?<=')", word)
            for i, piece in enumerate(p for p in pieces if p):
                self.words.append(piece)
                self.folded.append(fold(piece))
                self.cut_after.append(i == len([p for p in pieces if p]) - 1 and raw != word)

    def line(self) -> tuple[str, list[int]]:
        """One folded line and, for each word, where it starts in it."""
        starts, at = [], 0
        for word in self.folded:
            starts.append(at)
            at += len(word) + 1
        return " ".join(self.folded), starts


def _name_words(said: _Said, start: int) -> list[int]:
    """Indices of the words of a name that begins at `start`: it ends at any ordinary word or pause."""
    out: list[int] = []
    for i in range(start, min(len(said.words), start + _MOST_WORDS)):
        folded = said.folded[i]
        last = folded.split()[-1] if folded else ""
        known = _is_first(folded)
        if not folded or not _NAMEY.match(said.words[i]):
            break
        if folded in _WORDS and not (
            folded in PARTICLES
            and out
            or folded in ("d", "de", "le", "la", "du", "ben")
            and not out
            and i + 1 < len(said.words)
            and _plausible(said, i + 1)
        ):
            if not (known and out == [] and said.words[i][:1].isupper()):
                if not (
                    out
                    and said.words[i][:1].isupper()
                    and folded
                    in (
                        "petit",
                        "grand",
                        "gros",
                        "beau",
                        "belle",
                        "roi",
                        "bon",
                        "dame",
                        "marie",
                        "ami",
                        "rue",
                        "soir",
                        "tard",
                        "bonne",
                        "mari",
                        "garcon",
                        "fils",
                    )
                ):
                    break
        if len(last) < 2 and folded not in PARTICLES:
            break
        out.append(i)
        if said.cut_after[i]:
            break
    while out and said.folded[out[-1]] in PARTICLES and said.folded[out[-1]] not in ("ben",):
        out.pop()
    return out


def _plausible(said: _Said, i: int) -> bool:
    return (
        bool(said.folded[i])
        and said.folded[i] not in _WORDS
        and len(said.folded[i]) > 1
        and bool(_NAMEY.match(said.words[i]))
    )


def _shown(said: _Said, indices: list[int]) -> str:
    """The name as written in the record: capitals, particles small, accents kept."""
    text = ""
    for place, i in enumerate(indices):
        word = said.words[i].strip(".-")
        small = (
            said.folded[i] in ("de", "d", "du", "des", "von", "van", "der", "den")
            and place < len(indices) - 1
        )
        text += (word.lower() if small else capitalised(word)) + ("" if word.endswith("'") else " ")
    return text.strip()


def _split(said: _Said, indices: list[int], single_is: str = "last") -> tuple[str | None, str | None]:
    """(first, last) of the words of one name, in either order."""
    if not indices:
        return None, None
    firsts = [_is_first(said.folded[i]) for i in indices]
    if len(indices) == 1:
        shown = _shown(said, indices)
        return (shown, None) if single_is == "first" else (None, shown)
    lead = 0
    while lead < len(indices) - 1 and firsts[lead]:
        lead += 1
    if 0 < lead < len(indices):
        # "Marie Bernard": of two first names the first is the given one; "Jean Pierre Martin" has two.
        lead = lead if lead == 1 or len(indices) > 2 else 1
        if all(firsts) and len(indices) > 2:
            lead = len(indices) - 1
        return _shown(said, indices[:lead]), _shown(said, indices[lead:])
    tail = len(indices)
    while tail > 1 and firsts[tail - 1]:
        tail -= 1
    if tail < len(indices):
        return _shown(said, indices[tail:]), _shown(said, indices[:tail])
    if said.folded[indices[0]] in PARTICLES:
        return None, _shown(said, indices)
    return _shown(said, indices[:1]), _shown(said, indices[1:])


def _after(said: _Said, rule: re.Pattern[str]) -> list[int]:
    """Indices of the words that follow each match of `rule`."""
    line, starts = said.line()
    out = []
    for m in rule.finditer(line):
        following = bisect_left(starts, m.end())
        if following < len(starts):
            out.append(following)
    return out


def _titled(said: _Said, at: int) -> tuple[int, bool]:
    """Steps over "madame"; a doctor's name is not the patient's."""
    titled = False
    limit = min(len(said.words), at + 3)
    while at < limit and said.folded[at] in _TITLES and len(said.folded[at]) > 1:
        at, titled = at + 1, True
    return at, titled


def _stated(said: _Said) -> tuple[str | None, str | None]:
    """A name after words that announce one ("je m'appelle", "au nom de", "madame")."""
    for rule in (_LOUD, _TITLE):
        for at in _after(said, rule):
            at, _ = _titled(said, at)
            if at < len(said.words) and said.folded[at] not in _OTHERS:
                # "mon nom, c'est Bernard": small words may stand between.
                while at < len(said.words) - 1 and said.folded[at] in (
                    "c",
                    "est",
                    "c est",
                    "madame",
                    "monsieur",
                    "alors",
                    "euh",
                    "donc",
                ):
                    at += 1
                indices = _name_words(said, at)
                if indices:
                    single = (
                        "first"
                        if rule is _LOUD and _is_first(said.folded[indices[0]]) and _named_first(said, at)
                        else "last"
                    )
                    return _split(said, indices, single)
    return None, None


def _named_first(said: _Said, at: int) -> bool:
    """ "elle s'appelle Emma": one known first name after "s'appelle" is one."""
    before = " ".join(said.folded[max(0, at - 3) : at])
    return bool(re.search(r"appelle$|nomme$", before))


def _hinted(said: _Said) -> tuple[str | None, str | None]:
    """A name after words that may announce anything ("je suis", "pour"): only one with a known first
    name, or titled, is believed."""
    for at in _after(said, _QUIET):
        at, titled = _titled(said, at)
        indices = _name_words(said, at)
        if not indices or said.folded[at] in _OTHERS:
            continue
        firsts = [i for i in indices if _is_first(said.folded[i])]
        known = firsts and (firsts[0] == indices[0] or firsts[-1] == indices[-1])
        kin = bool(re.search(rf"\b{_KIN}$", " ".join(said.folded[max(0, at - 2) : at])))
        if titled or (known and (len(indices) > 1 or kin)):
            return _split(said, indices, "last" if titled else "first")
    return None, None


def person_name(text: str, asked: bool = False) -> tuple[str | None, str | None]:
    """(first name, last name) said in `text`, each None when not said; spelled letters win for the last.

    `asked`: it answers "votre nom ?", so a bare "Dubois Marie" is a name. Ordinary words never are."""
    said = _Said(text)
    letters = spelled(text)
    first, last = _stated(said)
    if not last and not first:
        first, last = _hinted(said)
    given = _after(said, _FIRST_IS)
    if given and (indices := _name_words(said, given[0])):
        first = _shown(said, indices[:1])
        if last and fold(last) == fold(first):
            last = None
        before = [
            i
            for i in range(len(said.words))
            if i < given[0] and _plausible(said, i) and said.folded[i] not in ("prenom",)
        ]
        if not last and before and (asked or said.words[before[0]][:1].isupper()):
            last = _shown(said, _name_words(said, before[0])) or None
    if asked and not first and not last and not given:
        starts = [
            i
            for i in range(len(said.words))
            if _plausible(said, i) or (_is_first(said.folded[i]) and said.words[i][:1].isupper())
        ]
        if starts:
            begin = starts[0]
            if begin and said.folded[begin - 1] in PARTICLES:
                begin -= 1
            indices = _name_words(said, begin)
            while (
                indices
                and said.cut_after[indices[-1]]
                and indices[-1] + 1 < len(said.words)
                and _plausible(said, indices[-1] + 1)
            ):
                indices += _name_words(said, indices[-1] + 1)
            first, last = _split(said, indices)
    if letters:
        if last and first is None and _is_first(fold(last)) and fold(last) != fold(letters) and asked:
            first = last
        last = letters
    return first, last


SAME = 0.88
"""From here on `same_person` means yes: chosen so that homophones and one misheard letter pass while
"Jean" and "Jeanne", "Martin" and "Marin" do not."""

_SOUND = (
    (r"[^a-z]", ""), (r"(?:eaux|eau|aux|aud|ault|aut|ot|os|op|haut)$", "o"), (r"eau|au", "o"), (r"^h", ""), (r"([^cps])h", r"\1"), (r"ph", "f"),
    (r"(?:ai|ei|ay|ey)(?=n|m)", "e"), (r"(?:ai|ei|ay|ey|et|ez|er|es|ets|ait|ais)$", "e"), (r"ai|ei|ay|ey", "e"), (r"bv", "v"), (r"qu|q|ck|cqu", "k"), (r"c(?=[eiy])", "s"), (r"sch|ch", "S"),
    (r"c", "k"), (r"ge(?=[aou])|g(?=[eiy])", "j"), (r"gu(?=[eiy])", "g"), (r"y", "i"), (r"w", "v"), (r"z", "s"), (r"x", "ks"), (r"ill", "y"), (r"(.)\1+", r"\1"),
    (r"an|am|en|em", "A"), (r"[dtpsg]+$", ""), (r"e$", ""), (r"ks$", ""),
)  # fmt: skip
_SOUNDS = tuple((re.compile(p), r) for p, r in _SOUND)


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """A rough key of how a French name sounds: equal for Dupond and Dupont, Lefèvre and Lefebvre."""
    key = fold(name).replace(" ", "")
    for rule, put in _SOUNDS:
        key = rule.sub(put, key)
    return key


def _parts(name: str) -> set[str]:
    """The whole name and, for a double or married one, each half without particles."""
    words = [w for w in fold(name).split() if w not in PARTICLES and w not in ("nee", "epouse")]
    return {"".join(words), *words} - {""}


def _closeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if sound(one) == sound(other) and len(sound(one)) > 1:
        return 0.97
    likeness = JaroWinkler.similarity(one, other)
    # Two names that both exist and sound different are two names, however near in letters.
    if one in FIRST_NAMES and other in FIRST_NAMES:
        return min(likeness, 0.8)
    # In short names one letter is much.
    return likeness - (0.05 if min(len(one), len(other)) <= 4 else 0.0)


def _alike(one: str, other: str) -> float:
    """Best likeness of the names or their halves; a matching half of a double name counts a little less."""
    mine, yours = _parts(one), _parts(other)
    whole = _closeness("".join(fold(one).split()), "".join(fold(other).split())) if mine and yours else 0.0
    halves = max((_closeness(a, b) for a in mine for b in yours), default=0.0)
    return max(whole, halves - 0.02 if len(mine) != len(yours) else halves)


def same_person(spoken_first: str, spoken_last: str, known_first: str, known_last: str) -> float:
    """How sure that the spoken name is the known one, 0..1; `SAME` and above means yes.

    The weaker of first and last name decides; a first name not said costs little; swapped order passes."""
    if not fold(spoken_last) and not fold(spoken_first):
        return 0.0
    if not fold(spoken_first):
        return _alike(spoken_last, known_last) * 0.95
    if not fold(spoken_last):
        return min(_alike(spoken_first, known_first), 0.8)
    straight = min(_alike(spoken_last, known_last), _alike(spoken_first, known_first))
    swapped = min(_alike(spoken_first, known_last), _alike(spoken_last, known_first)) * 0.98
    return max(straight, swapped)
