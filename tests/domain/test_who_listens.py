"""Callers who may be overheard, who keep a secret, who are children, whose speech breaks off."""

import pytest

from voicebot.domain.call import Person
from voicebot.domain.dialogue import child, halting, overheard, privacy
from voicebot.domain.dialogue.state import Form, Setting, State
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rules

HOME = "+33142000000"


@pytest.mark.parametrize(
    ("text", "free"),
    [
        *((text, True) for text in ("oui", "oui oui", "je suis seule", "il est parti", "oui je peux parler")),
        *((text, True) for text in ("elle vient de sortir", "vous pouvez parler", "oui il est au travail")),
        *((text, False) for text in ("non", "non pas vraiment", "je suis pas seule", "je peux pas parler")),
        *((text, False) for text in ("il est pas parti", "non il est là")),
        *((text, None) for text in ("peut-être", "je sais pas", "bonjour", "oui euh non", "")),
    ],
)
def test_only_a_clear_yes_lets_a_number_be_said(text, free):
    assert overheard.can_talk(text) is free


@pytest.mark.parametrize(
    "text",
    [
        "j'ai besoin de la pilule du lendemain sans que mes parents le sachent",
        "sans que ma mère le sache",
        "mon mari ne doit pas le savoir",
        "il faut pas que mes parents l'apprennent",
        "ne dites rien à mon père",
        "faut rien dire à mes parents",
        "c'est confidentiel",
        "je viens en cachette",
    ],
)
def test_a_secret_forgets_the_number_that_was_shown(text):
    shown = State(Setting(Practice("p", "P", "01"), Rules()), "c", "phone", HOME)
    shown = privacy.with_person(shown, phone=HOME)
    after = privacy.respected(shown, text)
    assert (after.confidential, after.number, after.form.person.phone) == (True, None, "")


def test_a_number_said_for_this_call_is_kept():
    form = Form(person=Person(phone=HOME), phone_said=True)
    state = State(Setting(Practice("p", "P", "01"), Rules()), "c", "phone", HOME, form=form)
    assert privacy.respected(state, "c'est confidentiel").form.person.phone == HOME


@pytest.mark.parametrize(
    "text",
    [
        "mes parents habitent à côté",
        "je voudrais un rendez-vous pour ma mère",
        "sans rendez-vous",
        "je ne sais pas",
        "dites à mon mari que je rappelle",
        "il faut que mes parents viennent",
    ],
)
def test_a_family_is_no_secret(text):
    state = State(Setting(Practice("p", "P", "01"), Rules()), "c", "phone", HOME)
    assert privacy.respected(state, text) is state


@pytest.mark.parametrize(
    "text",
    ["maman elle se réveille pas", "papa il est tombé", "j'ai sept ans", "mamie elle parle plus",
     "maman est tombée", "je suis un enfant", "j'ai 9 ans et papa dort"],
)  # fmt: skip
def test_a_child_speaks(text):
    assert child.speaks([text])


@pytest.mark.parametrize(
    "text",
    ["mon père il est tombé", "j'ai soixante-dix ans", "mon fils a sept ans", "ma mère ne se réveille pas",
     "j'ai 72 ans", "je suis petit de taille"],
)  # fmt: skip
def test_an_adult_speaks(text):
    assert not child.speaks([text])


@pytest.mark.parametrize("text", ["je… le… le…", "le le le", "c'est c'est le", "je je je", "euh je je le"])
def test_broken_speech(text):
    assert halting.is_broken(text)


@pytest.mark.parametrize(
    "text",
    ["euh", "euh euh euh", "oui", "non", "je", "je le", "je je voudrais un rendez-vous", "non non non", "la",
     "c'est pour le deux", "oui oui oui", "mardi mardi", "", "c'est lui"],
)  # fmt: skip
def test_speech_that_is_only_slow(text):
    assert not halting.is_broken(text)
