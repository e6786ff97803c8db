"""What the engine must be told about a language: words in tables, and where they stand. No language in it.

Every word here is folded (`stems.fold`): lower case, no accents. `french` and `english` are such values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Measure = Literal[
    "âge",
    "température",
    "glycémie",
    "tension",
    "pouls",
    "grossesse",
    "depuis",
    "comprimés",
    "hauteur",
    "saturation",
    "potassium",
    "sodium",
    "inr",
    "hémoglobine",
    "plaquettes",
    "kilos",
]
"""Age in months, °C, g/l, the upper figure in cmHg, beats a minute, months of pregnancy, hours, how many,
metres, %; mmol/l twice, no unit, g/dl, thousands per mm³, kilograms put on."""
ITSELF = "="
"""A letter that is its own sound."""
Phrase = tuple[str, ...]
"""Words in a row. "#" is any figure, "*" any word."""


@dataclass(frozen=True)
class Where:
    """Between which neighbours a word means what its table says; without any, everywhere."""

    not_behind: frozenset[str] = frozenset()
    """Not right after one of these; "si jamais" is two words."""
    before: tuple[frozenset[str], ...] = ()
    """Only where the next words are each one of these."""
    not_before: frozenset[str] = frozenset()
    not_before_phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Respelt:
    """A word that is written for another one: "j'arrive pu" is "plus"."""

    meant: str
    not_behind: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stemming:
    """How inflections meet: irregular forms by table, spellings made alike, then the longest ending off."""

    lemmas: Mapping[str, str]
    endings: tuple[str, ...]
    """Longest first."""
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    plurals: str
    last: str
    """Letters taken off a stem's end."""
    shortest: int = 3


@dataclass(frozen=True, eq=False)
class Numbers:
    """How figures are said in words."""

    code: str
    """What text2num calls the language."""
    words: frozenset[str]
    articles: frozenset[str]
    """"un": a figure only before a unit, and inside a longer one only after `article_joins`."""
    article_joins: frozenset[str]
    joins: frozenset[str]
    """"et", "virgule": inside a figure when a number follows that is not one of `not_joined`."""
    not_joined: frozenset[str]
    as_number: Mapping[str, str]
    """Spellings text2num does not know."""
    left_as_words: Mapping[str, float]
    """What text2num leaves as words when it stands alone."""
    units: frozenset[str]
    zero: str = "zero"


@dataclass(frozen=True)
class Doubting:
    """What makes a sign doubtful; `qualifiers` says how each table is used."""

    negators: Mapping[str, Where]
    """Words that deny, and where they do."""
    forward: frozenset[str]
    """Those that deny what comes next ("pas de fièvre")."""
    backward: frozenset[str]
    """Those that deny the verb before ("elle saigne pas")."""
    across: frozenset[str]
    """Those of them that reach over a breath's end ("ni")."""
    swallowed: Mapping[str, frozenset[str]]
    """After this negator one of these is what is denied, not what comes later ("pas normal")."""
    carriers: frozenset[str]
    """What may stand between a negator and what it denies."""
    between: frozenset[str]
    """What may stand between a verb and its negator."""
    objects: frozenset[str]
    """Behind a verb's negator, one of these shows that the next noun is denied, not the verb …"""
    not_objects: frozenset[str]
    """… unless one of these follows ("saigne plus de la main") …"""
    without_object: frozenset[str]
    """… or the negator is one of these."""
    stopped: frozenset[str]
    """Verbs of stopping: "n'arrête pas de saigner" is bleeding, "s'est arrêté de saigner" is not."""
    was: frozenset[str]
    """Auxiliaries of what is no longer so."""
    hours: Mapping[str, float]
    """Hours in a unit of time, its plural s off."""
    ago_behind: tuple[frozenset[str], ...]
    """A time is that long ago when one of each of these stands just before it ("il y a") …"""
    ago_before: frozenset[str]
    """… or one of these right behind it ("ago")."""
    in_year: frozenset[str]
    as_a: frozenset[str]
    """An age said bare at a statement's end: "a convulsé bébé"."""
    as_a_before: frozenset[str]
    """What begins the next statement."""
    dates_before: frozenset[str]
    """A clause that begins so and holds a date dates the clause before it ("quand il était petit")."""
    dates_behind: frozenset[str]
    """The same for the clause after it ("c'était l'an dernier que")."""
    conditions: Mapping[str, Where]
    """Words that make a clause they begin a supposition."""
    only_if: frozenset[str]
    """Words of a supposition without a statement ("si jamais un jour"): it is the next clause's."""
    phrases: Mapping[str, tuple[str, ...]]
    """Ways to say supposed, exam, long_ago, over, resumed, recent, now, errand, regulated."""
    nothing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """A word that denies the very next one when it stands right behind one of these ("n'a rien mangé")."""
    births: frozenset[str] = frozenset()
    """"né", "accouché": for `qualifiers.PUERPERAL_HOURS` a date that follows is an age, not history."""


@dataclass(frozen=True, eq=False)
class Sounding:
    """How the language's spelling sounds; `sounds` says how it is used."""

    graphemes: tuple[tuple[str, str], ...]
    """Patterns of letters and the sounds they are, the first that fits at each place. Applied to lower-case
    words with their accents."""
    words: Mapping[str, str]
    """Words that sound as no rule says."""
    endings: tuple[str, ...]
    """Sounds of inflections, taken off a word's end."""
    alike: Mapping[int, int | str | None]
    """For `str.translate`: sounds that a telephone makes one of (p and b, t and d, s and z …)."""
    elided: frozenset[str]
    """Sounds that a neighbour may lend to a word that begins with a vowel: "j'étouffe", "les yeux"."""
    stuck: tuple[str, ...]
    """Small words that a recogniser writes together with the next: "amal"."""
    liaisons: Mapping[str, str]
    """Silent last letters and what they sound like before a vowel."""
    vowels: str


@dataclass(frozen=True, eq=False)
class Units:
    """What shows that a figure is an age, a temperature, a blood pressure; `measures` says how."""

    months: Mapping[str, float]
    """Months in a unit of time."""
    hours: Mapping[str, float]
    half: frozenset[str]
    """"demi", after one of `joins`."""
    joins: frozenset[str]
    points: frozenset[str]
    """The decimal point, written or said."""
    of: frozenset[str]
    born: frozenset[str]
    ago_behind: frozenset[str]
    ago_before: frozenset[str]
    """"il y a" stands before a time, "ago" after it."""
    age_behind: frozenset[str]
    age_behind_phrases: frozenset[Phrase]
    """Right before an age."""
    aged: frozenset[str]
    """One or two words before it."""
    old: frozenset[str]
    """Right after it."""
    not_age: frozenset[str]
    pregnant: frozenset[str]
    pregnant_be: frozenset[str]
    pregnant_at: frozenset[str]
    """"je suis à trois mois"."""
    since: frozenset[str]
    tablets: frozenset[str]
    metres: frozenset[str]
    saturation: frozenset[str]
    kilos: frozenset[str]
    gained: frozenset[str]
    more: Phrase
    grams: frozenset[str]
    milligrams: frozenset[str]
    """And what else may follow a laboratory's figure without being what it counts."""
    analyses: tuple[tuple[str, Measure, float, float], ...]
    """What a laboratory says, and between which values it can be meant."""
    glycated: frozenset[str]
    """A sugar's average over months: neither today's sugar nor a haemoglobin."""
    degrees: frozenset[str]
    not_degrees: frozenset[str]
    """Right after what is no temperature, nor any other figure without a unit."""
    not_degrees_behind: frozenset[str]
    """Up to two words before it."""
    over: frozenset[str]
    """Between the two figures of a blood pressure."""
    pressure: frozenset[str]
    pressure_scale: float
    """How many times larger than cmHg pressures are said."""
    clock: frozenset[str]
    """"seize heures dix" is no pressure."""
    dated: frozenset[str]
    """Right before a day and its month: "le vingt-deux douze" is no pressure either."""
    pulse: frozenset[str]
    beats: frozenset[str]
    heart: frozenset[str]


@dataclass(frozen=True, eq=False, repr=False)
class Language:
    """A language as the engine needs it. Compared by identity: there is one of each."""

    code: str
    grammar: frozenset[str]
    """Words that only hold a sentence together: a doctor's phrase means the same without them."""
    light: frozenset[str]
    """Those and all others that carry no sign: they do not count in distances."""
    common: frozenset[str]
    """What every caller says, and names: never taken for something else that nearly sounds so."""
    too_common: frozenset[str]
    """Stems that are no phrase by themselves."""
    respelt: Mapping[str, Respelt]
    accented: Mapping[str, str]
    """Words that would be other ones without their accents, and what they are taken for: "mémé" is no
    "même"."""
    compared: Mapping[str, frozenset[str]]
    """Words that deny, and before what they compare instead: the "plus" of "plus tôt" is another word than
    that of "n'entend plus"."""
    stemming: Stemming
    numbers: Numbers
    openings: Mapping[str, Where]
    """Words that begin a clause."""
    breath_words: frozenset[str]
    """Words that begin a breath: "et"."""
    people: frozenset[str]
    doubting: Doubting
    units: Units
    sounding: Sounding | None
    """None: only the written words count."""
