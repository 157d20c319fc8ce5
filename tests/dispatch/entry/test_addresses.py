"""Addresses whose street is in several places: refused with those to choose from, and each of these is found."""

import pytest

from dispatch import installation
from dispatch.customers.locations import find_place
from dispatch.entry.forms import WrongFields, save_form
from dispatch.errors import InvalidInput
from dispatch.models import Customer
from tests.dispatch.town import MORNING


@pytest.fixture
def city(session_factory):
    """An installation that knows the streets of the sample city."""
    with session_factory.begin() as session:
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
    return session_factory


def save(city, address):
    with city.begin() as session:
        return save_form(session, "customers", None, {"name": "Li", "address": address}, 0, MORNING, None).id


def test_a_form_offers_the_places_and_stores_the_chosen_one(city):
    """With the words that say which is meant, for whoever drives there."""
    with pytest.raises(WrongFields) as wrong:
        save(city, "Los Aromos 12")
    (fault,) = wrong.value.fields["address"]
    assert "Choose or write which is meant: 'Los Aromos 12, near " in fault
    chosen = fault.choices[1]
    row_id = save(city, chosen)
    with city() as session:
        location = session.get(Customer, row_id).location
        assert (location.address, location.point) == (chosen, find_place(session, chosen, None, None)[1])


def test_what_has_its_point_or_is_unknown_is_refused_or_taken_as_before(city):
    """A program reads the same choices."""
    with city() as session:
        assert find_place(session, "Los Aromos 12", -29.9, -71.25)[1] == (-29.9, -71.25)
        with pytest.raises(InvalidInput, match="'Los Aromos 12' may be in 6 places; choose or write which"):
            find_place(session, "Los Aromos 12", None, None)
        with pytest.raises(InvalidInput, match="is not found"):
            find_place(session, "Nowhere Lane 3", None, None)
