"""Days of the horizon: near ones are firm, far ones tentative; every night plans them anew."""

from datetime import timedelta

import pytest

from dispatch.db import make_session_factory
from dispatch.jobs.appointments import promise
from dispatch.models import TaskRun
from dispatch.planning.facts import find_published
from dispatch.replanning import list_notices, replan_what_changed
from dispatch.runs.execution import run_next_plan
from dispatch.runs.queue import request_plan
from dispatch.tasks import plan_coming_days
from tests.databases import settings_for
from tests.dispatch.drafting import begin_by_hand, draft_of, move, publish
from tests.dispatch.town import CENTRE, MONDAY, MORNING, at, job, job_named, plan, settle, stops_of, technician, user_of

NEAR_THE_JOB = (CENTRE[0], CENTRE[1] - 0.03)
FAR_ON = MONDAY + timedelta(days=3)
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def factory(home):
    """A horizon of three days, of which two are firm."""
    one = make_session_factory(settings_for(home, PLAN_HORIZON_DAYS="3", PLAN_TIME_LIMIT_S="1"))
    yield one
    one.engine.dispose()


@pytest.mark.parametrize(("on", "who"), [(MONDAY + timedelta(days=2), "T1"), (FAR_ON, "T2")])
def test_a_small_gain_moves_a_visit_of_a_tentative_day_and_none_of_a_firm_one(factory, on, who):
    """Ten minutes of driving are less than moving something costs that people count on."""
    settle(factory, [technician()], [job(location=NEAR_THE_JOB, on=on)])
    plan(factory, on, budget=None)
    settle(factory, [technician("T2", home=NEAR_THE_JOB)], territories=())
    plan(factory, on, budget=None)
    assert stops_of(factory, on)["J1"][0] == who


def test_a_promise_of_a_tentative_day_is_kept_whatever_moves(factory):
    """The work starts inside it after every plan."""
    settle(factory, [technician()], [job("J1", on=FAR_ON), job("J2", on=FAR_ON)])
    with factory.begin() as session:
        by = user_of(session, "d", "dispatcher")
        promise(session, job_named(session, "J2"), at(14, on=FAR_ON), at(15, on=FAR_ON), MORNING, by)
    for _ in range(2):
        plan(factory, FAR_ON, budget=None)
        assert at(14, on=FAR_ON) <= stops_of(factory, FAR_ON)["J2"][1].planned_start_at <= at(15, on=FAR_ON)


def _notices(session, on):
    return list_notices(session, find_published(session, on), on, MORNING)


def test_only_firm_days_are_planned_again_within_the_day(factory):
    """The board says of the others what they are."""
    for on, number in ((MONDAY + timedelta(days=2), "J1"), (FAR_ON, "J2")):
        settle(factory, [technician()], [job(number, on=on)])
        plan(factory, on, budget=None)
    with factory.begin() as session:
        for number in ("J1", "J2"):
            job_named(session, number).service_s = 7200
    assert replan_what_changed(factory, MORNING) == f"Queued {MONDAY + timedelta(days=2)}"
    with factory() as session:
        said = {
            on: any("tentative until 2026-11-24" in one for one in _notices(session, on))
            for on in (MONDAY + timedelta(days=2), FAR_ON)
        }
    assert list(said.values()) == [False, True]


def test_every_night_plans_the_whole_horizon_the_nearest_day_first(factory):
    """From tomorrow on; a day that somebody has planned since the evening stays as it is."""
    settle(factory, [technician()], [job(on=MONDAY + timedelta(days=2))])
    evening = at(20, 5)
    plan(factory, MONDAY + timedelta(days=2), now=evening, budget=None)
    assert plan_coming_days(factory, evening) == "Queued 2 day(s) from 2026-11-24 on"
    with factory() as session:
        days = [run.arguments["on"] for run in session.query(TaskRun).order_by(TaskRun.due_at)]
    assert days == ["2026-11-24", "2026-11-26"]


def _move_by_hand(factory):
    """Between the evening on which the nightly plan was due, and the morning."""
    begin_by_hand(factory)
    move(factory, draft_of(factory), "J1", "T2")
    publish(factory, draft_of(factory))


def test_a_visit_that_somebody_moved_since_the_evening_is_no_plan_of_the_day(factory):
    """Made up for in the morning, the nightly plan has that day: the scheduler was down at eight in the evening."""
    settle(factory, [technician(), technician("T2")], [job()])
    plan(factory, now=at(18, on=SUNDAY))
    _move_by_hand(factory)
    assert plan_coming_days(factory, at(7)) == "Queued 3 day(s) from 2026-11-23 on"


def test_a_day_that_was_planned_since_the_evening_and_then_changed_by_hand_stays_as_it_is(factory):
    """The published version is the hand's, and the one before it the plan of all that was known by then."""
    settle(factory, [technician(), technician("T2")], [job()])
    plan(factory, now=at(18, on=SUNDAY))
    settle(factory, jobs=[job("J2")], territories=())
    plan(factory, now=at(21, on=SUNDAY))
    _move_by_hand(factory)
    assert plan_coming_days(factory, at(7)) == "Queued 2 day(s) from 2026-11-23 on"


def test_a_day_that_somebody_had_planned_again_from_the_same_facts_stays_as_it_is(factory):
    """They asked for a search of the whole day, whatever it found."""
    settle(factory, [technician()], [job()])
    plan(factory, now=at(18, on=SUNDAY))
    late = at(21, on=SUNDAY)
    with factory.begin() as session:
        request_plan(session, MONDAY, "balanced", None, late, as_draft=True)
    assert run_next_plan(factory, "this process", lambda: late)
    assert plan_coming_days(factory, at(7)) == "Queued 2 day(s) from 2026-11-23 on"
