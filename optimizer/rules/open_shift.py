"""The fixed cost of sending somebody out."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule


class OpenShift(Rule):
    """Using a shift at all costs its fixed cost and what the policy adds."""

    name = "open shift"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        costs = [shift.fixed_cost + problem.policy.open_shift for shift in problem.shifts]
        primitives.open_cost = np.array(costs, dtype=np.int64)

    def cost(self, problem: Problem, plan: Plan) -> int:
        used = [problem.get_shift(route.shift) for route in plan.routes if route.stops]
        return sum(shift.fixed_cost + problem.policy.open_shift for shift in used)
