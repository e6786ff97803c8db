"""What the recogniser makes of short answers about a day or an hour, learnt by saying some to it.

`python -m voicebot.app.evaluation.slips` says PHRASES with the project's callers over a telephone. What went
wrong in one half of them is learnt and counted on the other half; the table that is shipped,
`voicebot/data/slips_fr.tsv`, is learnt from both.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from voicebot.adapters import practice_yaml
from voicebot.adapters.slips_tsv import TABLE
from voicebot.app.evaluation.cases import Case
from voicebot.app.evaluation.conditions import BY_KEY
from voicebot.app.evaluation.listening import Listening
from voicebot.app.evaluation.recordings import seed_of
from voicebot.domain.french.canonical import canonical
from voicebot.domain.french.dates import asap, windows
from voicebot.domain.french.slips import NO_SLIPS, Slips, is_safe, mend
from voicebot.settings import load

NOW = datetime(2026, 10, 7, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
"""A Wednesday in October: what is wished does not depend on the day it is learnt."""

TWICE = 2
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi".split()
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
NUMBERS = (
    "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre vingt-cinq vingt-six vingt-sept "
    "vingt-huit vingt-neuf trente"
).split()
HOURS = NUMBERS[6:18]
"""Eight to nineteen."""
FORMS = (
    (
        WEEKDAYS,
        ("{}", "{} matin", "{} après-midi", "{} prochain", "{} en huit", "plutôt {}", "le {}", "euh {} soir"),
    ),
    (
        HOURS,
        (
            "{} heures",
            "à {} heures",
            "{} heures trente",
            "{} heures et quart",
            "{} heures et demie",
            "{} heures moins le quart",
            "vers {} heures",
            "après {} heures",
        ),
    ),
    (
        "midi|midi et demi|midi et quart|midi moins le quart|à midi|entre midi et deux|jeudi midi|avant midi"
        "|vers midi".split("|"),
        ("{}",),
    ),
    (NUMBERS, ("le {}", "le {} à dix heures")),
    (MONTHS, ("le six {}", "le quinze {}", "le premier {}", "fin {}")),
    (
        "demain|demain matin|demain soir|après-demain|aujourd'hui|cet après-midi|ce soir|dans huit jours"
        "|dans quinze jours|dans trois semaines|dans un mois|la semaine prochaine|la semaine du douze"
        "|en fin de matinée|en début d'après-midi|en fin de journée|le matin|l'après-midi|le soir"
        "|le plus tôt possible|dès que possible|pas avant seize heures|pas le mercredi|sauf le jeudi"
        "|la semaine du vingt-six|mardi en quinze|jeudi en quinze|d'ici la fin du mois|le mois prochain"
        "|pendant les vacances".split("|"),
        ("{}",),
    ),
)


def _paired() -> Iterator[str]:
    """Days with hours and days with numbers, each word as often as the others."""
    for i, day in enumerate(WEEKDAYS * 5):
        yield f"{day} à {HOURS[(i * 5) % 12]} heures"
        yield f"{day} {NUMBERS[(i * 7) % 29]} {MONTHS[(i * 5) % 12]}"


PHRASES: tuple[str, ...] = tuple(
    dict.fromkeys(
        [*(form.format(word) for words, forms in FORMS for form in forms for word in words), *_paired()]
    )
)


@dataclass(frozen=True)
class Heard:
    """A phrase and what the recogniser wrote of it."""

    said: str
    heard: str

    @property
    def right(self) -> bool:
        """Whether it is read as the same wish."""
        return meant(self.heard) == meant(self.said)


def meant(text: str, slips: Slips = NO_SLIPS) -> tuple[object, ...]:
    """What a caller who is asked when they would like to come is understood to wish."""
    mended = mend(text, slips)
    return windows(mended, NOW), asap(mended)


def learnt(pairs: Sequence[Heard]) -> list[tuple[str, str, int]]:
    """(said, heard, in how many phrases) of `pairs`: stretches that went wrong and that, put right, give the
    wish back, in two phrases or more: what happened once happens to one voice.

    A stretch is kept only if no phrase that was understood has it: a table must never unmake what is right.
    """
    kept = [f" {canonical(pair.heard)} " for pair in pairs if pair.right]
    counts: dict[str, Counter[str]] = {}
    found = dict.fromkeys((pair.said, slip) for pair in pairs if not pair.right for slip in _stretches(pair))
    for _, (said, heard) in found:
        if not any(f" {heard} " in line for line in kept):
            counts.setdefault(heard, Counter())[said] += 1
    best = ((said.most_common(1)[0], heard) for heard, said in counts.items())
    often = ((said, heard, n) for (said, n), heard in best if n >= TWICE)
    return sorted(often, key=lambda slip: (-slip[2], slip))


def _stretches(pair: Heard) -> Iterator[tuple[str, str]]:
    """(said, heard) where the two differ, if putting all of that right gives the wish back."""
    said, heard = canonical(pair.said).split(), canonical(pair.heard).replace(",", " ").split()
    slips = [
        (" ".join(said[a:b]), " ".join(heard[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes()
        if tag == "replace" and is_safe(" ".join(heard[c:d]))
    ]
    if slips and meant(pair.heard, Slips({here: there for there, here in slips})) == meant(pair.said):
        yield from slips


def halves(pairs: Sequence[Heard]) -> tuple[list[Heard], list[Heard]]:
    """To learn from, and to count on: by phrase, so that no phrase is in both."""
    return (
        [pair for pair in pairs if seed_of(f"half {pair.said}") % 2 == 0],
        [pair for pair in pairs if seed_of(f"half {pair.said}") % 2],
    )


def main() -> None:
    """Say, hear, learn, count, write. An hour where nothing is kept yet; what is done is not done again."""
    settings = load(os.environ)
    hotwords = practice_yaml.load_all(settings.practices)["demo"].hotwords
    cases = [Case("calm", "", "", phrase) for phrase in PHRASES]
    heard = Listening(settings, hotwords, jobs=3, expects="wish").read([BY_KEY["phone8"]], cases)
    pairs = [Heard(case.text, transcript.text) for (_, case), transcript in sorted(heard.items(), key=str)]
    told = report(pairs)
    print(told)
    rows = [f"{said}\t{there}\t{n}" for said, there, n in learnt(pairs)]
    comment = "".join(f"# {line}\n" for line in told.splitlines())
    TABLE.write_text(comment + "".join(f"{row}\n" for row in rows), encoding="utf8")


def report(pairs: Sequence[Heard]) -> str:
    """How the table was made and what it gains, for its first lines."""
    to_learn, to_count = halves(pairs)
    slips = Slips({heard: said for said, heard, _ in learnt(to_learn)})
    before = sum(pair.right for pair in to_count)
    after = sum(meant(pair.heard, slips) == meant(pair.said) for pair in to_count)
    return (
        "said, heard (both canonical), in how many phrases: what Whisper writes of answers to « quand ? ».\n"
        "Learnt by `python -m voicebot.app.evaluation.slips`, from synthetic callers over 8 kHz A-law:\n"
        f"{len(pairs)} phrases, heard once each. Learnt on one half of them, of the other half's\n"
        f"{len(to_count)} as many as {before} were understood before and {after} after."
    )


if __name__ == "__main__":
    main()
