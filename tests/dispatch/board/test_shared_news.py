"""What one board was told is read once for all who see as much, until something may have changed it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch.board.day import find_board_news, get_board
from dispatch.board.known_lanes import KnownLanes
from dispatch.events import record_event
from dispatch.models import Job, TaskRun, Technician
from dispatch.runs.queue import request_plan
from dispatch.territories.scope import limit_session
from tests.dispatch.board.open_board import (
    HAPPENINGS,
    NINE,
    TEN,
    ask_for_another,
    call_in_late,
    cancel,
    news_of,
    rename,
    told,
    whole,
    work,
)
from tests.dispatch.town import MONDAY, job, job_named, plan, settle


def test_what_is_left_out_is_read_for_one_board_and_told_to_all_who_see_as_much(session_factory, known):
    """Until something may have changed it, or a minute has passed."""
    lanes, queries = KnownLanes(), []
    with session_factory.begin() as session:
        ask_for_another(session)
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def count_readings(now=TEN, territory_ids=()):
        queries.clear()
        with session_factory() as session:
            limit_session(session, territory_ids)
            news = find_board_news(session, MONDAY, now, known["seq"], known["plan"]["version"], lanes)
        assert len(news["unassigned"]) == 1
        return sum("FROM unassigned_job" in one for one in queries)

    assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(territory_ids=[9]) == 1
    with session_factory.begin() as session:
        work(session, "J1", "en_route")
    assert count_readings() == 0
    assert count_readings(now=TEN + timedelta(minutes=1)) == 1
    with session_factory.begin() as session:
        record_event(session, "job changed", NINE, None, session.query(Job).filter_by(title="A leak").one())
    assert count_readings(now=TEN + timedelta(minutes=1)) == 1


def test_what_is_shown_beside_visits_is_read_for_one_board_and_told_to_all_who_see_as_much(session_factory, known):
    """Until something happens to more than visits, or some seconds have passed."""
    lanes, queries = KnownLanes(), []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def count_readings(now=TEN, territory_ids=()):
        queries.clear()
        with session_factory() as session:
            limit_session(session, territory_ids)
            find_board_news(session, MONDAY, now, known["seq"], known["plan"]["version"], lanes)
        return sum("FROM on_call" in one for one in queries)

    assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(territory_ids=[9]) == 1
    with session_factory.begin() as session:
        record_event(session, "note added", NINE, None, job_named(session, "J1"))
    assert count_readings() == 0
    for happen in (call_in_late, lambda session: rename(session, "J1"), cancel):
        with session_factory.begin() as session:
            happen(session)
        assert [count_readings(), count_readings()] == [1, 0]
    assert count_readings(now=TEN + timedelta(seconds=5)) == 1


def test_how_far_planning_is_is_read_for_every_board(session_factory, known):
    """No event tells that it goes on."""
    lanes = KnownLanes()
    with session_factory.begin() as session:
        request_plan(session, MONDAY, "balanced", None, NINE)
    assert news_of(session_factory, known, lanes=lanes)["run"]["progress"] == 0
    with session_factory.begin() as session:
        session.query(TaskRun).one().progress = 0.5
    assert news_of(session_factory, known, lanes=lanes)["run"]["progress"] == 0.5


@pytest.mark.parametrize("happening", HAPPENINGS)
def test_what_one_board_was_told_serves_the_next_until_something_happens(session_factory, known, happening):
    lanes = KnownLanes()
    with session_factory.begin() as session:
        work(session, "J1", "en_route")
    news_of(session_factory, known, lanes=lanes)
    queries = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    news = news_of(session_factory, known, lanes=lanes)
    assert not any("FROM plan_route" in one for one in queries)
    assert told(known, news) == whole(session_factory)
    if happening not in ("somebody sets out", "somebody is done", "two report"):  # for which it is too late
        with session_factory.begin() as session:
            HAPPENINGS[happening](session)
        assert told(known, news_of(session_factory, known, lanes=lanes)) == whole(session_factory)


@pytest.mark.parametrize("happening", [*HAPPENINGS, "a technician changes", "another plan"])
def test_a_board_that_is_opened_is_the_same_whether_rows_are_known_or_not(session_factory, known, happening):
    lanes = KnownLanes()
    with session_factory() as session:
        assert get_board(session, MONDAY, NINE, lanes) == known
    with session_factory.begin() as session:
        if happening == "a technician changes":
            someone = session.query(Technician).filter_by(code="T2").one()
            someone.name = "Renamed"
            record_event(session, "technician changed", NINE, None, someone)
        elif happening != "another plan":
            HAPPENINGS[happening](session)
    if happening == "another plan":
        settle(session_factory, [], [job("J9")])
        plan(session_factory, now=NINE)
    with session_factory() as session:
        assert get_board(session, MONDAY, TEN, lanes) == whole(session_factory)


def test_a_board_that_is_opened_reads_no_row_that_is_known(session_factory, known):
    lanes = KnownLanes()
    with session_factory() as session:
        get_board(session, MONDAY, TEN, lanes)
    queries = []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))
    with session_factory() as session:
        get_board(session, MONDAY, TEN, lanes)
    assert not any(f"FROM {table}" in one for one in queries for table in ("shift_pattern", "technician_skill"))


def test_boards_that_are_opened_at_once_read_the_day_but_once(session_factory, known):
    lanes, queries = KnownLanes(), []
    event.listen(session_factory.engine, "before_cursor_execute", lambda *a: queries.append(a[2]))

    def open_board(_):
        with session_factory() as session:
            return get_board(session, MONDAY, NINE, lanes)

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(open_board, range(6))) == [known] * 6
    assert sum("FROM technician_skill" in one for one in queries) == 1
