"""The migrations make the very tables the code speaks of, and can be run again."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from voicebot.adapters.database import migrate
from voicebot.adapters.tables import metadata


async def test_the_migrated_database_is_the_one_in_the_code(url, database):
    await migrate(url)

    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await database.read(lambda connection: connection.run_sync(differences)) == []
