"""`voicebot run` for a practice with telephones, as a process to be killed, but for Whisper and Kokoro.

It hears nothing and says every clause as a short tone: callers press keys.
"""

import os
import sys

from tests.pipeline.fakes_audio import tone
from tests.telephony.exchange import demo
from voicebot.adapters import practice_yaml
from voicebot.adapters.tts_cache import CachedSynthesizer
from voicebot.app import wiring
from voicebot.app.commands import run
from voicebot.pipeline.engines import LocalEars
from voicebot.ports import Transcript
from voicebot.settings import load

VOICE_HZ, CLAUSE_S, RATE = 1000, 0.4, 16000


class DeafEars:
    async def transcribe(self, audio, *, hotwords="", expects=None, languages=("fr",)):
        return Transcript("", speech=False, clear=False, confidence=0.0)


class ToneVoice:
    rate = RATE

    async def synthesize(self, text):
        return tone(VOICE_HZ, CLAUSE_S)


def load_engines(settings):
    return wiring.Engines(
        LocalEars(DeafEars()), CachedSynthesizer(ToneVoice(), settings.cache / "speech", "tone")
    )


if __name__ == "__main__":
    wiring.load_engines = load_engines
    practice_yaml.load_all = lambda folder: {"demo": demo(ring_s=int(os.environ.pop("RING_S", "6")))}
    sys.exit(run.run(None, load(os.environ)))
