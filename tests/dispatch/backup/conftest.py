"""Databases to make backups of, and empty ones to restore them into."""

import pytest

from dispatch.db import SessionFactory, make_session_factory
from tests.dispatch import conftest
from tests.dispatch.backup.filled import fill


@pytest.fixture
def town(session_factory) -> SessionFactory:
    """That town in SQLite."""
    return fill(session_factory)


@pytest.fixture
def either_town(either_database) -> SessionFactory:
    """That town on each of the two databases."""
    return fill(either_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """Another database, without tables, of each kind."""
    if request.param == "sqlite":
        settings = conftest.settings_for(tmp_path / "new")
    else:
        url, admin = request.getfixturevalue("postgresql"), request.getfixturevalue("postgresql_admin")
        settings = conftest._on_postgresql(url, conftest._make_database(admin, "template0"), tmp_path / "new")
    factory = make_session_factory(settings)
    yield factory
    factory.engine.dispose()
