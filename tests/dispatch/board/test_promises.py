"""What a customer was promised is shown wherever their visit is, and whoever comes later than that is late."""

import pytest
from sqlalchemy import event

from dispatch.board.day import get_board
from dispatch.jobs.appointments import withdraw
from dispatch.on_site.day import get_day
from tests.dispatch.town import (
    MONDAY,
    MORNING,
    at,
    job,
    job_named,
    plan,
    promise,
    settle,
    technician,
    user_of,
    window,
)

EIGHT, HALF_PAST = "2026-11-23T11:00:00Z", "2026-11-23T11:30:00Z"


@pytest.fixture
def town(session_factory):
    """J1 was promised from eight to half past; the door is open from nine."""
    settle(session_factory, [technician()], [job("J1", windows=(window(at(9), 60),))])
    promise(session_factory, "J1", at(8), at(8, 30), is_firm=False)
    plan(session_factory)
    return session_factory


def board(session_factory):
    with session_factory() as session:
        return get_board(session, MONDAY, MORNING)


def visit_on(shown):
    return next(item for item in shown["technicians"][0]["items"] if item["type"] == "visit")


def late_on(session_factory):
    shown = board(session_factory)
    return visit_on(shown)["late_s"], shown["plan"]["kpis"]["late"]


@pytest.mark.both_databases
def test_what_was_promised_stands_on_the_card_and_whoever_comes_later_is_late(town):
    shown = board(town)
    assert visit_on(shown)["promise"] == {"from_at": EIGHT, "until_at": HALF_PAST, "is_firm": False}
    assert (visit_on(shown)["late_s"], shown["plan"]["kpis"]["late"]) == (1_800, 1)


@pytest.mark.both_databases
@pytest.mark.parametrize(("due", "late_s"), [(at(8, 10), 3_000), (at(8, 50), 1_800)])
def test_late_is_whatever_comes_after_the_promise_or_the_due_time_whichever_is_first(town, due, late_s):
    with town.begin() as session:
        job_named(session, "J1").due_at = due
    assert late_on(town) == (late_s, 1)


@pytest.mark.both_databases
def test_a_promise_that_was_withdrawn_is_not_shown_and_makes_nobody_late(town):
    with town.begin() as session:
        withdraw(session, job_named(session, "J1"), MORNING, user_of(session, "D1", "dispatcher"), "They are away.")
    assert visit_on(board(town))["promise"] is None
    assert late_on(town) == (0, 0)


def test_jobs_that_are_left_out_show_what_was_promised_and_the_first_promised_is_first(session_factory):
    """Nobody can do either; J1 is due at noon, and J2 was promised for before."""
    nobody_can = {"skills": {"lifts": 1}}
    settle(session_factory, [technician()], [job("J1", due_at=at(12), **nobody_can), job("J2", **nobody_can)])
    promise(session_factory, "J2", at(8), at(8, 30))
    plan(session_factory)
    shown = board(session_factory)["unassigned"]
    assert [(one["number"], one["promise"] and one["promise"]["until_at"]) for one in shown] == [
        ("J2", HALF_PAST),
        ("J1", None),
    ]


@pytest.mark.both_databases
def test_the_phone_shows_what_was_promised(town):
    with town() as session:
        (stop,) = get_day(session, 1, MONDAY, MORNING)["stops"]
    assert stop["promise"] == {"from_at": EIGHT, "until_at": HALF_PAST, "is_firm": False}


def test_the_phone_asks_the_database_as_often_for_many_visits_as_for_one(session_factory):
    counts = []
    for many in (1, 4):
        settle(session_factory, [technician()], [job(f"J{n}") for n in range(many)])
        plan(session_factory)
        queries = []
        event.listen(session_factory.engine, "before_cursor_execute", lambda *a, q=queries: q.append(a[2]))
        with session_factory() as session:
            assert len(get_day(session, 1, MONDAY, MORNING)["stops"]) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]
