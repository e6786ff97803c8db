"""A patient books by voice over a real telephone line: A-law, Asterisk, Whisper, Kokoro, the real service."""

import asyncio
import re
import wave
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.telephony.exchange import CALLER, demo
from tests.telephony.test_phone_calls import records
from voicebot.adapters import phone_audio, practice_yaml
from voicebot.app import callers
from voicebot.app.wiring import service
from voicebot.domain import events as on
from voicebot.pipeline import engines, speaking
from voicebot.settings import Settings

pytestmark = [pytest.mark.engines, pytest.mark.asterisk]
QUIET_S, LEVEL_DB = 1.5, -50.0
SILENCE_S = 60
ANSWERS = (
    (r"c'est urgent", "Non."),
    (r"épel", "D, U, B, O, I, S."),
    (r"prénom", "Marie Dubois."),
    (r"naissance", "Le douze mars mille neuf cent soixante-douze."),
    (r"préférez", "La première."),
    (r"bien cela|ce numéro", "Oui, c'est ça."),
    (r"quel numéro", "Zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit."),
    (
        r"ue puis-je faire|je vous écoute",
        "Bonjour, je voudrais un rendez-vous avec le docteur Moreau jeudi matin.",
    ),
)
"""What is answered to what was asked last."""


@pytest.fixture(autouse=True)
def a_busy_machine_is_no_fault(monkeypatch):
    monkeypatch.setattr(engines, "DECODE_S", 60.0)
    monkeypatch.setattr(speaking, "CLAUSE_S", 60.0)


class Speaker:
    """A patient whose microphone plays what they answer."""

    def __init__(self, patient, hub):
        self.patient, self.hub = patient, hub
        self.studio = callers.Studio(Settings())
        self.said, self.shown = [], []

    async def recorded(self, text):
        return await asyncio.to_thread(self.studio.recorded, callers.sentence("booking", "siwis_low", text))

    async def say(self, text):
        sound = await self.recorded(text)
        path = self.patient.folder / f"said{len(self.said)}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(phone_audio.pcm(sound) + bytes(2 * 8000 * SILENCE_S))
        self.said.append(text)
        await self.patient._do("ausrc", f"aufile,{path}")

    def captions(self):
        """Of the call, also once it is over."""
        self.shown = [c for view in self.hub.calls() for c in view.captions] or self.shown
        return self.shown

    def script(self):
        return "\n".join(f"{caption.who}: {caption.text}" for caption in self.captions())

    def asked(self):
        return tuple(caption.text for caption in self.captions() if caption.who == "voice")

    def talking(self):
        return self.patient.heard().part(-0.5).level() > LEVEL_DB

    async def questioned(self, after):
        """Everything the voice has said, once it has said more than `after` clauses and is quiet."""
        try:
            async with asyncio.timeout(90):
                while len(self.asked()) <= after:  # noqa: ASYNC110  # shown when it begins to be heard
                    await asyncio.sleep(0.1)
                known, quiet = 0, 0
                while quiet < QUIET_S / 0.1:
                    await asyncio.sleep(0.1)
                    same, known = len(self.asked()) == known, len(self.asked())
                    quiet = quiet + 1 if same and not self.talking() else 0
        except TimeoutError:
            pytest.fail(self.script())
        return self.asked()


async def test_a_patient_books_by_voice_over_eight_kilohertz(exchange, monkeypatch):
    async with exchange() as house, house.patient(bytes(2 * 8000 * SILENCE_S)) as patient:
        monkeypatch.setattr(practice_yaml, "load_all", lambda _: {"demo": demo()})
        settings = replace(house.settings, telephone="own", cache=Settings().cache)
        async with service(settings, lambda _: None) as running:
            speaker, heard = Speaker(patient, running.hub), 0
            for _, answer in ANSWERS:
                await speaker.recorded(answer)
            await patient.dial(house.number)
            for _ in range(12):
                asked = await speaker.questioned(heard)
                if any("noté" in clause for clause in asked[heard:]):
                    break
                text = " ".join(asked[heard:])
                again = speaker.said[-1] if speaker.said else None
                answer = next((a for pattern, a in ANSWERS if re.search(pattern, text)), again)
                heard = len(asked)
                if answer:
                    await speaker.say(answer)
            else:
                pytest.fail(speaker.script())
            told = speaker.script()
            await patient.hang_up()
        ((*events, _),) = await records(house)
        booked = next((event.appointment for event in events if isinstance(event, on.Booked)), None)
        assert booked, told
        # How well a spelled name is heard over A-law is measured elsewhere.
        assert (booked.patient.phone, booked.patient.birth_date) == (CALLER, date(1972, 3, 12))
        assert booked.slot.start > datetime.now(UTC)
        assert any(isinstance(event, on.Said) for event in events)
