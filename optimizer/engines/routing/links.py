"""Visits that depend on each other in the routing model, and the largest lateness of all."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimizer.engines.routing.skeleton import Skeleton
from optimizer.engines.routing.time import Clock
from optimizer.primitives import ANY, KEEP, SAME
from optimizer.timing import FAR


def add_links(engine: Skeleton, clock: Clock, *, both_or_none: bool) -> None:
    """Both or none, unless one must stay; the starts as far apart as asked; by the same or different people."""
    primitives, model = engine.primitives, engine.model
    solver, people = model.solver(), [-1, *primitives.person.tolist()]
    for first, second, least_s, most_s, kind in primitives.links:
        here, there = engine.index(first), engine.index(second)
        active, also_active = model.ActiveVar(here), model.ActiveVar(there)
        if both_or_none and KEEP not in (primitives.drop_cost[first], primitives.drop_cost[second]):
            solver.Add(active == also_active)
        either_out = 2 - active - also_active
        start, also_start = clock.start_of(first), clock.start_of(second)
        _keep_apart(solver, start, also_start, least_s, clock.horizon_s, either_out)
        if most_s < FAR:
            _keep_apart(solver, also_start, start, -most_s, clock.horizon_s, either_out)
        if kind != ANY:
            person, other = (solver.Element(people, (model.VehicleVar(one) + 1).Var()) for one in (here, there))
            same = solver.IsEqualVar(person, other)
            solver.Add(same + either_out >= 1 if kind == SAME else same <= either_out)


def _keep_apart(solver: Any, first: Any, second: Any, least_s: int, horizon_s: int, either_out: Any) -> None:
    """`second` is at least `least_s` after `first`, unless either is left out."""
    solver.Add(second - first + either_out * (horizon_s + max(0, least_s)) >= least_s)


def add_worst_lateness(engine: Skeleton, clock: Clock) -> None:
    """Charges for the largest lateness: a dimension that has grown to every lateness by the end of its route."""
    primitives, model = engine.primitives, engine.model
    due = np.flatnonzero(primitives.due_s < FAR).tolist()
    if not primitives.worst_late_per_s or not due:
        return
    earliest_due_s = int(primitives.due_s[due].min()) - clock.origin_s
    most_s = max(0, clock.horizon_s - earliest_due_s)
    model.AddConstantDimensionWithSlack(0, most_s, most_s, True, "lateness so far")
    lateness = model.GetDimensionOrDie("lateness so far")
    for visit in due:
        due_s = int(primitives.due_s[visit]) - clock.origin_s
        model.solver().Add(lateness.CumulVar(engine.index(visit)) >= clock.start_of(visit) - due_s)
    lateness.SetGlobalSpanCostCoefficient(primitives.worst_late_per_s)
