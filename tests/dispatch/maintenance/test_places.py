"""Recurring work follows the address of its asset or customer, whoever changes it and how."""

from datetime import date

import pytest

from dispatch.customers.records import change_customer
from dispatch.entry.forms import save_form
from dispatch.events import list_events_of
from dispatch.maintenance.plans import PlanRequest, add_plan
from dispatch.models import Asset, Customer, Location, MaintenancePlan
from tests.dispatch.town import MORNING, job, settle, technician, user_of

NEW_PLACE = {"address": "Balmaceda 900", "location": "-29.91, -71.26"}


@pytest.fixture
def town(session_factory):
    """Plan 1 is for the lift at its place, plan 2 for the customer at theirs, plan 3 for them somewhere else."""
    settle(session_factory, [technician()], [job()])
    with session_factory.begin() as session:
        places = [Location(address=f"Prat {n}", lat=-29.9, lon=-71.25) for n in (1, 2, 3)]
        session.add_all(places)
        session.flush()
        session.get_one(Customer, 1).location_id = places[1].id
        session.add(Asset(customer_id=1, location_id=places[0].id, name="Lift"))
        session.flush()
        by = user_of(session, "d", "dispatcher")
        for n, asset_id in enumerate((1, None, None)):
            asked = PlanRequest(
                title=f"Round {n}", customer_id=1, location_id=places[n].id, asset_id=asset_id, every=1, unit="month",
                first_due_on=date(2027, 12, 7), service_s=3600,
            )  # fmt: skip
            add_plan(session, asked, MORNING, by.id)
    return session_factory


def addresses(factory):
    with factory() as session:
        return [row.location.address for row in session.query(MaintenancePlan).order_by(MaintenancePlan.id)]


def save(factory, table, model, cells):
    with factory.begin() as session:
        save_form(session, table, 1, cells, session.get_one(model, 1).version, MORNING, None)


def test_a_plan_for_an_asset_goes_where_the_asset_is_now(town):
    """And says in its history why."""
    save(town, "assets", Asset, NEW_PLACE)
    assert addresses(town) == ["Balmaceda 900", "Prat 2", "Prat 3"]
    with town() as session:
        newest = list_events_of(session, session.get_one(MaintenancePlan, 1))[-1]
    assert (newest.kind, newest.reason) == ("maintenance plan changed", "The address of Lift was changed.")


def test_a_plan_for_a_customer_goes_where_the_customer_is_now(town):
    """What is done for them somewhere else stays there."""
    save(town, "customers", Customer, NEW_PLACE)
    assert addresses(town) == ["Prat 1", "Balmaceda 900", "Prat 3"]


def test_it_follows_also_where_a_program_changes_the_address(town):
    with town.begin() as session:
        place = Location(address="Balmaceda 900", lat=-29.91, lon=-71.26)
        session.add(place)
        session.flush()
        version = session.get_one(Customer, 1).version
        change_customer(session, 1, version, {"location_id": place.id}, MORNING, None)
    assert addresses(town) == ["Prat 1", "Balmaceda 900", "Prat 3"]


def test_another_change_leads_no_plan_anywhere(town):
    save(town, "assets", Asset, {"name": "Lift, north"})
    assert addresses(town) == ["Prat 1", "Prat 2", "Prat 3"]
