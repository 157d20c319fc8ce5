"""When a job is due stands in its form, with what the contract says of that; and what it means for the plan is said."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.entry.forms import WrongFields
from dispatch.entry.job_edit import open_job_edit, save_job_edit
from dispatch.entry.job_effects import list_job_effects
from dispatch.entry.job_terms import describe_terms, write_terms
from dispatch.models import Contract, ContractHours, Customer
from tests.dispatch.town import MONDAY, SANTIAGO, at, job, job_named, plan, settle, technician

HOTEL = {"customer_name": "Hotel", "customer_phone": "1"}


@pytest.fixture
def town(session_factory):
    """J1 of the hotel, whose contract says within 4 and 12 hours, and J2 of somebody without; both are planned."""
    settle(session_factory, [technician()])
    with session_factory.begin() as session:
        session.add(Customer(name="Hotel", phone="1"))
        session.flush()
        session.add(
            Contract(
                customer_id=1, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=4 * 3600,
                restore_within_s=12 * 3600, zone=SANTIAGO,
            )
        )  # fmt: skip
    settle(session_factory, jobs=[job("J1", **HOTEL, reported_at=at(7)), job("J2")])
    plan(session_factory)
    return session_factory


def save(factory, number="J1", now=None, **cells):
    """As the form is sent when these fields are typed anew."""
    with factory.begin() as session:
        row = job_named(session, number)
        _, filled = open_job_edit(session, row.id)
        save_job_edit(session, row.id, row.version, filled | cells, now or at(7), None)
        return list_job_effects(session, row, now or at(7))


def terms_of(factory, number="J1"):
    with factory() as session:
        row = job_named(session, number)
        return row.due_at, row.restore_by_at


def said_of(factory, number="J1", **facts):
    with factory() as session:
        row = job_named(session, number)
        for name, value in facts.items():
            setattr(row, name, value)
        with session.no_autoflush:
            return describe_terms(session, row)


def test_both_times_are_changed_and_emptied(town):
    save(town, due_at="2026-11-23T10:30", restore_by_at="2026-11-23T16:00")
    assert terms_of(town) == (at(10, 30), at(16))
    save(town, due_at="", restore_by_at="")
    assert terms_of(town) == (None, None)


def test_what_was_not_touched_stays_to_the_second(town):
    """Also in the hour that the clocks show twice, of which a field cannot tell which it is."""
    first_at = datetime(2026, 4, 5, 2, 30, 17, tzinfo=UTC)
    for due_at in (first_at, first_at + timedelta(hours=1)):
        with town.begin() as session:
            row = job_named(session, "J1")
            row.due_at = due_at
            assert write_terms(row, ZoneInfo(SANTIAGO))["due_at"] == "2026-04-04T23:30"
        save(town, title=f"Due at {due_at}")
        assert terms_of(town) == (due_at, at(19))


def test_nothing_is_to_work_again_before_work_is_due(town):
    with pytest.raises(WrongFields) as refused:
        save(town, due_at="2026-11-23T17:00", restore_by_at="2026-11-23T16:00", title="")
    assert set(refused.value.fields) == {"title", "restore_by_at"}


def test_the_form_says_what_the_contract_does(town):
    """In its business hours, and from the day asked for where that is later."""
    assert said_of(town) == {
        "due_at": "Contract Gold: work begins within 4 h 00 from 2026-11-23 07:00, so by 2026-11-23 11:00.",
        "restore_by_at": "Contract Gold: it works again within 12 h 00 from 2026-11-23 07:00, so by 2026-11-23 19:00.",
    }
    with town.begin() as session:
        session.get_one(Contract, 1).hours = [ContractHours(weekday=1, opens=time(9), closes=time(17))]
    assert said_of(town)["due_at"].endswith("in its business hours from 2026-11-23 07:00, so by 2026-11-24 13:00.")
    later = said_of(town, requested_on=MONDAY + timedelta(days=7))["due_at"]
    assert later.endswith("from 2026-11-30 00:00, so by 2026-12-01 13:00.")
    assert said_of(town, reported_at=None)["due_at"] == "Contract Gold: no clock of it runs for this job."
    assert said_of(town, "J2") == {"due_at": "No contract says so.", "restore_by_at": "No contract says so."}


def test_a_contract_that_says_nothing_of_it_or_never_counts_is_told_too(town):
    with town.begin() as session:
        gold = session.get_one(Contract, 1)
        gold.respond_within_s, gold.hours = None, [ContractHours(weekday=1, opens=time(9), closes=time(9, 1))]
        gold.restore_within_s = 3 * 3600
    assert said_of(town)["due_at"] == "Contract Gold says nothing of this."
    with town.begin() as session:
        session.get_one(Contract, 1).restore_within_s = 1_000 * 3600
    assert said_of(town)["restore_by_at"] == (
        "Contract Gold: it works again within 1000 h 00, but its business hours leave no time to count; correct them."
    )


def test_what_it_means_for_the_planned_visit_is_said(town):
    """Work that would begin too late, or too late to end in time; and nothing where it is early enough."""
    assert save(town, due_at="2026-11-23T20:00", restore_by_at="2026-11-23T21:00") == []
    [first, then] = save(town, due_at="2026-11-23T07:30", restore_by_at="")
    assert first.startswith("It is planned to begin with Technician T1 on 2026-11-23 at ")
    assert first.endswith("later than it has to.")
    assert then == "A new plan is proposed by itself within minutes."
    assert len(save(town, due_at="", restore_by_at="2026-11-23T08:30")) == 2
