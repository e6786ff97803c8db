"""Everybody is asked once whether it is urgent, and "oui, bonjour" is no answer."""

from datetime import datetime

import pytest

from voicebot.adapters import practice_yaml, prompts_yaml, rules_yaml
from voicebot.domain import events as on
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.routine import reply
from voicebot.domain.dialogue.state import Setting, State
from voicebot.domain.effects import FindSlots, Say
from voicebot.settings import Settings

NOW = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
URGENT = (
    "oui", "oui oui", "Oui.", "ouais", "oui, assez", "plutôt oui", "un peu oui", "oui je pense", "si si",
    "je ne sais pas", "peut-être", "oui pour aujourd'hui", "oui s'il vous plaît", "ben oui quand même",
    "je crois que oui", "oui madame", "euh oui", "oui, tout à fait", "absolument",
)  # fmt: skip
CALM = (
    ("non", ""),
    ("non non", ""),
    ("Non, pas du tout.", ""),
    ("non merci", ""),
    ("non bonjour", ""),
    ("rien d'urgent", ""),
    ("pas vraiment", ""),
    ("je pense pas", ""),
    ("il n'y a pas d'urgence", ""),
    ("ça peut attendre", ""),
    ("Non, bonjour, je voudrais un rendez-vous jeudi matin", "je voudrais un rendez-vous jeudi matin"),
    ("non c'est pour prendre rendez-vous", "c'est pour prendre rendez-vous"),
    ("non non c'est juste pour un certificat", "c'est juste pour un certificat"),
    ("non c'est pas urgent c'est pour un vaccin", "c'est pour un vaccin"),
    ("bonjour non c'est pour annuler", "c'est pour annuler"),
    ("euh non je voulais savoir vos horaires", "je voulais savoir vos horaires"),
    ("ce n'est pas urgent, je voudrais voir le docteur Moreau", "je voudrais voir le docteur Moreau"),
    ("pas d'urgence, c'est pour des résultats", "c'est pour des résultats"),
    ("rien de grave, un rendez-vous la semaine prochaine", "un rendez-vous la semaine prochaine"),
    ("oui mais non, c'est pour un vaccin", "c'est pour un vaccin"),
    ("non mais j'ai mal au ventre", "mais j'ai mal au ventre"),
)
OPENINGS = (
    "oui bonjour", "Oui bonjour, je voudrais un rendez-vous", "oui allô", "allô oui bonjour", "allô ?",
    "Oui, bonjour madame, c'est pour un renouvellement d'ordonnance.", "bonjour", "une secrétaire",
    "oui alors j'appelle pour annuler mon rendez-vous", "oui c'est madame Dupont",
    "oui il me faut une ordonnance",
    "oui excusez-moi de vous déranger, c'est pour le docteur Lefèvre", "oui j'ai besoin d'un certificat",
    "oui j'ai rendez-vous jeudi et je voudrais le déplacer", "oui je voudrais parler à une secrétaire",
    "oui ma femme a rendez-vous demain", "oui mon mari a besoin d'un rendez-vous", "ça peut pas attendre",
    "je ne peux pas attendre", "je sors des urgences", "les urgences m'ont dit de vous appeler",
)  # fmt: skip
COMPLAINTS = (
    "oui j'ai mal au dos depuis trois jours", "oui mon fils a de la fièvre", "oui elle tousse beaucoup",
    "oui ça me brûle quand j'urine", "oui parce que j'ai mal à l'oreille",
)  # fmt: skip


@pytest.mark.parametrize("text", URGENT)
def test_a_bare_yes_is_urgent(text):
    assert reply(text).urgent == "yes"


@pytest.mark.parametrize(("text", "rest"), CALM)
def test_a_no_is_calm_and_loses_nothing_of_what_comes_with_it(text, rest):
    said = reply(text)
    assert (said.urgent, said.rest) == ("no", rest)


@pytest.mark.parametrize("text", OPENINGS)
def test_an_opening_is_no_answer(text):
    said = reply(text)
    assert (said.urgent, said.rest) == (None, text)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_complaint_after_a_yes_may_be_urgent(text):
    assert reply(text).urgent == "perhaps"


@pytest.fixture(scope="module")
def setting():
    s = Settings()
    return Setting(practice_yaml.load_all(s.practices)["demo"], rules_yaml.load(s.rules))


def begun(setting, *, heard_out=True):
    state, said = step(State(setting, "call-1"), on.Started(NOW, "web"))
    assert said[-1] == Say("ask_first", expects="open")
    return step(state, on.FellSilent(NOW))[0] if heard_out else step(state, on.SpeechStarted(NOW))[0]


def answered(state, *texts):
    for text in texts:
        scores = {"booking": 0.9} if "rendez-vous" in text else {}
        state, wanted = step(state, on.Said(NOW, text, scores=scores))
    return state, [e for e in wanted if isinstance(e, Say)]


def test_the_question_costs_two_seconds():
    """Fifteen characters a second is what the voice speaks."""
    phrases = prompts_yaml.load(Settings().prompts)
    assert len(phrases["ask_first"]) - len(phrases["ask_open"]) <= 30
    assert len(phrases["ask_routine"]) <= 30


@pytest.mark.parametrize("text", ["bonjour", "oui bonjour", "allô"])
def test_a_greeting_back_is_asked_what_they_want(setting, text):
    _, (say,) = answered(begun(setting), text)
    assert say.phrase == "ask_open_hello"


def test_a_wish_is_served_at_once(setting):
    state, _ = answered(begun(setting), "oui bonjour je voudrais un rendez-vous jeudi matin")
    assert (state.topic, state.waiting, state.level) == ("booking", "slots", None)


def test_no_is_no_and_the_wish_in_it_is_served(setting):
    state, _ = answered(begun(setting), "non c'est pour un rendez-vous jeudi matin")
    assert (state.topic, state.waiting) == ("booking", "slots")


def test_a_bare_no_is_asked_what_they_want(setting):
    state, (say,) = answered(begun(setting), "non")
    assert (say.phrase, state.level) == ("ask_open_calm", None)


def test_a_bare_yes_is_asked_what_happens_and_the_rules_hear_it(setting):
    _, (say,) = answered(begun(setting), "oui")
    assert say.phrase == "ask_what"
    state, _ = answered(begun(setting), "oui", "j'ai très mal à la poitrine ça me serre")
    assert state.level == "emergency"


def test_a_yes_and_something_harmless_is_one_closed_question(setting):
    state, (say,) = answered(begun(setting), "oui", "j'ai mal au genou depuis dix ans")
    assert (say.phrase, state.asked) == ("urgency_doubt", "urgency")
    assert answered(state, "oui")[0].level == "urgent"
    assert answered(state, "non")[0].level is None


def test_a_yes_and_then_silence_is_urgent(setting):
    state, _ = answered(begun(setting), "oui")
    for _ in range(2):
        state, _ = step(state, on.Woke(NOW, "silence"))
    assert state.level == "urgent"


def test_a_yes_that_is_taken_back_is_calm(setting):
    state, _ = answered(begun(setting), "oui", "non c'est pas urgent, je voudrais un rendez-vous jeudi")
    assert (state.level, state.topic) == (None, "booking")


def test_who_spoke_over_the_greeting_is_asked_alone_and_keeps_their_wish(setting):
    state, (say,) = answered(begun(setting, heard_out=False), "bonjour je voudrais un rendez-vous")
    assert (say.phrase, state.asked) == ("ask_routine", "routine")
    after, wanted = step(state, on.Said(NOW, "non, jeudi matin si possible"))
    assert after.topic == "booking"
    assert [e for e in wanted if isinstance(e, FindSlots)]
    assert answered(state, "oui")[0].level == "urgent"
    assert answered(state, "je ne sais pas")[0].level == "urgent"


def test_who_spoke_over_the_greeting_and_said_it_is_not_urgent_is_not_asked(setting):
    state, _ = answered(
        begun(setting, heard_out=False), "non c'est pas urgent je voudrais un rendez-vous jeudi"
    )
    assert state.topic == "booking"


def test_it_is_never_asked_after_an_urgency_question(setting):
    state = begun(setting, heard_out=False)
    state, (say,) = answered(state, "je voudrais un rendez-vous, je n'ai plus mal à la poitrine")
    assert state.asked == "urgency"
    state, said = answered(state, "non")
    assert "ask_routine" not in {say.phrase for say in said}
    assert state.topic == "booking"


def test_the_keypad_answers_it(setting):
    state, _ = answered(begun(setting, heard_out=False), "bonjour je voudrais un rendez-vous")
    assert step(state, on.Pressed(NOW, "1"))[0].level == "urgent"
    assert step(state, on.Pressed(NOW, "2"))[0].level is None


def test_a_human_is_never_refused_by_a_question(setting):
    asked_what, _ = answered(begun(setting), "oui")
    assert answered(asked_what, "une secrétaire")[0].level == "urgent"
    alone, _ = answered(begun(setting, heard_out=False), "bonjour je voudrais un rendez-vous")
    sought, _ = answered(alone, "une secrétaire")
    assert (sought.waiting, sought.level) == ("human", None)


@pytest.mark.parametrize("said", ["pardon ?", "comment ?", "vous pouvez répéter"])
def test_who_did_not_hear_a_question_hears_it_again(setting, said):
    asked_what, _ = answered(begun(setting), "oui")
    assert [say.phrase for say in answered(asked_what, said)[1]] == ["ask_what"]
    alone, _ = answered(begun(setting, heard_out=False), "bonjour je voudrais un rendez-vous")
    assert [say.phrase for say in answered(alone, said)[1]] == ["ask_routine"]


def test_an_urgency_question_is_repeated_once_to_who_did_not_hear_it(setting):
    state, _ = answered(begun(setting), "c'est rien un poids quand je monte l'escalier")
    state, (say,) = answered(state, "pardon ?")
    assert (say.phrase, state.asked, state.level) == ("urgency_question", "urgency", None)
    assert answered(state, "pardon ?")[0].level == "emergency"
    assert answered(state, "non pas du tout")[0].level is None
