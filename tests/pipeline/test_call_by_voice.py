"""Calls with real Whisper, Silero, smart-turn and Kokoro, the caller on a telephone line, in real time."""

import asyncio

import numpy as np
import pytest

from telephony.bridge import bridge
from telephony.transport import LineTransport
from tests.pipeline.fakes_audio import FakeCall, Now, silence, until
from voicebot.adapters import models, phone_audio, stt_whisper, tts_kokoro
from voicebot.domain import events as on
from voicebot.pipeline import engines, speaking
from voicebot.pipeline.call import House
from voicebot.pipeline.engines import LocalEars
from voicebot.pipeline.speaking import Speech
from voicebot.settings import Settings

pytestmark = pytest.mark.engines
RATE = 16000
ANSWER = "C'est entendu, votre rendez-vous de jeudi est annulé."


@pytest.fixture(scope="module")
def located():
    settings = Settings()
    models.fetch(settings.cache, lambda what, done: None)
    return models.locate(settings)


@pytest.fixture(scope="module")
def whisper(located):
    transcriber = stt_whisper.load(located.whisper, workers=2, deadline_s=60)
    yield transcriber
    transcriber.close()


@pytest.fixture(scope="module")
def kokoro(located):
    model = tts_kokoro.Kokoro(located.kokoro, located.voices)
    return tts_kokoro.KokoroSynthesizer(model, 1, deadline_s=60)


@pytest.fixture(autouse=True)
def a_busy_machine_is_no_fault(monkeypatch):
    monkeypatch.setattr(engines, "DECODE_S", 60.0)
    monkeypatch.setattr(speaking, "CLAUSE_S", 60.0)


async def telephoned(kokoro, *parts: str, pause: float = 0.4) -> bytes:
    """What a caller says, with pauses between the parts, as a telephone line carries it; s16le 16 kHz."""
    own = tts_kokoro.HEAD_S + tts_kokoro.TAIL_S  # each clip brings some silence of its own
    gap = np.zeros(int((pause - own) * kokoro.rate), np.float32)
    sounds = [phone_audio.samples(await kokoro.synthesize(part)) for part in parts]
    sound = np.concatenate([piece for one in sounds for piece in (gap, one)][1:])
    return phone_audio.pcm(phone_audio.over_telephone(sound, kokoro.rate, RATE))


class VoiceCall(FakeCall):
    """A call with real engines; the conversation is still a table."""

    def __init__(self, whisper, kokoro, answers, greeting=()):
        super().__init__(answers, greeting)
        ears = LocalEars(whisper)
        house = House(ears, Speech(kokoro), Now(), LineTransport, bridge)
        self.call._house = house

    async def words_heard(self, whisper) -> str:
        """What the caller's ears make of our voice since the start."""
        return (await whisper.transcribe(bytes(self.line.heard)[-20 * 2 * RATE :])).text.lower()


async def test_a_sentence_with_a_pause_is_heard_once_and_whole_and_the_answer_is_understood(whisper, kokoro):
    said = await telephoned(kokoro, "Bonjour, je voudrais annuler", "mon rendez-vous de jeudi matin.")
    async with VoiceCall(whisper, kokoro, {}) as call:
        call.talk.any_answer = [ANSWER]
        call.line.play(said + silence(1.0))
        await until(lambda: "Said" in call.talk.kinds())
        await until(lambda: "FellSilent" in call.talk.kinds())
        (heard,) = call.talk.said()
        assert "annuler" in heard
        assert "jeudi" in heard
        assert "TurnRetracted" not in call.talk.kinds()
        answer = await call.words_heard(whisper)
        assert "rendez-vous" in answer
        assert "annulé" in answer


async def test_our_voice_gives_way_to_a_real_sentence_and_not_to_a_real_hum(whisper, kokoro):
    long = ["Nous avons trois créneaux la semaine prochaine,", "lundi à neuf heures, mardi à dix heures."]
    hum = await telephoned(kokoro, "D'accord.")
    sentence = await telephoned(kokoro, "Attendez, je préfère venir mercredi après-midi.")
    async with VoiceCall(whisper, kokoro, {}, long) as call:
        await until(lambda: any(text == long[0] for _, text, _ in call.captions))
        call.line.play(hum + silence(0.5))
        await until(lambda: any(text == long[1] for _, text, _ in call.captions), 60)
        assert call.talk.said() == []
        call.line.play(sentence + silence(1.0))
        await until(lambda: call.talk.said(), 60)
        assert "mercredi" in call.talk.said()[0]


async def test_noise_on_the_line_gives_no_words(whisper, kokoro):
    rng = np.random.default_rng(1)
    burst = phone_audio.over_telephone(
        rng.standard_normal(2 * RATE).astype(np.float32) * np.float32(0.1), RATE, RATE
    )
    async with VoiceCall(whisper, kokoro, {}) as call:
        call.line.play(silence(0.5) + phone_audio.pcm(burst) + silence(3.0))
        await call.played()
        await asyncio.sleep(1)
        assert call.talk.said() == []
        assert not [event for event in call.talk.events if isinstance(event, on.PartlySaid)]
