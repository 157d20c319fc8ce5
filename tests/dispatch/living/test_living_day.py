"""What people have begun is a fact: the rest of the day is planned from where and when it ends."""

from datetime import timedelta

import pytest

from dispatch.models import Stop
from tests.dispatch.town import (
    CENTRE,
    at,
    hours,
    job,
    job_named,
    left_out,
    lunch,
    plan,
    report,
    settle,
    stops_of,
    technician,
    window,
)

FAR = (CENTRE[0], CENTRE[1] - 0.2)
FARTHER = (CENTRE[0], CENTRE[1] - 0.21)


def begin(session_factory, *moments):
    """`begin(..., ("J1", "on_site", at(9)))`."""
    for number, status, moment in moments:
        report(session_factory, number, status, moment)


@pytest.mark.both_databases
def test_somebody_faster_than_the_estimate_breaks_no_rule(session_factory):
    """The road graph says 2,000 s; it was ten minutes. What follows begins where that was, about when it was told."""
    settle(session_factory, [technician()], [job("J1", location=FAR), job("J2", location=FARTHER)])
    plan(session_factory)
    first = min(stops_of(session_factory).values(), key=lambda one: one[1].position)[1].job.number
    other = {"J1": "J2", "J2": "J1"}[first]
    told_at = stops_of(session_factory)[other][1].planned_start_at
    begin(session_factory, (first, "on_site", at(8, 10)), (first, "done", at(8, 40)))
    version = plan(session_factory, now=at(8, 45))
    stop = stops_of(session_factory)[other][1]
    assert version.violations == []
    assert (stop.position, stop.travel_s, stop.planned_start_at) == (2, 100, told_at - timedelta(minutes=15))


def test_a_finished_visit_is_no_violation_any_more(session_factory):
    """It began after its window had closed; that is in the reports, and no plan can mend it."""
    settle(session_factory, [technician()], [job("J1", windows=(window(at(9), 30),), skills={"gas": 2}), job("J2")])
    plan(session_factory)
    begin(session_factory, ("J1", "on_site", at(11)), ("J1", "done", at(12)))
    settle(session_factory, [technician(skills={})])
    version = plan(session_factory, now=at(12, 5))
    assert version.violations == []
    assert stops_of(session_factory)["J1"][1].status == "done"


def test_the_next_visit_waits_for_work_that_overruns(session_factory):
    """An hour was planned from nine; at half past ten it still goes on."""
    settle(session_factory, [technician()], [job("J1", windows=(window(at(9), 5),)), job("J2", location=FAR)])
    plan(session_factory)
    begin(session_factory, ("J1", "on_site", at(9)))
    plan(session_factory, now=at(10, 30))
    assert stops_of(session_factory)["J2"][1].planned_arrive_at >= at(11)


def test_whoever_is_on_the_way_goes_on_from_there(session_factory):
    """He left at eight for 2,000 s and an hour of work; J2 lies beside it."""
    settle(session_factory, [technician()], [job("J1", location=FAR), job("J2", location=FARTHER, priority=1)])
    plan(session_factory)
    begin(session_factory, ("J1", "en_route", at(8)))
    plan(session_factory, now=at(8, 5))
    stops = stops_of(session_factory)
    first, second = stops["J1"][1], stops["J2"][1]
    assert (first.position, first.status, second.position, second.travel_s) == (1, "en_route", 2, 100)


def test_parts_that_were_used_are_gone(session_factory):
    """The van had one valve."""
    needs = {"valve": 1}
    people = [technician(capacity={"valve": 1})]
    settle(session_factory, people, [job("J1", parts=needs, windows=(window(at(9), 5),))])
    plan(session_factory)
    begin(session_factory, ("J1", "on_site", at(9)), ("J1", "done", at(10)))
    settle(session_factory, [], [job("J2", parts=needs)])
    assert left_out(plan(session_factory, now=at(10)))["J2"][0] == "capacity"


def test_a_lunch_that_is_over_is_not_taken_again(session_factory):
    """It was planned for noon; at two there is work until the evening."""
    people = [technician(lunch=lunch("12:00", "15:00", 30), hours=hours("08:00", "18:00"))]
    settle(session_factory, people, [job("J1", windows=(window(at(11), 5),)), job("J2", windows=(window(at(13), 5),))])
    plan(session_factory)
    begin(session_factory, ("J1", "on_site", at(11)), ("J1", "done", at(12)), ("J2", "on_site", at(13)))
    settle(session_factory, [], [job("J3")])
    version = plan(session_factory, now=at(13, 30))
    (rest,) = version.routes[0].rests
    assert rest.planned_end_at <= at(13)
    assert stops_of(session_factory)["J3"][1].planned_start_at == at(14)


def test_the_number_of_visits_counts_what_was_done(session_factory):
    settle(session_factory, [technician(max_visits=2)], [job("J1", windows=(window(at(9), 5),))])
    plan(session_factory)
    begin(session_factory, ("J1", "on_site", at(9)), ("J1", "done", at(10)))
    settle(session_factory, [], [job("J2"), job("J3")])
    version = plan(session_factory, now=at(10))
    assert len(version.routes[0].stops) == 2
    assert len(version.unassigned) == 1


@pytest.mark.parametrize("minutes", [0, 30])
def test_the_shift_of_somebody_who_works_past_its_end_ends_then(session_factory, minutes):
    """Still on site when the shift must be over: nothing more is planned, and the way home is."""
    settle(session_factory, [technician()], [job("J1", windows=(window(at(16), 5),)), job("J2")])
    plan(session_factory)
    begin(session_factory, ("J2", "on_site", at(9)), ("J2", "done", at(10)), ("J1", "on_site", at(17, 30)))
    settle(session_factory, [], [job("J3")])
    version = plan(session_factory, now=at(18, minutes))
    assert set(left_out(version)) == {"J3"}
    assert version.routes[0].home_at > at(18, minutes)


def test_a_pin_on_a_cancelled_job_goes_away(session_factory):
    settle(session_factory, [technician()], [job("J1"), job("J2")])
    plan(session_factory)
    with session_factory.begin() as session:
        for stop in session.query(Stop):
            stop.pinned = True
        job_named(session, "J1").status = "cancelled"
    plan(session_factory)
    assert set(stops_of(session_factory)) == {"J2"}
