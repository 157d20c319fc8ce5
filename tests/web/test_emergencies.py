"""The form of an emergency call: what is wrong with it, and what it offers."""

import re

import pytest
from sqlalchemy import select

from dispatch import installation
from dispatch.models import Customer, Location, Technician
from tests.web.conftest import TODAY
from tests.web.test_events import call_of, event_id


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


def focused(page):
    return re.findall(r'id="f-(\w+)" autofocus', page)


def test_the_form_of_an_emergency_call_begins_where_people_begin_to_type(dispatcher):
    form = f"/console/events/new?kind=emergency&on={TODAY}&customer="
    assert focused(dispatcher.get(f"{form}new").text) == ["name"]
    assert focused(dispatcher.get(f"{form}1").text) == ["title"]


def test_an_emergency_call_says_all_that_is_wrong_at_its_fields_and_keeps_what_was_typed(app, dispatcher, database):
    """An address in several places is offered in its field, as in every other form; nothing is stored."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        installation.store_setting(session, installation.TRAVEL_SOURCE, "sample")
    typed = {
        "kind": "emergency", "on": str(TODAY), "customer": "new", "name": "Frida Soto", "minutes": "30",
        "address": "Los Aromos 12", "email": "a b", "title": " ", "point": "over there", "words": "Knock twice",
    }  # fmt: skip
    refused = dispatcher.post("/console/events", **typed)
    assert refused.status_code == 400
    assert 'list="f-address-offers" value="Los Aromos 12"' in refused.text
    assert '<option value="Los Aromos 12, near ' in refused.text
    for name in ("email", "address", "title", "point"):
        assert re.search(
            rf'id="f-{name}"( autofocus)? aria-invalid="true" aria-describedby="f-{name}-words"', refused.text
        ), name
        assert f'<a href="#f-{name}">' in refused.text
    assert focused(refused.text) == ["email"], "the first that is wrong"
    assert re.findall(r'<li><a href="#f-(\w+)">', refused.text) == ["email", "address", "point", "title"]
    assert ('value="over there"' in refused.text, 'value="Knock twice"' in refused.text) == (True, True)
    assert database.scalars(select(Customer).where(Customer.name == "Frida Soto")).first() is None
    offered = re.search(r'<option value="(Los Aromos 12, near [^"]+)">', refused.text)
    assert offered
    right = {**typed, "email": "frida@example.org", "title": "Gas smells", "point": "", "address": offered[1]}
    assert event_id(dispatcher.post("/console/events", **right))


@pytest.mark.parametrize(("home_of_t2", "marked"), [(None, []), ((-29.95, -71.25), [True])])
def test_who_comes_soonest_is_marked_among_the_ways(app, dispatcher, database, home_of_t2, marked):
    """Nobody where all come at the same time."""
    if home_of_t2:
        with app.extensions["wrenchtime"].session_factory.begin() as session:
            there = Location(address="Home 2", lat=home_of_t2[0], lon=home_of_t2[1])
            session.scalars(select(Technician).where(Technician.code == "T2")).one().home = there
    page = dispatcher.get(f"/console/events/{call_of(dispatcher, database)}").get_data(as_text=True)
    ways = re.findall(r'<td data-label="Arrives">(\d\d:\d\d)(<br><small><b>soonest</b></small>)?', page)
    assert len(ways) == 2
    assert [at == min(ways)[0] for at, is_marked in ways if is_marked] == marked
