"""How long to wait for somebody who may not have finished. Pure; all durations are seconds of audio."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from voicebot.domain.effects import Expects

Unfinished = Callable[[str, Expects], bool]
"""Is the value that was asked for still being dictated?"""
Told = Callable[[str, Expects], bool]
"""Does this count, though heard with doubt, where that was asked for?"""


@dataclass(frozen=True)
class Patience:
    """Silences that decide. Defaults measured on two cores; see the README's figures."""

    pause: float = 0.09
    """Recognition starts on suspicion, three windows long. A transcript that speech overtakes is given up
    half-way."""
    hesitation: float = 0.06
    """While other callers wait for their transcripts, this much longer."""
    haste: float = 0.12
    """Added for each pause of the last seconds that was none, as in spelling, up to `longest_pause`."""
    longest_pause: float = 0.35
    complete: float = 0.50
    """Ends a turn that smart-turn calls complete; a pause up to this long is never spoken into."""
    answer: float = 0.45
    """Ends a bare yes or no where one was asked for."""
    half_answer: float = 0.70
    """Ends anything else where a yes or no was asked for."""
    incomplete: float = 1.2
    """Ends a turn that sounds or reads unfinished."""
    dictated: float = 2.5
    """While a date, number or name is dictated and not whole: at 85 one pauses 2 s in a birth date."""
    rejoin: float = 0.95
    """Speech this soon after the end takes the end back; within the second that the conversation waits."""
    quiet: float = 0.096
    """No sound at all, speech-like or not, for this long before a commit..."""
    quiet_bound: float = 0.4
    """...but a noisy line puts it off by no more than this."""
    faint: float = 0.6
    """Only sounds far below the caller's own level, for this long: they paused, the background talks on."""
    longest: float = 25.0
    """A turn is cut here: Whisper's window, less the padding."""
    barge_in: float = 1.0
    """Speech over our (held) voice longer than this is no backchannel."""
    partial_every: float = 3.0
    """A transcript for the urgency gate, this often, while somebody talks on."""
    unchanged: float = 2.5
    """Words that stay the same this long, though there is sound, are all that was said."""
    doubtful_every: float = 0.7
    """...and this often when there is energy but hardly speech."""


DICTATED: frozenset[Expects] = frozenset({"name", "birth_date", "phone"})
ANSWERS: frozenset[Expects] = frozenset({"yes_no", "read_back", "choice"})
HUMS = frozenset("hum hm hmm mhm mh ah oh euh eh".split())
AGREEMENTS = frozenset("oui ouais ok okay d accord bien tres entendu voila parfait".split())
YES_NO = frozenset(
    "oui ouais si non nan merci ok d accord exact exactement voila tout a fait c est ca bien sur".split()
)
DANGLING = frozenset(
    "et ou mais donc car que qu de du des d le la les l une au aux pour par avec sans dans chez mon ma mes "
    "sa ses notre nos je j qui euh bonjour bonsoir allo parce comme entre vers voudrais aimerais "
    "souhaite".split()
)
"""French that hardly ever ends a sentence, or only opens a call: more is coming."""


def words(text: str) -> tuple[str, ...]:
    """Lower-case words without accents or punctuation: `("d", "accord")`."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return tuple(re.findall(r"[a-z0-9]+", plain))


def never(text: str, expects: Expects) -> bool:
    """An `Unfinished` or `Told` that knows nothing."""
    return False


def is_backchannel(text: str, expects: Expects | None) -> bool:
    """ "Hum", or an agreement that answers no question: said over our voice it means "go on"."""
    said = words(text)
    if not said or len(said) > 3:
        return not said
    if all(word in HUMS for word in said):
        return True
    return expects not in ANSWERS and all(word in AGREEMENTS | HUMS for word in said)


def is_bare_answer(text: str) -> bool:
    """Nothing but yes or no."""
    said = words(text)
    return 0 < len(said) <= 4 and all(word in YES_NO for word in said)


def is_dangling(text: str) -> bool:
    """Breaks off where no sentence ends: "je voudrais un", "mardi…"."""
    said = words(text)
    return not said or said[-1] in DANGLING or text.rstrip().endswith(("…", "...", ","))


def enough_silence(
    text: str, over: float, expects: Expects | None, patience: Patience, unfinished: Unfinished
) -> float:
    """Seconds of silence after which `text` is what the caller wanted to say. `over`: smart-turn, 0..1."""
    if expects in DICTATED and expects is not None and unfinished(text, expects):
        return patience.dictated
    if expects in ANSWERS and is_bare_answer(text):
        return patience.answer
    if is_dangling(text):
        return patience.incomplete
    if over > 0.5:
        return patience.complete
    return patience.half_answer if expects in ANSWERS else patience.incomplete
