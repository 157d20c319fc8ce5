"""Who falls ill on the way to a visit keeps it until it is free: then somebody else comes to it."""

import pytest
from sqlalchemy import select

from dispatch.jobs.moving import change_status
from dispatch.models import TaskRun
from dispatch.runs.queue import cancel_run
from tests.dispatch.drafting import codes_of, draft_of, line_of
from tests.dispatch.living.bad_day import incident_of, repair, tell
from tests.dispatch.test_replanning import queued
from tests.dispatch.town import at, job, job_named, plan, report, settle, stops_of, technician, user_of


@pytest.fixture
def ill(session_factory):
    """T1 crashed on the way to J1 at ten, which the repair has left as it is; the town, and the incident's id."""
    settle(session_factory, [technician("T1")], [job("J1", preferred=frozenset({"T1"}))])
    plan(session_factory)
    settle(session_factory, [technician("T2")])
    report(session_factory, "J1", "en_route", at(9, 50))
    incident_id = tell(session_factory, "technician_ill", at(10), who="T1")
    repair(session_factory, incident_id, at(10))
    with session_factory.begin() as session:  # which was what waited in the queue
        cancel_run(session, get_newest(session), None, at(10))
    assert codes_of(session_factory) == {"J1": "T1"}
    return session_factory, incident_id


def get_newest(session):
    return session.scalars(select(TaskRun.id).order_by(TaskRun.id.desc())).first()


def set_back(town):
    with town.begin() as session:
        office = user_of(session, "EVE", "dispatcher")
        change_status(session, job_named(session, "J1").id, "planned", office, at(10, 20))


@pytest.mark.both_databases
def test_the_repair_says_what_it_leaves_with_them(ill):
    found = incident_of(*ill)
    begun = "J1 had been begun by Technician T1 and stays theirs until it is reported otherwise."
    assert (found.status, found.outcome.startswith(begun)) == ("repaired", True)


@pytest.mark.both_databases
def test_what_becomes_free_is_repaired_anew(ill):
    """The office takes "on the way" back."""
    town, incident_id = ill
    before = len(queued(town))
    set_back(town)
    assert stops_of(town)["J1"][1].status == "planned"
    found = incident_of(town, incident_id)
    assert (found.status, found.outcome) == ("open", "J1 is free again: Technician T1 does not come to it after all.")
    assert [run["incident_id"] for run in queued(town)[before:]] == [incident_id]
    repair(town, incident_id, at(10, 20), as_draft=True)
    assert line_of(draft_of(town, at(10, 21)), "J1")["reason"] == "Technician T1 is away from 10:00 on."


def test_who_is_well_goes_there_later(session_factory):
    """A tap by mistake is nothing to be repaired."""
    settle(session_factory, [technician("T1")], [job("J1")])
    plan(session_factory)
    report(session_factory, "J1", "en_route", at(7, 50))
    set_back(session_factory)
    assert [run for run in queued(session_factory) if "incident_id" in run] == []
