"""Who does not turn up, and is known to be ill only later, begins nothing of what was to begin before that."""

import pytest

from dispatch.jobs.moving import change_status
from dispatch.models import Incident, Stop
from tests.dispatch.drafting import codes_of, draft_of, line_of
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import at, job, job_named, plan, settle, stops_of, technician, user_of


@pytest.fixture(params=["sent to the phone", "pinned"])
def town(session_factory, request):
    """J1 is held to T1, who was to begin at about half past eight, and reports nothing; T2 could come instead."""
    settle(session_factory, [technician("T1")], [job("J1", preferred=frozenset({"T1"}))])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    stop_id = stops_of(session_factory)["J1"][1].id
    with session_factory.begin() as session:
        if request.param == "pinned":
            session.get_one(Stop, stop_id).pinned = True
        else:
            office = user_of(session, "EVE", "dispatcher")
            change_status(session, job_named(session, "J1").id, "dispatched", office, at(7))
    assert stops_of(session_factory)["J1"][1].planned_start_at < at(10)
    return session_factory


def test_the_repair_gives_it_to_somebody_else(town):
    ill = tell(town, "technician_ill", at(10), who="T1")
    repair(town, ill, at(10))
    assert codes_of(town) == {"J1": "T2"}
    assert "J1 moves from Technician T1 to Technician T2" in incident_of(town, ill).outcome


def test_so_does_a_plan_of_the_whole_day(town):
    tell(town, "technician_ill", at(10), who="T1")
    plan(town, now=at(10), as_draft=True)
    assert line_of(draft_of(town, at(10)), "J1")["reason"] == "Technician T1 is away from 10:00 on."


def test_who_falls_ill_later_that_day_still_comes(town):
    """Away from noon on: what waits now is done before."""
    ill = tell(town, "technician_ill", at(10), who="T1")
    with town.begin() as session:
        session.get_one(Incident, ill).from_at = at(12)
    plan(town, now=at(10))
    assert codes_of(town) == {"J1": "T1"}
