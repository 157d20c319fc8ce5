"""Who is held to a visit of later has not left for the ones before it: being late, or not gone yet, counts as ever."""

import pytest

from dispatch.models import Stop
from tests.dispatch.drafting import codes_of
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import at, job, plan, settle, stops_of, technician, window


@pytest.fixture
def held(session_factory):
    """T1 has J1, to start by nine, and J3 at three in the afternoon, which is pinned."""
    jobs = [job("J1", windows=(window(at(8), 60),)), job("J3", windows=(window(at(15), 30),))]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    with session_factory.begin() as session:
        session.get_one(Stop, stops_of(session_factory)["J3"][1].id).pinned = True
    return session_factory


def test_somebody_else_comes_in_time_where_they_are_late(held):
    settle(held, [technician("T2", home=(-29.9, -71.45))])
    late = tell(held, "technician_late", at(7, 30), who="T1", minutes=120)
    repair(held, late, at(7, 30))
    assert codes_of(held) == {"J1": "T2", "J3": "T1"}
    assert "J1 moves from Technician T1 to Technician T2" in incident_of(held, late).outcome


def test_who_has_not_left_by_ten_does_not_leave_before_ten(held):
    settle(held, [], [job("J1"), job("J2", location=(-29.9, -71.45))])
    version = plan(held, now=at(10))
    (route,) = version.routes
    assert route.leave_at == at(10)
    assert len(route.stops) == 3


def test_who_was_to_have_left_for_it_goes_there_all_the_same(held):
    """It is late, and nothing is planned before it in the past."""
    version = plan(held, now=at(15, 20))
    (route,) = version.routes
    assert [stop.job.number for stop in route.stops] == ["J3"]
    assert stops_of(held)["J3"][1].planned_start_at == at(15)
