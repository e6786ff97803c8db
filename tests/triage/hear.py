"""Has the synthetic callers say lines of the development sets and writes down what Whisper makes of them.

`python tests/triage/hear.py` writes tests/data/triage_heard.tsv (expected, condition, typed, heard): about
ten minutes of one core, once; `by_ear.py` measures on what it wrote. Conditions: a quiet
telephone line, and the same with other people talking 10 dB below the caller.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
from figures import ROOT, lines

from voicebot.adapters import models, stt_whisper
from voicebot.app import callers
from voicebot.settings import Settings

OUT = ROOT / "tests/data/triage_heard.tsv"
HOW_MANY = {"emergency": 66, "urgent": 22, "calm": 24, "decoy": 8}
CONDITIONS = {"quiet": None, "talk 10 dB": 10.0}
TALKERS = 5


def chosen() -> Iterator[tuple[str, str]]:
    """As many lines of each kind as wanted, evenly from all sets."""
    paths = [ROOT / "tests/data" / f"triage_{name}.tsv" for name in ("own", "second", "third", "fourth")]
    rows = [(row[0], row[3]) for path in paths for row in lines(path)]
    for expected, wanted in HOW_MANY.items():
        kind = [row for row in rows if row[0] == expected]
        yield from kind[:: len(kind) // wanted][:wanted]


def talk(sounds: list[callers.Samples], size: int, seed: int) -> callers.Samples:
    """Several of the others at once, from anywhere in what they say, `size` samples long."""
    random = np.random.default_rng(seed)
    mixed = np.zeros(size, np.float32)
    for who in random.choice(len(sounds), TALKERS, replace=False):
        mixed += np.resize(np.roll(sounds[who], int(random.integers(len(sounds[who])))), size)
    return np.asarray(mixed / mixed.std(), np.float32)


def main(out: Path) -> None:
    settings = Settings()
    studio = callers.Studio(settings)
    said = list(chosen())
    voices = list(callers.VOICES)
    sounds = [
        studio.recorded(callers.sentence("", voices[n % len(voices)], text))
        for n, (_, text) in enumerate(said)
    ]
    ears = stt_whisper.Whisper(models.locate(settings).whisper, 1)
    rows = ["# expected\tcondition\ttyped\theard — written by tests/triage/hear.py"]
    for condition, ratio in CONDITIONS.items():
        for n, ((expected, text), sound) in enumerate(zip(said, sounds, strict=True)):
            mixed = sound
            if ratio is not None:
                others = sounds[:n] + sounds[n + 1 :]
                mixed = sound + talk(others, len(sound), n) * np.float32(sound.std() * 10 ** (-ratio / 20))
            heard = ears.hear(stt_whisper.heard(callers.on_the_line(mixed, n)), "", Event())
            rows.append("\t".join((expected, condition, text, heard.text if heard.speech else "")))
            print(rows[-1], flush=True)
    out.write_text("\n".join(rows) + "\n", encoding="utf8")


if __name__ == "__main__":
    main(OUT)
