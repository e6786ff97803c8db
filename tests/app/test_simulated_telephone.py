"""Callers who are really heard: a transcript reaches the conversation, and what they said is kept."""

import asyncio

import pytest

from voicebot.app.simulation import journeys
from voicebot.app.simulation.journeys import Journey
from voicebot.app.simulation.judging import judged
from voicebot.app.simulation.playing import open_house, play
from voicebot.app.simulation.telephone import Heard, Telephone
from voicebot.domain import events as on
from voicebot.errors import Faulty
from voicebot.ports import Transcript
from voicebot.settings import Settings

MARIE = "Marie Dubois 1972-03-12 +33612345678"
FACTS = {"patient": MARIE, "open": "un rendez-vous jeudi matin avec le docteur Moreau"}
THEN = {"agenda": ["2026-12-03 09:00 moreau Marie Dubois"], "who": [MARIE]}
JOURNEY = Journey("Marie books", (), THEN, FACTS, patients=(MARIE,))


class Ears(Telephone):
    """A recogniser that mishears once what it is told to, and takes 2 s of speech for each utterance."""

    def __init__(self, misheard):
        self.misheard, self.asked, self.expected = misheard, [], {}

    async def heard(self, text, voice, hotwords, expects, take):
        self.asked.append((text, voice, expects))
        assert hotwords
        self.expected[text] = hotwords
        words, confidence = self.misheard.pop(text, (text, 0.9))
        clear = confidence > 0.6
        return Heard(Transcript(words, bool(words), clear, confidence), 2.0)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return asyncio.run(open_house(tmp_path_factory.mktemp("house"), Settings()))


async def test_the_recogniser_is_told_what_was_asked_and_time_passes_while_they_speak(house, tmp_path):
    ears = Ears({})
    left = await play(JOURNEY, house, tmp_path, ears)
    assert judged(JOURNEY, left).faults == ()
    told = {text: expects for text, _, expects in ears.asked}
    assert told["le premier"] == "choice"
    assert "9 heures" in ears.expected["le premier"]
    assert "9 heures" not in ears.expected["Marie Dubois"]
    assert told["Marie Dubois"] == "name"
    assert told["le 12 mars 1972"] == "birth_date"
    assert told["oui, c'est ça"] == "read_back"
    ours = sum(len(line.words) for line in left.lines if line.who == "voice") / 15
    assert left.seconds == pytest.approx(ours + len(ears.asked) * (2.0 + 1.5), abs=6)


async def test_who_was_misheard_is_told_beside_what_was_heard_and_says_it_again(house, tmp_path):
    ears = Ears({"le 12 mars 1972": ("les mars", 0.7), "06, 12, 34, 56, 78": ("06 12 34 56 68", 0.9)})
    left = await play(JOURNEY, house, tmp_path, ears)
    assert judged(JOURNEY, left).faults == ()
    (missed,) = [line for line in left.lines if line.missed]
    assert (missed.words, missed.meant, missed.asked) == ("les mars", "le 12 mars 1972", "birth_date")
    assert "68" in "\n".join(left.heard)


@pytest.mark.parametrize(
    ("text", "transcript", "why"),
    [("le 12 mars 1972", ("le mar", 0.3), "unclear"), ("le 12 mars 1972", ("", 0.0), "noise")],
)
async def test_what_the_hearing_would_not_hand_on_is_not_handed_on(house, tmp_path, text, transcript, why):
    left = await play(JOURNEY, house, tmp_path, Ears({text: transcript}))
    assert [event.why for event in left.events if isinstance(event, on.Unheard)] == [why]
    assert judged(JOURNEY, left).right_end


async def test_a_voice_that_does_not_exist_is_told(house, tmp_path):
    with pytest.raises(Faulty, match="unknown voice tagada"):
        await play(Journey("x", ("oui",), {}, voice="tagada"), house, tmp_path, Ears({}))


def test_sixty_callers_are_heard_and_their_facts_are_what_is_checked():
    spoken = journeys.wanted([], journeys.SPOKEN)
    assert len(spoken) == 60
    assert len({journey.voice for journey in spoken}) == 3
    for journey in spoken:
        assert journey.facts
        assert journey.caller == ()
        for who in journey.then.get("who", []):
            assert who == journey.facts["patient"]


@pytest.mark.engines
async def test_a_caller_is_heard_over_a_telephone_in_a_street(house, tmp_path):
    (journey,) = journeys.wanted(["Odile Marchand books"], journeys.SPOKEN)
    left = await play(journey, house, tmp_path, Telephone(Settings()))
    told = "\n".join(f"{line.who}: {line.words} ({line.meant})" for line in left.lines)
    heard = [event for event in left.events if isinstance(event, on.Said)]
    assert len(heard) >= 3, told
    assert any(event.confidence < 1 for event in heard), told
    # How many of the sixty are served rightly is measured by the soak; none may be lost.
    assert left.agenda or left.tickets, told
