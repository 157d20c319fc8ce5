"""Before the first request a web server has looked at today, once for all of its processes."""

import logging

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.exc import OperationalError

from dispatch import installation, warm
from dispatch.accounts.identity import find_signed_in
from dispatch.api.tokens import find_holder
from dispatch.board.day import get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.db import make_engine
from dispatch.health import get_health
from dispatch.jobs.search import list_jobs
from dispatch.living.predictions import list_routes
from dispatch.living.times import read_told
from dispatch.news import list_news
from dispatch.warm import warm_up
from tests.dispatch.town import MONDAY, at, job, plan, settle, technician


def test_rows_of_today_are_known_before_the_first_request(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    known, queries = KnownLanes(), []
    warm_up(session_factory, known, at(10))
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    with session_factory() as session:
        board = get_board(session, MONDAY, at(10), known)
        assert not any("FROM technician_skill" in one for one in queries)
        assert board == get_board(session, MONDAY, at(10))


def test_questions_of_programs_reports_and_streams_are_put_into_words_before_the_first_request(session_factory):
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    warm_up(session_factory, KnownLanes(), at(10))
    put_anew = []
    event.listen(
        session_factory.engine,
        "after_cursor_execute",
        lambda *a: put_anew.append(a[2]) if a[4].cache_hit is CacheStats.CACHE_MISS else None,
    )
    with session_factory() as session:
        assert list_jobs(session, at(10), limit=50)
        assert list_routes(session, MONDAY, 1)
        assert list_news(session, 0, 200)
        read_told(session, MONDAY)
        get_health(session, at(10))
    with session_factory.glance() as session:
        find_signed_in(session, "somebody", at(10))
        find_holder(session, "something", at(10))
    assert [one for one in put_anew if "alembic_version" not in one] == []  # Alembic puts its own anew each time


def test_no_connection_is_left_for_the_processes_that_are_copied_from_this_one(session_factory):
    warm_up(session_factory, KnownLanes(), at(10))
    pool = session_factory.engine.pool
    assert (pool.checkedin(), pool.checkedout()) == (0, 0)


def test_a_server_starts_without_its_database_and_says_so(session_factory, caplog):
    event.listen(session_factory.engine, "do_connect", _refuse)
    session_factory.engine.dispose()
    with caplog.at_level(logging.ERROR):
        warm_up(session_factory, KnownLanes(), at(10))
    assert "starts all the same" in caplog.text


def test_a_server_starts_where_today_cannot_be_looked_at_and_says_why(session_factory, caplog):
    with session_factory.begin() as session:
        installation.store_setting(session, installation.ZONE, "Mars/Olympus")
    with caplog.at_level(logging.ERROR):
        warm_up(session_factory, KnownLanes(), at(10))
    assert "starts all the same" in caplog.text
    assert "Mars/Olympus" in caplog.text


@pytest.mark.both_databases
@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_server_waits_no_longer_for_its_database_than_it_may(session_factory, caplog, monkeypatch):
    monkeypatch.setattr(warm, "STATEMENT_WITHIN_S", 0.2)
    others = make_engine(session_factory.settings.database_url)
    with others.connect() as changing, caplog.at_level(logging.ERROR):
        changing.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10s'"))
        changing.execute(text("LOCK TABLE technician IN ACCESS EXCLUSIVE MODE"))
        warm_up(session_factory, KnownLanes(), at(10))
        changing.execute(text("SELECT 1"))  # it still holds its lock
    others.dispose()
    assert "statement timeout" in caplog.text


def _refuse(*_given):
    raise OperationalError("connect", {}, ConnectionError("nobody is there"))
