"""A board that is open follows the day: what has changed is told, and whenever that may be anything, all is read."""

import pytest
from sqlalchemy import event

from dispatch.board.day import get_board
from dispatch.board.known_lanes import KnownLanes, Lane, LanesOf
from dispatch.events import record_event
from dispatch.models import Customer, Incident, Technician, Territory
from dispatch.territories.scope import limit_session
from tests.dispatch.board.open_board import (
    HAPPENINGS,
    NINE,
    TEN,
    cancel,
    news_of,
    news_within,
    rename,
    told,
    whole,
    work,
)
from tests.dispatch.town import MONDAY, SANTIAGO, at, job, job_named, plan, settle, stops_of, technician, user_of


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_a_board_that_is_told_the_news_is_the_board(session_factory, known, happening):
    with session_factory.begin() as session:
        HAPPENINGS[happening](session)
    news = news_of(session_factory, known)
    assert news is not None
    assert told(known, news) == whole(session_factory)


def test_what_is_left_out_is_told_only_where_it_may_have_changed(session_factory, known):
    with session_factory.begin() as session:
        work(session, "J1", "en_route", "on_site", "done")
    assert "unassigned" not in news_of(session_factory, known)
    with session_factory.begin() as session:
        cancel(session)
    assert "unassigned" in news_of(session_factory, known)


def test_a_planned_job_that_changes_leaves_what_is_left_out_as_it_is(session_factory, known):
    with session_factory.begin() as session:
        rename(session, "J1")
    assert "unassigned" not in news_of(session_factory, known)


def test_only_the_rows_that_something_happened_on_are_read(session_factory, known):
    with session_factory.begin() as session:
        work(session, "J3", "en_route")
    assert [one["code"] for one in news_of(session_factory, known)["technicians"]] == ["T2"]


def test_an_older_reading_does_not_replace_a_newer_one():
    lanes = KnownLanes()
    lanes.keep(LanesOf(1, frozenset()), 1, 7, Lane({"leave_at": "eight"}, None))
    lanes.keep(LanesOf(1, frozenset()), 1, 6, Lane({"leave_at": "seven"}, None))
    assert lanes.find(LanesOf(1, frozenset()), 1, 7) == Lane({"leave_at": "eight"}, None)


def test_after_another_plan_all_is_read(session_factory, known):
    settle(session_factory, [], [job("J9")])
    plan(session_factory, now=NINE)
    assert news_of(session_factory, known) is None


@pytest.mark.parametrize("subject", [Technician, Customer, None])
def test_after_what_may_have_changed_anything_all_is_read(session_factory, known, subject):
    with session_factory.begin() as session:
        row = session.query(subject).first() if subject else None
        record_event(session, "something changed", NINE, None, row)
    assert news_of(session_factory, known) is None


def test_what_happens_to_accounts_is_no_news_for_boards(session_factory, known):
    with session_factory.begin() as session:
        record_event(session, "password changed", NINE, None, user_of(session, "D1", "dispatcher"))
    assert news_of(session_factory, known)["technicians"] == []


def test_who_was_away_for_long_reads_all(session_factory, known):
    with session_factory.begin() as session:
        for _ in range(1_000):
            record_event(session, "note added", NINE, None, job_named(session, "J1"))
    assert news_of(session_factory, known) is None


def test_a_number_that_never_was_reads_all(session_factory, known):
    """A backup was restored: the numbers begin anew."""
    assert news_of(session_factory, known | {"seq": known["seq"] + 1}) is None


def test_a_limited_dispatcher_is_told_of_own_rows_only(session_factory, known):
    with session_factory.begin() as session:
        territory = session.query(Technician).filter_by(code="T1").one().territory_id
        assert session.query(Incident).count() == 0
        work(session, "J3", "en_route")
    with session_factory() as session:
        limit_session(session, [territory + 1_000])
        assert news_within(session, known)["technicians"] == []


def test_a_limited_dispatcher_is_told_figures_of_own_rows_only(session_factory, known):
    """One route is theirs, of the company's two; the other's visit begins late and one of theirs is cancelled."""
    with session_factory.begin() as session:
        elsewhere = Territory(name="Elsewhere", zone=SANTIAGO)
        session.add(elsewhere)
        session.flush()
        session.query(Technician).filter_by(code="T2").one().territory_id = elsewhere.id
        own = session.query(Technician).filter_by(code="T1").one().territory_id
        for number in ("J3", "J4"):
            job_named(session, number).territory_id = elsewhere.id
            job_named(session, number).due_at = at(7)
    with session_factory.begin() as session:
        work(session, "J1", "en_route", "on_site", "no_access")
    with session_factory() as session:
        limit_session(session, [own])
        shown = get_board(session, MONDAY, TEN)["plan"]["kpis"]
        told_of = news_within(session, known)["kpis"]
    assert (shown["visits"], shown["late"]) == (2, 0)
    assert {"late", "visits"} <= told_of.keys()
    assert told_of.items() <= shown.items()


def test_the_news_ask_the_database_as_often_for_many_rows_as_for_one(session_factory):
    counts = []
    for many in (2, 10):
        settle(session_factory, [technician(f"T{n}") for n in range(many)],
               [job(f"J{n}", required=frozenset({f"T{n}"})) for n in range(many)])  # fmt: skip
        plan(session_factory, now=at(7))
        known = whole(session_factory, at(7))
        with session_factory.begin() as session:
            for code, _ in stops_of(session_factory).values():
                record_event(session, "note added", NINE, None, job_named(session, f"J{code[1:]}"))
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        assert len(news_of(session_factory, known)["technicians"]) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
