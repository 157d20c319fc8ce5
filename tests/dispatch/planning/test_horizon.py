"""Five days are planned every night: on screens, on phones, each published by itself, and no job on two of them."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from dispatch.board.day import get_board
from dispatch.models import PlanRoute, PlanVersion, Stop
from dispatch.on_site.day import get_day
from dispatch.planning.day import plan_day
from dispatch.planning.publish import publish_draft
from dispatch.runs import execution
from dispatch.tasks import plan_coming_days
from tests.dispatch.town import MONDAY, Grid, at, job, report, settle, technician, user_of

EVENING = at(20, 5)
DAYS = [MONDAY + timedelta(days=ahead) for ahead in range(1, 6)]
THREE_HOURS = 3 * 3600


@pytest.fixture
def company(open_installation, monkeypatch):
    """One technician and a horizon of five days. A job of each day, one for either of two days, and more for Tuesday
    than a day can hold."""

    def open_company(**environment):
        factory = open_installation(PLAN_HORIZON_DAYS="5", PLAN_TIME_LIMIT_S="1", **environment)
        monkeypatch.setattr(execution, "plan_day", partial(plan_day, travel_source=Grid(), iterations=300))
        either = tuple((at(9, on=on), at(16, on=on)) for on in (DAYS[1], DAYS[3]))
        jobs = [job(f"DAY{on.day}", on=on, service_s=1800) for on in DAYS]
        jobs += [job(f"LONG{n}", on=DAYS[0], service_s=THREE_HOURS) for n in range(5)]
        settle(factory, [technician()], [*jobs, job("EITHER", on=None, windows=either)])
        return factory

    return open_company


def plan_the_night(factory, now):
    """What the scheduler does: queue the days, then plan them one after the other."""
    said = plan_coming_days(factory, now)
    while execution.run_next_plan(factory, "this process", lambda: now):
        pass
    return said


def planned(factory, status="published"):
    """By day: the numbers of the jobs on its routes."""
    query = select(PlanVersion.on, Stop).join(PlanRoute.plan).join(Stop, Stop.route_id == PlanRoute.id)
    found = {}
    with factory() as session:
        for on, stop in session.execute(query.where(PlanVersion.status == status)):
            found.setdefault(on, set()).add(stop.job.number)
    return found


def assert_nothing_twice(days):
    often = Counter(number for numbers in days.values() for number in numbers)
    assert set(often.values()) == {1}, often


def test_five_days_are_planned_and_no_job_is_on_two_of_them(company):
    """What one day has no room for is on the next; boards and phones show each day, and nothing is left out."""
    factory = company()
    assert plan_the_night(factory, EVENING) == "Queued 5 day(s) from 2026-11-24 on"
    days = planned(factory)
    assert sorted(days) == DAYS
    assert_nothing_twice(days)
    assert sum(len(numbers) for numbers in days.values()) == 11
    assert all(f"DAY{on.day}" in days[on] for on in DAYS)
    assert sum("EITHER" in days[on] for on in (DAYS[1], DAYS[3])) == 1
    assert len([one for one in days[DAYS[0]] if one.startswith("LONG")]) < 5
    with factory() as session:
        for on in DAYS:
            board = get_board(session, on, EVENING)
            shown = {item["number"] for row in board["technicians"] for item in row["items"] if "number" in item}
            phone = {stop["number"] for stop in get_day(session, 1, on, EVENING)["stops"]}
            assert (shown, phone, board["unassigned"]) == (days[on], days[on], [])


def test_the_next_night_plans_the_days_that_are_left_and_one_more(company):
    """What was done is on no day any more; what is new finds its place; still nothing is on two days."""
    factory = company()
    plan_the_night(factory, EVENING)
    tuesday = planned(factory)[DAYS[0]]
    for number in tuesday:
        for status in ("en_route", "on_site", "done"):
            report(factory, number, status, at(17, on=DAYS[0]), DAYS[0])
    settle(factory, [], [job("NEW", on=DAYS[-1] + timedelta(days=1))], ())
    now = EVENING + timedelta(days=1)
    assert plan_the_night(factory, now) == "Queued 5 day(s) from 2026-11-25 on"
    days = planned(factory)
    assert sorted(days) == [*DAYS, DAYS[-1] + timedelta(days=1)]
    assert_nothing_twice(days)
    assert days[DAYS[0]] == tuesday
    assert sum(len(numbers) for numbers in days.values()) == 12


def test_of_days_that_are_proposed_each_is_published_by_itself_and_a_job_once(company):
    """Proposals know nothing of each other: two may have the same job, and the first that is published has it. What a
    day has no room for waits on the boards of the next days, to be planned there."""
    factory = company(NIGHTLY_PLAN="propose")
    plan_the_night(factory, EVENING)
    assert planned(factory) == {}
    assert sum("EITHER" in numbers for numbers in planned(factory, "draft").values()) == 2
    with factory.begin() as session:
        by = user_of(session, "d", "dispatcher").id
        drafts = session.scalars(select(PlanVersion).where(PlanVersion.status == "draft").order_by(PlanVersion.on))
        open_ones = [(one.id, one.revision) for one in drafts]
    for draft_id, revision in open_ones:
        publish_draft(factory, draft_id, revision, by, EVENING, travel_source=Grid())
    days = planned(factory)
    assert sorted(days) == DAYS
    assert_nothing_twice(days)
    with factory() as session:
        left = {one["number"] for one in get_board(session, DAYS[1], EVENING)["unassigned"]}
    assert left == {f"LONG{n}" for n in range(5)} - days[DAYS[0]]
    plan_day(factory, DAYS[1], now=EVENING, travel_source=Grid(), iterations=300, time_limit_s=1)
    days = planned(factory)
    assert_nothing_twice(days)
    assert sum(len(numbers) for numbers in days.values()) == 11
