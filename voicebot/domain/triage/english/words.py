"""English words that carry no sign, contractions, stems and spoken figures."""

import re

from voicebot.domain.triage.language import Numbers, Respelt, Stemming

GRAMMAR = frozenset(
    "the a an of to in on at my your his her its our their this that these those i you he she it we they me "
    "him us them myself himself herself is are am was were be been being have has had do does did s ve re m "
    "ll d and with there which who".split()
)
LIGHT = GRAMMAR | frozenset(
    "really very so just quite pretty completely totally still also even well like um uh er erm oh please "
    "too bit little sort kind some any all actually literally basically slightly rather".split()
)
COMMON = frozenset(
    "hello morning afternoon evening thanks thank appointment doctor surgery receptionist repeat letter "
    "results Monday Tuesday Wednesday Thursday Friday could would like book cancel change".lower().split()
)
TOO_COMMON = frozenset(("have", "be", "go", "do", "get"))
RESPELT = {"t": Respelt("not"), "cant": Respelt("not"), "cannot": Respelt("not"), "isnt": Respelt("not"),
           "wont": Respelt("not"), "doesnt": Respelt("not"), "dont": Respelt("not")}  # fmt: skip
""""can't" is two words, "can" and "t"."""
_IRREGULAR = """
bite: bit bitten bites biting
baby: babies
bleed: bleeds bled bleeding
break: broke broken breaks breaking
breath: breathe breathes breathed breathing breaths
child: children
come: came comes coming
cut: cuts cutting
die: dies died
dying:
dizzy: dizziness
drink: drank drunk drinks drinking
eat: ate eaten eats eating
fall: fell fallen falls falling
feel: felt feels feeling
foot: feet
get: got gets getting gotten
give: gave given gives giving
go: goes going went gone
have: has had having
heavy: heaviness
hurt: hurts hurting
lose: lost loses losing loss
move: moves moved moving movement movements
numb: numbness
paralyse: paralysed paralyzed paralysis paralysing
rash: rashes
run: ran runs running
see: saw seen sees seeing
shake: shook shaken shakes shaking shaky
sleepy: sleepiness
speak: spoke spoken speaks speaking speech
stiff: stiffness
stop: stops stopped stopping
sting: stung stings
swell: swelled swollen swells swelling
swallow: swallows swallowed swallowing
take: took taken takes taking
throw: threw thrown throws throwing
tight: tightness tightening tightens
tooth: teeth
wake: woke woken wakes waking
weak: weakness
"""
STEMMING = Stemming(
    lemmas={
        form: lemma.strip()
        for line in _IRREGULAR.strip().splitlines()
        for lemma, _, forms in [line.partition(":")]
        for form in (*forms.split(), lemma.strip())
    },
    endings=("ings", "ing", "ies", "ied", "ed", "es", "ly", "y", "e"),
    spellings=((re.compile(r"([a-z])\1"), r"\1"),),
    plurals="s",
    last="ei",
)
NUMBERS = Numbers(
    code="en",
    words=frozenset(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
        "thousand".split()
    ),
    articles=frozenset(),
    article_joins=frozenset(),
    joins=frozenset(("and", "point")),
    not_joined=frozenset(),
    as_number={},
    left_as_words={"zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0},
    units=frozenset(),
)
