"""How a sentence reaches the recogniser: who says it, and what the line does to it. Same sound every time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from voicebot.adapters.phone_audio import Samples, over_telephone, with_noise

RATE = 16000
"""Hz, of every sound here."""
PACKET_S = 0.02
LOSS = 0.05
PINK_FROM_HZ = 50
"""Below it the noise stays as loud: what lies deeper no telephone carries."""
Speaker = Literal["plain", "accent", "slow"]


@dataclass(frozen=True)
class Condition:
    """One way of being heard. `line`: clean speech at 16 kHz and a seed → what is received, at 16 kHz."""

    key: str
    title: str
    how: str
    """French, for the report."""
    speaker: Speaker | None = None
    """None: typed, nothing is heard."""
    line: Callable[[Samples, int], Samples] = lambda sound, seed: sound


def telephone(sound: Samples, seed: int) -> Samples:
    """300-3400 Hz, 8 kHz, A-law."""
    return over_telephone(sound, RATE, RATE)


def noisy(snr_db: float) -> Callable[[Samples, int], Samples]:
    """A room of that signal-to-noise ratio at the caller's end of a telephone."""
    return lambda sound, seed: telephone(with_noise(sound, pink(len(sound), seed), snr_db), seed)


def pink(samples: int, seed: int) -> Samples:
    """Noise as loud in every octave, like a street or a ventilation."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, PINK_FROM_HZ)), samples).astype(np.float32)


def lossy(sound: Samples, seed: int) -> Samples:
    """A telephone that loses packets, each on its own; where one is missing there is silence."""
    received = telephone(sound, seed).copy()
    size = round(PACKET_S * RATE)
    lost = np.random.default_rng(seed).random(-(-len(received) // size)) < LOSS
    received[np.repeat(lost, size)[: len(received)]] = 0
    return received


CONDITIONS = (
    Condition("typed", "Tapé", "le texte tel quel, sans reconnaissance vocale"),
    Condition("clean", "Voix nette, 16 kHz", "voix de synthèse, 16 kHz, sans bruit", "plain"),
    Condition("phone8", "Téléphone, 8 kHz", "300-3400 Hz, 8 kHz, loi A", "plain", telephone),
    Condition(
        "noise15", "Bruit à 15 dB", "bruit rose 15 dB sous la voix, puis téléphone", "plain", noisy(15)
    ),
    Condition("noise5", "Bruit à 5 dB", "bruit rose 5 dB sous la voix, puis téléphone", "plain", noisy(5)),
    Condition(
        "accent",
        "Accents étrangers",
        "le même français dit par des voix portugaises, espagnole et américaine, puis téléphone",
        "accent",
        telephone,
    ),
    Condition(
        "loss",
        "Paquets perdus, 5 %",
        "téléphone dont 5 % des paquets de 20 ms, au hasard, sont du silence",
        "plain",
        lossy,
    ),
    Condition(
        "slow",
        "Personne âgée, lente",
        "voix grave au débit de 0,75, une pause de 0,7 s tous les cinq mots, puis téléphone",
        "slow",
        telephone,
    ),
)
TYPED_AGAIN = Condition(
    "typed_again", "Tapé, mêmes phrases", "le texte des phrases qui sont dites, pour comparer"
)
"""Added by itself when not every sentence is spoken."""
BY_KEY = {condition.key: condition for condition in (*CONDITIONS, TYPED_AGAIN)}
ALIASES = {"8khz": "phone8"}
"""As people type it."""
