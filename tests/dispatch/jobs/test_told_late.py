"""What was begun counts, told late: also where the visit has left the route that day, or its job was cancelled."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import Conflict
from dispatch.events import list_events_of
from dispatch.jobs.moving import change_status, find_stop_in_force, report_status
from dispatch.models import Incident, PlanVersion
from tests.dispatch.drafting import codes_of
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, stops_of, technician, user_of, window

HALF_PAST_TEN, THREE = at(10, 30), at(15)
DONE = [("en_route", at(8, 50)), ("on_site", at(9)), ("done", at(9, 55))]
"""What T1 did at J1, in a cellar."""


def planned(factory, **facts):
    """J1 is T1's; returns the stop that T1's phone knows."""
    settle(factory, [technician("T1")], [job(skills={"gas": 1}, **facts), job("J2")])
    plan(factory)
    return stops_of(factory)["J1"][1].id


def given_to_t2(factory, now=HALF_PAST_TEN):
    """T1 keeps J2; the other phone has J1 from then on."""
    settle(factory, [technician("T1", skills={}), technician("T2")])
    plan(factory, now=now)
    assert codes_of(factory)["J1"] == "T2"


def tell(factory, stop_id, steps, now=THREE):
    """T1's phone has a network again."""
    with factory.begin() as session:
        for status, moment in steps:
            report_status(session, stop_id, status, user_of(session, "T1"), now, at=moment)


def reasons_of(factory):
    with factory() as session:
        return [event.reason for event in list_events_of(session, job_named(session, "J1")) if event.reason]


@pytest.mark.both_databases
def test_a_visit_that_went_to_somebody_else_goes_back_to_who_had_begun_it(session_factory):
    """It was done at ten; at half past ten it became T2's, who has not set out."""
    stop_id = planned(session_factory)
    given_to_t2(session_factory)
    tell(session_factory, stop_id, DONE)
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status, stop.actual_start_at, stop.actual_end_at) == ("T1", "done", at(9), at(9, 55))
    assert stop.planned_start_at < at(10)
    assert codes_of(session_factory)["J2"] in ("T1", "T2")
    assert reasons_of(session_factory) == ["Technician T1 began it at 08:50 already, and told of it late."]
    with session_factory() as session:
        assert job_named(session, "J1").status == "done"
        newest = session.get_one(PlanVersion, stop.plan_id)
        assert [(line.job.number, line.kind, line.reason) for line in newest.changes] == [
            ("J1", "moved", "Technician T1 began it at 08:50 already, and told of it late.")
        ]


@pytest.mark.both_databases
def test_a_visit_that_a_newer_plan_left_out_is_done_all_the_same(session_factory):
    """It had become too late for it when the day was planned again at one, and nobody had heard of T1."""
    stop_id = planned(session_factory, windows=(window(at(8), 60),), service_s=6 * 3600)
    plan(session_factory, now=at(13))
    assert "J1" not in codes_of(session_factory)
    tell(session_factory, stop_id, [("on_site", at(8, 30)), ("done", at(9, 30))])
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status) == ("T1", "done")
    with session_factory() as session:
        assert [one.job.number for one in session.get_one(PlanVersion, stop.plan_id).unassigned] == []


def test_who_has_no_shift_any_more_keeps_what_they_had_begun(session_factory):
    """At half past ten T1 was thought to be ill, and the day given away."""
    stop_id = planned(session_factory)
    settle(session_factory, [technician("T1", hours={}), technician("T2")])
    plan(session_factory, now=at(10, 30))
    tell(session_factory, stop_id, DONE)
    assert codes_of(session_factory) == {"J1": "T1", "J2": "T2"}
    plan(session_factory, now=at(15, 5))
    assert codes_of(session_factory)["J1"] == "T1"


@pytest.mark.parametrize("plans_again", [False, True])
def test_a_job_that_was_cancelled_under_the_technicians_hands_is_done(session_factory, plans_again):
    """Nobody knew at half past nine that T1 was at work there."""
    stop_id = planned(session_factory)
    cancel(session_factory, at(9, 30))
    if plans_again:
        plan(session_factory, now=at(9, 35))
    tell(session_factory, stop_id, DONE)
    assert stops_of(session_factory)["J1"][1].status == "done"
    of_kind = select(Incident).where(Incident.kind == "cancellation")
    with session_factory() as session:
        assert job_named(session, "J1").status == "done"
        assert [one.status for one in session.scalars(of_kind)] == ["repaired"]


def test_a_closed_door_is_found_before_the_cancellation(session_factory):
    """On the way it had been told of; the rest was not."""
    stop_id = planned(session_factory)
    tell(session_factory, stop_id, DONE[:1], at(8, 50))
    cancel(session_factory, at(9, 30))
    tell(session_factory, stop_id, [("no_access", at(9, 10))])
    assert stops_of(session_factory)["J1"][1].status == "no_access"


def cancel(factory, now):
    with factory.begin() as session:
        office = user_of(session, "EVE", "dispatcher")
        change_status(session, job_named(session, "J1").id, "cancelled", office, now, "she called")


def test_work_without_a_network_counts_also_where_it_was_begun_after_the_visit_had_gone(session_factory):
    """T1 could not know of it, and T2 has not set out."""
    stop_id = planned(session_factory)
    given_to_t2(session_factory, at(8, 40))
    tell(session_factory, stop_id, DONE[1:])
    assert (codes_of(session_factory)["J1"], stops_of(session_factory)["J1"][1].status) == ("T1", "done")


@pytest.mark.parametrize(("step", "now"), [(("en_route", at(11)), at(15)), (("on_site", at(11)), at(11, 1))])
def test_who_is_on_the_way_or_at_the_door_now_hears_that_somebody_else_comes(session_factory, step, now):
    """Nothing is done there yet."""
    stop_id = planned(session_factory)
    given_to_t2(session_factory)
    with pytest.raises(Conflict, match="no longer on your route"):
        tell(session_factory, stop_id, [step], now)
    assert codes_of(session_factory)["J1"] == "T2"


def test_what_somebody_else_has_begun_by_then_is_theirs(session_factory):
    stop_id = planned(session_factory)
    given_to_t2(session_factory)
    report(session_factory, "J1", "en_route", at(14, 50))
    with pytest.raises(Conflict, match="no longer on your route"):
        tell(session_factory, stop_id, DONE)
    assert codes_of(session_factory)["J1"] == "T2"


@pytest.mark.both_databases
def test_what_another_day_has_by_then_is_done_and_not_visited_again(session_factory):
    """Left out on Monday at one, and told of on Tuesday."""
    tuesday = MONDAY + timedelta(days=1)
    stop_id = planned(session_factory, windows=(window(at(8), 60), window(at(8, on=tuesday), 480)))
    plan(session_factory, now=at(13))
    plan(session_factory, tuesday, now=at(5, on=tuesday))
    assert stops_of(session_factory, tuesday)["J1"][1].status == "planned"
    tell(session_factory, stop_id, [("on_site", at(8, 30)), ("done", at(9, 30))], at(7, on=tuesday))
    assert stops_of(session_factory, tuesday)["J1"][1].status == "cancelled"
    with session_factory() as session:
        row = job_named(session, "J1")
        assert (row.status, find_stop_in_force(session, row.id).actual_end_at) == ("done", at(9, 30))
