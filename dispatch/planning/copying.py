"""Copies of stored rows: what one version of a plan has of another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, SQLColumnExpression, Table, exists, insert, literal, select
from sqlalchemy.orm import Session, aliased

from dispatch.models import Base, PlanRoute, Rest, Stop

Row = TypeVar("Row", bound=Base)

OWN = {"id", "plan_id", "route_id"}
"""What a copied row does not take over."""


def copy_row(row: Row, **changes: object) -> Row:
    """A new row, in no session, with the same columns but for its own ids and what changes."""
    names = {attribute.key for attribute in type(row).__mapper__.column_attrs} - OWN
    return type(row)(**({name: getattr(row, name) for name in names} | changes))


def copy_routes(session: Session, from_id: int, to_id: int, but_of: Collection[int] = ()) -> None:
    """Copy a version's routes, with their breaks and stops, to another as they are in the database at this moment.

    Left alone are the routes of the technicians with the ids `but_of`, and visits that were cancelled whose jobs the
    other version has already: they were open again. Nothing is read, and what the session knows of the other version is
    not told.
    """
    session.flush()
    taken = PlanRoute.plan_id == from_id, PlanRoute.technician_id.not_in(but_of)
    _copy(session, PlanRoute, {"plan_id": literal(to_id)}, select(PlanRoute).where(*taken).order_by(PlanRoute.id))
    new, served = aliased(PlanRoute), aliased(Stop)
    is_open_again = exists().where(Stop.status == "cancelled", served.plan_id == to_id, served.job_id == Stop.job_id)
    for kind, own in ((Rest, {}), (Stop, {"plan_id": literal(to_id)})):
        rows = select(kind).join(PlanRoute, kind.route_id == PlanRoute.id).where(*taken).order_by(kind.id)
        rows = rows.join(new, (new.plan_id == to_id) & (new.technician_id == PlanRoute.technician_id))
        _copy(session, kind, {"route_id": new.id, **own}, rows.where(~is_open_again) if kind is Stop else rows)


def _copy(session: Session, kind: type[Base], own: Mapping[str, SQLColumnExpression[int]], rows: Select[Any]) -> None:
    """Insert these rows once more, with `own` in place of what a copy does not take over."""
    table = kind.__table__
    assert isinstance(table, Table)
    names = [column.name for column in table.columns if column.name not in OWN]
    copied = rows.with_only_columns(*(table.c[name] for name in names), *own.values())
    session.execute(insert(table).from_select([*names, *own], copied))


def copy_route(route: PlanRoute, plan_id: int) -> PlanRoute:
    """A route with its breaks and stops, for the version with that id; stops name their plan by id."""
    copied = copy_row(route)
    copied.rests = [copy_row(rest) for rest in route.rests]
    copied.stops = [copy_row(stop, plan_id=plan_id) for stop in route.stops]
    return copied
