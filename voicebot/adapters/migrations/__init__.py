"""Alembic migrations, run by `voicebot.adapters.database.migrate`."""
