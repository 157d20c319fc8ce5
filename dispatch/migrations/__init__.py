"""Brings the database to the state that this version of the program needs; users run `wrenchtime migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_FOLDER = Path(__file__).parent
_POSTGRESQL_LOCK = 0x77726E63


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing, in one transaction; safe when several processes do it at the same time."""
    with engine.begin() as connection:
        _wait_for_other_migrations(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an earlier revision; "base" is the empty database."""
    with engine.begin() as connection:
        _wait_for_other_migrations(connection)
        command.downgrade(_config(connection), revision)


def is_current(connection: Connection) -> bool:
    """True when the database has exactly the revision that this version of the program needs."""
    found = set(MigrationContext.configure(connection).get_current_heads())
    return found == set(ScriptDirectory(str(_FOLDER)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _wait_for_other_migrations(connection: Connection) -> None:
    # On SQLite every writing transaction already holds the one write lock.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
