"""What the recogniser writes when people say a day or an hour, put right by a table that was learnt, not
guessed (`voicebot.app.evaluation.slips`). Only for answers to "when?": elsewhere the words may mean
themselves."""

import re
from collections.abc import Mapping
from typing import NewType

from voicebot.domain.french.almanac import MONTHS, WEEKDAYS
from voicebot.domain.french.canonical import canonical

Slips = NewType("Slips", Mapping[str, str])
"""What was heard, canonical → what was said, canonical."""
NO_SLIPS = Slips({})
_TIMELY = re.compile(
    rf"\d|\b(?:{'|'.join((*WEEKDAYS, *MONTHS))}|h|midi|minuit|matin|matinee|soir|soiree|apres|avant|demain"
    r"|semaine|mois|jours?|pas|non|oui|sauf|ou|et|plutot|merci|docteur|madame|bonjour)\b"
)


def is_safe(heard: str) -> bool:
    """Nothing in it that is itself about time, or an answer: putting it right cannot unsay anything."""
    return len(heard) > 2 and not _TIMELY.search(heard)


def mend(text: str, slips: Slips) -> str:
    """`text` with the stretches that are in the table as they were said; itself when none is."""
    line = f" {canonical(text)} "
    for heard in sorted(slips, key=len, reverse=True):
        # "Je dis mardi" is no Thursday.
        other_day = rf"(?! (?:{'|'.join(WEEKDAYS)})\b)" if slips[heard] in WEEKDAYS else ""
        line = re.sub(rf" {re.escape(heard)}(?= ){other_day}", f" {slips[heard]}", line)
    mended = line.strip()
    return mended if mended != canonical(text) else text
