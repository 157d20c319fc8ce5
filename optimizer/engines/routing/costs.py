"""Costs in the routing model: travel, opening a shift, and who serves whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.routing.skeleton import Skeleton
from optimizer.timing import FAR


def add_costs(engine: Skeleton) -> None:
    """Adds the price of every leg, of every shift used and of every assignment."""
    primitives, model = engine.primitives, engine.model
    least = primitives.assignment_cost.min(axis=1, initial=FAR) if primitives.shifts else primitives.drop_cost * 0
    known: dict[tuple[str, int, int], int] = {}
    for shift, profile in enumerate(primitives.profile):
        key = (profile, int(primitives.travel_cost_per_s[shift]), int(primitives.travel_cost_per_m[shift]))
        if key not in known:
            price = key[1] * primitives.seconds[profile] + key[2] * primitives.metres[profile]
            if profile in primitives.tolls:
                price = price + primitives.toll_factor * primitives.tolls[profile]
            legs = engine.nodes.between(np.maximum(price, 0)) + engine.nodes.spread(least)[:, None]
            known[key] = engine.register_matrix(engine.nodes.without_empty_routes(legs))
        model.SetArcCostEvaluatorOfVehicle(known[key], shift)
        model.SetFixedCostOfVehicle(int(primitives.open_cost[shift]), shift)
    above_least = primitives.assignment_cost - least[:, None]
    if above_least.any():
        _add_assignment_costs(engine, above_least)


def _add_assignment_costs(engine: Skeleton, above_least: NDArray[np.int64]) -> None:
    """A dimension that grows by what each assignment costs; its length over a route is the route's price.

    What a visit costs with any shift is on the legs that leave it: OR-Tools does not let a visit be left out if such
    a dimension grows at it whoever comes.
    """
    primitives, model = engine.primitives, engine.model
    known: dict[bytes, int] = {}
    callbacks = []
    for shift in range(primitives.shifts):
        prices = engine.nodes.spread(above_least[:, shift])
        if prices.tobytes() not in known:
            known[prices.tobytes()] = model.RegisterUnaryTransitVector(prices.tolist())
        callbacks.append(known[prices.tobytes()])
    most = int(above_least.max(axis=1, initial=0).sum())
    model.AddDimensionWithVehicleTransits(callbacks, 0, most, True, "assignment")
    model.GetDimensionOrDie("assignment").SetSpanCostCoefficientForAllVehicles(1)
