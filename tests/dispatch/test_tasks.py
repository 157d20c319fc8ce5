"""What the nightly task asks for."""

from datetime import timedelta

from dispatch.runs.queue import get_run
from dispatch.tasks import plan_coming_days
from tests.dispatch.town import MONDAY, at, job, plan, settle, technician

TUESDAY = MONDAY + timedelta(days=1)


def test_a_day_that_somebody_planned_keeps_its_policy_at_night(session_factory):
    """The one of the plan in force, not of one that it replaced."""
    settle(session_factory, [technician()], [job(on=TUESDAY)])
    for policy in ("least travel", "customer first"):
        plan(session_factory, TUESDAY, at(12), policy=policy)
    plan_coming_days(session_factory, at(20))
    with session_factory() as session:
        assert get_run(session, 1)["arguments"] == {"on": "2026-11-24", "policy": "customer first"}
