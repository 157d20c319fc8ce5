"""What a van can carry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.plan import Plan, Route, Violation
from optimizer.primitives import Primitives
from optimizer.problem import Problem, Shift, Visit
from optimizer.rules.base import Rule


class Capacity(Rule):
    """The van never carries more than it can hold of anything."""

    name = "capacity"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for kind in range(problem.load_kinds):
            primitives.add_load(
                np.array([_amount(visit.delivery, kind) for visit in problem.visits], dtype=np.int64),
                np.array([_amount(visit.pickup, kind) for visit in problem.visits], dtype=np.int64),
                np.array([_capacity(problem, shift, kind) for shift in problem.shifts], dtype=np.int64),
            )

    def check(self, problem: Problem, plan: Plan) -> Iterator[Violation]:
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            for kind in range(problem.load_kinds):
                peak = _peak(problem, route, kind)
                if peak > _amount(shift.capacity, kind):
                    held = _amount(shift.capacity, kind)
                    sentence = f"carries {peak} of {_name(problem, kind)}, the van holds {held}"
                    excused = peak <= _capacity(problem, shift, kind)
                    yield Violation(self.name, sentence, shift=shift.id, excused=excused)

    def why_not(self, problem: Problem, visit: Visit, shift: Shift) -> str | None:
        for kind in range(problem.load_kinds):
            needed = max(_amount(visit.delivery, kind), _amount(visit.pickup, kind))
            if needed > _amount(shift.capacity, kind):
                held = _amount(shift.capacity, kind)
                return f"has {held or 'none'} of {_name(problem, kind)}, {needed} needed"
        return None


def _name(problem: Problem, kind: int) -> str:
    return problem.load_names[kind] if kind < len(problem.load_names) else f"load {kind}"


def _amount(loads: tuple[int, ...], kind: int) -> int:
    return loads[kind] if kind < len(loads) else 0


def _peak(problem: Problem, route: Route, kind: int) -> int:
    """The most that is on the van at any time of a route."""
    visits = [problem.get_visit(stop.visit) for stop in route.stops]
    seconds = {pair.second for pair in problem.pairs}
    load = peak = sum(_amount(visit.delivery, kind) for visit in visits if visit.id not in seconds)
    for visit in visits:
        load += _amount(visit.pickup, kind) - _amount(visit.delivery, kind)
        peak = max(peak, load)
    return peak


def _capacity(problem: Problem, shift: Shift, kind: int) -> int:
    """What the van holds, or what its pinned visits need if that is more."""
    pinned = problem.pinned_to.get(shift.id, ())
    out = sum(_amount(visit.delivery, kind) for visit in pinned)
    back = sum(_amount(visit.pickup, kind) for visit in pinned)
    return max(_amount(shift.capacity, kind), out + back)
