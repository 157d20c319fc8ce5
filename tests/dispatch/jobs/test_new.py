"""A new job: what its type and its customer's contract say, and what people promised."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from data.records import TerritoryRecord
from data.territories import Polygon
from dispatch.errors import Conflict, InvalidInput, NotFound
from dispatch.events import list_events_of
from dispatch.jobs.appointments import promise, withdraw
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.models import (
    Asset,
    ChecklistItem,
    Contract,
    ContractHours,
    Customer,
    Holiday,
    Job,
    JobType,
    JobTypePart,
    JobTypeSkill,
    Part,
    Territory,
)
from tests.dispatch.at_once import do_at_once
from tests.dispatch.town import CENTRE, MONDAY, SANTIAGO, at, job, job_named, settle, technician, user_of

AROUND = Polygon([(CENTRE[1] - 1, CENTRE[0] - 1), (CENTRE[1] + 1, CENTRE[0] - 1), (CENTRE[1], CENTRE[0] + 1)])
REQUEST = {"customer_id": 1, "location_id": 2, "title": "It drips"}


@pytest.fixture
def town(session_factory):
    """A territory with an outline, a customer with a contract and a lift, and a kind of work."""
    settle(session_factory, [technician()], [job()], [TerritoryRecord("Town", SANTIAGO, AROUND)])
    with session_factory.begin() as session:
        session.add(Part(name="valve"))
        session.add(Customer(name="Another"))
        session.flush()
        hours = [ContractHours(weekday=day, opens=time(8), closes=time(18)) for day in range(5)]
        session.add(
            Contract(
                customer_id=1, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=4 * 3600,
                restore_within_s=12 * 3600, zone=SANTIAGO, hours=hours,
            )
        )  # fmt: skip
        session.add_all(Asset(customer_id=n, location_id=2, name="Lift") for n in (1, 2))
        session.add(
            JobType(
                name="Repair", service_s=5400, setup_s=300, priority=30, skills=[JobTypeSkill(name="gas", level=2)],
                parts=[JobTypePart(part="valve", count=1)],
                checklist=[
                    ChecklistItem(position=1, text="Close the tap", required=True),
                    ChecklistItem(position=2, text="Sweep"),
                ],
            )
        )  # fmt: skip
    return session_factory


def create(factory, now=None, **facts):
    with factory.begin() as session:
        return create_job(session, JobRequest(**{**REQUEST, **facts}), now or at(10), None).number


def test_a_job_takes_from_its_type_what_nobody_said(town):
    """Time, skills, parts, checklist and priority; changing the type later changes no job."""
    number = create(town, job_type_id=1)
    with town.begin() as session:
        session.get(JobType, 1).priority = 99
    with town() as session:
        row = job_named(session, number)
        assert (row.service_s, row.setup_s, row.priority, row.territory.name) == (5400, 300, 30, "Town")
        assert [(one.name, one.level) for one in row.skills] == [("gas", 2)]
        assert [(one.part, one.count) for one in row.parts] == [("valve", 1)]
        assert [(one.text, one.required, one.done_at) for one in row.checks] == [
            ("Close the tap", True, None), ("Sweep", False, None),
        ]  # fmt: skip
        assert [event.kind for event in list_events_of(session, row)] == ["job added"]


def test_what_somebody_said_wins(town):
    """The type is only the rule."""
    number = create(town, job_type_id=1, service_s=600, priority=0, due_at=at(11), number="X7")
    with town() as session:
        row = job_named(session, number)
        assert (row.number, row.service_s, row.priority, row.due_at) == ("X7", 600, 0, at(11))


def test_the_customers_contract_says_when_it_is_due(town):
    """Four business hours to respond, twelve to restore; a holiday does not count."""
    tuesday = MONDAY + timedelta(days=1)
    with town.begin() as session:
        town_row = session.scalars(select(Territory)).one()
        town_row.holidays.append(Holiday(on=tuesday, name="Founders' day"))
    number = create(town, at(16), service_s=600)
    with town() as session:
        row = job_named(session, number)
        wednesday = MONDAY + timedelta(days=2)
        assert row.contract.name == "Gold"
        assert (row.reported_at, row.due_at, row.restore_by_at) == (at(16), at(10, on=wednesday), at(18, on=wednesday))


def test_a_job_may_be_about_the_customers_assets(town):
    """So that the lift knows what was done to it."""
    number = create(town, service_s=600, assets={1: "repair"})
    with town() as session:
        assert [(one.work, one.job.number) for one in session.get(Asset, 1).jobs] == [("repair", number)]


def test_all_that_is_wrong_is_said_at_once(town):
    """Each with what to do."""
    span = (at(12), at(11))
    facts = {"title": " ", "number": "J1", "job_type_id": 9, "priority": 200, "windows": (span,), "promised": span}
    with pytest.raises(InvalidInput) as refused:
        create(town, **facts, due_at=at(12), restore_by_at=at(11), assets={2: "repair", 1: "admire"})
    assert [one.split(":")[0] for one in refused.value.problems] == [
        "title", "service_s", "priority", "windows[0]", "promised", "restore_by_at", "job_type_id", "number",
        "assets", "assets",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="customer"):
        create(town, customer_id=99)


@pytest.mark.both_databases
def test_numbers_go_on_and_skip_what_an_import_has_used(session_factory):
    """Also when several people enter jobs at once."""
    settle(session_factory, [technician()], [job("J1"), job("W2")])
    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(lambda _: create(session_factory, service_s=600), range(4)))
    assert numbers == ["W1", "W3", "W4", "W5"]


def promised(factory, *span, reason="", now=None, **facts):
    with factory.begin() as session:
        who = user_of(session, "EVE", "dispatcher")
        return promise(session, job_named(session, "J1"), *span, now or at(9), who, reason=reason, **facts)


@pytest.mark.both_databases
def test_a_promise_is_moved_for_a_reason_and_the_one_before_is_kept(session_factory):
    """The history tells what the customer was told, when, and why it changed."""
    settle(session_factory, [technician()], [job()])
    promised(session_factory, at(10), at(12))
    with pytest.raises(InvalidInput, match="Say why"):
        promised(session_factory, at(14), at(16))
    promised(session_factory, at(14), at(16), reason="she has to collect a child", is_firm=False)
    with session_factory() as session:
        row = job_named(session, "J1")
        assert (row.find_promise().promised_from_at, row.find_promise().is_firm) == (at(14), False)
        assert [one.withdrawn_reason for one in row.appointments] == ["she has to collect a child", None]
        assert [event.kind for event in list_events_of(session, row)] == ["promise made", "promise moved"]
        assert row.version == 3


def test_a_promise_is_withdrawn_for_a_reason(session_factory):
    """Then nothing is promised any more."""
    settle(session_factory, [technician()], [job()])
    promised(session_factory, at(10), at(12))
    with session_factory.begin() as session:
        row, who = job_named(session, "J1"), user_of(session, "EVE", "dispatcher")
        with pytest.raises(InvalidInput, match="Say why"):
            withdraw(session, row, at(9), who, " ")
        withdraw(session, row, at(9), who, "she calls again")
        with pytest.raises(Conflict, match="Nothing is promised"):
            withdraw(session, row, at(9), who, "again")
    with session_factory() as session:
        assert job_named(session, "J1").find_promise() is None


def test_impossible_promises_are_refused(session_factory):
    """Over already, closing before opening, or for a job that is closed."""
    settle(session_factory, [technician()], [job()])
    with pytest.raises(InvalidInput) as refused:
        promised(session_factory, at(8), at(7))
    assert len(refused.value.problems) == 2
    with session_factory.begin() as session:
        session.scalars(select(Job)).one().status = "done"
    with pytest.raises(Conflict, match="closed"):
        promised(session_factory, at(10), at(12))


@pytest.mark.both_databases
def test_of_two_who_give_one_number_in_one_moment_the_second_is_told(session_factory):
    """Programs send again what they have no answer to."""
    settle(session_factory, [], [job()])

    def ask(session):
        create_job(
            session, JobRequest(customer_id=1, location_id=1, title="Lift", service_s=60, number="X1"), at(8), None
        )

    [fault] = do_at_once(session_factory, ask, ask)
    assert isinstance(fault, InvalidInput)
    assert "there is a job X1 already" in str(fault)
