"""What people call for besides appointments: what each errand needs to be told, and what is said of it first.

Answers are kept in the caller's words: the secretary reads them, and nobody is asked again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from voicebot.domain.call import Reading
from voicebot.domain.dialogue.state import Form, Outcome, Question, State, ask, tell
from voicebot.domain.effects import Say
from voicebot.domain.french import fold
from voicebot.domain.practice import Practice

Told = Callable[[str], bool]


def _says(pattern: str) -> Told:
    compiled = re.compile(pattern)
    return lambda folded: compiled.search(folded) is not None


@dataclass(frozen=True)
class Detail:
    """One thing an errand needs. `label`: as the ticket shows it; `told`: whether folded words hold it."""

    label: str
    phrase: str
    told: Told
    question: Question = "detail"


_NOT_A_DRUG = frozenset(
    "ordonnance ordonnances traitement traitements medicament medicaments renouvellement renouveler docteur "
    "docteure medecin cabinet mari femme maman papa pere mere fils fille bebe enfant mois semaine semaines "
    "jour jours rendez vous habituel habituelle habituels pharmacie pharmacien message urgent "
    "urgence voir avoir "
    "prendre faire refaire demander besoin possible consultation prochaine prochain dernier "
    "derniere voudrais "
    "bonjour madame monsieur bientot demain lundi mardi mercredi jeudi vendredi samedi matin apres midi soir "
    "telephone numero moment temps cela votre notre leur meme plus moins suite toujours".split()
)
_NAMED = re.compile(r"\b(?:mon|ma|mes|son|sa|ses|du|des|de|d|le|la|les|l|au|pour|contre) ([a-z]{5,})\b")


def _names_a_drug(folded: str) -> bool:
    """Something is named that is taken, or what it is taken for."""
    return any(word not in _NOT_A_DRUG for word in _NAMED.findall(folded)) or "pilule" in folded


_OF = r"\b(?:au sujet|a propos|concern\w+|pour|par rapport|d|de|du|sur) (?:d |de |du |des |a )?"
_PATIENT = (
    _OF + r"(?:l ordonnance |la |le |les |resultats? |bilan )*"
    r"(?:m|mr|mme|mlle|madame|monsieur|mademoiselle|une? de vos|vo(?:s|tre) patiente?s?)\b"
)
_STREET = r"\b(?:rue|avenue|boulevard|impasse|allee|place|chemin)"
DETAILS: Mapping[str, tuple[Detail, ...]] = {
    "renewal": (
        Detail("Médicament", "ask_drug", _names_a_drug),
        Detail("Pharmacie", "ask_pharmacy", _says(r"\bpharmacie\b")),
    ),
    "home_visit": (
        Detail(
            "Adresse",
            "ask_address",
            _says(r"\b(?:\d+ )?(?:rue|avenue|boulevard|impasse|allee|place|chemin) \w+"),
        ),
    ),
    "professional": (
        Detail("De la part de", "ask_professional_name", lambda _: False, "name"),
        Detail("Au sujet de", "ask_about", _says(_PATIENT)),
    ),
}
"""By kind of errand, in the order they are asked for when they were not said."""
FIRST_SAID: Mapping[str, str] = {"results": "results_not_read", "sick_leave": "sick_leave_seen"}
"""Said before anything is asked, so that nobody waits for what will not come."""
_AT_THE_PRACTICE: Mapping[str, re.Pattern[str]] = {
    "teleconsultation": re.compile(r"tele ?consult|visio|video"),
    "home_visit": re.compile(r"domicile|visite a la maison"),
}
"""How a practice that has such appointments names its motif."""
_EXTENSION = re.compile(
    r"\b(?:prolong\w*|reconduire|reconduction|repouss\w+|renouvel\w+|toujours (?:malade|arretee?)"
    r"|nouvel arret"
    r"|autre arret|encore (?:un )?arret|un arret|besoin d arret|d un arret|m arret\w+|mettre en arret)\b"
)
_PAPER = re.compile(
    r"\b(?:duplicata|copie|volet|recu|envoy\w+|perdu\w*|papier|formulaire|erreur|corrig\w+|rectif\w+"
    r"|cpam|secu"
    r"|employeur|attestation|message)\b"
)
_SOMEBODY = (
    r"(?:m|mr|mme|madame|monsieur|mon|ma|mes|son|sa|le|la|l|un|une|il|elle|on|je|j|leur) ?(?:\w+ ){0,5}?"
)
_THEIRS = r"(?:bien |aussi |toujours )?(?:votre |vos |l un de vos |une? de vos )?"
_THE_DAY = (
    r"hier|ce matin|tout a l heure|aujourd hui|chez vous|au cabinet|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi"
)
DISCLOSURE = re.compile(
    rf"\b{_SOMEBODY}(?:a|ai|aurait|avait|avais) (?:bien |deja |toujours )?(?:un |une |son |mon )?"
    r"(?:rendez vous|rdv|consultation)\b(?!.*\b(?:annul|deplac|decal|report|chang))"
    rf"|\b{_SOMEBODY}(?:est|serait|etait) {_THEIRS}(?:patiente?s?|suivie?|soignee?|client\w*)\b"
    r"(?: (?:chez vous|au cabinet|ici|par|du|de vous)|$)"
    rf"|\b{_SOMEBODY}(?:est|serait) (?:bien |deja )?(?:venue?|passee?|arrivee?|sortie?|repartie?)\b"
    rf"(?=.*\b(?:{_THE_DAY})\b)(?!.*\b(?:appelee?|rendez vous)\b)"
    r"|\b(?:a )?quelle heure (?:est|a|avait|c est|etait) (?:\w+ ){0,5}(?:rendez vous|rdv)\b"
    r"|\bc est quand (?:\w+ ){0,3}(?:rendez vous|rdv)\b|\bquand (?:est|a) (?:\w+ ){0,5}(?:rendez vous|rdv)\b"
)
"""Asks what only a patient's record could answer, of oneself or of somebody else."""

_MINE = re.compile(r"\b(?:j ai|j avais|nous avons|nous avions|on a|on avait)\b")
"""They tell of an appointment of their own: what they want of it is asked."""


def served(practice: Practice, reading: Reading, text: str) -> Reading:
    """The reading as this practice serves it: a visit or a teleconsultation it has a motif for is an
    appointment, and so is a longer sick leave, which nobody signs unseen."""
    if pattern := _AT_THE_PRACTICE.get(reading.kind or ""):
        for motif in practice.motifs:
            if any(pattern.search(fold(name)) for name in (motif.name, *motif.words)):
                entities = replace(reading.entities, motif=motif.id)
                return replace(reading, category="booking", kind=None, entities=entities)
    own = reading.kind == "existing" and _MINE.search(fold(text))
    if reading.category is None and not own and DISCLOSURE.search(fold(text)):
        return replace(reading, category="message", kind="information")
    if reading.kind == "sick_leave":
        said = fold(text)
        if _EXTENSION.search(said) and not _PAPER.search(said):
            return replace(reading, category="booking")
    return reading


def said_first(reading: Reading, text: str) -> tuple[Say, ...]:
    """What the caller of this errand must know before they are asked anything."""
    if reading.category == "message" and reading.kind != "professional" and DISCLOSURE.search(fold(text)):
        return (tell("nothing_disclosed"),)
    if reading.kind == "sick_leave" and reading.category != "booking":
        return ()
    phrase = FIRST_SAID.get(reading.kind or "")
    return (tell(phrase),) if phrase else ()


def missing(state: State) -> Outcome | None:
    """The question for what the errand still needs; None when it is all told."""
    detail = _next(state.form)
    return ask(state, detail.question, detail.phrase) if detail else None


def noted(form: Form, asked: Question, text: str) -> Form:
    """The form with the answer to the detail asked for, if one was."""
    detail = _next(form)
    if detail is None or asked != detail.question:
        return form
    return replace(form, details=(*form.details, (detail.label, text)))


def written(form: Form) -> tuple[str, ...]:
    """Lines of the ticket."""
    return tuple(f"{label} : {text}" for label, text in form.details)


def _next(form: Form) -> Detail | None:
    given = {label for label, _ in form.details}
    said = " . ".join(fold(text) for text in (form.message, *(text for _, text in form.details)))
    wanted = DETAILS.get(form.kind or "", ())
    return next((d for d in wanted if d.label not in given and not d.told(said)), None)
