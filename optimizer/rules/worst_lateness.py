"""Lateness of whoever waits longest, so that no single customer bears it all."""

from __future__ import annotations

from optimizer.plan import Plan
from optimizer.primitives import Primitives
from optimizer.problem import Problem
from optimizer.rules.base import Rule, assigned


class WorstLateness(Rule):
    """Every second of the largest lateness of any visit planned costs, once."""

    name = "worst lateness"

    def lower(self, problem: Problem, primitives: Primitives) -> None:
        primitives.worst_late_per_s = problem.policy.worst_lateness_per_s
        for index, visit in enumerate(problem.visits):
            if visit.due_s is not None:
                primitives.due_s[index] = visit.due_s

    def cost(self, problem: Problem, plan: Plan) -> int:
        late_s = [stop.start_s - visit.due_s for visit, _, stop in assigned(problem, plan) if visit.due_s is not None]
        return max([0, *late_s]) * problem.policy.worst_lateness_per_s
