"""Customers one by one: what is wrong with one is refused, all of it at once; what was stored before stays."""

import pytest

from dispatch.customers.records import add_customer, change_customer
from dispatch.errors import InvalidInput
from dispatch.models import Customer
from tests.dispatch.town import MORNING


def add(session_factory, **values):
    with session_factory.begin() as session:
        return add_customer(session, {"name": "Mrs Li", **values}, MORNING, None).email


def change(session_factory, version, **values):
    with session_factory.begin() as session:
        return change_customer(session, 1, version, values, MORNING, None).email


@pytest.mark.parametrize("email", ["a@[", "a b"])
def test_an_address_that_nothing_can_be_sent_to_is_refused_with_the_name_that_is_empty(session_factory, email):
    """When somebody is added and when they are changed."""
    with pytest.raises(InvalidInput) as refused:
        add(session_factory, name=" ", email=email)
    name, address = refused.value.problems
    assert name.startswith("name: it is empty")
    assert address.startswith(f"email: {email!r} is no e-mail address: ")
    assert address.endswith("; write one such as name@example.org.")
    add(session_factory)
    with pytest.raises(InvalidInput, match="is no e-mail address"):
        change(session_factory, 1, email=email)


def test_an_address_is_stored_without_the_spaces_around_it(session_factory):
    """Nothing but spaces is no address."""
    assert add(session_factory, email=" li@example.org ") == "li@example.org"
    assert change(session_factory, 1, email=" ") is None


def test_an_address_from_before_they_were_checked_keeps_nobody_from_changing_something_else(session_factory):
    """It is looked at when it is another one."""
    with session_factory.begin() as session:
        session.add(Customer(name="Mrs Li", email="a@["))
    assert change(session_factory, 1, phone="+56 1", email="a@[") == "a@["
    with pytest.raises(InvalidInput, match="is no e-mail address"):
        change(session_factory, 2, email="b@[")
