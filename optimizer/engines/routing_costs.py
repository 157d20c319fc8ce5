"""Costs in the routing model: travel, opening a shift, and who serves whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from optimizer.engines.routing import RoutingEngine


def add_costs(engine: RoutingEngine) -> None:
    """Adds the price of every leg, of every shift used and of every assignment."""
    primitives, model = engine.primitives, engine.model
    known: dict[tuple[str, int, int], int] = {}
    for shift, profile in enumerate(primitives.profile):
        key = (profile, int(primitives.travel_cost_per_s[shift]), int(primitives.travel_cost_per_m[shift]))
        if key not in known:
            price = key[1] * primitives.seconds[profile] + key[2] * primitives.metres[profile]
            if profile in primitives.tolls:
                price = price + primitives.toll_factor * primitives.tolls[profile]
            legs = engine.nodes.between(np.maximum(price, 0))
            known[key] = engine.register_matrix(engine.nodes.without_empty_routes(legs))
        model.SetArcCostEvaluatorOfVehicle(known[key], shift)
        model.SetFixedCostOfVehicle(int(primitives.open_cost[shift]), shift)
    if primitives.assignment_cost.any():
        _add_assignment_costs(engine)


def _add_assignment_costs(engine: RoutingEngine) -> None:
    """A dimension that grows by what each assignment costs; its length over a route is the route's price."""
    primitives, model = engine.primitives, engine.model
    known: dict[bytes, int] = {}
    callbacks = []
    for shift in range(primitives.shifts):
        prices = engine.nodes.spread(primitives.assignment_cost[:, shift])
        if prices.tobytes() not in known:
            known[prices.tobytes()] = model.RegisterUnaryTransitVector(prices.tolist())
        callbacks.append(known[prices.tobytes()])
    most = int(primitives.assignment_cost.max(axis=1, initial=0).sum())
    model.AddDimensionWithVehicleTransits(callbacks, 0, most, True, "assignment")
    model.GetDimensionOrDie("assignment").SetSpanCostCoefficientForAllVehicles(1)
