"""Customers: found, added, changed, with their history and notes."""

from typing import Any

from flask import Response, url_for
from flask_login import current_user

from dispatch.accounts.users import get_user
from dispatch.customers.history import slice_history
from dispatch.customers.locations import add_location
from dispatch.customers.page import CHANNELS, add_note
from dispatch.customers.records import (
    add_customer,
    change_customer,
    get_customer,
    list_customers,
    list_faults,
)
from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.living.emergencies import list_places
from dispatch.models import Location
from dispatch.slices import Cut
from web.access import ADMIN, DISPATCHER
from web.api.answers import (
    MOST_AT_ONCE,
    PageQuery,
    create,
    dump,
    dump_page,
    page_of,
    read_cursor,
    read_long_cursor,
    seen_version,
    write_cursor,
)
from web.api.fields import Body, Choice, Part, Several, Shown, Text, Whole
from web.api.schemas import PlaceSent, PlaceShown
from web.api.subject import Subject
from web.context import now, reading, writing

subject = Subject("customers", "Who asks for work, and everything that was said and done.")
OFFICE = (DISPATCHER, ADMIN)
ONE = "/customers/<int(min=1, max=2147483647):customer_id>"


class CustomersQuery(PageQuery):
    """Which customers."""

    q = Text(200, 1, description="What the name, telephone number or e-mail holds.")


class CustomerSent(Body):
    """A new customer."""

    name = Text(200, 1, required=True)
    phone = Text(100, allow_none=True)
    email = Text(200, allow_none=True)
    location = Part(PlaceSent, description="Where letters go; jobs have places of their own.")
    notes = Text(10_000)


class CustomerChange(Body):
    """What is left out stays as it is."""

    name = Text(200, 1)
    phone = Text(100, allow_none=True)
    email = Text(200, allow_none=True)
    location = Part(PlaceSent, allow_none=True, description="Where letters go; jobs keep their places.")
    notes = Text(10_000)


class CustomerShown(Shown):
    """A customer."""

    id = Whole(1)
    name = Text()
    phone = Text(allow_none=True)
    email = Text(allow_none=True)
    location = Part(PlaceShown, allow_none=True)
    notes = Text()
    version = Whole(1)


class CustomerPlaceShown(Shown):
    """A place by its id, as emergencies and recurring work name it."""

    id = Whole(1)
    address = Text()


class PlacesShown(Shown):
    """Where the customer is known."""

    places = Several(Part(CustomerPlaceShown))


class NoteSent(Body):
    """What was said, and how."""

    text = Text(4_000, 1, required=True)
    channel = Choice(CHANNELS, load_default="note")


class LineShown(Shown):
    """One thing that happened or was said, on the head office's wall clock."""

    at = Text()
    what = Text()
    about = Text()
    who = Text()
    words = Text()
    message = Text(description="The whole of what the customer was told, but for the link; empty for all else.")
    incident_id = Whole(1, allow_none=True, description="Of the event of a day that befell a visit, as in /incidents.")


class HistoryShown(Shown):
    """A page of everything, the newest first."""

    history = Several(Part(LineShown), most=MOST_AT_ONCE)
    next = Text(400, allow_none=True, description="The cursor of the next page; null on the last.")


@subject.operation("GET", "/customers", page_of(CustomerShown), who=OFFICE, query=CustomersQuery, within=True)
def list_of_customers(query: dict[str, Any]) -> Response:
    """List customers, the oldest first."""
    limit = query["limit"]
    with reading() as session:
        found = list_customers(session, after_id=read_cursor(query), limit=limit + 1, words=query.get("q"))
        return dump_page(CustomerShown, found, limit, lambda one: int(one.id))


@subject.operation(
    "POST",
    "/customers",
    CustomerShown,
    who=OFFICE,
    status=201,
    body=CustomerSent,
    versioned=True,
    creates=True,
    within=True,
)
def new_customer(body: dict[str, Any]) -> Response:
    """Add a customer."""
    place = body.pop("location", None)

    def work(session: Session) -> Response:
        where = {"location": _add_place(session, place, list_faults(body))} if place else {}
        customer = add_customer(session, body | where, now(), current_user.id)
        response = dump(CustomerShown, customer, customer.version, status=201)
        response.headers["Location"] = url_for("api_customers.one_customer", customer_id=customer.id)
        return response

    return create(work)


@subject.operation("GET", ONE, CustomerShown, who=OFFICE, versioned=True, within=True)
def one_customer(customer_id: int) -> Response:
    """Look at a customer."""
    with reading() as session:
        customer = get_customer(session, customer_id)
        return dump(CustomerShown, customer, customer.version)


@subject.operation("PATCH", ONE, CustomerShown, who=OFFICE, body=CustomerChange, versioned=True, within=True)
def edit_customer(body: dict[str, Any], customer_id: int) -> Response:
    """Change a customer."""
    version = seen_version()
    with writing() as session:
        if "location" in body:
            place, wrong = body.pop("location"), list_faults(body, get_customer(session, customer_id))
            body["location_id"] = _add_place(session, place, wrong).id if place else None
        customer = change_customer(session, customer_id, version, body, now(), current_user.id)
        return dump(CustomerShown, customer, customer.version)


@subject.operation("GET", ONE + "/history", HistoryShown, who=OFFICE, query=PageQuery, within=True)
def history_of_customer(query: dict[str, Any], customer_id: int) -> Response:
    """Everything that was done and said, the newest first; later pages are of what was there at the first."""
    skip, upto = read_long_cursor(query, 3)
    cut = Cut(skip=skip, upto=upto)
    with reading() as session:
        found = slice_history(session, customer_id, cut, query["limit"])
    after = write_cursor(found.on.skip, *found.on.upto) if found.on else None
    return dump(HistoryShown, {"history": found.rows, "next": after})


@subject.operation("GET", ONE + "/places", PlacesShown, who=OFFICE, within=True)
def places_of_customer(customer_id: int) -> Response:
    """Where the customer is known: their own address, and those of their jobs."""
    with reading() as session:
        return dump(PlacesShown, {"places": list_places(session, customer_id)})


@subject.operation("POST", ONE + "/notes", NoteSent, who=OFFICE, status=201, body=NoteSent, creates=True, within=True)
def note_at_customer(body: dict[str, Any], customer_id: int) -> Response:
    """Write down what was said."""
    if not body["text"].strip():
        raise InvalidInput(["text: it is empty; write down what was said."])

    def work(session: Session) -> Response:
        user = get_user(session, current_user.id)
        add_note(session, customer_id, body["text"].strip(), body["channel"], user, now())
        return dump(NoteSent, body, status=201)

    return create(work)


def _add_place(session: Session, place: dict[str, Any], wrong: list[str]) -> Location:
    """Where letters go. Raises InvalidInput: what is wrong with the place, together with what else is."""
    try:
        return add_location(session, **place)
    except InvalidInput as error:
        raise InvalidInput([*wrong, *error.problems]) from error
