"""Settings come from the environment, secrets from files; what is wrong is named."""

import pytest

from voicebot.errors import Faulty
from voicebot.settings import Settings, load


def test_a_secret_is_read_from_its_file_without_the_newline_every_editor_leaves(tmp_path):
    (tmp_path / "secret").write_text("p@ss/word\n")
    settings = load(
        {
            "VOICEBOT_DATABASE_URL": "postgresql+asyncpg://voicebot@/calls?host=/run/postgresql",
            "VOICEBOT_DATABASE_PASSWORD_FILE": str(tmp_path / "secret"),
        }
    )
    assert settings.database == "postgresql+asyncpg://voicebot:p%40ss%2Fword@/calls?host=/run/postgresql"


def test_the_password_replaces_one_in_the_address_and_leaves_sqlite_alone():
    given = Settings(database_url="postgresql+asyncpg://v:old@db:5432/calls", database_password="new")
    assert given.database == "postgresql+asyncpg://v:new@db:5432/calls"
    assert Settings(database_password="new").database == "sqlite+aiosqlite:///var/voicebot.db"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"VOICEBOT_REDIS_PASSWORD_FILE": "/nowhere/secret"},
            "VOICEBOT_REDIS_PASSWORD_FILE: /nowhere/secret",
        ),
        ({"VOICEBOT_PORT_FILE": "/dev/null", "VOICEBOT_PORT": "1"}, "VOICEBOT_PORT and VOICEBOT_PORT_FILE"),
        ({"VOICEBOT_PORT_FILE": "/dev/null"}, "VOICEBOT_PORT: '' is not a int"),
        ({"VOICEBOT_PROT_FILE": "/dev/null"}, "VOICEBOT_PROT_FILE: no such setting"),
    ],
)
def test_what_is_wrong_is_named(environment, told):
    with pytest.raises(Faulty, match=told):
        load(environment)
