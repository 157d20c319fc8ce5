"""What it costs that somebody is on duty at all, where waiting is paid like work."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule


class DutyCost(Rule):
    """Every second from leaving to coming home costs what the shift's rate says, waiting included."""

    name = "duty cost"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.duty_per_s = np.array([shift.duty_cost_per_s for shift in problem.shifts], dtype=np.int64)

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(
            (route.home_s - route.leave_s) * problem.get_shift(route.shift).duty_cost_per_s for route in plan.routes
        )
