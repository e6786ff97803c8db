"""Which language is spoken, and that another one is data: a tiny made-up language conducts a call."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain.call import Slot, Window
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.script import SCRIPT
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.dialogue.wording import FIELD, clauses, phrase_key
from voicebot.domain.effects import FindSlots, Hold, Say
from voicebot.domain.events import FellSilent, Held, Said, SlotsFound, Started
from voicebot.domain.language import Hint, Language, Talk, Values, Wording
from voicebot.domain.languages import ENGLISH, FRENCH, LANGUAGES, spoken_in
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.rules import Rules
from voicebot.settings import Settings

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def practice():
    return practice_yaml.load(Settings().practices / "demo.yaml")


@pytest.mark.parametrize(
    "said",
    [
        "hello, do you speak English?",
        "English please",
        "est-ce que vous parlez anglais ?",
        "hello, I would like to make an appointment with the doctor",
        "my wife is not breathing",
        "I don't speak French",
    ],
)
def test_english_is_recognised(said):
    assert spoken_in(said, FRENCH, (FRENCH, ENGLISH)) is ENGLISH


@pytest.mark.parametrize(
    "said",
    [
        "bonjour, je voudrais un rendez-vous",
        "oui allô",
        "Emma Clarke",
        "un rendez-vous au spa The Place to Be pour mon week-end",
        "mon fils s'est fait mal au foot",
        "l'appareil affiche please wait",
        "06 12 34 56 78",
        "",
    ],
)
def test_french_stays_french(said):
    assert spoken_in(said, FRENCH, (FRENCH, ENGLISH)) is FRENCH


def test_only_a_language_of_the_practice_is_spoken():
    assert spoken_in("hello, do you speak English?", FRENCH, (FRENCH,)) is FRENCH


@pytest.mark.parametrize("said", ["bonjour, je voudrais un rendez-vous", "do you speak French?"])
def test_french_is_recognised_in_an_english_call(said):
    assert spoken_in(said, ENGLISH, (ENGLISH, FRENCH)) is FRENCH


def test_an_emergency_is_one_in_either_language():
    folder = Settings().rules
    both = rules_yaml.beside(rules_yaml.load(folder), folder, LANGUAGES)
    for speaking in ("fr", "en"):
        for said in ("il ne respire plus", "he's not breathing"):
            verdict = judge(both, [said], speaking)
            assert (verdict.level, verdict.action) == ("emergency", "act"), (speaking, said)
    doubt = judge(both, ["I had a pain in my chest three years ago"], "en")
    assert (doubt.action, doubt.question) == ("ask", "Is the chest pain there right now?")


def test_every_language_has_every_phrase():
    phrases = prompts_yaml.load(Settings().prompts)
    for language in LANGUAGES.values():
        for phrase, given in SCRIPT.items():
            assert set(FIELD.findall(phrases[phrase_key(phrase, language)])) <= set(given)


# A made-up language. "mu" yes, "ba" no, "tok" an appointment, "sunu" Thursday, "ra" the first.
THURSDAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)


def _said(word):
    return lambda text: word in text.split()


MADE_UP = Language(
    code="xx",
    values=Values(
        windows=lambda text, now, zone, offered: (
            (Window(THURSDAY.date(), time(8), time(12)),) if "sunu" in text else ()
        ),
        asap=_said("pronto"),
        birth_date=lambda text, today: None,
        phone=lambda text: None,
        spelled=lambda text: None,
        person_name=lambda text, asked: ("Zib", "Zab") if asked and "zib" in text else (None, None),
        choice=lambda text, count: 0 if "ra" in text.split() else None,
        answer=lambda text: "yes" if "mu" in text.split() else "no" if "ba" in text.split() else None,
        incomplete=lambda text, expects: False,
        weigh=lambda text: {"booking": 6.0} if "tok" in text else {},
        spoken=str,
    ),
    talk=Talk(repeat=re.compile(r"^wa$")),
    wording=Wording(
        day=lambda day: f"dies {day.day}",
        of_month=lambda day: f"{day.day}/{day.month}",
        hour=lambda at: f"hora {at.hour}",
        doctor=lambda title, name: f"medix {name}",
        either="vel",
        beside="cum",
        born="natu",
        reachable="voca",
    ),
    hint=Hint(asks=re.compile(r"\bxixi\b")),
)
PHRASES = {
    f"xx/{phrase}": f"{phrase} " + " ".join(f"{{{value}}}" for value in given)
    for phrase, given in SCRIPT.items()
}


def test_a_made_up_language_conducts_a_call(practice):
    practice = replace(practice, languages=(MADE_UP,))
    state = State(Setting(practice, Rules()), "call")
    told: list[str] = []

    def happens(event):
        nonlocal state
        state, wanted = step(state, event)
        told.extend(" ".join(clauses(PHRASES, e)) for e in wanted if isinstance(e, Say))
        return wanted

    happens(Started(AT, "phone", None))
    happens(FellSilent(AT))
    (search,) = (e for e in happens(Said(AT, "tok sunu")) if isinstance(e, FindSlots))
    assert [w.day for w in search.windows] == [THURSDAY.date()]
    slot = Slot("moreau", "consultation", THURSDAY, 15)
    happens(SlotsFound(AT, (slot, replace(slot, start=THURSDAY.replace(hour=10))), True))
    assert told[-1].startswith("offer dies 3, hora 10, vel hora 11, cum medix Moreau")
    happens(Said(AT, "wa"))
    assert told[-1].startswith("offer dies 3")
    (hold,) = (e for e in happens(Said(AT, "ra")) if isinstance(e, Hold))
    assert hold.slot.start == THURSDAY
    happens(Held(AT, "h", hold.slot, AT))
    assert told[-1].strip() == "ask_name"
    happens(Said(AT, "zib zab"))
    assert told[-1].strip() == "ask_birth_date"
    assert state.form.person.last_name == "Zab"


def test_a_caller_of_that_language_is_found_at_a_french_practice(practice):
    practice = replace(practice, languages=(FRENCH, MADE_UP))
    state, _ = step(State(Setting(practice, Rules()), "call"), Started(AT, "phone", None))
    state, wanted = step(state, Said(AT, "xixi"))
    assert state.language is MADE_UP
    assert [" ".join(clauses(PHRASES, e)).strip() for e in wanted if isinstance(e, Say)] == [
        "ask_first_switched"
    ]
