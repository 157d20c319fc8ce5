"""Lateness against what was promised."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule, assigned


class Lateness(Rule):
    """Every second that work starts after it is due costs."""

    name = "lateness"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        for index, visit in enumerate(problem.visits):
            if visit.due_s is not None and problem.policy.lateness_per_s:
                primitives.time_cost[index] += ((visit.due_s, problem.policy.lateness_per_s),)

    def cost(self, problem: Problem, plan: Plan) -> int:
        late_s = sum(
            max(0, stop.start_s - visit.due_s) for visit, _, stop in assigned(problem, plan) if visit.due_s is not None
        )
        return late_s * problem.policy.lateness_per_s
