"""What the nightly task asks for, and when tasks are due."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.models import TaskRun
from dispatch.runs import execution
from dispatch.runs.queue import get_run
from dispatch.tasks import Daily, Every, plan_coming_days
from tests.dispatch.town import BERLIN, MONDAY, MORNING, SANTIAGO, at, job, plan, settle, technician

TUESDAY = MONDAY + timedelta(days=1)


def test_a_day_that_somebody_planned_keeps_its_policy_at_night(session_factory):
    """The one of the plan in force, not of one that it replaced."""
    settle(session_factory, [technician()], [job(on=TUESDAY)])
    for policy in ("least travel", "customer first"):
        plan(session_factory, TUESDAY, at(12), policy=policy)
    plan_coming_days(session_factory, at(20))
    with session_factory() as session:
        assert get_run(session, 1)["arguments"] == {"on": "2026-11-24", "policy": "customer first"}


def test_the_nightly_task_queues_the_coming_days(session_factory):
    """One day by default, from tomorrow on."""
    assert plan_coming_days(session_factory, at(20)) == "Queued 1 day(s) from 2026-11-24 on"
    with session_factory() as session:
        assert get_run(session, 1)["arguments"] == {"on": "2026-11-24", "policy": "balanced"}


def test_every_night_makes_tentative_plans_anew_that_lie_behind_the_horizon(session_factory):
    """By their policies, and no further days; a firm one is planned again when its facts change."""
    tuesday, wednesday, thursday, friday = (MONDAY + timedelta(days=days) for days in (1, 2, 3, 4))
    settle(session_factory, [technician()], [job("J2", on=wednesday), job("J3", on=thursday), job("J4", on=friday)])
    for on in (friday, wednesday, thursday):
        plan(session_factory, on, at(12), policy="customer first")
    assert plan_coming_days(session_factory, at(20)) == "Queued 3 day(s) from 2026-11-24 on"
    with session_factory() as session:
        asked = [(run.arguments["on"], run.arguments["policy"]) for run in session.scalars(select(TaskRun))]
    kept = "customer first"
    assert asked == [(str(tuesday), "balanced"), (str(thursday), kept), (str(friday), kept)]


def test_an_evening_made_up_for_in_the_morning_plans_the_day_that_has_begun(session_factory):
    """Unless somebody has planned it in the meantime."""
    assert plan_coming_days(session_factory, MORNING) == "Queued 1 day(s) from 2026-11-23 on"
    assert execution.run_next_plan(session_factory, "this process", lambda: MORNING)
    assert plan_coming_days(session_factory, MORNING) == "Queued 0 day(s) from 2026-11-23 on"


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "due"),
    [
        (Daily(at(20).time().replace(hour=20)), SANTIAGO, at(21), at(20)),
        (Daily(at(20).time().replace(hour=20)), SANTIAGO, at(19), at(20, on=MONDAY.replace(day=22))),
        (Daily(at(20).time().replace(hour=9)), BERLIN, MORNING, MORNING.replace(hour=8)),
        (Every(300), SANTIAGO, MORNING.replace(minute=7), MORNING.replace(minute=5)),
    ],
)
def test_a_task_knows_when_it_was_due_last(schedule, zone, now, due):
    """All processes compute the same instant, so the run is the same row."""
    assert schedule.last_due(now, zone) == due
