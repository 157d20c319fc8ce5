"""Brings the database to the state that this version of the program needs; users run `wrenchtime migrate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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
    with migrating(engine) as connection:
        upgrade_within(connection, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an earlier revision; "base" is the empty database."""
    with migrating(engine) as connection:
        downgrade_within(connection, revision)


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """The same in the transaction of `migrating`, so that it is done with what else is done there, or not at all."""
    command.upgrade(_config(connection), revision)


def downgrade_within(connection: Connection, revision: str) -> None:
    """The same in the transaction of `migrating`."""
    command.downgrade(_config(connection), revision)


def is_current(connection: Connection) -> bool:
    """True when the database has exactly the revision that this version of the program needs."""
    found = set(MigrationContext.configure(connection).get_current_heads())
    return found == _get_heads()


def is_known(revision: str) -> bool:
    """Whether this version of the program has that revision; it has all up to its own."""
    return revision in {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}


@cache
def _get_heads() -> frozenset[str]:
    """The newest revisions of this version of the program: a process asks at every look at its health."""
    return frozenset(ScriptDirectory(str(_FOLDER)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction that changes tables. Raises RuntimeError when it would leave a row that names one that is gone.

    SQLite changes a table by copying it and dropping the old one, which would take every row with it that refers to
    it and goes when it goes. So foreign keys are not watched meanwhile, but checked at the end; they can only be
    switched before the transaction begins.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _watch_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                _wait_for_other_migrations(connection)
                yield connection
                if sqlite and (lost := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise RuntimeError(f"the migration would leave rows that refer to nothing: {lost[:5]}")
        finally:
            if sqlite:
                _watch_foreign_keys(connection, "ON")


def _watch_foreign_keys(connection: Connection, switch: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection that is open has its driver's"
    driver.execute(f"PRAGMA foreign_keys={switch}")


def _wait_for_other_migrations(connection: Connection) -> None:
    # On SQLite every writing transaction already holds the one write lock.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
