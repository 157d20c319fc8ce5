"""What could not be finished is continued by a job of its own, linked to the first."""

import pytest

from dispatch.errors import Conflict
from dispatch.events import list_events_of
from dispatch.jobs.moving import change_status, report_status
from dispatch.living.incidents import list_incidents
from dispatch.models import Asset, Contract, Job, JobAsset
from tests.dispatch.town import MONDAY, at, job, job_named, plan, report, settle, stops_of, technician, user_of, window

REASON = "the pump is not in stock"


@pytest.fixture
def town(session_factory):
    """J1 is planned for T1."""
    facts = {"skills": {"gas": 1}, "parts": {"pump": 1}, "due_at": at(12), "windows": (window(at(8), 120),)}
    settle(session_factory, [technician(capacity={"pump": 2})], [job(priority=40, setup_s=60, **facts)])
    plan(session_factory)
    return session_factory


def move(factory, number, status, now=None, role="dispatcher", reason=REASON):
    with factory.begin() as session:
        if role == "technician":
            stop = stops_of(factory)[number][1]
            return report_status(session, stop.id, status, user_of(session, "T1"), now or at(9), reason)
        job_id = job_named(session, number).id
        return change_status(session, job_id, status, user_of(session, "EVE", role), now or at(9), reason)


def test_work_to_be_continued_makes_a_job_for_another_visit(town):
    """The same work at the same place, better by the same technician, with the reason where people read it."""
    report(town, "J1", "on_site", at(8))
    move(town, "J1", "to_be_continued", at(8, 30), role="technician")
    with town() as session:
        first, second = job_named(session, "J1"), job_named(session, "J1-2")
        assert (first.status, second.status, second.return_of) == ("to_be_continued", "open", first)
        assert (second.title, second.customer, second.location) == (first.title, first.customer, first.location)
        assert (second.priority, second.service_s, second.setup_s) == (40, 3600, 60)
        assert [(one.name, one.level) for one in second.skills] == [("gas", 1)]
        assert [(one.part, one.count) for one in second.parts] == [("pump", 1)]
        assert [(one.technician.code, one.wish) for one in second.wishes] == [("T1", "preferred")]
        assert (second.windows, second.due_at, second.notes) == ([], None, REASON)
        [added] = list_events_of(session, second)
        assert (added.kind, added.after["number"], added.after["return_of_id"]) == ("job added", "J1-2", first.id)


def test_the_return_visit_is_planned_the_same_day_and_the_first_stays_as_it_was(town):
    """Nobody at home at eight; she called that she is back."""
    report(town, "J1", "en_route", at(8))
    report(town, "J1", "no_access", at(8, 10))
    move(town, "J1", "to_be_continued", at(9), reason="she is back at ten")
    plan(town, now=at(9, 30))
    stops = stops_of(town)
    assert stops["J1"][1].status == "no_access"
    assert stops["J1-2"][1].planned_start_at >= at(9, 30)
    with town() as session:
        assert job_named(session, "J1").status == "to_be_continued"
        assert job_named(session, "J1-2").due_at == at(12), "nobody has been let in yet: the promise stands"


def test_the_contracts_clock_runs_on_and_the_asset_is_still_to_be_repaired(town):
    """It was answered in time, and does not work yet: what was promised to work by noon on Tuesday still is."""
    with town.begin() as session:
        first = job_named(session, "J1")
        contract = Contract(customer_id=first.customer_id, name="Gold", starts_on=MONDAY, zone="America/Santiago")
        boiler = Asset(customer_id=first.customer_id, location_id=first.location_id, name="Boiler")
        session.add_all([contract, boiler])
        session.flush()
        first.contract_id, first.reported_at, first.restore_by_at = contract.id, at(7), at(36)
        first.assets.append(JobAsset(asset_id=boiler.id, work="repair"))
    report(town, "J1", "on_site", at(8))
    move(town, "J1", "to_be_continued", at(8, 30), role="technician")
    with town() as session:
        first, second = job_named(session, "J1"), job_named(session, "J1-2")
        assert (second.contract_id, second.reported_at, second.restore_by_at) == (first.contract_id, at(7), at(36))
        assert [(one.asset_id, one.work) for one in second.assets] == [(first.assets[0].asset_id, "repair")]


def test_a_return_visit_may_itself_be_continued(town):
    """Numbers go on; the chain can be followed back."""
    for number in ("J1", "J1-2"):
        plan(town, now=at(8))
        report(town, number, "on_site", at(8, 30))
        move(town, number, "to_be_continued", at(8, 40), role="technician")
    with town() as session:
        assert job_named(session, "J1-3").return_of.return_of.number == "J1"


def test_a_return_visit_that_was_created_by_mistake_is_withdrawn(town):
    """The first visit goes on; a second mistake makes a new return visit."""
    report(town, "J1", "on_site", at(8))
    for _ in range(2):
        move(town, "J1", "to_be_continued", at(8, 30), role="technician")
        move(town, "J1", "on_site", at(8, 31), reason="wrong button")
    with town() as session:
        assert {one.number: one.status for one in session.query(Job)} == {
            "J1": "open", "J1-2": "cancelled", "J1-3": "cancelled",
        }  # fmt: skip


def test_a_return_visit_under_way_cannot_be_withdrawn(town):
    """Somebody is driving there."""
    report(town, "J1", "on_site", at(8))
    move(town, "J1", "to_be_continued", at(8, 30), role="technician")
    plan(town, now=at(8, 40))
    report(town, "J1-2", "en_route", at(8, 50))
    with pytest.raises(Conflict, match="J1-2 is under way"):
        move(town, "J1", "on_site", at(9))


def test_parts_that_were_not_used_are_on_the_van_for_the_next_visit(session_factory):
    """Nobody was at home; the only pump goes there again the same day."""
    settle(session_factory, [technician(capacity={"pump": 1})], [job(parts={"pump": 1})])
    plan(session_factory)
    report(session_factory, "J1", "en_route", at(8))
    report(session_factory, "J1", "no_access", at(8, 10))
    move(session_factory, "J1", "to_be_continued", at(9), reason="she is back at ten")
    plan(session_factory, now=at(9, 30))
    assert "J1-2" in stops_of(session_factory)


def test_a_return_visit_that_was_cancelled_and_reopened_is_withdrawn(town):
    """Its visit of that time is over, and nobody is under way."""
    report(town, "J1", "on_site", at(8))
    move(town, "J1", "to_be_continued", at(8, 30), role="technician")
    plan(town, now=at(8, 40))
    move(town, "J1-2", "cancelled", at(8, 50))
    move(town, "J1-2", "requested", at(8, 55))
    move(town, "J1", "on_site", at(9))
    with town() as session:
        assert job_named(session, "J1-2").status == "cancelled"


@pytest.mark.both_databases
def test_whoever_was_to_make_a_return_visit_has_time_again(session_factory):
    """The day is told of it as of any visit that is cancelled."""
    settle(session_factory, [technician(capacity={"pump": 2})], [job(parts={"pump": 1})])
    plan(session_factory)
    report(session_factory, "J1", "on_site", at(8))
    move(session_factory, "J1", "to_be_continued", at(8, 30), role="technician")
    plan(session_factory, now=at(8, 40))
    move(session_factory, "J1", "on_site", at(9))
    assert stops_of(session_factory)["J1-2"][1].status == "cancelled"
    with session_factory() as session:
        [told] = list_incidents(session, MONDAY)
        assert (told.kind, told.job.number, told.technician.code) == ("cancellation", "J1-2", "T1")
        event = list_events_of(session, job_named(session, "J1-2"))[-1]
        assert (event.before, event.after["status"]) == ({"status": "planned"}, "cancelled")


def test_what_was_done_may_need_another_visit_after_all(town):
    """The customer calls the day after: the visit stays as it was reported."""
    report(town, "J1", "on_site", at(8))
    report(town, "J1", "done", at(8, 50))
    move(town, "J1", "to_be_continued", at(15), reason="it drips again")
    assert stops_of(town)["J1"][1].status == "done"
    with town() as session:
        assert job_named(session, "J1-2").return_of.number == "J1"
