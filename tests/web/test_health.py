"""The health check: 200 when fit to work, 503 with the reasons otherwise, open to monitors."""

from datetime import datetime

import pytest

from tests.databases import lose_tables
from web import health


def answer_with(monkeypatch: pytest.MonkeyPatch, ok: bool, report: dict) -> None:
    def get_health(_session: object, _now: datetime) -> tuple[bool, dict]:
        return ok, report

    monkeypatch.setattr(health, "get_health", get_health)


def test_all_well_is_200_without_signing_in(visitor, monkeypatch: pytest.MonkeyPatch):
    """A monitor has no account."""
    answer_with(monkeypatch, True, {"database": "ok", "reasons": []})
    response = visitor.get("/healthz")
    assert (response.status_code, response.json) == (200, {"database": "ok", "reasons": []})


def test_an_installation_whose_scheduler_has_never_run_is_503_with_the_reason(visitor):
    """The town's own state: a database and a plan, but nobody who runs tasks."""
    response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response.json["scheduler_alive"] is False
    assert response.json["reasons"]


def test_a_database_without_tables_is_503_with_the_reason(app, visitor, home):
    """Before the first migration the answer is JSON all the same."""
    app.extensions["wrenchtime"].session_factory.engine.dispose()
    lose_tables(home)
    response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response.json["migrations_current"] is False
    assert response.json["reasons"]
