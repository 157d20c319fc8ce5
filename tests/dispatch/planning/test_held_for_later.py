"""Who is held to a visit has not left for it, nor for those before it: being late, or not gone yet, counts as ever."""

from datetime import timedelta

import pytest

from dispatch.jobs.moving import change_status
from dispatch.models import Stop
from tests.dispatch.drafting import codes_of, draft_of, propose_a_move, say
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.town import MORNING, at, job, job_named, plan, settle, stops_of, technician, user_of, window

HOUR = timedelta(hours=1)


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
    """It is late, and nothing is planned before it in the past: J1, which nobody has begun, comes later still."""
    version = plan(held, now=at(15, 20))
    (route,) = version.routes
    assert [stop.job.number for stop in route.stops] == ["J3", "J1"]
    assert stops_of(held)["J3"][1].planned_start_at == at(15)


@pytest.fixture
def on_phones(session_factory):
    """T1 has J1 at nine, which was sent to the phone, and J2 at half past ten."""
    jobs = [job("J1", windows=(window(at(9), 5),)), job("J2", windows=(window(at(10, 30), 10),))]
    settle(session_factory, [technician("T1")], jobs)
    plan(session_factory)
    send(session_factory, "J1")
    return session_factory


def send(factory, number):
    with factory.begin() as session:
        job_id = job_named(session, number).id
        change_status(session, job_id, "dispatched", user_of(session, "D1", "dispatcher"), MORNING)


def test_who_is_late_for_what_is_on_the_phone_comes_later_and_not_in_time_to_the_next(on_phones):
    settle(on_phones, [technician("T2", home=(-29.9, -71.45))])
    late = tell(on_phones, "technician_late", at(7, 30), who="T1", minutes=60)
    repair(on_phones, late, at(7, 30))
    assert codes_of(on_phones) == {"J1": "T1", "J2": "T2"}
    assert at(9, 55) < stops_of(on_phones)["J1"][1].planned_start_at < at(10, 5)


def test_who_has_all_of_it_on_the_phone_comes_later_to_all_of_it_in_the_order_of_the_plan(on_phones):
    """Three hours late: the second visit would begin before the first one if each were looked at alone."""
    send(on_phones, "J2")
    tell(on_phones, "technician_late", at(7, 30), who="T1", minutes=180)
    plan(on_phones, now=at(7, 40))
    first, second = (stops_of(on_phones)[number][1].planned_start_at for number in ("J1", "J2"))
    assert first > at(11, 55)
    assert second == first + HOUR


def test_a_draft_that_leaves_it_there_is_not_outdated_by_that(session_factory):
    """T1 keeps J1, as somebody has decided, and is late for it."""
    propose_a_move(session_factory)
    say(session_factory, draft_of(session_factory), J1="refused")
    send(session_factory, "J1")
    tell(session_factory, "technician_late", at(7, 30), who="T1", minutes=120)
    assert draft_of(session_factory, at(7, 40))["outdated"] == []
