"""`voicebot run` as it is, but for Whisper and Kokoro: it hears nothing and speaks in short tones.

Callers write; everything else, from the pages to the database, is the real service. A process, to be killed.
"""

import math
import os
import struct
import sys

from voicebot.adapters.tts_cache import CachedSynthesizer
from voicebot.app import wiring
from voicebot.app.commands import run
from voicebot.pipeline.engines import LocalEars
from voicebot.ports import Transcript
from voicebot.settings import load

SHORT_S, HZ, RATE = 0.04, 440, 24000


class DeafEars:
    async def transcribe(self, audio, *, hotwords="", expects=None, languages=("fr",)):
        return Transcript("", speech=False, clear=False, confidence=0.0)


class ToneVoice:
    rate = RATE

    async def synthesize(self, text):
        samples = range(round(SHORT_S * RATE))
        return struct.pack(
            f"<{len(samples)}h", *(round(9000 * math.sin(math.tau * HZ * n / RATE)) for n in samples)
        )


def load_engines(settings):
    return wiring.Engines(
        LocalEars(DeafEars()), CachedSynthesizer(ToneVoice(), settings.cache / "speech", "tone")
    )


if __name__ == "__main__":
    wiring.load_engines = load_engines
    sys.exit(run.run(None, load(os.environ)))
