"""What technicians report, and who may report what."""

import pytest

from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound
from dispatch.jobs import NEXT, report_status
from dispatch.models import STOP_STATUSES, Event, Stop
from tests.dispatch.town import at, job, job_named, plan, settle, stops_of, technician, user_of

ALL_MOVES = [(old, new) for old in STOP_STATUSES for new in STOP_STATUSES if old != new]


@pytest.fixture
def stop_id(session_factory):
    """A stop of T1, as planned."""
    settle(session_factory, [technician("T1"), technician("T2", hours={})], [job()])
    plan(session_factory)
    return stops_of(session_factory)["J1"][1].id


def report(session_factory, stop_id, status, now=None, code="T1", role="technician"):
    with session_factory.begin() as session:
        return report_status(session, stop_id, status, user_of(session, code, role), now or at(9))


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
        assert session.query(Event).filter_by(kind="stop status").count() == 3


@pytest.mark.parametrize(("old", "new"), ALL_MOVES)
def test_only_the_moves_of_the_table_exist(session_factory, stop_id, old, new):
    """Every pair of statuses is tried."""
    with session_factory.begin() as session:
        stop = session.get(Stop, stop_id)
        stop.status, stop.actual_departed_at = old, at(8)
        if old != "planned":
            stop.actual_start_at = stop.actual_end_at = at(9)
    if new in NEXT[old]:
        assert report(session_factory, stop_id, new)["status"] == new
    else:
        with pytest.raises(Conflict, match="cannot become"):
            report(session_factory, stop_id, new)


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


def test_a_report_on_an_older_plan_reaches_the_published_one(either_database):
    """The phone was without a network when the day was planned again."""
    settle(either_database, [technician()], [job()])
    plan(either_database)
    old_id = stops_of(either_database)["J1"][1].id
    plan(either_database)
    answer = report(either_database, old_id, "on_site")
    assert answer["stop_id"] != old_id
    assert stops_of(either_database)["J1"][1].status == "on_site"


def test_a_report_on_a_visit_that_went_to_somebody_else_is_refused(session_factory, stop_id):
    """Both would stand at the door."""
    settle(session_factory, [technician("T1", hours={}), technician("T2")])
    plan(session_factory)
    with pytest.raises(Conflict, match="no longer on your route"):
        report(session_factory, stop_id, "en_route")


def test_a_cancelled_job_is_not_begun(session_factory, stop_id):
    """The technician hears of it at the next tap."""
    with session_factory.begin() as session:
        job_named(session, "J1").status = "cancelled"
    with pytest.raises(Conflict, match="cancelled"):
        report(session_factory, stop_id, "en_route")


@pytest.mark.parametrize(
    ("reported", "then", "job_status"),
    [
        (["en_route"], "planned", "cancelled"),
        (["en_route"], "no_access", "cancelled"),
        (["on_site"], "no_access", "cancelled"),
        (["on_site"], "done", "done"),
    ],
)
def test_a_visit_begun_before_its_job_was_cancelled_can_be_ended(session_factory, stop_id, reported, then, job_status):
    """Else it would stand first on the phone for ever; work that was done is told as done."""
    for status in reported:
        report(session_factory, stop_id, status)
    with session_factory.begin() as session:
        job_named(session, "J1").status = "cancelled"
    assert report(session_factory, stop_id, then)["status"] == then
    with session_factory() as session:
        assert job_named(session, "J1").status == job_status


@pytest.mark.parametrize(("old", "new"), [("done", "on_site"), ("planned", "done")])
def test_a_refusal_is_true_before_and_after_the_phone_has_read_the_day_again(session_factory, stop_id, old, new):
    """The phone does so by itself: nobody is told to."""
    if old == "done":
        report(session_factory, stop_id, "on_site")
        report(session_factory, stop_id, "done")
    with pytest.raises(Conflict) as refused:
        report(session_factory, stop_id, new)
    assert "eload" not in str(refused.value)
