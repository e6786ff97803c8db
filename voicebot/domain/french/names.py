"""First and last names said in a sentence."""

import re
from bisect import bisect_left
from typing import Literal

from rapidfuzz.distance import JaroWinkler

from voicebot.domain.french.first_names import ALSO_SURNAMES, FIRST_NAMES, PARTICLES
from voicebot.domain.french.letter_hints import hinted, righted
from voicebot.domain.french.ordinary_words import ALSO_NAMES, ORDINARY
from voicebot.domain.french.sameness import sound
from voicebot.domain.french.spelling import capitalised, completed, spellings
from voicebot.domain.french.wordforms import fold

_TITLES = frozenset("monsieur madame mademoiselle mme mlle m mr mrs".split())
_OTHERS = frozenset("docteur dr professeur docteure maitre".split())
_KIN = (
    r"(?:fils|fille|mari|femme|pere|mere|frere|soeur|bebe|enfant"
    r"|petit fils|petite fille|conjointe?|compagne|compagnon|epouse?|oncle|tante|papa"
    r"|maman|grand pere|grand mere|cousine?|voisine?|neveu|niece|beau pere|belle mere"
    r"|petit|petite|garcon|patiente?|ami|amie)"
)
_LOUD = re.compile(
    r"\b(?:je m appelle|j m appelle|m appelle|s appelle|je me (?:pre)?nomme"
    r"|se nomme|au nom d(?:e|u)?|mon nom (?:c est|est|de famille (?:c est|est))|(?:le"
    r"|son) nom (?:de famille )?(?:c est|est|du patient est|de la patiente est)"
    r"|le nom|mon nom|nom de famille(?: c est| est)?|nom(?: c est"
    r"| est)?|rdv pour|a l appareil|de la part d(?:e|u)?|je soussignee?|on m appelle)\b(?: (?:c est"
    r"|est|toujours)\b)?"
)
_FIRST_IS = re.compile(
    r"\b(?:prenom(?: (?:de |du |d )?(?:\w+ )?(?:c est|est))?|mon prenom"
    r"|prenommee?|petit nom)(?: (?:c est|est))?\b"
)
_QUIET = re.compile(
    rf"\b(?:je suis|c est|ici|moi c est|c est pour(?: moi)?|pour(?: moi)?|il s agit d(?:e"
    rf"|u)?|concernant|(?:mon|ma|notre|son|sa|le|la|un|une|mes|leur) (?:petite? )?{_KIN}"
    rf"|de|oui)\b"
)
_TITLE = re.compile(
    r"(?<!avec )(?<!avoir )(?<!voir )(?<!parler a )(?<!chez )(?<!joindre )(?<!docteur )"
    r"\b(?:monsieur|madame|mademoiselle|mme|mlle)(?: et (?:monsieur|madame))?\b"
)
_NAMEY = re.compile(r"^[a-zà-ÿœ][a-zà-ÿœ'’.-]*$", re.IGNORECASE)
_MOST_WORDS = 6
Half = Literal["first", "last", "either"]


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
            # "N'Diaye", "O'Brien" stay whole; "d'Aubigné", "s'appelle" come apart.
            pieces = [word] if re.match(r"[NMO]'[A-Z]", word) else re.split(r"(?<=')", word)
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


def _belongs(said: _Said, i: int, out: list[int], asked: bool) -> bool:
    """Whether word `i` may stand in a name of which `out` are the words so far."""
    folded = said.folded[i]
    if not folded or not _NAMEY.match(said.words[i]):
        return False
    if folded in PARTICLES:
        following = next((j for j in range(i + 1, len(said.words)) if said.folded[j] not in PARTICLES), None)
        return bool(out) or (following is not None and _plausible(said, following))
    if len(folded.split()[-1]) < 2:
        return False
    if folded not in ORDINARY:
        return True
    return folded in ALSO_NAMES and (asked or said.words[i][:1].isupper() and i > 0)


def _name_words(said: _Said, start: int, asked: bool = False) -> list[int]:
    """Indices of the words of a name that begins at `start`: it ends at any ordinary word or pause."""
    out: list[int] = []
    for i in range(start, min(len(said.words), start + _MOST_WORDS)):
        if not _belongs(said, i, out, asked):
            break
        out.append(i)
        if said.cut_after[i]:
            break
    while out and said.folded[out[-1]] in PARTICLES and said.folded[out[-1]] != "ben":
        out.pop()
    return out


def _plausible(said: _Said, i: int) -> bool:
    return (
        bool(said.folded[i])
        and said.folded[i] not in ORDINARY
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


def _split(said: _Said, indices: list[int], single_is: Half = "either") -> tuple[str | None, str | None]:
    """(first, last) of the words of one name, in either order; `single_is`: what a lone word is."""
    if not indices:
        return None, None
    firsts = [_is_first(said.folded[i]) for i in indices]
    if len(indices) == 1:
        shown = _shown(said, indices)
        likely_first = firsts[0] and said.folded[indices[0]] not in ALSO_SURNAMES
        is_first = single_is == "first" or (single_is == "either" and likely_first)
        return (shown, None) if is_first else (None, shown)
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


def _stated(said: _Said, answered: bool) -> tuple[str | None, str | None]:
    """A name after words that announce one ("je m'appelle", "au nom de", "madame")."""
    for rule in (_LOUD, _TITLE):
        for at in _after(said, rule):
            at, titled = _titled(said, at)
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
                indices = _name_words(said, at, asked=at > 0)
                indices = _with_rest(said, indices) if answered else indices
                if indices:
                    single: Half = "last" if titled or rule is _TITLE else "either"
                    if rule is _LOUD and _is_first(said.folded[indices[0]]) and _named_first(said, at):
                        single = "first"
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
        for_one = said.folded[at - 1] == "pour" and said.words[at][:1].isupper() and said.folded[at] != "noel"
        if titled or (known and (len(indices) > 1 or kin or for_one)):
            return _split(said, indices, "last" if titled else "first")
    return None, None


def _introduced(said: _Said) -> tuple[str | None, str | None]:
    """Whoever begins with their name: "Bonjour, Amélie Rolland, je voudrais…"."""
    at = next((i for i, word in enumerate(said.folded) if word not in _HELLO), len(said.words))
    indices = _name_words(said, at)
    capitals = all(said.words[i][:1].isupper() for i in indices)
    if len(indices) < 2 or not capitals or not _is_first(said.folded[indices[0]]):
        return None, None
    return _split(said, indices)


def _restated(said: _Said, last: str) -> str | None:
    """The first name of "madame Lefebvre, Françoise Lefebvre"."""
    head = fold(last).split()[0]
    for i, word in enumerate(said.folded[1:], start=1):
        if word == head and _is_first(said.folded[i - 1]) and said.folded[i - 1] not in ORDINARY:
            return _shown(said, [i - 1])
    return None


_HELLO = frozenset("bonjour bonsoir allo oui euh madame monsieur docteur alors voila".split())
_LEADING = frozenset("c est euh alors donc voila qui oui c'est prenom nom".split())
"""Words that a name told of somebody may begin with."""
_AROUND = frozenset(
    "oui alors euh c est bonjour bonsoir madame monsieur mademoiselle mon nom ben bah voila donc je suis moi"
    " pour d accord bien sur et prenom ma mere pere fils fille mari femme s il vous plait merci a l appareil"
    " ici hein de famille patient patiente malade attendez aussi pas bebe soeur frere belle beau".split()
)
"""What may stand around a bare name given in answer to "votre nom ?"."""


def _with_rest(said: _Said, indices: list[int]) -> list[int]:
    """The words of a name with those after a pause: "Lenoir, Camille"; of a name said again, the fuller one
    counts: "Roussel, Geneviève Roussel"."""
    while indices and said.cut_after[indices[-1]]:
        following = indices[-1] + 1
        while following < len(said.words) and said.folded[following] in _LEADING:
            following += 1
        more = _name_words(said, following, asked=True)
        if not more:
            break
        again = {said.folded[i] for i in indices if said.folded[i] not in PARTICLES}
        new = {said.folded[i] for i in more}
        if new <= again:
            break
        indices = more if again <= new else indices + more
    return indices


def leading(text: str, single_is: Half) -> tuple[str | None, str | None]:
    """(first, last) of the name that `text` begins with, as words about somebody do: "mon fils | Léo, …";
    `single_is`: what a lone name is, unless it follows a title."""
    said = _Said(text)
    at = 0
    while at < len(said.words) and (said.folded[at] in _LEADING or not said.folded[at]):
        at += 1
    at, titled = _titled(said, at)
    indices = _with_rest(said, _name_words(said, at, asked=True))
    return _split(said, indices, "last" if titled else single_is)


def _bare(said: _Said) -> tuple[str | None, str | None]:
    """ "Dubois Marie" and nothing else but fillers."""
    begin = next(
        (i for i in range(len(said.words)) if said.folded[i] not in _AROUND and said.folded[i]), None
    )
    if begin is None:
        return None, None
    if begin and said.folded[begin - 1] in ("d", "de") and "'" in said.words[begin - 1]:
        begin -= 1
    indices = _name_words(said, begin, asked=True)
    indices = _with_rest(said, indices)
    # What follows a birth date or its "né" is no name, and does not keep what precedes from being one.
    upto = next(
        (i for i, word in enumerate(said.folded) if word in ("ne", "nee") or word[:1].isdigit()),
        len(said.words),
    )
    upto -= 0 < upto < len(said.words) and said.folded[upto - 1] == "le"
    own = {said.folded[i] for i in indices}
    own |= {
        w for w, then in zip(said.folded, said.folded[1:], strict=False) if then in own and w in FIRST_NAMES
    }
    rest = [word for word in said.folded[:upto] if word not in own and len(word) > 1]
    chatty = any(word not in _AROUND for word in rest)
    whole = len(indices) > 1 and any(_is_first(said.folded[i]) for i in (indices[0], indices[-1]))
    if not indices or (chatty and not (whole and all(said.words[i][:1].isupper() for i in indices))):
        return None, None
    return _split(said, indices)


def person_name(text: str, asked: bool = False) -> tuple[str | None, str | None]:
    """(first name, last name) said in `text`, each None when not said; spelled letters win.

    `asked`: it answers "votre nom ?", so a bare "Dubois Marie" is a name. Ordinary words never are."""
    text = _HYPHEN.sub("-", _ELIDED.sub(r"\1'\2", text))
    letters = spellings(text)
    for one in reversed(letters):
        text = f"{text[: one.start].rstrip()}, {text[one.end :]}"
    hints, text = hinted(text)
    first, last = _told(_Said(_COMMENT.sub(",", text)), asked)
    of_first = tuple(h for h in hints if first and h.word in fold(first).split())
    of_last = tuple(h for h in hints if h not in of_first)
    first = righted(first, of_first) if first else None
    last = righted(last, of_last) if last else None
    for one in letters:
        first, last = _as_spelled(first, last, one.name)
    return first, last


_ELIDED = re.compile(r"\b([DLNO]) apostrophe (?=[A-Z][a-zà-ÿ])(\w+)")
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ]) (?:tiret|trait d'union) (?=[A-Z][a-zà-ÿ])")
_COMMENT = re.compile(
    r"(?i)(?:,? (?:et )?comme (?!\w+,? c'est)[^,.;]+(?=[,.;]|$)"
    r"|\b(?:non,? )?(?:c'est )?pas (?!moi\b)\w+(?=,| mais|\.|$)"
    r"|\b(?:en un mot|en deux mots|tout attaché)\b)"
)
"""What is said about a name and holds others: "comme un petit", "pas Dubois, …"."""


def _told(said: _Said, asked: bool) -> tuple[str | None, str | None]:
    """The name said in words, without any letters."""
    first, last = _stated(said, asked)
    if not last and not first:
        first, last = _hinted(said)
    if not last and not first and not asked:
        first, last = _introduced(said)
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
        first, last = _bare(said)
    if last and not first:
        first = _restated(said, last)
    return first, last


def _as_spelled(first: str | None, last: str | None, letters: str) -> tuple[str | None, str | None]:
    """The names with the one that was spelled written so: the one it is like, else the surname."""
    if first and _like(first, letters) > max(0.75, _like(last, letters)):
        return completed(first, letters), last
    if last and first is None and _is_first(fold(last)) and _like(last, letters) < 0.75:
        return last, letters
    return first, completed(last, letters) if last else letters


def _like(said: str | None, letters: str) -> float:
    """How alike a name said and one spelled are, 0..1."""
    if said is None:
        return 0.0
    return 1.0 if sound(said) == sound(letters) else JaroWinkler.similarity(fold(said), fold(letters))
