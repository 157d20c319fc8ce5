"""Visits begun by mistake, or long before their day: what was sent to a phone stays, and no shift begins early."""

from datetime import timedelta

import pytest

from dispatch.errors import Conflict
from dispatch.jobs.moving import change_status, report_status
from dispatch.models import Stop
from dispatch.planning.facts import is_kept
from tests.dispatch.town import MORNING, at, job, job_named, plan, settle, stops_of, technician, user_of


@pytest.fixture
def stop_id(session_factory):
    """J1 of T1."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    return stops_of(session_factory)["J1"][1].id


def report(session_factory, stop_id, status, now=None, role="technician"):
    with session_factory.begin() as session:
        return report_status(session, stop_id, status, user_of(session, "T1", role), now or at(9))


def decide(session_factory, status):
    with session_factory.begin() as session:
        by = user_of(session, "EVE", "dispatcher")
        return change_status(session, job_named(session, "J1").id, status, by, at(9))


def test_a_tap_by_mistake_leaves_what_was_sent_to_the_phone_on_it(session_factory, stop_id):
    """Taken back once or twice; no plan gives it to somebody else until the office calls it back."""
    decide(session_factory, "dispatched")
    report(session_factory, stop_id, "en_route", at(9, 1))
    assert [report(session_factory, stop_id, "planned", at(9, 2))["status"] for _ in range(2)] == ["dispatched"] * 2
    with session_factory() as session:
        stop = session.get_one(Stop, stop_id)
        assert (is_kept(stop), stop.actual_departed_at) == (True, None)
    decide(session_factory, "planned")
    with session_factory() as session:
        stop = session.get_one(Stop, stop_id)
        assert (stop.status, is_kept(stop)) == ("planned", False)


def test_a_visit_of_tomorrow_is_not_begun_today(session_factory, stop_id):
    """Tomorrow's shift would begin with it; who rises early begins as early as they like. They hear from when on, and
    whom to ask."""
    sunday, friday = MORNING - timedelta(days=1), MORNING - timedelta(days=3)
    said = "planned for 2026-11-23, and can be begun from {} on. .* plans the job for that day first: ask them for it"
    with pytest.raises(Conflict, match=said.format("20:00")):
        report(session_factory, stop_id, "on_site", sunday, role="dispatcher")
    with pytest.raises(Conflict, match=said.format("2026-11-22 20:00")):
        report(session_factory, stop_id, "on_site", friday)
    assert report(session_factory, stop_id, "on_site", at(4))["status"] == "on_site"
