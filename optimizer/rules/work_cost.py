"""What work itself costs, where people differ in rate or pace."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule, assigned


class WorkCost(Rule):
    """Every second of service costs what the shift's rate says, at the technician's pace."""

    name = "work cost"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        rates = np.array([shift.work_cost_per_s for shift in problem.shifts], dtype=np.int64)
        if rates.any():
            primitives.assignment_cost += primitives.service_s * rates

    def cost(self, problem: Problem, plan: Plan) -> int:
        return sum(
            shift.work_cost_per_s * problem.service_s(visit, shift) for visit, shift, _ in assigned(problem, plan)
        )
