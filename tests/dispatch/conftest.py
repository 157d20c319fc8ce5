"""An empty database for every test, once on SQLite and once on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dispatch.db import SessionFactory, make_session_factory
from tests.databases import PutDatabase, make_tables, settings_for


@pytest.fixture
def home(put_database: PutDatabase) -> Path:
    """The home folder of an installation with an empty database."""
    return put_database(make_tables)


@pytest.fixture
def open_installation(home: Path) -> Iterator[Callable[..., SessionFactory]]:
    """`open_installation(REPLAN="warn")`: the same database, where something is set otherwise."""
    with ExitStack() as opened:

        def open_one(**environment: str) -> SessionFactory:
            factory = make_session_factory(settings_for(home, **environment))
            opened.callback(factory.engine.dispose)
            return factory

        yield open_one


@pytest.fixture
def session_factory(open_installation: Callable[..., SessionFactory]) -> SessionFactory:
    """An empty database."""
    return open_installation()
