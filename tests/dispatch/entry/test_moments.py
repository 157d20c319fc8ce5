"""A mistyped year is refused at its field by the forms of jobs, and one that is stored keeps nobody from mending it."""

from datetime import date

import pytest

from dispatch.entry.forms import WrongFields
from dispatch.entry.job_edit import open_job_edit, save_job_edit
from dispatch.entry.job_terms import describe_terms
from dispatch.entry.located import locate
from dispatch.entry.new_job import enter_job
from dispatch.models import Contract, Customer
from tests.dispatch.town import SANTIAGO, at, job, job_named, settle

HOTEL = {"customer_name": "Hotel", "customer_phone": "1"}
NEW = {"title": "Lift stuck", "service": "1h", "address": "Harbour 1", "location": "-29.9, -71.25"}
FAR_DAYS = ["0026-11-24", "1999-12-31", "2200-01-01", "9999-12-31"]
FAR_MOMENTS = ["0001-01-01T00:00", "0026-11-24T10:00", "2200-01-01T00:00", "9999-12-31T23:59"]


@pytest.fixture
def hotel(session_factory):
    """J1 is done under a contract that says within four hours."""
    with session_factory.begin() as session:
        session.add(Customer(name="Hotel", phone="1"))
        session.flush()
        session.add(
            Contract(customer_id=1, name="Gold", starts_on=date(2026, 1, 1), respond_within_s=4 * 3600, zone=SANTIAGO)
        )
    settle(session_factory, jobs=[job("J1", **HOTEL, reported_at=at(7))])
    return session_factory


def enter(factory, **cells):
    with factory.begin() as session:
        return enter_job(session, 1, NEW | cells, at(7), None).requested_on


def save(factory, **cells):
    with factory.begin() as session:
        row = job_named(session, "J1")
        _, filled = open_job_edit(session, row.id)
        return save_job_edit(session, row.id, row.version, filled | cells, at(7), None).requested_on


@pytest.mark.parametrize("form", [enter, save])
@pytest.mark.parametrize("day", FAR_DAYS)
def test_a_day_of_another_century_is_refused_at_its_field(hotel, form, day):
    with pytest.raises(WrongFields) as refused:
        form(hotel, requested_on=day)
    [sentence] = refused.value.fields["requested_on"]
    assert sentence.startswith(f"{day} is not between the years 2000 and 2199")


@pytest.mark.parametrize("form", [enter, save])
@pytest.mark.parametrize("day", ["2000-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_taken(hotel, form, day):
    assert form(hotel, requested_on=day) == date.fromisoformat(day)


@pytest.mark.parametrize("moment", FAR_MOMENTS)
def test_a_moment_of_another_century_is_refused_wherever_jobs_ask_for_one(hotel, moment):
    """By when it is due, and when it may be done; the ends of the calendar are no error of the program."""
    with pytest.raises(WrongFields) as refused:
        save(hotel, due_at=moment, windows=f"{moment}..2026-11-24T12:00")
    assert set(refused.value.fields) == {"due_at", "windows"}
    with pytest.raises(WrongFields) as refused:
        enter(hotel, window_from=moment, window_until="2026-11-24T12:00")
    assert set(refused.value.fields) == {"window_from"}


def test_the_form_of_a_job_with_such_a_day_opens_and_names_it(hotel):
    day = date(9999, 12, 31)
    with hotel() as session:
        row = job_named(session, "J1")
        row.requested_on = day
        with session.no_autoflush:
            said = describe_terms(session, row)["due_at"]
    assert said.startswith(f"Contract Gold: work begins within 4 h 00, but {day} is no day to plan; ")


def test_a_fault_that_names_no_field_is_told_of_the_whole():
    """Or else a form would be refused without a word."""
    fault = locate("0026-11-24 is no day to plan; give another.")
    assert (fault.column, fault.what, fault.mend) == (None, "0026-11-24 is no day to plan", "Give another")
