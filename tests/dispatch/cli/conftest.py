"""Runs commands as people do."""

import pytest
from click.testing import CliRunner

from dispatch.cli import main
from tests.databases import settings_for


@pytest.fixture
def run(home, monkeypatch):
    """Runs a command in an installation with an empty database."""
    for name in ("SECRET_KEY", "TRAVEL_SOURCE", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", settings_for(home).database_url)
    monkeypatch.setenv("PLAN_TIME_LIMIT_S", "1")
    return lambda *arguments: CliRunner().invoke(main, arguments)
