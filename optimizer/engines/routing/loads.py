"""Loads and calls at a depot in the routing model.

A call is a node of its shift that need not be planned. A dimension says of every stop whether its shift has called
before, and what is delivered counts as a load only if it has not. The model's own search moves one node at a time, so
it misses calls that pay only together with the visits that they allow; one that is not needed it may make, and is told
nothing of it: whoever puts times to its plans leaves that out again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.routing.skeleton import Skeleton

Ints = NDArray[np.int64]


def add_calls(engine: Skeleton) -> Any:
    """Adds the calls, and visits that need one first; returns the dimension of who has called, None without depots."""
    primitives, model = engine.primitives, engine.model
    calls = engine.nodes.of_call
    if not calls:
        return None
    by_node = np.zeros(engine.nodes.count, dtype=np.int64)
    by_node[list(calls.values())] = 1
    model.AddDimension(model.RegisterUnaryTransitVector(by_node.tolist()), 0, 1, True, "called")
    called = model.GetDimensionOrDie("called")
    for shift in calls:
        index = engine.call_index(shift)
        model.AddDisjunction([index], 0)
        model.VehicleVar(index).SetValues([-1, shift])
    for visit in np.flatnonzero(primitives.call_first.any(axis=1)).tolist():
        index = engine.index(visit)
        needs = [0, *primitives.call_first[visit].astype(int).tolist()]
        needed = model.solver().Element(needs, (model.VehicleVar(index) + 1).Var())
        model.solver().Add(called.CumulVar(index) >= needed)
    return called


def add_loads(engine: Skeleton, called: Any) -> None:
    """One dimension for what has been left behind; where things are also picked up, one for what is on the van."""
    primitives, model = engine.primitives, engine.model
    seconds = {second for _, second in primitives.pairs}
    is_second = np.array([visit in seconds for visit in range(primitives.visits)], dtype=np.bool_)
    for kind, refilled in enumerate(primitives.refilled):
        delivered = np.where(is_second, 0, primitives.delivery[:, kind])
        capacity = [int(amount) for amount in primitives.capacity[:, kind]]
        has_called = called if refilled else None
        out = _add_load(engine, delivered, capacity, f"delivered {kind}", True, -delivered, has_called)
        if not primitives.pickup[:, kind].any():
            continue
        change = primitives.pickup[:, kind] - primitives.delivery[:, kind]
        load = _add_load(engine, change, capacity, f"on the van {kind}", False, delivered, has_called)
        for shift in range(primitives.shifts):
            # what is delivered on the way, and nothing else, is on the van when it leaves
            model.solver().Add(load.CumulVar(model.Start(shift)) == out.CumulVar(model.End(shift)))


def _add_load(
    engine: Skeleton, amounts: Ints, capacity: list[int], name: str, from_zero: bool, after_call: Ints, called: Any
) -> Any:
    """A dimension that grows by `amounts`, and at visits after the call by `after_call` more.

    Slack is what OR-Tools lets vary at a node; as it cannot be negative, it begins at the lower of the two.
    """
    model, nodes = engine.model, engine.nodes
    if called is None:
        after_call = np.zeros_like(amounts)
    least = amounts + np.minimum(after_call, 0)
    callback = model.RegisterUnaryTransitVector(nodes.spread(least).tolist())
    model.AddDimensionWithVehicleCapacity(callback, int(np.abs(after_call).max(initial=0)), capacity, from_zero, name)
    dimension = model.GetDimensionOrDie(name)
    if not after_call.any():
        return dimension
    for visit, change in enumerate(after_call.tolist()):
        index = engine.index(visit)
        has_called = called.CumulVar(index)
        growth = has_called * change if change >= 0 else (1 - has_called) * -change
        model.solver().Add(dimension.SlackVar(index) == growth)
    for index in [model.Start(shift) for shift in range(engine.primitives.shifts)]:
        dimension.SlackVar(index).SetValue(0)
    for shift in nodes.of_call:
        dimension.SlackVar(engine.call_index(shift)).SetValue(0)
    return dimension
