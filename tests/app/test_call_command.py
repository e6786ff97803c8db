import argparse
import os

import numpy as np
import pytest
import soundfile

from voicebot.adapters import models
from voicebot.app.commands import call
from voicebot.app.private_service import environment_of, progress_of
from voicebot.errors import Faulty
from voicebot.settings import Settings, load


def arguments(*line):
    parser = argparse.ArgumentParser()
    call.add_arguments(parser)
    return parser.parse_args(line)


def test_what_the_caller_does_keeps_the_order_of_the_command_line():
    steps = arguments("--say", "un", "--key", "0", "--wav", "a.wav", "b.wav", "--say", "deux").steps
    assert steps == [("say", "un"), ("key", "0"), ("wav", "a.wav"), ("wav", "b.wav"), ("say", "deux")]


def test_a_wav_of_any_rate_and_channels_is_said(tmp_path):
    stereo = np.random.default_rng(0).uniform(-0.1, 0.1, (44100, 2))
    soundfile.write(tmp_path / "a.wav", stereo, 44100)
    (step,) = call.prepared([("wav", str(tmp_path / "a.wav"))], Settings(cache=tmp_path))
    assert len(step.pcm) == pytest.approx(2 * 16000, abs=20)


@pytest.mark.parametrize("content", [None, b"", b"not a sound"])
def test_a_file_that_is_no_sound_is_named(tmp_path, content):
    path = tmp_path / "broken.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Faulty, match="broken.wav"):
        call.prepared([("wav", str(path))], Settings(cache=tmp_path))


def test_a_call_that_says_nothing_is_not_placed():
    with pytest.raises(Faulty, match="nothing to say"):
        call.run(arguments(), Settings())


def test_a_service_that_does_not_answer_is_a_failure(capsys):
    code = call.run(arguments("--key", "0", "--url", "http://127.0.0.1:9"), Settings())
    assert code == 1
    assert "no answer" in capsys.readouterr().err


def test_a_private_service_gets_exactly_our_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICEBOT_DATABASE_URL", "postgresql+asyncpg://real/records")
    ours = Settings(port=0, state=tmp_path, speech_speed=0.9)
    environment = environment_of(ours)
    assert load({k: v for k, v in environment.items() if k.startswith("VOICEBOT_")}) == ours
    assert environment["PATH"] == os.environ["PATH"]


READY = "Phrases prêtes d'avance : {} / {}\n"


@pytest.mark.parametrize(
    ("said", "progress"),
    [
        ("", None),
        (READY.format(180, 180), None),
        (READY.format(180, 180) + "Prêt.\n", None),
        (READY.format(180, 180) + READY.format(400, 400) + "Prêt.\n", (400, 400)),
        (READY.format(180, 180) + "Prêt.\n" + READY.format(250, 400), (250, 400)),
        ("Prêt.\n" + READY.format(400, 400), (400, 400)),
    ],
)
def test_all_is_rendered_when_more_than_the_indispensable_is(said, progress):
    assert progress_of(said) == progress


@pytest.mark.engines
def test_a_sentence_said_on_the_telephone_is_answered(capsys, tmp_path):
    """The whole path: a process of its own, WebRTC, Whisper, the fold, Kokoro, and the answer's sound."""
    settings = Settings(port=9)
    models.fetch(settings.cache, lambda what, done: None)
    code = call.run(
        arguments("--say", "Bonjour, je voudrais un rendez-vous avec le docteur Moreau."), settings
    )
    told = capsys.readouterr().out
    assert code == 0, told
    assert "ms after the end" in told
    heard = [line for line in told.splitlines() if " heard " in line]
    assert any("rendez-vous" in line for line in heard), told
    assert "voice" in told
