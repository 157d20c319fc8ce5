"""What Solomon's and VRPLIB's files have in common: one depot, vans, customers with demands and windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from optimizer.formats.published import Instance, ToWhole, distances, must_serve
from optimizer.problem import Problem, Shift, Visit, Window
from optimizer.travel import Travel


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, or the depot; times in whole `1/per_unit` of the file's."""

    id: int
    x: Decimal
    y: Decimal
    demand: int
    opens: int
    closes: int
    service: int


@dataclass(frozen=True, slots=True)
class Van:
    """A van; `allowed` are the customers that it may serve, None for all; `max_duty` is its longest route in time."""

    id: int
    capacity: int
    allowed: frozenset[int] | None = None
    max_duty: int | None = None


def fleet_instance(
    depot: Customer,
    customers: Sequence[Customer],
    vans: Sequence[Van],
    per_unit: int,
    to_whole: ToWhole,
) -> Instance:
    """The instance in which the distance counts, and everybody must be served. `to_whole` as in `distances`."""
    legs = distances([(row.x, row.y) for row in (depot, *customers)], per_unit, to_whole)
    shared = all(van.allowed is None for van in vans)
    visits = tuple(
        Visit(
            id=str(row.id),
            location=location,
            service_s=row.service,
            windows=(Window(row.opens, row.closes),),
            delivery=(row.demand,),
            required=frozenset() if shared else frozenset(str(van.id) for van in vans if row.id in (van.allowed or ())),
        )
        for location, row in enumerate(customers, 1)
    )
    shifts = tuple(
        Shift(
            id=str(van.id),
            technician=str(van.id),
            start_location=0,
            end_location=0,
            start_s=depot.opens,
            end_s=depot.closes,
            capacity=(van.capacity,),
            max_duty_s=van.max_duty,
        )
        for van in vans
    )
    policy = must_serve("distance", worst_cost=2 * len(visits) * int(legs.max()))
    problem = Problem(visits, shifts, Travel({"car": legs}, {"car": legs}), policy, load_names=("the demand",))
    return Instance(problem, per_unit)
