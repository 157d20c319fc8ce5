"""Customers one by one, as programs keep them: list, look at, add, change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from data.emails import MEND, find_fault
from dispatch.editing import add_row, change_row
from dispatch.errors import InvalidInput, NotFound
from dispatch.maintenance.places import follow_address
from dispatch.models import Customer


def list_customers(session: Session, *, after_id: int = 0, limit: int = 50, words: str | None = None) -> list[Customer]:
    """By id, those after `after_id` whose name, telephone number or e-mail holds the words."""
    query = select(Customer).where(Customer.id > after_id).order_by(Customer.id).limit(limit)
    if words:
        fields = (Customer.name, Customer.phone, Customer.email)
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in fields)))
    return list(session.scalars(query.options(joinedload(Customer.location))))


def get_customer(session: Session, customer_id: int) -> Customer:
    """Raises NotFound."""
    customer = session.get(Customer, customer_id, options=[joinedload(Customer.location)])
    if customer is None:
        raise NotFound(f"There is no customer with id {customer_id}.")
    return customer


def add_customer(session: Session, values: Mapping[str, Any], now: datetime, by_user_id: int | None) -> Customer:
    """Add a customer with these columns. Raises InvalidInput with all that is wrong."""
    customer = Customer(**_check(values, None))
    add_row(session, customer, now, by_user_id)
    session.flush()
    return customer


def change_customer(
    session: Session,
    customer_id: int,
    seen_version: int,
    values: Mapping[str, Any],
    now: datetime,
    by_user_id: int | None,
) -> Customer:
    """Give columns new values. Raises NotFound, Stale, InvalidInput with all that is wrong."""
    customer = get_customer(session, customer_id)
    old_location_id = customer.location_id
    change_row(session, customer, seen_version, now, by_user_id, **_check(values, customer))
    session.flush()
    session.refresh(customer)
    follow_address(session, customer, old_location_id, now, by_user_id)
    return customer


def list_faults(values: Mapping[str, Any], known: Customer | None = None) -> list[str]:
    """What is wrong with these columns; what is `known` of the customer already, and stays, is not looked at again."""
    wrong = []
    if "name" in values and not values["name"].strip():
        wrong.append("name: it is empty; write what they are called.")
    email = (values.get("email") or "").strip()
    fault = find_fault(email) if email and not _stays(values, known) else None
    if fault is not None:
        wrong.append(f"email: {fault}; {MEND}.")
    return wrong


def _check(values: Mapping[str, Any], known: Customer | None) -> Mapping[str, Any]:
    """The columns as they are stored: an e-mail address without spaces around it, None in place of an empty one."""
    wrong = list_faults(values, known)
    if wrong:
        raise InvalidInput(wrong)
    if "email" not in values or _stays(values, known):
        return values
    return {**values, "email": (values["email"] or "").strip() or None}


def _stays(values: Mapping[str, Any], known: Customer | None) -> bool:
    return known is not None and values.get("email") == known.email
