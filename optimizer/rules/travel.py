"""Travel: what most of a plan's cost is made of."""

from __future__ import annotations

import numpy as np

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule, drives_of


class TravelCost(Rule):
    """Every second and metre of travel costs what the shift's rates say, and every leg its toll."""

    name = "travel"
    of_shifts = True

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        weight = problem.policy.travel
        primitives.travel_cost_per_s = np.array([weight * one.travel_cost_per_s for one in problem.shifts], np.int64)
        primitives.travel_cost_per_m = np.array([weight * one.travel_cost_per_m for one in problem.shifts], np.int64)
        primitives.toll_factor = weight

    def cost(self, problem: Problem, plan: Plan) -> int:
        total = 0
        for route in plan.routes:
            shift = problem.get_shift(route.shift)
            for leg, travel_s in drives_of(problem, route, shift):
                total += shift.travel_cost_per_s * travel_s
                total += shift.travel_cost_per_m * problem.travel.leg_m(shift.profile, *leg)
                total += problem.travel.leg_toll(shift.profile, *leg)
        return total * problem.policy.travel
