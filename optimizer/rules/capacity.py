"""What a van can carry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.plan import Plan, Route, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule


class Capacity(Rule):
    """The van never carries more than it can hold of anything; what is delivered after a call at the depot is no load.

    A call refills the van, so from then on deliveries never run out. What has been picked up stays aboard to the end.
    """

    name = "capacity"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for kind in range(problem.load_kinds):
            primitives.add_load(
                np.array([_amount(visit.delivery, kind) for visit in problem.visits], dtype=np.int64),
                np.array([_amount(visit.pickup, kind) for visit in problem.visits], dtype=np.int64),
                np.array([_capacity(problem, shift, kind) for shift in problem.shifts], dtype=np.int64),
                refilled=True,
            )

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            for kind in range(problem.load_kinds):
                peak = _peak(problem, route, kind)
                if peak > _amount(shift.capacity, kind):
                    held = _amount(shift.capacity, kind)
                    sentence = f"carries {peak} of {name_of_load(problem, kind)}, the van holds {held}"
                    excused = peak <= _capacity(problem, shift, kind)
                    yield Violation(self.name, sentence, shift=shift.id, excused=excused)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        for kind in range(problem.load_kinds):
            delivery = _amount(visit.delivery, kind) if shift.depot is None else 0
            needed = max(delivery, _amount(visit.pickup, kind))
            if needed > _amount(shift.capacity, kind):
                held = _amount(shift.capacity, kind)
                return f"has {held or 'none'} of {name_of_load(problem, kind)}, {needed} needed"
        return None


def name_of_load(problem: Problem, kind: int) -> str:
    """What a load is called in sentences."""
    return problem.load_names[kind] if kind < len(problem.load_names) else f"load {kind}"


def _amount(loads: tuple[int, ...], kind: int) -> int:
    return loads[kind] if kind < len(loads) else 0


def _peak(problem: Problem, route: Route, kind: int) -> int:
    """The most that is on the van at any time of a route."""
    visits = [problem.get_visit(stop.visit) for stop in route.stops]
    seconds = {pair.second for pair in problem.pairs}
    calls_after = len(visits) if route.call is None else route.call.after
    from_home = {visit.id for visit in visits[:calls_after]} - seconds
    load = peak = sum(_amount(visit.delivery, kind) for visit in visits if visit.id in from_home)
    for visit in visits:
        load += _amount(visit.pickup, kind)
        if visit.id in from_home or visit.id in seconds:
            load -= _amount(visit.delivery, kind)
        peak = max(peak, load)
    return peak


def _capacity(problem: Problem, shift: Shift, kind: int) -> int:
    """What the van holds, or what its pinned visits need if that is more."""
    pinned = problem.pinned_to.get(shift.id, ())
    out = sum(_amount(visit.delivery, kind) for visit in pinned)
    back = sum(_amount(visit.pickup, kind) for visit in pinned)
    return max(_amount(shift.capacity, kind), out + back)
