"""Who does not want to be transcribed, and who only says that something was not noted."""

import pytest

from voicebot.domain.dialogue.topics import objects


@pytest.mark.parametrize(
    "text",
    [
        "Je ne veux pas que cet appel soit transcrit.",
        "je refuse d'être enregistrée",
        "Je ne souhaite pas être enregistré.",
        "je suis contre l'enregistrement de mes appels",
        "Ne m'enregistrez pas, s'il vous plaît.",
        "je m'oppose à la transcription",
        "arrêtez d'enregistrer",
        "je préfère ne pas être transcrite",
        "pas d'enregistrement s'il vous plaît",
        "je n'accepte pas qu'on enregistre ma voix",
        "je ne suis pas d'accord pour être enregistrée",
        "j'ai pas envie d'être transcrit",
        "vous n'avez pas le droit de m'enregistrer",
        "ça me dérange d'être enregistré",
        "enregistrez pas s'il vous plaît",
        "m'enregistrez pas",
        "n'enregistrez pas cet appel",
        "ça me gêne, je n'ai pas envie qu'on m'enregistre, je ne veux pas qu'on m'enregistre",
    ],
)
def test_an_objection_is_heard(text):
    assert objects(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mon rendez-vous n'est pas enregistré.",
        "vous n'avez pas enregistré mon annulation",
        "je ne sais pas si vous avez bien enregistré mon message",
        "Je ne veux pas de rendez-vous mardi, mercredi plutôt.",
        "vous transcrivez ce que je dis ?",
        "d'accord, vous pouvez enregistrer",
        "je n'ai pas compris",
        "mon rendez-vous est enregistré ou pas ?",
        "c'est bien enregistré, n'est-ce pas ?",
        "n'enregistrez pas ce rendez-vous, je me suis trompée",
        "ça ne s'est pas enregistré",
        "je ne vois pas mon rendez-vous enregistré sur le site",
    ],
)
def test_something_not_noted_is_no_objection(text):
    assert not objects(text)
