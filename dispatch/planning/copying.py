"""Copies of stored rows: what one version of a plan has of another."""

from __future__ import annotations

from typing import TypeVar

from dispatch.models import Base, PlanRoute

Row = TypeVar("Row", bound=Base)

OWN = {"id", "plan_id", "route_id"}
"""What a copied row does not take over."""


def copy_row(row: Row, **changes: object) -> Row:
    """A new row, in no session, with the same columns but for its own ids and what changes."""
    names = {attribute.key for attribute in type(row).__mapper__.column_attrs} - OWN
    return type(row)(**({name: getattr(row, name) for name in names} | changes))


def copy_route(route: PlanRoute, plan_id: int) -> PlanRoute:
    """A route with its breaks and stops, for the version with that id; stops name their plan by id."""
    copied = copy_row(route)
    copied.rests = [copy_row(rest) for rest in route.rests]
    copied.stops = [copy_row(stop, plan_id=plan_id) for stop in route.stops]
    return copied
