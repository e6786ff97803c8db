"""A doctor tries a sentence: on the page, dictated into it, and in a terminal."""

import io
import json

import av
import numpy as np
import pytest

from tests.app.on_show import browsing, logged_in, service
from voicebot.adapters import models, rules_yaml, stt_whisper
from voicebot.adapters.recorded import LONGEST_S, RATE, pcm_of
from voicebot.app import callers
from voicebot.app.commands import rules_explain
from voicebot.app.rule_trial import RuleTrial
from voicebot.errors import EngineFailed, Faulty
from voicebot.ports import Transcript
from voicebot.settings import Settings

RULES = """
concepts:
  poitrine: [poitrine, thorax]
rules:
  - id: douleur_thoracique
    title: Douleur dans la poitrine
    level: emergency
    question: La douleur est-elle là en ce moment ?
    when:
      - [« mal », poitrine]
"""
TRY, DICTATE = "/direct/regles/demo/essai", "/direct/regles/demo/dictee"


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "general.yaml"
    path.write_text(RULES, encoding="utf8")
    return rules_yaml.load(path)


def on_trial(rules, transcribe=None, alarmed=lambda text: "bizarre" in text):
    return service(trial=RuleTrial(lambda practice: rules, alarmed, transcribe))


def recorded(pcm, codec="libopus", form="webm"):
    """As a browser records: s16le mono 16 kHz → a container."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream = container.add_stream(codec, rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2")[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler("flt", "mono", 48000, frame_size=960)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


def tone(seconds):
    t = np.arange(int(seconds * RATE)) / RATE
    return (8000 * np.sin(2 * np.pi * 440 * t)).astype("<i2").tobytes()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("j'ai mal à la poitrine", "Urgence vitale : le service agit tout de suite."),
        ("je n'ai plus mal à la poitrine", "La douleur est-elle là en ce moment ?"),
        ("bonjour", "Rien d’urgent n’est reconnu."),
        ("je me sens bizarre", "la seconde oreille s’inquiète"),
        ("  ", "Écrivez une phrase."),
    ],
)
async def test_the_page_says_what_would_be_done(rules, said, shown):
    async with logged_in(on_trial(rules)) as client:
        answer = await client.post(TRY, data={"sentences": said}, headers=client.token)
        assert shown in await answer.text()


async def test_the_page_says_which_words_and_why_it_asks(rules):
    async with logged_in(on_trial(rules)) as client:
        said = "je n'ai plus mal à la poitrine <b>"
        page = await (await client.post(TRY, data={"sentences": said}, headers=client.token)).text()
    assert "<mark>poitrine</mark>" in page
    assert "mais c’est nié" in page
    assert "<b>" not in page


async def test_it_is_for_those_who_are_logged_in(rules):
    async with browsing(on_trial(rules)) as client:
        assert (await client.get("/direct/regles", allow_redirects=False)).status != 200
        assert (await client.post(TRY, data={"sentences": "x"}, allow_redirects=False)).status != 200
        assert (await client.post(DICTATE, data=b"x", allow_redirects=False)).status != 200


async def test_a_dictated_sentence_comes_back_as_the_service_heard_it(rules):
    heard = []

    async def transcribe(pcm):
        heard.append(pcm)
        return Transcript("j'ai mal à la poitrine", speech=True, clear=True, confidence=0.9)

    async with logged_in(on_trial(rules, transcribe)) as client:
        answer = await client.post(DICTATE, data=recorded(tone(2.0)), headers=client.token)
        assert await answer.json() == {"text": "j'ai mal à la poitrine"}
    (pcm,) = heard
    assert len(pcm) == pytest.approx(2 * RATE * 2.0, rel=0.05)
    samples = np.frombuffer(pcm, "<i2")[RATE // 2 : RATE]
    assert np.abs(samples).max() == pytest.approx(8000, rel=0.2)


async def test_what_cannot_be_heard_is_said_in_french(rules):
    async def nobody(pcm):
        return Transcript("", speech=False, clear=False, confidence=0.0)

    async def broken(pcm):
        raise EngineFailed("whisper")

    for transcribe, sound, wrong in (
        (nobody, recorded(tone(1.0)), "Aucune parole n’a été reconnue."),
        (broken, recorded(tone(1.0)), "n’a pas répondu à temps"),
        (nobody, b"not a recording", "ne peut pas être lu"),
        (nobody, b"", "ne peut pas être lu"),
    ):
        async with logged_in(on_trial(rules, transcribe)) as client:
            answer = await client.post(DICTATE, data=sound, headers=client.token)
            assert answer.status == 422
            assert wrong in (await answer.json())["wrong"]


@pytest.mark.parametrize(("codec", "form"), [("libopus", "webm"), ("libopus", "ogg"), ("aac", "mp4")])
def test_every_browser_s_recording_can_be_read_and_a_long_one_is_cut(codec, form):
    if form == "mp4":
        pcm = pcm_of(recorded(tone(1.0), codec, form))
        assert len(pcm) == pytest.approx(2 * RATE, rel=0.15)
        return
    assert len(pcm_of(recorded(tone(20.0), codec, form))) == 2 * RATE * LONGEST_S


def test_a_terminal_says_the_same(tmp_path, capsys, rules):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "general.yaml").write_text(RULES, encoding="utf8")
    settings = Settings(rules=tmp_path / "rules")
    arguments = type("A", (), {"sentence": ["j'ai mal à la poitrine"], "practice": "demo", "json": False})
    assert rules_explain.run(arguments, settings) == 0
    told = capsys.readouterr().out
    assert "Urgence vitale : le service agit tout de suite." in told
    assert "« poitrine » : poitrine" in told
    arguments.json = True
    rules_explain.run(arguments, settings)
    told = json.loads(capsys.readouterr().out)
    assert (told["level"], told["action"]) == ("emergency", "act")
    arguments.practice = "inconnu"
    with pytest.raises(Faulty, match="cabinet inconnu"):
        rules_explain.run(arguments, settings)


@pytest.mark.engines
async def test_a_sentence_spoken_into_the_page_is_understood_by_whisper(rules):
    models_of = models.locate(Settings())
    ears = stt_whisper.load(str(models_of.whisper), 1)
    said = callers.sentence("trial", "siwis_high", "J'ai très mal à la poitrine depuis ce matin.")
    sound = b"".join(callers.recordings(callers.Studio(Settings()), [said], 0))
    trial = RuleTrial(lambda practice: rules, lambda text: False, ears.transcribe)
    text = await trial.dictated(recorded(sound))
    assert trial.tried("demo", [text]).explanation.verdict.level == "emergency", text
