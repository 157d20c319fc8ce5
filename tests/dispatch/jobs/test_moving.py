"""What technicians report, and who may report what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.events import list_events_of
from dispatch.jobs.moving import change_status, find_stop_in_force, report_status
from dispatch.jobs.search import get_job
from dispatch.models import Stop
from dispatch.notices.visits import get_visit
from tests.dispatch.town import MONDAY, at, job, job_named, plan, settle, stops_of, technician, user_of


@pytest.fixture
def stop_id(session_factory):
    """A stop of T1, as planned."""
    settle(session_factory, [technician("T1"), technician("T2", hours={})], [job()])
    plan(session_factory)
    return stops_of(session_factory)["J1"][1].id


def report(session_factory, stop_id, status, now=None, code="T1", role="technician", reason=""):
    with session_factory.begin() as session:
        return report_status(session, stop_id, status, user_of(session, code, role), now or at(9), reason)


def decide(session_factory, status, reason="she called", now=None, role="dispatcher"):
    """The office moves J1."""
    with session_factory.begin() as session:
        job_id = job_named(session, "J1").id
        return change_status(session, job_id, status, user_of(session, "EVE", role), now or at(9), reason)


def test_a_visit_goes_from_planned_to_done(session_factory, stop_id):
    """Each step keeps its instant, the job is done at the end, and the trail says who it was."""
    report(session_factory, stop_id, "en_route", at(8, 50))
    report(session_factory, stop_id, "on_site", at(9))
    answer = report(session_factory, stop_id, "done", at(9, 55))
    assert answer == {
        "stop_id": stop_id, "job_id": 1, "status": "done", "next": [], "departed_at": "2026-11-23T11:50:00Z",
        "started_at": "2026-11-23T12:00:00Z", "ended_at": "2026-11-23T12:55:00Z",
    }  # fmt: skip
    with session_factory() as session:
        assert job_named(session, "J1").status == "done"
        told = [
            (one.before["status"], one.after["status"]) for one in list_events_of(session, job_named(session, "J1"))
        ]
    assert told == [("planned", "en_route"), ("en_route", "on_site"), ("on_site", "done")]


def test_the_same_report_twice_is_one(session_factory, stop_id):
    """A phone that lost the answer asks again; the first instant counts."""
    report(session_factory, stop_id, "on_site", at(9))
    answer = report(session_factory, stop_id, "on_site", at(9, 5))
    assert answer["started_at"] == "2026-11-23T12:00:00Z"


def test_nobody_at_home_closes_the_visit_and_the_job(session_factory, stop_id):
    """So that the office calls; it is not planned again by itself."""
    report(session_factory, stop_id, "en_route")
    report(session_factory, stop_id, "no_access", at(9, 10))
    with session_factory() as session:
        assert job_named(session, "J1").status == "no_access"


@pytest.mark.parametrize(("code", "role"), [("T2", "technician"), ("T1", "manager")])
def test_others_may_not_report(session_factory, stop_id, code, role):
    """Another technician, or somebody who only looks at reports."""
    with pytest.raises(Forbidden):
        report(session_factory, stop_id, "en_route", code=code, role=role)


@pytest.mark.parametrize("role", ["dispatcher", "admin"])
def test_the_office_may_report_for_a_technician(session_factory, stop_id, role):
    """Somebody called in."""
    assert report(session_factory, stop_id, "en_route", role=role)["status"] == "en_route"


def test_nobody_may_not_report(session_factory, stop_id):
    """An account that has been switched off since the page was opened."""
    with pytest.raises(Forbidden), session_factory.begin() as session:
        report_status(session, stop_id, "en_route", None, at(9))


def test_unknown_stops_and_statuses_are_told_apart(session_factory, stop_id):
    """404 and 400."""
    with pytest.raises(NotFound):
        report(session_factory, 999, "en_route")
    with pytest.raises(InvalidInput, match="en_route"):
        report(session_factory, stop_id, "sleeping")


@pytest.mark.both_databases
def test_a_report_on_an_older_plan_reaches_the_published_one(session_factory):
    """The phone was without a network when the day was planned again."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    old_id = stops_of(session_factory)["J1"][1].id
    plan(session_factory)
    answer = report(session_factory, old_id, "on_site")
    assert answer["stop_id"] != old_id
    assert stops_of(session_factory)["J1"][1].status == "on_site"


def test_a_report_on_a_visit_that_went_to_somebody_else_is_refused(session_factory, stop_id):
    """Both would stand at the door."""
    settle(session_factory, [technician("T1", hours={}), technician("T2")])
    plan(session_factory)
    with pytest.raises(Conflict, match="no longer on your route"):
        report(session_factory, stop_id, "en_route")


def test_a_cancelled_job_is_not_begun(session_factory, stop_id):
    """The technician hears of it at the next tap, also on the way."""
    report(session_factory, stop_id, "en_route")
    decide(session_factory, "cancelled")
    with pytest.raises(Conflict, match="cancelled by now"):
        report(session_factory, stop_id, "on_site")
    with session_factory() as session:
        assert session.get(Stop, stop_id).status == "cancelled"


def test_the_office_does_not_cancel_a_visit_under_the_technicians_hands(session_factory, stop_id):
    """Work that is going on ends on site, and is told as what it was."""
    report(session_factory, stop_id, "on_site")
    with pytest.raises(Conflict, match="on site by now"):
        decide(session_factory, "cancelled")
    assert report(session_factory, stop_id, "done")["status"] == "done"


def test_a_cancelled_job_that_was_planned_for_nobody_yet_is_closed(session_factory):
    """There is no stop; the reason is kept."""
    settle(session_factory, [technician()], [job()])
    assert decide(session_factory, "cancelled", "moved away")["next"] == ["requested"]
    with session_factory() as session:
        [event] = list_events_of(session, job_named(session, "J1"))
    assert (event.user.role, event.before, event.after) == (
        "dispatcher", {"status": "requested"}, {"status": "cancelled"},
    )  # fmt: skip
    assert event.reason == "moved away"


def test_a_reopened_job_is_planned_again(session_factory, stop_id):
    """Although its day's plan still holds the stop that was cancelled."""
    decide(session_factory, "cancelled")
    assert decide(session_factory, "requested")["status"] == "requested"
    plan(session_factory, now=at(9, 30))
    assert stops_of(session_factory)["J1"][1].status == "planned"


def test_a_cancelled_visit_of_a_later_day_stands_in_nobodys_way(session_factory):
    """It was cancelled on Wednesday's plan; she calls again, and wants it on Monday after all."""
    wednesday = MONDAY + timedelta(days=2)
    settle(session_factory, [technician()], [job(on=wednesday)])
    plan(session_factory, wednesday)
    decide(session_factory, "cancelled")
    decide(session_factory, "requested")
    settle(session_factory, [], [job(on=MONDAY)])
    plan(session_factory)
    stop = stops_of(session_factory)["J1"][1]
    assert report(session_factory, stop.id, "on_site")["status"] == "on_site"
    with session_factory() as session:
        assert get_job(session, job_named(session, "J1").id, at(9, 5)).status == "on_site"
        assert get_visit(session, job_named(session, "J1").id, at(9, 5)).status == "on_site"


def test_a_report_by_mistake_is_taken_back_by_the_office(session_factory, stop_id):
    """The visit goes on as if it had not been; the technician cannot do that alone."""
    report(session_factory, stop_id, "on_site")
    report(session_factory, stop_id, "done", at(9, 5))
    with pytest.raises(Forbidden, match="dispatcher or admin"):
        report(session_factory, stop_id, "on_site", reason="oops")
    with pytest.raises(InvalidInput, match="Say why"):
        decide(session_factory, "on_site", " ")
    decide(session_factory, "on_site", "wrong button", at(9, 10))
    with session_factory() as session:
        stop = session.get(Stop, stop_id)
        assert (stop.status, stop.actual_start_at, stop.actual_end_at) == ("on_site", at(9), None)
        assert job_named(session, "J1").status == "open"
    assert report(session_factory, stop_id, "done", at(9, 50))["ended_at"] == "2026-11-23T12:50:00Z"


def test_no_access_by_mistake_puts_the_visit_back_on_the_route(session_factory, stop_id):
    """Nothing has happened there yet."""
    report(session_factory, stop_id, "en_route")
    report(session_factory, stop_id, "no_access")
    decide(session_factory, "planned", "it was the wrong door")
    with session_factory() as session:
        stop = session.get(Stop, stop_id)
        assert (stop.status, stop.actual_departed_at, stop.actual_start_at) == ("planned", None, None)
        assert job_named(session, "J1").status == "open"


def test_a_dispatched_visit_stays_with_its_technician_until_called_back(session_factory):
    """The technician counts on it: planning again does not take it away, unless the technician is away."""
    settle(session_factory, [technician("T1"), technician("T2", hours={})], [job()])
    plan(session_factory)
    decide(session_factory, "dispatched")
    settle(session_factory, [technician("T2", skills={"gas": 9}, pace_percent=20)])
    plan(session_factory)
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status) == ("T1", "dispatched")
    settle(session_factory, [technician("T1", hours={})])
    plan(session_factory)
    code, stop = stops_of(session_factory)["J1"]
    assert (code, stop.status) == ("T2", "planned")


def test_a_visit_of_yesterday_that_was_planned_again_is_not_begun(session_factory, stop_id):
    """The phone still shows yesterday; two visits for one job would be one too many."""
    tuesday = at(9) + timedelta(days=1)
    plan(session_factory, MONDAY + timedelta(days=1), now=tuesday)
    with pytest.raises(Conflict, match="another day"):
        report(session_factory, stop_id, "on_site", tuesday)


def told_late(factory, stop_id, steps, now):
    """T1's phone was without a network since Monday, and tells of what was done then."""
    with factory.begin() as session:
        for status, moment in steps:
            report_status(session, stop_id, status, user_of(session, "T1"), now, at=moment)


@pytest.mark.both_databases
def test_work_that_a_phone_tells_of_a_day_late_is_done_and_not_visited_again(session_factory):
    """On Tuesday it was T2's by then, who has not set out."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    tuesday = MONDAY + timedelta(days=1)
    settle(session_factory, [technician(hours={}), technician("T2")])
    plan(session_factory, tuesday, now=at(5, on=tuesday))
    assert stops_of(session_factory, tuesday)["J1"][0] == "T2"
    steps = [("on_site", at(8, 5)), ("done", at(9))]
    told_late(session_factory, stops_of(session_factory)["J1"][1].id, steps, at(7, on=tuesday))
    with session_factory() as session:
        row = job_named(session, "J1")
        assert (row.status, find_stop_in_force(session, row.id).actual_end_at) == ("done", at(9))
        reasons = [one.reason for one in list_events_of(session, row) if one.after.get("status") == "requested"]
        assert reasons == ["Technician T1 began it on 2026-11-23 already, and told of it late."]
    assert stops_of(session_factory, tuesday)["J1"][1].status == "cancelled"
    plan(session_factory, tuesday, now=at(7, 30, on=tuesday))
    assert stops_of(session_factory, tuesday) == {}


def test_what_somebody_else_has_begun_by_then_stays_theirs(session_factory, stop_id):
    tuesday = MONDAY + timedelta(days=1)
    settle(session_factory, [technician(hours={}), technician("T2")])
    plan(session_factory, tuesday, now=at(5, on=tuesday))
    report(session_factory, stops_of(session_factory, tuesday)["J1"][1].id, "en_route", at(8, on=tuesday), "T2")
    with pytest.raises(Conflict, match="another day"):
        told_late(session_factory, stop_id, [("on_site", at(8, 5))], at(8, 5, on=tuesday))


@pytest.mark.parametrize(("old", "new"), [("done", "en_route"), ("planned", "done")])
def test_a_refusal_is_true_before_and_after_the_phone_has_read_the_day_again(session_factory, stop_id, old, new):
    """The phone does so by itself: nobody is told to."""
    if old == "done":
        report(session_factory, stop_id, "on_site")
        report(session_factory, stop_id, "done")
    with pytest.raises(Conflict) as refused:
        report(session_factory, stop_id, new)
    assert "eload" not in str(refused.value)


@pytest.mark.both_databases
def test_of_two_who_move_a_job_at_once_one_is_told(session_factory):
    """The office cancels while the technician reports being there: never both, never neither."""
    settle(session_factory, [technician("T1")], [job()])
    plan(session_factory)
    stop_id = stops_of(session_factory)["J1"][1].id
    with session_factory.begin() as session:
        user_of(session, "T1"), user_of(session, "EVE", "dispatcher")

    def attempt(act):
        try:
            return act()["status"]
        except Conflict:
            return "told"

    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            here = pool.submit(attempt, lambda: report(session_factory, stop_id, "on_site"))
            gone = pool.submit(attempt, lambda: decide(session_factory, "cancelled"))
        assert {here.result(), gone.result()} in ({"on_site", "told"}, {"told", "cancelled"})
        with session_factory.begin() as session:
            row, stop = job_named(session, "J1"), session.get(Stop, stop_id)
            assert (row.status, stop.status) in {("open", "on_site"), ("cancelled", "cancelled")}
            row.status, stop.status, stop.actual_start_at = "open", "planned", None
    with session_factory() as session:
        assert len(list_events_of(session, job_named(session, "J1"))) == 5
