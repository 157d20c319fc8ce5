"""Customers one by one, as programs keep them: list, look at, add, change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from dispatch.editing import add_row, change_row
from dispatch.errors import NotFound
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
    """Add a customer with these columns."""
    customer = Customer(**values)
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
    """Give columns new values. Raises NotFound, Stale."""
    customer = get_customer(session, customer_id)
    change_row(session, customer, seen_version, now, by_user_id, **values)
    session.flush()
    session.refresh(customer)
    return customer
