"""Synthetic callers through a telephone line, and sounds that are no words."""

import re
import threading
import unicodedata
from datetime import datetime

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from voicebot.adapters import phone_audio, stt_whisper
from voicebot.adapters.stt_whisper import (
    FULL,
    NAMES,
    WHEN,
    Decoded,
    WhisperTranscriber,
    frames,
    likeliest,
    prompt_for,
    wanted_for,
)
from voicebot.domain.french import phone, picks
from voicebot.domain.french.spoken import spoken
from voicebot.domain.french.wording import one_of
from voicebot.errors import EngineFailed, FaultyModel

RATE = 16000
VOCABULARY = "Docteur Lefebvre, docteur Benhamou, rue Kerguélen, place Gambetta"
SECOND = b"\x01\x00" * RATE


class Scripted:
    """Stands in for the model: hears the short and the long window as told."""

    def __init__(self, short, long=None):
        self.heard, self.asked = {False: short, True: long}, []

    def hear(self, samples, prompt, stop, *, second="", full=False, languages=("fr",), wanted=None):
        self.asked.append((full, prompt))
        self.seconds = [*getattr(self, "seconds", []), second]
        said = self.heard[full]
        return said() if callable(said) else said


async def test_clear_words_come_through():
    told = await WhisperTranscriber(Scripted(Decoded("Oui.", -0.1, 0.0)), 1).transcribe(SECOND)
    assert (told.text, told.speech, told.clear) == ("Oui.", True, True)
    assert told.confidence == pytest.approx(np.exp(-0.1))


async def test_an_unsure_day_is_read_again_after_words_about_days_and_nothing_else_is():
    model = Scripted(Decoded("Mardi.", -0.1, 0.0))
    for expects in ("wish", "open", "phone", "yes_no", "name"):
        await WhisperTranscriber(model, 1).transcribe(SECOND, hotwords=VOCABULARY, expects=expects)
    assert model.seconds == [WHEN, "", "", "", NAMES]
    assert "Lefebvre" in model.asked[0][1]


async def test_which_offer_is_looked_for_among_several_readings_and_is_not_read_again():
    asked = wanted_for("Celui de 9 heures, 10 heures 15, jeudi 3 décembre", "choice")
    heard = [("Liseurica.", -0.7), ("10 heures et quart.", -0.8), ("Le second.", -0.9)]
    assert likeliest(heard, asked) == heard[1]
    assert likeliest([heard[0], ("11 heures.", -0.8), heard[2]], asked) == heard[2]
    assert wanted_for("Lefebvre", "open") is None
    assert wanted_for("", "phone") is phone


def test_of_several_readings_of_a_number_the_likeliest_that_is_a_number_is_heard():
    heard = [("le 01 45 67 92 6.", -0.2), ("le 01 45 67 82 16.", -0.3), ("le 01 45 67 92 16.", -0.4)]
    assert likeliest(heard, phone) == heard[1]
    assert likeliest(heard, None) == heard[0]
    assert likeliest(heard[:1], phone) == heard[0]


async def test_a_number_heard_whole_stands_though_the_long_window_was_surer():
    model = Scripted(Decoded("le 01 45 67", -0.7, 0.0), Decoded("le 01 45 67 82 16", -0.9, 0.0))
    told = await WhisperTranscriber(model, 2).transcribe(SECOND, expects="phone")
    assert told.text == "le 01 45 67 82 16"
    model = Scripted(Decoded("le 01 45 67 82 16", -0.9, 0.0), Decoded("le 01 45 67", -0.1, 0.0))
    told = await WhisperTranscriber(model, 2).transcribe(SECOND, expects="phone")
    assert (told.text, told.clear) == ("le 01 45 67 82 16", False)


@pytest.mark.parametrize(
    "invented",
    [
        Decoded("Sous-titres réalisés par la communauté", -0.3, 0.7),
        Decoded("Merci. Merci. Merci. Merci. Merci. Merci. Merci. Merci. Merci. Merci.", -0.1, 0.1),
        Decoded("Lefebvre, Benhamou", -0.7, 0.33, prompted=True),
        Decoded("", -0.1, 0.0),
    ],
)
async def test_words_nobody_said_are_no_speech(invented):
    assert not (await WhisperTranscriber(Scripted(invented), 1).transcribe(SECOND)).speech


@pytest.mark.parametrize(
    "told",
    [
        Decoded("06 39 98 01 01", -0.45, 0.66),
        Decoded("Odile Marchand.", -0.6, 0.62),
        Decoded("Mercredi de la semaine prochaine.", -0.27, 0.21, prompted=True),
    ],
)
async def test_a_name_or_a_number_that_is_read_with_confidence_was_said(told):
    assert (await WhisperTranscriber(Scripted(told, told), 1).transcribe(SECOND)).speech


async def test_what_would_have_to_be_repeated_is_heard_once_more_on_the_long_window():
    model = Scripted(
        Decoded("Non, blite au mercredi.", -0.6, 0.0), Decoded("Non, plutôt mercredi.", -0.2, 0.0)
    )
    told = await WhisperTranscriber(model, 1).transcribe(SECOND)
    assert (told.text, told.clear) == ("Non, plutôt mercredi.", True)
    assert [full for full, _ in model.asked] == [False, True]


async def test_still_unclear_the_caller_is_asked_again():
    model = Scripted(Decoded("Vier écrac", -0.8, 0.0), Decoded("Vyère écran", -0.9, 0.0))
    told = await WhisperTranscriber(model, 1).transcribe(SECOND)
    assert (told.text, told.speech, told.clear) == ("Vier écrac", True, False)


async def test_a_second_hearing_that_fails_leaves_the_first():
    def broken():
        raise RuntimeError

    told = await WhisperTranscriber(Scripted(Decoded("Vier", -0.8, 0.0), broken), 1).transcribe(SECOND)
    assert told.text == "Vier"


async def test_a_raising_model_is_an_engine_that_failed():
    def broken():
        raise RuntimeError("out of memory")

    with pytest.raises(EngineFailed):
        await WhisperTranscriber(Scripted(broken), 1).transcribe(SECOND)


async def test_a_hanging_model_is_told_by_its_deadline_and_then_at_once():
    gate = threading.Event()
    transcriber = WhisperTranscriber(Scripted(gate.wait), 1, deadline_s=0.02)
    try:
        for _ in range(5):
            with pytest.raises(EngineFailed):
                await transcriber.transcribe(SECOND)
    finally:
        gate.set()


async def test_digital_silence_is_not_even_decoded():
    model = Scripted(Decoded("Merci.", -0.1, 0.0))
    assert not (await WhisperTranscriber(model, 1).transcribe(bytes(2 * RATE))).speech
    assert not (await WhisperTranscriber(model, 1).transcribe(b"")).speech
    assert model.asked == []


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.1, 800), (8, 1000), (9.995, 1198), (20, 2200), (28, 3000), (60, FULL)]
)
def test_the_window_is_short_even_and_never_longer_than_whispers(seconds, expected):
    assert frames(np.zeros(int(seconds * RATE), np.float32)) == expected


def test_vocabulary_is_a_sentence_and_stays_away_from_digits():
    assert prompt_for("Lefebvre, Benhamou", "open") == "Lefebvre, Benhamou. Oui, merci."
    assert prompt_for("", None) == ""
    assert prompt_for("Lefebvre", "phone") == prompt_for("Lefebvre", "birth_date") == ""
    assert "Lefebvre" not in prompt_for("Lefebvre", "yes_no")
    assert prompt_for("Lefebvre", "name") == prompt_for("", "name") != ""


def test_a_folder_that_holds_no_model_is_named(tmp_path):
    with pytest.raises(FaultyModel, match=re.escape(str(tmp_path))):
        stt_whisper.load(str(tmp_path), workers=1)


# ------------------------------------------------------------------ with the real model


def words(text):
    plain = unicodedata.normalize("NFD", spoken(text).lower())
    return re.findall("[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))


CALLERS = {"a woman": ("ff_siwis", -100), "a man": ("ff_siwis", -300), "another man": ("ff_siwis+pm_alex", 0)}
SENTENCES = {
    "booking": "Bonjour, je voudrais prendre rendez-vous avec le docteur Lefebvre, s'il vous plaît.",
    "emergency": "Mon mari a une douleur dans la poitrine et il respire mal.",
    "yes": "Oui, d'accord.",
}


@pytest.fixture(scope="session")
def callers(kokoro):
    """s16le 16 kHz by (caller, sentence)."""
    made = {}
    for who, (voice, cents) in CALLERS.items():
        slower = 2 ** (-cents / 1200)  # spoken faster, then played slower: lower, at the old speed
        for what, text in SENTENCES.items():
            sound = kokoro.render(text, kokoro.voice(voice), slower)
            sound = phone_audio.resampled(sound, round(24000 / slower), 24000)
            sound = np.concatenate([np.zeros(4800), sound, np.zeros(7200)]).astype(np.float32)
            made[who, what] = phone_audio.pcm(phone_audio.over_telephone(sound, 24000, RATE))
    return made


OFFERED = one_of([datetime(2026, 12, 3, 9), datetime(2026, 12, 3, 10, 15), datetime(2026, 12, 8, 14)])


@pytest.mark.engines
async def test_which_of_the_offers_is_heard_in_a_street(whisper, kokoro):
    said = ("le premier", "le deuxième", "plutôt le second", "celui de dix heures et quart", "le mardi huit")
    heard = []
    for slower in (2 ** (250 / 1200), 2 ** (-200 / 1200)):  # a low voice and a high one
        for text in said:
            sound = kokoro.render(text, kokoro.voice("ff_siwis"), slower)
            sound = phone_audio.resampled(sound, round(24000 / slower), RATE)
            sound = np.concatenate([np.zeros(4800), sound, np.zeros(4800)]).astype(np.float32)
            sound = phone_audio.over_telephone(phone_audio.with_noise(sound, pink(3), 20), RATE, RATE)
            told = await whisper.transcribe(phone_audio.pcm(sound), hotwords=OFFERED, expects="choice")
            heard.append(told.text)
    assert sum(picks(text, OFFERED) or "mardi" in text.lower() for text in heard) >= 9, heard


@pytest.mark.engines
async def test_callers_are_understood_over_the_telephone(whisper, callers):
    wrong = of = 0
    for (_, what), audio in callers.items():
        told = await whisper.transcribe(audio, hotwords=VOCABULARY, expects="open")
        assert told.speech
        wrong += Levenshtein.distance(words(told.text), words(SENTENCES[what]))
        of += len(words(SENTENCES[what]))
    assert wrong / of < 0.15


@pytest.mark.engines
async def test_the_practices_own_names_are_spelled_right(whisper, callers):
    for who in CALLERS:
        told = await whisper.transcribe(callers[who, "booking"], hotwords=VOCABULARY, expects="open")
        assert "Lefebvre" in told.text


@pytest.mark.engines
async def test_names_of_the_vocabulary_are_not_heard_where_nobody_said_them(whisper, callers):
    for (_, what), audio in callers.items():
        told = await whisper.transcribe(audio, hotwords=VOCABULARY, expects="open")
        assert not {"Benhamou", "Kerguélen", "Gambetta"} & set(re.findall(r"\w+", told.text)), what


@pytest.mark.engines
async def test_a_yes_to_a_closed_question_is_clear(whisper, callers):
    for who in CALLERS:
        told = await whisper.transcribe(callers[who, "yes"], hotwords=VOCABULARY, expects="yes_no")
        assert told.clear
        assert "oui" in words(told.text)


@pytest.mark.engines
async def test_a_street_behind_the_caller_does_not_hide_the_words(whisper, callers):
    noise = pink(5)
    sound = phone_audio.with_noise(phone_audio.samples(callers["a man", "emergency"]), noise, 15)
    told = await whisper.transcribe(phone_audio.pcm(sound), hotwords=VOCABULARY)
    assert told.speech
    assert "poitrine" in words(told.text)


def clock(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def white(seconds):
    return np.random.default_rng(1).standard_normal(int(seconds * RATE))


def pink(seconds):
    spectrum = np.fft.rfft(white(seconds))
    shaped = spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    return np.fft.irfft(shaped, int(seconds * RATE)).astype(np.float32)


def tone(hertz, seconds):
    return np.sin(2 * np.pi * hertz * clock(seconds))


def coughs():
    sound = np.zeros(int(1.6 * RATE))
    for at in (0.2, 0.8):
        burst = white(0.3) * np.exp(-clock(0.3) / 0.07)
        sound[int(at * RATE) :][: len(burst)] += burst
    return sound


def melody():
    notes = [261.6, 329.6, 392, 523.3, 392, 329.6] * 2
    return np.concatenate(
        [sum(tone(n * k, 0.35) / k for k in (1, 2, 3)) * np.exp(-4 * clock(0.35)) for n in notes]
    )


SOUNDS = {
    "hiss": (white(3), 0.1),
    "a quiet line": (white(3), 0.0008),
    "a street": (pink(6), 0.3),
    "hum": (tone(50, 3) + 0.3 * tone(450, 3), 0.1),
    "busy tone": (tone(440, 3) * (clock(3) % 1 < 0.5), 0.3),
    "ringing": ((tone(440, 3) + tone(480, 3)) * (clock(3) % 1.5 < 0.7), 0.3),
    "a key of the telephone": ((tone(697, 1) + tone(1209, 1)) * (np.abs(clock(1) - 0.4) < 0.1), 0.4),
    "music": (melody(), 0.3),
    "coughs": (coughs(), 0.5),
    "a breath": (pink(2) * np.sin(np.pi * clock(2) / 2) ** 2, 0.05),
    "a knock": (white(1) * (np.abs(clock(1) - 0.5) < 0.005), 0.6),
}


@pytest.mark.engines
@pytest.mark.parametrize("hotwords", ["", VOCABULARY])
@pytest.mark.parametrize("sound", SOUNDS)
async def test_what_is_not_speech_gives_no_words(whisper, sound, hotwords):
    samples, level = SOUNDS[sound]
    samples = (samples / np.abs(samples).max() * level).astype(np.float32)
    audio = phone_audio.pcm(phone_audio.over_telephone(samples, RATE, RATE))
    told = await whisper.transcribe(audio, hotwords=hotwords, expects="open")
    assert not told.speech, told
