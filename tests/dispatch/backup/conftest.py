"""Databases to make backups of, and empty ones to restore them into."""

import pytest

from dispatch.db import SessionFactory, make_session_factory
from tests.databases import KINDS, settings_for
from tests.dispatch.backup.filled import fill


@pytest.fixture
def town(session_factory) -> SessionFactory:
    """That town on each of the two databases."""
    return fill(session_factory)


@pytest.fixture(params=KINDS)
def other_kind(request) -> str:
    """On what a backup is restored: each of the two takes those of either."""
    return request.param


@pytest.fixture
def empty(request, other_kind, tmp_path):
    """Another database, without tables."""
    databases = request.getfixturevalue(other_kind)
    databases.put(tmp_path / "new")
    factory = make_session_factory(settings_for(tmp_path / "new"))
    yield factory
    factory.engine.dispose()
    databases.drop(tmp_path / "new")
