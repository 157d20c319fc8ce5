"""Rows that people edit have versions: nobody overwrites what they have not seen, and every change is told."""

import pytest
from sqlalchemy import select

from dispatch.editing import add_row, change_row
from dispatch.errors import Conflict, InvalidInput
from dispatch.events import list_events_of
from dispatch.models import Absence, Base, Customer, Technician, Versioned
from tests.dispatch.town import MONDAY, MORNING, absent, job, settle, technician, user_of, window

EDITED = {
    "appointment",
    "asset",
    "contact_wish",
    "contract",
    "customer",
    "incident",
    "incident_policy",
    "job",
    "job_type",
    "maintenance_plan",
    "notice_text",
    "part",
    "technician",
    "territory",
}


def test_every_row_that_people_edit_has_a_version():
    """What is missing here is written once, or belongs to a row that has one."""
    versioned = {one.class_.__tablename__ for one in Base.registry.mappers if issubclass(one.class_, Versioned)}
    assert versioned == EDITED
    assert all(one.version_id_col is not None for one in Base.registry.mappers if issubclass(one.class_, Versioned))


def customer(session, name="Customer J1"):
    return session.scalars(select(Customer).where(Customer.name == name)).one()


@pytest.fixture
def town(session_factory):
    """One customer."""
    settle(session_factory, [technician()], [job()])
    return session_factory


@pytest.mark.both_databases
def test_a_change_tells_what_was_and_what_is(town):
    """Only what differs."""
    with town.begin() as session:
        who = user_of(session, "EVE", "dispatcher")
        change_row(session, customer(session), 1, MORNING, who.id, notes="has a dog", name="Customer J1", reason="call")
    with town() as session:
        row = customer(session)
        [event] = list_events_of(session, row)
        assert (row.version, row.notes) == (2, "has a dog")
    assert (event.kind, event.user.role, event.reason) == ("customer changed", "dispatcher", "call")
    assert (event.before, event.after) == ({"notes": ""}, {"notes": "has a dog"})


@pytest.mark.both_databases
def test_a_row_changed_since_it_was_opened_is_not_overwritten(town):
    """The second of two people is told."""
    with town.begin() as session:
        change_row(session, customer(session), 1, MORNING, None, notes="first")
    with pytest.raises(Conflict, match="version 1, now 2"), town.begin() as session:
        change_row(session, customer(session), 1, MORNING, None, notes="second")


@pytest.mark.both_databases
def test_columns_that_are_not_there_are_named_all_at_once(town):
    """Nor can the version be set."""
    with pytest.raises(InvalidInput) as refused, town.begin() as session:
        change_row(session, customer(session), 1, MORNING, None, colour="red", version=9)
    assert refused.value.problems == (
        "A customer has no 'colour' that can be changed.",
        "A customer has no 'version' that can be changed.",
    )


@pytest.mark.both_databases
def test_a_change_that_changes_nothing_leaves_no_trace(town):
    """No version, no event."""
    with town.begin() as session:
        change_row(session, customer(session), 1, MORNING, None, notes="")
    with town() as session:
        assert customer(session).version == 1
        assert list_events_of(session, customer(session)) == []


@pytest.mark.both_databases
def test_a_new_row_is_told_too(town):
    """With its columns."""
    with town.begin() as session:
        add_row(session, Customer(name="Li"), MORNING, None)
    with town() as session:
        [event] = list_events_of(session, customer(session, "Li"))
        assert (event.kind, event.after) == ("customer added", {"name": "Li"})


@pytest.mark.both_databases
def test_the_same_file_imported_again_changes_no_version(town):
    """Nobody who has a job open on a screen is told that it has changed."""
    with town() as session:
        before = [(type(one).__name__, one.id, one.version) for one in session.scalars(select(Technician))]
    settle(town, [technician()], [job()])
    with town() as session:
        assert [(type(one).__name__, one.id, one.version) for one in session.scalars(select(Technician))] == before


@pytest.mark.both_databases
def test_what_belongs_to_a_row_makes_a_new_version_of_it(town):
    """An absence and a time window count as changes of the technician and the job."""
    settle(town, [technician(absences=(absent(MONDAY, MONDAY),))], [job(windows=(window(MORNING, 60),))])
    with town() as session:
        one = session.scalars(select(Technician)).one()
        assert (one.version, [absence.from_on for absence in one.absences]) == (2, [MONDAY])
    settle(town, [technician(absences=(absent(MONDAY, MONDAY),), skills={"gas": 3})])
    with town() as session:
        assert session.scalars(select(Technician.version)).one() == 3
        assert session.scalars(select(Absence.id)).all() == [1], "what has not changed is the same row"
