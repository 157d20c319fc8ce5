"""What a phone tells late and cannot be taken is known at the office: in the job's history, and as an event."""

import pytest
from sqlalchemy import select

from dispatch.events import list_events_of
from dispatch.jobs.moving import report_status
from dispatch.living.lines import list_alerts
from dispatch.models import Incident
from dispatch.on_site.refused import tell_refused
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, stops_of, technician, user_of


def refused(factory, stop_id, status, moment, role="technician"):
    now = at(15)
    with factory.begin() as session:
        tell_refused(session, stop_id, status, user_of(session, "T1", role), moment, now, "T2 is on the way.", "leaks")


@pytest.mark.both_databases
def test_the_office_reads_what_was_done_and_when(session_factory):
    """The last of what T1 tells of the visit, which T2 has begun by now; it can be dismissed like any event."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    stop_id = stops_of(session_factory)["J1"][1].id
    refused(session_factory, stop_id, "on_site", at(10))
    refused(session_factory, stop_id, "to_be_continued", at(11))
    with session_factory() as session:
        (alert,) = list_alerts(session, MONDAY)
        noted = [event.reason for event in list_events_of(session, job_named(session, "J1"))]
    assert (alert["title"], alert["facts"]) == ("Report not taken", "of 11:00")
    assert alert["words"] == "Technician T1 reports to be continued at 11:00: leaks. Not taken: T2 is on the way."
    assert noted == [alert["words"].replace("to be continued at 11", "on site at 10"), alert["words"]]


def test_what_stands_before_somebodys_eyes_is_told_nobody_else(session_factory):
    """Refused at once; what is not begun by it; and what the office itself reports."""
    settle(session_factory, [technician()], [job()])
    plan(session_factory)
    stop_id = stops_of(session_factory)["J1"][1].id
    refused(session_factory, stop_id, "done", at(14, 59))
    refused(session_factory, stop_id, "planned", at(11))
    refused(session_factory, stop_id, "done", at(11), role="dispatcher")
    with session_factory() as session:
        assert session.scalars(select(Incident)).all() == []


def test_it_is_over_when_what_comes_after_it_is_taken(session_factory):
    """Being on the way to what T2 has by now is refused; having been there is not."""
    settle(session_factory, [technician("T1")], [job(skills={"gas": 1})])
    plan(session_factory)
    stop_id = stops_of(session_factory)["J1"][1].id
    settle(session_factory, [technician("T1", skills={}), technician("T2")])
    plan(session_factory, now=at(10, 30))
    refused(session_factory, stop_id, "en_route", at(10, 50))
    with session_factory.begin() as session:
        report_status(session, stop_id, "on_site", user_of(session, "T1"), at(15), at=at(11))
    with session_factory() as session:
        assert [one.status for one in session.scalars(select(Incident))] == ["repaired"]
    report(session_factory, "J1", "done", at(15, 5))
